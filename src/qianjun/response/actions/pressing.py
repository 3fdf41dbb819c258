"""A report that is due: expected after a change, pressed for when late; words taken out. 催报"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from qianjun.confirm.actions import start_confirmation
from qianjun.confirm.rules import WAIT_S, Step
from qianjun.incident.actions.withholding import ERASED, HIDDEN
from qianjun.incident.activation_models import Activation
from qianjun.incident.models import Incident
from qianjun.incident.queries import latest_figures
from qianjun.journal.bus import emit
from qianjun.journal.deadlines import deadlines_of, set_deadline
from qianjun.journal.models import Entry
from qianjun.journal.rules import DEADLINES
from qianjun.org.actor import Actor, require
from qianjun.org.away.actions import tell_stand_ins
from qianjun.org.away.queries import deputies_of
from qianjun.org.queries import answering_or_role
from qianjun.response.actions.clocks import keep_clocks
from qianjun.response.actions.drafting import POST, about, expect_next
from qianjun.response.clock_models import ReportingClock
from qianjun.response.queries.clocks import clock_rules
from qianjun.response.rules.clocks import WATCH
from qianjun.response.rules.families import EVENT, FINAL, SUPPLEMENT
from qianjun.response.rules.upward import HURT, PHONE_REPORT, said_of
from qianjun.response.upward_events import SupplementDrafted, UpwardSigned, UpwardWritten
from qianjun.response.upward_models import OPEN, UpwardReport


@transaction.atomic(savepoint=False)
def expect_after_change(*, by: Actor, incident_id: int, at: datetime) -> bool:
    """Casualties changed: a follow-up is due when a first report has gone out. 伤亡变化续报"""
    require(by, "upward.write")
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    keep_clocks(incident)
    signed = UpwardReport.objects.filter(incident=incident, family=EVENT, signed_at__isnull=False)
    kinds = set(signed.values_list("kind", flat=True))
    if kinds and (FINAL in kinds or incident.state == Incident.State.CLOSED):
        return _supplement(incident, by=by, at=at)
    if not kinds:
        return False
    expect_next(incident, at=at, grade=incident.grade, changed=True)
    return True


@transaction.atomic(savepoint=False)
def expect_merged_report(*, by: Actor, incident_id: int, merged_id: int, at: datetime) -> bool:
    """Another incident was merged into this one, or taken out: who knows of it is told. 并案续报

    The clocks of both follow; what was overdue of the other stays so.
    """
    require(by, "upward.write")
    keys = sorted((incident_id, merged_id))
    rows = Incident.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    both = {row.pk: row for row in rows}
    for row in both.values():
        keep_clocks(row)
    signed = UpwardReport.objects.filter(
        incident=incident_id, family=EVENT, signed_at__isnull=False
    )
    kinds = set(signed.values_list("kind", flat=True))
    if not kinds or FINAL in kinds:
        return False
    lead = both[incident_id]
    expect_next(lead, at=at, grade=lead.grade, changed=True)
    return True


def _supplement(incident: Incident, *, by: Actor, at: datetime) -> bool:
    """After the end a change is reported on its day, for as many days as the law says. 补报"""
    watch = ReportingClock.objects.filter(
        incident=incident, step=WATCH, void_at__isnull=True, due_at__gt=at
    )
    if (
        not watch.exists()
        or UpwardReport.objects.filter(OPEN, incident=incident, family=EVENT).exists()
    ):
        return False
    rule = clock_rules().by_code(SUPPLEMENT)
    before = UpwardReport.objects.filter(incident=incident, kind=SUPPLEMENT)
    if before.filter(drafted_at__gte=at).exists():  # the same change, told again
        return False
    row = UpwardReport.objects.create(
        incident=incident, kind=SUPPLEMENT, ordinal=1 + before.count(), drafted_at=at
    )
    set_deadline(
        about=about(incident.pk),
        kind=SUPPLEMENT,
        started_at=at,
        due_at=rule.due_at(at),
        rule=said_of(rule),
        incident=incident.pk,
    )
    event = SupplementDrafted(
        incident_id=incident.pk, upward_id=row.pk, upward_kind=row.kind, ordinal=row.ordinal
    )
    emit(event, by=by, incident=incident.pk, about=("upward_report", str(row.pk)))
    keep_clocks(incident)
    return True


@transaction.atomic(savepoint=False)
def press_for_report(*, by: Actor, incident_id: int, kind: str) -> bool:
    """Call the leader on duty about a report that is late; whether anybody is called. 催报

    Of an incident that nobody has judged to be one to report, the black chip on the desk says it:
    a leader is not woken for every cat on a tree.
    """
    require(by, "upward.write")
    incident = Incident.objects.get(pk=incident_id)
    over = incident.state != Incident.State.OPEN and kind != SUPPLEMENT
    if over or not _must_report(incident):
        return False
    called = answering_or_role(POST)
    if not called:
        return False
    people = tell_stand_ins(called, by=by, incident=incident.pk)
    start_confirmation(
        by=by,
        about=("incident", str(incident.pk)),
        text=f"【时限已过】{incident.title}（{incident.number}）{DEADLINES[kind]}已过时限，请立即处理。",
        people=people,
        need=1,
        steps=[
            Step(after_s=WAIT_S * number, people=(one,), in_place_of={one: people[0]})
            for number, one in enumerate(deputies_of(POST, after=people), start=1)
        ],
    )
    return True


def _must_report(incident: Incident) -> bool:
    """Whether somebody has judged it grave: short clocks, a response, a report, people hurt."""
    mine = about(incident.pk)
    if any(one.kind == PHONE_REPORT for one in deadlines_of(mine)[mine]):
        return True
    if Activation.objects.filter(incident=incident, started_at__isnull=False).exists():
        return True
    if UpwardReport.objects.filter(incident=incident).exists():
        return True
    values = latest_figures([incident.pk])[incident.pk].values()
    return any(values.get(kind, 0) for kind in HURT)


@transaction.atomic(savepoint=False)
def forget_upward(*, entry: int, hidden: bool) -> None:
    """What an entry said is in no report any more; the digest stays as it was signed. 清除副本"""
    row = Entry.objects.filter(pk=entry).first()
    text = gettext(HIDDEN if hidden else ERASED)
    if row is None or row.name not in (UpwardSigned.name, UpwardWritten.name):
        return
    report = UpwardReport.objects.select_for_update().get(pk=row.payload["upward_id"])
    if row.name == UpwardSigned.name:
        report.text, report.lines = text, []
        report.save(update_fields=["text", "lines"])
    elif report.written.get(row.payload["element"]) and not report.signed_at:
        report.written = report.written | {row.payload["element"]: text}
        report.save(update_fields=["written"])
