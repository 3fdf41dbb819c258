"""Volunteers with source, consent, age and insurance. 志愿者导入

A volunteer is found again by his mobile. Without a source he has signed up here; who comes from a
list from above says for which incident, and until when. Whoever is not known yet becomes a person
of his community. What is left empty stays as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import F, QuerySet

from qianjun.force.models import TeamMember, Volunteer
from qianjun.force.rules.calling import adult_on
from qianjun.force.sheets import (
    ABLE_COLUMNS,
    POINT_COLUMNS,
    SAID,
    Ground,
    No,
    Spot,
    as_json,
    check_mobile,
    ground,
    morning_of,
    put_back,
    refused,
    skills_of,
    spot_of,
)
from qianjun.incident.models import Incident
from qianjun.incident.rules.numbering import DISTRICT
from qianjun.kernel import clock
from qianjun.kernel.geometry import cell
from qianjun.kernel.sheets import Column, RowOutcome, Table
from qianjun.kernel.text import sort_key
from qianjun.kernel.words import noop as _
from qianjun.org.importing.people import KIND as PEOPLE
from qianjun.org.imports.kinds import Found, Outcome, Snapshot
from qianjun.org.imports.rules import chunks
from qianjun.org.models import Address, Person

CHANNEL: Final = "sms"
CONSENT: Final = "本人同意被邀请参加应急志愿服务（导入自“%s”）。"
SAID_HERE: Final = SAID | {
    "phone_of_another": _("这个号码是系统里另一个人的。"),
    "phone_twice": _("与第 %(row)s 行是同一个号码。"),
    "not_yet": _("日期还没有到。"),
    "organisation_needed": _("组织代联系的，请写是哪个组织。"),
    "not_an_organisation": _("只有组织代联系的才写组织。"),
    "incident_needed": _("上级名单只能用于一个事件：请写事件编号和失效时间。"),
    "not_a_list": _("只有上级名单才写事件编号和失效时间。"),
    "unknown_incident": _("没有这个处置中的事件；请核对事件编号。"),
    "over": _("失效时间已经过去。"),
}
TABLE: Final = Table(
    name="volunteers",
    columns=(
        Column(
            field="name",
            zh=_("姓名"),
            titles=("名字", "志愿者姓名", "name"),
            required=True,
            max_chars=60,
        ),
        Column(
            field="phone",
            zh=_("手机"),
            kind="phone",
            titles=("手机号", "手机号码", "电话", "联系电话", "联系方式", "phone"),
            required=True,
        ),
        Column(field="born_on", zh=_("出生日期"), kind="date", titles=("出生年月", "生日")),
        Column(
            field="community",
            zh=_("社区"),
            titles=("所在社区", "居住社区", "社区代码", "村社区"),
            max_chars=80,
        ),
        *POINT_COLUMNS,
        *ABLE_COLUMNS,
        Column(
            field="consent",
            zh=_("同意召集"),
            kind="bool",
            titles=("是否同意", "同意接收", "知情同意", "同意接收短信"),
        ),
        Column(field="consent_on", zh=_("同意日期"), kind="date", titles=("签字日期", "同意时间")),
        Column(
            field="source",
            zh=_("来源"),
            kind="choice",
            titles=("数据来源", "名单来源", "登记来源"),
            choices={
                "本单位报名": "own_sign_up",
                "自己报名": "own_sign_up",
                "组织代联系": "organisation",
                "上级名单": "list_from_above",
            },
        ),
        Column(field="organisation", zh=_("所在组织"), titles=("组织", "志愿组织", "所属组织")),
        Column(field="incident", zh=_("事件编号"), kind="code", titles=("事件", "仅限事件")),
        Column(field="expires_at", zh=_("名单失效时间"), kind="instant", titles=("失效时间",)),
    ),
    key=("phone",),
)
SET: Final = (
    *("source", "organisation_id", "for_incident_id", "expires_at", "consent_at", "consent_text"),
    *("lon", "lat", "cell", "schematic", "community", "adult_from", "skills", "insured_until"),
)
KEPT: Final = (
    *SET,
    *("paused_until", "busy_until", "asked", "accepted", "counted_year", "calls_this_year"),
    *("minutes_this_year", "registered_at"),
)
Values = Mapping[str, Any]
WRITTEN: Final = [name.removesuffix("_id") for name in SET]


@dataclass(frozen=True, kw_only=True, slots=True)
class Meant:
    """What a row wants; None leaves what is. 所求"""

    name: str
    phone: str
    unit: int
    spot: Spot
    adult_from: date | None
    skills: int | None
    insured_until: date | None
    consent: bool | None
    consent_at: datetime | None
    source: str
    organisation: int | None
    incident: int | None
    expires_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the base knows of the numbers and incidents of a sheet. 已知"""

    ground: Ground
    people: Mapping[str, Person]  # by number
    volunteers: Mapping[int, Volunteer]  # by person
    agreed: frozenset[str]  # numbers with consent
    incidents: Mapping[str, int]
    met: dict[str, int]


def _known(rows: Sequence[RowOutcome]) -> Known:
    phones = [str(row.values["phone"]) for row in rows if row.values["phone"]]
    numbers = [str(row.values["incident"]) for row in rows if row.values["incident"]]
    held = [way for piece in chunks(phones) for way in _ways(piece).select_related("person")]
    people = {way.value: way.person for way in held}
    keys = [one.pk for one in people.values()]
    theirs = [v for piece in chunks(keys) for v in Volunteer.objects.filter(person__in=piece)]
    running = Incident.objects.filter(number__in=set(numbers), state=Incident.State.OPEN)
    return Known(
        ground=ground(),
        people=people,
        volunteers={one.person_id: one for one in theirs},
        agreed=frozenset(way.value for way in held if way.consent_at is not None),
        incidents=dict(running.values_list("number", "pk")),
        met={},
    )


def _ways(phones: Sequence[str]) -> QuerySet[Address]:
    """Their addresses; in pieces, for a statement takes 65,535 values at most."""
    return Address.objects.filter(channel=CHANNEL, value__in=phones).order_by("pk")


# --- judging --------------------------------------------------------------------------------------


def _meant(row: RowOutcome, known: Known) -> Meant:
    values: dict[str, Any] = row.values
    check_mobile(values["phone"], "phone")
    today = clock.in_beijing(clock.now()).date()
    for column in ("born_on", "consent_on"):
        if values[column] and values[column] > today:
            raise No(column, "not_yet")
    named = values["community"]
    community = known.ground.community(named, "community") if named else None
    spot = spot_of(values, community=community)
    source = values["source"] or "own_sign_up"
    organisation = _organisation(values, known, source=source)
    incident, expires_at = _list(values, known, source=source)
    day = values["consent_on"]
    return Meant(
        name=values["name"],
        phone=values["phone"],
        unit=organisation or _unit(spot, known),
        spot=spot,
        adult_from=adult_on(values["born_on"]) if values["born_on"] else None,
        skills=skills_of(values["skills"]),
        insured_until=values["insured_until"],
        consent=True if values["consent"] is None and day else values["consent"],
        consent_at=morning_of(day) if day else None,
        source=source,
        organisation=organisation,
        incident=incident,
        expires_at=expires_at,
    )


def _unit(spot: Spot, known: Known) -> int:
    """That of his community, else the bureau."""
    return (known.ground.units.get(spot.community) or known.ground.units[DISTRICT])[0]


def _organisation(values: Values, known: Known, *, source: str) -> int | None:
    named = values["organisation"]
    if source == "organisation":
        if not named:
            raise No("organisation", "organisation_needed")
        return known.ground.unit(named, "organisation")
    if named:
        raise No("organisation", "not_an_organisation")
    return None


def _list(values: Values, known: Known, *, source: str) -> tuple[int | None, datetime | None]:
    number, expires_at = values["incident"], values["expires_at"]
    if source != "list_from_above":
        if number or expires_at:
            raise No("incident" if number else "expires_at", "not_a_list")
        return None, None
    if not number or not expires_at:
        raise No("incident" if not number else "expires_at", "incident_needed")
    if number not in known.incidents:
        raise No("incident", "unknown_incident")
    if expires_at <= clock.now():
        raise No("expires_at", "over")
    return known.incidents[number], expires_at


def _judged(row: RowOutcome, known: Known) -> Found:
    try:
        meant = _meant(row, known)
        first = known.met.setdefault(meant.phone, row.row_number)
        if first != row.row_number:
            raise No("phone", "phone_twice", row=first)
        person = known.people.get(meant.phone)
        if person is not None and person.name != meant.name:
            raise No("phone", "phone_of_another")
    except No as no:
        return refused(row.row_number, no, table=TABLE, said=SAID_HERE)
    if person is None:
        return Found(row_number=row.row_number, outcome="new", meant=meant)
    so = _is_so(meant, known.volunteers.get(person.pk), known)
    outcome: Outcome = "unchanged" if so else "changed"
    return Found(row_number=row.row_number, outcome=outcome, about=person.pk, meant=meant)


def _is_so(meant: Meant, one: Volunteer | None, known: Known) -> bool:
    """Whether the base says already what the row says."""
    if one is None:
        return False
    agreed = one.consent_at is not None
    if meant.consent is not None and meant.consent != (agreed and meant.phone in known.agreed):
        return False
    filled = _filled(one.person_id, one, replace(meant, consent=None), "", clock.now())
    return all(getattr(filled, name) == getattr(one, name) for name in SET)


# --- writing --------------------------------------------------------------------------------------


def _filled(
    person: int, old: Volunteer | None, meant: Meant, source: str, now: datetime
) -> Volunteer:
    """The row as it shall stand; counts and pauses are nobody's to import."""
    row = Volunteer(person_id=person, registered_at=now)
    row.counted_year = clock.in_beijing(now).year
    if old is not None:
        for name in KEPT:
            setattr(row, name, getattr(old, name))
    row.source, row.organisation_id = meant.source, meant.organisation
    row.for_incident_id, row.expires_at = meant.incident, meant.expires_at
    spot = meant.spot
    row.lon, row.lat, row.cell = spot.lon, spot.lat, cell(spot.lon, spot.lat)
    row.schematic, row.community = spot.schematic, spot.community
    row.adult_from = meant.adult_from or row.adult_from
    row.insured_until = meant.insured_until or row.insured_until
    row.skills = row.skills if meant.skills is None else meant.skills
    if meant.consent:
        row.consent_at = row.consent_at or meant.consent_at or now
        row.consent_text = row.consent_text or CONSENT % source
    elif meant.consent is False:
        row.consent_at, row.consent_text = None, ""
    return row


def _write_ways(rows: Sequence[tuple[int, Meant]], *, source: str, now: datetime) -> None:
    """The number of each with what he agreed to; what stands is changed only by a yes or no."""
    phones = [meant.phone for _person, meant in rows]
    there = {way.value: way for way in _ways(phones)}
    made: list[Address] = []
    changed: list[Address] = []
    for person, meant in rows:
        way = there.get(meant.phone) or Address(
            person_id=person,
            channel=CHANNEL,
            value=meant.phone,
            is_synthetic=settings.REALM != "live",
        )
        if meant.consent and way.consent_at is None:
            way.consent_at, way.consent_text = meant.consent_at or now, CONSENT % source
        elif meant.consent is False:
            way.consent_at, way.consent_text = None, ""
        (changed if way.pk else made).append(way)
    Address.objects.bulk_create(made)
    Address.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["consent_at", "consent_text"],
    )


class Volunteers:
    """The kind. 志愿者"""

    name, title, permission = "volunteers", _("志愿者"), "import.force"
    about, table = "person", TABLE

    def judge(self, rows: Sequence[RowOutcome]) -> list[Found]:
        """Found again by number, or new; what the base refuses says why."""
        known = _known(rows)
        return [_judged(row, known) for row in rows]

    def write(self, rows: Sequence[Found], *, source: str) -> list[int]:
        """People who are new, their numbers, and every volunteer in one statement."""
        now = clock.now()
        new = [
            Person(name=row.meant.name, unit_id=row.meant.unit, sort_key=sort_key(row.meant.name))
            for row in rows
            if row.about is None
        ]
        fresh = iter(Person.objects.bulk_create(new))
        keys = [next(fresh).pk if row.about is None else row.about for row in rows]
        told = list(zip(keys, (row.meant for row in rows), strict=True))
        _write_ways(told, source=source, now=now)
        old = {one.person_id: one for one in Volunteer.objects.filter(person__in=keys)}
        Volunteer.objects.bulk_create(
            [_filled(key, old.get(key), meant, source, now) for key, meant in told],
            update_conflicts=True,
            unique_fields=["person"],
            update_fields=WRITTEN,
        )
        # whoever has one of them open on a page is told that he was changed
        Volunteer.objects.filter(person__in=list(old)).update(version=F("version") + 1)
        return keys

    def snapshots(self, idents: Sequence[int]) -> dict[int, Snapshot]:
        """The person as an import of people keeps him, his teams, and the volunteer."""
        found = PEOPLE.snapshots(idents)
        for one in found.values():
            one["volunteer"] = None
        for row in Volunteer.objects.filter(person__in=idents):
            kept = {name: as_json(getattr(row, name)) for name in KEPT}
            found[row.person_id]["volunteer"] = kept | {"pk": row.pk}
        members = TeamMember.objects.filter(person__in=idents).order_by("pk")
        for pk, person in members.values_list("pk", "person_id"):
            found[person].setdefault("teams", []).append(pk)
        return found

    def remove(self, idents: Sequence[int]) -> None:
        """Number and volunteer go with the person."""
        PEOPLE.remove(idents)

    def restore(self, before: Mapping[int, Snapshot]) -> None:
        """Who was no volunteer is none again; the others are as they were."""
        PEOPLE.restore(before)
        were = {person: one["volunteer"] for person, one in before.items() if one["volunteer"]}
        Volunteer.objects.filter(person__in=set(before) - set(were)).delete()
        Volunteer.objects.bulk_create(
            [_restored(person, kept) for person, kept in were.items()],
            update_conflicts=True,
            unique_fields=["person"],
            update_fields=WRITTEN,
        )


def _restored(person: int, kept: Mapping[str, Any]) -> Volunteer:
    row = Volunteer(person_id=person)
    put_back(row, KEPT, kept)
    return row


KIND = Volunteers()
