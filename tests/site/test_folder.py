"""A data folder is set up once and held by one."""

import threading
import time
from datetime import datetime
from pathlib import Path

import pytest

from qianjun.site import folder


def test_setting_up_makes_realm_and_keys_that_nobody_else_may_read(tmp_path: Path) -> None:
    home = tmp_path / "data"
    folder.set_up(home, realm="demo")
    keys = {file: file.read_text() for file in (home / "keys").iterdir()}
    assert folder.realm_of(home) == "demo"
    assert {file.name for file in keys} == {"secret.key", "link.key", "settings.key"}
    assert {file.stat().st_mode & 0o777 for file in keys} == {0o600}
    assert len(set(keys.values())) == 3

    folder.set_up(home, realm="live")
    assert folder.realm_of(home) == "demo"
    assert all(file.read_text() == text for file, text in keys.items())


def test_a_folder_that_was_never_set_up_has_no_realm(tmp_path: Path) -> None:
    assert folder.realm_of(tmp_path / "nothing") is None


def test_beside_a_server_nobody_else_holds_the_folder(tmp_path: Path) -> None:
    with folder.hold(tmp_path, kind="serve", port=8765):
        with pytest.raises(folder.Held) as caught, folder.hold(tmp_path, kind="command"):
            pass
        holder = caught.value.holder
        assert holder is not None
        assert holder.port == 8765
        assert datetime.fromisoformat(holder.since).tzinfo is not None
    assert folder.holder_of(tmp_path) is None


def test_two_commands_take_turns(tmp_path: Path) -> None:
    order: list[str] = []

    def command(name: str) -> None:
        with folder.hold(tmp_path, kind="command"):
            order.append(f"{name} begins")
            time.sleep(0.2)
            order.append(f"{name} ends")

    threads = [threading.Thread(target=command, args=[name]) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [line.split()[1] for line in order] == ["begins", "ends", "begins", "ends"]


def test_the_folder_is_as_given_else_from_the_environment_else_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QIANJUN_DATA", str(tmp_path / "b"))
    assert folder.chosen("a") == tmp_path / "a"
    assert folder.chosen(None) == tmp_path / "b"
    monkeypatch.delenv("QIANJUN_DATA")
    assert folder.chosen(None) == tmp_path / "data"
