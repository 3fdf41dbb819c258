"""Programs are answered with problem+json, whatever they send; people with a page."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404
from django.test import Client, RequestFactory

from qianjun.kernel.errors import Refused
from qianjun.site import problems
from tests.cast import client_for

pytestmark = pytest.mark.django_db
JSON = "application/json"
CLOCK = "/api/v1/clock"


def problem(response: Any) -> dict[str, Any]:
    """The document, complete and in Chinese."""
    assert response["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(response.content)
    assert told.keys() >= {"type", "title", "status", "code", "detail_zh", "detail_en", "errors"}
    assert told["status"] == response.status_code
    assert any("\u4e00" <= sign <= "\u9fff" for sign in told["detail_zh"])
    assert told["detail_en"]
    for one in told["errors"]:
        assert one.keys() == {"field", "code", "detail_zh"}
    return told


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "not_json"),
        (b"\xff\xfe", 400, "not_utf8"),
        (b"[" * 5000, 400, "too_deep"),
        (b"[]", 422, "not_an_object"),
        (b'"x"', 422, "not_an_object"),
        (b"null", 422, "not_an_object"),
        (b'{"speed": "fast"}', 422, "not_a_number"),
        (b'{"speed": "1"}', 422, "not_a_number"),
        (b'{"speed": true}', 422, "not_a_number"),
        (b'{"advance_s": "60"}', 422, "not_a_number"),
        (b'{"speed": NaN}', 422, "bad_number"),
        (b'{"speed": 1e400}', 422, "bad_number"),
        (b'{"speed": 61}', 422, "clock_speed"),
        (b'{"speed": -1}', 422, "clock_speed"),
        (b'{"advance_s": -60}', 422, "clock_backwards"),
        (b'{"advance_s": 0}', 422, "clock_backwards"),
        (b'{"speed": {}}', 422, "not_a_number"),
        (b'{"speed": "\\u0000"}', 422, "bad_character"),
        (b"{}", 422, "clock_unmoved"),
        (b"", 400, "not_json"),
    ],
)
def test_a_bad_body_is_told_what_is_wrong_with_it(body: bytes, status: int, code: str) -> None:
    response = client_for("system_admin").post(CLOCK, body, content_type=JSON)
    assert (response.status_code, problem(response)["code"]) == (status, code)


def test_a_bad_field_is_named_as_the_caller_wrote_it() -> None:
    response = client_for("system_admin").post(CLOCK, {"speed": "fast"}, content_type=JSON)
    assert problem(response)["errors"] == [
        {"field": "speed", "code": "not_a_number", "detail_zh": "须为数字。"}
    ]


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk", ""],
)
def test_only_json_in_utf_8_is_read(kind: str) -> None:
    response = client_for("system_admin").post(CLOCK, b'{"speed": 1}', content_type=kind)
    assert problem(response)["status"] == 415


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("POST", "/api/v1/nothing", 404),
        ("GET", "/api/v2/clock", 404),
        ("GET", "/api/", 404),
        ("GET", "/api/v1/", 404),
        ("DELETE", CLOCK, 405),
        ("PATCH", CLOCK, 405),
        ("FOO", CLOCK, 405),
        ("OPTIONS", CLOCK, 405),
        ("POST", "/api/v1/events", 405),
        ("GET", "/api/v1/clock?a=%00", 400),
        ("GET", "/api/v1/incidents/%00", 400),
        ("GET", "/api/v1/incidents/%ff", 404),
        ("GET", "/api/v1/incidents/99999999999999999999", 404),
    ],
)
def test_a_wrong_address_or_method_is_a_problem_document(
    method: str, path: str, status: int
) -> None:
    response = client_for("duty_officer").generic(method, path)
    assert problem(response)["status"] == status


def test_a_parameter_without_a_value_is_one_that_was_not_given() -> None:
    asked = "/api/v1/incidents?state=open&kind=&since=&q=&limit=&after="
    assert client_for("duty_officer").get(asked).status_code == 200
    mixed = client_for("duty_officer").get("/api/v1/incidents?state=&state=none")
    assert problem(mixed)["errors"][0]["field"] == "state"


def test_more_parameters_than_are_read_are_a_problem_document() -> None:
    many = "&".join(f"a{n}=" for n in range(2_000))
    assert problem(client_for("duty_officer").get(f"/api/v1/incidents?{many}"))["status"] == 400


def test_who_is_not_known_gets_401_and_who_may_not_403() -> None:
    stranger = Client().get(CLOCK)
    assert problem(stranger)["status"] == 401
    assert stranger["WWW-Authenticate"] == "Bearer"
    assert problem(client_for("volunteer").get(CLOCK))["status"] == 403


def test_head_is_answered_like_get() -> None:
    assert client_for("system_admin").head(CLOCK).status_code == 200


def test_programs_get_chinese_and_english_whatever_they_prefer() -> None:
    client = client_for("volunteer")
    told = problem(client.get(CLOCK, headers={"Accept-Language": "en"}))
    assert told["detail_zh"] == problem(client.get(CLOCK))["detail_zh"]


def test_a_session_form_without_its_token_is_refused() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    assert response.status_code == 403
    assert response["Content-Type"].startswith("text/html")


def test_a_page_that_does_not_exist_says_so_in_chinese() -> None:
    response = Client().get("/no/such/page")
    assert response.status_code == 404
    assert "没有这个地址" in response.content.decode()


def test_the_openapi_document_is_open() -> None:
    told = Client().get("/api/v1/openapi.json").json()
    assert "/api/v1/clock" in told["paths"]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (OperationalError("lock timeout"), 503, "unavailable"),
        (InterfaceError("the connection is closed"), 503, "unavailable"),
        (DataError("value out of range"), 422, "invalid"),
        (ValueError("A string literal cannot contain NUL (0x00) characters."), 422, "invalid"),
        (PermissionDenied(), 403, "not_allowed"),
        (Http404(), 404, "not_found"),
        (ZeroDivisionError("secret words"), 500, "internal"),
        (
            Refused("held", "还有 %(n)s 件。", status=409, words={"n": 2}, extra={"x": 1}),
            409,
            "held",
        ),
    ],
)
def test_every_fault_has_its_answer_for_programs_and_for_people(
    fault: Exception, status: int, code: str
) -> None:
    refused = problems.refusal_of(fault)
    told = problem(problems.respond(refused, for_programs=True))
    assert (told["status"], told["code"]) == (status, code)
    page = problems.respond(refused, for_programs=False)
    assert page.status_code == status
    assert "secret words" not in page.content.decode() + told["detail_zh"]
    for response in (page, problems.respond(refused, for_programs=True)):
        assert response.headers.get("Retry-After") == ("1" if status == 503 else None)


def test_an_unexpected_fault_is_logged_under_the_number_that_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told = problems.document(problems.refusal_of(ZeroDivisionError("why")))
    assert told["id"] in caplog.text
    assert "why" in caplog.text


def test_words_are_filled_in_and_further_members_stand_beside() -> None:
    refused = Refused("held", "还有 %(n)s 件。", status=409, words={"n": 2}, extra={"holds": []})
    told = problems.document(refused)
    assert (told["detail_zh"], told["holds"]) == ("还有 2 件。", [])


def test_a_stranger_on_a_page_is_led_to_the_log_in() -> None:
    request = RequestFactory().get("/intake/?a=1")
    response = problems.answer(request, problems.plain(401))
    assert response["Location"] == "/accounts/login/?next=/intake/%3Fa%3D1"


def test_a_page_refuses_a_program_that_asks_for_json_with_the_document() -> None:
    assert problem(Client().get("/nowhere/", headers={"accept": JSON}))["code"] == "not_found"
    for accept in ("text/html,application/json;q=0.5", "*/*", ""):
        page = Client().get("/nowhere/", headers={"accept": accept})
        assert page["Content-Type"].startswith("text/html"), accept
