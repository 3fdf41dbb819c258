"""What grants, failures and names mean, judged from values alone. 机构规则"""

from datetime import timedelta
from typing import Final

from qianjun.org.actor import Scope
from qianjun.org.roles import ROLES, permissions_of

FREE_FAILURES: Final = 2
FIRST_DELAY_S: Final = 2
LONGEST_DELAY_S: Final = 60
FORGIVEN_AFTER: Final = timedelta(hours=1)
SYNTHETIC: Final = "演示"

Granted = tuple[str, str]  # a role over the tree of a unit path; an empty path is the district


def acts_as(granted: list[Granted]) -> tuple[str, frozenset[str], Scope]:
    """Role, permissions and scope of somebody with these grants. 以何身份行事

    One role leads, the first of ROLES over the widest tree; another adds its permissions only
    where its own tree covers the leading one, so that nothing is allowed where it was not granted.
    """
    known = [(role, path) for role, path in granted if role in ROLES]
    if not known:
        return "", frozenset(), Scope()
    order = list(ROLES)
    role, path = min(known, key=lambda grant: (order.index(grant[0]), len(grant[1])))
    covering = (r for r, tree in known if covers(tree, path))
    return role, permissions_of(covering), scope_of(path)


def covers(tree: str, path: str) -> bool:
    """Whether the unit path lies in this tree; the empty tree is the whole district. 包含"""
    return not tree or path == tree or path.startswith(f"{tree}/")


def scope_of(path: str | None) -> Scope:
    """The tree below this unit path, or everything without one. 范围"""
    return Scope(kind="unit", unit_path=path) if path else Scope()


def delay_s(failures: int) -> int:
    """Seconds to wait after so many wrong passwords in a row: 0, 0, 2, 4, 8 … 60. 登录延时"""
    if failures <= FREE_FAILURES:
        return 0
    steps = min(failures - FREE_FAILURES - 1, 10)
    return min(FIRST_DELAY_S << steps, LONGEST_DELAY_S)


def masked_name(name: str) -> str:
    """The surname, the rest as stars; 演示 stays in front: 王**, 演示李**. 姓名脱敏"""
    front, rest = (SYNTHETIC, name[2:]) if name.startswith(SYNTHETIC) else ("", name)
    return f"{front}{rest[:1]}{'*' * max(len(rest) - 1, 1)}" if rest else name
