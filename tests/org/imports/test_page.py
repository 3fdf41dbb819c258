"""The page of imports, without a script: upload, look, take, take back."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qianjun.org.models import ImportRun, Person
from tests import cast
from tests.org.imports.sheets import person, table

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/admin/import/"


@pytest.fixture
def admin(request: pytest.FixtureRequest) -> Client:
    """系统管理员 at his desk."""
    request.getfixturevalue("transactional_db")
    return cast.signed_in(cast.SYSTEM)


def sent(client: Client, content: bytes, *, kind: str = "people") -> str:
    file = SimpleUploadedFile("名单.xlsx", content)
    reply = client.post(PAGE, {"kind": kind, "file": file}, follow=True)
    return reply.content.decode()


def latest() -> str:
    return f"{PAGE}{ImportRun.objects.latest('pk').pk}/"


def test_a_sheet_is_looked_at_taken_and_taken_back(admin: Client) -> None:
    page = sent(admin, table(person(1), person(2)))
    assert "全部导入" in page
    assert "10000000001" not in page
    assert "100****0001" in page
    assert not Person.objects.filter(name__startswith="演示人").exists()
    page = admin.post(f"{latest()}take/", {"rows": "all"}, follow=True).content.decode()
    assert "已导入" in page
    assert Person.objects.filter(name__startswith="演示人").count() == 2
    page = admin.post(f"{latest()}undo/", follow=True).content.decode()
    assert "恢复到导入之前" in page
    assert not Person.objects.filter(name__startswith="演示人").exists()
    assert "名单.xlsx" in admin.get(PAGE).content.decode()


def test_problems_come_first_and_only_good_rows_may_be_taken(admin: Client) -> None:
    page = sent(admin, table(*(person(n) for n in range(1, 61)), person(61, unit="没有的单位")))
    assert "只导入正确的行" in page
    assert "全部导入" not in page
    first = re.search(r"<tbody><tr>(.*?)</tr>", page, re.DOTALL)
    assert first
    assert "没有这个单位" in first[1]
    assert "第 1 页，共 2 页" in page
    assert admin.get(f"{latest()}?page=2").status_code == 200
    page = admin.post(f"{latest()}take/", {"rows": "all"}, follow=True).content.decode()
    assert "rows_refused" in page
    admin.post(f"{latest()}take/", {"rows": "good"})
    assert Person.objects.filter(name__startswith="演示人").count() == 60


@pytest.mark.parametrize(
    "phone",
    ["1 0 0 0 0 0 0 0 0 0 1", "(0772) 281 2345", "2812345", "１００ ００００ ０００１", "281-2345"],
)
def test_no_number_of_a_sheet_is_shown_whole(admin: Client, phone: str) -> None:
    page = sent(admin, table(person(1, phone=phone)))
    assert phone not in page
    assert "".join(phone.split()) not in page
    form = {"column-0": "name", "column-1": "unit", "column-2": ""}
    beside = admin.post(f"{latest()}columns/", form, follow=True).content.decode()
    if len(phone) > 8:
        assert phone not in beside  # also where nobody said that it is a column of telephones


def test_a_number_is_masked_before_a_long_cell_is_cut(admin: Client) -> None:
    page = sent(admin, table(person(1, mail="备注" * 17 + "10012345678")))
    assert "100123" not in page
    assert "备注" * 17 in page


def test_a_column_can_be_chosen_by_hand(admin: Client) -> None:
    sent(admin, table(person(1)))
    form = {"column-0": "name", "column-1": "unit", "column-2": ""}
    page = admin.post(f"{latest()}columns/", form, follow=True).content.decode()
    assert "列对应已改" in page
    assert ImportRun.objects.latest("pk").mapping == {"name": 0, "unit": 1}


def test_a_file_that_is_no_sheet_is_said_in_one_sentence(admin: Client) -> None:
    assert "sheet_" in sent(admin, b"MZ" * 900)
    assert "no_file" in admin.post(PAGE, {"kind": "people"}).content.decode()
    assert not ImportRun.objects.exists()


def test_a_sheet_that_is_given_up_leaves_nothing(admin: Client) -> None:
    sent(admin, table(person(1)))
    admin.post(f"{latest()}drop/")
    assert not ImportRun.objects.exists()


def test_every_role_is_let_in_or_kept_out(admin: Client) -> None:
    sent(admin, table(person(1)))
    run = latest()
    for part in cast.CAST:
        reply = cast.signed_in(part).get(PAGE)
        may = part.role in ("system_admin", "duty_officer")
        assert reply.status_code == (200 if may else 403), part.name
    officer = cast.signed_in(cast.XIAOWANG)
    assert officer.get(run).status_code == 404
    assert officer.post(f"{run}take/").status_code == 404
    assert (
        "人员" not in officer.get(PAGE).content.decode().split("导入什么")[1].split("</select>")[0]
    )
