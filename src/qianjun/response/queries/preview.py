"""What the house makes of words while they are typed; nothing is written. 预览"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from qianjun.incident.queries import look_around
from qianjun.incident.queries.cards import said
from qianjun.incident.rules.facts import CALLED_BY_PEOPLE, questions
from qianjun.incident.rules.figures import hurt_is_known
from qianjun.incident.rules.grading import suggest_grade
from qianjun.incident.rules.joining import NEARBY_MOST, SUGGESTED_MOST, Candidates
from qianjun.incident.rules.told import Stored
from qianjun.kernel import clock
from qianjun.kernel.text import clean
from qianjun.org.actor import Actor, require
from qianjun.plan.queries import card_for, proposal
from qianjun.response.queries.reading import Heard, hear
from qianjun.response.rules.told import Preview, Proposal, Told

EMPTY = "…"  # stands for words that are still to come


def look_at(
    *,
    seen_by: Actor,
    text: str,
    where: str = "",
    lon: float | None = None,
    lat: float | None = None,
    category: str | None = None,
    place: str = "",
    crs: str = "wgs84",
    source: str = "",
    caller_phone: str = "",
) -> Preview:
    """Places, duplicates, category, questions and proposals for what is typed so far. 预览"""
    told = Told(
        text=text,
        channel="phone",
        source=source,
        caller_phone=caller_phone,
        where=where,
        place=place,
        lon=lon,
        lat=lat,
        crs=crs,
        category=category or "",
    )
    return look_at_told(seen_by=seen_by, told=told)


def look_at_told(*, seen_by: Actor, told: Told) -> Preview:
    """The same for a form as far as it is filled in. 预览"""
    require(seen_by, "report.take")
    now = clock.now()
    heard = hear(replace(told, text=clean(told.text).text.strip() or EMPTY), now=now)
    report = heard.report
    around = look_around(spot=report.spot, category=report.category, at=now)
    return preview_of(heard, around=around.shown_to(seen_by))


def preview_of(heard: Heard, *, around: Candidates, stored: Stored | None = None) -> Preview:
    """A report that was read, with what its incident knows when it has one."""
    report = heard.report
    known = report.figures if stored is None else stored.figures
    waiting = () if stored is None else stored.waiting
    kind = report.category if stored is None else stored.category
    grade = suggest_grade(category=kind, figures=known)
    return Preview(
        places=heard.places,
        answer=report.spot.answer,
        duplicates=around.likely[:SUGGESTED_MOST],
        nearby=(*around.likely[SUGGESTED_MOST:], *around.nearby)[:NEARBY_MOST],
        category=report.category,
        category_why=heard.category_why,
        grade_suggested=grade.grade,
        grade_why=said(grade.why),
        questions=questions(
            place_answer=report.spot.answer,
            category=report.category,
            hurt_is_known=hurt_is_known(known),
            unexplained=bool(waiting),
            time_is_known=report.occurred_at is not None,
            can_call_back=bool(report.caller_phone) or report.source not in CALLED_BY_PEOPLE,
        ),
        proposals=(*heard.proposals, *_claims(report.figures, waiting)),
        plan=proposal(category=kind, figures=known, words=heard.words),
        card=card_for(kind, words=heard.words),
    )


def _claims(figures: Mapping[str, int], waiting: tuple[str, ...]) -> Iterator[Proposal]:
    """Numbers that were told but jump: proposed, until somebody records one with a reason."""
    return (Proposal(kind=kind, value=figures[kind], quote="") for kind in waiting)
