"""A good body for every address that takes one; a module's own stand beside its tests. 样例内容"""

import json
from pathlib import Path
from typing import Any

REPORT: dict[str, Any] = {
    "text": "静兰街道学院路口往东两百米民房起火，有浓烟，一人烧伤",
    "channel": "phone",
    "source": "public",
    "caller": {"name": "演示群众", "phone": "10000000031"},
    "occurred_at": "2026-06-01T14:00:00+08:00",
    "lon": 109.4412,
    "lat": 24.3301,
    "crs": "wgs84",
    "category": "12G03",
    "title": "民房起火",
    "figures": {"injured": 1, "dead": 0, "missing": 0, "serious": 0, "evacuated": 3},
    "join": "new",
}
# by the name of the route as the table of roles writes it, without names of parameters
BODIES: dict[str, dict[str, Any]] = {
    "POST /api/v1/reports": REPORT,
    "POST /api/v1/reports/batch": {
        "act": "close",
        "reports": ["1"],
        "incident": "1",
        "unit": "450202001",
        "note": "到场核实",
        "answer": "已处置",
        "close_incidents": False,
    },
    "POST /api/v1/reports/{}/split": {},
    "POST /api/v1/reports/{}/join": {"incident": "1"},
    "POST /api/v1/reports/{}/confirm": {},
    "POST /api/v1/places/locate": {
        "text": "学院路口",
        "near": {"lon": 109.44, "lat": 24.33, "crs": "wgs84"},
        "limit": 3,
    },
    "POST /api/v1/simulator/carrier": {
        "channel": "sms",
        "down": False,
        "delay_s": 0.5,
        "loss": 0.0,
        "repeat_receipts": 0,
    },
    "POST /api/v1/simulator/people": {
        "auto": False,
        "accept_rate": 0.5,
        "delay_s": 30.0,
        "silent": [],
    },
    "POST /api/v1/simulator/replies": {
        "channel": "sms",
        "from": "10000000002",
        "text": "收到",
        "lon": 109.4412,
        "lat": 24.3301,
        "crs": "gcj02",
    },
    "POST /api/v1/clock": {"speed": 1, "advance_s": 1},
    "POST /api/v1/journal/{}/erase": {"reason": "删除申请", "article": "pipl_47"},
    # pieces of files are no JSON: their own headers are tried with the module
    "POST /api/v1/uploads": {},
    "PATCH /api/v1/uploads/{}": {},
    "POST /api/v1/uploads/{}": {},
    "DELETE /api/v1/uploads/{}": {},
    "POST /api/v1/files/{}/confirm": {},
}
# a module that is added brings its own
for _file in sorted(Path(__file__).parents[1].glob("*/bodies.json")):
    BODIES |= json.loads(_file.read_text(encoding="utf-8"))
