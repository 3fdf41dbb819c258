"""Tell people of their tasks: the order with its link, reminders, and that it is off. 任务通知

An order is a call: its first message is the first step, and while nobody signs the contacts of
the unit are called in their order, at last the desk. The house itself writes, so that whoever may
give tasks needs no further permission. A unit that nobody answers for gets nothing, and the room
shows that gap.
"""

from collections.abc import Collection, Iterable
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from qianjun.confirm.actions import start_confirmation
from qianjun.confirm.queries import called_about
from qianjun.confirm.rules import STEPS_MOST, WAIT_S, Step
from qianjun.confirm.voices import Told
from qianjun.incident.actions.charging import charge_of
from qianjun.incident.events import TaskReminded
from qianjun.incident.models import Charge, Task
from qianjun.incident.queries.seen import incident_seen
from qianjun.incident.queries.tasks import (
    LINK,
    about,
    about_charge,
    unsigned_tasks,
    until_said,
)
from qianjun.incident.rules.tasks import REMIND_AGAIN, matter_of_charge
from qianjun.journal.bus import emit, is_history
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.message.actions import send, send_many
from qianjun.message.rules import STAND_DOWN, URGENT
from qianjun.org.actor import Actor, require, system
from qianjun.org.away.actions import tell_stand_ins
from qianjun.org.away.queries import deputies_of
from qianjun.org.contacts import BUREAU, contacts_of
from qianjun.org.links import end_links, link_path, living_links, make_link, make_links
from qianjun.org.models import Address, Person
from qianjun.org.queries import answering_for, holders_of
from qianjun.org.store import setting

HOUSE = system(name="incident.tasks")
WITHIN_MIN: Final = WAIT_S // 60
# sent as they stand, in Chinese, whatever language whoever gives the task reads
GIVEN = _("任务：%(title)s。")
UNTIL = _("%(until)s前完成。")
SIGN = _("请打开链接签收，或回复“收到”。")
NOT_SIGNED = _("前一位联系人没有签收，请您签收。")
OFF = _("任务“%(title)s”已经撤销，不用再办。")
MOVED = _("任务“%(title)s”已经转交他人，您不用再办。")


def tell_charge(row: Task, charge: Charge) -> int:
    """Send the order to whoever has the task now, and call on until somebody signs. 通知承办

    How many were told at once is kept with the charge.
    """
    first = [] if is_history() else _called_first(charge)
    if not first:
        return 0
    wait_s = minutes_to_sign() * 60
    start_confirmation(
        by=HOUSE,
        about=about_charge(charge),
        text=row.title,
        people=first,
        need=1,
        steps=[
            Step(after_s=wait_s * number, people=(person,), in_place_of={person: first[0]})
            for number, person in enumerate(_deputies(charge, first), start=1)
        ],
        incident=row.incident_id,
        wait_s=wait_s,
    )
    charge.told = len(first)
    charge.save(update_fields=["told"])
    return charge.told


def minutes_to_sign() -> int:
    """How long each contact has to sign before the next is called."""
    chosen = setting("incident", "sign_within_min")
    return chosen if isinstance(chosen, int) else WITHIN_MIN


def _deputies(charge: Charge, first: Collection[int]) -> list[int]:
    """Who is called, one after the other, while those who were told are silent. 后续联系人

    The other contacts of the unit that has the task, or of the unit of the person who has it.
    After whoever holds a post come the deputies of that post.
    """
    lead = charge.lead or (charge.person.unit if charge.person else None)
    if charge.post:
        return deputies_of(charge.post, after=first)
    if lead is None or (charge.lead is None and lead.code == BUREAU):
        return []
    named = [person.pk for person in contacts_of([lead.code])[lead.code]]
    return [person for person in named if person not in first][: STEPS_MOST - 1]


def order_for(*, charge: int, people: Collection[int], deputy: bool) -> Told:
    """What is sent to these at a step of the call, each with a link of his own. 指令"""
    held = Charge.objects.select_related("task").get(pk=charge)
    known = living_links(LINK, about_charge(held))
    new = [person for person in people if person not in known]
    made = make_links(purpose=LINK, about=about_charge(held), people=new) if new else {}
    links = {
        person: (link_path(known[person]) if person in known else made[person],)
        for person in people
    }
    before = NOT_SIGNED if deputy else ""
    return Told(text=f"{before}{_text(held.task)}", links=links)


def _called_first(charge: Charge) -> list[int]:
    """Who is called at once; of somebody who is away the stand-in, and a line says so."""
    if charge.post:
        called = answering_for(charge.post)
        return tell_stand_ins(called, by=HOUSE, incident=charge.task.incident_id)
    return [person.pk for person in recipients(charge)]


def recipients(charge: Charge) -> list[Person]:
    """The person, who holds the post, who answers for the unit, or its people. 收件人"""
    if charge.person is not None:
        return [charge.person]
    if charge.post:
        return holders_of(charge.post)
    if charge.lead is None:
        return []
    named = contacts_of([charge.lead.code])[charge.lead.code]
    if named:
        return named[:1]
    reached = Exists(Address.objects.filter(person=OuterRef("pk")))
    return list(Person.objects.filter(reached, unit=charge.lead_id).order_by("sort_key", "pk"))


def _send(row: Task, charge: Charge, people: Iterable[int], *, reminder: int) -> int:
    """The order again to each, with the link that he has; how many are new."""
    known = living_links(LINK, about_charge(charge))
    text, sent = _text(row), 0
    for person in people:
        link = known.get(person)
        path = (
            link_path(link)
            if link
            else make_link(purpose=LINK, about=about_charge(charge), person=person)
        )
        made = send(
            by=HOUSE,
            person=person,
            purpose="order",
            matter=matter_of_charge(charge.pk),
            text=text,
            rank=URGENT,
            incident=row.incident_id,
            links=(path,),
            expects_answer=True,
            reminder=reminder,
        )
        sent += made is not None
    return sent


def _text(row: Task) -> str:
    said = [GIVEN % {"title": row.title}]
    if row.due_at is not None:
        said.append(UNTIL % {"until": until_said(row.due_at)})
    return "".join([*said, row.order, SIGN])


def tell_off(row: Task, charge: Charge, *, to: Charge | None = None) -> None:
    """Tell who was sent the order that he need not do it, unless he has it again. 通知撤销或转交"""
    again = {person.pk for person in recipients(to)} if to else set()
    told = [who for who in living_links(LINK, about_charge(charge)) if who not in again]
    text = (MOVED if to else OFF) % {"title": row.title}
    send_many(
        by=HOUSE,
        people=told,
        purpose="stand_down",
        matter=matter_of_charge(charge.pk),
        text=text,
        rank=STAND_DOWN,
        incident=row.incident_id,
    )


def end_task_links(*, incident: int) -> int:
    """The incident is over: the links of its tasks say so from now on; how many. 结束任务链接"""
    charges = Charge.objects.filter(task__incident=incident)
    return sum(end_links(about_charge(charge)) for charge in charges)


@transaction.atomic(savepoint=False)
def remind_unsigned(
    *, by: Actor, incident_id: str | int, task_id: str | int | None = None
) -> tuple[list[Task], int]:
    """Remind everybody who was sent a task of this incident and has not signed. 催办

    The tasks of which somebody was reminded, and how many messages went out. What was reminded of
    within the last minute waits; 409 when nothing is left to remind of.
    """
    require(by, "incident.task")
    incident = incident_seen(seen_by=by, incident_id=incident_id)
    # the incident is what all verbs of its tasks wait on
    type(incident).objects.select_for_update().get(pk=incident.pk)
    rows = unsigned_tasks(seen_by=by, incident_id=incident.pk)
    chosen = [row for row in rows if task_id is None or str(row.pk) == str(task_id)]
    before = clock.now() - REMIND_AGAIN
    ready = [r for r in chosen if r.reminded_at is None or r.reminded_at <= before]
    reminded = [(row, _remind(by, row)) for row in ready]
    told = [row for row, count in reminded if count]
    if not told:
        zh = _("没有可以催办的：都已签收、没有联系人，或一分钟内刚催过。")
        raise Refused("nothing_to_remind", zh, status=409)
    return told, sum(count for _row, count in reminded)


def _remind(by: Actor, row: Task) -> int:
    charge = charge_of(row)
    # whoever has been called until now; nobody whose turn has not come is called sooner by it
    people = called_about(about_charge(charge))
    if not people and not charge.told:
        return tell_charge(row, charge)
    people = people or [person.pk for person in recipients(charge)]
    number = row.reminders + 1
    count = _send(row, charge, people, reminder=number)
    if count:
        charge.told = max(charge.told, len(people))
        charge.save(update_fields=["told"])
        row.reminders, row.reminded_at = number, clock.now()
        row.save(update_fields=["reminders", "reminded_at"])
        event = TaskReminded(incident_id=row.incident_id, task_id=row.pk, reminder=number)
        emit(event, by=by, incident=row.incident_id, about=about(row), body=row.title)
    return count
