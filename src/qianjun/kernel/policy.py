"""What a page may load: nothing from outside, nothing inline, but a base map. 内容策略"""

from typing import Final

_FROM_HERE: Final = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "worker-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}
_OF_TILES: Final = ("img-src", "connect-src")


def policy(*, tiles: str = "") -> str:
    """The header; ``tiles`` is the one origin outside that a map may take its tiles from."""
    return "; ".join(
        f"{name} {allowed} {tiles}".rstrip() if name in _OF_TILES else f"{name} {allowed}"
        for name, allowed in _FROM_HERE.items()
    )
