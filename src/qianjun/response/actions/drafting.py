"""Write a report to the upper level: words, checked numbers, the short clocks. 起草上报"""

from datetime import datetime
from typing import Final

from django.db import transaction

from qianjun.incident.actions.held import held_incident, must_be_open
from qianjun.incident.models import Figure, Incident
from qianjun.incident.queries import latest_figures
from qianjun.journal.bus import emit
from qianjun.journal.deadlines import deadlines_of, meet_deadline, set_deadline
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field, words
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.response.actions.clocks import keep_clocks
from qianjun.response.queries.upward import Draft, draft_among, draft_json, upward_rules
from qianjun.response.rules.families import COUNTED, EVENT, FAMILIES, FIRST, FOLLOW_UP, SUPPLEMENT
from qianjun.response.rules.upward import (
    CHECKED,
    ELEMENT_WORDS,
    PHONE_REPORT,
    TEXT_MOST,
    WHY_MOST,
    WRITTEN_REPORT,
    is_quick,
    next_limit,
)
from qianjun.response.upward_events import (
    ClocksQuickened,
    FigureChecked,
    FigureUnchecked,
    UpwardWritten,
)
from qianjun.response.upward_models import OPEN, STANDS, FigureCheck, UpwardReport

POST: Final = "leader_in_charge"  # who signs, and is called when it is late
STALE = _("这份上报稿刚被别人改过，请看过最新内容再改。")
NO_DRAFT = _("这个事件没有待写的上报稿。")


def about(incident: int) -> tuple[str, str]:
    """What the deadlines of its reports are about."""
    return "incident", str(incident)


def held_draft(
    by: Actor, incident_id: str | int, *, family: str = EVENT
) -> tuple[Incident, UpwardReport]:
    """The incident, locked, and the report that comes next, with its row; 404, 409. 锁定草稿"""
    incident = held_incident(by, incident_id)
    return incident, row_of(incident, draft_now(incident, family=family))


def row_of(incident: Incident, draft: Draft) -> UpwardReport:
    """The row of the draft of an incident that is locked, made when nobody has touched it yet."""
    if draft.row is not None:
        return draft.row
    return UpwardReport.objects.create(
        incident=incident,
        family=draft.family,
        kind=draft.kind,
        ordinal=draft.ordinal,
        drafted_at=clock.now(),
    )


def draft_first(incident: Incident) -> None:
    """A response has started: the first report waits to be signed, whoever looks. 首报草稿"""
    known = UpwardReport.objects.filter(incident=incident, family=EVENT)
    if incident.kind != Incident.Kind.OPERATION and not known.exists():
        UpwardReport.objects.create(incident=incident, kind=FIRST, drafted_at=clock.now())
        keep_clocks(incident)


def draft_now(incident: Incident, *, family: str = EVENT) -> Draft:
    """The report that would be signed now; 409 when none is to be written."""
    if family not in FAMILIES:
        raise refused_field("family", "unknown_family", _("没有这一类报告。"))
    found = UpwardReport.objects.filter(incident=incident, family=family)
    draft = draft_among(incident, list(found.order_by("-pk")), family=family)
    if draft is None:
        raise Refused("no_draft", NO_DRAFT, status=409)
    return draft


def must_be_seen(draft: Draft, version: int) -> None:
    """Refuse with 409 ``stale``, and the draft as it is now, who wrote on an older one."""
    if draft.version != version:
        raise Refused("stale", STALE, status=409, extra={"current": draft_json(draft)})


@transaction.atomic(savepoint=False)
def write_element(
    *,
    by: Actor,
    incident_id: str | int,
    element: str,
    text: str,
    version: int,
    family: str = EVENT,
) -> UpwardReport:
    """Put words in the place of what the facts say; none gives the facts back. 改写要素

    409 ``stale`` for words that were put on an older draft.
    """
    require(by, "upward.write")
    if element not in ELEMENT_WORDS:
        raise refused_field("element", "unknown_element", _("没有这个要素。"))
    said = words("text", text, most=TEXT_MOST, least=0)
    incident = held_incident(by, incident_id)
    draft = draft_now(incident, family=family)
    must_be_seen(draft, version)
    line = next((one for one in draft.lines if one.code == element), None)
    if line is None:
        raise refused_field("element", "unknown_element", _("这一份里没有这个要素。"))
    row = row_of(incident, draft)
    own = "" if said == line.derived else said
    if row.written.get(element, "") == own:
        return row
    row.written = {**{k: v for k, v in row.written.items() if k != element}} | (
        {element: own} if own else {}
    )
    row.version += 1
    row.save(update_fields=["written", "version"])
    event = UpwardWritten(incident_id=incident.pk, upward_id=row.pk, element=element)
    emit(event, by=by, incident=incident.pk, about=("upward_report", str(row.pk)), body=own)
    return row


@transaction.atomic(savepoint=False)
def choose_kind(
    *, by: Actor, incident_id: str | int, kind: str, family: str = EVENT
) -> UpwardReport:
    """Say which kind comes next: a follow-up or the final one, a survey, a supplement. 续报或终报

    409 ``first_is_open`` while the first one is not signed.
    """
    require(by, "upward.write")
    if family not in FAMILIES or kind not in FAMILIES[family].choices:
        raise refused_field("kind", "unknown_kind", _("这一类里不能改成这种报告。"))
    incident, row = held_draft(by, incident_id, family=family)
    if row.kind == SUPPLEMENT:
        zh = _("这是终报之后的补报，不能改成别的。")
        raise Refused("supplement_is_open", zh, status=409)
    if row.kind in FAMILIES[family].firsts:
        raise Refused("first_is_open", _("首报还没有签发，请先签发首报。"), status=409)
    if row.kind == kind:
        return row
    ends = UpwardReport.objects.filter(incident=incident, family=family, kind=kind)
    row.kind = kind
    row.ordinal = 1 + ends.exclude(pk=row.pk).count() if kind in COUNTED else 0
    row.asked_at, row.version = None, row.version + 1
    row.save(update_fields=["kind", "ordinal", "asked_at", "version"])
    return row


@transaction.atomic(savepoint=False)
def check_figure(*, by: Actor, incident_id: str | int, kind: str, checked: bool = True) -> Figure:
    """Tick that the number that stands was checked with its source, or take that back. 核实数字

    Only a checked number of dead is ever reported. Again changes nothing; 422 ``no_figure``.
    """
    require(by, "upward.write")
    if kind not in CHECKED:
        raise refused_field("kind", "unknown_kind", _("只有伤亡、失联的数字要核实。"))
    incident = held_incident(by, incident_id)
    figure = latest_figures([incident.pk])[incident.pk].standing.get(kind)
    if figure is None:
        raise refused_field("kind", "no_figure", _("还没有这个数字，请先报数并写来源。"))
    stands = FigureCheck.objects.filter(STANDS, figure=figure)
    if stands.exists() == checked:
        return figure
    if checked:
        FigureCheck.objects.create(figure=figure, at=clock.now(), by_kind=by.kind, by_id=by.ident)
    else:
        stands.update(withdrawn_at=clock.now())
    told = FigureChecked if checked else FigureUnchecked
    event = told(incident_id=incident.pk, figure_id=figure.pk, figure_kind=kind, value=figure.value)
    emit(event, by=by, incident=incident.pk, body=figure.source)
    return figure


@transaction.atomic(savepoint=False)
def quicken(*, by: Actor, incident_id: str | int, why: str) -> bool:
    """Switch the short clocks on, on the leader's word; whether they were off. 启用快报时限"""
    require(by, "upward.write")
    said = words("why", why, most=WHY_MOST)
    incident = held_incident(by, incident_id)
    must_be_open(incident)
    return _quicken(incident, by=by, why=said)


@transaction.atomic(savepoint=False)
def quicken_by_grade(*, by: Actor, incident_id: int) -> bool:
    """The grade alone switches them on; whether it did. 按分级启用快报"""
    require(by, "upward.write")
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    keep_clocks(incident)
    if incident.kind == Incident.Kind.OPERATION or incident.state != Incident.State.OPEN:
        return False
    if not is_quick(upward_rules(), incident.grade):
        return False
    return _quicken(incident, by=by, why="")


def _quicken(incident: Incident, *, by: Actor, why: str) -> bool:
    mine = about(incident.pk)
    ended = UpwardReport.objects.filter(incident=incident, family=EVENT).exclude(OPEN)
    if ended.exists() or any(one.kind == PHONE_REPORT for one in deadlines_of(mine)[mine]):
        return False
    rules = upward_rules()
    for kind, limit in ((PHONE_REPORT, rules.phone), (WRITTEN_REPORT, rules.written)):
        set_deadline(
            about=mine,
            kind=kind,
            started_at=incident.received_at,
            due_at=incident.received_at + limit.within,
            rule=limit.zh,
            incident=incident.pk,
        )
    event = ClocksQuickened(
        incident_id=incident.pk,
        phone_min=int(rules.phone.within.total_seconds() // 60),
        written_min=int(rules.written.within.total_seconds() // 60),
    )
    emit(event, by=by, incident=incident.pk, body=why)
    keep_clocks(incident)
    return True


def expect_next(incident: Incident, *, at: datetime, grade: int | None, changed: bool) -> None:
    """A follow-up is due: after the last report, or because casualties have changed. 续报时限"""
    rules = upward_rules()
    limit = rules.changed if changed else next_limit(rules, grade)
    set_deadline(
        about=about(incident.pk),
        kind=FOLLOW_UP,
        started_at=at,
        due_at=at + limit.within,
        rule=limit.zh,
        incident=incident.pk,
    )


def met(incident: int, kind: str, *, at: datetime) -> None:
    """What was due of this kind is done."""
    meet_deadline(about=about(incident), kind=kind, at=at)
