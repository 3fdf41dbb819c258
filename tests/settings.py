"""The same settings on the tests' own cluster. 测试设置"""

import os
import tempfile
from pathlib import Path

from qianjun.site import database

# several checkouts or people at once: QIANJUN_TEST_CLUSTER names one of one's own
CLUSTER = os.environ.get("QIANJUN_TEST_CLUSTER", "test-db")
# and one for each process of a run: what is written in one database holds the sealing in another up
CLUSTER += f"-{worker}" if (worker := os.environ.get("PYTEST_XDIST_WORKER")) else ""
FOLDER = Path(__file__).parents[1] / "var" / CLUSTER
os.environ["QIANJUN_DATA"] = tempfile.mkdtemp(prefix="qianjun-test-")
os.environ["QIANJUN_REALM"] = "demo"
os.environ["DATABASE_URL"] = database.dsn(FOLDER)

from qianjun.site.settings import *  # noqa: E402, F403

STATIC_ROOT = Path(os.environ["QIANJUN_DATA"]) / "static"
STATIC_ROOT.mkdir()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
# the append-only tables let the tests, and nobody else, empty them
DATABASES["default"]["OPTIONS"]["options"] += " -c qianjun.tests_may_truncate=on"  # noqa: F405
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
