"""The background lets web and database go first."""

import os
from pathlib import Path

import pytest

from qianjun.site import work


def test_the_session_of_the_background_gives_way_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[int] = []
    monkeypatch.setattr(os, "nice", steps.append)
    group = tmp_path / "autogroup"
    group.write_text("/autogroup-1 nice 0\n")
    work.give_way(group)
    assert steps == [work.GIVES_WAY]
    assert group.read_text() == str(work.GIVES_WAY)


def test_a_system_without_groups_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "nice", lambda _by: 0)
    work.give_way(tmp_path / "none")
    assert not (tmp_path / "none").exists()
