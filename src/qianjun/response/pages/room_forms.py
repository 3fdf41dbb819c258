"""What people type in the incident room, as values. 事件室表单"""

import re
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from qianjun.incident.rules.grading import GRADES
from qianjun.kernel import clock
from qianjun.response.forms import LINE_MOST, TEXT_MOST, TYPED_TIME, TypedTime

# three or four bare digits are a time of day, as people type it
IN_MINUTES: Final = re.compile(r"(?:\+\s*(?P<plus>\d{1,4})|(?P<bare>\d{1,2}))(?:\s*分钟?)?")
WHY_MOST: Final = 500
WHEN: Final = _("时限写成 15:30、11-23 15:30，或 +30（分钟）。")


class DueTime(forms.CharField):
    """Until when: 15:30, the next one; 11-23 15:30; +30 minutes from now. 时限"""

    def clean(self, value: Any) -> Any:  # noqa: ANN401  # Django's field
        """The instant, or None when nothing was typed."""
        typed = super().clean(value).strip()
        if not typed:
            return None
        due_at = _due(typed)
        if due_at is None:
            raise forms.ValidationError(WHEN, code="invalid")
        return due_at


def _due(typed: str) -> datetime | None:
    if soon := IN_MINUTES.fullmatch(typed):
        return clock.now() + timedelta(minutes=int(soon["plus"] or soon["bare"]))
    found = TYPED_TIME.fullmatch(typed)
    return _ahead(found) if found else None


def _ahead(found: re.Match[str]) -> datetime | None:
    """The next such instant: a time gone by is tomorrow, a date gone by next year."""
    now = clock.in_beijing(clock.now())
    said = {name: int(part) for name, part in found.groupdict().items() if part}
    month, day = said.get("month", now.month), said.get("day", now.day)
    try:
        due_at = now.replace(
            month=month,
            day=day,
            hour=said["hour"],
            minute=said["minute"],
            second=0,
            microsecond=0,
        )
        if due_at > now:
            return due_at
        return due_at.replace(year=now.year + 1) if "day" in said else due_at + timedelta(days=1)
    except ValueError:
        return None


class Codes(forms.MultipleChoiceField):
    """Several codes, whatever they are: the verb knows which there are. 多个代码"""

    def valid_value(self, value: str) -> bool:
        """Any that is not too long."""
        return len(value) <= LINE_MOST


class GradeForm(forms.Form):
    """A grade, judged by the incident at this version. 定级"""

    grade = forms.TypedChoiceField(
        choices=list(GRADES.items()),
        coerce=int,
        error_messages={"required": _("请选事件分级。")},
    )
    why = forms.CharField(required=False, max_length=WHY_MOST)
    version = forms.IntegerField(min_value=0, max_value=2**31)


class TaskForm(forms.Form):
    """What is to be done, by whom, until when. 任务"""

    title = forms.CharField(max_length=200, error_messages={"required": _("请写要做什么。")})
    lead = forms.CharField(required=False, max_length=30)
    person = forms.CharField(required=False, max_length=20)
    post = forms.CharField(required=False, max_length=40)
    supporting = Codes(required=False)
    order = forms.CharField(required=False, max_length=WHY_MOST)
    due = DueTime(required=False, max_length=20)


class CorrectionForm(forms.Form):
    """What stands for a line from now on, and why. 更正"""

    text = forms.CharField(max_length=TEXT_MOST, error_messages={"required": _("请写一句。")})
    why = forms.CharField(required=False, max_length=LINE_MOST)


class FactsForm(forms.Form):
    """What the incident is, where and when; ``was_…`` is what the page showed before. 核定要素"""

    version = forms.IntegerField(min_value=0, max_value=2**31)
    title = forms.CharField(max_length=200, error_messages={"required": _("请写标题。")})
    category = forms.CharField(required=False, max_length=10)
    occurred = TypedTime(required=False, max_length=20)
    where = forms.CharField(required=False, max_length=LINE_MOST)
    place = forms.CharField(required=False, max_length=LINE_MOST)
    was_title = forms.CharField(required=False, max_length=200)
    was_category = forms.CharField(required=False, max_length=10)
    was_occurred = forms.CharField(required=False, max_length=20)
