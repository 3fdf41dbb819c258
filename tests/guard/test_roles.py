"""Every way in and every verb stands in the one table of roles, and nothing else does."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from qianjun.org import roles
from tests.guard.routes import all_routes, methods_of, plain
from tests.guard.tree import SRC, listed, name_of, parsed, python

# who may come in without a permission: everybody, the bearer of a link, anybody who is somebody
DOORS = {"open", "link", "signed_in"}
# a verb that the house alone does, because of an entry
SKINS = ("api", "bench_api", "clock_api", "pages")
HOUSE = "system"
# given by being at the machine: the command line asks for no role
COMMANDS_ONLY = {"audit.verify"}
TABLE = SRC / "org" / "roles.py"


def page(_request: HttpRequest) -> HttpResponse:
    """A page like any other."""
    return HttpResponse()


def differences(table: set[str], there: set[str]) -> list[str]:
    """What only one of the two knows."""
    only_there = [f"not in the table of roles: {name}" for name in sorted(there - table)]
    return only_there + [f"only in the table of roles: {name}" for name in sorted(table - there)]


def verbs(module: str, tree: ast.Module) -> set[str]:
    """The public functions of a file of actions that say who acts, as others name them."""
    return {
        f"{module}.actions.{node.name}"
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and "by" in {argument.arg for argument in node.args.kwonlyargs}
    }


def anonymous(name: str, tree: ast.Module) -> list[str]:
    """Calls of actions that do not say who acts."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    whole = {a.asname or a.name for i in imports for a in i.names if a.name == "actions"}
    single = {
        a.asname or a.name
        for i in imports
        if "actions" in (i.module or "").split(".")
        for a in i.names
        if a.name.islower()
    }
    return [
        f"{name}:{call.lineno} {ast.unparse(call.func)}"
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and _is_verb(call.func, whole=whole, single=single)
        and "by" not in {keyword.arg for keyword in call.keywords}
    ]


def _is_verb(called: ast.expr, *, whole: set[str], single: set[str]) -> bool:
    match called:
        case ast.Name(id=name):
            return name in single
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            return module in whole and name.islower()
    return False


def constants(tree: ast.AST) -> set[str]:
    """Every text that the file writes."""
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and type(n.value) is str}


def actions() -> list[Path]:
    """Every actions.py, and every file of an actions folder."""
    return [p for p in python(SRC) if p.stem == "actions" or p.parent.name == "actions"]


def test_every_route_is_in_the_table_and_the_other_way_round() -> None:
    there = {route.name for route in all_routes()}
    problems = differences({plain(name) for name in roles.ROUTES}, there)
    assert not problems, listed(problems)


def test_every_verb_is_in_the_table_and_the_other_way_round() -> None:
    there = {v for p in actions() for v in verbs(p.relative_to(SRC).parts[0], parsed(p))}
    problems = differences(set(roles.VERBS), there)
    assert not problems, listed(problems)


def test_every_page_and_address_says_who_acts() -> None:
    skins = [
        p for p in python(SRC) if p.stem.endswith(("pages", "api")) or p.parent.stem == "pages"
    ]
    problems = [line for p in skins for line in anonymous(name_of(p), parsed(p))]
    assert not problems, listed(problems)


def test_every_permission_is_known_and_used() -> None:
    said = set(roles.ROUTES.values()) | set(roles.VERBS.values())
    problems = [
        f"unknown: {name}" for name in sorted(said - set(roles.PERMISSIONS) - DOORS - {HOUSE})
    ]
    asked = (
        said
        | COMMANDS_ONLY
        | {word for p in python(SRC) if p != TABLE for word in constants(parsed(p))}
    )
    problems += [f"opens nothing: {name}" for name in sorted(set(roles.PERMISSIONS) - asked)]
    assert not problems, listed(problems)


def test_every_role_of_a_permission_is_a_role() -> None:
    named = {role for holders in roles.PERMISSIONS.values() for role in holders}
    assert named <= set(roles.ROLES)


def test_no_administrator_reads_incidents() -> None:
    administrators = {"system_admin", "security_admin", "audit_admin"}
    for permission in ("incident.read", "report.read", "live.listen", "desk.read"):
        assert not roles.PERMISSIONS[permission] & administrators, permission


def test_the_check_sees_a_route_and_a_verb_that_nobody_listed() -> None:
    assert differences({"GET /a/{}"}, {"GET /b"}) == [
        "not in the table of roles: GET /b",
        "only in the table of roles: GET /a/{}",
    ]
    source = "def open_door(*, by): ...\ndef shut(door): ...\ndef _latch(*, by): ..."
    assert verbs("duty", ast.parse(source)) == {"duty.actions.open_door"}


def test_the_check_sees_a_page_that_acts_for_nobody() -> None:
    source = (
        "from qianjun.duty.actions import shut, Door\n"
        "from qianjun.duty import actions\n"
        "shut(by=a)\nDoor()\nactions.open()\nactions.lock(by=a).key()\n"
    )
    assert anonymous("x.py", ast.parse(source + "shut(1)")) == [
        "x.py:5 actions.open",
        "x.py:7 shut",
    ]


@pytest.mark.parametrize(
    ("view", "methods"),
    [
        (require_GET(page), ("GET",)),
        (require_http_methods(["GET", "POST"])(page), ("GET", "POST")),
        (page, ("GET", "POST")),
    ],
)
def test_the_list_of_routes_knows_the_methods_of_a_page(
    view: Callable[..., object], methods: tuple[str, ...]
) -> None:
    assert methods_of(view) == methods
