"""The small acts on a report to the upper level, by name, for page and programs. 上报办理"""

from typing import Final

from qianjun.kernel.fields import refused_field
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.response.actions.asking import ask_signature
from qianjun.response.actions.drafting import check_figure, choose_kind, quicken
from qianjun.response.rules.families import EVENT

ASK, QUICKEN, KIND, CHECK, UNCHECK = "ask", "quicken", "kind", "check", "uncheck"
ACTS: Final = (ASK, QUICKEN, KIND, CHECK, UNCHECK)


def act_on_report(
    *,
    by: Actor,
    incident_id: str | int,
    act: str,
    kind: str = "",
    why: str = "",
    family: str = EVENT,
) -> None:
    """Ask for the signature, start the short clocks, choose what comes next, check a number. 办理

    ``kind`` is a kind of report for ``kind``, a kind of figure for ``check`` and ``uncheck``.
    """
    require(by, "upward.write")
    if act == ASK:
        ask_signature(by=by, incident_id=incident_id, family=family)
    elif act == QUICKEN:
        quicken(by=by, incident_id=incident_id, why=why)
    elif act == KIND:
        choose_kind(by=by, incident_id=incident_id, kind=kind, family=family)
    elif act in (CHECK, UNCHECK):
        check_figure(by=by, incident_id=incident_id, kind=kind, checked=act == CHECK)
    else:
        raise refused_field("act", "unknown_act", _("没有这种办理。"))
