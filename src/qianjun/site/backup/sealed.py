"""A file that only its passphrase opens and that cannot be cut or altered unseen. 加密文件

Head (magic, salt, cost of the key), a proof of the passphrase, then pieces of 1 MiB under
AES-256-GCM. A piece's nonce is its number and whether it is the last; the salt, and with it the
key, is new for every file, so no nonce comes twice under one key. See ADR 12.
"""

import hashlib
import hmac
import os
import struct
import unicodedata
from typing import IO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC: Final = b"QIANJUN\x01"
HEAD: Final = struct.Struct(">8s16sBBB")  # magic, salt, log2 of n, r, p
PROOF_BYTES: Final = 32
TAG_BYTES: Final = 16
PIECE_BYTES: Final = 1 << 20
COST_LOG2 = 17  # scrypt: 128 MB and about half a second for each guess
BLOCK_R, LANES_P = 8, 1
MOST_KEY_BYTES = 512 << 20  # a strange file may not ask for more memory than this


class Unreadable(Exception):
    """The file does not open; the text says why, in Chinese. 读不出"""


def wrong_passphrase() -> Unreadable:
    """The proof does not fit."""
    return Unreadable("口令不对，或者文件开头被改动过；什么也没有写。")


def damaged() -> Unreadable:
    """A piece is not what was sealed, or what was sealed last is not there."""
    return Unreadable("备份文件不完整或被改动过，不能用；什么也没有写。请重新拷贝或换另一份备份。")


def no_backup() -> Unreadable:
    """It is something else."""
    return Unreadable("这不是千钧的备份文件，或者是更新版本的格式；什么也没有写。")


class _Keys:
    """What a passphrase and a head make: the key of the pieces and the proof."""

    def __init__(self, head: bytes, passphrase: str) -> None:
        _magic, salt, cost, block, lanes = HEAD.unpack(head)
        if not 1 <= cost <= 30 or not block or not lanes:
            raise no_backup()
        if (128 * block * lanes) << cost > MOST_KEY_BYTES:
            raise no_backup()
        words = unicodedata.normalize("NFC", passphrase).encode()
        made = Scrypt(salt=salt, length=64, n=1 << cost, r=block, p=lanes).derive(words)
        self.cipher = AESGCM(made[:32])
        self.proof = hmac.digest(made[32:], head, "sha256")


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class Sealing:
    """Write into it; it seals what it gets into the target, a piece at a time. 写入端

    ``size`` and ``digest`` are those of the file so far.
    """

    def __init__(self, target: IO[bytes], passphrase: str) -> None:
        self.target = target
        self.size = 0
        self.digest = hashlib.sha256()
        self._number = 0
        self._waiting = bytearray()
        head = HEAD.pack(MAGIC, os.urandom(16), COST_LOG2, BLOCK_R, LANES_P)
        self._keys = _Keys(head, passphrase)
        self._put(head + self._keys.proof)

    def write(self, block: bytes) -> int:
        """Take a block in."""
        self._waiting += block
        while len(self._waiting) > PIECE_BYTES:
            self._seal(bytes(self._waiting[:PIECE_BYTES]), last=False)
            del self._waiting[:PIECE_BYTES]
        return len(block)

    def finish(self) -> None:
        """Seal the rest as the last piece; without it the file counts as cut short."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        nonce = _nonce(self._number, last=last)
        self._put(self._keys.cipher.encrypt(nonce, piece, self._keys.proof))
        self._number += 1

    def _put(self, block: bytes) -> None:
        self.target.write(block)
        self.digest.update(block)
        self.size += len(block)


class Opening:
    """Read from it what was sealed; Unreadable at the first piece that is not so. 读出端"""

    def __init__(self, source: IO[bytes], passphrase: str) -> None:
        self.source = source
        self._number = 0
        self._ready = b""
        self._at = 0
        self._ended = False
        head = source.read(HEAD.size)
        if len(head) < HEAD.size or not head.startswith(MAGIC):
            raise no_backup()
        proof = source.read(PROOF_BYTES)
        if len(proof) < PROOF_BYTES:
            raise damaged()
        self._keys = _Keys(head, passphrase)
        if not hmac.compare_digest(proof, self._keys.proof):
            raise wrong_passphrase()
        self._next = source.read(PIECE_BYTES + TAG_BYTES)

    def read(self, size: int) -> bytes:
        """The next bytes, so many unless the end comes first."""
        parts: list[bytes] = []
        while size > 0 and self._fill():
            part = self._ready[self._at : self._at + size]
            self._at += len(part)
            size -= len(part)
            parts.append(part)
        return b"".join(parts)

    def drain(self) -> None:
        """Read to the end, so that the last piece has been judged too."""
        while self.read(PIECE_BYTES):
            pass

    def _fill(self) -> bool:
        """Have at least one byte ready; False at the end."""
        while self._at == len(self._ready):
            if self._ended:
                return False
            self._ready, self._at = self._open(), 0
        return True

    def _open(self) -> bytes:
        sealed, self._next = self._next, self.source.read(PIECE_BYTES + TAG_BYTES)
        self._ended = not self._next
        try:
            piece = self._opened(sealed, last=self._ended)
        except InvalidTag:
            raise damaged() from None
        self._number += 1
        return piece

    def _opened(self, sealed: bytes, *, last: bool) -> bytes:
        if len(sealed) < TAG_BYTES:
            raise damaged()
        return self._keys.cipher.decrypt(_nonce(self._number, last=last), sealed, self._keys.proof)
