"""What every request and answer passes. 中间件"""

from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation

from qianjun.kernel.errors import Refused
from qianjun.kernel.policy import policy
from qianjun.site import problems

POLICY = policy()
Answer = Callable[[HttpRequest], HttpResponse]
EXPECTED = (Refused, OperationalError, InterfaceError, DataError)


def safety(get_response: Answer) -> Answer:
    """Say what a page may load; nothing from outside, nothing inline."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return answer


class Manners:
    """Programs are answered in Chinese and English, and never with HTML. 应答规矩"""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a person as he speaks, a program in the one way of the contract."""
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return problems.answer(request, problems.plain(400))
        if not problems.is_for_programs(request.path):
            return self.get_response(request)
        if request.method == "HEAD":
            request.method = "GET"  # the server drops the body
        try:
            request.GET = _given(request.GET)  # type: ignore[assignment]
        except SuspiciousOperation as fault:  # more parameters than are read
            return problems.answer(request, fault)
        with translation.override("zh-hans"):
            return _as_problem(self.get_response(request))

    def process_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse | None:
        """Answer what a view may raise; the unexpected goes on to the last handler."""
        return problems.answer(request, exc) if isinstance(exc, EXPECTED) else None


def _given(asked: QueryDict) -> QueryDict:
    """The parameters that say something: ``?kind=&since=`` asks for no kind and no instant."""
    if all(all(values) for _name, values in asked.lists()):
        return asked
    given = QueryDict(mutable=True)
    for name, values in asked.lists():
        said = [value for value in values if value]
        if said:
            given.setlist(name, said)
    return given


def _as_problem(response: HttpResponse) -> HttpResponse:
    """What the framework refused by itself, as a problem document; its headers stay."""
    if response.status_code < 400 or "json" in response.headers.get("Content-Type", ""):
        return response
    told = problems.respond(problems.plain(response.status_code), for_programs=True)
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            told[name] = response.headers[name]
    return told
