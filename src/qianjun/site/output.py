"""Write for people and for programs without falling over a closed pipe. 输出"""

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from typing import TextIO

from qianjun.site.logs import as_json, line_of


def say(sentence: str) -> None:
    """A sentence for the person at the terminal, or a line of the log, on stderr."""
    say_line(line_of("info", sentence) if as_json() else sentence)


def say_line(line: str) -> None:
    """A line that is written as it is, on stderr."""
    _write(sys.stderr, f"{line}\n")


def announce(sentence: str) -> None:
    """A sentence on stdout that need not be heard: a server goes on when nobody reads it."""
    _write(sys.stdout, f"{sentence}\n")


def result(text: str) -> None:
    """The result, alone on stdout."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def result_json(document: object) -> None:
    """The result as one line of JSON."""
    result(json.dumps(document, ensure_ascii=False, default=str))


def _write(stream: TextIO, text: str) -> None:
    # a supervisor must outlive the terminal or the pager that reads it
    with contextlib.suppress(OSError, ValueError):
        stream.write(text)
        stream.flush()


@contextlib.contextmanager
def closed_pipe_is_an_end() -> Iterator[None]:
    """``qianjun … | head`` ends quietly when head has seen enough."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # an office machine may still speak GBK or plain ASCII
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
