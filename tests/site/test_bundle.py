"""What is installed without the source is whole, and no network is asked for it."""

import runpy
import subprocess
import zipfile
from pathlib import Path

from tests.guard.tree import ROOT, SRC

# a tool is no package: it is run, as people run it
TOOL = runpy.run_path(str(ROOT / "tools" / "bundle.py"))
NOT_INSTALLED = ("GLOSSARY.md",)  # for who reads the source


def test_the_wheel_holds_every_file_that_the_source_has(tmp_path: Path) -> None:
    with zipfile.ZipFile(TOOL["build"](tmp_path)) as wheel:
        inside = set(wheel.namelist())
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "src/qianjun"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    ours = [name.removeprefix("src/") for name in listed.stdout.splitlines()]
    assert len(ours) > 500
    assert not [n for n in ours if n not in inside and not n.endswith(NOT_INSTALLED)]
    for name in TOOL["MUST"]:
        assert ((SRC / name).exists(), f"qianjun/{name}" in inside) == (True, True)


def test_every_file_of_a_bundle_is_summed_and_a_changed_one_is_not_installed(
    tmp_path: Path,
) -> None:
    made = tmp_path / "bundle"
    (made / "wheels").mkdir(parents=True)
    TOOL["add_papers"](made)
    TOOL["add_sums"](made)
    sums = (made / "SHA256SUMS").read_text("utf-8").splitlines()
    assert {"install.sh", "requirements.lock", "docs/ops/systemd/qianjun.service"} <= {
        line.split("  ")[1] for line in sums
    }
    (made / "requirements.lock").write_text("", "utf-8")
    words = ["sh", str(made / "install.sh"), str(tmp_path / "venv")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "requirements.lock" in done.stdout + done.stderr
    assert not (tmp_path / "venv").exists()
