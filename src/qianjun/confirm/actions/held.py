"""Take a confirmation for changing: seen, locked, as it is now. 锁定"""

from qianjun.confirm.models import Confirmation, ConfirmPerson
from qianjun.confirm.queries import confirmation_seen, people_seen
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, key_of, not_found

ENDED = _("这次叫应已经结束，不再记应答。")


def about_of(row: Confirmation) -> tuple[str, str]:
    """What links and entries of a confirmation are about."""
    return ("confirmation", str(row.pk))


def timer_of(row: Confirmation) -> str:
    """The key of its one timer."""
    return f"confirm:{row.pk}"


def held_confirmation(by: Actor, confirmation_id: str | int) -> Confirmation:
    """The confirmation that the actor sees, locked until the transaction ends; else 404."""
    key = confirmation_seen(seen_by=by, confirmation_id=confirmation_id).pk
    return Confirmation.objects.select_for_update().get(pk=key)


def held_person(by: Actor, row: Confirmation, person: str | int) -> ConfirmPerson:
    """Somebody of this confirmation whom the actor sees; else 404. Its row is locked already."""
    found = people_seen(by).filter(confirmation=row, person=key_of(person)).first()
    if found is None:
        raise not_found()
    return found


def must_run(row: Confirmation) -> None:
    """Refuse with 409 what has ended."""
    if row.ended_at is not None:
        raise Refused("confirmation_ended", ENDED, status=409)
