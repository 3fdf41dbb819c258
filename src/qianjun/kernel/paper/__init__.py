"""Official documents in Word by GB/T 9704-2012: what one holds, and its bytes. 公文

>>> paper = Paper(
...     title="关于某某小区火灾的首报",
...     made_at=clock.now(),
...     body=(Heading(text="基本情况"), Text(text="……")),
... )
>>> content = write(paper)
"""

from qianjun.kernel.paper.model import (
    Block,
    Cell,
    Facts,
    Foot,
    Head,
    Heading,
    NewPage,
    Paper,
    Row,
    Signature,
    Stamp,
    Table,
    Text,
)
from qianjun.kernel.paper.wording import written_date

__all__ = [
    "MEDIA_TYPE",
    "Block",
    "Cell",
    "Facts",
    "Foot",
    "Head",
    "Heading",
    "NewPage",
    "Paper",
    "Row",
    "Signature",
    "Stamp",
    "Table",
    "Text",
    "write",
    "written_date",
]
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def write(paper: Paper) -> bytes:
    """The document as a .docx: the same paper gives the same bytes. 生成

    What carries the mark of a state secret is refused, as at every other door of the house.
    """
    # loads python-docx and lxml, which no start of the house shall wait for
    from qianjun.kernel.paper.word.document import document

    return document(paper)
