"""Write the reference of the command line from the program itself. 命令参考

``python tools/reference.py`` writes docs/ops/commands.md; a guard test fails when it is old.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "ops" / "commands.md"
HEAD = """# 命令参考 Command reference

由 `tools/reference.py` 从程序生成，不要手改。Generated from the program; do not edit.

退出码 exit code：0 成功 good，1 现实不允许 the world said no，2 输入有误 bad input。
结果只在 stdout，其余都在 stderr。The result alone is on stdout, everything else on stderr.
其余命令交给 Django（如 `qianjun migrate`）。Other commands are passed on to Django.
"""


def subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The commands of the program, in the order of its help."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def rows(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """What a command takes, and what each means."""
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction | argparse._VersionAction):
            continue
        names = " ".join(action.option_strings) or action.dest.upper()
        value = str(action.metavar or ("" if action.nargs == 0 else action.dest.upper()))
        choices = ", ".join(map(str, action.choices)) if action.choices else ""
        text = action.help or ""
        if action.option_strings:
            yield f"{names} {value}".strip(), f"{text}（{choices}）" if choices else text
        else:
            yield choices or names, text


def reference() -> str:
    """The whole page."""
    from qianjun.site.cli import _parser

    parts = [HEAD]
    for name, command in subcommands(_parser()).items():
        if command.description is None:  # a step of another command, not for people
            continue
        table = "\n".join(f"| `{shown}` | {text} |" for shown, text in rows(command))
        parts.append(
            f"## qianjun {name}\n\n{command.description}\n\n"
            f"| 参数 option | 含义 meaning |\n|---|---|\n{table}\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(reference(), encoding="utf-8")
    sys.stdout.write(f"{FILE.relative_to(ROOT)}\n")
