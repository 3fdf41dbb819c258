"""``qianjun restore``: a house from one encrypted file into an empty folder. 恢复

The whole file is judged before anything is written. From then until the end a file ``restoring``
stands in the folder, and no command but this one works on it: half a house is never taken for one.
"""

import argparse
import contextlib
import hashlib
import json
import os
import re
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from qianjun.site import folder
from qianjun.site.attach import NotReady, attached
from qianjun.site.backup import books
from qianjun.site.backup.after import Afterwards, settle
from qianjun.site.backup.appearing import PRIVATE
from qianjun.site.backup.packing import FORMAT
from qianjun.site.backup.passphrase import Unusable, passphrase
from qianjun.site.backup.sealed import PIECE_BYTES, Opening, Unreadable, damaged, no_backup
from qianjun.site.output import result, result_json, say

GOOD, REFUSED, BAD_INPUT = 0, 1, 2
BLOCK_BYTES: Final = 1 << 20
ORIGINAL: Final = re.compile(r"media/[0-9a-f]{2}/[0-9a-f]{2}/([0-9a-f]{64})")
KNOWN: Final = re.compile(
    r"manifest\.json|erasures\.log|database/[0-9]{6}|keys/[a-z]{1,20}\.key"
    r"|media/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}"
    r"|media/shown/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-z.-]{1,90}|media/coming/[a-z2-7]{16,32}(?:\.own)?"
)
Manifest = dict[str, Any]


class _Judged:
    """A backup that was read to its end and is whole. 已核对"""

    def __init__(self, file: Path, word: str) -> None:
        self.file, self.word = file, word
        with self.members() as members:
            name, content = next(members, ("", None))
            if name != "manifest.json" or content is None:
                raise no_backup()
            self.manifest: Manifest = json.loads(content.read())
            for name, _content in members:
                if not KNOWN.fullmatch(name):
                    raise no_backup()
        if self.manifest["format"] != FORMAT:
            raise no_backup()

    @contextlib.contextmanager
    def members(self) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
        """Name and content of everything in it, in order; read to the end it has been judged."""
        with self.file.open("rb") as source:
            opening = Opening(source, self.word)
            with _tar(opening) as tar:
                yield _each(tar, opening)


def _tar(opening: Opening) -> tarfile.TarFile:
    try:
        tar: tarfile.TarFile = tarfile.open(  # noqa: SIM115 - the caller closes it
            fileobj=opening,  # type: ignore[call-overload]
            mode="r|",
            bufsize=PIECE_BYTES,
        )
    except tarfile.TarError:
        raise no_backup() from None
    return tar


def _each(tar: tarfile.TarFile, opening: Opening) -> Iterator[tuple[str, IO[bytes]]]:
    try:
        for member in tar:
            content = tar.extractfile(member) if member.isreg() else None
            if content is None:
                raise no_backup()
            yield member.name, content
    except tarfile.TarError:
        raise damaged() from None
    opening.drain()


@dataclass(kw_only=True)
class Brought:
    """What has come of a restore. 恢复结果"""

    folder: str
    made_at: str
    media: int = 0
    spoiled: int = 0
    seconds: float = 0.0

    def as_json(self, after: Afterwards) -> dict[str, Any]:
        """For programs."""
        return {
            **vars(self),
            "head": {"seq": after.seq, "hash": after.hash},
            "chain_ok": after.chain_ok,
            "erased_again": after.erased_again,
        }


def restore(chosen: argparse.Namespace) -> int:
    """Bring a house back into an empty folder, or change nothing. 恢复"""
    began = time.monotonic()
    home: Path = chosen.folder
    refuse_full(home)
    try:
        log = _lines_of(chosen.erasures)
        word = passphrase(chosen.pass_file, twice=False)
        judged = _Judged(chosen.file, word)
    except OSError as fault:
        say(f"读不了文件 {chosen.file}：{fault.strerror}。")
        return BAD_INPUT
    except Unusable as fault:
        say(str(fault))
        return BAD_INPUT
    except Unreadable as fault:
        raise NotReady(str(fault)) from None
    _refuse_newer(judged.manifest)
    brought = Brought(folder=str(home), made_at=judged.manifest["made_at"])
    try:
        after = _bring(judged, home, brought, log, despite_chain=chosen.despite_chain)
    except (OSError, Unreadable) as fault:
        why = getattr(fault, "strerror", None) or fault
        raise NotReady(f"恢复中断：{why}。{folder.unfinished_sentence(home)}") from None
    brought.seconds = round(time.monotonic() - began, 1)
    _tell(brought, after, as_json=chosen.json, knew_log=bool(chosen.erasures))
    return GOOD


def refuse_full(home: Path) -> None:
    """A folder that holds anything is never written into."""
    if folder.unfinished(home):
        raise NotReady(folder.unfinished_sentence(home))
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise NotReady(f"数据目录 {home} 不是空的，恢复不会动它；请用 --data 另选一个空目录。")


def _refuse_newer(manifest: Manifest) -> None:
    ours = Path(folder.__file__).parents[1]
    known = {f"{p.parent.parent.name}.{p.stem}" for p in ours.glob("*/migrations/[0-9]*.py")}
    apps = {name.split(".")[0] for name in known}
    strange = [n for n in manifest["migrations"] if n.split(".")[0] in apps and n not in known]
    if strange:
        raise NotReady(
            f"备份来自更新的版本（{manifest['version']}，有本程序没有的 {strange[0]}）；"
            "请先升级程序再恢复。"
        )


def _lines_of(file: Path | None) -> list[str]:
    """The lines of a log of erasures that was kept apart."""
    if file is None:
        return []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        kinds = [json.loads(line)["kind"] for line in lines if line.strip()]
    except OSError as fault:
        raise Unusable(f"读不了删除登记 {file}：{fault.strerror}。") from None
    except (ValueError, KeyError, TypeError):
        raise Unusable(f"{file} 不是删除登记（erasures.log）。") from None
    return [line for line in lines if line.strip()] if kinds else []


def _bring(
    judged: _Judged, home: Path, brought: Brought, log: list[str], *, despite_chain: bool
) -> Afterwards:
    folder.begin_restoring(home)
    with attached(home):
        url = books.address(home)
        if not books.is_empty(url):
            folder.end_restoring(home)
            raise NotReady("DATABASE_URL 指向的数据库不是空的，恢复不会动它；请另建一个空库。")
        with judged.members() as members:
            _unpack(members, home, url, brought)
        _add_lines(home / "erasures.log", log)
        folder.set_up(home, realm=judged.manifest["realm"])
        after = settle(judged.manifest, despite_chain=despite_chain)
    os.sync()  # everything of it stands on the disk before the folder counts as one
    folder.end_restoring(home)
    return after


def _unpack(
    members: Iterator[tuple[str, IO[bytes]]], home: Path, url: str, brought: Brought
) -> None:
    loading = books.Loading(url)
    try:
        for name, content in members:
            if name.startswith("database/"):
                _pour(content, loading.write)
            elif name != "manifest.json":
                _write(home / name, content, brought, original=ORIGINAL.fullmatch(name))
        loading.finish()
    except BaseException:
        loading.abandon()
        raise


def _write(
    path: Path, content: IO[bytes], brought: Brought, *, original: "re.Match[str] | None"
) -> None:
    """A file of the archive at its place; an original must be what its name says."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as target:  # noqa: PTH123
        _pour(content, target.write, digest.update)
    if original:
        brought.media += 1
        brought.spoiled += digest.hexdigest() != original[1]


def _pour(source: IO[bytes], *targets: Callable[[bytes], object]) -> None:
    while block := source.read(BLOCK_BYTES):
        for target in targets:
            target(block)


def _add_lines(log: Path, lines: list[str]) -> None:
    """What was erased after the backup, as far as it is known, behind what the backup knew."""
    known = set(log.read_text(encoding="utf-8").splitlines()) if log.exists() else set()
    with log.open("a", encoding="utf-8") as target:
        target.writelines(f"{line}\n" for line in lines if line not in known)


def _tell(brought: Brought, after: Afterwards, *, as_json: bool, knew_log: bool) -> None:
    if brought.spoiled:
        say(f"{brought.spoiled} 个文件在备份之前就已损坏（内容与摘要不符）。")
    if not after.chain_ok:
        say("事件簿的链条与备份时记下的链首不符，按 --despite-chain 照样恢复；请查明原因。")
    if after.erased_again:
        say(f"按删除登记再次依法删除 {after.erased_again} 条。")
    if not knew_log:
        say(
            "备份之后才依法删除的内容，只有给出另存的删除登记（--erasures 文件）才会再次删除；"
            "有的话，放进数据目录改名 erasures.log，下次启动时也会执行。"
        )
    if as_json:
        result_json(brought.as_json(after))
        return
    result(f"{brought.folder}\t备份于 {brought.made_at}\t链首 {after.seq}:{after.hash}")
    say(f"恢复完成：文件 {brought.media} 个，用时 {brought.seconds} 秒。接下来运行 qianjun serve。")
