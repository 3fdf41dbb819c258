"""What the programs write into the log: a line for each matter, and nothing about anybody. 日志

Values are cut to what cannot be about a person; of an exception only its type, place and cut first
line remain. ``QIANJUN_LOG=json`` gives JSON lines for a machine, else they are lines for people.
Neither Django nor the database is needed: the supervisor writes here too.
"""

import json
import logging
import os
import sys
import threading
import traceback
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final

from qianjun.journal.rules import without_personal
from qianjun.kernel import clock

VARIABLE: Final = "QIANJUN_LOG"
OURS: Final = "qianjun"
STEPS: Final = 12
WORDS: Final = 300
logger = logging.getLogger("qianjun.site")


def as_json() -> bool:
    """Whether whoever reads this is a machine."""
    return os.environ.get(VARIABLE) == "json"


def line_of(level: str, message: str, **more: object) -> str:
    """One JSON line."""
    at = clock.real().isoformat(timespec="milliseconds")
    return json.dumps(
        {"at": at, "level": level, **more, "message": message}, ensure_ascii=False, default=str
    )


def passed_on(source: str, line: str) -> str:
    """What a child wrote, as the supervisor writes it."""
    if not as_json():
        return f"{source:6} | {line}"
    try:
        said = json.loads(line)
    except ValueError:
        said = None
    if isinstance(said, dict):
        return json.dumps({**said, "from": source}, ensure_ascii=False)
    return line_of("info", without_personal(line)[:WORDS], **{"from": source})


class Plain(logging.Formatter):
    """A record without what could be about a person, for people or for machines. 日志格式"""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        fault = fault_of(record.exc_info[1]) if record.exc_info and record.exc_info[1] else None
        more: dict[str, object] = {"logger": record.name, "process": record.process}
        more |= {"fault": fault} if fault else {}
        message, level = message_of(record), record.levelname.lower()
        if as_json():
            return line_of(level, message, **more)
        said = (
            f" | {fault['type']}: {fault['words']} | {' < '.join(fault['steps'])}" if fault else ""
        )
        return f"{level} {record.name}: {message}{said}"


def message_of(record: logging.LogRecord) -> str:
    """The sentence of a record: our own words stand in the source, everything else is cut."""
    if not record.name.startswith(OURS):
        return _first_line(record.getMessage())
    args, said = record.args, str(record.msg)
    try:
        if isinstance(args, Mapping):
            return said % {name: _safe(value) for name, value in args.items()}
        return said % tuple(map(_safe, args)) if args else said
    except (TypeError, ValueError):  # else logging itself would print the values as they are
        return said


def _safe(value: object) -> object:
    if isinstance(value, BaseException):
        return f"{type(value).__name__}: {_words(value)}"
    return value if isinstance(value, int | float) else _first_line(str(value))


def _first_line(words: str) -> str:
    return without_personal(words.split("\n", 1)[0])[:WORDS]


def fault_of(fault: BaseException) -> dict[str, Any]:
    """Type, cut words, and where, innermost first; never a value of a variable."""
    steps = traceback.extract_tb(fault.__traceback__)[-STEPS:]
    cause = fault.__cause__ or fault.__context__
    return {
        "type": type(fault).__name__,
        "words": _words(fault),
        "steps": [f"{_short(s.filename)}:{s.lineno} {s.name}" for s in reversed(steps)],
        **({"cause": f"{type(cause).__name__}: {_words(cause)}"} if cause else {}),
    }


def _words(fault: BaseException) -> str:
    """A code where the fault has one, for its words may quote what somebody wrote."""
    for one in filter(None, (fault, fault.__cause__)):  # Django wraps what the driver says
        for name in ("code", "sqlstate"):
            if isinstance(code := getattr(one, name, None), str):
                return f"{code} {_constraint(one)}".strip()
    return _first_line(str(fault))


def _constraint(fault: BaseException) -> str:
    found = getattr(getattr(fault, "diag", None), "constraint_name", None)
    return found if isinstance(found, str) else ""


def _short(filename: str) -> str:
    return "/".join(filename.split("/")[-2:])


def install() -> None:
    """Have what nobody caught, and warnings, written like everything else."""
    logging.captureWarnings(True)
    sys.excepthook = _ended
    threading.excepthook = lambda told: _ended(told.exc_type, told.exc_value, told.exc_traceback)


def _ended(
    kind: type[BaseException], fault: BaseException | None, trace: TracebackType | None
) -> None:
    if fault is None or issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    logger.critical("ended by a fault that nobody expected", exc_info=(kind, fault, trace))
