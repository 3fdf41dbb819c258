"""One PostgreSQL for each process that runs tests. 测试数据库"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import settings

from qianjun.kernel import clock
from qianjun.site import database
from tests import emptying
from tests.settings import FOLDER

started: pytest.StashKey[bool] = pytest.StashKey()
HELD_AT = datetime(2026, 6, 1, 6, 5, tzinfo=UTC)  # 14:05 in Beijing


def pytest_configure(config: pytest.Config) -> None:
    """Start the server wherever tests run: not where they are only handed out."""
    if config.getoption("dist", "no") == "no" or hasattr(config, "workerinput"):
        fast = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        config.stash[started] = database.start(FOLDER, **fast)
    emptying.instead_of_flush()
    settings.register_profile("any machine", deadline=None)  # how fast it is, no test says
    settings.load_profile("any machine")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this run started."""
    if config.stash.get(started, False):
        database.stop(FOLDER, "immediate")


@pytest.fixture(autouse=True)
def held_clock(request: pytest.FixtureRequest) -> Iterator[clock.Held | None]:
    """The clock stands still at 14:05 unless a test asks for the running one."""
    if request.node.get_closest_marker("running_clock"):
        yield None
        return
    with clock.held(HELD_AT) as hands:
        yield hands


@pytest.fixture(autouse=True)
def in_chinese() -> None:
    """What an English reader asked for stays with the thread: the next test starts without it."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def no_old_jobs(request: pytest.FixtureRequest) -> None:
    """Tests with real commits start without the jobs of the one before."""
    mark = request.node.get_closest_marker("django_db")
    if mark is None or not mark.kwargs.get("transaction"):
        return
    request.getfixturevalue("transactional_db")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
