"""Telephones and offices of the demo, all synthetic; some are due for a check. 演示号码"""

from datetime import timedelta
from typing import Final

from django.db import transaction

from qianjun.kernel import clock
from qianjun.org.contacts import BUREAU
from qianjun.org.models import Person, Unit
from qianjun.org.telephone_models import NumberCheck, Office, PhoneNumber

# numbers that nobody can dial
DUTY_FROM: Final = 10000050001
ROOM: Final = {"fax": "10000060001", "satellite": "10000060002", "desk": "10000060003"}
HEADS: Final = (("局长", "juzhang", "daiban"), ("副局长（带班）", "daiban", "juzhang"))
LONG_AGO: Final = timedelta(days=40)
LATELY: Final = timedelta(days=3)
SEEDED: Final = "demo"


@transaction.atomic
def seed_telephones() -> int:
    """A duty telephone for every unit, offices of the bureau; again changes nothing. 演示号码"""
    if PhoneNumber.objects.exists():
        return 0
    units = list(Unit.objects.exclude(level=Unit.Level.ENTERPRISE).order_by("code"))
    rows = [
        PhoneNumber(unit=unit, kind="duty", value=str(DUTY_FROM + n))
        for n, unit in enumerate(units)
    ]
    bureau = next((unit for unit in units if unit.code == BUREAU), None)
    if bureau is not None:
        rows += [PhoneNumber(unit=bureau, kind=kind, value=value) for kind, value in ROOM.items()]
        _offices(bureau)
    made = PhoneNumber.objects.bulk_create(rows)
    _checks(made)
    return len(made)


def _offices(bureau: Unit) -> None:
    logins = {login for _title, *both in HEADS for login in both}
    people = {
        one.user.get_username(): one
        for one in Person.objects.filter(user__username__in=logins).select_related("user")
        if one.user
    }
    for rank, (title, login, deputy) in enumerate(HEADS):
        who, instead = people.get(login), people.get(deputy)
        Office.objects.create(unit=bureau, title=title, person=who, deputy=instead, rank=rank)


def _checks(numbers: list[PhoneNumber]) -> None:
    """Every third was asked about long ago, the others lately."""
    now = clock.now()
    NumberCheck.objects.bulk_create(
        NumberCheck(
            about_kind="number",
            about_id=row.pk,
            outcome=NumberCheck.Outcome.RIGHT,
            at=now - (LONG_AGO if n % 3 == 0 else LATELY),
            by_kind="system",
            by_id=SEEDED,
        )
        for n, row in enumerate(numbers)
    )
