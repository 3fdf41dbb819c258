"""People with their unit, telephone and consent. 人员导入

A person is found again by name and telephone, else by name and unit. A new number replaces the
first one; consent is per address, so a new number has only what this sheet says.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final

from django.conf import settings
from django.db.models import F

from qianjun.kernel import clock
from qianjun.kernel.sheets import Column, RowOutcome, Table
from qianjun.kernel.text import sort_key
from qianjun.kernel.words import noop as _
from qianjun.org.imports.kinds import Complaint, Found, Outcome, Snapshot
from qianjun.org.models import Address, Grant, Holding, Person, Unit

MOBILE, SYNTHETIC = re.compile(r"1[3-9]\d{9}"), re.compile(r"100\d{8}")
GAP_IN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
CONSENT: Final = "本人同意接收召集与通知（导入自“%s”）。"
SAID: Final = {
    "unknown_unit": _("没有这个单位；请写系统里的单位全称、简称或代码。"),
    "two_units": _("有几个单位都叫这个名字，请写单位代码。"),
    "not_a_mobile": _("不是手机号码。"),
    "not_synthetic": _("演示和演练环境只收 100 开头的虚构号码。"),
    "phone_of_another": _("这个号码已经是系统里另一个人的。"),
    "phone_twice": _("这个号码在表里给了不同的人（第 %(row)s 行）。"),
    "two_people": _("系统里这个单位有几个同名的人，请补上手机号码。"),
    "same_person": _("与第 %(row)s 行是同一个人。"),
    "consent_later": _("同意的日期还没有到。"),
}
TABLE: Final = Table(
    name="people",
    columns=(
        Column(
            field="name",
            zh=_("姓名"),
            titles=("名字", "人员姓名", "成员姓名", "联系人", "责任人", "name"),
            required=True,
            max_chars=60,
        ),
        Column(
            field="unit",
            zh=_("单位"),
            titles=("工作单位", "所在单位", "部门", "所属单位", "单位名称", "单位代码", "科室"),
            required=True,
            max_chars=100,
        ),
        Column(
            field="phone",
            zh=_("手机"),
            kind="phone",
            titles=("手机号", "手机号码", "电话", "联系电话", "联系方式", "移动电话", "phone"),
        ),
        Column(
            field="email",
            zh=_("邮箱"),
            kind="code",
            titles=("电子邮箱", "电子邮件", "邮件", "email", "e-mail"),
            pattern=r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]+",
        ),
        Column(
            field="consent",
            zh=_("同意接收"),
            kind="bool",
            titles=("是否同意", "是否同意接收", "同意接收短信", "同意通知", "知情同意"),
        ),
        Column(
            field="consent_on",
            zh=_("同意日期"),
            kind="date",
            titles=("签字日期", "同意时间", "知情同意日期"),
        ),
    ),
    key=("name", "phone"),
)
Ways = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Meant:
    """What a row wants; consent None leaves what is, True or False says. 所求"""

    name: str
    unit: int
    ways: Ways
    consent: bool | None
    consent_at: datetime | None


@dataclass(kw_only=True)
class Known:
    """Everybody and every number of the base, and of the rows above. 已有人员"""

    units: Mapping[str, list[int]]
    people: Mapping[int, tuple[str, int]]
    ways: Mapping[int, list[Address]]
    by_name: Mapping[str, list[int]]
    by_phone: Mapping[str, list[int]]
    phones: dict[str, tuple[str, int]] = field(default_factory=dict)  # name and row, of this sheet
    met: dict[int, int] = field(default_factory=dict)
    unnamed: dict[tuple[str, int], int] = field(default_factory=dict)


class _No(Exception):
    """A row that the base refuses."""

    def __init__(self, column: str, code: str, **words: int) -> None:
        super().__init__(code)
        self.column, self.code, self.words = column, code, words


def _known() -> Known:
    units = defaultdict[str, list[int]](list)
    for pk, *called in Unit.objects.values_list("pk", "code", "name", "short_name"):
        for word in set(called):
            units[word].append(pk)
    people = {pk: (name, unit) for pk, name, unit in _people()}
    by_name, by_phone = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for pk, (name, _unit) in people.items():
        by_name[name].append(pk)
    ways = defaultdict[int, list[Address]](list)
    for one in Address.objects.order_by("rank", "pk"):
        ways[one.person_id].append(one)
        by_phone[one.value].append(one.person_id)
    return Known(units=units, people=people, ways=ways, by_name=by_name, by_phone=by_phone)


def _people() -> Any:  # noqa: ANN401 - rows of values have no narrower type
    return Person.objects.values_list("pk", "name", "unit_id")


def _meant(row: RowOutcome, known: Known) -> Meant:
    values: dict[str, Any] = row.values
    units = known.units.get(values["unit"], [])
    if len(units) != 1:
        raise _No("unit", "two_units" if units else "unknown_unit")
    phone, consent, day = values["phone"], values["consent"], values["consent_on"]
    if phone:
        _check_phone(phone)
    if day and day > clock.in_beijing(clock.now()).date():
        raise _No("consent_on", "consent_later")
    return Meant(
        name=GAP_IN_CHINESE.sub("", values["name"]),
        unit=units[0],
        ways=tuple(
            (channel, value)
            for channel, value in (("sms", phone), ("email", values["email"]))
            if value
        ),
        consent=True if consent is None and day else consent,
        consent_at=_morning_of(day) if day else None,
    )


def _morning_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.BEIJING)


def _check_phone(phone: str) -> None:
    if settings.REALM == "live":
        if not MOBILE.fullmatch(phone):
            raise _No("phone", "not_a_mobile")
    elif not SYNTHETIC.fullmatch(phone):
        raise _No("phone", "not_synthetic")


def _who(meant: Meant, row: int, known: Known) -> int | None:
    """The person of the base whom the row means; None makes a new one."""
    phone = dict(meant.ways).get("sms")
    if phone:
        _check_only_his(phone, meant.name, row, known)
    named = known.by_name.get(meant.name, [])
    here = [pk for pk in named if phone and pk in known.by_phone.get(phone, ())]
    here = here or [pk for pk in named if known.people[pk][1] == meant.unit and pk not in known.met]
    if len(here) > 1:
        raise _No("name", "two_people")
    if here:
        first = known.met.setdefault(here[0], row)
    elif not phone:
        first = known.unnamed.setdefault((meant.name, meant.unit), row)
    else:
        return None
    if first != row:
        raise _No("name", "same_person", row=first)
    return here[0] if here else None


def _check_only_his(phone: str, name: str, row: int, known: Known) -> None:
    owner, first = known.phones.setdefault(phone, (name, row))
    if owner != name:
        raise _No("phone", "phone_twice", row=first)
    others = known.by_phone.get(phone, ())
    if any(known.people[pk][0] != name for pk in others):
        raise _No("phone", "phone_of_another")


def _is_so(meant: Meant, person: int, known: Known) -> bool:
    """Whether the base says already what the row says."""
    if known.people[person] != (meant.name, meant.unit):
        return False
    stands = {(one.channel, one.value): one.consent_at is not None for one in known.ways[person]}
    return all(way in stands and meant.consent in (None, stands[way]) for way in meant.ways)


def _apply(meant: Meant, person: Person, ways: list[Address], source: str) -> Iterator[Address]:
    """The addresses that must be written: changed ones of ``ways``, and new ones without a key."""
    ranks = Counter(dict.fromkeys(["next"], max((one.rank for one in ways), default=-1) + 1))
    for channel, value in meant.ways:
        same = [one for one in ways if (one.channel, one.value) == (channel, value)]
        first = [one for one in ways if one.channel == channel]
        one = next(iter(same or first), None)
        if one is None:
            one = Address(person=person, channel=channel, rank=ranks["next"])
            ranks["next"] += 1
        if one.value != value:
            one.value, one.consent_at, one.consent_text = value, None, ""
            one.is_synthetic = settings.REALM != "live"
        _consent(one, meant, source)
        yield one


def _consent(one: Address, meant: Meant, source: str) -> None:
    if meant.consent and one.consent_at is None:
        one.consent_at = meant.consent_at or clock.real()
        one.consent_text = CONSENT % source
    elif meant.consent is False:
        one.consent_at, one.consent_text = None, ""


CHANGING: Final = ("value", "rank", "consent_at", "consent_text", "is_synthetic")


class People:
    """The kind. 人员"""

    name, title, permission, about, table = "people", _("人员"), "import.people", "person", TABLE

    def judge(self, rows: Sequence[RowOutcome]) -> list[Found]:
        """Found again, or new; what the base refuses says why."""
        known = _known()
        return [_judged(row, known) for row in rows]

    def write(self, rows: Sequence[Found], *, source: str) -> list[int]:
        """Two statements for the people, two for their addresses."""
        people = {row.about: Person(pk=row.about) for row in rows if row.about is not None}
        ways = defaultdict[int, list[Address]](list)
        for one in Address.objects.filter(person__in=list(people)).order_by("rank", "pk"):
            ways[one.person_id].append(one)
        pairs = [(row, people.get(row.about) if row.about else Person()) for row in rows]
        written = [_filled(person or Person(), row.meant) for row, person in pairs]
        Person.objects.bulk_create([one for one in written if one.pk is None])
        _overwrite_people(people.values())
        changed = [
            address
            for row, one in zip(rows, written, strict=True)
            for address in _apply(row.meant, one, ways[one.pk], source)
        ]
        known, made = [a for a in changed if a.pk], [a for a in changed if not a.pk]
        Address.objects.bulk_create(made)
        _overwrite_ways(known)
        return [one.pk for one in written]

    def snapshots(self, idents: Sequence[int]) -> dict[int, Snapshot]:
        """Name, unit, addresses; account, grants, posts: a person with these is in use."""
        found: dict[int, Snapshot] = {
            one.pk: {"name": one.name, "unit": one.unit_id, "user": one.user_id, "ways": []}
            for one in Person.objects.filter(pk__in=idents)
        }
        for one in Address.objects.filter(person__in=idents).order_by("pk"):
            consent_at = one.consent_at.isoformat() if one.consent_at else None
            kept = [one.pk, one.channel, one.value, one.rank]
            found[one.person_id]["ways"].append(
                [*kept, consent_at, one.consent_text, one.is_synthetic]
            )
        for name, rows in (("grants", Grant.objects), ("posts", Holding.objects)):
            for pk, person in (
                rows.filter(person__in=idents).order_by("pk").values_list("pk", "person_id")
            ):
                found[person].setdefault(name, []).append(pk)
        return found

    def remove(self, idents: Sequence[int]) -> None:
        """Addresses go with them."""
        Person.objects.filter(pk__in=idents).delete()

    def restore(self, before: Mapping[int, Snapshot]) -> None:
        """Name, unit and every address as it was."""
        ways = [_address(pk, kept) for pk, one in before.items() for kept in one["ways"]]
        added = Address.objects.filter(person__in=list(before))
        added.exclude(pk__in=[one.pk for one in ways]).delete()
        _overwrite_ways(ways)
        people = [_named(Person(pk=pk), one["name"], one["unit"]) for pk, one in before.items()]
        _overwrite_people(people)


# many times faster than bulk_update, which has a CASE for every value
def _overwrite_people(people: Iterable[Person]) -> None:
    written = Person.objects.bulk_create(
        people,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["name", "unit", "sort_key", "search"],
    )
    # whoever has one of them open on a page is told that he was changed
    keys = [one.pk for one in written]
    Person.objects.filter(pk__in=keys).update(version=F("version") + 1)


def _overwrite_ways(ways: Iterable[Address]) -> None:
    Address.objects.bulk_create(
        ways, update_conflicts=True, unique_fields=["pk"], update_fields=CHANGING
    )


def _judged(row: RowOutcome, known: Known) -> Found:
    try:
        meant = _meant(row, known)
        person = _who(meant, row.row_number, known)
    except _No as no:
        complaint = Complaint(
            row=row.row_number,
            column=TABLE.by_field[no.column].zh,
            code=no.code,
            words=no.words,
            said=SAID[no.code],
        )
        return Found(row_number=row.row_number, outcome="refused", problems=(complaint,))
    if person is None:
        return Found(row_number=row.row_number, outcome="new", meant=meant)
    so = _is_so(meant, person, known)
    outcome: Outcome = "unchanged" if so else "changed"
    return Found(row_number=row.row_number, outcome=outcome, about=person, meant=meant)


def _filled(person: Person, meant: Meant) -> Person:
    return _named(person, meant.name, meant.unit)


def _named(person: Person, name: str, unit: int) -> Person:
    person.name, person.unit_id, person.sort_key = name, unit, sort_key(name)
    return person


def _address(person: int, kept: Sequence[Any]) -> Address:
    pk, channel, value, rank, consent_at, consent_text, is_synthetic = kept
    return Address(
        pk=pk,
        person_id=person,
        channel=channel,
        value=value,
        rank=rank,
        consent_at=datetime.fromisoformat(consent_at) if consent_at else None,
        consent_text=consent_text,
        is_synthetic=is_synthetic,
    )


KIND = People()
