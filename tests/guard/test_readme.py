"""The README says two commands, and they are the ones that the checks run."""

import re

from tests.guard.tree import ROOT, text_of

BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
SCRIPT = ROOT / ".ci" / "run"


def commands(text: str) -> list[str]:
    """The commands of the first block, without remarks."""
    block = BLOCK.search(text)
    lines = block.group(1).splitlines() if block else []
    return [bare for line in lines if (bare := line.split("#")[0].strip())]


def not_run(script: str, wanted: list[str]) -> list[str]:
    """Commands that the script does not run; arguments may be added."""
    lines = [line.strip() for line in script.splitlines() if not line.strip().startswith("#")]
    return [command for command in wanted if not any(line.startswith(command) for line in lines)]


def test_both_readmes_give_the_same_two_commands() -> None:
    zh, en = (commands(text_of(ROOT / name)) for name in ("README.md", "README.en.md"))
    assert len(zh) == 2
    assert zh == en


def test_the_commands_are_run_by_the_script_of_the_checks() -> None:
    assert not not_run(text_of(SCRIPT), commands(text_of(ROOT / "README.md")))


def test_the_checks_are_run_by_their_script() -> None:
    assert not not_run(text_of(SCRIPT), ["make check", "make test"])


def test_the_check_sees_a_command_that_nobody_runs() -> None:
    text = "# a\n```sh\nmake demo   # 演示\nmake test\n```\n```sh\nmake bench\n```"
    assert commands(text) == ["make demo", "make test"]
    script = "#make demo\nsay make demo\n  make test ARGS=x"
    assert not_run(script, ["make demo", "make test"]) == ["make demo"]
