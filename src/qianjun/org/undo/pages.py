"""Take back what was just done. 撤销"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from qianjun.kernel.errors import Refused
from qianjun.org.actor import Actor
from qianjun.org.http import once_for_form
from qianjun.org.pages import back, done, failed, page, sentence
from qianjun.org.undo.offers import read_offer


@require_POST
@page("signed_in")
def undo(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Press the toast of an act: its reverse runs once; a refusal is a banner. 撤销"""
    try:
        asked = read_offer(request.POST.get("undo", ""), by=by)

        def run() -> tuple[int, dict[str, Any]]:
            asked.reverse.verb(by=by, **asked.words)
            return 200, {}

        again = once_for_form(request, run, key=asked.key)[2]
    except Refused as refused:
        failed(request, sentence(refused))
        return back(request)
    done(request, gettext("刚才已经撤销过。") if again else gettext(asked.reverse.says))
    return back(request)
