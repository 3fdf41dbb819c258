"""Read the body of an answer piece by piece, as sent and as unpacked. 读取正文"""

import zlib
from collections.abc import Iterator
from http.client import HTTPResponse  # noqa: TID251 - this is the place

from qianjun.kernel.fetch.bounds import Limits
from qianjun.kernel.fetch.connection import PIECE_BYTES
from qianjun.kernel.fetch.refusals import refuse

GZIP_BITS = 16 + zlib.MAX_WBITS
DEFLATE_BITS = zlib.MAX_WBITS
PACKED = {"gzip": GZIP_BITS, "x-gzip": GZIP_BITS, "deflate": DEFLATE_BITS}
PLAIN = ("", "identity")


def body_of(answer: HTTPResponse, *, encoding: str, host: str, limits: Limits) -> bytes:
    """The whole body; refused when it is too large in either form or ends too early. 正文"""
    encoding = encoding.strip().lower()
    if encoding not in PLAIN and encoding not in PACKED:
        raise refuse("fetch_bad_answer", host=host)
    if answer.length is not None and answer.length > limits.body_bytes:
        raise refuse("fetch_too_large", host=host)
    pieces = _received(answer, host=host)
    if encoding in PACKED:
        pieces = _unpacked(pieces, bits=PACKED[encoding], host=host)
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > limits.body_bytes:
            raise refuse("fetch_too_large", host=host)
    return bytes(body)


def _received(answer: HTTPResponse, *, host: str) -> Iterator[bytes]:
    declared, received = answer.length, 0
    while piece := answer.read(PIECE_BYTES):
        received += len(piece)
        yield piece
    if declared is not None and received < declared:
        raise refuse("fetch_bad_answer", host=host)


def _unpacked(pieces: Iterator[bytes], *, bits: int, host: str) -> Iterator[bytes]:
    """Never more than a piece at a time; several members one after the other are one body."""
    inflating = zlib.decompressobj(bits)
    begun = False
    try:
        for piece in pieces:
            packed, begun = piece, True
            while packed:
                if inflating.eof:
                    inflating = zlib.decompressobj(bits)
                yield inflating.decompress(packed, PIECE_BYTES)
                packed = inflating.unconsumed_tail or inflating.unused_data
        while begun and not inflating.eof and (rest := inflating.decompress(b"", PIECE_BYTES)):
            yield rest
    except zlib.error as wrong:
        raise refuse("fetch_bad_answer", host=host) from wrong
    if begun and not inflating.eof:
        raise refuse("fetch_bad_answer", host=host)
