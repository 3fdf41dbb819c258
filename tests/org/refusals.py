"""Say that something is refused, and go on in the same test transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from qianjun.kernel.errors import Refused


@contextmanager
def refused(code: str, *, status: int) -> Iterator[None]:
    """What happens inside is refused with this code and status; its writes are undone."""
    with pytest.raises(Refused) as caught, transaction.atomic():
        yield
    assert (caught.value.code, caught.value.status) == (code, status)
    assert caught.value.zh.endswith("。")
