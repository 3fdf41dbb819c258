"""Send files as a phone or a program would, through the doors of the house. 上传者"""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, TestCase

from qianjun.incident.models import Incident
from qianjun.journal.bus import Said
from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.media.events import FileReceived
from qianjun.media.models import File, Upload
from qianjun.media.reactions import look
from qianjun.org.links import make_link
from tests import cast
from tests.media.pictures import photo

UPLOADS = "/api/v1/uploads"
TUS = {"Tus-Resumable": "1.0.0"}
PIECE_TYPE = "application/offset+octet-stream"


def incident(number: str = "450202-20260601-0001", **changed: Any) -> Incident:
    """An open incident in the district."""
    row: dict[str, Any] = {
        "number": number,
        "title": "演示涂料厂起火",
        "division": "450202001001",
        "occurred_at": clock.now(),
        "received_at": clock.now(),
        "opened_at": clock.now(),
        "last_report_at": clock.now(),
    }
    return Incident.objects.create(**(row | changed))


def metadata(**told: str | bytes) -> str:
    """Upload-Metadata of these pairs."""
    pairs = (
        (key, value.encode() if isinstance(value, str) else value) for key, value in told.items()
    )
    return ",".join(f"{key} {b64encode(value).decode()}" for key, value in pairs)


@dataclass(kw_only=True)
class Phone:
    """Somebody who sends files, with his way of saying who he is."""

    headers: dict[str, str]
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = Client(headers=self.headers, raise_request_exception=False)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: Any) -> HttpResponse:
        """A request of the protocol; underscores in names of headers are hyphens."""
        named = TUS | {name.replace("_", "-"): value for name, value in headers.items()}
        kind = named.pop("Content-Type", PIECE_TYPE if method == "PATCH" else "")
        if kind:  # the client drops the type of an empty body
            named["Content-Type"] = kind
        # a refusal undoes its own writes only, and what waits for the commit runs
        with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
            reply = self.client.generic(method, path, body, kind, headers=named)
        assert isinstance(reply, HttpResponse)
        return reply

    def begin(self, length: int, **told: str | bytes) -> HttpResponse:
        """Ask for a new upload."""
        headers: dict[str, Any] = {"Upload_Length": str(length)}
        return self.ask("POST", UPLOADS, **headers, Upload_Metadata=metadata(**told))

    def begun(self, length: int, **told: str | bytes) -> str:
        """The path of a new upload."""
        reply = self.begin(length, **told)
        assert reply.status_code == 201, reply.content.decode()
        return reply.headers["Location"]

    def patch(self, path: str, body: bytes, *, offset: int, **headers: str) -> HttpResponse:
        """Send a piece."""
        return self.ask("PATCH", path, body, Upload_Offset=str(offset), **headers)

    def offset(self, path: str) -> int:
        """How far it is."""
        reply = self.ask("HEAD", path)
        assert reply.status_code == 200, reply.content
        return int(reply.headers["Upload-Offset"])

    def send(self, content: bytes, *, piece_bytes: int = 4 << 20, **told: str | bytes) -> File:
        """Send a whole file; as it stands then."""
        path, offset = self.begun(len(content), **told), 0
        while offset < len(content):
            body = content[offset : offset + piece_bytes]
            reply = self.patch(path, body, offset=offset)
            assert reply.status_code == 204, reply.content.decode()
            offset = int(reply.headers["Upload-Offset"])
        return File.objects.get(pk=int(reply.headers["Upload-File"]))

    def sent(self, content: bytes | None = None, **told: Any) -> File:
        """Send a whole file, a photo by default, and have it looked at."""
        return looked_at(self.send(photo() if content is None else content, **told))


def looked_at(file: File) -> File:
    """The file after the heavy worker has had it, as it stands then."""
    entry = Entry.objects.filter(name=FileReceived.name, about_id=str(file.pk)).latest("pk")
    look(
        FileReceived(**entry.payload),
        Said(entry=entry.pk, incident=entry.incident, at=entry.at),
    )
    file.refresh_from_db()
    return file


def officer(role: str = "duty_officer") -> Phone:
    """A program with a token of this role."""
    return Phone(headers=cast.headers_for(role))


def by_link(about: tuple[str, str], purpose: Any = "s") -> Phone:
    """Somebody with a link."""
    path = make_link(purpose=purpose, about=about)
    return Phone(headers={"Authorization": f"Link {path}"})


def upload_at(path: str) -> Upload:
    """The row behind the path of an upload."""
    return Upload.objects.get(ident=path.rsplit("/", 1)[1])


def rows() -> tuple[int, ...]:
    """How many uploads, files and entries there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM media_upload), (SELECT count(*) FROM media_file),"
            " (SELECT count(*) FROM journal_entry)"
        )
        return tuple(cursor.fetchone() or ())
