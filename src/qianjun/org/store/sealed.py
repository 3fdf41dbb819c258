"""Secrets are kept encrypted; the key is a file outside the database. 加密

AES-256-GCM; the key is derived from the file, the name of the setting is bound into the sealed
bytes, so that a secret moved to another row is not read. Four bytes tell which key sealed it.
"""

import secrets
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

FORM: Final = b"\x01"
MARK_BYTES: Final = 4
NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32
LEAST_TEXT: Final = 32  # of the key file: less is a word, not a key


class NoKey(Exception):
    """There is no key file, or nothing usable in it. 没有密钥"""


class NotOurs(Exception):
    """Sealed with another key, for another setting, or damaged. 解不开"""


def seal(text: str, *, about: str) -> bytes:
    """The text as nobody without the key file can read it; raises NoKey."""
    key, nonce = _key(), secrets.token_bytes(NONCE_BYTES)
    return FORM + _mark(key) + nonce + AESGCM(key).encrypt(nonce, text.encode(), about.encode())


def unseal(sealed: bytes, *, about: str) -> str:
    """The text again; raises NoKey or NotOurs."""
    key = _key()
    front = FORM + _mark(key)
    nonce_end = len(front) + NONCE_BYTES
    if not sealed.startswith(front):
        raise NotOurs
    nonce, rest = sealed[len(front) : nonce_end], sealed[nonce_end:]
    try:
        return AESGCM(key).decrypt(nonce, rest, about.encode()).decode()
    except (InvalidTag, ValueError) as fault:
        raise NotOurs from fault


def key_file() -> Path:
    """Where the key is."""
    return Path(settings.SETTINGS_KEY_FILE)


def _key() -> bytes:
    try:
        text = key_file().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise NoKey(str(key_file())) from fault
    if len(text) < LEAST_TEXT:
        raise NoKey(str(key_file()))
    kdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"qianjun.settings")
    return kdf.derive(text.encode())


def _mark(key: bytes) -> bytes:
    return sha256(b"mark" + key).digest()[:MARK_BYTES]
