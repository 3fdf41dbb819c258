"""The two administrators who keep people and roles. 管理员"""

import pytest
from django.test import Client

from tests import cast


@pytest.fixture
def system(request: pytest.FixtureRequest) -> Client:
    """系统管理员 at his desk."""
    request.getfixturevalue("transactional_db")
    return cast.signed_in(cast.SYSTEM)


@pytest.fixture
def security(request: pytest.FixtureRequest) -> Client:
    """安全管理员 at his desk."""
    request.getfixturevalue("transactional_db")
    return cast.signed_in(cast.SECURITY)
