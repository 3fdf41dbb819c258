"""Who must be told of this accident, and whether they have been. 事故通报查询"""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, Final

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import get_language

from qianjun.incident.models import Incident
from qianjun.incident.queries import incident_seen
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.contact_models import Contact
from qianjun.org.models import Address, Unit
from qianjun.response.notice_models import STANDS, AccidentNotice
from qianjun.response.rules.noticing import NoticeRule, notice_rules, rule_for

TABLE: Final = resources.files("qianjun.response") / "tables" / "notices.toml"
ACCIDENTS: Final = "12"  # 事故灾难
_COLUMNS: Final = {one.attname: one.attname for one in AccidentNotice._meta.concrete_fields}


@dataclass(frozen=True, kw_only=True)
class Told:
    """A unit of the list: what was done, and whether a message can reach it. 通报一行"""

    unit: Unit
    row: AccidentNotice | None
    has_contact: bool

    @property
    def state(self) -> str:
        """due, told or received."""
        if self.row is None:
            return "due"
        return "received" if self.row.received_at else "told"

    def as_json(self) -> dict[str, Any]:
        """As the interface answers it."""
        row = self.row
        return {
            "unit": self.unit.code,
            "unit_said": self.unit.short_name,
            "state": self.state,
            "has_contact": self.has_contact,
            "way": row.way if row else None,
            "told_at": _iso(row.told_at if row else None),
            "taken_by": (row.taken_by or None) if row else None,
            "received_at": _iso(row.received_at if row else None),
        }


@dataclass(frozen=True, kw_only=True)
class Notices:
    """The list of an incident. ``is_asked`` when its category asks for it by itself. 通报清单"""

    rule: NoticeRule
    is_asked: bool
    is_offered: bool
    due_at: datetime
    lines: tuple[Told, ...]

    @property
    def open(self) -> int:
        """How many have not been told."""
        return sum(one.state == "due" for one in self.lines)

    @property
    def reachable(self) -> int:
        """How many of these a message can reach."""
        return sum(one.state == "due" and one.has_contact for one in self.lines)

    @property
    def is_gap(self) -> bool:
        """Whether the law asks and nobody has been told."""
        return self.is_asked and self.open == len(self.lines)

    @property
    def title(self) -> str:
        """What the notice is, in the reader's language."""
        return self.rule.en if _latin() else self.rule.zh

    @property
    def basis(self) -> str:
        """Where the law asks for it, in the reader's language."""
        return self.rule.basis_en if _latin() else self.rule.basis_zh


def _latin() -> bool:
    return (get_language() or "").startswith("en")


@cache
def known_rules() -> tuple[NoticeRule, ...]:
    """The rules that come with the house. 规则表"""
    return notice_rules(tomllib.loads(TABLE.read_text(encoding="utf-8")))


def rule_of(incident: Incident) -> NoticeRule | None:
    """What its category asks for; an operation is no accident."""
    if incident.kind == Incident.Kind.OPERATION or not incident.category:
        return None
    return rule_for(incident.category, known_rules())


def rule_that_may(incident: Incident) -> NoticeRule:
    """The rule that asks, else the one that an officer may follow by his own judgement."""
    return rule_of(incident) or known_rules()[0]


def notices_of(*, seen_by: Actor, incident_id: str | int) -> Notices:
    """The list for an incident; 404 when he does not see it. 事故通报"""
    return notices_about(incident_seen(seen_by=seen_by, incident_id=incident_id))


def notices_about(incident: Incident) -> Notices:
    """The same for one that he sees; one statement. 事故通报"""
    rule, asked = rule_that_may(incident), rule_of(incident) is not None
    told = AccidentNotice.objects.filter(STANDS, incident=incident, unit=OuterRef("pk"))
    reached = Exists(Address.objects.filter(person=OuterRef("person")))
    contacts = Exists(Contact.objects.filter(reached, unit=OuterRef("pk")))
    units = Unit.objects.filter(code__in=rule.units).annotate(
        has_contact=contacts, told=Subquery(told.values(row=JSONObject(**_COLUMNS))[:1])
    )
    known = {unit.code: unit for unit in units}
    lines = tuple(
        Told(unit=unit, row=_row(unit.told), has_contact=unit.has_contact)
        for unit in (known[code] for code in rule.units if code in known)
    )
    accident = incident.kind != Incident.Kind.OPERATION and incident.category.startswith(ACCIDENTS)
    return Notices(
        rule=rule,
        is_asked=asked,
        is_offered=accident or any(one.row for one in lines),
        due_at=incident.received_at + rule.within,
        lines=lines,
    )


def _row(told: dict[str, Any] | None) -> AccidentNotice | None:
    """The row of the table, as it came beside its unit."""
    if told is None:
        return None
    fields = AccidentNotice._meta.concrete_fields
    values = [one.to_python(told[one.attname]) for one in fields]
    return AccidentNotice.from_db("default", [one.attname for one in fields], values)


def recipient_of(told: Notices, code: str) -> Told:
    """The line of this unit; 422 for one that the rule does not name."""
    found = next((one for one in told.lines if one.unit.code == code), None)
    if found is None:
        zh = _("这个单位不在通报清单里。")
        fault = FieldError(field="unit", code="unknown_unit", zh=zh)
        raise Refused("unknown_unit", zh, fields=(fault,))
    return found


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
