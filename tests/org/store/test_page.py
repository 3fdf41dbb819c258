"""The page of settings: made from the declarations, for administrators, in whole sentences."""

import re

import pytest
from django.test import Client

from qianjun.org import store
from qianjun.org.actor import system
from qianjun.org.models import Setting
from qianjun.org.store.actions import change_setting
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/admin/settings/"
FIELD = re.compile(r'<(?:input|select)[^>]* name="([^"]+)"(?:[^>]* value="([^"]*)")?')


@pytest.fixture
def admin(request: pytest.FixtureRequest) -> Client:
    """系统管理员 at his desk."""
    request.getfixturevalue("transactional_db")
    return cast.signed_in(cast.SYSTEM)


def shown(client: Client) -> str:
    reply = client.get(PAGE)
    assert reply.status_code == 200
    return reply.content.decode()


def form_of(client: Client, module: str) -> dict[str, str]:
    """The fields of a section as a browser would send them back."""
    section = re.search(rf'action="{PAGE}{module}/"[^>]*>(.*?)</form>', shown(client), re.DOTALL)
    assert section
    found = {name: value for name, value in FIELD.findall(section[1]) if "clear-" not in name}
    chosen = re.search(r'name="way".*?<option value="(\w)" selected', section[1], re.DOTALL)
    return found | ({"way": chosen[1]} if chosen else {})


def test_there_is_a_field_for_every_kind(admin: Client, sample: str) -> None:
    page = shown(admin)
    for name in ("loud", "people", "share", "greeting", "way", "site", "password", "since", "wait"):
        assert f'id="{sample}-{name}"' in page
        assert f'<label for="{sample}-{name}">' in page
    assert 'value="2026-01-01T08:00"' in page
    assert "未设置" in page


def test_what_is_sent_as_it_was_changes_nothing(admin: Client, sample: str) -> None:
    reply = admin.post(f"{PAGE}{sample}/", form_of(admin, sample), follow=True)
    assert "没有改动" in reply.content.decode()
    assert not Setting.objects.exists()


def test_what_was_changed_is_saved_said_and_shown(admin: Client, sample: str) -> None:
    form = form_of(admin, sample) | {"people": "12", "way": "b", "password": "s3cret-one"}
    form.pop("loud")  # a browser sends no box that is not ticked
    reply = admin.post(f"{PAGE}{sample}/", form, follow=True)
    page = reply.content.decode()
    assert reply.redirect_chain == [(PAGE, 302)]
    assert "样例：已保存。" in page
    assert (store.setting(sample, "people"), store.setting(sample, "way")) == (12, "b")
    assert store.setting(sample, "loud") is False
    assert store.secret(sample, "password") == "s3cret-one"
    assert "已设置" in page
    assert "s3cret-one" not in page
    assert "系**** 改" in page


def test_a_secret_left_empty_stays_and_is_forgotten_by_its_box(admin: Client, sample: str) -> None:
    admin.post(f"{PAGE}{sample}/", form_of(admin, sample) | {"password": "s3cret-one"})
    admin.post(f"{PAGE}{sample}/", form_of(admin, sample) | {"people": "12"})
    assert store.secret(sample, "password") == "s3cret-one"
    admin.post(f"{PAGE}{sample}/", form_of(admin, sample) | {"clear-password": "on"})
    assert store.secret(sample, "password") == ""


def test_a_wrong_value_is_said_at_its_field_and_nothing_is_saved(
    admin: Client, sample: str
) -> None:
    wrong = {"people": "100", "greeting": "<b>早</b>", "password": "s3cret-one"}
    reply = admin.post(f"{PAGE}{sample}/", form_of(admin, sample) | wrong)
    page = reply.content.decode()
    assert reply.status_code == 422
    assert "不能大于 99。" in page
    assert "什么都没有改" in page
    assert 'value="100"' in page
    assert "&lt;b&gt;早&lt;/b&gt;" in page
    assert "<b>早</b>" not in page
    assert "s3cret-one" not in page
    assert not Setting.objects.exists()


def test_somebody_elses_change_is_not_written_over_and_is_shown(admin: Client, sample: str) -> None:
    mine = form_of(admin, sample) | {"people": "20"}
    change_setting(by=system(), module=sample, name="people", value=30, version=0)
    reply = admin.post(f"{PAGE}{sample}/", mine)
    page = reply.content.decode()
    assert reply.status_code == 409
    assert "现在是：30" in page
    assert store.setting(sample, "people") == 30
    again = mine | {"version-people": "1", "was-people": "30"}
    assert admin.post(f"{PAGE}{sample}/", again).status_code == 302
    assert store.setting(sample, "people") == 20


def test_two_who_change_different_things_do_not_disturb_each_other(
    admin: Client, sample: str
) -> None:
    mine = form_of(admin, sample) | {"people": "20"}
    change_setting(by=system(), module=sample, name="wait", value=30, version=0)
    assert admin.post(f"{PAGE}{sample}/", mine).status_code == 302
    assert (store.setting(sample, "people"), store.setting(sample, "wait")) == (20, 30)


@pytest.mark.parametrize(
    "sent",
    [
        {"people": "4", "version-people": "x"},
        {"people": "4", "version-people": "9" * 40},
        {"people": "4"},
        {"people": "\x00", "version-people": "0"},
        {"password": "密", "version-password": "0"},
        {"site": "javascript:alert(1)", "version-site": "0"},
        {"greeting": "长" * 5000, "version-greeting": "0"},
    ],
)
def test_hostile_forms_are_refused_on_the_page(
    admin: Client, sample: str, sent: dict[str, str]
) -> None:
    reply = admin.post(f"{PAGE}{sample}/", sent)
    assert reply.status_code in (409, 422)
    assert "text/html" in reply.headers["Content-Type"]
    assert not Setting.objects.exists()


@pytest.mark.parametrize("module", ["nope", "kernel", "org-x"])
def test_a_module_without_options_is_not_found(admin: Client, module: str) -> None:
    assert admin.post(f"{PAGE}{module}/", {}).status_code == 404


def test_who_may_read_only_gets_no_key_and_who_may_not_gets_no_page(sample: str) -> None:
    reader = cast.signed_in(cast.SECURITY)
    page = reader.get(PAGE).content.decode()
    assert "您可以看，不能改" in page
    assert '<button class="btn go' not in page
    assert reader.post(f"{PAGE}{sample}/", {"people": "4"}).status_code == 403
    officer = cast.signed_in(cast.XIAOWANG)
    assert officer.get(PAGE).status_code == 403
    assert PAGE not in officer.get("/incidents/").content.decode()
    assert Client().get(PAGE).status_code == 302


def test_the_name_of_the_bureau_stands_at_the_door_and_in_the_bar(admin: Client) -> None:
    name = "演示区应急管理局"
    admin.post(f"{PAGE}org/", form_of(admin, "org") | {"bureau_name": name})
    assert name in Client().get("/accounts/login/").content.decode()
    bar = re.search(r'<header class="topbar">.*?</header>', shown(admin), re.DOTALL)
    assert bar
    assert name in bar[0]
