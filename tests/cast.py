"""The cast: everybody a test may need, made with few statements. 角色表"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.test import Client

from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.org.models import Address, Grant, Holding, Person, Post, Unit
from qianjun.org.people import actor_for_user
from qianjun.org.tokens import actor_for_token, make_token

DISTRICT = "450202"
STREET = "450202001"


@dataclass(frozen=True, kw_only=True)
class Part:
    """A name of the cast and the role that goes with it."""

    name: str
    role: str
    login: str = ""
    unit: str = DISTRICT


XIAOWANG = Part(name="值班员小王", role="duty_officer", login="xiaowang")
XIAOZHAO = Part(name="值班员小赵", role="duty_officer", login="xiaozhao")
LAOLI = Part(name="带班领导老李", role="leader_in_charge", login="laoli")
JUZHANG = Part(name="局长", role="bureau_leader", login="juzhang")
ZHIHUI = Part(name="现场指挥", role="commander", login="zhihui")
JIEDAO = Part(name="街道", role="community_worker", login="jiedao", unit=STREET)
AQIANG = Part(name="队长阿强", role="team_leader", login="aqiang")
XIAOCHEN = Part(name="志愿者小陈", role="volunteer", login="xiaochen")
ANQUANYUAN = Part(name="企业安全员", role="safety_officer", login="anquanyuan")
KEEPER = Part(name="仓库管理员", role="keeper", login="cangku")
INSPECTOR = Part(name="检查员", role="inspector", login="jiancha")
PARTNER = Part(name="联动单位", role="partner", login="liandong")
SYSTEM = Part(name="系统管理员", role="system_admin", login="xitong")
SECURITY = Part(name="安全管理员", role="security_admin", login="anquan")
AUDIT = Part(name="审计管理员", role="audit_admin", login="shenji")
OUTSIDER = Part(name="外人", role="", login="wairen")

CAST = (
    *(XIAOWANG, XIAOZHAO, LAOLI, JUZHANG, ZHIHUI, JIEDAO, AQIANG, XIAOCHEN),
    *(ANQUANYUAN, KEEPER, INSPECTOR, PARTNER, SYSTEM, SECURITY, AUDIT, OUTSIDER),
)
BY_ROLE = {part.role: part for part in reversed(CAST)}


def unit(code: str = DISTRICT) -> Unit:
    """The bureau, or another unit below it, made when it is not there."""
    name = "城中区应急管理局" if code == DISTRICT else f"演示单位{code}"
    level = {6: "district", 9: "street", 12: "community"}.get(len(code), "enterprise")
    found, _ = Unit.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "short_name": name,
            "kind": "test",
            "level": level,
            "path": code if code == DISTRICT else f"{DISTRICT}/{code}",
            "parent": None if code == DISTRICT else unit(),
            "sort_key": name,
        },
    )
    return found


def person(part: Part, *, phone: str = "") -> Person:
    """Him with his account, role and, if given, a telephone; the same one when asked again."""
    known = Person.objects.filter(user__username=part.login).first()
    if known is not None:
        return known
    user = User.objects.create(username=part.login, password="!")
    made = Person.objects.create(name=part.name, unit=unit(part.unit), user=user, sort_key="")
    if part.role:
        scope = unit(part.unit) if part.unit != DISTRICT else None
        Grant.objects.create(
            person=made, role=part.role, unit=scope, since=clock.real() - timedelta(days=1)
        )
    if phone:
        Address.objects.create(person=made, channel="sms", value=phone, is_synthetic=True)
    return made


def actor(part: Part) -> Actor:
    """Him as he acts after signing in."""
    user_id = person(part).user_id
    assert user_id is not None
    return actor_for_user(user_id)


def actor_for(role: str) -> Actor:
    """Somebody of this role with a token."""
    return actor_for_token(token_for(role))


def token_for(role: str, *, unit: Unit | None = None) -> str:
    """A token of this role."""
    return make_token(role=role, name=role, days=1, unit=unit)[0]


def headers_for(role: str) -> dict[str, str]:
    """Request headers with a token of this role: ``Client(headers=…)`` or ``httpx``."""
    return {"Authorization": f"Bearer {token_for(role)}"}


def client_for(role: str) -> Client:
    """A client that shows a token of this role with every request."""
    return Client(headers=headers_for(role))


def signed_in(part: Part) -> Client:
    """A browser in which he has signed in."""
    user = person(part).user
    assert user is not None
    client = Client()
    client.force_login(user)
    return client


def put_on_duty(part: Part, *, post: str = "leader_in_charge", phone: str = "") -> Person:
    """Him holding a post since an hour ago."""
    made = person(part, phone=phone)
    place, _ = Post.objects.get_or_create(code=post, defaults={"name": post})
    Holding.objects.create(post=place, person=made, since=clock.now() - timedelta(hours=1))
    return made
