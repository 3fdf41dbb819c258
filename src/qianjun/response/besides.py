"""What a report told beside its words, kept by code for whoever counts. 来源要素"""

from collections.abc import Sequence

from django.db import transaction

from qianjun.kernel import clock
from qianjun.org.actor import Actor, require
from qianjun.response.models import SourceFacts
from qianjun.response.rules import Beside

CARD = "card"


@transaction.atomic(savepoint=False)
def keep_besides(
    *, by: Actor, report_id: int, source: str, besides: Sequence[Beside], card: str
) -> SourceFacts | None:
    """Keep them beside the report that he has just taken in; None when there is nothing. 存要素"""
    require(by, "report.take")
    if not besides:
        return None
    answers = {one.code: one.value for one in besides if one.of == CARD}
    return SourceFacts.objects.create(
        report_id=report_id,
        source=source,
        own={one.code: one.value for one in besides if one.of != CARD},
        card=card if answers else "",
        answers=answers,
        kept_at=clock.now(),
    )


def forget_besides(*, report_id: int) -> bool:
    """Drop them with the words of their report, which were erased by law; again changes nothing."""
    return SourceFacts.objects.filter(report_id=report_id).delete()[0] > 0
