"""Take a list out as Excel; whoever does is written down. 导出清单"""

from itertools import islice

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.sheets import Imprint, workbook
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.leaving import record_leaving
from qianjun.org.listing.kinds import ROWS_MOST, Asked, Listing, listings
from qianjun.org.rules import masked_name

LIVE = "live"
DRILL = _("【演练】")
TOO_MANY = _("超过 %(most)s 行，请先按状态或词语筛选，再导出。")


@transaction.atomic(savepoint=False)
def take_list_out(*, by: Actor, name: str, asked: Asked) -> tuple[str, bytes]:
    """File name and content of a list as the actor sees it; noted as taken out. 导出 Excel

    404 for a list that is not there or not his; 422 ``too_many_rows`` for more than 20,000.
    """
    require(by, "list.export")
    one = _listing(by, name)
    rows = list(islice(one.rows(by, asked), ROWS_MOST + 1))
    if len(rows) > ROWS_MOST:
        raise Refused("too_many_rows", TOO_MANY, words={"most": ROWS_MOST})
    title, now = gettext(one.zh), clock.now()
    record_leaving(by=by, what=f"{title} {len(rows)}", kind="export", about=("list", name))
    imprint = Imprint(
        title=title,
        by=masked_name(by.name) if by.name else by.kind,
        at=now,
        drill="" if settings.REALM == LIVE else gettext(DRILL),
    )
    content = workbook(one.table, rows, imprint=imprint, word=_word)
    return f"{title}-{clock.in_beijing(now):%Y%m%d-%H%M}.xlsx", content


def _listing(by: Actor, name: str) -> Listing:
    found = listings().get(name)
    if found is None or not by.may(found.permission):
        raise not_found()
    return found


def _word(text: str) -> str:
    """A title or a choice in the reader's language; an empty one would be the catalogue's head."""
    return gettext(text) if text else text
