"""Numbers people read aloud and ids nobody guesses. 编号"""

import secrets
from base64 import b32encode
from datetime import date

LEAST_DIGITS = 4


def incident_number(district: str, day: date, n: int) -> str:
    """``450202-YYYYMMDD-NNNN``, at least four digits. 事件编号"""
    return f"{district}-{day:%Y%m%d}-{n:0{LEAST_DIGITS}d}"


def report_number(day: date, n: int) -> str:
    """``J-YYYYMMDD-NNNN``, at least four digits. 接报编号"""
    return f"J-{day:%Y%m%d}-{n:0{LEAST_DIGITS}d}"


def short_id(n_bytes: int = 10) -> str:
    """A random id of lower-case letters and digits 2-7, safe in a URL. 短标识"""
    return b32encode(secrets.token_bytes(n_bytes)).decode().rstrip("=").lower()
