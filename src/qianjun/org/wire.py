"""What comes over HTTP, read strictly: a wrong type is refused, a further field is ignored. 入参"""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

# RFC 3339; a space before the offset is a plus sign that an address lost
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|z|[+\- ]\d\d:?\d\d)?"
)


class Asked(BaseModel):
    """A body as somebody sends it."""

    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False)


def _instant(told: object) -> datetime:
    if isinstance(told, datetime):
        return told
    if not isinstance(told, str):
        raise PydanticCustomError("datetime_type", "not a time")
    found = _INSTANT.fullmatch(told.strip())
    if found is None:
        raise PydanticCustomError("datetime_parsing", "not a time")
    day, hour, offset = found.groups()
    if offset is None:
        raise PydanticCustomError("timezone_aware", "no offset")
    try:
        return datetime.fromisoformat(f"{day}T{hour}{_offset(offset)}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise PydanticCustomError("datetime_object_invalid", "no such time") from None


def _offset(told: str) -> str:
    return "+00:00" if told in "Zz" else told.replace(" ", "+")


Instant = Annotated[datetime, BeforeValidator(_instant)]
