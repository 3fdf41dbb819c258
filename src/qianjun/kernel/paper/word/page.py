"""Size, grid and styles of the page, as the standard counts them. 版面

A4; 37 mm above, 28 mm left, a text block of 156 × 225 mm: 22 lines of 28 characters. The size of
3号 is 16 points, and 28 of them are wider than 156 mm, so the grid sets them a little closer.
"""

from dataclasses import dataclass
from typing import Final

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Twips

from qianjun.kernel.paper.word.marks import (
    Element,
    Layout,
    Lettering,
    Rule,
    element,
    layout,
    lettering,
    mm,
)

PAGE_MM: Final = (210, 297)
TOP_MM, LEFT_MM = 37, 28
BLOCK_MM: Final = (156, 225)
LINES, CHARACTERS = 22, 28
BLOCK_WIDTH: Final = mm(BLOCK_MM[0])
# a list on its side: narrow margins, for width is what it wants
WIDE_TOP_MM, WIDE_SIDE_MM, WIDE_BELOW_MM = 24, 20, 24
WIDE_WIDTH: Final = mm(PAGE_MM[1] - 2 * WIDE_SIDE_MM)
LINE: Final = mm(BLOCK_MM[1]) // LINES
BODY_POINTS: Final = 16
CHARACTER: Final = BLOCK_WIDTH / CHARACTERS  # twips
# Word counts what a character is wider than the body's size in 4096ths of a point
CLOSER: Final = int((BLOCK_WIDTH / 20 / CHARACTERS - BODY_POINTS) * 4096) - 1
# the same without a grid, which other programs than Word read as room for two characters each;
# a quarter of a point would do, but is rounded down to a fifth by some
CLOSER_POINTS: Final = -0.3
TITLE_POINTS: Final = 22
TITLE_LINE: Final = 700  # 35 points
NUMBER_BELOW_MM: Final = 7  # the page number from the text block
NUMBER_LINE: Final = 320
STAMP_LINE: Final = 240

FANGSONG, KAITI, HEITI = "仿宋_GB2312", "楷体_GB2312", "黑体"
XIAOBIAOSONG, SONGTI = "方正小标宋简体", "宋体"
# where a font is not installed the next of the row is asked for; then its family decides
FONTS: Final = {
    FANGSONG: ("仿宋,FangSong,STFangsong,华文仿宋", "roman"),
    KAITI: ("楷体,KaiTi,STKaiti,华文楷体", "roman"),
    HEITI: ("SimHei,STHeiti,微软雅黑", "swiss"),
    XIAOBIAOSONG: ("方正小标宋_GBK,FZXiaoBiaoSong-B05S,小标宋,华文中宋,STZhongsong", "roman"),
    SONGTI: ("SimSun,STSong,华文宋体", "roman"),
}


PLAIN: Final = Layout()


@dataclass(frozen=True, kw_only=True)
class Style:
    """A style of paragraphs, under the name that people see in Word. 样式"""

    key: str
    name: str
    font: str = FANGSONG
    points: float = BODY_POINTS
    how: Layout = PLAIN
    red: bool = False


BODY, FLUSH, TITLE = "QjBody", "QjFlush", "QjTitle"
HEADINGS: Final = ("QjHeading1", "QjHeading2", "QjHeading3", "QjHeading4")
AGENCY, MARK, RULE, SIGNED = "QjAgency", "QjMark", "QjRule", "QjSigned"
CELL, LABEL, CAPTION = "QjCell", "QjLabel", "QjCaption"
FOOT: Final = "QjFoot"
RED_RULE: Final = Rule(eighths=12, color="FF0000")
PAGE_NUMBER, STAMP, ANCHOR, DRILL = "QjPageNumber", "QjStamp", "QjAnchor", "QjDrill"


def _heading(level: int, *, font: str) -> Style:
    how = Layout(keep_next=level < 3, first_characters=2, outline=level)
    return Style(key=HEADINGS[level - 1], name=f"公文{level}级标题", font=font, how=how)


STYLES: Final = (
    Style(key=BODY, name="公文正文", how=Layout(first_characters=2)),
    Style(key=FLUSH, name="公文顶格", how=Layout(align="left")),
    Style(
        key=TITLE,
        name="公文标题",
        font=XIAOBIAOSONG,
        points=TITLE_POINTS,
        how=Layout(keep_next=True, align="center", line=TITLE_LINE, outline=0),
    ),
    _heading(1, font=HEITI),
    _heading(2, font=KAITI),
    _heading(3, font=FANGSONG),
    _heading(4, font=FANGSONG),
    Style(
        key=AGENCY,
        name="公文发文机关标志",
        font=XIAOBIAOSONG,
        red=True,
        how=Layout(keep_next=True, align="center"),
    ),
    Style(key=MARK, name="公文标注", font=HEITI, how=Layout(align="left", keep_next=True)),
    Style(key=RULE, name="公文红线", points=1, how=Layout(keep_next=True, rule_below=RED_RULE)),
    Style(key=SIGNED, name="公文落款", how=Layout(align="right")),
    Style(key=CELL, name="公文表格", points=14, how=Layout(line=420, align="left")),
    Style(key=LABEL, name="公文表头", font=HEITI, points=14, how=Layout(line=420, align="center")),
    Style(
        key=CAPTION,
        name="公文表题",
        font=HEITI,
        points=14,
        how=Layout(align="center", keep_next=True),
    ),
    Style(
        key=FOOT,
        name="公文版记",
        points=14,
        how=Layout(line=420, align="left"),
    ),
    Style(key=PAGE_NUMBER, name="公文页码", font=SONGTI, points=14, how=Layout(line=NUMBER_LINE)),
    Style(
        key=STAMP,
        name="公文打印信息",
        font=SONGTI,
        points=9,
        how=Layout(line=STAMP_LINE, align="center"),
    ),
    Style(key=ANCHOR, name="公文末行", points=1, how=Layout(line=20)),
    Style(key=DRILL, name="公文演练标志", font=HEITI, how=Layout(align="center")),
)


def set_page(document: Document, *, stamped: bool) -> None:
    """The page and its grid; odd and even pages have a foot of their own."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    section.top_margin, section.left_margin = Twips(mm(TOP_MM)), Twips(mm(LEFT_MM))
    # what is left over, so that the block is never narrower than 28 characters
    section.right_margin = Twips(mm(PAGE_MM[0]) - mm(LEFT_MM) - BLOCK_WIDTH)
    section.bottom_margin = Twips(mm(PAGE_MM[1]) - mm(TOP_MM) - mm(BLOCK_MM[1]))
    section.header_distance = Twips(mm(20))
    below = mm(PAGE_MM[1] - TOP_MM - BLOCK_MM[1] - NUMBER_BELOW_MM) - NUMBER_LINE
    section.footer_distance = Twips(below - (STAMP_LINE if stamped else 0))
    grid = section._sectPr.find(qn("w:docGrid"))
    section._sectPr.remove(grid)
    section._sectPr.append(
        element("docGrid", type="linesAndChars", linePitch=LINE, charSpace=CLOSER)
    )
    document.settings.odd_and_even_pages_header_footer = True


def lay_on_side(document: Document, *, stamped: bool) -> None:
    """The same sheet on its side, for a wide list."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(PAGE_MM[1]), Mm(PAGE_MM[0])
    section.top_margin, section.left_margin = Mm(WIDE_TOP_MM), Mm(WIDE_SIDE_MM)
    section.right_margin, section.bottom_margin = Mm(WIDE_SIDE_MM), Mm(WIDE_BELOW_MM)
    section.header_distance = Mm(WIDE_TOP_MM // 2)
    below = mm(WIDE_BELOW_MM) // 2 - NUMBER_LINE // 2
    section.footer_distance = Twips(below - (STAMP_LINE // 2 if stamped else 0))


def set_styles(document: Document) -> None:
    """The styles of this house and no other."""
    styles = document.styles.element
    for child in list(styles):
        styles.remove(child)
    language = element("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA")
    letters = lettering(Lettering(font=FANGSONG, points=BODY_POINTS))
    letters.append(language)
    styles.append(element("docDefaults", element("rPrDefault", letters), element("pPrDefault")))
    styles.append(_normal())
    for made in map(_made, STYLES):
        styles.append(made)


def _normal() -> Element:
    """What all others stand on: its size is the measure of the grid."""
    properties = layout(Layout(before=0, after=0, line=LINE, align="both"))
    spacing = properties.find(qn("w:spacing"))
    # digits among Chinese characters get no extra room: a line holds 28 characters
    spacing.addprevious(element("autoSpaceDE", val=0))
    spacing.addprevious(element("autoSpaceDN", val=0))
    # the lines are as high and the characters as close as the grid says, and it is not asked again
    spacing.addprevious(element("snapToGrid", val=0))
    made = element("style", element("name", val="Normal"), element("qFormat"), properties)
    letters = lettering(Lettering(font=FANGSONG, points=BODY_POINTS, spread_points=CLOSER_POINTS))
    letters.find(qn("w:rFonts")).addnext(element("snapToGrid", val=0))
    made.append(letters)
    made.set(qn("w:type"), "paragraph")
    made.set(qn("w:default"), "1")
    made.set(qn("w:styleId"), "Normal")
    return made


def _made(style: Style) -> Element:
    letters = Lettering(font=style.font, points=style.points, red=style.red)
    # after a title or a heading people go on writing in the body
    after = BODY if style.how.outline is not None else style.key
    return element(
        "style",
        element("name", val=style.name),
        element("basedOn", val="Normal"),
        element("next", val=after),
        element("qFormat"),
        layout(style.how, character=CHARACTER),
        lettering(letters),
        type="paragraph",
        customStyle=1,
        styleId=style.key,
    )
