"""Papers to look at, and their bytes as elements. 样本"""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from typing import Any

from lxml import etree

from qianjun.kernel.paper import (
    Cell,
    Facts,
    Foot,
    Head,
    Heading,
    Paper,
    Row,
    Signature,
    Stamp,
    Table,
    Text,
    write,
)

AT = datetime(2026, 6, 1, 6, 31, 7, 123456, tzinfo=UTC)
ON = date(2026, 6, 1)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PASSAGE = (
    "演示小区3栋2单元三楼住户室内起火，明火已于14时25分扑灭。现场疏散群众46人，无人员伤亡"
    "（已核实）；“先期处置”由文昌街道——应急先锋队完成。"
)
TEAMS = Table(
    shares=(1, 3, 2, 2),
    head_rows=1,
    points=12,
    caption="力量一览",
    rows=(
        Row(cells=("序号", "队伍", "人数", "到达时间")),
        Row(cells=("1", "演示社区响应队", Cell(text="8", align="right"), "14:20")),
    ),
)
CALL = Table(
    shares=(2, 3, 2, 3),
    rows=(
        Row(cells=(Cell(text="来电时间", label=True), "14:12", Cell(text="编号", label=True), "1")),
        Row(
            cells=(Cell(text="拟办意见", label=True, down=2), Cell(text="请答复。", across=3)),
            least_mm=30,
        ),
        Row(cells=(Cell(text="演示值班一", across=3, align="right"),)),
    ),
)
HEAD = Head(
    name="城中区应急管理局文件",
    number="城应急信〔2026〕12号",
    signer="演示局长",
    mark="内部",
    urgency="特急",
)


def paper(**parts: Any) -> Paper:
    """A paper with these parts; a title and an instant are always there."""
    whole: dict[str, Any] = {"title": "关于演示小区民房火灾的报告", "made_at": AT}
    return Paper(**(whole | parts))


def full(**parts: Any) -> Paper:
    """A paper with all there is."""
    body = (
        Text(text=PASSAGE),
        Heading(text="基本情况"),
        Text(text=f"{PASSAGE}\n{PASSAGE}"),
        Heading(text="处置情况"),
        Heading(text="先期处置。", level=2, then=PASSAGE),
        Heading(text="消防救援力量：", level=3, then="2车12人"),
        Heading(text="其中党员", level=4, then="3人"),
        Facts(rows=(("接报时间", "2026年6月1日14时12分"), ("信息来源", "110转警"))),
        TEAMS,
        CALL,
    )
    whole: dict[str, Any] = {
        "made_by": "城中区应急管理局",
        "head": HEAD,
        "to": ("区委办公室", "区人民政府办公室"),
        "body": body,
        "attachments": ("演示小区平面图", "疏散人员名单"),
        "signature": Signature(by="柳州市城中区应急管理局", on=ON),
        "note": "联系人：演示值班一",
        "foot": Foot(
            report=("区委办公室",),
            send=("区各相关单位",),
            copy=("市应急管理局", "区委宣传部"),
            printed_by="城中区应急管理局办公室",
            printed_on=ON,
        ),
        "stamp": Stamp(by="演示值班一", at=AT, number="450202-20260601-0012"),
    }
    return paper(**(whole | parts))


def parts_of(content: bytes) -> dict[str, bytes]:
    """Every part of the file by its name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def part(content: bytes, name: str = "document") -> Any:
    """One part, parsed."""
    return etree.fromstring(parts_of(content)[f"word/{name}.xml"])


def written(**parts: Any) -> Any:
    """The body of a paper with these parts, as Word will read it."""
    return part(write(paper(**parts)))


def find(root: Any, path: str) -> list[Any]:
    """``find(root, "p/pPr/jc/@val")`` without the prefixes."""
    steps = re.sub(r"(^|/+)(@?)(\w+)", r"\1\2w:\3", path)
    return list(root.xpath(f".//{steps}", namespaces={"w": W}))


def said(element: Any) -> str:
    """The characters in it."""
    return "".join(words.text or "" for words in find(element, "t"))


def paragraphs(root: Any, style: str = "") -> list[Any]:
    """Paragraphs of a style that say something, or all of them."""
    return [
        p
        for p in find(root, "p")
        if said(p) and (not style or find(p, "pPr/pStyle/@val") == [style])
    ]
