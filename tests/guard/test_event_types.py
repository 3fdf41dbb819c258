"""Every code of event types has a Chinese and an English name that tell it from its siblings."""

import csv
import re
from collections import Counter

from tests.guard.tree import SRC, listed

TABLE = SRC / "incident" / "tables" / "event_types.csv"
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")

Row = dict[str, str]


def rows() -> list[Row]:
    """The table without its head."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def faults(told: list[Row]) -> list[str]:
    """Every name that is missing, not English or said twice below one code."""
    nameless = [f"{r['code']} lacks a name" for r in told if not (r["name_zh"] and r["name_en"])]
    chinese = [f"{r['code']} {r['name_en']}" for r in told if CHINESE.search(r["name_en"])]
    counted = Counter((r["parent"], r["name_en"].casefold()) for r in told)
    twice = [f"{parent} has {name} twice" for (parent, name), n in counted.items() if n > 1]
    return nameless + chinese + twice


def test_every_code_has_both_names() -> None:
    problems = faults(rows())
    assert not problems, listed(problems)


def test_no_code_stands_twice() -> None:
    codes = [row["code"] for row in rows()]
    assert len(codes) == len(set(codes)) > 270


def test_the_check_sees_missing_chinese_and_doubled_names() -> None:
    one = {"code": "1", "parent": "0", "name_zh": "火灾", "name_en": "Fire"}
    told = [one, one | {"code": "2", "name_en": "fire"}, one | {"code": "3", "name_en": ""}]
    told.append(one | {"code": "4", "name_en": "火灾"})
    assert faults(told) == ["3 lacks a name", "4 火灾", "0 has fire twice"]
