"""What people type on the pages, as values. 表单"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from qianjun.incident.rules.facts import LATEST
from qianjun.incident.rules.figures import FIGURES
from qianjun.kernel import clock
from qianjun.response.queries.words import forms_of_sources, question, words_of_kinds
from qianjun.response.rules import CHANNELS, SOURCES, Beside, Told
from qianjun.response.rules.checking import CRS
from qianjun.response.rules.sources import LONGEST, OWN, said_besides

TEXT_MOST: Final = 5_000
LINE_MOST: Final = 200
PHONE_MOST: Final = 40
USUAL_CHANNEL: Final = "phone"
# what a caller says of people in his first minute
HURT: Final = ("dead", "missing", "serious", "injured")
FIGURE_MOST: Final = 10**12
TYPED_TIME: Final = re.compile(
    r"(?:(?P<month>\d{1,2})[-/月.](?P<day>\d{1,2})日?\s+)?(?P<hour>\d{1,2})[:：时点]?(?P<minute>\d{2})分?"
)
# names of the page's fields that are made from tables: own-119-sent, ask-inside
ASK: Final = "ask"
BESIDE: Final = re.compile(rf"{OWN}-[a-z0-9_]{{1,20}}-[a-z0-9_]{{1,30}}|{ASK}-[a-z0-9_]{{1,40}}")
BESIDES_MOST: Final = 60
CODE_MOST: Final = 40
NOTE_KINDS: Final = ("fact", "order", "feedback")


class TypedTime(forms.CharField):
    """A time of day as typed, 14:02 or 11-23 14:02, in Beijing; the last one that has been. 时刻"""

    def clean(self, value: Any) -> Any:  # noqa: ANN401  # Django's field
        """The instant, or None when nothing was typed."""
        typed = super().clean(value)
        if not typed:
            return None
        found = TYPED_TIME.fullmatch(typed.strip())
        instant = _instant(found) if found else None
        if instant is None:
            raise forms.ValidationError(_("时刻写成 14:02，或带日期 11-23 14:02。"), code="invalid")
        return instant


def _instant(found: re.Match[str]) -> datetime | None:
    now = clock.in_beijing(clock.now())
    said = {name: int(part) for name, part in found.groupdict().items() if part}
    month, day = said.get("month", now.month), said.get("day", now.day)
    try:
        typed_at = datetime(now.year, month, day, said["hour"], said["minute"], tzinfo=now.tzinfo)
    except ValueError:
        return None
    return _that_has_been(typed_at, now=now, has_date="day" in said)


def _that_has_been(instant: datetime, *, now: datetime, has_date: bool) -> datetime | None:
    """The last such instant: a time ahead was yesterday, a date ahead last year."""
    if instant <= now + LATEST:
        return instant
    if not has_date:
        return instant - timedelta(days=1)
    return (
        instant.replace(year=instant.year - 1) if (instant.month, instant.day) != (2, 29) else None
    )


def _line(most: int = LINE_MOST) -> forms.CharField:
    return forms.CharField(required=False, max_length=most)


def _count() -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=0, max_value=FIGURE_MOST)


def _kinds() -> list[tuple[str, str]]:
    return [("", ""), *((code, kind.label) for code, kind in words_of_kinds().kinds.items())]


class IntakeForm(forms.Form):
    """The four facts in the order in which people speak. 接报单"""

    key = forms.CharField(max_length=128)
    source = forms.ChoiceField(choices=[("", ""), *SOURCES.items()], required=False)
    channel = forms.ChoiceField(choices=[("", ""), *CHANNELS.items()], required=False)
    where = _line()
    text = forms.CharField(
        max_length=TEXT_MOST, error_messages={"required": _("请写一句发生了什么，这一项够立案。")}
    )
    dead = _count()
    missing = _count()
    serious = _count()
    injured = _count()
    caller_name = _line(60)
    caller_phone = _line(PHONE_MOST)
    phone_record = _line(20)
    occurred = TypedTime(required=False, max_length=20)
    place = _line()
    join = _line(CODE_MOST)
    category = forms.ChoiceField(choices=_kinds, required=False)
    card = _line(CODE_MOST)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    crs = forms.ChoiceField(choices=[("", ""), *((one, one) for one in CRS)], required=False)

    def __init__(self, sent: Mapping[str, str]) -> None:
        super().__init__(sent)
        for name in besides_in(sent):
            self.fields[name] = _line(LONGEST)

    def told(self) -> Told:
        """The report as the house takes it in, or as far as it is filled in and good."""
        said = self.cleaned_data
        has_point = said.get("lon") is not None and said.get("lat") is not None
        return Told(
            text=said.get("text", ""),
            channel=said.get("channel") or USUAL_CHANNEL,
            source=said.get("source", ""),
            caller_name=said.get("caller_name", ""),
            caller_phone=said.get("caller_phone", ""),
            occurred_at=said.get("occurred"),
            lon=said["lon"] if has_point else None,
            lat=said["lat"] if has_point else None,
            crs=said.get("crs") or "wgs84",
            where=said.get("where", ""),
            place="" if has_point else said.get("place", ""),
            category=said.get("category", ""),
            figures={kind: said[kind] for kind in HURT if said.get(kind) is not None},
            join=said.get("join") or "auto",
            besides=tuple(self.besides()),
        )

    def besides(self) -> Iterator[Beside]:
        """The fields of the chosen source, then the answers. 附报"""
        said = {name: value for name, value in self.cleaned_data.items() if type(value) is str}
        form = forms_of_sources().get(said.get("source", ""))
        if form is not None:
            yield from said_besides(form, said)
        for name, value in said.items():
            asked = name.removeprefix(f"{ASK}-") if BESIDE.fullmatch(name) else name
            words = question(asked, card=said.get("card", "")) if asked != name else None
            if words is not None and value.strip():
                yield Beside(code=asked, label=words.zh, value=value.strip(), of="card")


def besides_in(sent: Mapping[str, str]) -> list[str]:
    """The names of fields made from tables that a request or a draft carries."""
    return [name for name in sent if BESIDE.fullmatch(name)][:BESIDES_MOST]


def typed(sent: Mapping[str, str]) -> dict[str, str]:
    """What stands in the fields of the form, as it was typed; the rest of a request is dropped."""
    names = [*IntakeForm.base_fields, *besides_in(sent)]
    return {name: str(sent[name])[:TEXT_MOST] for name in names if sent.get(name)}


def typed_in(sent: Mapping[str, str]) -> dict[str, str]:
    """Every field as it was typed, to be shown again. 原样"""
    return {name: str(sent[name])[:TEXT_MOST] for name in sent}


class NoteForm(forms.Form):
    """A line for the timeline. 记一条"""

    text = forms.CharField(max_length=TEXT_MOST, error_messages={"required": _("请写一句。")})
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in NOTE_KINDS])
    happened = TypedTime(required=False, max_length=20)


class FigureForm(forms.Form):
    """A number with where it comes from. 报数"""

    kind = forms.ChoiceField(choices=list(FIGURES.items()))
    value = forms.IntegerField(
        min_value=0, max_value=FIGURE_MOST, error_messages={"required": _("请填数字。")}
    )
    source = forms.CharField(max_length=60, error_messages={"required": _("请写来源，例如 119。")})
    at = TypedTime(required=False, max_length=20)
    explanation = forms.CharField(required=False, max_length=LINE_MOST * 5)


def first_fault(form: forms.Form) -> str:
    """The first thing that is wrong with a form, as one sentence."""
    return next((str(said[0]) for said in form.errors.values()), "")
