"""A key, an app with options of every kind, and nobody else's memory. 设置测试"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

import qianjun
from qianjun.org import store
from qianjun.org.store import declared
from tests.org.store import apps

KEY = "k" * 40


@pytest.fixture(autouse=True)
def nothing_held() -> Iterator[None]:
    """No test sees what another has chosen."""
    store.forget()
    yield
    store.forget()


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, settings: Settings) -> Path:
    """The key outside the database."""
    file = tmp_path / "settings.key"
    file.write_text(KEY)
    settings.SETTINGS_KEY_FILE = file
    return file


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch) -> str:
    """A module with one option of every kind."""
    monkeypatch.setattr(declared, "PACKAGES", (qianjun, apps))
    return "sample"
