"""What is typed to start a response, as values. 启动响应表单"""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from qianjun.kernel.levels import LEVEL_WORDS
from qianjun.response.pages.room_forms import DueTime
from qianjun.response.queries.responding import Asked

WORDS_MOST: Final = 1_000
CODE_MOST: Final = 40
WARNING_MOST: Final = 40


class ResponseForm(forms.Form):
    """Plan, level and the elements of the notice. 启动响应"""

    plan = forms.CharField(max_length=CODE_MOST, error_messages={"required": _("请选预案。")})
    level = forms.TypedChoiceField(
        choices=[(n, word) for n, word in LEVEL_WORDS.items()],
        coerce=int,
        error_messages={"required": _("请选响应级别。"), "invalid_choice": _("请选响应级别。")},
    )
    authority = forms.CharField(required=False, max_length=CODE_MOST)
    matters = forms.CharField(required=False, max_length=WORDS_MOST)
    until = DueTime(required=False, max_length=20)
    why = forms.CharField(required=False, max_length=WORDS_MOST)
    decided_by = forms.CharField(required=False, max_length=100)
    warning = forms.CharField(required=False, max_length=WARNING_MOST)

    def asked(self) -> Asked:
        """The same as the house knows it; only of a valid form."""
        said = self.cleaned_data
        return Asked(
            plan=said["plan"],
            level=said["level"],
            authority=said["authority"],
            matters=said["matters"],
            expected_until=said["until"],
            why=said["why"],
            decided_by=said["decided_by"],
            warning=said["warning"],
        )
