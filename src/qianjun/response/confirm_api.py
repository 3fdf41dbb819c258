"""Routes of calling about an incident, which only this module may look at. 叫应接口"""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from qianjun.confirm.queries import confirmation_json
from qianjun.confirm.rules import Step
from qianjun.incident.wire import Asked
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _
from qianjun.org.http import actor_of, answer_once, bearer
from qianjun.response.actions import call_about

router = Router(auth=bearer, tags=["confirmations"])
Json = dict[str, Any]
Ident = Annotated[str, Field(min_length=1, max_length=18, pattern="^[0-9]+$")]
MOST = 500


class Deputy(Asked):
    """Somebody who is called at a step, and in whose place."""

    id: Ident
    in_place_of: Ident | None = None


class LaterStep(Asked):
    """Who is called when so many seconds have passed."""

    after_s: Annotated[int, Field(ge=1, le=86_400)]
    people: Annotated[list[Ident | Deputy], Field(min_length=1, max_length=MOST)]

    def as_step(self) -> Step:
        """As the rules want it."""
        known = [Deputy(id=one) if isinstance(one, str) else one for one in self.people]
        instead = {int(p.id): int(p.in_place_of) for p in known if p.in_place_of}
        people = tuple(int(one.id) for one in known)
        return Step(after_s=self.after_s, people=people, in_place_of=instead)


class NewConfirmation(Asked):
    """Whom to call about what, and how many must answer."""

    incident: Annotated[str, Field(max_length=20)] | None = None
    warning: Annotated[str, Field(max_length=20)] | None = None
    text: Annotated[str, Field(min_length=1, max_length=500)]
    question: Annotated[str, Field(max_length=200)] | None = None
    people: Annotated[list[Ident], Field(min_length=1, max_length=MOST)]
    need: Annotated[int, Field(ge=1)] | Annotated[str, Field(pattern="^all$")] | None = None
    steps: Annotated[list[LaterStep], Field(max_length=10)] | None = None
    channels: Annotated[list[str], Field(max_length=10)] | None = None


@router.post("/confirmations")
def start(request: HttpRequest, told: NewConfirmation) -> HttpResponse:
    """Call people until enough have answered."""

    def run() -> tuple[int, Json]:
        by = actor_of(request)
        if told.warning is not None:
            raise _no_warning()
        row = call_about(
            by=by,
            incident_id=told.incident,
            text=told.text,
            question=told.question or "",
            people=[int(one) for one in told.people],
            need=told.need if isinstance(told.need, int) else None,
            steps=[one.as_step() for one in told.steps or ()],
            channels=told.channels or (),
        )
        return 201, confirmation_json(row, seen_by=by)

    return answer_once(request, run)


def _no_warning() -> Refused:
    """No warnings are kept here yet, so that none is known by any id."""
    zh = _("没有这条预警。")
    fault = FieldError(field="warning", code="unknown_warning", zh=zh)
    return Refused("unknown_warning", zh, fields=(fault,))
