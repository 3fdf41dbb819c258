"""The shipped tables and layers are what the generator makes of the public tables."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("QIANJUN_SHARED") or ROOT.parent / "shared")
PUBLIC = SHARED / "data"
OUTLINES = PUBLIC / "boundaries"


@pytest.mark.skipif(not PUBLIC.is_dir(), reason="the public tables are not here")
def test_making_the_tables_again_gives_the_same_files(tmp_path: Path) -> None:
    given = {
        "--communities": PUBLIC / "chengzhong_communities.csv",
        "--villages": PUBLIC / "liuzhou_villages_all.csv",
        "--names": PUBLIC / "place_names.csv",
        "--outline": OUTLINES / "450202.schematic.wgs84.geojson",
        "--districts": OUTLINES / "liuzhou_districts.wgs84.geojson",
        "--to": tmp_path,
    }
    words = [str(word) for pair in given.items() for word in pair]
    subprocess.run([sys.executable, "-m", "tools.make_places", *words], check=True, cwd=ROOT)
    made = sorted(file for file in tmp_path.rglob("*") if file.is_file())
    assert len(made) == 5
    for file in made:
        shipped = ROOT / "src" / "qianjun" / "place" / file.relative_to(tmp_path)
        assert shipped.read_bytes() == file.read_bytes(), file.name
