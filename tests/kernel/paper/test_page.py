"""The page is the one of the standard: its size, its block, its grid, its fonts."""

import re
from typing import Any

import pytest
from lxml import etree

from qianjun.kernel.paper import Stamp, Text, write
from tests.kernel.paper.papers import AT, find, full, paper, part, parts_of, said, written

TWIPS_PER_MM = 1440 / 25.4


def section() -> Any:
    return find(written(), "sectPr")[0]


def mm(value: str) -> float:
    return round(int(value) / TWIPS_PER_MM, 1)


def style(key: str) -> Any:
    styles = part(write(paper()), "styles")
    return next(s for s in find(styles, "style") if find_own(s, "styleId") == key)


def find_own(element: Any, name: str) -> str:
    return next((str(v) for k, v in element.attrib.items() if k.endswith(f"}}{name}")), "")


def test_the_page_is_a4_with_a_block_of_156_by_225_mm() -> None:
    size, margins = find(section(), "pgSz")[0], find(section(), "pgMar")[0]
    width, height = (mm(find_own(size, side)) for side in ("w", "h"))
    top, left, right, bottom = (
        mm(find_own(margins, side)) for side in ("top", "left", "right", "bottom")
    )
    assert (width, height, top, left) == (210, 297, 37, 28)
    assert (round(width - left - right), round(height - top - bottom)) == (156, 225)


def test_the_grid_has_22_lines_of_28_characters() -> None:
    grid = find(section(), "docGrid")[0]
    margins, size = find(section(), "pgMar")[0], find(section(), "pgSz")[0]
    high = (
        int(find_own(size, "h")) - int(find_own(margins, "top")) - int(find_own(margins, "bottom"))
    )
    wide = (
        int(find_own(size, "w")) - int(find_own(margins, "left")) - int(find_own(margins, "right"))
    )
    pitch = 16 + int(find_own(grid, "charSpace")) / 4096
    assert find_own(grid, "type") == "linesAndChars"
    assert high // int(find_own(grid, "linePitch")) == 22
    assert wide / 20 // pitch == 28


def test_without_the_grid_the_characters_and_lines_are_as_many() -> None:
    normal = style("Normal")
    spread = next(int(s) for s in find(normal, "rPr/spacing/@val"))
    line = int(find(normal, "pPr/spacing/@line")[0])
    assert 156 / 25.4 * 72 // (16 + spread / 20) == 28
    assert 225 * TWIPS_PER_MM // line == 22
    assert find(normal, "pPr/spacing/@lineRule") == ["exact"]
    assert find(normal, "snapToGrid/@val") == ["0", "0"]


@pytest.mark.parametrize(
    ("key", "font", "points"),
    [
        ("QjTitle", "方正小标宋简体", 22),
        ("QjBody", "仿宋_GB2312", 16),
        ("QjHeading1", "黑体", 16),
        ("QjHeading2", "楷体_GB2312", 16),
        ("QjHeading3", "仿宋_GB2312", 16),
        ("QjHeading4", "仿宋_GB2312", 16),
        ("QjPageNumber", "宋体", 14),
        ("QjFoot", "仿宋_GB2312", 14),
    ],
)
def test_each_part_has_its_font_for_chinese_and_for_figures(
    key: str, font: str, points: int
) -> None:
    fonts = find(style(key), "rPr/rFonts")[0]
    slots = ("eastAsia", "ascii", "hAnsi", "cs")
    assert [find_own(fonts, slot) for slot in slots] == [font] * 4
    assert find_own(fonts, "hint") == "eastAsia"
    assert find(style(key), "rPr/sz/@val") == [str(points * 2)]


def test_a_font_that_is_not_installed_has_others_in_its_place() -> None:
    fonts = part(write(paper()), "fontTable")
    named = {find_own(f, "name"): find(f, "altName/@val")[0] for f in find(fonts, "font")}
    assert "FangSong" in named["仿宋_GB2312"]
    assert "KaiTi" in named["楷体_GB2312"]
    assert "STZhongsong" in named["方正小标宋简体"]
    assert set(named) == {"仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体", "宋体"}


def test_every_style_that_is_used_is_there_and_no_other() -> None:
    content = write(full(drill=True))
    known = set(find(part(content, "styles"), "style/@styleId"))
    used = {
        used
        for name in ("document", "footer1", "footer2", "header1", "header2")
        for used in find(part(content, name), "pStyle/@val")
    }
    assert used <= known
    assert known - used == {"Normal"}


def test_odd_pages_are_numbered_at_the_right_and_even_ones_at_the_left() -> None:
    content = write(paper())
    assert find(part(content, "settings"), "evenAndOddHeaders")
    sides = {}
    for reference in find(part(content), "sectPr/footerReference"):
        name = _target(content, reference)
        foot = part(content, name)
        sides[find_own(reference, "type")] = find(foot, "jc/@val")[0]
        assert "".join(find(foot, "instrText")[0].itertext()).strip() == "PAGE"
        assert said(foot) == "— 1 —"
        assert find(foot, "ind/@right") == find(foot, "ind/@left") == ["280"]
    assert sides == {"default": "right", "even": "left"}


def _target(content: bytes, reference: Any) -> str:
    key = find_own(reference, "id")
    relations = etree.fromstring(parts_of(content)["word/_rels/document.xml.rels"])
    target = next(r.get("Target") for r in relations if r.get("Id") == key)
    return str(target).removesuffix(".xml")


def test_the_page_number_begins_7_mm_below_the_block_with_a_stamp_and_without() -> None:
    for stamp, lines in ((None, 320), (Stamp(by="演示值班一", at=AT), 320 + 240)):
        found = find(written(stamp=stamp), "sectPr/pgMar")[0]
        bottom, foot = (int(find_own(found, side)) for side in ("bottom", "footer"))
        assert mm(str(bottom - foot - lines)) == 7


def test_the_stamp_says_who_and_when_in_beijing() -> None:
    stamp = Stamp(by="演示值班一", at=AT, number="450202-20260601-0012")
    foot = said(part(write(paper(stamp=stamp)), "footer1"))
    assert foot.endswith("操作人：演示值班一　时间：2026-06-01 14:31　编号：450202-20260601-0012")


def test_a_drill_is_named_in_the_title_above_below_and_behind_the_text() -> None:
    content = write(full(drill=True, title="关于火灾的报告"))
    assert "【演练】关于火灾的报告" in said(part(content))
    for head, foot in (("header1", "footer1"), ("header2", "footer2")):
        assert said(part(content, head)) == "【演练】"
        assert 'string="演练"' in _raw(content, head)
        assert "【演练】操作人" in said(part(content, foot))


def test_a_title_that_names_the_drill_names_it_once() -> None:
    root = written(drill=True, title="【演练】关于火灾的报告")
    assert said(root).count("【演练】") == 1


def test_a_long_title_of_a_drill_keeps_its_own_line() -> None:
    root = written(drill=True, title="关于静兰街道演示小区民房火灾的情况")
    assert len(find(root, "p/r/br")) == 1


def _raw(content: bytes, name: str) -> str:
    return parts_of(content)[f"word/{name}.xml"].decode()


@pytest.mark.parametrize("words", ["密", "内部", "内部资料 演示值班一", "长" * 500])
def test_a_watermark_of_any_length_fits_the_page_and_can_be_seen(words: str) -> None:
    raw = _raw(write(paper(watermark=words)), "header1")
    length, height = (int(found) for found in re.findall(r"(?:width|height):(\d+)pt", raw))
    assert 0 < length <= 420
    assert 12 <= height <= 150


def test_a_watermark_stands_behind_every_page_and_else_there_is_no_head() -> None:
    marked = write(paper(watermark="内部资料 演示值班一"))
    assert all('string="内部资料 演示值班一"' in _raw(marked, h) for h in ("header1", "header2"))
    plain = written(body=(Text(text="一"),))
    assert not find(plain, "headerReference")
