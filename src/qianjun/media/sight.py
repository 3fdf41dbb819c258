"""Who may see what files are about: answered by the module that owns the thing. 可见性

A file is about something of a module above, which alone knows who may see it. That module answers
here for its kind of thing, in the file that is imported at the start (``reactions``).
"""

from collections.abc import Callable

from qianjun.media.rules.tus import PURPOSES
from qianjun.org.actor import Actor, not_found, require, system

About = tuple[str, str]
Sight = Callable[[Actor, str], int | None]
NOTHING: About = ("", "")
_sights: dict[str, Sight] = {}


def sees(kind: str) -> Callable[[Sight], Sight]:
    """Have the decorated function say who sees things of this kind.

    It raises 404 for what the actor may not know, else gives the incident the thing belongs to.
    """

    def register(sight: Sight) -> Sight:
        _sights[kind] = sight
        return sight

    return register


def incident_seen(*, by: Actor, about: About) -> int | None:
    """The incident of this thing; 404 when the actor may not see it, or nobody answers for it.

    Who came by a link sees the one thing that his link is about.
    """
    if by.kind == "link" and by.scope.about != about:
        raise not_found()
    sight = _sights.get(about[0])
    if sight is None and by.kind != "link":
        raise not_found()
    return sight(system() if by.kind == "link" else by, about[1]) if sight else None


def require_sender(by: Actor) -> None:
    """Refuse with 403 who may not send files; links of a reporter or a task may. 校验上传者"""
    if by.kind == "link" and by.via in {f"link:{purpose}" for purpose in PURPOSES}:
        return
    require(by, "media.upload")
