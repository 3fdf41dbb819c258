"""What stands outside the text block: page number, who printed it, 【演练】, watermark. 版心之外"""

from typing import Final

from docx.document import Document
from docx.section import _BaseHeaderFooter
from lxml import etree

from qianjun.kernel.paper.model import Paper
from qianjun.kernel.paper.word import page
from qianjun.kernel.paper.word.marks import (
    STYLE_ALONE,
    Element,
    Layout,
    element,
    page_number,
    paragraph,
    run,
)
from qianjun.kernel.paper.wording import DRILL, one_line, stamped, width

VML: Final = "urn:schemas-microsoft-com:vml"
OFFICE: Final = "urn:schemas-microsoft-com:office:office"
DRILL_WATERMARK: Final = "演练"
WATERMARK_POINTS: Final = (420, 150)  # the longest and the highest it gets
LEAST_POINTS: Final = 12  # letters that can still be seen
NUMBER_SIDE: Final = 280  # one character of 4号


def set_margins(document: Document, paper: Paper) -> None:
    """Head and foot of odd pages (number at the right) and of even ones (at the left)."""
    section = document.sections[0]
    for foot, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        _fill(foot, _foot(paper, side=side))
    if not (paper.drill or one_line(paper.watermark)):
        return
    for head, key in ((section.header, "odd"), (section.even_page_header, "even")):
        _fill(head, [_head(paper, key=key)])


def _fill(part: _BaseHeaderFooter, paragraphs: list[Element]) -> None:
    part.is_linked_to_previous = False
    root = part._element
    for child in list(root):
        root.remove(child)
    root.extend(paragraphs)


def _foot(paper: Paper, *, side: str) -> list[Element]:
    how = Layout(align=side, left=NUMBER_SIDE, right=NUMBER_SIDE)
    number = [run("— "), *page_number(STYLE_ALONE), run(" —")]
    rows = [paragraph(page.PAGE_NUMBER, *number, how=how)]
    if paper.stamp:
        said = (DRILL if paper.drill else "") + stamped(paper.stamp)
        rows.append(paragraph(page.STAMP, run(said)))
    return rows


def _head(paper: Paper, *, key: str) -> Element:
    words = one_line(paper.watermark) or (DRILL_WATERMARK if paper.drill else "")
    runs = [_watermark(words, key=key)] if words else []
    if paper.drill:
        runs.append(run(DRILL))
    return paragraph(page.DRILL, *runs)


def _watermark(words: str, *, key: str) -> Element:
    """Grey letters behind the text, from the lower left to the upper right."""
    length, height = WATERMARK_POINTS
    height = max(LEAST_POINTS, min(height, round(length / width(words))))
    length = min(length, round(height * width(words)))
    shape = etree.Element(f"{{{VML}}}shape", nsmap={"v": VML, "o": OFFICE})
    shape.attrib.update(
        {
            "id": f"QjWatermark_{key}",
            f"{{{OFFICE}}}spid": "_x0000_s2049" if key == "odd" else "_x0000_s2050",
            "type": "#_x0000_t136",
            "style": (
                f"position:absolute;width:{length}pt;height:{height}pt;rotation:315;z-index:-1;"
                "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
                "mso-position-vertical:center;mso-position-vertical-relative:margin"
            ),
            "fillcolor": "silver",
            "stroked": "f",
        }
    )
    etree.SubElement(shape, f"{{{VML}}}fill", opacity=".5")
    style = f'font-family:"{page.SONGTI}";font-size:1pt'
    etree.SubElement(shape, f"{{{VML}}}textpath", style=style, string=words)
    picture = element("pict")
    picture.extend((_lettering_shape(), shape))
    return element("r", picture)


def _lettering_shape() -> etree._Element:
    """The kind of shape that letters are stretched along; Word asks for it by its number."""
    kind = etree.Element(f"{{{VML}}}shapetype", nsmap={"v": VML, "o": OFFICE})
    kind.attrib.update(
        {
            "id": "_x0000_t136",
            "coordsize": "21600,21600",
            f"{{{OFFICE}}}spt": "136",
            "adj": "10800",
            "path": "m@7,l@8,m@5,21600l@6,21600e",
        }
    )
    formulas = etree.SubElement(kind, f"{{{VML}}}formulas")
    for formula in FORMULAS:
        etree.SubElement(formulas, f"{{{VML}}}f", eqn=formula)
    etree.SubElement(kind, f"{{{VML}}}path", textpathok="t")
    etree.SubElement(kind, f"{{{VML}}}textpath", on="t", fitshape="t")
    return kind


FORMULAS: Final = (
    "sum #0 0 10800",
    "prod #0 2 1",
    "sum 21600 0 @1",
    "sum 0 0 @2",
    "sum 21600 0 @3",
    "if @0 @3 0",
    "if @0 21600 @1",
    "if @0 0 @2",
    "if @0 @4 21600",
)
