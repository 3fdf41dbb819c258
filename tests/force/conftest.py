"""What the tests of call-outs stand on. 召集测试"""

import pytest

from qianjun.force.models import CallOut
from qianjun.org.actor import Actor
from tests import cast
from tests.force.calls import Calls


@pytest.fixture
def officer(request: pytest.FixtureRequest) -> Actor:
    """值班员小王."""
    request.getfixturevalue("db")
    return cast.actor(cast.XIAOWANG)


@pytest.fixture
def calls(officer: Actor) -> Calls:
    """An incident with 40 volunteers near it."""
    return Calls.made(officer)


@pytest.fixture
def running(calls: Calls) -> CallOut:
    """A call-out for three people, whose first wave was sent."""
    return calls.running(need=3)
