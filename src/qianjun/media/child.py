"""Look at one hostile file, in a process of its own: ``python -m qianjun.media.child``. 解码子进程

Arguments: the original, a folder to write copies into, the media type that its first bytes show.
Answers with one line of JSON: ``{why}`` when it is to be kept back, else what was found. Nothing of
Django or of the house's settings is loaded here, and nothing here reaches a network.
"""

import contextlib
import ctypes
import json
import resource
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

from qianjun.media.rules import limits
from qianjun.media.rules.reasons import KeptBack

Json = dict[str, Any]
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
FORBIDDEN = (
    *("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system"),
    *("ctypes.dlopen", "shutil.", "urllib."),
)


def main(words: list[str]) -> int:
    """Look, and say what was seen."""
    original, folder, media_type = Path(words[0]), Path(words[1]), words[2]
    _limit()
    try:
        told = _look_at(original, folder, media_type)
    except KeptBack as kept:
        told = {"why": str(kept)}
    except MemoryError:
        told = {"why": "too_heavy"}
    sys.stdout.write(json.dumps(told))
    return 0


def _look_at(original: Path, folder: Path, media_type: str) -> Json:
    """The one look that this type needs; its libraries are loaded before the doors are shut."""
    if media_type.startswith("image/"):
        from qianjun.media import picture

        _shut_doors()
        return picture.look_at(original, folder, media_type=media_type)
    from qianjun.media import paper

    _shut_doors()
    return paper.look_at(original, media_type=media_type)


def _limit() -> None:
    """No more memory, time, bytes and processes than a decent file needs; no network."""
    with contextlib.suppress(OSError, AttributeError):  # not every system lets us
        ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWNET)
    for what, most in (
        (resource.RLIMIT_AS, limits.CHILD_MEMORY_BYTES),
        (resource.RLIMIT_CPU, limits.CHILD_CPU_S),
        (resource.RLIMIT_FSIZE, limits.CHILD_WRITES_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))
    signal.alarm(int(limits.CHILD_WALL_S) + 5)  # should the parent be gone


def _shut_doors() -> None:
    def refuse(event: str, _arguments: tuple[Any, ...]) -> None:
        if event.startswith(FORBIDDEN):
            _die()

    sys.addaudithook(refuse)


def _die() -> NoReturn:
    signal.raise_signal(signal.SIGKILL)
    raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
