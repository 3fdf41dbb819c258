"""Set by a word processor the pages have the lines, characters and numbers of the standard."""

import shutil
import subprocess
from pathlib import Path

import pytest

from qianjun.kernel.paper import Paper, Text, write
from tests.kernel.paper.papers import full, paper

OFFICE, READER = shutil.which("soffice"), shutil.which("pdftotext")
pytestmark = pytest.mark.skipif(
    not (OFFICE and READER), reason="needs LibreOffice Writer and pdftotext on this machine"
)


def pages(made: Paper, folder: Path) -> list[list[str]]:
    """The lines of every page, as they are printed."""
    (folder / "paper.docx").write_bytes(write(made))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    asked = ("--headless", "--convert-to", "pdf", "--outdir", str(folder))
    subprocess.run(
        [str(OFFICE), profile, *asked, str(folder / "paper.docx")],
        check=True,
        capture_output=True,
        timeout=180,
    )
    done = subprocess.run(
        [str(READER), "-layout", str(folder / "paper.pdf"), "-"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    texts = done.stdout.removesuffix("\f").split("\f")
    return [[line.strip() for line in text.splitlines() if line.strip()] for text in texts]


def test_a_full_page_has_22_lines_of_28_characters_and_its_number(tmp_path: Path) -> None:
    made = pages(paper(body=(Text(text="天地玄黄宇宙洪荒" * 200),)), tmp_path)
    *lines, number = made[1]
    assert [len(line.replace(" ", "")) for line in lines] == [28] * 22
    assert number.replace(" ", "") == "—2—"


def test_all_there_is_comes_out_on_paper(tmp_path: Path) -> None:
    made = pages(full(drill=True), tmp_path)
    whole = "".join(line for page in made for line in page).replace(" ", "")
    for words in (
        "城应急信〔2026〕12号",
        "签发人：演示局长",
        "一、基本情况",
        "（一）先期处置。",
        "接报时间",
        "附件：1.演示小区平面图",
        "2026年6月1日",
        "报：区委办公室。",
        "抄：市应急管理局，区委宣传部。",
    ):
        assert words in whole
    assert all(page[0] == "【演练】" for page in made)
    assert all("操作人：演示值班一" in page[-1] for page in made)
