"""A body with each of its fields replaced by what nobody should send. 变体"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from tests.hostile.values import Raw


def variants(body: dict[str, Any], values: list[object]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The body with each of its fields replaced by each value, and with it left out."""
    for place in _places(body):
        for value in [*values, _ABSENT]:
            changed = deepcopy(body)
            _put(changed, place, value)
            yield f"{'.'.join(place)} = {value!r:.60}", changed


_ABSENT = Raw("absent")


def _places(body: dict[str, Any], front: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in body.items():
        yield (*front, name)
        if isinstance(value, dict):
            yield from _places(value, (*front, name))


def _put(body: dict[str, Any], place: tuple[str, ...], value: object) -> None:
    *way, last = place
    for step in way:
        body = body[step]
    if value is _ABSENT:
        del body[last]
    else:
        body[last] = value
