"""What can be typed or set is written down, and the papers keep their form."""

import re
import runpy

import pytest

from tests.guard.tree import ROOT, SRC, files, listed, name_of, python, text_of

RUNNING = ROOT / "docs" / "ops" / "running.md"
# a tool is no package: it is run, as people run it
TOOL = runpy.run_path(str(ROOT / "tools" / "reference.py"))
SETTING = re.compile(r"\b(?:QIANJUN_[A-Z_]+|DATABASE_URL)\b")
# our own, in comments and patterns, not read from the environment
NOT_SETTINGS = {"QIANJUN_"}
ADR_LINES = 30
ADR_PARTS = ("**Context.**", "**Decision.**", "**Price.**", "**How to undo.**")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


def settings_in(text: str) -> set[str]:
    """Every environment variable of ours that a text names."""
    return set(SETTING.findall(text)) - NOT_SETTINGS


def broken_adr(name: str, text: str) -> list[str]:
    """What an ADR lacks."""
    lines = len(text.splitlines())
    long = [f"{name}: {lines} lines"] if lines > ADR_LINES else []
    return long + [f"{name}: no {part}" for part in ADR_PARTS if part not in text]


def dead_links(name: str, text: str) -> list[str]:
    """Links of a document to files that are not there."""
    folder = (ROOT / name).parent
    return [f"{name}: {to}" for to in LINK.findall(text) if not (folder / to).exists()]


def test_the_reference_of_the_commands_is_that_of_the_program() -> None:
    assert text_of(TOOL["FILE"]) == TOOL["reference"](), "run: python tools/reference.py"


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    code = [*python(SRC), *python(ROOT / "tests"), *python(ROOT / "bench")]
    scripts = [p for p in (ROOT / ".ci" / "run", ROOT / "Makefile") if p.exists()]
    used = {name for p in [*code, *scripts] for name in settings_in(text_of(p))}
    told = settings_in(text_of(RUNNING))
    problems = [f"not documented: {name}" for name in sorted(used - told)]
    problems += [f"does not exist: {name}" for name in sorted(told - used)]
    assert not problems, listed(problems)


def test_every_decision_keeps_the_form() -> None:
    found = files(".md", under=ROOT / "docs" / "adr")
    assert len(found) >= 6
    problems = [line for p in found for line in broken_adr(name_of(p), text_of(p))]
    assert not problems, listed(problems)


def test_every_link_of_a_document_leads_somewhere() -> None:
    problems = [line for p in files(".md") for line in dead_links(name_of(p), text_of(p))]
    assert not problems, listed(problems)


def test_the_manual_has_the_same_pages_in_both_languages() -> None:
    manual = ROOT / "docs" / "user"
    zh, en = ({p.name for p in files(".md", under=manual / tongue)} for tongue in ("zh", "en"))
    assert zh
    assert zh == en


def test_the_check_sees_a_setting_a_long_decision_and_a_dead_link() -> None:
    assert settings_in("os.environ['QIANJUN_" + "DATA']") == {"QIANJUN_DATA"}
    assert broken_adr("x.md", "\n" * 31)[0] == "x.md: 31 lines"
    assert len(broken_adr("x.md", "")) == len(ADR_PARTS)
    assert dead_links("README.md", "[a](no/such.md) [b](LICENSE) [c](#x)") == [
        "README.md: no/such.md"
    ]


@pytest.mark.parametrize("name", ["README.md", "GLOSSARY.md", "docs/ops/running.md"])
def test_what_people_here_read_is_in_chinese(name: str) -> None:
    assert len(CHINESE.findall(text_of(ROOT / name))) > 100
