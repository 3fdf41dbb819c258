"""Route by which what an entry said is erased by law. 依法删除接口"""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Router
from pydantic import Field

from qianjun.incident import actions
from qianjun.incident.wire import Asked
from qianjun.journal.rules import ARTICLES
from qianjun.org.http import actor_of, answer_once, bearer

router = Router(auth=bearer, tags=["journal"])


class Erasing(Asked):
    """Why, and by which law: erl_85, pipl_47 or secrets."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]
    article: Annotated[str, Field(min_length=1, max_length=20)]


@router.post("/journal/{entry}/erase")
def erase(request: HttpRequest, entry: str, told: Erasing) -> HttpResponse:
    """Erase what an entry said, with everything that repeats it; it cannot be undone."""

    def run() -> tuple[int, dict[str, Any]]:
        why = {"reason": told.reason, "article": told.article}
        erased = actions.erase_record(by=actor_of(request), kind="entry", ident=entry, **why)
        article = {"code": told.article, "text": gettext(ARTICLES[told.article])}
        return 200, {"entry": entry, "erased": erased, "article": article}

    return answer_once(request, run)
