"""What the facts say for each element of a report to the upper level. 由事实成文

The document is Chinese whatever language its reader works in, and the same facts give the same
words: a signature is given to what was seen.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import Count, Q
from django.utils import translation

from qianjun.incident.activation_models import RUNS, Activation
from qianjun.incident.command_models import CommandSeat
from qianjun.incident.models import Figure, Incident, Report, Task
from qianjun.incident.queries import latest_figures
from qianjun.incident.queries.codes import category_name
from qianjun.incident.queries.merging import numbers_merged_into
from qianjun.incident.queries.people import people_of
from qianjun.incident.rules.commanding import ON_SCENE
from qianjun.incident.rules.grading import GRADES
from qianjun.incident.rules.people import together
from qianjun.incident.rules.told import SOURCES
from qianjun.kernel import clock
from qianjun.kernel.levels import LEVEL_WORDS
from qianjun.kernel.text import mask_phones_in
from qianjun.plan.queries import plan_by_code
from qianjun.response.models import HandOver
from qianjun.response.queries.responding import authority_said
from qianjun.response.rules.upward import CHECKED, Known, Line, casualties, lines_of
from qianjun.response.upward_models import STANDS, FigureCheck, UpwardReport

COURSE_MOST = 600
# what was written before and is as true until somebody says otherwise
CARRIED = ("scope", "leader", "requests", "enterprise", "people_hit", "houses", "crops")


def composed(
    incident: Incident, *, kind: str, written: Mapping[str, str], before: UpwardReport | None
) -> tuple[Line, ...]:
    """The elements as they read now; ``before`` is the last signed report. 成文"""
    with translation.override("zh-hans"):
        derived = {**_carried(before), **facts_of(incident)}
    return lines_of(kind, derived=derived, written=written)


def _carried(before: UpwardReport | None) -> dict[str, str]:
    lines = before.lines if before else []
    return {one["element"]: one["text"] or "" for one in lines if one["element"] in CARRIED}


def facts_of(incident: Incident) -> dict[str, str]:
    """Every element of which something is known, in words. 事实"""
    report = Report.objects.filter(incident=incident).order_by("received_at", "pk").first()
    standing = latest_figures([incident.pk])[incident.pk].standing
    known = known_figures(standing)
    said = {
        "received": said_at(incident.received_at),
        "source": _source(report),
        "occurred": said_at(incident.occurred_at) if incident.occurred_at else "",
        "place": incident.place_name,
        "nature": _nature(incident),
        "scope": f"已转移{known['evacuated'].value}人" if _some(known, "evacuated") else "",
        "casualties": casualties(known),
        "moved": _moved(known),
        "loss": _loss(standing),
        "course": mask_phones_in(report.text)[:COURSE_MOST] if report else "",
        "leader": _leader(incident.pk),
        "measures": "；".join(_measures(incident)),
    }
    return {code: text for code, text in said.items() if text}


def known_figures(standing: Mapping[str, Figure]) -> dict[str, Known]:
    """The numbers as far as they are known, each with whether somebody has checked it. 已知数字"""
    rows = [row.pk for row in standing.values()]
    checked = set(
        FigureCheck.objects.filter(STANDS, figure__in=rows).values_list("figure", flat=True)
    )
    return {
        kind: Known(value=row.value, source=_word(row.source), checked=row.pk in checked)
        for kind, row in standing.items()
    }


def figures_to_check(incident: int) -> list[tuple[Figure, bool]]:
    """The numbers of people that stand, and whether each has been checked. 待核实数字"""
    standing = latest_figures([incident])[incident].standing
    known = known_figures(standing)
    return [(standing[kind], known[kind].checked) for kind in CHECKED if kind in standing]


def said_at(at: datetime) -> str:
    """``2026年6月1日14时05分``, in Beijing. 时间"""
    local = clock.in_beijing(at)
    return f"{local.year}年{local.month}月{local.day}日{local:%H时%M分}"


def _some(known: Mapping[str, Known], kind: str) -> bool:
    return kind in known and known[kind].value > 0


def _moved(known: Mapping[str, Known]) -> str:
    one = known.get("evacuated")
    return f"{one.value}人（来源：{one.source}）" if one else ""


def _word(source: str) -> str:
    return SOURCES.get(source, source)


def _source(report: Report | None) -> str:
    return _word(report.source) if report and report.source else ""


def _nature(incident: Incident) -> str:
    kind = category_name(incident.category)
    grade = GRADES.get(incident.grade or 0, "")
    return f"{kind}（初判{grade}）" if kind and grade else kind or grade


def _loss(standing: Mapping[str, Figure]) -> str:
    row = standing.get("loss_yuan")
    return f"约{row.value}元（来源：{_word(row.source)}）" if row and row.value else ""


def _leader(incident: int) -> str:
    seats = CommandSeat.objects.filter(
        post__incident=incident, post__stood_down_at__isnull=True, seat=ON_SCENE, until=None
    )
    seat = seats.select_related("unit", "person").first()
    if seat is None:
        return ""
    name = seat.person.name if seat.person else seat.name
    unit = seat.unit.short_name if seat.unit else ""
    return "".join(part for part in (unit, seat.title, name) if part)


def _measures(incident: Incident) -> Iterator[str]:
    """What was done, a clause each: merged incidents, desks told, responses, tasks, people."""
    if numbers := numbers_merged_into(incident.pk):
        yield f"与{'、'.join(numbers)}为同一事件，已并案处置，数字以本件为准"
    desks = HandOver.objects.filter(incident=incident, withdrawn_at__isnull=True)
    told = sorted(set(desks.values_list("desk", flat=True)))
    if told:
        yield f"已转{'、'.join(told)}"
    for row in Activation.objects.filter(RUNS, incident=incident).order_by("started_at", "pk"):
        yield _response(row)
    tasks = Task.objects.filter(incident=incident, dropped_at__isnull=True).aggregate(
        given=Count("pk"), done=Count("pk", filter=Q(done_at__isnull=False))
    )
    if tasks["given"]:
        yield f"下达任务{tasks['given']}项，已完成{tasks['done']}项"
    people = together(people_of((incident.pk,))[incident.pk])
    if people.on_scene or people.coming:
        yield f"到场{people.on_scene}人，在途{people.coming}人"


def _response(row: Activation) -> str:
    plan = plan_by_code(row.plan)
    title = plan.title.zh if plan else row.plan
    at = said_at(row.started_at) if row.started_at else ""
    return f"{at}{authority_said(row.authority)}启动《{title}》{LEVEL_WORDS[row.level]}响应"
