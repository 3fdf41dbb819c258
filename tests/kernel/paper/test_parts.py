"""Head, title, body, signature and foot stand where the standard wants them."""

from typing import Any

import pytest

from qianjun.kernel.paper import (
    Foot,
    Head,
    Heading,
    NewPage,
    Paper,
    Signature,
    Text,
    written_date,
)
from qianjun.kernel.paper.wording import numeral, width
from tests.kernel.paper.papers import (
    AT,
    HEAD,
    ON,
    PASSAGE,
    find,
    paragraphs,
    said,
    written,
)

CHARACTER = 8844 / 28


def lines(root: Any, style: str = "") -> list[str]:
    return [said(p) for p in paragraphs(root, style)]


def characters(root: Any, text: str, side: str) -> float:
    """The room at this side of the paragraph, in characters."""
    found = next(p for p in paragraphs(root) if said(p) == text)
    return round(int(find(found, f"pPr/ind/@{side}")[0]) / CHARACTER, 1)


def test_the_head_is_red_and_closed_by_a_red_line_as_wide_as_the_text() -> None:
    root = written(head=HEAD)
    assert lines(root, "QjMark") == ["内部", "特急"]
    assert lines(root, "QjAgency") == ["城中区应急管理局文件"]
    rule = next(p for p in find(root, "p") if find(p, "pPr/pStyle/@val") == ["QjRule"])
    assert not find(rule, "ind")


def test_number_and_signer_share_a_line_and_the_signer_is_in_kaiti() -> None:
    line = next(p for p in paragraphs(written(head=HEAD)) if "签发人" in said(p))
    assert said(line) == "城应急信〔2026〕12号签发人：演示局长"
    assert find(line, "r/rPr/rFonts/@eastAsia") == ["楷体_GB2312"]
    assert find(line, "pPr/tabs/tab/@val") == ["right"]


def test_a_number_alone_is_centred() -> None:
    root = written(head=Head(name="某局文件", number="城应急〔2026〕1号"))
    line = next(p for p in paragraphs(root) if said(p).startswith("城应急"))
    assert find(line, "pPr/jc/@val") == ["center"]


def test_a_bulletin_has_its_issue_issuer_and_date() -> None:
    head = Head(name="值班信息", under="第12期", issuer="城中区应急管理局", issued=ON)
    said_lines = lines(written(head=head))
    assert said_lines[:3] == ["值班信息", "第12期", "城中区应急管理局2026年6月1日"]


def test_without_a_name_nothing_is_red() -> None:
    root = written(head=Head(mark="内部", number="某〔2026〕1号"))
    styles = find(root, "pStyle/@val")
    assert "QjRule" not in styles
    assert "QjAgency" not in styles


@pytest.mark.parametrize("name", ["值班信息", "柳州市城中区应急管理局文件", "长" * 40])
def test_the_name_of_the_agency_is_never_wider_than_the_page_if_it_fits_one_line(name: str) -> None:
    made = paragraphs(written(head=Head(name=name)), "QjAgency")[0]
    points = int(find(made, "r/rPr/sz/@val")[0]) / 2
    spread = sum(int(s) / 20 for s in find(made, "r/rPr/spacing/@val"))
    assert points == 26 or len(name) * (points + spread) <= 8844 / 20
    assert int(find(made, "pPr/spacing/@line")[0]) / 20 > points


def test_the_title_is_centred_and_its_lines_are_about_equal() -> None:
    short = paragraphs(written(title="关于火灾的报告"), "QjTitle")[0]
    assert not find(short, "ind")
    long = paragraphs(written(title="题" * 40), "QjTitle")[0]
    side = int(find(long, "pPr/ind/@left")[0])
    assert find(long, "pPr/ind/@right") == [str(side)]
    # three lines of 14, not two of 19 and one of two
    assert (8844 - 2 * side) // 440 == 15


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于火灾的报告", ["关于火灾的报告"]),
        (
            "关于静兰街道演示小区3栋民房火灾情况的报告",
            ["关于静兰街道演示小区3栋民房火灾情况的", "报告"],
        ),
        (
            "关于印发《城中区防汛应急预案》《城中区地震应急预案》的通知",
            ["关于印发《城中区防汛应急预案》", "《城中区地震应急预案》的通知"],
        ),
        ("题" * 40, ["题" * 40]),
        ("长" * 39 + "的报告", ["长" * 39 + "的报告"]),
    ],
)
def test_a_long_title_is_broken_where_a_phrase_ends(title: str, lines: list[str]) -> None:
    made = paragraphs(written(title=title), "QjTitle")[0]
    assert [t.text for t in find(made, "r/t")] == lines


def test_a_new_line_in_the_title_is_a_line_of_the_title() -> None:
    title = paragraphs(written(title="关于火灾的\n情况报告"), "QjTitle")[0]
    assert [c.tag.split("}")[1] for c in find(title, "r/*[not(self::w:rPr)]")] == ["t", "br", "t"]


def test_recipients_stand_at_the_margin_with_a_colon() -> None:
    root = written(to=("区委办公室", "市应急管理局"))
    assert lines(root, "QjFlush") == ["区委办公室，市应急管理局："]


def test_headings_are_numbered_by_level_and_start_again_below() -> None:
    body = (
        Heading(text="甲"),
        Heading(text="子。", level=2, then="一段。\n又一段。"),
        Heading(text="丑", level=2),
        Heading(text="小", level=3),
        Heading(text="细", level=4),
        Heading(text="细", level=4),
        Heading(text="乙"),
        Heading(text="无号", numbered=False),
        Heading(text="寅", level=2),
    )
    root = written(body=body)
    assert lines(root)[1:] == [
        "一、甲",
        "（一）子。一段。",
        "又一段。",
        "（二）丑",
        "1.小",
        "（1）细",
        "（2）细",
        "二、乙",
        "无号",
        "（一）寅",
    ]
    assert lines(root, "QjHeading1") == ["一、甲", "二、乙", "无号"]


def test_what_follows_a_heading_in_its_paragraph_is_set_as_the_body() -> None:
    root = written(body=(Heading(text="先期处置。", level=2, then=PASSAGE),))
    runs = find(paragraphs(root, "QjHeading2")[0], "r")
    assert [find(r, "rFonts/@eastAsia") for r in runs] == [[], ["仿宋_GB2312"]]


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (105, "一〇五")],
)
def test_sections_are_counted_in_chinese(number: int, word: str) -> None:
    assert numeral(number) == word


def test_every_line_of_a_text_is_a_paragraph_and_begins_two_characters_in() -> None:
    root = written(body=(Text(text="甲\r\n　　乙\n\n丙"), Text(text="丁", indented=False)))
    assert lines(root, "QjBody") == ["甲", "乙", "丙"]
    assert lines(root, "QjFlush") == ["丁"]


def test_a_new_page_begins_before_what_follows_and_only_there() -> None:
    root = written(body=(NewPage(), Text(text="甲"), NewPage(), Text(text=" "), NewPage()))
    assert len(find(root, "pageBreakBefore")) == 1


def test_attachments_are_numbered_when_there_are_several() -> None:
    several = lines(written(attachments=("平面图", "名单")))
    assert several[-2:] == ["附件：1. 平面图", "2. 名单"]
    assert lines(written(attachments=("平面图",)))[-1] == "附件：平面图"


@pytest.mark.parametrize("by", ["某局", "城中区应急局", "柳州市城中区应急管理局防汛办公室"])
def test_the_agency_is_centred_over_the_date(by: str) -> None:
    root = written(signature=Signature(by=by, on=ON))
    on = written_date(ON)
    middle = characters(root, by, "right") + width(by) / 2
    assert characters(root, on, "right") + width(on) / 2 == pytest.approx(middle, abs=0.11)


def test_the_date_ends_four_characters_from_the_right() -> None:
    root = written(signature=Signature(by="城中区应急局", on=ON))
    assert characters(root, "2026年6月1日", "right") == 4
    date_alone = written(signature=Signature(by="", on=ON))
    assert characters(date_alone, "2026年6月1日", "right") == 4


def test_an_agency_too_long_for_a_line_leaves_the_date_in_its_place() -> None:
    root = written(signature=Signature(by="长" * 40, on=ON))
    assert characters(root, "长" * 40, "right") == 2
    assert characters(root, "2026年6月1日", "right") == 4


def test_a_signature_never_stands_alone_on_a_page() -> None:
    root = written(body=(Text(text="甲"),), signature=Signature(by="某局", on=ON))
    kept = {said(p) for p in find(root, "p") if find(p, "pPr/keepNext")}
    assert {"甲", "某局"} <= kept


@pytest.mark.parametrize("note", ["联系人：演示值班一", "（联系人：演示值班一）"])
def test_a_note_stands_in_brackets(note: str) -> None:
    assert lines(written(note=note))[-1] == "（联系人：演示值班一）"
    assert lines(written(note="电话（总机）"))[-1] == "（电话（总机））"


def test_the_foot_stands_at_the_foot_of_the_last_page_between_lines() -> None:
    foot = Foot(
        report=("区委办",),
        send=("各单位",),
        copy=("市局", "宣传部"),
        printed_by="某局办公室",
        printed_on=ON,
    )
    root = written(foot=foot)
    table = find(root, "tbl")[0]
    assert [said(row) for row in find(table, "tr")] == [
        "报：区委办。",
        "送：各单位。",
        "抄：市局，宣传部。",
        "某局办公室2026年6月1日印发",
    ]
    assert find(table, "tblpPr/@tblpYSpec") == ["bottom"]
    assert find(table, "tblpPr/@vertAnchor") == ["margin"]
    thick, thin = find(table, "tblBorders/top/@sz"), find(table, "tblBorders/insideH/@sz")
    assert (thick, thin, find(table, "tblBorders/bottom/@sz")) == (["8"], ["6"], ["8"])


def test_copies_alone_are_called_by_their_whole_name_and_an_empty_foot_is_none() -> None:
    assert lines(written(foot=Foot(copy=("市局",))))[-1] == "抄送：市局。"
    assert not find(written(foot=Foot(copy=(" ",))), "tbl")


def test_an_instant_without_a_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Paper(title="甲", made_at=AT.replace(tzinfo=None))
