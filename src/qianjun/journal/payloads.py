"""Events as they are stored, and back. 事件的存取"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from qianjun.journal.rules import is_plain

E = TypeVar("E")
Payload = dict[str, Any]


class UnknownEvent(Exception):
    """A stored event that this program does not know (any more, or yet). 未知记录"""


def to_payload(event: Any) -> Payload:  # noqa: ANN401
    """The event's fields as JSON values; ValueError when one is free text."""
    payload = {f.name: _stored(getattr(event, f.name)) for f in fields(event)}
    for name, value in payload.items():
        written_by_us = isinstance(getattr(event, name), date | Decimal)
        if not written_by_us and not is_plain(value):
            raise ValueError(f"{event.name}.{name} is free text or no plain value")
    return payload


def _stored(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple | list):
        return [_stored(part) for part in value]
    return value


def from_payload(kind: type[E], *, version: int, payload: Mapping[str, Any]) -> E:
    """The event of this kind, raised step by step by its ``upcast_v1``, ``upcast_v2`` …"""
    now = int(getattr(kind, "version", 1))
    if version > now:
        raise UnknownEvent(f"version {version} is newer than {now}")
    raised, hints = dict(payload), _hints(cast(Any, kind))
    try:
        for step in range(version, now):
            raised = getattr(kind, f"upcast_v{step}")(raised)
        return kind(**{n: _read(hints[n], v) for n, v in raised.items()})
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise UnknownEvent(str(error)) from error


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(hint: Any, value: Any) -> Any:  # noqa: ANN401
    if value is None:
        return None
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _read(next(part for part in get_args(hint) if part is not NoneType), value)
    if origin is tuple:
        return tuple(_read(get_args(hint)[0], part) for part in value)
    if hint in (datetime, date):
        return hint.fromisoformat(value)
    return Decimal(value) if hint is Decimal else value
