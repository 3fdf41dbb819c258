"""The bulletin of a day: drafted by itself, counted from rows, issued once; what is due today."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from docx import Document

from qianjun.duty.bulletins.actions import (
    await_bulletin,
    draft_bulletins,
    issue_bulletin,
    write_closing,
)
from qianjun.duty.bulletins.dues import dues
from qianjun.duty.bulletins.papers import take_bulletin_out
from qianjun.duty.bulletins.queries import Seen, bulletin_seen, seen_of
from qianjun.duty.models import Bulletin
from qianjun.duty.rules.bulletin import Found, days_missing, lines_of, period_of
from qianjun.incident.actions import add_figure, close_incident, erase_record
from qianjun.journal.heard import run_reaction
from qianjun.journal.models import Entry, Timer
from qianjun.journal.timers import tick
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.org.seeding import seed_units
from qianjun.response.actions import check_figure
from tests import cast
from tests.incident.fires import taken
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db


def parts(seen: Seen) -> dict[str, str]:
    return {one.code: one.text for one in seen.lines}


def rung() -> int:
    """The timers ring, and whoever hears a bulletin due drafts it, twice over."""
    count = tick()
    for entry in Entry.objects.filter(name="duty.bulletin_due"):
        for _again in range(2):
            run_reaction(entry_id=entry.pk, reaction="duty.draft_bulletin")
    return count


def to_morning(hands: clock.Held, *, days: int = 1) -> None:
    """On to eight in Beijing, so many days from now."""
    local = clock.in_beijing(clock.now()) + timedelta(days=days)
    eight = local.replace(hour=8, minute=0, second=1, microsecond=0)
    hands.forward(eight - clock.now())


def test_at_eight_a_draft_is_there_with_what_the_rows_say(
    officer: Actor, held_clock: clock.Held
) -> None:
    cast.put_on_duty(cast.XIAOWANG, post="duty_officer")
    await_bulletin()
    await_bulletin()
    fire = taken(officer)
    ident = fire.stored.incident_id
    for kind, value in (("injured", 2), ("dead", 1)):
        add_figure(by=officer, incident_id=ident, kind=kind, value=value, source="120")
    assert rung() == 0
    to_morning(held_clock)
    assert rung() == 2  # with the time of the written report
    seen = seen_of(Bulletin.objects.get())
    said = parts(seen)
    assert said["reports"] == "接报1份。"
    assert said["incidents"].startswith("新发突发事件1起（")
    assert "未定级1起" in said["incidents"]
    # a number of dead that nobody has checked leaves the house in no paper
    assert said["hurt"] == "受伤2人，死亡情况正在核实。"
    assert said["responses"] == "无。"
    assert "值班员小王" in said["duty"]
    assert said["open"] == "截至八时在办1件。"
    assert fire.stored.incident_number in str(seen.lines[2].keys)
    check_figure(by=officer, incident_id=fire.stored.incident_id, kind="dead")
    assert parts(seen_of(Bulletin.objects.get()))["hurt"] == "死亡1人，受伤2人。"
    assert Timer.objects.filter(key="bulletin", done_at__isnull=True).count() == 1


def test_a_draft_that_nobody_issued_stands_on_the_desk(
    officer: Actor, held_clock: clock.Held
) -> None:
    to_morning(held_clock)
    draft_bulletins(by=officer)
    shown = cast.signed_in(cast.XIAOWANG).get("/desk/columns/").content.decode()
    row = Bulletin.objects.get()
    assert f'data-key="bulletin-{row.pk}"' in shown
    assert f"/duty/bulletins/{row.pk}/" in shown
    seen = seen_of(row)
    issue_bulletin(by=officer, bulletin_id=row.pk, digest=seen.digest)
    again = cast.signed_in(cast.XIAOWANG).get("/desk/columns/").content.decode()
    assert "bulletin-" not in again


def test_a_day_without_anything_is_a_zero_report(officer: Actor, held_clock: clock.Held) -> None:
    to_morning(held_clock)
    (row,) = draft_bulletins(by=officer)
    said = parts(seen_of(row))
    assert said["incidents"] == "本日零报告：无突发事件。"
    assert said["reports"] == said["hurt"] == "无。"
    assert said["duty"] == "带班领导：无人在岗；值班员：无人在岗。"
    assert draft_bulletins(by=officer) == []


def test_a_jump_of_the_clock_misses_no_day_and_makes_none_twice(
    officer: Actor, held_clock: clock.Held
) -> None:
    await_bulletin()
    to_morning(held_clock)
    rung()
    to_morning(held_clock, days=4)
    rung()
    days = list(Bulletin.objects.order_by("day").values_list("day", flat=True))
    assert [day.day for day in days] == [2, 3, 4, 5, 6]
    draft_bulletins(by=officer)
    assert Bulletin.objects.count() == 5
    to_morning(held_clock, days=30)
    rung()
    assert Bulletin.objects.count() == 5 + 7


def test_it_is_issued_once_with_a_number_and_never_changes(
    officer: Actor, held_clock: clock.Held
) -> None:
    to_morning(held_clock)
    (row,) = draft_bulletins(by=officer)
    seen = write_closing(by=officer, bulletin_id=row.pk, text="请加强巡查", version=1)
    with refused("stale", status=409):
        write_closing(by=officer, bulletin_id=row.pk, text="另一句", version=1)
    with refused("changed", status=409):
        issue_bulletin(by=officer, bulletin_id=row.pk, digest="0" * 64)
    with refused("not_allowed", status=403):
        issue_bulletin(by=cast.actor(cast.KEEPER), bulletin_id=row.pk, digest=seen.digest)
    issued = issue_bulletin(by=officer, bulletin_id=row.pk, digest=seen.digest)
    assert issued.row.number == "ZB-450202-2026-0001"
    assert issued.row.issue == 1
    assert issued.due is not None
    assert issued.due.met_at is not None
    with refused("issued", status=409):
        issue_bulletin(by=officer, bulletin_id=row.pk, digest=seen.digest)
    # what comes later is no longer in it
    taken(officer)
    assert bulletin_seen(seen_by=officer, bulletin_id=row.pk).text == issued.row.text
    assert Entry.objects.get(name="duty.bulletin_issued").payload["issue"] == 1


def test_it_goes_out_as_a_document_and_what_is_erased_is_gone(
    officer: Actor, held_clock: clock.Held
) -> None:
    seed_units()
    to_morning(held_clock)
    (row,) = draft_bulletins(by=officer)
    _name, draft = take_bulletin_out(by=officer, bulletin_id=row.pk)
    assert "（草稿）" in str([one.text for one in Document(BytesIO(draft)).paragraphs])
    write_closing(by=officer, bulletin_id=row.pk, text="演示群众来访", version=1)
    issue_bulletin(by=officer, bulletin_id=row.pk, digest=seen_of(_again(row)).digest)
    name, content = take_bulletin_out(by=officer, bulletin_id=row.pk)
    words = str([one.text for one in Document(BytesIO(content)).paragraphs])
    assert name == "ZB-450202-2026-0001.docx"
    assert "第1期" in words
    assert "演示群众来访" in words
    entry = Entry.objects.get(name="duty.bulletin_issued")
    told = {"reason": "申请", "article": "pipl_47"}
    erase_record(by=cast.actor(cast.LAOLI), kind="entry", ident=str(entry.pk), **told)
    erased = Entry.objects.get(name="journal.body_erased")
    run_reaction(entry_id=erased.pk, reaction="duty.forget_bulletin")
    assert _again(row).text == "【已依法删除】"
    assert "来访" not in str(take_bulletin_out(by=officer, bulletin_id=row.pk)[1])


def _again(row: Bulletin) -> Bulletin:
    return Bulletin.objects.get(pk=row.pk)


def test_it_is_late_after_nine(officer: Actor, held_clock: clock.Held) -> None:
    to_morning(held_clock)
    (row,) = draft_bulletins(by=officer)
    held_clock.forward(timedelta(hours=1))
    tick()
    assert Entry.objects.filter(name="journal.deadline_passed", about_id=str(row.pk)).exists()


def test_what_is_due_today_stands_by_recipient_with_its_tick(
    officer: Actor, held_clock: clock.Held
) -> None:
    seed_units()
    to_morning(held_clock)
    draft_bulletins(by=officer)
    fire = taken(officer)
    found = dues(seen_by=officer)
    assert len(found) == 3
    assert {one.what for one in found[0].dues} == {"书面报告", "每日值班信息"}
    assert [one.open for one in found] == [2, 2, 2]
    row = Bulletin.objects.get()
    issue_bulletin(by=officer, bulletin_id=row.pk, digest=seen_of(row).digest)
    assert [one.open for one in dues(seen_by=officer)] == [1, 1, 1]
    close_incident(by=officer, incident_id=fire.stored.incident_id)
    with refused("not_allowed", status=403):
        dues(seen_by=cast.actor(cast.KEEPER))


@pytest.mark.parametrize(
    ("last", "hour", "days"),
    [(None, 9, [2]), (None, 7, [1]), (date(2026, 6, 1), 9, [2]), (date(2026, 6, 2), 9, [])],
)
def test_days_that_are_missing(last: date | None, hour: int, days: list[int]) -> None:
    now = datetime(2026, 6, 2, hour, tzinfo=clock.BEIJING)
    assert [day.day for day in days_missing(last, now=now)] == days


def test_a_day_ends_at_eight_and_nothing_is_said_as_nothing() -> None:
    since, until = period_of(date(2026, 6, 2))
    assert (since.hour, until - since) == (0, timedelta(days=1))
    texts = [one.text for one in lines_of(Found())]
    assert texts.count("无。") == len(texts) - 2
    assert "八时没有有效读数。" in texts
