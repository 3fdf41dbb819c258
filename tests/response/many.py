"""Reports for the tests of sorting: three that are told, and how they are chosen. 多份接报"""

from collections.abc import Iterable

from qianjun.journal.models import Entry
from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.org.models import Address
from qianjun.response.actions import Chosen
from qianjun.response.queries.marks import standings
from qianjun.response.rules import Taken
from tests import cast
from tests.incident.fires import CRASH, FAR, report_of, taken

FARTHER = {"lon": 109.38, "lat": 24.35}


def chosen(*reports: Taken, round_: str = "") -> Chosen:
    """These reports, without what a screen has seen."""
    return Chosen(reports=tuple(str(one.stored.report_id) for one in reports), round=round_)


def seen(*reports: Taken) -> Chosen:
    """These reports with their marks as they stand now."""
    rows = {one.stored.report_id: report_of(one).incident_id for one in reports}
    marks = {str(pk): one.mark for pk, one in standings(rows).items()}
    return Chosen(reports=tuple(marks), seen=marks)


def homes(reports: Iterable[Taken]) -> list[int]:
    """The incidents that these reports are in."""
    return [report_of(one).incident_id for one in reports]


def names(incident: int) -> list[str]:
    """What the journal says of an incident, in order."""
    return list(
        Entry.objects.filter(incident=incident).order_by("pk").values_list("name", flat=True)
    )


def three(officer: Actor) -> tuple[Taken, Taken, Taken]:
    """Three reports in three incidents."""
    return taken(officer), taken(officer, **FAR), taken(officer, text=CRASH, **FARTHER)


def with_consent(phone: str) -> None:
    """This number is somebody's who agreed to be written to."""
    who = cast.person(cast.XIAOCHEN, phone=phone)
    Address.objects.filter(person=who).update(consent_at=clock.real(), consent_text="同意")
