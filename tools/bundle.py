"""Put everything that an installation without a network needs into one file. 离线安装包

``make bundle``: the wheels of the lock, our own wheel with the assets of the pages, papers, units,
and a script that installs them. For this Python and this kind of machine; the name says which.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
OUT = ROOT / "var" / "bundle"
LOCK = "requirements.lock"
SUMS = "SHA256SUMS"
SOURCES = ("pyproject.toml", "requirements.in", "README.md", "LICENSE")
PAPERS = ("README.md", "README.en.md", "LICENSE", "CHANGELOG.md", LOCK, "docs/ops")
MUST = ("site/static/vendor/maplibre-gl.mjs", "site/locale/en/LC_MESSAGES/django.mo")
LEFT_OUT = ("__pycache__", "*.egg-info", "*.pyc")
INSTALL = """#!/bin/sh
# sh install.sh FOLDER: a Python environment with qianjun in FOLDER, without a network
# 离线安装：在 FOLDER 建立装有 qianjun 的 Python 环境
set -eu
folder=${1:?sh install.sh FOLDER}
cd "$(dirname "$0")"
sha256sum --check --quiet SHA256SUMS
"${PYTHON:-python3}" -m venv "$folder"
pip="$folder/bin/pip --disable-pip-version-check install --quiet --no-index --find-links wheels"
$pip --require-hashes -r requirements.lock
$pip --no-deps --force-reinstall wheels/qianjun-*.whl
"$folder/bin/qianjun" --version
"""


def main() -> int:
    """Make the bundle and say where it is."""
    if missing := [name for name in MUST if not (ROOT / "src" / "qianjun" / name).exists()]:
        sys.stderr.write(f"missing, run make demo once: {', '.join(missing)}\n")
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=OUT) as folder:
        made = Path(folder) / name_of_bundle()
        fetch(made / "wheels")
        build(made / "wheels")
        add_papers(made)
        add_sums(made)
        file = OUT / f"{made.name}.tar.gz"
        pack(made, file)
    sys.stdout.write(f"{file.relative_to(ROOT)}\n")
    return 0


def name_of_bundle() -> str:
    """Version, Python and machine."""
    with (ROOT / "pyproject.toml").open("rb") as source:
        version = tomllib.load(source)["project"]["version"]
    machine = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    return f"qianjun-{version}-py{sys.version_info.major}{sys.version_info.minor}-{machine}"


def fetch(wheels: Path) -> None:
    """What the lock names, each checked by its hash."""
    wheels.mkdir(parents=True)
    words = ["--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / LOCK)]
    pip("download", "--no-deps", *words, "--dest", str(wheels))


def build(wheels: Path) -> Path:
    """Our own wheel, from a copy: a build folder beside the source would bring back old files."""
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder)
        for name in SOURCES:
            shutil.copy2(ROOT / name, clean / name)
        ignored = shutil.ignore_patterns(*LEFT_OUT)
        shutil.copytree(ROOT / "src", clean / "src", ignore=ignored)
        words = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(wheels)]
        pip("wheel", *words, str(clean))
    [made] = wheels.glob("qianjun-*.whl")
    return made


def pip(*words: str) -> None:
    """Pip of this environment, with nothing but what went wrong on the screen."""
    quiet = ("--quiet", "--disable-pip-version-check")
    # a path for the programs of a checkout is not for a build
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.check_call([sys.executable, "-m", "pip", *words, *quiet], env=kept)


def add_papers(made: Path) -> None:
    """Papers, units, and the script."""
    for name in PAPERS:
        source, target = ROOT / name, made / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy2(source, target)
    (made / "install.sh").write_text(INSTALL, encoding="utf-8")


def add_sums(made: Path) -> None:
    """The hash of every file, for the script and for whoever carries the bundle."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(made).as_posix()}\n"
        for path in sorted(made.rglob("*"))
        if path.is_file()
    ]
    (made / SUMS).write_text("".join(lines), encoding="utf-8")


def pack(made: Path, file: Path) -> None:
    """One file, whole or not at all."""
    new = file.with_suffix(".new")
    with tarfile.open(new, "w:gz", compresslevel=1) as tar:  # wheels are pressed already
        tar.add(made, arcname=made.name, filter=_nobody)
    new.replace(file)


def _nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member


if __name__ == "__main__":
    sys.exit(main())
