"""The page of one who is called: the link is the credential, no session is read. 叫应链接页"""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from qianjun.confirm import rules
from qianjun.confirm.actions import answer_by_link, open_by_link
from qianjun.confirm.queries import called_by_link
from qianjun.confirm.queries import link_json as told_to_link
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.linked import Act, Door, act_of, acted, by_link, link_json, link_page, wants_json

OUTCOMES: Final[dict[rules.Outcome, str]] = {
    "taken": _("已记下您的应答。"),
    "repeated": _("已经记下过了，不用再答。"),
    "too_late": _("这次叫应已经结束。"),
}
SEEN: Final = _("值班室知道您已看到，还在等您应答。")
ACTS: Final = ("opened", "answer")


@require_safe
@by_link("c")
def shown(request: HttpRequest, *, by: Actor, link: Door) -> HttpResponse:
    """Looking changes nothing, so that no preview answers for anybody. 看"""
    row, one = called_by_link(seen_by=by)
    told = told_to_link(row, one)
    if wants_json(request):
        return link_json(told)
    page = {
        "of": told,
        "started_at": row.started_at,
        "answered_at": one.answered_at,
        # nobody is told that he has seen what he has answered
        "opened": one.opened_at is not None or not told["acts"],
    }
    return link_page("confirm/phone.html", page, link=link)


@require_POST
@by_link("c")
def act(request: HttpRequest, *, by: Actor, link: Door) -> HttpResponse:
    """Opened, or answered; the same act again finds the same answer. 应答"""
    said = act_of(request, link=link, acts=ACTS)
    outcome = _do(by, said)
    told = told_to_link(*called_by_link(seen_by=by))
    seen = said.name == "opened" and outcome != "too_late"
    answer = {
        "state": told["state"],
        "outcome": outcome,
        "message": SEEN if seen else OUTCOMES[outcome],
        "acts": told["acts"],
    }
    return acted(request, answer, link=link, act=said)


def _do(by: Actor, said: Act) -> rules.Outcome:
    if said.name == "opened":
        return open_by_link(by=by)
    # said in full: a text that is too long is refused, not cut
    return answer_by_link(by=by, text=said.said.get("text", ""), happened_at=said.happened_at)
