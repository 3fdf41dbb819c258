"""One way to say no: a code for machines, a sentence for people. 拒绝"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class FieldError:
    """What is wrong with one field; ``zh`` is a catalogue sentence. 字段错误"""

    field: str
    code: str
    zh: str


class Refused(Exception):
    """A verb that is not carried out, and why. 拒绝执行

    ``code`` is stable; ``zh`` is a catalogue sentence with ``%(name)s`` places filled from
    ``words``; ``status`` is the HTTP answer; ``extra`` are further members of the problem document.
    """

    def __init__(
        self,
        code: str,
        zh: str,
        *,
        status: int = 422,
        words: Mapping[str, Any] | None = None,
        fields: tuple[FieldError, ...] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code, zh)
        self.code = code
        self.zh = zh
        self.status = status
        self.words = dict(words or {})
        self.fields = fields
        self.extra = dict(extra or {})
