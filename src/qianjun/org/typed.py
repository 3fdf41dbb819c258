"""What people type into forms, read for a verb. 表单时刻"""

from datetime import datetime

from django.http import HttpRequest

from qianjun.kernel.clock import BEIJING
from qianjun.kernel.fields import refused_field
from qianjun.kernel.words import noop as _


def maybe_instant(request: HttpRequest, name: str) -> datetime | None:
    """The instant of a field in Beijing time, None when it was left empty; 422 names it. 时刻"""
    typed = request.POST.get(name, "").strip()
    if not typed:
        return None
    try:
        found = datetime.fromisoformat(typed)
    except ValueError as error:
        raise refused_field(name, "bad_time", _("请填日期和时间。")) from error
    if found.tzinfo is not None or not 2000 <= found.year <= 2999:
        raise refused_field(name, "bad_time", _("请填日期和时间。"))
    return found.replace(tzinfo=BEIJING)
