"""Communities and villages, schematic. 社区、村"""

from collections.abc import Iterator
from typing import Any, Final

from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.place.areas import layer

TITLE: Final = _("社区、村（示意）")
PERMISSION: Final = "signed_in"
LIVE: Final = False


def features(*, seen_by: Actor) -> Iterator[dict[str, Any]]:  # noqa: ARG001  # everybody's
    """A cell for each, with its short name."""
    for cell in layer("communities")["features"]:
        yield {**cell, "properties": {"name": cell["properties"]["name"]}}
