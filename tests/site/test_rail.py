"""The rail is what the modules declare, and each person sees his part of it."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from qianjun.org.roles import PERMISSIONS
from qianjun.site.rail import entries
from tests import cast
from tests.pages.reading import html_of

LINK = re.compile(r'<a href="([^"]*)"( aria-current="page")?><svg.*?</svg>([^<]*)</a>')
ENTRY = """[[pages]]
url = "tips"
icon = "eye"
zh = "提示"
en = "Tips"
permission = "tip.read"
order = 45
"""
SEEN = {
    "duty_officer": "值班 日志 接报 来文 分拣 事件 水情 物资 力量 手机墙 通讯录 人员 导入",
    "leader_in_charge": "值班 日志 接报 来文 分拣 事件 待批 水情 物资 力量 通讯录 人员",
    "bureau_leader": "值班 日志 来文 分拣 事件 待批 水情 物资 力量 通讯录",
    "volunteer": "接报",
    "system_admin": "手机墙 通讯录 人员 导入 令牌 设置",
    "security_admin": "人员 角色 令牌 标记 设置",
    "audit_admin": "角色 查看记录 设置",
}


def rail(client: Client, path: str = "/") -> list[tuple[str, str, str]]:
    page = html_of(client.get(path))
    return LINK.findall(page[page.index('<nav class="rail"') : page.index("</nav>")])


def module(package: Path, text: str) -> Path:
    file = package / "tip" / "tables" / "rail.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return package


@pytest.mark.django_db
@pytest.mark.parametrize("role", SEEN)
def test_a_role_sees_exactly_its_entries_in_order(role: str) -> None:
    # where a volunteer lands there is no desk
    path = "/intake/" if role == "volunteer" else "/"
    words = [word for _href, _here, word in rail(cast.signed_in(cast.BY_ROLE[role]), path)]
    assert words == SEEN[role].split()


@pytest.mark.django_db
def test_the_page_one_is_on_is_marked_and_nothing_else() -> None:
    client = cast.signed_in(cast.XIAOWANG)
    person = cast.person(cast.XIAOWANG)
    for path, word in (("/", "值班"), (f"/admin/people/{person.pk}/", "人员")):
        assert [said for _href, here, said in rail(client, path) if here] == [word]


@pytest.mark.django_db
def test_the_rail_speaks_english() -> None:
    client = cast.signed_in(cast.JUZHANG)
    client.post("/look/language/", {"language": "en", "next": "/"})
    assert [word for _href, _here, word in rail(client)] == [
        *("Desk", "Log", "Orders", "Sort", "Incidents", "To decide", "River", "Supplies", "Forces"),
        "Contacts",
    ]


@pytest.mark.django_db
def test_the_wall_of_phones_is_not_on_the_rail_of_a_real_house(
    settings: pytest.FixtureRequest,
) -> None:
    settings.REALM = "live"  # type: ignore[attr-defined]
    assert "手机墙" not in [word for _, _, word in rail(cast.signed_in(cast.XIAOWANG))]


def test_every_entry_leads_somewhere_and_asks_a_permission_that_exists() -> None:
    assert len({one.url for one in entries()}) == len(entries())
    for one in entries():
        assert reverse(one.url)
        assert one.permission in PERMISSIONS
        assert not one.unless or one.unless in PERMISSIONS


def test_a_module_with_a_file_and_nothing_else_appears(tmp_path: Path) -> None:
    (tip,) = entries(module(tmp_path, ENTRY))
    assert (tip.url, tip.said_in("zh-hans"), tip.said_in("en")) == ("tips", "提示", "Tips")
    assert tip.realms == ("live", "demo", "drill")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f'{ENTRY}colour = "red"\n', "what is colour"),
        (f'{ENTRY}realms = ["moon"]\n', "no such realm"),
        (f'{ENTRY}also = "tip"\n', "also is no list"),
        (ENTRY.replace('icon = "eye"\n', ""), "lacks icon"),
        ("[tips]\n", "what is tips"),
    ],
)
def test_what_nobody_knows_is_an_error_that_names_the_file(
    tmp_path: Path, text: str, fault: str
) -> None:
    with pytest.raises(RuntimeError, match=rf"tip/tables/rail\.toml: .*{fault}"):
        entries(module(tmp_path, text))
