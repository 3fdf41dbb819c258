"""How a force may be moved: whom the law lets order, and who must be asked. 调动规则"""

from typing import Final

# the first one is usual; the same stands as a constraint in the table of teams
WAYS: Final[dict[str, tuple[str, ...]]] = {
    "community": ("order", "request"),
    "enterprise": ("request",),
    "professional": ("order", "request"),
    "fire": ("request",),
    "militia": ("request",),
    "social": ("invitation",),
}


def may_move(kind: str, way: str) -> bool:
    """Whether a team of this kind is moved this way. 方式是否允许"""
    return way in WAYS.get(kind, ())
