"""A refusal as programs read it: one document, in both languages, wherever it is said. 拒绝文书"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext

from qianjun.kernel.errors import Refused

MEDIA_TYPE: Final = "application/problem+json"


def in_chinese(sentence: str, words: Mapping[str, Any] | None = None) -> str:
    """The sentence as it stands in the source, its places filled."""
    return _in("zh-hans", sentence, words)


def in_english(sentence: str, words: Mapping[str, Any] | None = None) -> str:
    """The sentence from the English catalogue, its places filled."""
    return _in("en", sentence, words)


def _in(language: str, sentence: str, words: Mapping[str, Any] | None) -> str:
    with translation.override(language):
        said = gettext(str(sentence)) if sentence else ""
        return said % words if words else said


def document(refused: Refused) -> dict[str, Any]:
    """The members of the problem document."""
    errors = [
        {"field": e.field, "code": e.code, "detail_zh": in_chinese(e.zh)} for e in refused.fields
    ]
    return {
        "type": "about:blank",
        "title": _title(refused.status),
        "status": refused.status,
        "code": refused.code,
        "detail_zh": in_chinese(refused.zh, refused.words),
        "detail_en": in_english(refused.zh, refused.words),
        "errors": errors,
        **refused.extra,
    }


def _title(status: int) -> str:
    """What HTTP calls it; a protocol above it has numbers of its own."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Refused"
