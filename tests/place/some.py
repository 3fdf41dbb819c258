"""Something of the place module. 样例"""

from datetime import timedelta

from qianjun.kernel import clock
from qianjun.place.models import Reading


def a_reading() -> int:
    """A temperature that nobody else has written down; its id."""
    known = Reading.objects.filter(gauge="temperature").count()
    at = clock.now() - timedelta(minutes=known + 1)
    told = {"gauge": "temperature", "kind": "observed", "source": "演示气象台"}
    return Reading.objects.create(at=at, value=21, received_at=at, **told).pk
