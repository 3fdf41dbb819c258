"""What the tests of calling stand on. 叫应测试"""

from collections.abc import Iterator

import pytest

from qianjun.org.actor import Actor
from qianjun.place import gazetteer
from tests import cast


@pytest.fixture(autouse=True)
def fresh_gazetteer() -> Iterator[None]:
    """No test sees the index of another."""
    gazetteer.forget()
    yield
    gazetteer.forget()


@pytest.fixture
def officer(request: pytest.FixtureRequest) -> Actor:
    """值班员小王."""
    request.getfixturevalue("db")
    return cast.actor(cast.XIAOWANG)
