"""The outline of the district, schematic. 辖区范围"""

from collections.abc import Iterator
from typing import Any, Final

from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.place.areas import layer

TITLE: Final = _("辖区范围（示意）")
PERMISSION: Final = "signed_in"
LIVE: Final = False


def features(*, seen_by: Actor) -> Iterator[dict[str, Any]]:  # noqa: ARG001  # everybody's
    """The one outline."""
    yield from layer("outline")["features"]
