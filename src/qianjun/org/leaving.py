"""What leaves the house is written down: copied, printed, exported, linked to. 带出记录

The same rows as those of who saw what: never journal entries, for the audit administrator.
"""

from typing import Final, Literal, get_args

from qianjun.kernel.errors import Refused
from qianjun.kernel.text import mask_phones_in
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.models import Read
from qianjun.org.reads import record_read

Kind = Literal["copy", "export", "link", "print"]
KINDS: Final[dict[str, str]] = {
    "copy": _("复制"),
    "export": _("导出"),
    "link": _("复制链接"),
    "print": _("打印"),
}
LEAVES: Final = "leave."
WHAT_MOST: Final = 200


def record_leaving(*, by: Actor, what: str, kind: Kind, about: tuple[str, str] = ("", "")) -> Read:
    """Note that somebody takes something out of the house, and what it is called. 记录带出

    ``what`` is a title, not the words themselves. Commits with the caller's transaction, so what
    leaves was noted. Refused: 422 ``unknown_value``.
    """
    if kind not in get_args(Kind):
        raise Refused("unknown_value", _("不在允许的取值之内。"))
    called = mask_phones_in(what).strip()[:WHAT_MOST]
    return record_read(by=by, what=f"{LEAVES}{kind}", about=about, why=called)
