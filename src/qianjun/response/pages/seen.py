"""What stands beside the intake form: what the house makes of it so far. 边填边看"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext

from qianjun.kernel.coordinates import Crs
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.pages import sentence
from qianjun.place.queries import Candidate
from qianjun.plan.queries import said
from qianjun.response.forms import ASK, IntakeForm
from qianjun.response.queries import look_at_told
from qianjun.response.queries.handing import firsts_of_form
from qianjun.response.queries.maps import shown_at
from qianjun.response.queries.units import first_tasks
from qianjun.response.queries.words import forms_of_sources, kinds_said, question
from qianjun.response.rules import SOURCES, Preview
from qianjun.response.rules.sources import SourceField, SourceForm
from qianjun.response.sketch import sketch

Fields = Mapping[str, str]
POINT: Final = "point"
# the questions of an incident, as short as they stand beside the button
MISSING: Final[dict[str, str]] = {
    "where": _("地点"),
    "place_unsure": _("哪一个地点"),
    "elsewhere": _("是否移送"),
    "what": _("类型"),
    "casualties": _("伤亡、失联"),
    "figure_unexplained": _("数字的说明"),
    "time": _("发生时间"),
    "caller": _("回拨号码"),
}


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A candidate in the list and on the map, which draws the list. 候选点"""

    place: Candidate
    lon: float
    lat: float
    is_point: bool


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A number read from the words, and what stands in its field. 读出的数字"""

    kind: str
    value: int
    quote: str
    typed: str

    @property
    def is_taken(self) -> bool:
        """Whether the field says the same."""
        return self.typed == str(self.value)


def seen(by: Actor, fields: Fields, *, crs: Crs) -> dict[str, Any]:
    """The preview, or the sentence why there is none. 预览"""
    form = IntakeForm(fields)
    form.is_valid()  # what is wrong is said when it is sent; what is good is looked at
    if not (fields.get("text") or fields.get("where") or form.told().lon is not None):
        return _nothing(by, fields)
    try:
        preview = _preview(by, form)
    except Refused as refused:
        return _nothing(by, fields) | {"not_seen": sentence(refused)}
    return {
        "preview": preview,
        "missing": [gettext(MISSING[code]) for code in preview.questions],
        "claims": list(_claims(preview, fields)),
        "spots": [_spot(one, crs) for one in preview.places[:5]],
        "sketch": sketch(preview.places),
        "asked": list(_asked(preview, fields)),
        "first": first_tasks(preview.plan.plan, level=preview.plan.level) if preview.plan else (),
        **_handing(by, fields, preview),
    }


def _nothing(by: Actor, fields: Fields) -> dict[str, Any]:
    return {
        "preview": None,
        "sketch": sketch(()),
        "asked": list(_asked(None, fields)),
        **_handing(by, fields, None),
    }


def _handing(by: Actor, fields: Fields, preview: Preview | None) -> dict[str, Any]:
    """The first line of the form: which desk must know before us. 先转警"""
    card = preview.card if preview else None
    wanted = card.hand_over if card and card.hand_over != fields.get("source", "") else ""
    line = card.hand_over_line if card else ""
    return {
        "firsts": firsts_of_form(form=fields.get("key", ""), desk=wanted, line=line),
        "may_hand_over": by.may("report.hand_over"),
        "told_place": fields.get("place") or fields.get("where", ""),
        "told_phone": fields.get("caller_phone", ""),
    }


def _preview(by: Actor, form: IntakeForm) -> Preview:
    try:
        return look_at_told(seen_by=by, told=form.told())
    except Refused as refused:
        # the candidate that was chosen is none of what is typed now
        if refused.code != "unknown_place":
            raise
        form.cleaned_data["place"] = ""
        return look_at_told(seen_by=by, told=form.told())


def _spot(place: Candidate, crs: Crs) -> Spot:
    lon, lat = shown_at(place.lon, place.lat, crs=crs)
    return Spot(place=place, lon=lon, lat=lat, is_point=place.kind == POINT)


def _claims(preview: Preview, fields: Fields) -> Iterator[Claim]:
    for one in preview.proposals:
        typed = fields.get(one.kind, "").strip()
        if one.kind in IntakeForm.base_fields:
            yield Claim(kind=one.kind, value=one.value, quote=one.quote, typed=typed)


def _asked(preview: Preview | None, fields: Fields) -> Iterator[dict[str, str]]:
    """The questions of the card, and those of an earlier card that were answered. 追问"""
    card = preview.card if preview else None
    # who is himself the desk is not asked whether it was called
    needless = f"called_{fields.get('source', '')}"
    codes = [one.code for one in card.questions if one.code != needless] if card else []
    answered = [n.removeprefix(f"{ASK}-") for n in fields if n.startswith(f"{ASK}-")]
    for code in dict.fromkeys([*codes, *answered]):
        words = question(code, card=card.code if card else fields.get("card", ""))
        if words is not None:
            name = f"{ASK}-{code}"
            yield {"name": name, "text": said(words), "value": fields.get(name, "")}


# --- what the form is made of -------------------------------------------------------------------


def made_from_tables(fields: Fields) -> dict[str, Any]:
    """Sources with their own fields, and kinds, in the reader's language. 表单构成"""
    forms = forms_of_sources()
    return {
        "sources": [(code, SOURCES[code]) for code in forms],
        "own": [(form.code, SOURCES[form.code], _own(form, fields)) for form in forms.values()],
        "kinds": kinds_said(),
    }


def _own(form: SourceForm, fields: Fields) -> list[dict[str, Any]]:
    return [_own_field(form, field, fields) for field in form.fields]


def _own_field(form: SourceForm, field: SourceField, fields: Fields) -> dict[str, Any]:
    name = form.name_of(field)
    return {
        "name": name,
        "title": said(field.title),
        "hint": said(field.hint),
        "choices": [(code, said(words)) for code, words in field.choices.items()],
        "value": fields.get(name, ""),
    }
