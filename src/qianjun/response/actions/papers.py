"""A signed report as an official document in Word; whoever takes it out is written down. 公文"""

from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import translation

from qianjun.kernel import clock
from qianjun.kernel.paper import Foot, Head, Heading, Paper, Signature, Stamp, Text, write
from qianjun.org.actor import Actor, require
from qianjun.org.leaving import record_leaving
from qianjun.org.models import Unit
from qianjun.response.queries.upward import report_upward_seen, signer_of
from qianjun.response.rules.families import FAMILIES
from qianjun.response.rules.upward import ELEMENT_WORDS, UNKNOWN, named
from qianjun.response.upward_models import UpwardReport

BUREAU: Final = "450202"
INTERNAL: Final = "内部"
LIVE: Final = "live"
NAME_TOP_MM: Final = 10


@transaction.atomic(savepoint=False)
def take_paper_out(*, by: Actor, upward_id: str | int) -> tuple[str, bytes]:
    """File name and content of a signed report in Word; noted as taken out. 导出公文

    The same report gives the same bytes; what was erased by law is not in it any more.
    """
    require(by, "upward.write")
    row = report_upward_seen(seen_by=by, upward_id=upward_id)
    record_leaving(
        by=by, what=f"{row.number} {row.title}", kind="export", about=("upward_report", str(row.pk))
    )
    with translation.override("zh-hans"):
        return f"{row.number}.docx", write(paper_of(row))


def paper_of(row: UpwardReport) -> Paper:
    """The document: head, elements, who signed, to whom. 成文"""
    assert row.signed_at is not None
    names = dict(Unit.objects.filter(code__in=[*row.units, BUREAU]).values_list("code", "name"))
    bureau, units = names.get(BUREAU, ""), tuple(names.get(one, one) for one in row.units)
    return Paper(
        title=row.title,
        made_at=row.signed_at,
        made_by=bureau,
        head=Head(
            name=FAMILIES[row.family].paper,
            under=f"（{named(row.kind, row.ordinal)}）",
            number=row.number,
            signer=signer_of(row),
            mark=INTERNAL,
            name_top_mm=NAME_TOP_MM,
        ),
        to=units,
        body=_body(row),
        signature=Signature(by=bureau, on=clock.in_beijing(row.signed_at).date()),
        foot=Foot(report=units),
        stamp=Stamp(by=bureau, at=row.signed_at, number=row.digest[:16]),
        drill=settings.REALM != LIVE,
    )


def _body(row: UpwardReport) -> tuple[Heading | Text, ...]:
    """A numbered heading and its words for each element; erased ones are one sentence."""
    if not row.lines:
        return (Text(text=row.text),)
    told = [one for one in row.lines if one["text"] or one["missing"]]
    words = ((ELEMENT_WORDS[one["element"]], one["text"] or UNKNOWN) for one in told)
    return tuple(Heading(text=f"{title}：", then=text) for title, text in words)
