"""The reports of an incident to the upper level: drafts, signed ones, who has them. 信息报送查询"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language, gettext

from qianjun.incident.models import Incident
from qianjun.incident.queries import incident_seen
from qianjun.incident.queries.seen import incidents_seen
from qianjun.journal.deadlines import deadlines_of
from qianjun.journal.models import Deadline
from qianjun.org.actor import Actor, key_of, not_found
from qianjun.org.contact_models import Contact
from qianjun.org.models import Address, Person, Unit
from qianjun.org.queries import name_of
from qianjun.response.queries.clocks import clock_rules, recipients_for
from qianjun.response.queries.composing import composed
from qianjun.response.rules.families import COUNTED, DISASTER, EVENT, FAMILIES, KINDS
from qianjun.response.rules.upward import (
    CLOCKS,
    PHONE_REPORT,
    Line,
    Rules,
    digest_of,
    named,
    plain_text,
    rules_from,
    title_of,
)
from qianjun.response.upward_models import OPEN, STANDS, UpwardDelivery, UpwardReport

Json = dict[str, Any]


@cache
def upward_rules() -> Rules:
    """The rules that come with the house. 报送规则表"""
    return rules_from(clock_rules())


def name_said(kind: str, ordinal: int) -> str:
    """What a report is called, in the reader's language. 报告名称"""
    if not (get_language() or "").startswith("en"):
        return named(kind, ordinal)
    word = gettext(KINDS[kind])
    return f"{word} {ordinal}" if kind in COUNTED else word


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The report that would be signed now. ``row`` is None while nobody has touched it. 草稿"""

    row: UpwardReport | None
    kind: str
    ordinal: int
    family: str
    title: str
    lines: tuple[Line, ...]
    units: tuple[str, ...]

    @property
    def others(self) -> list[tuple[str, str]]:
        """The kinds that a person may choose instead, in the reader's language."""
        choices = FAMILIES[self.family].choices
        if self.kind not in choices:
            return []
        return [(one, gettext(KINDS[one])) for one in choices if one != self.kind]

    @property
    def name(self) -> str:
        """首报, 续报一 …"""
        return named(self.kind, self.ordinal)

    @property
    def said(self) -> str:
        """The same in the reader's language."""
        return name_said(self.kind, self.ordinal)

    @property
    def version(self) -> int:
        """What who changes it must have seen."""
        return self.row.version if self.row else 0

    @property
    def missing(self) -> int:
        """How many elements are not known yet."""
        return sum(one.missing for one in self.lines)

    @property
    def text(self) -> str:
        """The whole as it would be frozen."""
        return plain_text(self.lines)

    @property
    def digest(self) -> str:
        """What a signature would stand for."""
        return digest_of(
            kind=self.kind,
            ordinal=self.ordinal,
            title=self.title,
            text=self.text,
            units=self.units,
        )


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """A unit of the list, and what it was given: by telephone, and of the last report. 报送一行"""

    unit: Unit
    has_contact: bool
    phoned: UpwardDelivery | None
    given: UpwardDelivery | None

    @property
    def has_it(self) -> bool:
        """Whether the paper is with them: a message that it is there is not the paper itself."""
        return self.given is not None and is_with_them(self.given)


@dataclass(frozen=True, kw_only=True)
class Upward:
    """Everything about reporting one incident upward. 信息报送

    ``draft`` is None once a final report is signed; ``last`` is the last signed one.
    """

    incident: Incident
    family: str
    draft: Draft | None
    reports: tuple[UpwardReport, ...]
    recipients: tuple[Recipient, ...]
    deadlines: tuple[Deadline, ...]

    @property
    def last(self) -> UpwardReport | None:
        """The last signed report."""
        return next((one for one in self.reports if one.signed_at), None)

    @property
    def is_quick(self) -> bool:
        """Whether the short times run."""
        return any(one.kind == PHONE_REPORT for one in self.deadlines)

    @property
    def unphoned(self) -> int:
        """How many have not been told by telephone."""
        return sum(one.phoned is None for one in self.recipients)

    @property
    def ungiven(self) -> int:
        """How many have not been given the last signed report."""
        return sum(not one.has_it for one in self.recipients) if self.last else 0


def is_with_them(row: UpwardDelivery) -> bool:
    """Whether the unit has the report: sent by another way than a message, or acknowledged."""
    return row.way != UpwardDelivery.Way.MESSAGE or row.received_at is not None


def upward_of(*, seen_by: Actor, incident_id: str | int, family: str = EVENT) -> Upward:
    """The reports of an incident of one family; 404 when he does not see it. 信息报送"""
    return upward_about(incident_seen(seen_by=seen_by, incident_id=incident_id), family=family)


def families_of(incident: Incident) -> list[tuple[str, str]]:
    """Which families of reports there are of it, in the reader's language. 报告类别"""
    if incident.kind == Incident.Kind.OPERATION:
        return []
    fitting = (one for one in FAMILIES.values() if one.fits(incident.category))
    return [(one.code, gettext(one.word)) for one in fitting]


def units_for(incident: Incident, family: str) -> tuple[str, ...]:
    """To whom a report of this family goes. 报送单位"""
    if family == DISASTER:
        return clock_rules().by_code("disaster_first").units
    return recipients_for(incident)


def upward_about(incident: Incident, *, family: str = EVENT) -> Upward:
    """The same for one that he sees."""
    found = UpwardReport.objects.filter(incident=incident, family=family)
    rows = list(found.order_by("-pk"))
    closed = [row for row in rows if row.signed_at or row.waived_at]
    about = "incident", str(incident.pk)
    last = next((row for row in closed if row.signed_at), None)
    return Upward(
        incident=incident,
        family=family,
        draft=draft_among(incident, rows, family=family),
        reports=tuple(closed),
        recipients=_recipients(incident, last, family),
        deadlines=tuple(one for one in deadlines_of(about)[about] if one.kind in CLOCKS),
    )


def draft_among(
    incident: Incident, rows: Sequence[UpwardReport], *, family: str = EVENT
) -> Draft | None:
    """The report that is to come next, of its ``rows`` of this family, the latest first."""
    if not FAMILIES[family].fits(incident.category):
        return None
    if incident.kind == Incident.Kind.OPERATION or incident.merged_into_id is not None:
        return None
    row = next((one for one in rows if not one.signed_at and not one.waived_at), None)
    kind, ordinal = (row.kind, row.ordinal) if row else next_of(rows, family=family)
    if not kind:
        return None
    lines = composed(
        incident,
        kind=kind,
        written=row.written if row else {},
        before=next((one for one in rows if one.signed_at), None),
    )
    return Draft(
        row=row,
        kind=kind,
        ordinal=ordinal,
        family=family,
        title=title_of(incident=incident.title, kind=kind, ordinal=ordinal),
        lines=lines,
        units=units_for(incident, family),
    )


def next_of(rows: Iterable[UpwardReport], *, family: str = EVENT) -> tuple[str, int]:
    """Kind and number of the report that comes after these; ("", 0) after the end. 下一份"""
    ended = [one for one in rows if one.signed_at or one.waived_at]
    chain = FAMILIES[family]
    if any(one.kind in chain.ends for one in ended):
        return "", 0
    for kind in chain.firsts:
        same = [one for one in ended if one.kind == kind]
        if not any(one.signed_at for one in same):
            return ("", 0) if same else (kind, 0)
    numbers = (one.ordinal for one in ended if one.kind == chain.repeated)
    return chain.repeated, 1 + max(numbers, default=0)


def _recipients(
    incident: Incident, last: UpwardReport | None, family: str
) -> tuple[Recipient, ...]:
    codes = last.units if last else units_for(incident, family)
    reached = Exists(Address.objects.filter(person=OuterRef("person")))
    contacts = Exists(Contact.objects.filter(reached, unit=OuterRef("pk")))
    known = {one.code: one for one in Unit.objects.filter(code__in=codes).annotate(ready=contacts)}
    rows = UpwardDelivery.objects.filter(STANDS, incident=incident).order_by("pk")
    phoned = {row.unit_id: row for row in rows if row.report_id is None}
    given = {row.unit_id: row for row in rows if last and row.report_id == last.pk}
    return tuple(
        Recipient(
            unit=known[code],
            has_contact=known[code].ready,
            phoned=phoned.get(known[code].pk),
            given=given.get(known[code].pk),
        )
        for code in codes
        if code in known
    )


def report_upward_seen(*, seen_by: Actor, upward_id: str | int) -> UpwardReport:
    """A report that was signed, of an incident that he sees; else 404. 已签发的报告"""
    if not seen_by.may("incident.read"):
        raise not_found()
    rows = UpwardReport.objects.select_related("incident").filter(signed_at__isnull=False)
    seen = incidents_seen(seen_by).order_by()
    found = rows.filter(pk=key_of(upward_id), incident__in=seen).first()
    if found is None:
        raise not_found()
    return found


def signer_of(row: UpwardReport) -> str:
    """Who signed, in full: a report is answered for by name. 签发人"""
    if row.signer_kind != "person":
        return name_of(row.signer_kind, row.signer_id) if row.signer_kind else ""
    return Person.objects.values_list("name", flat=True).get(pk=row.signer_id)


def waiting_upward(*, seen_by: Actor) -> QuerySet[UpwardReport]:
    """Drafts that wait for a signature, the oldest first. 待签发"""
    seen = incidents_seen(seen_by).order_by()
    rows = UpwardReport.objects.filter(OPEN, asked_at__isnull=False, incident__in=seen)
    return rows.select_related("incident").order_by("asked_at", "pk")


# --- as the interface answers -------------------------------------------------------------------


def upward_json(found: Upward) -> Json:
    """Draft, signed reports, recipients. 信息报送"""
    return {
        "family": found.family,
        "families": [code for code, _word in families_of(found.incident)],
        "draft": draft_json(found.draft) if found.draft else None,
        "items": [report_json(one) for one in found.reports],
        "next": None,
        "quick": found.is_quick,
        "recipients": [_recipient_json(one) for one in found.recipients],
    }


def draft_json(draft: Draft) -> Json:
    """A draft: elements, what is missing, the digest to sign. 草稿"""
    asked = draft.row.asked_at if draft.row else None
    return {
        "id": str(draft.row.pk) if draft.row else None,
        "family": draft.family,
        "kind": draft.kind,
        "ordinal": draft.ordinal,
        "state": "asked" if asked else "draft",
        "title": draft.title,
        "version": draft.version,
        "elements": [one.as_json() for one in draft.lines],
        "missing": [one.code for one in draft.lines if one.missing],
        "units": list(draft.units),
        "text": draft.text,
        "digest": draft.digest,
    }


def report_json(row: UpwardReport) -> Json:
    """A report that is signed, or was decided not to be sent. 报告"""
    return {
        "id": str(row.pk),
        "family": row.family,
        "kind": row.kind,
        "ordinal": row.ordinal,
        "state": "signed" if row.signed_at else "waived",
        "number": row.number or None,
        "title": row.title or None,
        "elements": row.lines,
        "text": row.text or None,
        "digest": row.digest or None,
        "units": row.units,
        "signed_at": _iso(row.signed_at),
        "signed_how": (row.signed_how or "login") if row.signed_at else None,
        "waived_at": _iso(row.waived_at),
        "waived_why": row.waived_why or None,
    }


def _recipient_json(one: Recipient) -> Json:
    return {
        "unit": one.unit.code,
        "unit_said": one.unit.short_name,
        "has_contact": one.has_contact,
        "phoned": _delivery_json(one.phoned),
        "given": _delivery_json(one.given),
        "has_it": one.has_it,
    }


def _delivery_json(row: UpwardDelivery | None) -> Json | None:
    if row is None:
        return None
    return {
        "way": row.way,
        "told_at": row.told_at.isoformat(),
        "taken_by": row.taken_by or None,
        "received_at": _iso(row.received_at),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
