"""Positions as they come over HTTP, beside what every module reads the same. 入参"""

from typing import Annotated, Literal

from pydantic import Field

from qianjun.org.wire import Asked, Instant

__all__ = ["Asked", "CrsName", "Instant", "Lat", "Lon"]

Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]
CrsName = Literal["wgs84", "gcj02", "bd09"]
