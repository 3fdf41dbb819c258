"""What the tests of incidents stand on. 事件测试"""

from collections.abc import Iterator

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
