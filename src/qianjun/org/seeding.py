"""What an empty house starts with: units, posts, and in a demo the people. 初始数据"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import transaction

from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.text import sort_key
from qianjun.kernel.words import noop as _
from qianjun.org.models import Address, Grant, Holding, Person, Post, Unit
from qianjun.org.shipped import shipped_units

# shown on the demo's log-in page; the adapter refuses it in any other realm
DEMO_PASSWORD: Final = "qianjun-demo"  # noqa: S105
CHANNEL: Final = "sms"
CONSENT: Final = "演示：同意以演示号码接收召集与通知。"
SHIFT_HOUR: Final = 8
POSTS: Final = {"duty_officer": "值班员", "leader_in_charge": "带班领导"}


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """A person of the demo; without a log-in it is a duty room's telephone. 演示人员"""

    name: str
    phones: tuple[str, ...]
    unit: str = "450202"
    login: str = ""
    role: str = ""
    scope: str = ""
    post: str = ""
    mail: str = ""


PEOPLE: Final = (
    Somebody(
        name="演示王晓明",
        login="zhiban1",
        role="duty_officer",
        post="duty_officer",
        phones=("10000010001",),
    ),
    Somebody(
        name="演示赵海燕",
        login="zhiban2",
        role="duty_officer",
        post="duty_officer",
        phones=("10000010002",),
    ),
    Somebody(
        name="演示李国强",
        login="daiban",
        role="leader_in_charge",
        post="leader_in_charge",
        phones=("10000010003", "10000010103"),
        mail="daiban@example.test",
    ),
    Somebody(
        name="演示覃志刚",
        login="juzhang",
        role="bureau_leader",
        phones=("10000010004",),
        mail="juzhang@example.test",
    ),
    Somebody(
        name="演示韦秀兰",
        login="jiedao",
        role="community_worker",
        unit="450202001",
        scope="450202001",
        phones=("10000010005",),
    ),
    Somebody(name="演示陈立新", login="xitong", role="system_admin", phones=("10000010006",)),
    Somebody(name="演示黄文静", login="anquan", role="security_admin", phones=("10000010007",)),
    Somebody(name="演示刘建平", login="shenji", role="audit_admin", phones=("10000010008",)),
    Somebody(name="演示梁志明", login="cangku", role="keeper", phones=("10000010009",)),
    Somebody(name="演示区政府总值班室", unit="450202-QZFB", phones=("10000020001",)),
    Somebody(name="演示公安分局值班室", unit="450202-GA", phones=("10000020002",)),
    Somebody(name="演示消防救援大队值班室", unit="450202-XF", phones=("10000020003",)),
    Somebody(name="演示卫健局值班室", unit="450202-WJ", phones=("10000020004",)),
    Somebody(name="演示城中街道值班室", unit="450202001", phones=("10000020005",)),
)


def demo_password() -> str | None:
    """What the log-in page shows; None outside the realm demo. 演示密码"""
    return DEMO_PASSWORD if settings.REALM == "demo" else None


# --- units and posts: in every realm --------------------------------------------------------------


@transaction.atomic
def seed_units() -> int:
    """The bureau, its streets, communities, villages and partners; again changes nothing. 单位"""
    rows = shipped_units()
    known: dict[str, Unit] = {}
    while waiting := [row for row in rows if row["code"] not in known]:
        ready = [row for row in waiting if not row["parent"] or row["parent"] in known]
        if not ready:
            raise ValueError(f"units without a parent: {[row['code'] for row in waiting]}")
        known |= _write_units([_unit(row, known.get(row["parent"])) for row in ready])
    return len(known)


def _unit(row: dict[str, str], parent: Unit | None) -> Unit:
    return Unit(
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"],
        kind=row["kind"],
        level=row["level"],
        parent=parent,
        path=f"{parent.path}/{row['code']}" if parent else row["code"],
        sort_key=sort_key(row["short_name"]),
    )


def _write_units(units: list[Unit]) -> dict[str, Unit]:
    written = Unit.objects.bulk_create(
        units,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[
            *("name", "short_name", "kind", "level", "parent", "path", "sort_key", "search"),
        ],
    )
    return {unit.code: unit for unit in written}


def seed_posts() -> None:
    """The two posts of the duty room. 岗位"""
    Post.objects.bulk_create(
        [Post(code=code, name=name) for code, name in POSTS.items()], ignore_conflicts=True
    )


# --- people: demo and drill only ------------------------------------------------------------------


@transaction.atomic
def seed_demo_people() -> int:
    """The demo's accounts, roles, telephones and who is on duty; again changes nothing. 演示人员

    Refused in the realm live. Only the realm demo gives the accounts a password.
    """
    if settings.REALM not in ("demo", "drill"):
        raise Refused("not_a_demo", _("演示人员只能放进演示或演练环境。"), status=409)
    seed_units()
    seed_posts()
    units = {unit.code: unit for unit in Unit.objects.all()}
    posts = {post.code: post for post in Post.objects.all()}
    known = set(Person.objects.values_list("name", flat=True))
    password = make_password(demo_password())  # one hash for all: hashing is slow on purpose
    for somebody in PEOPLE:
        if somebody.name not in known:
            _add(somebody, units=units, posts=posts, password=password)
    return len(PEOPLE)


def _add(
    somebody: Somebody, *, units: dict[str, Unit], posts: dict[str, Post], password: str
) -> None:
    user = None
    if somebody.login:
        user = User.objects.create(username=somebody.login, password=password)
    person = Person.objects.create(
        name=somebody.name,
        unit=units[somebody.unit],
        user=user,
        sort_key=sort_key(somebody.name),
    )
    if somebody.role:
        scope = units[somebody.scope] if somebody.scope else None
        Grant.objects.create(person=person, role=somebody.role, unit=scope, since=clock.real())
    if somebody.post:
        Holding.objects.create(post=posts[somebody.post], person=person, since=_shift_began())
    Address.objects.bulk_create(_addresses(somebody, person))


def _shift_began() -> datetime:
    """Eight this morning, or yesterday's when it is earlier than that."""
    now = clock.in_beijing(clock.now())
    began = now.replace(hour=SHIFT_HOUR, minute=0, second=0, microsecond=0)
    return began if began <= now else began - timedelta(days=1)


def _addresses(somebody: Somebody, person: Person) -> list[Address]:
    ways = [(CHANNEL, phone) for phone in somebody.phones]
    ways += [("email", somebody.mail)] if somebody.mail else []
    return [
        Address(
            person=person,
            channel=channel,
            value=value,
            rank=rank,
            consent_at=clock.real(),
            consent_text=CONSENT,
            is_synthetic=True,
        )
        for rank, (channel, value) in enumerate(ways)
    ]
