"""What the tests of goods stand on. 物资测试"""

import pytest

from qianjun.org.actor import Actor
from tests import cast
from tests.incident.conftest import fresh_gazetteer

__all__ = ["fresh_gazetteer"]


@pytest.fixture
def officer(request: pytest.FixtureRequest) -> Actor:
    """值班员小王."""
    request.getfixturevalue("db")
    return cast.actor(cast.XIAOWANG)


@pytest.fixture
def leader(request: pytest.FixtureRequest) -> Actor:
    """带班领导老李."""
    request.getfixturevalue("db")
    return cast.actor(cast.LAOLI)


@pytest.fixture
def keeper(request: pytest.FixtureRequest) -> Actor:
    """仓库管理员."""
    request.getfixturevalue("db")
    return cast.actor(cast.KEEPER)
