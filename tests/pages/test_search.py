"""The command line and the search: everything that somebody may see, and nothing else."""

import json

import pytest
from django.test import Client

from qianjun.kernel import clock
from qianjun.org.models import Address, Read
from qianjun.org.seeding import seed_units
from tests import cast
from tests.pages.reading import html_of, take_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_incidents_are_found_by_words_initials_and_the_end_of_their_number(
    officer: Client,
    places: None,  # noqa: ARG001
) -> None:
    room = take_in(officer, "弯塘社区起火", where="弯塘社区")
    for asked in ("弯塘", "wtsq", "0001", "20260601-0001"):
        assert f'href="{room}"' in html_of(officer.get("/search/", {"q": asked})), asked
        assert f'data-url="{room}"' in html_of(officer.get("/search/hits/", {"q": asked})), asked
    assert "没有找到" in text_of(officer.get("/search/", {"q": "查无此事"}))


def test_a_report_in_one_line_opens_the_form_filled(officer: Client, places: None) -> None:  # noqa: ARG001
    page = html_of(officer.get("/search/hits/", {"q": "接 文昌路 火 2伤"}))
    address = page.split('data-url="')[1].split('"')[0].replace("&amp;", "&")
    form = html_of(officer.get(address))
    assert 'value="文昌路"' in form
    assert "火，2人受伤" in form
    assert 'name="injured"' in form
    # what was typed before is never lost
    officer.post("/intake/look/", {"text": "先说的话", "where": "静兰桥"})
    kept = html_of(officer.get(address))
    assert "先说的话，火，2人受伤" in kept
    assert 'value="静兰桥"' in kept


def test_a_river_level_in_one_line_opens_its_form_filled(officer: Client) -> None:
    assert "记水位" in text_of(officer.get("/search/?q=水位 80.12"))
    assert 'value="80.12"' in html_of(officer.get("/river/?value=80.12"))
    assert "记水位" not in text_of(cast.signed_in(cast.JUZHANG).get("/search/?q=水位 80.12"))


def test_people_units_places_and_pages_are_found(officer: Client, places: None) -> None:  # noqa: ARG001
    seed_units()
    cast.person(cast.LAOLI)
    assert "带班领导老李" in text_of(officer.get("/search/", {"q": "找 老李"}))
    assert "带班领导老李" in text_of(officer.get("/search/", {"q": "ldll"}))
    assert 'href="/contacts/450202-WJ/"' in html_of(officer.get("/search/", {"q": "卫健"}))
    assert "在这里接报" in text_of(officer.get("/search/", {"q": "文昌路"}))
    assert 'href="/incidents/"' in html_of(officer.get("/search/", {"q": "去 sj"}))
    assert 'href="/forces/"' in html_of(officer.get("/search/", {"q": "去力量"}))


def test_a_search_by_the_end_of_a_number_needs_its_permission_and_is_kept(officer: Client) -> None:
    leader = cast.person(cast.LAOLI)
    Address.objects.create(
        person=leader,
        channel="simulated",
        value="10000010031",
        consent_at=clock.real(),
        consent_text="同意",
        is_synthetic=True,
    )
    asked = officer.get("/search/", {"q": "0031"})
    assert "带班领导老李" not in text_of(asked)
    assert "按电话尾号 0031 找人" in text_of(asked)
    assert not Read.objects.exists()
    assert "带班领导老李" in text_of(officer.post("/search/phone/", {"tail": "0031"}))
    (row,) = Read.objects.all()
    assert row.what == "phone.search"
    assert officer.post("/search/phone/", {"tail": "31"}).status_code == 422
    chief = cast.signed_in(cast.JUZHANG)
    assert "按电话尾号" not in text_of(chief.get("/search/", {"q": "0031"}))
    assert chief.post("/search/phone/", {"tail": "0031"}).status_code == 403
    assert cast.signed_in(cast.XIAOCHEN).get("/search/").status_code == 403


def test_programs_ask_the_same(officer: Client, places: None) -> None:  # noqa: ARG001
    take_in(officer, "弯塘社区起火", where="弯塘社区")
    program = cast.client_for("duty_officer")
    found = json.loads(program.get("/api/v1/search?q=wtsq").content)
    assert [one["kind"] for one in found["items"]][:1] == ["incident"]
    told = json.loads(program.get("/api/v1/search?q=接 文昌路 火 2伤").content)
    assert told["report"] == {"where": "文昌路", "text": "火，2人受伤", "injured": "2"}
    assert cast.client_for("volunteer").get("/api/v1/search?q=x").status_code == 403


def test_the_bar_offers_the_command_line_to_whoever_may_use_it(officer: Client) -> None:
    assert 'id="command-line"' in html_of(officer.get("/"))
    assert 'id="command-line"' not in html_of(cast.signed_in(cast.XIAOCHEN).get("/intake/"))
