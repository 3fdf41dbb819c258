"""The English catalogue: collect its sentences (with gettext), compile it (without). 语言目录"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/qianjun"


def main() -> int:
    """Without a flag collect, then compile; ``--compile`` only compiles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compile", action="store_true", help="only .po to .mo")
    if not parser.parse_args().compile and (code := collect()):
        return code
    for catalogue in sorted(SOURCE.glob("*/locale/*/LC_MESSAGES/*.po")):
        compile_one(catalogue)
    return 0


def collect() -> int:
    """Bring django.po up to date with the sentences in the source; needs gettext."""
    if shutil.which("xgettext") is None:
        print("gettext is not installed: the catalogue is not collected", file=sys.stderr)
        return 0
    words = [sys.executable, "-m", "django", "makemessages", "-l", "en"]
    words += ["--no-location", "--no-wrap"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "qianjun.site.settings"}
    return subprocess.call(words, cwd=SOURCE, env=environment)


def compile_one(catalogue: Path) -> None:
    """Write the .mo beside its .po unless it is younger."""
    compiled = catalogue.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime >= catalogue.stat().st_mtime:
        return
    with catalogue.open("rb") as source:
        sentences = read_po(source, abort_invalid=True)
    with compiled.open("wb") as target:
        write_mo(target, sentences)


if __name__ == "__main__":
    sys.exit(main())
