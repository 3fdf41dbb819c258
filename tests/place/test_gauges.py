"""Readings of gauges: what may be taken, what they tell, how one is corrected."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.place.gauges import rules
from qianjun.place.gauges.queries import gauges_at, told_until
from qianjun.place.gauges.rules import Point
from qianjun.place.gauges.seeding import seed_readings
from qianjun.place.gauges.table import gauges
from qianjun.place.models import Reading
from tests import cast
from tests.pages.reading import html_of

pytestmark = pytest.mark.django_db
RIVER = gauges()["river_level"]
AT = datetime(2026, 6, 1, 16, 0, tzinfo=UTC)  # midnight in Beijing


def told(value: str = "79.84", **more: Any) -> dict[str, Any]:
    return {"gauge": "river_level", "value": value, **more}


def take(*rows: dict[str, Any], role: str = "duty_officer", **headers: str) -> Any:
    return cast.client_for(role).post(
        "/api/v1/readings", {"readings": rows}, content_type="application/json", headers=headers
    )


def ago(minutes: int) -> str:
    return (clock.now() - timedelta(minutes=minutes)).isoformat()


# --- rules ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("79.84", "79.84"),
        ("７９．８４", "79.84"),
        (" 80 ", "80"),
        ("-3", "-3"),
        ("1e3", None),
        ("NaN", None),
        ("Infinity", None),
        ("79,84", None),
        ("七十九", None),
        ("", None),
        ("9" * 13, None),
    ],
)
def test_numbers_as_people_type_them(typed: str, value: str | None) -> None:
    assert rules.number_of(typed) == (Decimal(value) if value else None)


def test_the_trend_is_over_at_least_three_quarters_of_an_hour_and_over_midnight() -> None:
    points = [
        Point(at=AT - timedelta(minutes=n), value=Decimal(value))
        for n, value in ((0, "80.20"), (20, "80.19"), (60, "80.00"))
    ]
    assert rules.change_per_hour(points) == Decimal("0.20")
    assert rules.change_per_hour(points[:2]) is None
    assert rules.change_per_hour([]) is None


def test_marks_say_what_is_reached_and_what_comes_next() -> None:
    assert rules.reached(RIVER, Decimal("82.50")).zh == "警戒水位"  # type: ignore[union-attr]
    assert rules.reached(RIVER, Decimal("82.49")) is None
    assert rules.next_mark(RIVER, Decimal("79.84")).value == Decimal("82.50")  # type: ignore[union-attr]
    assert rules.next_mark(RIVER, Decimal("82.50")) is None


@pytest.mark.parametrize(
    ("minutes", "value", "jumps"),
    [(10, "81.0", False), (10, "81.6", True), (180, "84.0", False), (180, "84.6", True)],
)
def test_what_changes_faster_than_usual(minutes: int, value: str, *, jumps: bool) -> None:
    before = Point(at=AT - timedelta(minutes=minutes), value=Decimal("80"))
    assert rules.jumps(RIVER, Decimal(value), at=AT, before=before) is jumps


def test_a_chart_keeps_its_gaps_and_shows_marks_that_are_near() -> None:
    hours = [0, 1, 2, 12, 13, 20]
    seen = [Point(at=AT + timedelta(hours=n), value=Decimal("81.5")) for n in hours]
    ahead = [Point(at=AT + timedelta(hours=30), value=Decimal("83.0"))]
    now = AT + timedelta(hours=21)
    drawn = rules.chart(RIVER, seen, ahead, since=AT - timedelta(hours=3), now=now)
    assert drawn is not None
    assert (len(drawn.lines), len(drawn.dots)) == (2, 1)
    assert [mark.zh for _y, mark in drawn.marks] == ["警戒水位"]
    assert len(drawn.ahead.split()) == 2
    assert any(said == "06-02" for _x, said in drawn.times)
    assert rules.chart(RIVER, [], [], since=AT, now=now) is None


# --- the interface --------------------------------------------------------------------------------


def test_a_reading_is_taken_once_and_seen_with_its_age(held_clock: clock.Held) -> None:
    assert take(told("79.60", at=ago(70))).status_code == 201
    first = take(told("79.84", at=ago(10)), role="partner")
    again = take(told("79.840", at=ago(10)))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["items"] == again.json()["items"]
    river = cast.client_for("duty_officer").get("/api/v1/gauges").json()["items"][0]
    assert (river["latest"]["value"], river["per_hour"], river["stale"]) == (
        "79.84",
        "0.240",
        False,
    )
    assert river["marks"][-1] == {"value": "82.50", "zh": "警戒水位", "en": "warning level"}
    held_clock.forward(timedelta(hours=2))
    assert cast.client_for("duty_officer").get("/api/v1/gauges").json()["items"][0]["stale"]
    assert Entry.objects.filter(name="place.readings_taken").count() == 2


def test_all_are_taken_or_none_and_the_row_is_named() -> None:
    refused = take(told("79.8", at=ago(60)), told("7984", at=ago(50)))
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "readings.1.value"
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (told("7984"), "out_of_range"),
        (told("高"), "not_a_number"),
        (told("79.8", gauge="nowhere"), "unknown_value"),
        (told("79.8", at="2026-01-01T00:00:00Z", kind="forecast"), "bad_time"),
        (told("79.8", at="2999-01-01T00:00:00Z"), "bad_time"),
        ({"gauge": "weather", "words": " "}, "too_short"),
    ],
)
def test_what_cannot_be_is_refused(row: dict[str, Any], code: str) -> None:
    answer = take(row)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_sudden_change_must_be_looked_at_first() -> None:
    take(told("79.8", at=ago(30)))
    assert take(told("84.2")).json()["code"] == "jump"
    assert take(told("84.2", sure=True)).status_code == 201


def test_another_value_at_the_same_time_is_a_correction() -> None:
    at = ago(5)
    first = take(told("79.84", at=at)).json()["items"][0]
    assert (take(told("79.48", at=at)).status_code) == 409
    path = f"/api/v1/readings/{first['id']}/correct"
    client = cast.client_for("duty_officer")
    body = {"value": "79.48", "why": "听错"}
    fixed = client.post(path, body, content_type="application/json")
    assert fixed.status_code == 201
    assert client.post(path, body, content_type="application/json").status_code == 409
    rows = client.get("/api/v1/readings?gauge=river_level").json()["items"]
    assert [(row["value"], bool(row["corrected_by"])) for row in rows] == [
        ("79.48", False),
        ("79.84", True),
    ]
    body_said = Entry.objects.get(name="place.reading_corrected").body.text
    assert "听错" in body_said


def test_who_may_not_write_does_not() -> None:
    assert take(told(), role="volunteer").status_code == 403
    assert take(told(), role="bureau_leader").status_code == 403


# --- pages ----------------------------------------------------------------------------------------


def officer() -> Client:
    return cast.signed_in(cast.XIAOWANG)


def test_the_strip_stands_on_the_desk_by_one_statement_and_says_what_is_old(
    held_clock: clock.Held,
) -> None:
    client = officer()
    assert "记一个水位" in html_of(client.get("/"))
    seed_readings()
    with CaptureQueriesContext(connection) as asked:
        gauges_at(clock.now())
    assert len(asked) == 1
    html = html_of(client.get("/"))
    assert "演示水文中心" in html
    assert "距警戒水位" in html
    assert "data-stale" not in html.split('id="river"')[1].split("</section>")[0]
    held_clock.forward(timedelta(hours=5))
    assert "已过时" in html_of(client.get("/desk/live/"))


def test_over_the_mark_it_says_so() -> None:
    take(told("82.5"))
    assert "已达警戒水位" in html_of(officer().get("/"))


@pytest.mark.django_db(transaction=True)
def test_a_number_and_enter_is_all_it_takes_and_a_refusal_keeps_what_was_typed() -> None:
    client = officer()
    wrong = client.post("/river/take/", {"gauge": "river_level", "value": "7984"})
    assert wrong.status_code == 422
    assert 'value="7984"' in html_of(wrong)
    right = client.post("/river/take/", {"gauge": "river_level", "value": "79.84"}, follow=True)
    assert "读数已记下" in html_of(right)
    row = Reading.objects.get()
    assert (row.value, row.source) == (Decimal("79.840"), RIVER.source)
    client.post(f"/river/{row.pk}/correct/", {"value": "79.48", "why": "听错"})
    html = html_of(client.get("/river/"))
    assert "<del" in html
    assert "听错" in html


def test_words_are_a_forecast_by_themselves() -> None:
    officer().post("/river/take/", {"gauge": "weather", "value": "今晚有暴雨"})
    row = Reading.objects.get()
    assert (row.kind, row.words, row.value) == ("forecast", "今晚有暴雨", None)


def test_the_bulletin_says_what_the_gauges_showed_and_nothing_old() -> None:
    take(told("79.84", at=ago(10)))
    (text, key), *_more = told_until(clock.now())
    assert text.startswith("柳州站水位79.84 m（市水文中心")
    assert key == f"reading:{Reading.objects.get().pk}:river_level"
    assert list(told_until(clock.now() + timedelta(hours=3))) == []
