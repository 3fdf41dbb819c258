"""Notes and numbers: what is said stays, what is late says so, what jumps says why."""

from datetime import timedelta

import pytest

from qianjun.incident.actions import add_figure, add_note, close_incident
from qianjun.incident.queries import figure_series, incident_card, timeline
from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from tests import cast
from tests.incident.fires import taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def fire(officer: Actor) -> int:
    """A fire that has been reported."""
    return taken(officer).stored.incident_id


@pytest.mark.parametrize("kind", ["fact", "order", "feedback"])
def test_a_note_is_a_line_of_its_kind(officer: Actor, fire: int, kind: str) -> None:
    add_note(by=officer, incident_id=fire, text="下风向200米先撤人", kind=kind)
    (line,) = timeline(seen_by=officer, incident_id=fire, kind=kind)[0][-1:]
    assert line["kind"] == kind
    assert line["name"] == f"incident.{kind}_noted"
    assert line["text_zh"] == "下风向200米先撤人"
    assert not line["late_entry"]


def test_an_older_note_shows_as_late_and_stands_where_it_happened(
    officer: Actor, fire: int, held_clock: clock.Held
) -> None:
    held_clock.forward(timedelta(minutes=10))
    add_note(by=officer, incident_id=fire, text="现在")
    add_note(
        by=officer,
        incident_id=fire,
        text="门卫关闭总阀",
        happened_at=clock.now() - timedelta(minutes=6),
    )
    lines, _more = timeline(seen_by=officer, incident_id=fire)
    assert [line["text_zh"] for line in lines[-2:]] == ["门卫关闭总阀", "现在"]
    assert [line["late_entry"] for line in lines[-2:]] == [True, False]


def test_telephones_in_a_note_are_masked_when_it_is_read(officer: Actor, fire: int) -> None:
    add_note(by=officer, incident_id=fire, text="厂长电话 10000000099")
    lines, _more = timeline(seen_by=officer, incident_id=fire)
    assert lines[-1]["text_zh"] == "厂长电话 100****0099"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"text": " "}, "too_short"),
        ({"text": "火" * 5_001}, "too_long"),
        ({"kind": "rumour"}, "unknown_value"),
        ({"minutes": 6}, "in_the_future"),
        ({"minutes": -60 * 24 * 400}, "too_long_ago"),
    ],
)
def test_a_note_that_cannot_be_is_refused(
    officer: Actor, fire: int, changed: dict[str, object], code: str
) -> None:
    before = Entry.objects.count()
    with refused(code, status=422):
        add_note(
            by=officer,
            incident_id=fire,
            text=str(changed.get("text", "x")),
            kind=str(changed.get("kind", "fact")),
            happened_at=clock.now() + timedelta(minutes=int(str(changed.get("minutes", 0)))),
        )
    assert Entry.objects.count() == before


def figure(by: Actor, incident: int, value: int, **changed: object) -> None:
    """One more number of the dead or others."""
    told = {"kind": "injured", "source": "市医院"} | changed
    add_figure(by=by, incident_id=incident, value=value, **told)  # type: ignore[arg-type]


def test_a_figure_is_added_with_its_time_and_source_and_never_edited(
    officer: Actor, fire: int
) -> None:
    figure(officer, fire, 1)
    figure(officer, fire, 3)
    card = incident_card(seen_by=officer, incident_id=fire)
    assert card["figures"]["injured"] == {
        "value": 3,
        "at": clock.now().isoformat(),
        "source": "市医院",
    }
    assert [row.value for row in figure_series(seen_by=officer, incident_id=fire)] == [1, 3]


def test_a_jump_needs_an_explanation_and_both_values_stay(officer: Actor, fire: int) -> None:
    figure(officer, fire, 2)
    with refused("explanation_needed", status=422):
        figure(officer, fire, 12)
    figure(officer, fire, 12, explanation="吸入性伤员十人，医院报")
    assert [row.value for row in figure_series(seen_by=officer, incident_id=fire)] == [2, 12]
    lines, _more = timeline(seen_by=officer, incident_id=fire)
    assert lines[-1]["text_zh"] == "受伤 12：市医院 · 吸入性伤员十人，医院报"


def test_the_newest_time_counts_not_the_newest_entry(
    officer: Actor, fire: int, held_clock: clock.Held
) -> None:
    held_clock.forward(timedelta(minutes=10))
    figure(officer, fire, 5)
    figure(officer, fire, 4, at=clock.now() - timedelta(minutes=5), explanation="补录")
    card = incident_card(seen_by=officer, incident_id=fire)
    assert card["figures"]["injured"]["value"] == 5


def test_serious_injuries_change_the_suggested_grade(officer: Actor, fire: int) -> None:
    assert incident_card(seen_by=officer, incident_id=fire)["grade_suggested"] == 4
    figure(officer, fire, 10, kind="serious")
    card = incident_card(seen_by=officer, incident_id=fire)
    assert card["grade_suggested"] == 3
    assert card["grade"] is None
    assert card["grade_why"] == "重伤 10，达到较大标准。"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": "cats"}, "unknown_value"),
        ({"source": " "}, "too_short"),
        ({"source": "院" * 61}, "too_long"),
        ({"explanation": "因" * 501}, "too_long"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(
    officer: Actor, fire: int, changed: dict[str, object], code: str
) -> None:
    with refused(code, status=422):
        figure(officer, fire, 1, **changed)
    with refused("out_of_bounds", status=422):
        figure(officer, fire, -1)
    assert not figure_series(seen_by=officer, incident_id=fire)


def test_a_closed_incident_still_takes_late_notes_and_figures(officer: Actor, fire: int) -> None:
    close_incident(by=officer, incident_id=fire)
    add_note(by=officer, incident_id=fire, text="次日复查")
    with refused("explanation_needed", status=422):  # a change after the end says why
        figure(officer, fire, 1)
    figure(officer, fire, 1, explanation="医院次日报来")
    assert incident_card(seen_by=officer, incident_id=fire)["figures"]["injured"]["value"] == 1


def test_readers_note_and_report_numbers_and_outposts_do_not(officer: Actor, fire: int) -> None:
    add_note(by=cast.actor(cast.ZHIHUI), incident_id=fire, text="现场指挥到位")
    for part in (cast.JIEDAO, cast.XIAOCHEN, cast.SYSTEM):
        with refused("not_allowed", status=403):
            add_note(by=cast.actor(part), incident_id=fire, text="x")
        with refused("not_allowed", status=403):
            figure(cast.actor(part), fire, 1)
    assert officer.may("incident.note")
