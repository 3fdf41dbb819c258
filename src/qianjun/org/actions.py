"""What people do with people and keys: reveal, search by telephone, revoke. 机构动作"""

from django.db import transaction

from qianjun.kernel import clock
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.text import clean, masked_phone
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.models import Address, Person, Token
from qianjun.org.queries import within
from qianjun.org.reads import record_read

MAX_WHY: int = 200
LEAST_DIGITS: int = 5


@transaction.atomic(savepoint=False)
def reveal_phone(*, by: Actor, address: int, why: str) -> str:
    """The whole number of one address; who saw it and why is kept. 查看完整号码"""
    require(by, "person.reveal")
    reason = _reason(why)
    seen = within(Address.objects.filter(pk=address), by.scope, "person__unit__path").first()
    if seen is None:
        raise not_found()
    record_read(by=by, what="phone.reveal", about=("address", str(seen.pk)), why=reason)
    return seen.value


def _reason(why: str) -> str:
    reason = clean(why).text.strip()
    if reason and len(reason) <= MAX_WHY:
        return reason
    zh = _("请用一句话写明查看理由（最多 200 个字）。")
    raise Refused("why_needed", zh, fields=(FieldError(field="why", code="why_needed", zh=zh),))


@transaction.atomic(savepoint=False)
def find_by_phone(*, by: Actor, phone: str) -> list[Person]:
    """Whose number this is, in the actor's scope; the search is kept, found or not. 按号码查人"""
    require(by, "person.reveal")
    digits = "".join(c for c in clean(phone).text if c in "0123456789")
    if len(digits) < LEAST_DIGITS:
        zh = _("请输入完整的号码。")
        raise Refused("bad_phone", zh, fields=(FieldError(field="phone", code="bad_phone", zh=zh),))
    record_read(by=by, what="phone.search", about=("phone", masked_phone(digits)))
    people = Person.objects.filter(addresses__value=digits).select_related("unit").distinct()
    return list(within(people, by.scope, "unit__path").order_by("sort_key", "pk"))


@transaction.atomic(savepoint=False)
def revoke_token(*, by: Actor, token: int) -> None:
    """Nobody acts with this token any more; revoking twice is revoking once. 吊销令牌"""
    require(by, "token.make")
    his = within(Token.objects.filter(pk=token), by.scope, "unit__path")
    found = his.select_for_update(of=("self",)).first()
    if found is None:
        raise not_found()
    if found.revoked_at is None:
        Token.objects.filter(pk=token).update(revoked_at=clock.real())
