"""The file around the document: nothing of the template, and the same bytes every time. 文件包"""

import io
import zipfile
from datetime import UTC
from typing import Final

from docx.document import Document
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from lxml import etree

from qianjun.kernel.paper.model import Paper
from qianjun.kernel.paper.word import page
from qianjun.kernel.paper.word.marks import Element, element
from qianjun.kernel.paper.wording import one_line

# what the library's template brings and no document of ours needs
LEFT_OUT: Final = ("/customXml", "/stylesWithEffects", "/webSettings", "/numbering", "/thumbnail")
PROPERTY_CHARACTERS: Final = 255  # longest that the format allows
FIRST_INSTANT: Final = (1980, 1, 1, 0, 0, 0)  # of a ZIP; the time of packing would differ

NOT_OURS: Final = ("w:zoom", "w:proofState", "w:savePreviewPicture", "w:rsids", "w14:docId")
SETTINGS: Final = (
    ("w:defaultTabStop", "w:val", "632"),
    ("w:characterSpacingControl", "w:val", "compressPunctuation"),
    ("w:themeFontLang", "w:eastAsia", "zh-CN"),
)


def strip(document: Document) -> None:
    """Drop the parts of the template that are not ours."""
    for relations in (document.part.rels, document.part.package.rels):
        for key in [k for k, r in relations.items() if r.reltype.endswith(LEFT_OUT)]:
            del relations[key]


def describe(document: Document, paper: Paper) -> None:
    """What the file says of itself: title, unit and the instant that was handed in."""
    core = document.core_properties
    core.title = one_line(paper.title)[:PROPERTY_CHARACTERS]
    core.author = core.last_modified_by = one_line(paper.made_by)[:PROPERTY_CHARACTERS]
    core.created = core.modified = paper.made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    core.language, core.revision, core.comments, core.keywords = "zh-CN", 1, "", ""
    for part in document.part.package.parts:
        if part.partname == "/docProps/app.xml":
            part._blob = _application(part)


def _application(part: Part) -> bytes:
    root = etree.fromstring(part.blob)
    name = next(child for child in root if child.tag.endswith("}Application"))
    for child in list(root):
        root.remove(child)
    name.text = "Qianjun"
    root.append(name)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def name_fonts(document: Document) -> None:
    """Which other fonts may stand in, where one is not installed."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            part = relation.target_part
            root = parse_xml(part.blob)
            for child in list(root):
                root.remove(child)
            root.extend(_font(*font) for font in page.FONTS.items())
            part._blob = etree.tostring(
                root, xml_declaration=True, encoding="UTF-8", standalone=True
            )


def _font(name: str, others: tuple[str, str]) -> Element:
    names, family = others
    return element(
        "font",
        element("altName", val=names),
        element("charset", val="86"),
        element("family", val=family),
        element("pitch", val="variable"),
        name=name,
    )


def settle(document: Document) -> None:
    """How Word treats Chinese text, and that the document is one of its present form."""
    root = document.settings.element
    for tag in NOT_OURS:
        for child in root.findall(qn(tag)):
            root.remove(child)
    for tag, attribute, value in SETTINGS:
        root.find(qn(tag)).set(qn(attribute), value)
    for setting in root.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def packed(document: Document) -> bytes:
    """The bytes, with names, order and times of the entries fixed."""
    written, fixed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as before, zipfile.ZipFile(fixed, "w") as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, date_time=FIRST_INSTANT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            after.writestr(entry, before.read(name))
    return fixed.getvalue()
