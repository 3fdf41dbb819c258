"""What was sorted is taken back, unless others went on from there."""

from datetime import timedelta

import pytest

from qianjun.incident.actions import close_incident
from qianjun.incident.models import Incident, Report
from qianjun.journal.erasing import erase_body
from qianjun.journal.events import BodyErased, RecordMarked
from qianjun.journal.models import Deadline, Entry
from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.org.actor import Actor
from qianjun.response.actions import (
    close_chosen,
    join_chosen,
    split_chosen,
    undo_step,
)
from qianjun.response.models import Apart, Reply, SortingStep
from qianjun.response.reactions import forget_reply, hide_reply
from tests import cast
from tests.incident.fires import nearby, report_of, taken
from tests.org.refusals import refused
from tests.response.many import chosen, homes, three, with_consent

pytestmark = pytest.mark.django_db


def test_an_undone_join_puts_everything_back(officer: Actor, held_clock: clock.Held) -> None:
    first, second, third = three(officer)
    held_clock.forward(timedelta(minutes=1))
    before = homes((first, second, third))
    rows = list(Report.objects.order_by("pk").values("joined", "join_probability", "incident"))
    done = join_chosen(by=officer, chosen=chosen(first, second, third))
    undo_step(by=officer, step_id=done.step.pk)
    assert homes((first, second, third)) == before
    now = list(Report.objects.order_by("pk").values("joined", "join_probability", "incident"))
    assert now == rows
    assert Incident.objects.filter(state="open", merged_into__isnull=True).count() == 3
    reopened = Deadline.objects.filter(about_id=str(second.stored.incident_id), met_at__isnull=True)
    assert reopened.count() == 1


def test_an_undone_split_leaves_the_number_of_the_new_incident_closed(officer: Actor) -> None:
    first, second = taken(officer), taken(officer)
    done = split_chosen(by=officer, chosen=chosen(second))
    undo_step(by=officer, step_id=done.step.pk)
    assert len(set(homes((first, second)))) == 1
    new = Incident.objects.get(pk=done.incidents[0].pk)
    assert (new.state, new.merged_into_id) == ("closed", first.stored.incident_id)
    assert report_of(second).joined == "auto"
    assert not Apart.objects.filter(withdrawn_at__isnull=True).exists()


def test_an_undone_answer_opens_again_and_takes_back_what_has_not_left(officer: Actor) -> None:
    with_consent("10000000031")
    one = taken(officer, caller_phone="10000000031")
    done = close_chosen(by=officer, chosen=chosen(one), answer="已处置")
    undo_step(by=officer, step_id=done.step.pk)
    assert Incident.objects.get().state == "open"
    assert not Reply.objects.filter(withdrawn_at__isnull=True).exists()
    assert Message.objects.get(matter=f"reply:{done.step.pk}").failure == "dropped"
    close_chosen(by=officer, chosen=chosen(one), answer="再次答复")
    assert Reply.objects.count() == 2


def test_a_step_is_undone_once_by_who_did_it_and_not_after_others_went_on(
    officer: Actor,
) -> None:
    first, second, third = three(officer)
    done = join_chosen(
        by=officer, chosen=chosen(first, second), incident_id=str(first.stored.incident_id)
    )
    with refused("not_found", status=404):
        undo_step(by=cast.actor(cast.XIAOZHAO), step_id=done.step.pk)
    later = join_chosen(
        by=officer, chosen=chosen(second, third), incident_id=str(third.stored.incident_id)
    )
    with refused("stale", status=409):
        undo_step(by=officer, step_id=done.step.pk)
    undo_step(by=officer, step_id=later.step.pk)
    undo_step(by=officer, step_id=done.step.pk)
    assert len(set(homes((first, second, third)))) == 3
    with refused("already_undone", status=409):
        undo_step(by=officer, step_id=done.step.pk)


def test_an_undo_into_an_incident_that_closed_meanwhile_is_refused(officer: Actor) -> None:
    first = taken(officer)
    more = taken(officer, text="又有烟", join=str(first.stored.incident_id), **nearby(30))
    done = split_chosen(by=officer, chosen=chosen(more))
    close_incident(by=officer, incident_id=first.stored.incident_id)
    with refused("incident_closed", status=409):
        undo_step(by=officer, step_id=done.step.pk)
    assert SortingStep.objects.get().undone_at is None


def test_an_answer_that_is_hidden_or_erased_in_the_journal_is_said_by_no_reply(
    officer: Actor,
) -> None:
    one = taken(officer)
    close_chosen(by=officer, chosen=chosen(one), answer="张三已送医")
    entry = Entry.objects.get(name="response.reports_answered")

    def marked(mark: str) -> str:
        event = RecordMarked(record_kind="entry", record_id=str(entry.pk), mark=mark)
        hide_reply(event, None)  # type: ignore[arg-type]  # it is not read
        return Reply.objects.get().text

    assert "张三" not in marked("barred")
    assert marked("internal") == "张三已送医"
    erase_body(by=cast.actor(cast.LAOLI), entry=entry.pk, reason="本人要求", article="erl_85")
    forget_reply(BodyErased(entry_id=entry.pk, article="erl_85"), None)  # type: ignore[arg-type]
    assert "张三" not in Reply.objects.get().text
