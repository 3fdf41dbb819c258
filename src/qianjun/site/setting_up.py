"""Bring a database to the state that the programs expect; again and again the same. 建立数据库"""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from qianjun.site.backup.after import FRESH
from qianjun.site.backup.telling import tell_restore
from qianjun.site.logs import install
from qianjun.site.output import say

GOOD = 0
ONE_AT_A_TIME = 0x71_6A_73_65_74  # "qjset"


class Step(NamedTuple):
    """One thing to do, named for the person who waits."""

    name: str
    run: Callable[[], object]


def run_prepare(chosen: argparse.Namespace) -> int:
    """Migrate and load what the realm of this folder needs. 准备"""
    install()
    prepare(small=chosen.small, quiet=chosen.quiet)
    return GOOD


def prepare(*, small: bool = False, quiet: bool = False) -> None:
    """Every step with a line of its own; several hosts on one database take turns."""
    import django

    django.setup(set_prefix=False)
    steps = list(_steps(small=small, quiet=quiet))
    with _alone():
        for number, step in enumerate(steps, 1):
            say(f"[{number}/{len(steps)}] {step.name}")
            step.run()
    _tell_accounts()
    _tell_missing()


def _tell_missing() -> None:
    from qianjun.org.enrolling.opening import missing_and_closed
    from qianjun.org.roles import ROLES

    if roles := missing_and_closed():
        names = "、".join(ROLES[role] for role in roles)
        say(f"还没有人能以{names}登录，也没有可用的登记链接；请运行 qianjun init。")


def invite(*, again: str, login: str, address: str) -> list[dict[str, str]]:
    """The links to print: of all administrators that are missing, or the one that was lost.

    Says on the way what stands and what to do with a link.
    """
    from qianjun.kernel import clock
    from qianjun.org.enrolling.opening import invite_missing, invite_one, waiting
    from qianjun.org.roles import ROLES

    opened = [invite_one(role=again, login=login)] if again else invite_missing()
    for role, ends_at in waiting() if not again else ():
        if role not in {one.role for one in opened}:
            until = clock.in_beijing(ends_at).strftime("%Y-%m-%d %H:%M")
            say(f"{ROLES[role]}的登记链接已开过，有效至 {until}；丢了请用 --relink {role} 重开。")
    if opened:
        until = clock.in_beijing(opened[0].ends_at).strftime("%Y-%m-%d %H:%M")
        say(f"以下链接只显示这一次，{until} 前有效，各用一次。请当面交给本人，在浏览器里打开。")
    return [
        {
            "role": one.role,
            "role_name": ROLES[one.role],
            "path": one.path,
            "url": f"{address}{one.path}",
            "expires_at": one.ends_at.isoformat(),
        }
        for one in opened
    ]


def _tell_accounts() -> None:
    from qianjun.org.roles import ROLES
    from qianjun.org.seeding import PEOPLE, demo_password

    if password := demo_password():
        say(f"演示账号（密码都是 {password}）：")
        for one in PEOPLE:
            if one.login:
                say(f"  {one.login:<8} {one.name}（{ROLES[one.role]}）")


@contextmanager
def _alone() -> Iterator[None]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
    try:
        yield
    finally:
        connection.close()  # ends the lock and the setting


def _steps(*, small: bool, quiet: bool) -> Iterator[Step]:
    from django.conf import settings

    from qianjun.journal.search import fill_search
    from qianjun.org import seeding
    from qianjun.org.contact_seeding import seed_contacts
    from qianjun.org.telephone_seeding import seed_telephones
    from qianjun.place.gauges.seeding import seed_readings
    from qianjun.place.seeding import seed_places
    from qianjun.supply.seeding import seed_articles, seed_demo_stock

    yield Step("数据库结构", _migrate)
    yield Step("核对依法删除登记", _erase_again)
    if after_a_restore():
        yield Step("恢复之后：待发的消息先向通道核对", _doubt)
    yield Step("单位", seeding.seed_units)
    yield Step("岗位", seeding.seed_posts)
    yield Step("区划与地名", seed_places)
    yield Step("物资品目", seed_articles)
    yield Step("检索词", fill_search)
    if settings.REALM in ("demo", "drill"):
        yield Step("演示人员与账号", seeding.seed_demo_people)
        yield Step("单位值班联系人", seed_contacts)
        yield Step("通讯录号码与职务", seed_telephones)
        yield Step("演示物资库存", seed_demo_stock)
        yield Step("演示水情天气", seed_readings)
        if quiet:
            yield Step("模拟人员不自动应答", _silence)
    if settings.REALM == "demo":
        from qianjun.force.seeding import seed_forces
        from qianjun.site.history import load_history

        yield Step("演示力量", lambda: seed_forces(small=small))
        yield Step("演示历史", lambda: load_history(small=small))


def _erase_again() -> None:
    from qianjun.site.erased import erase_again_everywhere

    if again := erase_again_everywhere():
        say(f"数据库是从备份恢复的：按登记再次依法删除 {again} 条。")


def after_a_restore() -> bool:
    """Whether this folder was restored and has not been started since."""
    from django.conf import settings

    return (settings.DATA / FRESH).exists()


def _doubt() -> None:
    from django.conf import settings

    from qianjun.message.claims import doubt_waiting
    from qianjun.message.spreading import spread_all

    spread_all()  # of who stands in no row of his own nobody could ask
    if waiting := doubt_waiting():
        say(f"备份时还没发出的消息 {waiting} 条，可能后来已经发过：先核对，核对不了的标【重发】。")
    note = settings.DATA / FRESH
    tell_restore(note.read_text(encoding="utf-8"))
    note.unlink()


def _silence() -> None:
    from qianjun.message.actions import switch_people
    from qianjun.org.actor import system

    switch_people(by=system(name="demo"), auto=False)


def _migrate() -> None:
    from django.core.management import call_command

    from qianjun.site.attach import unapplied

    if unapplied():
        call_command("migrate", verbosity=0, interactive=False)
