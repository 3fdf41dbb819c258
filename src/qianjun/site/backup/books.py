"""The database on its way into a file and out of it, by the programs of the wheel. 数据库进出

``pg_dump`` reads the snapshot of our own transaction, so that what we say of the backup (chain
head, migrations) and what is in it belong together. What it writes is plain SQL, compressed: it can
be put into any PostgreSQL from 15 on, by hand too.
"""

import contextlib
import os
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from qianjun.site import database
from qianjun.site.attach import NotReady
from qianjun.site.orphans import die_with_parent

PART_BYTES: Final = 4 << 20
OUT_BYTES: Final = 1 << 20
GZIP: Final = 31  # window bits of zlib: a gzip frame
LOCK_WAIT_MS: Final = 60_000
# unknown to servers before 17, said once among the first lines
NEW_SETTING: Final = b"SET transaction_timeout = 0;\n"
Books = psycopg.Connection[tuple[Any, ...]]


def address(folder: Path) -> str:
    """Of the database of this folder, or of the outside one."""
    return os.environ.get("DATABASE_URL") or database.dsn(folder / "db")


@dataclass(frozen=True, kw_only=True)
class Head:
    """The last seal of the chain; seq 0 before the first. 链首"""

    seq: int
    hash: str


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One state of the database, held open while it is read. 快照"""

    books: Books
    snapshot: str

    def head(self) -> Head:
        """The chain's head at this moment."""
        found = self._one("SELECT seq, hash FROM journal_seal ORDER BY seq DESC LIMIT 1")
        return Head(seq=int(found[0]), hash=str(found[1])) if found else Head(seq=0, hash="0" * 64)

    def migrations(self) -> list[str]:
        """What the database has been brought to."""
        rows = self.books.execute("SELECT app, name FROM django_migrations ORDER BY id")
        return [f"{app}.{name}" for app, name in rows]

    def entries(self) -> int:
        """How many entries the journal has."""
        found = self._one("SELECT count(*) FROM journal_entry")
        return int(found[0]) if found else 0

    def originals(self) -> set[str]:
        """The hashes of all files whose bytes should lie beside the database."""
        rows = self.books.execute("SELECT DISTINCT sha256 FROM media_file WHERE state <> 'erased'")
        return {str(row[0]) for row in rows}

    def _one(self, question: str) -> tuple[Any, ...] | None:
        return self.books.execute(question.encode()).fetchone()


@contextlib.contextmanager
def moment(url: str) -> Iterator[Moment]:
    """Hold one state of the database still, for reading."""
    with psycopg.connect(url) as books:
        books.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        books.read_only = True
        row = books.execute("SELECT pg_export_snapshot(), to_regclass('journal_seal')").fetchone()
        assert row is not None
        if row[1] is None:
            raise NotReady("数据库里还没有千钧的数据；请先运行 qianjun init 或 qianjun demo。")
        yield Moment(books=books, snapshot=str(row[0]))


def is_empty(url: str) -> bool:
    """Whether the database has no table of anybody."""
    with psycopg.connect(url) as books:
        row = books.execute(
            "SELECT EXISTS (SELECT FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema'))"
        ).fetchone()
    return row is not None and not row[0]


def dumped(url: str, snapshot: str) -> Iterator[bytes]:
    """The database as compressed SQL, in parts; raises NotReady when it could not be read."""
    words = ["-Fp", "-Z", "gzip:4", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    words.append(f"--lock-wait-timeout={LOCK_WAIT_MS}")
    with tempfile.TemporaryFile() as said, _program(url, "pg_dump", *words, said=said) as running:
        assert running.stdout
        while part := running.stdout.read(PART_BYTES):
            yield part
        if running.wait():
            raise NotReady(f"数据库没有导出成功：{_first_fault(said)}")


class Loading:
    """Give it the parts in order; the database takes all of it or nothing. 写入数据库"""

    def __init__(self, url: str) -> None:
        with psycopg.connect(url) as books:
            self.drops = books.info.server_version < 170_000
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by finish or abandon
        words = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"]
        self.running = _started(url, "psql", *words, said=self.said, out=subprocess.DEVNULL)
        self.unpacking = zlib.decompressobj(GZIP)
        # not psql's own --single-transaction: that commits what came before a broken pipe
        self._pass_on(b"BEGIN;\n")

    def write(self, part: bytes) -> None:
        """Pass one compressed part on."""
        while part:
            text = self.unpacking.decompress(part, OUT_BYTES)
            part = self.unpacking.unconsumed_tail
            self._pass_on(text)

    def finish(self) -> None:
        """Wait until the database has committed; raises NotReady when it has not."""
        self._pass_on(self.unpacking.flush())
        if self.unpacking.eof:
            self._pass_on(b"COMMIT;\n")
        assert self.running.stdin
        with contextlib.suppress(OSError):  # what it could not take, its exit code says
            self.running.stdin.close()
        code = self.running.wait()
        with self.said:
            if code or not self.unpacking.eof:
                raise NotReady(f"数据库没有接受备份的内容：{_first_fault(self.said)}")

    def abandon(self) -> None:
        """End it without a commit."""
        self.running.kill()
        self.running.communicate()
        self.said.close()

    def _pass_on(self, text: bytes) -> None:
        if self.drops and NEW_SETTING in text:
            text, self.drops = text.replace(NEW_SETTING, b"", 1), False
        assert self.running.stdin
        try:
            self.running.stdin.write(text)
        except BrokenPipeError:
            self.running.wait()
            raise NotReady(f"数据库没有接受备份的内容：{_first_fault(self.said)}") from None


@contextlib.contextmanager
def _program(
    url: str, name: str, *words: str, said: IO[bytes]
) -> Iterator["subprocess.Popen[bytes]"]:
    running = _started(url, name, *words, said=said, out=subprocess.PIPE)
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def _started(
    url: str, name: str, *words: str, said: IO[bytes], out: int
) -> "subprocess.Popen[bytes]":
    """A program of the wheel on this database; a password goes by the environment, not by ps."""
    parts = {k: str(v) for k, v in conninfo_to_dict(url).items() if v is not None}
    secret = parts.pop("password", None)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    kept |= {"LC_ALL": "C.UTF-8", "PGCLIENTENCODING": "UTF8"}
    return subprocess.Popen(
        [str(database.binaries() / name), *words, "-d", make_conninfo(**parts)],
        stdin=subprocess.PIPE if out == subprocess.DEVNULL else subprocess.DEVNULL,
        stdout=out,
        stderr=said,
        cwd="/",
        preexec_fn=die_with_parent,
        env=kept | ({"PGPASSWORD": secret} if secret else {}),
    )


def _first_fault(said: IO[bytes]) -> str:
    """The first line of what the program complained about, without rows of the database."""
    said.seek(0)
    lines = said.read(4_096).decode("utf-8", "replace").splitlines()
    return next((line for line in lines if "error" in line.lower()), (lines or ["没有说明"])[0])
