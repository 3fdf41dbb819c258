"""The child that reads one foreign sheet from its standard input, confined by limits. 隔离进程"""

import contextlib
import json
import sys

from qianjun.kernel.errors import Refused
from qianjun.kernel.sheets import wire
from qianjun.kernel.sheets.limits import Limits
from qianjun.kernel.sheets.reading import begin


def main() -> None:
    """Read, write rows and a closing line, end; a refusal is the closing line too."""
    asked = json.loads(sys.argv[1])
    limits = Limits(**asked["limits"])
    confine(limits)
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        content = sys.stdin.buffer.read(limits.file_bytes + 1)
        expected = frozenset(asked["expected"])
        reading = begin(content, sheet=asked["sheet"], expected=expected, limits=limits)
        for row in reading.layout.rows():
            sys.stdout.write(wire.row_line(row) + "\n")
        wire.write_closing(reading.closed(()), to=sys.stdout)
    except Refused as refused:
        sys.stdout.write(wire.refusal_line(refused.code, words=refused.words))
    except MemoryError:
        sys.stdout.write(wire.refusal_line("sheet_too_large", words={}))
    except Exception:
        # whatever a broken file does to its reader, the parent says one sentence
        sys.stdout.write(wire.refusal_line("sheet_unreadable", words={}))


def confine(limits: Limits) -> None:
    """Cap memory, processor time, files; nothing where the system knows no such limits."""
    with contextlib.suppress(ImportError):
        import resource

        # one second between the limits: the first ends by its own signal and is told apart
        resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 1))
        for what, most in (
            (resource.RLIMIT_AS, limits.memory_bytes),
            (resource.RLIMIT_FSIZE, limits.answer_bytes),
            (resource.RLIMIT_NOFILE, 64),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
