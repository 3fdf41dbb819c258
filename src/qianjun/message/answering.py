"""A question that was answered elsewhere: by the page behind its link. 链接作答"""

from qianjun.kernel import clock
from qianjun.message.models import Message
from qianjun.message.receipts import hold


def answered_by_link(*, purpose: str, matter: str, person: int) -> int:
    """Who acted by the link has answered the messages that brought it; how many. 已由链接应答"""
    asked = Message.objects.filter(
        purpose=purpose, matter=matter, person=person, expects_answer=True, answered_at=None
    )
    # the same rows as receipts take, in the order of their keys
    keys = sorted(asked.values_list("key", flat=True))
    hold(keys=keys)
    return Message.objects.filter(key__in=keys, answered_at=None).update(answered_at=clock.now())
