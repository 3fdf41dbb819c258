"""The views for what no view answered. 兜底应答"""

import sys

from django.http import HttpRequest, HttpResponse

from qianjun.site.problems import answer, plain


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: Django would not read it."""
    return answer(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return answer(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such address."""
    return answer(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it is the database that is away."""
    return answer(request, sys.exc_info()[1] or RuntimeError("no exception"))


def cross_site(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403: a form that this site did not hand out."""
    return answer(request, plain(403))
