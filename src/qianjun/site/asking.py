"""Who may not do a thing is told so, not what is wrong with his way of asking for it. 先看权限

Bodies and parameters are read before the verb asks for its permission; where they are refused,
the table of routes is asked instead.
"""

import re
from functools import cache
from typing import Final

from django.http import HttpRequest

from qianjun.org.actor import Actor
from qianjun.org.roles import PERMISSIONS, ROUTES

PARAMETER: Final = re.compile(r"<(?:\w+:)?\w+>|\{\w+\}")


def may_ask(request: HttpRequest) -> bool:
    """Whether his role has the permission of this route; True where none or nobody is known."""
    actor, found = getattr(request, "actor", None), request.resolver_match
    if not isinstance(actor, Actor) or found is None:
        return True
    needed = _needed().get(_plain(f"{request.method} /{found.route}"), "")
    return needed not in PERMISSIONS or actor.may(needed)


@cache
def _needed() -> dict[str, str]:
    return {_plain(route): permission for route, permission in ROUTES.items()}


def _plain(route: str) -> str:
    """The route whatever its parameters are called."""
    return PARAMETER.sub("{}", route)
