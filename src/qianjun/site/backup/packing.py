"""``qianjun backup``: database, files and keys of one moment into one encrypted file. 备份

In the file lies a tar: manifest.json, keys/, database/ (parts of one gzip of SQL), media/, at last
erasures.log: of what is erased while the backup runs, the log at least is in it.
"""

import argparse
import contextlib
import io
import json
import os
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from qianjun import __version__
from qianjun.kernel import clock
from qianjun.site import folder
from qianjun.site.attach import NotReady, attached
from qianjun.site.backup import books
from qianjun.site.backup.appearing import PRIVATE, appearing
from qianjun.site.backup.passphrase import Unusable, passphrase, warn_short
from qianjun.site.backup.sealed import PIECE_BYTES, Sealing
from qianjun.site.backup.telling import tell_backup
from qianjun.site.output import result, result_json, say

GOOD, REFUSED, BAD_INPUT = 0, 1, 2
FORMAT: Final = 1
LAST: Final = "backup.json"  # what the last backup was, for the doctor
NAMED: Final = 10


@dataclass(kw_only=True)
class Made:
    """What has come of a backup. 备份结果"""

    file: str
    head: books.Head
    bytes: int = 0
    sha256: str = ""
    media: int = 0
    missing: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """As the contract writes it."""
        return {
            "file": self.file,
            "bytes": self.bytes,
            "sha256": self.sha256,
            "head": {"seq": self.head.seq, "hash": self.head.hash},
            "media": self.media,
            "missing_media": len(self.missing),
            "seconds": self.seconds,
        }


def backup(chosen: argparse.Namespace) -> int:
    """Write one encrypted file; there is a whole one at the end, or none. 备份"""
    home: Path = chosen.folder
    realm = folder.realm_of(home) or os.environ.get("QIANJUN_REALM")
    if realm is None:
        raise NotReady(f"数据目录 {home} 还没有建立，没有可备份的；请先运行 qianjun init。")
    target: Path = chosen.file.absolute()
    try:
        word = passphrase(chosen.pass_file, twice=True)
        _refuse_target(target)
    except Unusable as fault:
        say(str(fault))
        return BAD_INPUT
    warn_short(word)
    try:
        made = _made(home, target, word, realm=realm)
    except OSError as fault:
        raise NotReady(f"备份没有写成，没有留下文件：{fault.strerror or fault}。") from None
    _tell(made, as_json=chosen.json)
    return GOOD


def _refuse_target(target: Path) -> None:
    if target.exists():
        raise NotReady(f"{target} 已经存在，备份不覆盖任何文件；请换一个文件名。")
    if not target.parent.is_dir():
        raise Unusable(f"没有文件夹 {target.parent}；请先建立它。")


def _made(home: Path, target: Path, word: str, *, realm: str) -> Made:
    began = time.monotonic()
    with attached(home):
        with books.moment(books.address(home)) as moment, appearing(target) as file:
            made = Made(file=str(target), head=moment.head())
            sealing = Sealing(file, word)
            _fill(sealing, home, moment, made, realm=realm)
            sealing.finish()
            made.bytes, made.sha256 = sealing.size, sealing.digest.hexdigest()
        made.seconds = round(time.monotonic() - began, 1)
        _remember(home, made)
        if not tell_backup(made.as_json(), at=clock.real()):
            say("数据库不是这个版本的结构，这次备份没有记进事件簿；备份本身完好。")
    return made


def _fill(sealing: Sealing, home: Path, moment: books.Moment, made: Made, *, realm: str) -> None:
    with tarfile.open(
        fileobj=sealing,  # type: ignore[call-overload]
        mode="w|",
        bufsize=PIECE_BYTES,
        format=tarfile.PAX_FORMAT,
    ) as tar:
        _add(tar, "manifest.json", json.dumps(_manifest(moment, realm), indent=1).encode())
        for name, file in _keys(home):
            _add(tar, f"keys/{name}", file.read_bytes())
        url = books.address(home)
        for number, part in enumerate(books.dumped(url, moment.snapshot)):
            _add(tar, f"database/{number:06d}", part)
        _add_media(tar, home / "media", wanted=moment.originals(), made=made)
        log = home / "erasures.log"
        _add(tar, log.name, log.read_bytes() if log.exists() else b"")


def _manifest(moment: books.Moment, realm: str) -> dict[str, Any]:
    head = moment.head()
    return {
        "format": FORMAT,
        "version": __version__,
        "realm": realm,
        "made_at": clock.real().isoformat(timespec="seconds"),
        "head": {"seq": head.seq, "hash": head.hash},
        "entries": moment.entries(),
        "migrations": moment.migrations(),
    }


def _keys(home: Path) -> Iterator[tuple[str, Path]]:
    """The keys of the folder; one that lies elsewhere takes the place of its namesake."""
    outside = os.environ.get("QIANJUN_KEY_FILE")
    elsewhere = {"settings.key": Path(outside)} if outside else {}
    inside = {name: home / "keys" / name for name in folder.KEYS}
    for name, file in (inside | elsewhere).items():
        if file.exists():
            yield name, file


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    _put(tar, name, io.BytesIO(content), len(content))


def _put(tar: tarfile.TarFile, name: str, source: IO[bytes], size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, PRIVATE
    tar.addfile(member, source)


# --- files ---------------------------------------------------------------------------------------


def _add_media(tar: tarfile.TarFile, root: Path, *, wanted: set[str], made: Made) -> None:
    """Originals, their copies, and what is on its way; what is erased meanwhile is left out."""
    for path in _files(root):
        name = path.relative_to(root)
        with contextlib.suppress(FileNotFoundError), path.open("rb") as source:
            size = os.fstat(source.fileno()).st_size
            _put(tar, f"media/{name.as_posix()}", _Whole(source, size), size)  # type: ignore[arg-type]
            if len(name.parts) == 3 and name.parts[0] != "shown":
                made.media += 1
                wanted.discard(path.name)
    made.missing = sorted(wanted)


def _files(root: Path) -> Iterator[Path]:
    for folder_, below, names in os.walk(root):
        below.sort()
        if Path(folder_) == root and "work" in below:
            below.remove("work")
        yield from (Path(folder_) / name for name in sorted(names))


class _Whole:
    """A file that has the size it had when it was opened: a growing one ends, a cut one gets zeros.

    Only uploads on their way change, behind what the database knows of them.
    """

    def __init__(self, source: IO[bytes], size: int) -> None:
        self.source, self.left = source, size

    def read(self, size: int) -> bytes:
        """The next bytes."""
        size = min(size, self.left)
        self.left -= size
        return self.source.read(size).ljust(size, b"\0")


def _remember(home: Path, made: Made) -> None:
    """Note beside the data what was backed up when, for the doctor."""
    noted = made.as_json() | {"at": clock.real().isoformat(timespec="seconds")}
    new = home / f"{LAST}.{os.getpid()}"
    new.write_text(json.dumps(noted) + "\n", encoding="utf-8")
    new.replace(home / LAST)


def _tell(made: Made, *, as_json: bool) -> None:
    for sha256 in made.missing[:NAMED]:
        say(f"数据库里有而磁盘上没有的文件：{sha256}")
    if made.missing:
        say(
            f"共缺 {len(made.missing)} 个文件；它们在备份里也没有。请查看磁盘，或从更早的备份找回。"
        )
    if as_json:
        result_json(made.as_json())
        return
    result(f"{made.file}\t{made.bytes} 字节\tSHA-256 {made.sha256}")
    say(f"链首 {made.head.seq}:{made.head.hash}，文件 {made.media} 个，用时 {made.seconds} 秒。")
    say("口令和备份要分开保管：没有口令，谁也打不开它。恢复之后用 --head 可再核对链首。")
