"""Run a reaction to an entry, once. 执行反应"""

from django.db import connection, transaction

from qianjun.journal.bus import Event, Said, known, reactions
from qianjun.journal.models import Entry
from qianjun.journal.payloads import UnknownEvent, from_payload


def event_of(entry: Entry) -> Event:
    """The event that this entry records, in its present shape; else UnknownEvent."""
    kind = known.get(entry.name)
    if kind is None:
        raise UnknownEvent(entry.name)
    return from_payload(kind, version=entry.version, payload=entry.payload)


def run_reaction(*, entry_id: int, reaction: str) -> None:
    """Run one reaction to one entry; its Done row and its writes commit together.

    A repeated run finds the row of the first, waiting for it when it still runs, and does nothing.
    """
    hearing = reactions.get(reaction)
    if hearing is None:
        raise LookupError(f"nobody is called {reaction}")
    with transaction.atomic():
        if not _first_time(entry_id, reaction):
            return
        entry = Entry.objects.get(pk=entry_id)
        hearing.function(
            event_of(entry), Said(entry=entry.pk, incident=entry.incident, at=entry.at)
        )


def _first_time(entry_id: int, reaction: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_done (entry_id, reaction) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [entry_id, reaction],
        )
        return int(cursor.rowcount) == 1
