"""Every way in: routes of pages and of the API, as the role table writes them. 路由清单"""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.openapi.views import default_home
from ninja.operation import PathView

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\{(?:\w+:)?(\w+)\}")
GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
# a page without require_http_methods answers to both
UNSAID = ("GET", "POST")
PAGE_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, kw_only=True)
class Route:
    """One method on one address."""

    method: str
    path: str
    view: Callable[..., object]

    @property
    def name(self) -> str:
        """As the role table writes it, whatever the parameter is called."""
        return plain(f"{self.method} {self.path}")


def plain(route: str) -> str:
    """The route without names of parameters."""
    return PARAMETER.sub("{}", route)


def all_routes() -> list[Route]:
    """Every method on every address that the house answers; ninja's root answers 404 always."""
    return sorted(_below(get_resolver().url_patterns, "/"), key=lambda r: (r.path, r.method))


def _below(patterns: list[URLPattern | URLResolver], front: str) -> Iterator[Route]:
    for pattern in patterns:
        path = front + _written(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _below(pattern.url_patterns, path)
        elif getattr(pattern.callback, "func", None) is not default_home:
            for method in methods_of(pattern.callback):
                yield Route(method=method, path=path, view=pattern.callback)


def _written(pattern: str) -> str:
    """A pattern without the marks of regular expressions."""
    return GROUP.sub(r"<\1>", pattern).replace("\\Z", "").strip("^$").replace("\\", "")


def methods_of(view: Callable[..., object]) -> tuple[str, ...]:
    """The methods that a view answers, without HEAD and OPTIONS."""
    if isinstance(view, partial):  # ninja's own pages: the description of the API, its root
        found = {"GET"}
    elif isinstance(bound := inspect.getclosurevars(view).nonlocals.get("self"), PathView):
        found = {m for operation in bound.operations for m in operation.methods}
    elif view_class := getattr(view, "view_class", None):
        found = {m for m in PAGE_METHODS if hasattr(view_class, m.lower())}
    else:
        found = set(_required(view))
    return tuple(sorted(found - {"HEAD", "OPTIONS"}))


def _required(view: Callable[..., object] | None) -> tuple[str, ...]:
    """What ``require_http_methods`` around a view allows; both when nobody says."""
    while view is not None:
        kept = inspect.getclosurevars(view).nonlocals
        if methods := kept.get("request_method_list"):
            return tuple(methods)
        view = getattr(view, "__wrapped__", None)
    return UNSAID
