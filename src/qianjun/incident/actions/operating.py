"""Open a response without an incident. 行动"""

from django.db import transaction

from qianjun.incident.activation_events import OperationOpened
from qianjun.incident.models import Incident
from qianjun.incident.rules.numbering import DISTRICT, series
from qianjun.journal.bus import emit
from qianjun.journal.numbers import next_numbers
from qianjun.kernel import clock
from qianjun.kernel.fields import words
from qianjun.kernel.ids import incident_number
from qianjun.org.actor import Actor, require

TITLE_MOST = 200


@transaction.atomic(savepoint=False)
def open_operation(*, by: Actor, title: str, place: str = "", category: str = "") -> Incident:
    """A stand-by, a gathering, an epidemic round: an incident in all but its clocks. 开始行动

    It has no report, no written-report deadline and no place in accident statistics.
    """
    require(by, "activation.propose")
    named = words("title", title, most=TITLE_MOST)
    area = words("area", place, most=TITLE_MOST, least=0)
    now = clock.now()
    day = clock.in_beijing(now).date()
    (n,) = next_numbers(series(day)[0])
    row = Incident.objects.create(
        kind=Incident.Kind.OPERATION,
        number=incident_number(DISTRICT, day, n),
        title=named,
        category=category,
        place_name=area,
        received_at=now,
        opened_at=now,
        last_report_at=now,
    )
    emit(OperationOpened(incident_id=row.pk), by=by, incident=row.pk, body=area)
    return row
