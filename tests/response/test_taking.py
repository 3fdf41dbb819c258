"""Taking a report in: what is written, what joins, what is asked."""

from datetime import timedelta

import pytest

from qianjun.incident.actions import close_incident
from qianjun.incident.models import Figure, Incident, Report
from qianjun.journal.models import Body, Deadline, Entry
from qianjun.kernel import clock
from qianjun.kernel.coordinates import from_wgs84
from qianjun.org.actor import Actor
from qianjun.response.queries import look_at
from tests import cast
from tests.incident.fires import (
    CRASH,
    FAR,
    FIRE,
    LAT,
    LON,
    incident_of,
    nearby,
    report_of,
    taken,
)
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db


def entries(*names: str) -> list[str]:
    """The entries of these names, in order."""
    found = Entry.objects.filter(name__in=names) if names else Entry.objects.all()
    return list(found.order_by("pk").values_list("name", flat=True))


# --- one report -------------------------------------------------------------------------------


def test_a_report_opens_an_incident_with_its_number_deadline_and_entries(officer: Actor) -> None:
    answer = taken(officer, source="119").as_json()
    assert answer["number"] == "J-20260601-0001"
    assert answer["incident"]["number"] == "450202-20260601-0001"
    assert answer["joined"] == "new"
    assert answer["join_probability"] is None
    assert [one["kind"] for one in answer["deadlines"]] == ["written_report"]
    due = Deadline.objects.get()
    assert due.due_at - due.started_at == timedelta(hours=2)
    assert entries() == ["incident.report_taken", "incident.opened"]


def test_numbers_have_no_gap_and_begin_anew_each_day_in_beijing(
    officer: Actor, held_clock: clock.Held
) -> None:
    for _ in range(2):
        taken(officer, join="new")
    with refused("invalid", status=422):
        taken(officer, text="", channel="x")
    assert incident_of(taken(officer, join="new")).number == "450202-20260601-0003"
    held_clock.forward(timedelta(hours=10))  # 00:05 of the second of June, still the first in UTC
    later = taken(officer, join="new")
    assert incident_of(later).number == "450202-20260602-0001"
    assert later.stored.number == "J-20260602-0001"


def test_what_was_said_is_the_body_of_the_entry_and_never_in_its_payload(officer: Actor) -> None:
    taken(officer, caller_name="演示覃某", caller_phone="10000000031")
    entry = Entry.objects.get(name="incident.report_taken")
    assert Body.objects.get(entry=entry).text == FIRE
    assert FIRE not in str(entry.payload)
    assert "演示覃某" not in str(list(Entry.objects.values())) + str(list(Body.objects.values()))


def test_the_caller_is_kept_and_masked_in_the_answer(officer: Actor) -> None:
    one = taken(
        officer, text="着火了，电话 10012345678", caller_name="演示覃某", caller_phone="10000000031"
    )
    row = report_of(one)
    assert (row.caller_name, row.caller_phone) == ("演示覃某", "10000000031")
    assert "10012345678" in row.text
    answer = str(one.as_json())
    assert "10000000031" not in answer
    assert "10012345678" not in answer
    assert one.as_json()["caller"]["phone"] == "100****0031"


def test_direction_controls_are_stripped_and_counted(officer: Actor) -> None:
    one = taken(officer, text="\u202e着火了\u202c")
    assert one.text == "着火了"
    assert one.as_json()["removed_bidi"] == 2


def test_a_given_point_is_converted_once(officer: Actor) -> None:
    lon, lat = from_wgs84(LON, LAT, crs="gcj02")
    row = report_of(taken(officer, lon=lon, lat=lat, crs="gcj02"))
    assert row.crs == "gcj02"
    assert row.lon == pytest.approx(LON, abs=1e-5)
    assert row.lat == pytest.approx(LAT, abs=1e-5)


def test_a_point_is_the_first_candidate_and_knows_its_community(officer: Actor) -> None:
    answer = taken(officer).as_json()
    first = answer["places"][0]
    assert (first["kind"], first["lon"], first["lat"]) == ("point", LON, LAT)
    assert first["code"].startswith("450202")
    assert answer["place_answer"] == "found"


def test_a_point_outside_is_elsewhere_and_still_an_incident(officer: Actor) -> None:
    answer = taken(officer, lon=110.0, lat=25.0).as_json()
    assert answer["place_answer"] == "elsewhere"
    assert "elsewhere" in answer["questions"]
    assert answer["incident"]["id"]


@pytest.mark.usefixtures("places")
def test_a_place_is_read_from_the_words(officer: Actor) -> None:
    one = taken(officer, text="东门社区居民楼着火", lon=None, lat=None)
    incident = incident_of(one)
    assert one.as_json()["places"][0]["name"] == "东门社区"
    assert incident.title == "东门社区火灾"
    assert incident.placed == Incident.Placed.READ
    assert incident.division.startswith("450202001")


@pytest.mark.usefixtures("places")
def test_the_words_for_the_place_belong_to_what_was_said(officer: Actor) -> None:
    one = taken(officer, text="居民楼着火", where="东门社区", lon=None, lat=None)
    assert report_of(one).text == "东门社区 居民楼着火"
    assert report_of(one).place_name == "东门社区"


@pytest.mark.usefixtures("places")
def test_a_chosen_candidate_is_the_place_and_an_unknown_one_is_refused(officer: Actor) -> None:
    one = taken(officer, text="东门社区着火", place="东门社区", lon=None, lat=None)
    assert incident_of(one).placed == Incident.Placed.CHOSEN
    with refused("unknown_place", status=422):
        taken(officer, text="东门社区着火", place="西门社区", lon=None, lat=None)


def test_without_a_place_the_incident_asks_where(officer: Actor) -> None:
    one = taken(officer, lon=None, lat=None)
    assert one.seen.answer == "none"
    assert one.seen.questions[0] == "where"
    assert incident_of(one).lon is None


def test_a_category_is_read_told_or_missing(officer: Actor) -> None:
    assert taken(officer, join="new").seen.category == "12G00"
    assert taken(officer, category="12G03", join="new").seen.category == "12G03"
    nothing = taken(officer, text="有人喊", join="new").as_json()
    assert nothing["category"] is None
    assert "what" in nothing["questions"]
    with refused("unknown_category", status=422):
        taken(officer, category="99X99")


def test_numbers_in_the_words_are_proposed_and_never_written(officer: Actor) -> None:
    one = taken(officer, text="车间着火，3人死亡")
    (proposal,) = one.as_json()["proposals"]
    assert proposal == {"kind": "dead", "value": 3, "quote": "3人死亡"}
    assert not Figure.objects.exists()
    assert "casualties" in one.seen.questions


def test_told_figures_are_written_with_their_source_and_make_the_grade(officer: Actor) -> None:
    one = taken(officer, source="119", figures={"dead": 3, "injured": 0})
    rows = {row.kind: (row.value, row.source) for row in Figure.objects.all()}
    assert rows == {"dead": (3, "119"), "injured": (0, "119")}
    assert one.seen.grade_suggested == 3
    assert "casualties" not in one.seen.questions
    assert entries("incident.figures_reported") == ["incident.figures_reported"]


def test_a_kind_without_a_table_has_no_grade_and_says_why(officer: Actor) -> None:
    answer = taken(officer, text="内涝，积水很深", figures={"dead": 3}).as_json()
    assert answer["grade_suggested"] is None
    assert answer["grade_why"]


def test_the_questions_are_what_is_missing(officer: Actor) -> None:
    whole = taken(
        officer,
        occurred_at=clock.now(),
        caller_phone="10000000031",
        figures={"dead": 0},
        join="new",
    )
    assert whole.seen.questions == ()
    assert taken(officer, join="new").seen.questions == ("casualties", "time", "caller")
    # a desk that passed it on can be asked
    assert "caller" not in taken(officer, source="119", join="new").seen.questions


# --- joining ----------------------------------------------------------------------------------


def test_a_second_call_about_the_same_fire_joins_by_itself_until_confirmed(
    officer: Actor,
) -> None:
    first = taken(officer)
    second = taken(officer, text="看到明火", **nearby(40))
    assert second.stored.joined == "auto"
    assert second.stored.probability is not None
    assert second.stored.probability >= 0.95
    assert second.stored.incident_id == first.stored.incident_id
    assert not second.confirmed
    assert report_of(second).confirmed_at is None
    assert Incident.objects.count() == 1
    assert Report.objects.count() == 2
    assert [one[0] for one in second.stored.deadlines] == ["written_report"]


@pytest.mark.parametrize(
    ("why", "changed"),
    [
        ("another kind", {"text": CRASH}),
        ("an unknown kind", {"text": "出事了"}),
        ("no place", {"lon": None, "lat": None}),
        ("far", FAR),
        ("told so", {"join": "new"}),
    ],
)
def test_it_opens_its_own_incident_when(
    officer: Actor, why: str, changed: dict[str, object]
) -> None:
    taken(officer)
    assert taken(officer, **changed).stored.joined == "new", why
    assert Incident.objects.count() == 2


@pytest.mark.usefixtures("places")
def test_two_reports_that_name_a_community_never_join_by_themselves(officer: Actor) -> None:
    for _ in range(2):
        one = taken(officer, text="东门社区着火", lon=None, lat=None)
    assert one.stored.joined == "new"
    assert one.seen.duplicates


def test_what_is_likely_is_suggested(officer: Actor) -> None:
    first = taken(officer)
    second = taken(officer, **nearby(220))
    assert second.stored.joined == "new"
    (duplicate,) = second.as_json()["duplicates"]
    assert duplicate["incident"] == str(first.stored.incident_id)
    assert duplicate["number"] == first.stored.incident_number
    assert duplicate["distance_m"] == pytest.approx(220, abs=2)
    assert 0.2 <= duplicate["probability"] <= 1


def test_what_is_near_and_hardly_the_same_is_told_beside(
    officer: Actor, held_clock: clock.Held
) -> None:
    first = taken(officer)
    held_clock.forward(timedelta(minutes=25))
    answer = taken(officer, text=CRASH, **nearby(450)).as_json()
    assert answer["joined"] == "new"
    assert answer["duplicates"] == []
    (near,) = answer["nearby"]
    assert (near["incident"], near["minutes"]) == (str(first.stored.incident_id), 25.0)
    assert near["probability"] < 0.2


def test_what_is_near_is_told_of_a_place_known_by_name_too(officer: Actor, places: None) -> None:  # noqa: ARG001
    community = taken(officer, text="东门社区着火", lon=None, lat=None).seen.places[0]
    crash = look_at(seen_by=officer, text="东门社区" + CRASH)
    assert crash.duplicates == ()
    assert [one.distance_m for one in crash.nearby] == [0.0]
    assert crash.places[0].name == community.name


def test_what_is_likely_but_beyond_the_first_five_is_folded_and_not_lost(officer: Actor) -> None:
    for _ in range(10):
        taken(officer, join="new")
    seen = look_at(seen_by=officer, text=FIRE, lon=LON, lat=LAT)
    assert len(seen.duplicates) == 5
    assert len({one.incident for one in (*seen.duplicates, *seen.nearby)}) == 10


def test_nothing_joins_a_closed_incident(officer: Actor) -> None:
    first = taken(officer)
    close_incident(by=officer, incident_id=first.stored.incident_id)
    assert taken(officer).stored.joined == "new"
    with refused("incident_closed", status=409):
        taken(officer, join=str(first.stored.incident_id))


def test_nothing_joins_by_itself_what_was_last_heard_of_an_hour_ago(
    officer: Actor, held_clock: clock.Held
) -> None:
    taken(officer)
    held_clock.forward(timedelta(hours=1))
    assert taken(officer).stored.joined == "new"


def test_each_report_keeps_the_incident_warm(officer: Actor, held_clock: clock.Held) -> None:
    for _ in range(4):
        last = taken(officer)
        held_clock.forward(timedelta(minutes=4))
    assert last.stored.joined == "auto"
    assert Incident.objects.count() == 1


def test_a_chosen_incident_takes_the_report_wherever_it_is(officer: Actor) -> None:
    first = taken(officer)
    second = taken(officer, text="出事了", lon=None, lat=None, join=str(first.stored.incident_id))
    assert second.stored.joined == "chosen"
    assert second.stored.incident_id == first.stored.incident_id
    assert second.confirmed


@pytest.mark.parametrize("join", ["999999", "x", "-1", "1" * 30])
def test_an_unknown_incident_to_join_is_not_found(officer: Actor, join: str) -> None:
    with refused("not_found", status=404):
        taken(officer, join=join)
    assert not Report.objects.exists()


def test_figures_of_a_joined_report_that_jump_wait_for_an_explanation(officer: Actor) -> None:
    taken(officer, figures={"dead": 0, "injured": 2})
    second = taken(officer, figures={"dead": 1, "injured": 4, "missing": 1})
    stands = {row.kind: row.stands for row in Figure.objects.filter(report=report_of(second))}
    assert stands == {"dead": False, "injured": True, "missing": True}
    assert dict(second.stored.figures) == {"dead": 0, "injured": 4, "missing": 1}
    assert "figure_unexplained" in second.seen.questions
    assert {"kind": "dead", "value": 1, "quote": ""} in second.as_json()["proposals"]


# --- who may ----------------------------------------------------------------------------------


def test_who_may_not_take_reports_writes_nothing() -> None:
    with refused("not_allowed", status=403):
        taken(cast.actor(cast.AUDIT))
    assert not Report.objects.exists()


def test_a_street_takes_reports_and_sees_no_incidents(officer: Actor) -> None:
    fire = taken(officer)
    street = cast.actor(cast.JIEDAO)
    second = taken(street, **nearby(220))
    assert second.seen.duplicates == second.seen.nearby == ()
    with refused("not_found", status=404):
        taken(street, join=str(fire.stored.incident_id))


def test_looking_writes_nothing_and_says_the_same_as_taking_in(officer: Actor) -> None:
    taken(officer)
    before = Entry.objects.count(), Report.objects.count()
    spot = nearby(220)
    seen = look_at(seen_by=officer, text="着火，3人死亡", lon=spot["lon"], lat=spot["lat"])
    assert (Entry.objects.count(), Report.objects.count()) == before
    assert seen.category == "12G00"
    assert seen.grade_suggested == 4
    assert [one.value for one in seen.proposals] == [3]
    assert len(seen.duplicates) == 1
    assert look_at(seen_by=officer, text="").category == ""
