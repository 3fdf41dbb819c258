"""What every verb about a file says, and whose turn it is with its bytes. 发布与排队"""

from qianjun.journal.bus import Event, emit
from qianjun.media.models import File
from qianjun.org.actor import Actor


def say(event: Event, *, by: Actor, file: File, body: str = "") -> int:
    """Say what happened to a file, on the timeline of its incident."""
    return emit(event, by=by, incident=file.incident, about=("file", str(file.pk)), body=body)


def blob_turn(sha256: str) -> str:
    """The turn of whoever adds or removes these bytes."""
    return f"media.bytes:{sha256}"
