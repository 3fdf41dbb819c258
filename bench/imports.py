"""Bringing 20,000 people in from a messy sheet: seconds, rows a second, memory. 导入速度

Ran as ``qianjun bench import``. The sheet has a title, a two-line header with merged cells, numbers
as numbers, full-width digits, spaces and empty columns; its twin is a CSV in GB 18030.
"""

import csv
import json
import resource
import subprocess
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import psycopg

from bench.ground import frame
from bench.ground.house import PROGRAM, ROOT, House, house

PEOPLE = 20_000
PEER_ROWS_PER_S = 39  # what a comparable program of the trade needs a second for
TIMES_THE_PEER = 10
KB_PER_MB = 1024
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
TITLE = ("城中区应急人员一览表",)
UPPER = ("序号", "姓名", "所在单位", "联系方式", "", "知情同意", "")
LOWER = ("", "", "", "手机号码", "电子邮箱", "是否同意", "签字日期")
UNITS = ("柳州市城中区应急管理局", "区应急局", "450202001", "城中街道", "公园街道")
MERGES = ("A1:G1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:G2")
MAIN = "http://" + "schemas.openxmlformats.org"


def run(args: list[str]) -> frame.Answer:
    """Take the workbook in, and again; then the CSV with other people."""
    began = time.monotonic()
    count = int(args[0]) if args else PEOPLE
    with house("imports") as made:
        book, lines = made.folder / "people.xlsx", made.folder / "people.csv"
        _write_book(book, list(rows(count, first=0)))
        _write_lines(lines, list(rows(count, first=count)))
        runs = {"xlsx": taken(made, book), "again": taken(made, book), "csv": taken(made, lines)}
        there = _people(made)
        seen: frame.Answer = {"people": count, "peer_rows_per_s": PEER_ROWS_PER_S, **runs}
        lost = 2 * count - there + _differences(runs, count)
        slowest = min(float(str(runs[n]["rows_per_s"])) for n in ("xlsx", "csv"))
        gates = [
            frame.Gate(
                what="rows a second, slower of both files",
                value=slowest,
                at_least=TIMES_THE_PEER * PEER_ROWS_PER_S,
            ),
            frame.Gate(what="rows lost or changed by a second time", value=lost, at_most=0),
        ]
        return frame.answer("import", gates=gates, seen=seen, folder=made.folder, began=began)


def rows(count: int, *, first: int) -> Iterator[tuple[object, ...]]:
    """People of the demonstration as a careless hand writes them."""
    for n in range(first, first + count):
        phone = f"100{n + 50_000:08d}"
        yield (
            n - first + 1,
            f"演示 {'王李张韦覃'[n % 5]}{n}" if n % 7 == 0 else f"演示{'王李张韦覃'[n % 5]}{n}",
            UNITS[n % len(UNITS)],
            _phone(phone, n),
            f"p{n}@example.test" if n % 3 == 0 else "",
            "是" if n % 4 else "",
            ("2026/5/1", "2026-05-01", "2026年5月1日")[n % 3] if n % 4 else "",
        )


def _phone(phone: str, n: int) -> object:
    forms = (phone, int(phone), phone.translate(WIDE), f"{phone[:3]} {phone[3:7]} {phone[7:]}")
    return forms[n % len(forms)]


def taken(made: House, file: Path) -> dict[str, object]:
    """One run of the command: what it said, and the most memory that it and its child held."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    began = time.monotonic()
    words = [PROGRAM, "import", "people", str(file), "--json", "--data", str(made.folder)]
    done = subprocess.run(
        words, capture_output=True, text=True, env=made.environment, cwd=ROOT, check=False
    )
    seconds = time.monotonic() - began
    if not done.stdout:
        raise SystemExit(done.stderr)
    said = json.loads(done.stdout)
    peak = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    return {
        **{name: said[name] for name in ("rows", "taken", "refused", "unchanged", "seconds")},
        "problems": said["problems"][:3],
        "wall_s": round(seconds, 2),
        "rows_per_s": round(said["rows"] / seconds),
        "peak_mb": round(peak / KB_PER_MB),
    }


def _differences(runs: dict[str, dict[str, object]], count: int) -> int:
    """Rows that did not become what they should."""
    wanted = {"xlsx": "taken", "again": "unchanged", "csv": "taken"}
    return sum(abs(count - int(str(runs[name][field]))) for name, field in wanted.items())


def _people(made: House) -> int:
    with psycopg.connect(made.address()) as reader:
        sql = "SELECT count(DISTINCT person_id) FROM org_address WHERE value ~ '^100000[5-9]'"
        found = reader.execute(sql).fetchone()
    return int(found[0]) if found else 0


def _write_lines(file: Path, found: Sequence[tuple[object, ...]]) -> None:
    with file.open("w", encoding="gb18030", newline="") as target:
        csv.writer(target).writerows(
            [TITLE, [a or b for a, b in zip(LOWER, UPPER, strict=True)], *found]
        )


def _write_book(file: Path, found: Sequence[tuple[object, ...]]) -> None:
    lines = [_row(n, cells) for n, cells in enumerate((TITLE, UPPER, LOWER, *found), 1)]
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in MERGES)
    sheet = (
        f'<worksheet xmlns="{MAIN}/spreadsheetml/2006/main"><sheetData>{"".join(lines)}'
        f"</sheetData><mergeCells>{merged}</mergeCells></worksheet>"
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in {**_FRAME, "xl/worksheets/sheet1.xml": sheet}.items():
            target.writestr(name, text)


def _row(n: int, cells: Sequence[object]) -> str:
    inside = "".join(_cell(value, at=f"{chr(65 + c)}{n}") for c, value in enumerate(cells))
    return f'<row r="{n}">{inside}</row>'


def _cell(value: object, *, at: str) -> str:
    if value == "":
        return ""
    if isinstance(value, int):
        return f'<c r="{at}"><v>{value}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


_PARTS = f"{MAIN}/package/2006"
_OFFICE = f"{MAIN}/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FRAME = {
    "[Content_Types].xml": f'<Types xmlns="{_PARTS}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PARTS}/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}/spreadsheetml/2006/main" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="人员" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PARTS}/relationships"><Relationship '
    f'Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


if __name__ == "__main__":
    frame.main(run)
