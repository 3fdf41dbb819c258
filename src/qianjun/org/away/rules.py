"""Who is called when somebody is away: values alone. 代班规则"""

from collections.abc import Iterable, Mapping, Sequence


def called_for(person: int, *, away: Mapping[int, int | None]) -> int:
    """Who answers for this person: himself, or the first of his stand-ins who is there. 改叫谁

    ``away`` says of everybody who is away who stands in. When nobody of the row is there, or they
    stand in for each other, he himself is called: away is not out of reach.
    """
    seen, now = {person}, person
    while now in away:
        then = away[now]
        if then is None or then in seen:
            return person
        seen.add(then)
        now = then
    return now


def called_for_all(
    people: Sequence[int], *, away: Mapping[int, int | None]
) -> tuple[tuple[int, int], ...]:
    """(who is called, for whom), each once, in their order; for himself counts before. 名单

    Nobody is called twice because he stands in for one and is called for himself.
    """
    pairs = [(called_for(one, away=away), one) for one in people]
    himself = {called for called, one in pairs if called == one}
    found: dict[int, int] = {}
    for called, one in pairs:
        found.setdefault(called, called if called in himself else one)
    return tuple(found.items())


def deputies_after(
    called: Iterable[int], deputies: Sequence[int], *, away: Mapping[int, int | None]
) -> tuple[int, ...]:
    """Who is called after these stay silent: deputies who are there, none called twice. 代理人"""
    known = set(called)
    pairs = called_for_all(deputies, away=away)
    return tuple(one for one, _for in pairs if one not in known)
