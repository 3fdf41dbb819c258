"""A page that is put together from many questions asks the same one once. 一次查看"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
K = TypeVar("K", bound=Hashable)
_answers: ContextVar[dict[Any, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Within this, questions marked ``asked_once`` remember their answers; nothing is written."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def asked_once(question: Callable[P, R]) -> Callable[P, R]:
    """Within one look the same question gives the answer that it gave; elsewhere it is asked.

    Its arguments must be hashable. Refusals are not remembered; a QuerySet keeps its rows.
    """

    @wraps(question)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        known = _answers.get()
        if known is None:
            return question(*args, **kwargs)
        key = (question, args, tuple(sorted(kwargs.items(), key=lambda one: one[0])))
        if key not in known:
            known[key] = question(*args, **kwargs)
        answer: R = known[key]
        return answer

    return ask


def each_asked_once(
    question: Callable[[tuple[K, ...]], dict[K, R]],
) -> Callable[[tuple[K, ...]], dict[K, R]]:
    """Within one look the question is asked only for the keys that it was not asked for yet.

    Nothing is asked for no keys; a key without an answer stays without one.
    """

    @wraps(question)
    def ask(keys: tuple[K, ...]) -> dict[K, R]:
        known = _answers.get()
        if known is None:
            return question(keys) if keys else {}
        told: dict[K, dict[K, R]] = known.setdefault(question, {})
        if missing := tuple(key for key in keys if key not in told):
            fresh = question(missing)
            told.update({key: {key: fresh[key]} if key in fresh else {} for key in missing})
        return {key: answer for one in keys for key, answer in told[one].items()}

    return ask
