"""What each source is asked beside the four facts, as values; read from a table. 来源要素"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from qianjun.plan.rules import Words
from qianjun.response.rules.told import Beside

LONGEST: Final = 120
OWN: Final = "own"


@dataclass(frozen=True, kw_only=True)
class SourceField:
    """One thing that a source is asked; with ``choices`` it is one of a few words. 要素"""

    code: str
    title: Words
    hint: Words
    choices: Mapping[str, Words]


@dataclass(frozen=True, kw_only=True)
class SourceForm:
    """The fields of one source, in speaking order. 来源表"""

    code: str
    fields: tuple[SourceField, ...]

    def name_of(self, field: SourceField) -> str:
        """How the page calls a field of this source."""
        return f"{OWN}-{self.code}-{field.code}"

    @property
    def names(self) -> tuple[str, ...]:
        """How the page calls the fields."""
        return tuple(self.name_of(field) for field in self.fields)


def source_forms(table: Mapping[str, Any]) -> tuple[SourceForm, ...]:
    """The forms that a table of sources describes, in its order."""
    return tuple(
        SourceForm(code=one["code"], fields=tuple(_field(field) for field in one["fields"]))
        for one in table["sources"]
    )


def _field(told: Mapping[str, Any]) -> SourceField:
    choices = {one["code"]: Words(zh=one["zh"], en=one["en"]) for one in told.get("choices", ())}
    hint = Words(**told["hint"]) if "hint" in told else Words(zh="", en="")
    return SourceField(code=told["code"], title=Words(**told["title"]), hint=hint, choices=choices)


def said_besides(form: SourceForm, typed: Mapping[str, str]) -> Iterator[Beside]:
    """What was typed into the fields of a source, with their titles. 要素成句"""
    for field in form.fields:
        value = typed.get(form.name_of(field), "").strip()
        if not value or (field.choices and value not in field.choices):
            continue
        said = field.choices[value].zh if field.choices else value
        yield Beside(code=field.code, label=field.title.zh, value=said, of=form.code)
