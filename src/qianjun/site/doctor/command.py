"""``qianjun doctor``: look at everything, say what to do, and whether anything is wrong. 体检"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from qianjun import __version__
from qianjun.site import folder
from qianjun.site.doctor import machine
from qianjun.site.doctor.findings import Finding
from qianjun.site.output import result, result_json

GOOD, REFUSED = 0, 1


def doctor(chosen: argparse.Namespace) -> int:
    """Say how everything stands; exit 1 when something does not work. 体检"""
    home: Path = chosen.folder
    found: list[Finding] = []
    for finding in _findings(home):
        found.append(finding)
        if not chosen.json:
            result(finding.in_words())
    bad = sum(one.state == "bad" for one in found)
    warned = sum(one.state == "warn" for one in found)
    if chosen.json:
        result_json(
            {
                "ok": not bad,
                "version": __version__,
                "folder": str(home),
                "realm": folder.realm_of(home),
                "bad": bad,
                "warn": warned,
                "checks": [one.as_json() for one in found],
            }
        )
    else:
        result(f"共查 {len(found)} 项：{bad} 项不行，{warned} 项要注意。")
    return REFUSED if bad else GOOD


def _findings(home: Path) -> Iterator[Finding]:
    set_up = False
    for finding in machine.looked_at(home):
        set_up = set_up or (finding.name == "folder" and finding.state == "ok")
        yield finding
    if set_up:
        from qianjun.site.doctor import inside

        yield from inside.looked_at(home)
