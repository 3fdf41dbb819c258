"""Every sentence for people has its English: whole, certain, with the same places."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.guard.tree import SRC, files, listed, name_of, python, text_of

FILE = SRC / "site" / "locale" / "en" / "LC_MESSAGES" / "django.po"
# a module that is added brings its own
BROUGHT = sorted(set(SRC.glob("*/locale/en/LC_MESSAGES/django.po")) - {FILE})
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "noop": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PLACE = re.compile(r"%\(\w+\)[-+ #0-9.]*[a-zA-Z]|%[sd]|\{\w*\}")
WORD = re.compile(r"[A-Za-z]{2}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
Sentence = str | tuple[str, ...]


def spoken() -> Iterator[tuple[str, str]]:
    """Name and Python text of everything that holds sentences; templates made into Python."""
    for path in python(SRC):
        yield name_of(path), text_of(path)
    for path in files(".html", ".txt", under=SRC):
        if "templates" in path.parts:
            yield name_of(path), templatize(text_of(path), origin=name_of(path))


def sentences(text: str) -> set[Sentence]:
    """What the text marks for translation: a sentence, or one and its plural."""
    found = extract("python", BytesIO(text.encode()), KEYWORDS)
    return {_joined(said) for _, said, _, _ in found}


def _joined(said: object) -> Sentence:
    if isinstance(said, tuple | list):
        return tuple(str(part) for part in said if part)
    return str(said)


def catalogue(text: str) -> Catalog:
    """A catalogue as it is read."""
    return read_po(BytesIO(text.encode()), locale="en")


def faults(message: Message) -> Iterator[str]:
    """What is wrong with one message of the catalogue."""
    ids, strings = _all(message.id), _all(message.string)
    if not all(strings):
        yield f"not translated: {message.id!r}"
    if message.fuzzy:
        yield f"fuzzy: {message.id!r}"
    if all(strings) and _places(ids[-1:]) != _places(strings[-1:]):
        yield f"other places: {message.id!r} {message.string!r}"


def _all(said: object) -> tuple[str, ...]:
    return tuple(said) if isinstance(said, tuple | list) else (str(said or ""),)


def _places(said: tuple[str, ...]) -> list[str]:
    return sorted(PLACE.findall(" ".join(said)))


def whole(text: str, wanted: set[Sentence]) -> list[str]:
    """What a catalogue lacks, has too much, or says wrongly."""
    known = {_joined(m.id): m for m in catalogue(text) if m.id}
    found = [f"missing: {said!r}" for said in sorted(map(str, wanted - set(known)))]
    found += [f"nobody says: {said!r}" for said in sorted(map(str, set(known) - wanted))]
    return found + [line for message in known.values() for line in faults(message)]


def test_the_english_catalogue_is_whole() -> None:
    wanted = {said for _, text in spoken() for said in sentences(text)} - {""}
    assert len(wanted) > 100
    brought = {_joined(m.id) for p in BROUGHT for m in catalogue(text_of(p)) if m.id}
    problems = whole(text_of(FILE), wanted - brought)
    for path in BROUGHT:
        own = {said for name, text in spoken() if _beside(path, name) for said in sentences(text)}
        theirs = {_joined(m.id) for m in catalogue(text_of(path)) if m.id}
        problems += whole(text_of(path), own & theirs)
    assert not problems, listed(problems)


def _beside(path: Path, name: str) -> bool:
    """Whether the file of this name is in the module of this catalogue."""
    return name.startswith(f"src/qianjun/{path.relative_to(SRC).parts[0]}/")


def test_what_is_marked_is_chinese() -> None:
    problems = [
        f"{name}: {said!r}"
        for name, text in spoken()
        for said in sentences(text)
        if not CHINESE.search(str(said)) and WORD.search(PLACE.sub("", str(said)))
    ]
    assert not problems, listed(problems)


HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "好"\nmsgstr ""\n', "not translated"),
        ('#, fuzzy\nmsgid "好"\nmsgstr "good"\n', "fuzzy"),
        ('msgid "好 %(n)s"\nmsgstr "good %(m)s"\n', "other places"),
        ('msgid "坏"\nmsgstr "bad"\n', "missing: '好'"),
    ],
)
def test_the_check_sees(entry: str, fault: str) -> None:
    wanted: set[Sentence] = {"好 %(n)s" if "%(n)s" in entry else "好"}
    assert any(line.startswith(fault) for line in whole(HEAD + entry, wanted))


def test_the_check_reads_python_and_templates() -> None:
    assert sentences("_('甲')\nnoop('乙')\nngettext('一', '多', n)") == {"甲", "乙", ("一", "多")}
    text = (
        "{% load i18n %}{% translate '丙' %}{% blocktranslate %}丁 {{ n }}{% endblocktranslate %}"
    )
    assert sentences(templatize(text)) == {"丙", "丁 %(n)s"}
