"""Load the shipped tables; again and again the same. 地名数据装载"""

import csv
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from qianjun.journal.locks import one_at_a_time
from qianjun.kernel.geometry import cell
from qianjun.kernel.text import sort_key
from qianjun.place import gazetteer
from qianjun.place.models import Alias, Division, GazetteerVersion, Place

TABLES = Path(__file__).parent / "tables"
SOURCE = "tables"


@transaction.atomic(savepoint=False)
def seed_places() -> int:
    """Bring the shipped divisions, places and aliases in; return how many rows were written.

    Nothing is written when these very tables were loaded last. Rows are found again by code and
    date or by name, so references hold; rows from elsewhere are left alone. 装载地名
    """
    one_at_a_time("place.seeding")
    digest = tables_digest()
    if GazetteerVersion.objects.filter(pk=1, tables_digest=digest).exists():
        return 0
    written = _divisions() + _places() + _aliases()
    gazetteer.changed(tables_digest=digest)
    return written


def tables_digest() -> str:
    """SHA-256 over the shipped tables."""
    return sha256(b"".join(file.read_bytes() for file in sorted(TABLES.glob("*.csv")))).hexdigest()


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def shipped_divisions() -> list[Division]:
    """The divisions of the table, not saved."""
    return [_division(row) for row in _rows("divisions.csv")]


def shipped_places() -> list[Place]:
    """The places of the table, not saved."""
    return [_place(row) for row in _rows("place_names.csv")]


def shipped_aliases() -> dict[str, tuple[str, ...]]:
    """Other names by code of division or name of place."""
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows("aliases.csv"):
        found[row["of"]] = (*found.get(row["of"], ()), row["text"])
    return found


def _divisions() -> int:
    rows = shipped_divisions()
    changing = [f.name for f in Division._meta.fields if f.name not in {"id", "code", "valid_from"}]
    Division.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code", "valid_from"],
        update_fields=changing,
    )
    return len(rows)


def _division(row: dict[str, str]) -> Division:
    here = (float(row["lon"]), float(row["lat"])) if row["lon"] else None
    return Division(
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"],
        kind=row["kind"],
        level=row["level"],
        parent_code=row["parent_code"],
        inside=row["inside"] == "true",
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        lon=here[0] if here else None,
        lat=here[1] if here else None,
        radius_m=int(row["radius_m"]) if here else None,
        cell=cell(*here) if here else None,
        sort_key=sort_key(row["short_name"]),
    )


def _places() -> int:
    rows = shipped_places()
    changing = [f.name for f in Place._meta.fields if f.name not in {"id", "name"}]
    Place.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["name"], update_fields=changing
    )
    return len(rows)


def _place(row: dict[str, str]) -> Place:
    lon, lat = float(row["lon"]), float(row["lat"])
    return Place(
        name=row["name"],
        kind=row["kind"],
        division_code=row["division_code"],
        lon=lon,
        lat=lat,
        radius_m=int(row["radius_m"]),
        cell=cell(lon, lat),
        schematic=row["schematic"] == "true",
        sort_key=sort_key(row["name"]),
        added_by=SOURCE,
    )


def _aliases() -> int:
    places = {place.name: place for place in Place.objects.filter(added_by=SOURCE)}
    divisions = {row.code: row for row in Division.objects.order_by("valid_from")}
    rows = [
        Alias(place=places.get(of), division=divisions.get(of), text=text)
        for of, texts in shipped_aliases().items()
        for text in texts
    ]
    Alias.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
