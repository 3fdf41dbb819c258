"""Values that break programs, by what they pretend to be. 恶意输入"""

from dataclasses import dataclass

HUGE = 10**30
BIDI = "\u202e\u2066写反\u2069\u202c"


@dataclass(frozen=True)
class Raw:
    """JSON text as it goes over the wire: what ``json.dumps`` would not write."""

    text: str


WRONG_TYPES: list[object] = [None, True, 0, -1, 1.5, "x", "", [], {}, [[]], {"a": {"b": []}}]
TEXTS: list[object] = [
    " ",
    "\t\r\n",
    "字" * 5001,
    "x" * 100_000,
    "\x00",
    "火\x00灾",
    "\x07\x1b[31m响\x7f\x9b",
    BIDI,
    "\u200b\u200d\ufeff\u2028",
    Raw('"\\ud800"'),
    Raw('"\\udfff火\\ud83d"'),
    Raw('"\\u0000"'),
    "👨‍👩‍👧‍👦🔥🏳️‍🌈",
    "Z̴̡̛͓a̷l̶g̵o̸" * 20,
    '=HYPERLINK("x")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "-1",
    "'; DROP TABLE journal_entry; --",
    '" OR 1=1 --',
    "%s %(name)s %d {0} {name} {{7*7}} ${x}",
    "<script>alert(1)</script>",
    "../../../etc/passwd",
    "null",
    "١٢٣",
    "１２３",
]
NUMBERS: list[object] = [
    Raw("NaN"),
    Raw("Infinity"),
    Raw("-Infinity"),
    Raw("1e400"),
    Raw("-0"),
    Raw("1e-320"),
    Raw("01"),
    HUGE,
    -HUGE,
    2**31,
    2**63,
    -(2**63) - 1,
    181,
    -91.5,
    1e20,
    "109.41",
]
TIMES: list[object] = [
    "1900-01-01T00:00:00+08:00",
    "9999-12-31T23:59:59+08:00",
    "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+14:00",
    "2026-06-01T14:05:00",
    "2026-06-01",
    "2026-13-01T00:00:00+08:00",
    "2026-02-30T00:00:00+08:00",
    "2026-06-01T24:61:00+08:00",
    "2026-06-01T14:05:00+99:00",
    "2026-06-01T14:05:60+08:00",
    "-2026-06-01T14:05:00Z",
    "now",
    1780293900,
    1e20,
]
EVERY_VALUE: list[object] = [*WRONG_TYPES, *TEXTS, *NUMBERS, *TIMES]

# whole bodies, with the type they claim to be
JSON = "application/json"
DEEP = b"[" * 100_000
BODIES: list[tuple[str, bytes]] = [
    (JSON, b""),
    (JSON, b"{"),
    (JSON, b"null"),
    (JSON, b"[]"),
    (JSON, b'"text"'),
    (JSON, b"1"),
    (JSON, b"NaN"),
    (JSON, b"{}{}"),
    (JSON, b"{'text': 'x'}"),
    (JSON, b'{"text": "x",}'),
    (JSON, b'{"text": "\x01"}'),
    (JSON, b'{"text": "x", "text": 1}'),
    (JSON, b'{"__proto__": {"a": 1}, "constructor": 1}'),
    (JSON, b'{"' + b"k" * 70_000 + b'": 1}'),
    (JSON, b"{" + b",".join(b'"k%d": 1' % n for n in range(10_000)) + b"}"),
    (JSON, DEEP),
    (JSON, b'{"a":' * 5_000 + b"1" + b"}" * 5_000),
    (JSON, b'{"text": ' + b"[" * 500 + b"]" * 500 + b"}"),
    (JSON, '{"text": "着火了"}'.encode("gb18030")),
    (JSON, '{"text": "着火了"}'.encode("utf-16")),
    (JSON, b"\xef\xbb\xbf{}"),
    (JSON, b"\xff\xfe\x00\x01"),
    (JSON, b'{"text": "\xed\xa0\x80"}'),
    (JSON, b'{"text": "' + b"x" * 10_000_000 + b'"}'),
    ("application/json; charset=gb18030", '{"text": "着火了"}'.encode("gb18030")),
    ("application/json; charset=nonsense", b"{}"),
    ("text/plain", b'{"text": "x"}'),
    ("application/xml", b"<a/>"),
    ("application/x-www-form-urlencoded", b"text=x&text=y"),
    ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="text"\r\n'),
    ("multipart/form-data", b"x"),
    ("", b"{}"),
    ("\u00ff/\u00ff", b"{}"),
]
IDS: list[str] = [
    "-1",
    "0",
    "1e9",
    "1.0",
    "+1",
    "%201",
    "1%20",
    "..%2fx",
    "%2e%2e",
    "null",
    "undefined",
    "true",
    "1%3bDROP%20TABLE%20x",
    "%00",
    "1%00",
    "%ff",
    "%ed%a0%80",
    "%D9%A1%D9%A2",
    "%EF%BC%91",
    "%F0%9F%94%A5",
    "%E2%80%AE1",
    str(2**31),
    str(2**63 - 1),
    str(2**63),
    str(HUGE),
    "9" * 400,
    "x" * 2_000,
    "<script>",
]
KEYS: list[str] = ["", "short", "x" * 129, "x" * 10_000, "key\u00ff1234", "       ", "\t" * 9]
