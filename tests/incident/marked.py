"""What the tests of marks and of erasing do again and again. 标记与删除"""

from typing import Any

import pytest
from django.db import transaction

from qianjun.incident import actions
from qianjun.incident.queries import timeline
from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor

SAID = "演示涂料厂的配方单写在北墙，门口有人"


def refused(call: Any, **words: Any) -> Refused:
    """What a verb says no with; nothing of it stays."""
    with pytest.raises(Refused) as caught, transaction.atomic():
        call(**words)
    return caught.value


def note(by: Actor, incident: int, text: str = SAID) -> int:
    """A fact that was noted; its entry."""
    return actions.add_note(by=by, incident_id=incident, text=text)


def lines(by: Actor, incident: int) -> dict[str, dict[str, Any]]:
    """The timeline by the ids of its lines."""
    return {line["id"]: line for line in timeline(seen_by=by, incident_id=incident)[0]}


def erase(by: Actor, kind: str, ident: int, **changed: Any) -> int:
    """Erase a record as somebody asked for; how many bodies went."""
    words = {"reason": "本人申请", "article": "pipl_47"} | changed
    return actions.erase_record(by=by, kind=kind, ident=ident, **words)
