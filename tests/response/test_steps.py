"""Step charts: level until the next value, a number where there is room, nothing withdrawn."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from qianjun.response.steps import BOTTOM, RIGHT, TOP, grade_chart, panels

START = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
NOW = START + timedelta(minutes=100)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A number that was said so many minutes after the start."""

    kind: str = "injured"
    value: int
    minutes: int
    stands: bool = True
    withdrawn_at: datetime | None = None

    @property
    def at(self) -> datetime:
        return START + timedelta(minutes=self.minutes)


@dataclass(frozen=True, kw_only=True)
class Step:
    """A grade from so many minutes after the start on."""

    minutes: int
    grade: int | None

    @property
    def at(self) -> datetime:
        return START + timedelta(minutes=self.minutes)


def test_a_line_is_level_until_the_next_value_and_goes_to_the_end() -> None:
    (one,) = panels([Row(value=5, minutes=0), Row(value=10, minutes=50)], since=START, now=NOW)
    assert one.path == f"M6.0 29.0H120.0V{TOP}H{RIGHT}"
    assert (one.value, one.label_y) == ("10", TOP + 4)
    assert [mark.said for mark in one.marks] == ["5", "10"]


def test_every_kind_has_a_panel_of_its_own_scale() -> None:
    rows = [Row(value=2, minutes=1), Row(kind="evacuated", value=5_000, minutes=1)]
    few, many = panels(rows, since=START, now=NOW)
    assert few.marks[0].y == many.marks[0].y == TOP
    assert many.value == "5,000"


def test_a_number_that_is_crowded_by_the_next_is_not_written_over_it() -> None:
    rows = [Row(value=1, minutes=0), Row(value=2, minutes=1), Row(value=3, minutes=50)]
    (one,) = panels(rows, since=START, now=NOW)
    assert [mark.said for mark in one.marks] == ["", "2", "3"]


def test_what_waits_is_a_mark_beside_the_line_and_what_was_withdrawn_is_out() -> None:
    rows = [
        Row(value=1, minutes=0),
        Row(value=9, minutes=20, stands=False),
        Row(value=4, minutes=30, withdrawn_at=NOW),
    ]
    (one,) = panels(rows, since=START, now=NOW)
    assert [mark.waits for mark in one.marks] == [False, True]
    assert "V" not in one.path
    assert one.value == "1"


def test_zeros_alone_lie_on_the_ground_and_times_before_the_start_widen_the_chart() -> None:
    (one,) = panels([Row(value=0, minutes=-100)], since=START, now=NOW)
    assert (one.marks[0].x, one.marks[0].y) == (6.0, BOTTOM)


def test_nothing_to_draw_is_no_chart() -> None:
    assert panels([], since=START, now=NOW) == ()
    assert grade_chart([], [], since=START, now=NOW) is None
    assert grade_chart([Step(minutes=0, grade=None)], [], since=START, now=NOW) is None


def test_the_grade_chart_says_whether_both_agree() -> None:
    asked = [Step(minutes=0, grade=4), Step(minutes=50, grade=3)]
    given = [Step(minutes=60, grade=4)]
    differ = grade_chart(asked, given, since=START, now=NOW)
    assert differ is not None
    assert not differ.agree
    same = grade_chart(asked, [Step(minutes=60, grade=3)], since=START, now=NOW)
    assert same is not None
    assert same.agree
    assert same.suggested is not None
    assert same.suggested.y < 58
