"""A good file of a plan, to be spoiled in one place. 预案文件样例"""

from qianjun.plan import queries
from qianjun.plan.rules import BadPlan, Known, Plan, plan_from

KNOWN = Known(
    units=frozenset({"450202", "450202-XF"}),
    roles=frozenset({"leader_in_charge"}),
    bodies=frozenset({"district_government"}),
)
GOOD = """\
code = "cold"
title = { zh = "寒潮预案", en = "Cold plan" }
version = "1"
issued = 2026-01-05
review_by = 2028-01-05
sample = true
categories = ["11B05"]

[scope]
clause = "1.1"
text = { zh = "寒潮", en = "Cold waves" }

[[levels]]
n = 1
word = "一级"

[levels.authority]
role = "leader_in_charge"
title = { zh = "带班领导", en = "Leader in charge" }
how = "signed"

[[levels.triggers]]
clause = "3.1"
text = { zh = "有人遇难", en = "A death" }
figures = { dead = 1 }

[[posts]]
code = "coordination"
title = { zh = "综合协调", en = "Coordination" }
unit = "450202"

[[tasks]]
code = "visit"
title = { zh = "走访独居老人", en = "Visit the old who live alone" }
lead = "@street"
supporting = ["450202"]
due_min = 60
first = true

[[forces]]
kind = "volunteers"
way = "invitation"
count = 5
counted = "person"
title = { zh = "志愿者", en = "Volunteers" }

[[supplies]]
code = "quilt"
title = { zh = "棉胎", en = "Quilts" }
quantity = 80
unit = { zh = "床", en = "pieces" }
months = [12, 1, 2]

[[cards]]
code = "cold"
title = { zh = "受冻", en = "Cold" }
categories = ["11B05"]
safety = { zh = "不要在屋里烧炭。", en = "Burn no charcoal indoors." }
questions = [
  { code = "who", text = { zh = "几个人？", en = "How many?" } },
  { code = "where", text = { zh = "在屋里吗？", en = "Indoors?" } },
  { code = "heat", text = { zh = "拿什么取暖？", en = "What heats the room?" } },
  { code = "headache", text = { zh = "头痛吗？", en = "Headache?" } },
  { code = "food", text = { zh = "有吃的吗？", en = "Anything to eat?" } },
]

[[basis]]
law = "突发事件应对法"
article = "第七十二条"
text = { zh = "启动响应", en = "Responses" }

[[texts]]
code = "activation"
text = { zh = "{time}启动{level}。", en = "Active at {level} from {time}." }

[[texts]]
code = "end"
text = { zh = "{time}终止。", en = "Ends at {time}." }
"""


def read(text: str, *, name: str = "cold.toml") -> Plan:
    """The plan that the text is."""
    return plan_from(name, text, known=KNOWN)


def faults(text: str, *, name: str = "cold.toml") -> list[str]:
    """What is said about the text; nothing for a good one."""
    try:
        read(text, name=name)
    except BadPlan as bad:
        return list(bad.sentences())
    return []


def spoiled(old: str, new: str) -> str:
    """The good file with one thing changed, which must be there."""
    assert GOOD.count(old) >= 1, old
    return GOOD.replace(old, new, 1)


def shipped(code: str) -> Plan:
    """A plan of the library."""
    return queries.plan_in(f"{code}.toml")
