"""A person's addresses: which is tried first, and whether he agrees to be reached there. 通讯录"""

from django.db import transaction
from django.db.models import QuerySet

from qianjun.journal.bus import emit
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.events import AddressPreferred, ConsentGiven, ConsentWithdrawn
from qianjun.org.models import Address
from qianjun.org.queries import within
from qianjun.org.telephone_models import NumberCheck

CONSENT_MOST = 500


@transaction.atomic(savepoint=False)
def prefer_address(*, by: Actor, person: int, address: int) -> list[Address]:
    """Try this address first and the others after it in their order; all of them. 首选联系方式"""
    require(by, "person.contact")
    rows = list(_held(by, Address.objects.filter(person=person)))
    chosen = next((row for row in rows if row.pk == address), None)
    if chosen is None:
        raise not_found()
    others = sorted((row for row in rows if row is not chosen), key=lambda r: (r.rank, r.pk))
    in_order = [chosen, *others]
    if any(row.rank != rank for rank, row in enumerate(in_order)):
        for rank, row in enumerate(in_order):
            row.rank = rank
        Address.objects.bulk_update(in_order, ["rank"])
        emit(AddressPreferred(person_id=person, address_id=address), by=by)
    return in_order


@transaction.atomic(savepoint=False)
def give_consent(*, by: Actor, address: int, text: str) -> Address:
    """Note that its holder agrees to be reached there, from now on, and to what. 同意"""
    require(by, "person.contact")
    said = clean(text).text.strip()
    if not 0 < len(said) <= CONSENT_MOST:
        raise Refused("consent_text", _("请写明同意的内容（500 字以内）。"))
    row = _one(by, address)
    if row.consent_at is None or row.consent_text != said:
        row.consent_at, row.consent_text = clock.now(), said
        row.save(update_fields=["consent_at", "consent_text"])
        _asked_today(by, row)
        emit(ConsentGiven(address_id=row.pk), by=by, body=said)
    return row


@transaction.atomic(savepoint=False)
def withdraw_consent(*, by: Actor, address: int) -> Address:
    """Note that its holder agrees no longer: nothing more is sent there. 撤回同意"""
    require(by, "person.contact")
    row = _one(by, address)
    if row.consent_at is not None:
        row.consent_at, row.consent_text = None, ""
        row.save(update_fields=["consent_at", "consent_text"])
        emit(ConsentWithdrawn(address_id=row.pk), by=by)
    return row


def _asked_today(by: Actor, row: Address) -> None:
    """Whoever agrees has been reached there: it stands in the phone book, also after a stop."""
    right = NumberCheck.Outcome.RIGHT
    who = {"by_kind": by.kind, "by_id": by.ident}
    NumberCheck.objects.create(
        about_kind="address", about_id=row.pk, outcome=right, at=clock.now(), **who
    )


def _held(by: Actor, rows: QuerySet[Address]) -> QuerySet[Address]:
    """Those of people in the actor's tree, locked."""
    his = within(rows, by.scope, "person__unit__path")
    return his.select_for_update(of=("self",), no_key=True).order_by("id")


def _one(by: Actor, address: int) -> Address:
    row = _held(by, Address.objects.filter(pk=address)).first()
    if row is None:
        raise not_found()
    return row
