"""Take a list or a record out of the house; whoever does is written down. 导出清单、记录"""

from datetime import datetime
from itertools import islice
from typing import Final, Literal

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from qianjun.kernel import clock, paper
from qianjun.kernel.errors import Refused
from qianjun.kernel.paper import Head, Paper, Stamp
from qianjun.kernel.sheets import Imprint, workbook
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.leaving import record_leaving
from qianjun.org.listing.cells import cells_of
from qianjun.org.listing.kinds import ROWS_MOST, Asked, Listing
from qianjun.org.listing.paper import paper_of
from qianjun.org.listing.queries import PAPER_ROWS_MOST, header_of, listing_for, said
from qianjun.org.listing.records import kinds
from qianjun.org.rules import masked_name

LIVE: Final = "live"
DRILL: Final = _("【演练】")
TOO_MANY: Final = _("超过 %(most)s 行，请先按状态或词语筛选，再导出。")
TOO_LONG: Final = _("超过 %(most)s 行，纸上翻不完：请先筛选，或者导出 Excel。")
EMPTY: Final = _("没有符合条件的记录。")
Form = Literal["excel", "word"]


@transaction.atomic(savepoint=False)
def take_list_out(*, by: Actor, name: str, asked: Asked, form: Form = "excel") -> tuple[str, bytes]:
    """File name and content of a list as the actor sees it; noted as taken out. 导出 Excel、Word

    404 for a list that is not there or not his; 422 ``too_many_rows`` for more than 20,000, or
    2,000 in Word.
    """
    require(by, "list.export")
    one = listing_for(by, name)
    most = ROWS_MOST if form == "excel" else PAPER_ROWS_MOST
    rows = list(islice(one.rows(by, asked), most + 1))
    if len(rows) > most:
        zh = TOO_MANY if form == "excel" else TOO_LONG
        raise Refused("too_many_rows", zh, words={"most": most})
    title, now = gettext(one.zh), clock.now()
    record_leaving(by=by, what=f"{title} {len(rows)}", kind="export", about=("list", name))
    called = f"{title}-{clock.in_beijing(now):%Y%m%d-%H%M}"
    if form == "word":
        return f"{called}.docx", _document(one, rows, title=title, by=by, now=now)
    return f"{called}.xlsx", _workbook(one, rows, title=title, by=by, now=now)


def _workbook(one: Listing, rows: list[object], *, title: str, by: Actor, now: datetime) -> bytes:
    imprint = Imprint(
        title=title,
        by=_name(by),
        at=now,
        drill="" if settings.REALM == LIVE else gettext(DRILL),
    )
    return workbook(one.table, rows, imprint=imprint, word=said)


def _document(one: Listing, rows: list[object], *, title: str, by: Actor, now: datetime) -> bytes:
    made = paper_of(
        header_of(one),
        cells_of(one.table, rows, word=said),
        title=title,
        by=_name(by),
        at=now,
        drill=settings.REALM != LIVE,
        empty=gettext(EMPTY),
    )
    return paper.write(made)


@transaction.atomic(savepoint=False)
def take_record_out(*, by: Actor, name: str, ident: str) -> tuple[str, bytes]:
    """File name and content of one record in Word; noted as taken out. 导出记录

    404 for a kind or record that is not there or not his.
    """
    require(by, "list.export")
    kind = kinds().get(name)
    if kind is None or not by.may(kind.permission):
        raise not_found()
    with translation.override("zh-hans"):
        told, now = kind.tell(by, ident), clock.now()
    who = _name(by)
    record_leaving(by=by, what=f"{told.title} {told.number}", kind="export", about=(name, ident))
    made = Paper(
        title=told.title,
        made_at=now,
        made_by=who,
        head=Head(mark=told.mark) if told.mark else None,
        body=told.body,
        stamp=Stamp(by=who, at=now, number=told.number),
        watermark=f"{told.mark} {who}".strip(),
        drill=told.exercise or settings.REALM != LIVE,
    )
    called = f"{gettext(kind.zh)}-{told.number}-{clock.in_beijing(now):%Y%m%d-%H%M}.docx"
    return called.replace("/", "-"), paper.write(made)


def _name(by: Actor) -> str:
    return masked_name(by.name) if by.name else by.kind
