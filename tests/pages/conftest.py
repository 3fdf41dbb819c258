"""What the tests of pages stand on. 页面测试"""

from collections.abc import Iterator

import pytest
from django.test import Client

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
    request.getfixturevalue("transactional_db")
    seed_places()


@pytest.fixture
def officer(request: pytest.FixtureRequest) -> Client:
    """The browser of 值班员小王."""
    request.getfixturevalue("transactional_db")
    return cast.signed_in(cast.XIAOWANG)
