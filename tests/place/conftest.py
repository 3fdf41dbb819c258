"""The shipped gazetteer in the database of the test. 地名测试"""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from qianjun.place import gazetteer
from qianjun.place.seeding import seed_places

settings.register_profile("house", deadline=None)  # the machine may be busy
settings.load_profile("house")


@pytest.fixture(autouse=True)
def fresh_gazetteer() -> Iterator[None]:
    """No test sees the index of another."""
    gazetteer.forget()
    yield
    gazetteer.forget()


@pytest.fixture
def seeded(request: pytest.FixtureRequest) -> None:
    """The shipped tables."""
    request.getfixturevalue("db")
    seed_places()
