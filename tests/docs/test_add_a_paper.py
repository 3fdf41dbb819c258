"""The example on the page about papers runs as it stands."""

import io
import re
from types import SimpleNamespace
from typing import Any

import docx

from qianjun.kernel import clock
from tests.guard.tree import ROOT, text_of

PAGE = ROOT / "docs" / "how" / "add-a-paper.md"


def test_the_paper_of_the_page_is_written() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", text_of(PAGE), re.DOTALL | re.MULTILINE)
    card = SimpleNamespace(
        unit="某局", words="起火。", number="450202-20260601-0012", exercise=True
    )
    names: dict[str, Any] = {"Card": object, "Actor": object, "datetime": object}
    names |= {"card": card, "by": SimpleNamespace(name="演示值班一"), "at": clock.now()}
    for block in blocks:
        exec(block, names)
    said = [p.text for p in docx.Document(io.BytesIO(names["content"])).paragraphs]
    assert "一、基本情况" in said
    assert names["MEDIA_TYPE"].endswith("wordprocessingml.document")
