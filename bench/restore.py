"""A backup into an empty folder gives every table and every file back. 备份恢复

``qianjun bench restore [MEGABYTES]``: the demo with all its volunteers, and so many megabytes
of files (500), backed up while it works (timed) and again when it stands still; the second is
restored and compared row by row and byte by byte.
"""

import hashlib
import json
import os
import resource
import subprocess
import time
from pathlib import Path

from bench.ground.frame import Answer, Gate, answer, main, told
from bench.ground.house import House
from bench.ground.sums import file_sums, table_sums

MEGABYTES = 500
FILE_MB = 25
WORD = "演示口令 度量用的一句话"
MEMORY_MB = 400


def run(args: list[str]) -> Answer:
    """Back up, restore, compare."""
    began = time.monotonic()
    wanted_mb = int(args[0]) if args else MEGABYTES
    house = House("restore", small=False)
    back = House("restored")
    file = house.folder.with_suffix(".backup")
    try:
        house.start()
        house.wait_until_well()
        fill(house.folder / "media", wanted_mb)
        house.environment["QIANJUN_PASSPHRASE"] = WORD
        back.environment["QIANJUN_PASSPHRASE"] = WORD
        live = said(house.command("backup", str(file), "--json"))
        file.unlink()
        house.stop()
        still = said(house.command("backup", str(file), "--json"))
        told(f"restoring {still['bytes']} bytes")
        came = said(back.command("restore", str(file), "--json"))
        same = compared(house, back)
        seen: Answer = {
            "megabytes_of_files": wanted_mb,
            "file_bytes": still["bytes"],
            "backup_while_working_s": live["seconds"],
            "backup_s": still["seconds"],
            "restore_s": came["seconds"],
            "peak_memory_mb": peak_mb(),
            **same,
        }
        return answer(
            "restore", gates=gates(seen, came), seen=seen, folder=back.folder, began=began
        )
    finally:
        house.stop()
        clear(house, back, file)


def said(done: "subprocess.CompletedProcess[str]") -> Answer:
    """The document that a command has written."""
    if done.returncode:
        raise SystemExit(done.stderr)
    document = json.loads(done.stdout)
    assert isinstance(document, dict)
    return document


def fill(root: Path, wanted_mb: int) -> None:
    """Files that cannot be pressed, each under its hash as the house keeps them."""
    for _ in range(0, wanted_mb, FILE_MB):
        content = os.urandom(FILE_MB << 20)
        name = hashlib.sha256(content).hexdigest()
        path = root / name[:2] / name[2:4] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def compared(house: House, back: House) -> Answer:
    """How many tables and files there are, and how many are not the same."""
    rows = [sums_of(one) for one in (house, back)]
    files = [file_sums(one.folder / "media") for one in (house, back)]
    keys = [file_sums(one.folder / "keys") for one in (house, back)]
    return {
        "tables": len(rows[0]),
        "tables_other": different(*rows),
        "files": len(files[0]),
        "files_other": different(*files) + different(*keys),
    }


def sums_of(house: House) -> dict[str, str]:
    """Of all tables of a house that stands still."""
    from qianjun.site import database

    database.start(house.folder / "db")
    try:
        return table_sums(house.address())
    finally:
        database.stop(house.folder / "db")


def different(one: dict[str, str], other: dict[str, str]) -> int:
    """How many names are missing on one side or have another sum."""
    return sum(one.get(name) != other.get(name) for name in one.keys() | other.keys())


def peak_mb() -> float:
    """The largest of all processes that were waited for: the house is not among them."""
    return round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1)


def gates(seen: Answer, came: Answer) -> list[Gate]:
    """Nothing is missing, nothing is other, and the memory does not grow with the files."""
    numbers = {name: float(str(value)) for name, value in seen.items()}
    return [
        Gate(what="tables that are not the same", value=numbers["tables_other"], at_most=0),
        Gate(what="files that are not the same", value=numbers["files_other"], at_most=0),
        Gate(
            what="chain verified against the head", value=float(bool(came["chain_ok"])), at_least=1
        ),
        Gate(what="peak memory, MB", value=numbers["peak_memory_mb"], at_most=MEMORY_MB),
    ]


def clear(house: House, back: House, file: Path) -> None:
    """Throw away what this made, unless it is to be kept."""
    import shutil

    if os.environ.get("QIANJUN_KEEP"):
        return
    for one in (house, back):
        shutil.rmtree(one.folder, ignore_errors=True)
        one.log.unlink(missing_ok=True)
    file.unlink(missing_ok=True)


if __name__ == "__main__":
    main(run)
