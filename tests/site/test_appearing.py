"""A file appears whole or not at all, with and without the help of the file system."""

import os
from pathlib import Path

import pytest

from qianjun.site.attach import NotReady
from qianjun.site.backup import appearing as writing
from qianjun.site.backup.appearing import appearing

NOBODY = 2**22 + 1  # above what a pid can be


@pytest.fixture(params=["nameless", "hidden"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With files that have no name, and where there are none: a folder opens for no writing."""
    if request.param == "hidden":
        monkeypatch.setattr(writing, "TMPFILE", 0)
    return str(request.param)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_is_not_there_before_its_end_and_whole_afterwards(tmp_path: Path, way: str) -> None:
    target = tmp_path / "b"
    with appearing(target) as file:
        file.write(b"whole")
        assert not target.exists()
        assert len(names(tmp_path)) == (0 if way == "nameless" else 1)
    assert target.read_bytes() == b"whole"
    assert target.stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == ["b"]


def test_a_fault_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(TypeError), appearing(tmp_path / "b") as file:
        file.write(b"half" + None)  # type: ignore[operator]
    assert names(tmp_path) == []


def test_what_came_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    with pytest.raises(NotReady), appearing(tmp_path / "b"):
        (tmp_path / "b").write_bytes(b"theirs")
    assert (tmp_path / "b").read_bytes() == b"theirs"
    assert names(tmp_path) == ["b"]


def test_the_rest_of_a_killed_one_is_cleared_and_that_of_a_living_one_is_not(
    tmp_path: Path, way: str
) -> None:
    dead = tmp_path / f".b.{NOBODY}.qianjun-part"
    living = tmp_path / f".c.{os.getppid()}.qianjun-part"
    for path in (dead, living, tmp_path / ".other.part"):
        path.write_bytes(b"half")
    with appearing(tmp_path / "b"):
        pass
    assert dead.exists() == (way == "nameless")
    assert living.exists()
    assert (tmp_path / ".other.part").exists()
