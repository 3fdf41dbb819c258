"""What the tests of incidents stand on. 事件测试"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qianjun.org.actor import Actor
from qianjun.place import gazetteer
from qianjun.place.seeding import seed_places
from tests import cast


@pytest.fixture(autouse=True)
def fresh_gazetteer() -> Iterator[None]:
    """No test sees the index of another."""
    gazetteer.forget()
    yield
    gazetteer.forget()


@pytest.fixture
def places(request: pytest.FixtureRequest) -> None:
    """The shipped names of places."""
    request.getfixturevalue("db")
    seed_places()


@pytest.fixture
def officer(request: pytest.FixtureRequest) -> Actor:
    """值班员小王."""
    request.getfixturevalue("db")
    return cast.actor(cast.XIAOWANG)


@pytest.fixture
def leader(request: pytest.FixtureRequest) -> Actor:
    """带班领导老李, who may erase."""
    request.getfixturevalue("db")
    return cast.actor(cast.LAOLI)


@pytest.fixture
def security(request: pytest.FixtureRequest) -> Actor:
    """安全管理员, who marks and erases without reading."""
    request.getfixturevalue("db")
    return cast.actor(cast.SECURITY)


@pytest.fixture
def own_log(settings: Any, tmp_path: Path) -> None:
    """A data folder of its own, for what is written beside the database."""
    settings.DATA = tmp_path
