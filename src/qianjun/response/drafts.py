"""An intake form half filled, kept while the caller still speaks. 接报草稿"""

import json
from typing import Any

from django.db import transaction

from qianjun.journal.locks import one_at_a_time
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.secrecy import is_marked, must_not_be_entered
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.org.http import was_done
from qianjun.response.models import Draft

MOST_BYTES = 64 * 1024
INTAKE = "/intake/"  # where the form is sent


def save_draft(*, by: Actor, fields: dict[str, Any]) -> Draft | None:
    """Keep what is typed so far; one draft a person, the last one counts. 存草稿

    What carries the mark of a state secret is refused, and the draft before it goes too: it may
    hold a part of the same. None when the form has been sent meanwhile: what was still on its way
    when the report was taken in must not come back as the beginning of the next one.
    """
    person = _person(by)
    if any(is_marked(str(typed)) for typed in fields.values()):
        drop_draft(by)
        raise must_not_be_entered()
    if len(json.dumps(fields)) > MOST_BYTES:
        raise Refused("too_large", _("草稿太长，请先立案或缩短。"))
    with transaction.atomic():
        _turn(person)
        if was_done(by, path=INTAKE, key=str(fields.get("key", ""))):
            return None
        kept = {"fields": fields, "saved_at": clock.now()}
        draft, _made = Draft.objects.update_or_create(person_id=person, defaults=kept)
        return draft


def draft_of(by: Actor) -> Draft | None:
    """What the person has begun, if anything. 读草稿"""
    return Draft.objects.filter(person=_person(by)).first()


@transaction.atomic(savepoint=False)
def drop_draft(by: Actor) -> bool:
    """Forget it; False when there was none. 弃草稿"""
    person = _person(by)
    _turn(person)
    return Draft.objects.filter(person=person).delete()[0] > 0


def _turn(person: int) -> None:
    one_at_a_time(f"draft:{person}")


def _person(by: Actor) -> int:
    require(by, "report.take")
    if by.person is None:
        raise Refused("no_person", _("只有登录的人员才有草稿。"), status=403)
    return by.person
