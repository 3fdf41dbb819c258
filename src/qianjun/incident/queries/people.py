"""Who comes to an incident: asked of the modules above that send people. 到场人数

This module knows nobody who is sent. Whoever sends people counts them here, in the file that is
imported at the start (``reactions``): for many incidents at once, in one statement.
"""

from collections.abc import Callable, Collection, Mapping

from qianjun.incident.rules.people import People
from qianjun.kernel.once import asked_once

Counts = Callable[[Collection[int]], Mapping[int, list[People]]]
_counting: dict[str, Counts] = {}


def counts_people(kind: str) -> Callable[[Counts], Counts]:
    """Have the decorated function count one kind of people, by incident; one statement for all."""

    def register(counts: Counts) -> Counts:
        _counting[kind] = counts
        return counts

    return register


@asked_once
def people_of(incidents: tuple[int, ...]) -> dict[int, list[People]]:
    """For each of these who is wanted, coming and there, a line for each need. 需、途、到

    As many statements as there are kinds of people, however many incidents.
    """
    found: dict[int, list[People]] = {key: [] for key in incidents}
    if not incidents:
        return found
    for _kind, counts in sorted(_counting.items()):
        for key, lines in counts(incidents).items():
            found[key].extend(lines)
    return found
