"""Command posts for tests. 指挥部示例"""

from typing import Any

from qianjun.incident.actions import NewPost, set_up_command_post
from qianjun.incident.command_models import CommandPost
from qianjun.incident.rules.commanding import Whom
from qianjun.org.actor import Actor

WEI = Whom(name="演示韦国庆", title="副区长")
LI = Whom(name="演示李国强", title="副局长")


def post_at(by: Actor, incident: int, **changed: Any) -> CommandPost:
    """A command post by the district government, with its commander on scene."""
    usual: dict[str, Any] = {"place": "学院路口东侧", "decided_by": "区政府", "commander": WEI}
    return set_up_command_post(by=by, incident_id=incident, wanted=NewPost(**(usual | changed)))
