"""One option of every kind. 样例可设项"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from qianjun.kernel.option import Option

TITLE: Final = "样例"
OPTIONS: Final = (
    Option(name="loud", kind="bool", title="出声", default=True),
    Option(name="people", kind="int", title="人数", default=3, least=1, most=99, unit="人"),
    Option(name="share", kind="decimal", title="比例", default=Decimal("0.5"), least=0, most=1),
    Option(name="greeting", kind="text", title="问候", default="您好", longest=10),
    Option(name="way", kind="choice", title="方式", default="a", choices={"a": "甲", "b": "乙"}),
    Option(name="site", kind="url", title="网址"),
    Option(name="password", kind="secret", title="口令"),
    Option(name="since", kind="instant", title="起", default=datetime(2026, 1, 1, tzinfo=UTC)),
    Option(name="wait", kind="minutes", title="等候", default=5, least=1, most=120),
)
