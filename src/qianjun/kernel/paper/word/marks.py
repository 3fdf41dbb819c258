"""The elements a document is made of, each with its children in the order Word asks for. 标记"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement

Element = BaseOxmlElement
SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
TWIPS_PER_MM: Final = 1440 / 25.4
TWIPS_PER_POINT: Final = 20


def element(tag: str, *children: Element, **values: str | int) -> Element:
    """``element("ind", left=320)`` is ``<w:ind w:left="320"/>``, with its children."""
    made = OxmlElement(f"w:{tag}")
    for name, value in values.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def mm(length_mm: float) -> int:
    """Millimetres in twips."""
    return round(length_mm * TWIPS_PER_MM)


@dataclass(frozen=True, kw_only=True)
class Lettering:
    """How characters are set; None leaves it to the style. 字符格式"""

    font: str | None = None
    points: float | None = None
    red: bool = False
    spread_points: float = 0


def lettering(how: Lettering) -> Element:
    """The properties of a run; without the hint “ ” and — would be set half wide."""
    fonts = {"hint": "eastAsia"}
    if how.font:
        fonts |= dict.fromkeys(("ascii", "eastAsia", "hAnsi", "cs"), how.font)
    made = element("rPr", element("rFonts", **fonts))
    if how.red:
        made.append(element("color", val="FF0000"))
    if how.spread_points:
        made.append(element("spacing", val=round(how.spread_points * TWIPS_PER_POINT)))
    if how.points:
        half = round(how.points * 2)
        made.extend((element("sz", val=half), element("szCs", val=half)))
    return made


STYLE_ALONE: Final = Lettering()


def run(text: str, how: Lettering = STYLE_ALONE) -> Element:
    """Characters as they are: no field, no line end, no tab can come of them."""
    words = element("t")
    words.text = text
    words.set(SPACE, "preserve")
    return element("r", lettering(how), words)


def tab() -> Element:
    """To the next tab stop."""
    return element("r", element("tab"))


def line_end() -> Element:
    """A new line in the same paragraph."""
    return element("r", element("br"))


def page_number(how: Lettering) -> list[Element]:
    """The one field of a document."""
    inside = element("instrText")
    inside.text = " PAGE "
    inside.set(SPACE, "preserve")
    return [
        element("r", lettering(how), element("fldChar", fldCharType="begin")),
        element("r", lettering(how), inside),
        element("r", lettering(how), element("fldChar", fldCharType="separate")),
        run("1", how),
        element("r", lettering(how), element("fldChar", fldCharType="end")),
    ]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A line as wide as the text block, in eighths of a point. 线"""

    eighths: int
    color: str = "000000"


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a paragraph is set; lengths in twips, None leaves it to the style. 段落格式"""

    keep_next: bool = False
    new_page: bool = False
    rule_below: Rule | None = None
    right_tab: int | None = None
    before: int | None = None
    after: int | None = None
    line: int | None = None
    left: int | None = None
    right: int | None = None
    first_characters: float | None = None
    hanging: int | None = None
    align: str | None = None
    outline: int | None = None


def layout(how: Layout, *, style: str = "", character: float = 0) -> Element:
    """The properties of a paragraph; ``character`` is the width of one, for the indent."""
    made = element("pPr")
    if style:
        made.append(element("pStyle", val=style))
    if how.keep_next:
        made.append(element("keepNext"))
    if how.new_page:
        made.append(element("pageBreakBefore"))
    if rule := how.rule_below:
        line = element("bottom", val="single", sz=rule.eighths, space=0, color=rule.color)
        made.append(element("pBdr", line))
    if how.right_tab is not None:
        made.append(element("tabs", element("tab", val="right", pos=how.right_tab)))
    made.extend(_spaces(how, character=character))
    if how.align:
        made.append(element("jc", val=how.align))
    if how.outline is not None:
        made.append(element("outlineLvl", val=how.outline))
    return made


def _spaces(how: Layout, *, character: float) -> Iterable[Element]:
    spacing: dict[str, str | int] = {}
    spacing |= {"before": how.before} if how.before is not None else {}
    spacing |= {"after": how.after} if how.after is not None else {}
    spacing |= {"line": how.line, "lineRule": "exact"} if how.line is not None else {}
    if spacing:
        yield element("spacing", **spacing)
    indent: dict[str, str | int] = {}
    indent |= {"left": how.left} if how.left is not None else {}
    indent |= {"right": how.right} if how.right is not None else {}
    if how.first_characters is not None:
        # Word counts characters of the grid, others read the length
        indent["firstLineChars"] = round(how.first_characters * 100)
        indent["firstLine"] = round(how.first_characters * character)
    if how.hanging is not None:
        indent["hanging"] = how.hanging
    if indent:
        yield element("ind", **indent)


def paragraph(style: str, *runs: Element, how: Layout | None = None) -> Element:
    """A paragraph of a style of this house."""
    return element("p", layout(how or Layout(), style=style), *runs)


def keep_with_next(made: Element) -> None:
    """The end of this paragraph and the next one stand on the same page."""
    style = made.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    if made.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is None:
        style.addnext(element("keepNext"))
