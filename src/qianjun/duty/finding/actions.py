"""Look for people by the end of a telephone number; who looked is kept. 按尾号找人"""

from typing import Final

from django.db import transaction

from qianjun.duty.rules.command import phone_tail
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.text import masked_phone
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.org.models import Person
from qianjun.org.queries import within
from qianjun.org.reads import record_read

FOUND_MOST: Final = 20


@transaction.atomic(savepoint=False)
def find_by_tail(*, by: Actor, tail: str) -> list[Person]:
    """Whose number ends so, in the actor's scope; the search is kept, found or not. 按尾号找人"""
    require(by, "person.reveal")
    digits = phone_tail(tail)
    if not digits:
        zh = _("请输入电话的后四位或更多，只写数字。")
        raise Refused("bad_phone", zh, fields=(FieldError(field="tail", code="bad_phone", zh=zh),))
    record_read(by=by, what="phone.search", about=("phone", masked_phone(digits)))
    people = Person.objects.filter(addresses__value__endswith=digits).select_related("unit")
    return list(
        within(people, by.scope, "unit__path").distinct().order_by("sort_key", "pk")[:FOUND_MOST]
    )
