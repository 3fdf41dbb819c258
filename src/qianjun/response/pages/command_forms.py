"""What is typed about a command post, as values. 指挥部表单"""

import re
from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from qianjun.incident.actions import NewPost
from qianjun.incident.rules.commanding import CHIEF, COMMANDS, DEPUTY, Whom
from qianjun.response.forms import TypedTime

NAME_MOST: Final = 60
WHY_MOST: Final = 500
DECIDER_MOST: Final = 100
WHOM: Final = ("person", "name", "title", "unit")
# several deputies in one field, as people write names
BETWEEN: Final = re.compile(r"[、，,;；]+")


def _version() -> forms.IntegerField:
    return forms.IntegerField(min_value=0, max_value=2**31)


def _why() -> forms.CharField:
    return forms.CharField(max_length=WHY_MOST, error_messages={"required": _("请写理由。")})


class WhomForm(forms.Form):
    """Somebody of the house, or somebody by name, of a unit. 何人"""

    person = forms.CharField(required=False, max_length=20)
    name = forms.CharField(required=False, max_length=NAME_MOST)
    title = forms.CharField(required=False, max_length=NAME_MOST)
    unit = forms.CharField(required=False, max_length=30)

    def whom(self) -> Whom:
        """The same as the house knows him; only of a valid form."""
        return Whom(**{name: self.cleaned_data[name] for name in WHOM})


class SetUpForm(WhomForm):
    """Where, by whose decision, since when; who commands on scene, chief and deputies. 成立"""

    place = forms.CharField(max_length=200, error_messages={"required": _("请写指挥部设在哪里。")})
    decided_by = forms.CharField(
        max_length=DECIDER_MOST, error_messages={"required": _("请写谁决定成立的。")}
    )
    at = TypedTime(required=False, max_length=20)
    chief = forms.CharField(required=False, max_length=NAME_MOST)
    deputies = forms.CharField(required=False, max_length=WHY_MOST)

    def wanted(self) -> NewPost:
        """The same as the house knows it; groups start with the units that usually lead them."""
        said = self.cleaned_data
        chief = [(CHIEF, Whom(name=said["chief"]))] if said["chief"] else []
        names = [name.strip() for name in BETWEEN.split(said["deputies"])]
        deputies = [(DEPUTY, Whom(name=name)) for name in names if name]
        return NewPost(
            place=said["place"],
            decided_by=said["decided_by"],
            at=said["at"],
            commander=self.whom(),
            others=(*chief, *deputies),
        )


class CommanderForm(WhomForm):
    """Who commands on scene from when on, and why. 现场总指挥交接"""

    version = _version()
    why = _why()
    at = TypedTime(required=False, max_length=20)


class SeatForm(WhomForm):
    """Who has a seat from now on; nobody leaves it empty. 指挥职务"""

    version = _version()
    seat = forms.CharField(max_length=20)
    instead_of = forms.CharField(required=False, max_length=20)
    why = forms.CharField(required=False, max_length=WHY_MOST)


class TransferForm(forms.Form):
    """To whom command goes, and who takes it. 指挥权移交"""

    version = _version()
    to = forms.ChoiceField(choices=list(COMMANDS.items()))
    taken_by = forms.CharField(
        max_length=DECIDER_MOST, error_messages={"required": _("请写对方谁接的。")}
    )
    why = forms.CharField(required=False, max_length=WHY_MOST)
    at = TypedTime(required=False, max_length=20)


class EndForm(forms.Form):
    """Why it is stood down. 撤销"""

    version = _version()
    why = _why()
