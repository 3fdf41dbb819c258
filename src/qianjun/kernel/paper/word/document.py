"""A paper becomes a document of Word. 成文"""

import docx
from docx.document import Document
from docx.oxml.ns import qn

from qianjun.kernel.paper.model import Paper
from qianjun.kernel.paper.word import package, page
from qianjun.kernel.paper.word.body import attached, body_of
from qianjun.kernel.paper.word.closing import closing_of
from qianjun.kernel.paper.word.head import head_of
from qianjun.kernel.paper.word.margins import set_margins
from qianjun.kernel.paper.word.marks import keep_with_next
from qianjun.kernel.paper.wording import refuse_secret


def document(paper: Paper) -> bytes:
    """The bytes of the .docx."""
    refuse_secret(paper)
    made = docx.Document()
    package.strip(made)
    package.describe(made, paper)
    package.name_fonts(made)
    package.settle(made)
    page.set_styles(made)
    page.set_page(made, stamped=paper.stamp is not None)
    if paper.landscape:
        page.lay_on_side(made, stamped=paper.stamp is not None)
    set_margins(made, paper)
    _fill(made, paper)
    return package.packed(made)


def _fill(made: Document, paper: Paper) -> None:
    end = made.element.body.find(qn("w:sectPr"))
    width = page.WIDE_WIDTH if paper.landscape else page.BLOCK_WIDTH
    above = [*head_of(paper), *body_of(paper.body, width=width), *attached(paper.attachments)]
    if above and paper.signature:
        # a signature never stands alone on a page
        keep_with_next(above[-1])
    for block in (*above, *closing_of(paper)):
        end.addprevious(block)
