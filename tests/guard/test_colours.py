"""Colours can be read, and the four of the levels are used for nothing else."""

import re

import pytest

from tests.guard.css import contrast, declarations
from tests.guard.tree import SRC, files, listed, name_of, text_of

THEMES = {"light": ":root", "dark": '[data-theme="dark"]', "wall": '[data-theme="wall"]'}
TEXT, SHAPE = 4.5, 3.0
PAIRS = {
    TEXT: """
        ink/surface ink/paper ink/sunk ink/soon-wash ink/teal-wash ink-2/surface ink-2/paper
        ink-2/sunk ink-2/teal-wash ink-2/soon-wash ink-3/surface ink-3/paper ink-3/sunk
        ink/map-land ink-2/map-land ink-2/map-water ink/map-block ink/band teal/surface teal/paper
        teal/sunk teal/teal-wash on-teal/teal on-teal/teal-press done/surface done/paper
        done/done-wash on-late/late on-level-1/level-1 on-level-2/level-2 on-level-3/level-3
        on-level-4/level-4""",
    SHAPE: """
        edge/surface edge/paper edge/sunk level-edge/surface level-edge/paper late-edge/surface
        late-edge/paper ring/surface ring/paper ring/ring-gap chart-1/surface chart-2/surface
        chart-3/surface chart-1/band chart-1/map-land""",
}
LEVEL_TOKEN = re.compile(r"var\(--(?:on-)?level-")
# a selector may use the level colours when it speaks of a level, a grade, a warning
LEVEL_PART = re.compile(r"\.(?:lvl|level|grade|warning|response)\b|\[data-n")
HEX = re.compile(r"#[0-9a-fA-F]{3,8}\b")


def tokens(text: str, *, selector: str) -> dict[str, str]:
    """Values of the custom properties set for this selector outside media queries."""
    return {
        d.name.removeprefix("--"): d.value
        for d in declarations(text)
        if d.name.startswith("--")
        and d.selector == selector
        and not any(around.startswith("@media") for around in d.around)
    }


def pale(values: dict[str, str], *, least: float, theme: str) -> list[str]:
    """Pairs of this need that are too close to each other."""
    pairs = [pair.split("/") for pair in PAIRS[least].split()]
    return [
        f"{theme}: {front} on {ground} {contrast(values[front], values[ground]):.2f} < {least}"
        for front, ground in pairs
        if contrast(values[front], values[ground]) < least
    ]


def misused(name: str, text: str) -> list[str]:
    """Level colours in rules that speak of no level."""
    return [
        f"{name}: {d.selector} {{ {d.name}: {d.value} }}"
        for d in declarations(text)
        if LEVEL_TOKEN.search(d.value) and not any(LEVEL_PART.search(s) for s in d.around)
    ]


def loose(name: str, text: str) -> list[str]:
    """Colours written outside the tokens."""
    return [
        f"{name}: {d.selector} {{ {d.name}: {d.value} }}"
        for d in declarations(text)
        if HEX.search(d.value) and not d.name.startswith("--")
    ]


def sheet() -> str:
    """The tokens of the house."""
    (path,) = [p for p in files(".css", under=SRC) if p.name == "tokens.css"]
    return text_of(path)


@pytest.mark.parametrize("theme", THEMES)
def test_every_pair_of_colours_can_be_read(theme: str) -> None:
    values = tokens(sheet(), selector=THEMES["light"]) | tokens(sheet(), selector=THEMES[theme])
    problems = [line for least in PAIRS for line in pale(values, least=least, theme=theme)]
    assert not problems, listed(problems)


def test_the_colours_of_the_levels_are_used_by_levels_alone() -> None:
    sheets = files(".css", under=SRC)
    problems = [line for p in sheets for line in misused(name_of(p), text_of(p))]
    assert not problems, listed(problems)


def test_no_colour_stands_outside_the_tokens() -> None:
    sheets = files(".css", under=SRC)
    problems = [line for p in sheets for line in loose(name_of(p), text_of(p))]
    assert not problems, listed(problems)


def test_the_formula_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#10212b", "#edf1f2") == pytest.approx(14.49, abs=0.01)


def test_the_check_sees_pale_misused_and_loose_colours() -> None:
    text = "@layer t { :root { --ink: #777777; } @media print { :root { --ink: #000000; } } }"
    assert tokens(text, selector=":root") == {"ink": "#777777"}
    every = {name for pairs in PAIRS.values() for pair in pairs.split() for name in pair.split("/")}
    assert len(pale(dict.fromkeys(every, "#777777"), least=TEXT, theme="x")) == 32
    assert misused("x.css", ".button { color: var(--level-1); }")
    assert not misused("x.css", ".lvl[data-n='1'] .s { fill: var(--level-1); }")
    assert loose("x.css", ".button { color: #fff; }")
