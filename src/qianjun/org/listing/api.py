"""Routes of lists that leave the house: which there are, one as Excel or Word. 清单导出接口"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Router

from qianjun.kernel import paper
from qianjun.kernel.sheets.writing import MEDIA_TYPE
from qianjun.org.actor import require
from qianjun.org.http import actor_of, as_file, bearer
from qianjun.org.listing.actions import take_list_out, take_record_out
from qianjun.org.listing.kinds import listings

router = Router(auth=bearer, tags=["lists"])
Json = dict[str, Any]


@router.get("/lists")
def lists(request: HttpRequest) -> Json:
    """The lists that the asker may take out."""
    by = actor_of(request)
    require(by, "list.export")
    mine = [one for one in listings().values() if by.may(one.permission)]
    return {"items": [{"name": one.name, "title": gettext(one.zh)} for one in mine], "next": None}


@router.post("/lists/{name}/excel")
def excel(request: HttpRequest, name: str) -> HttpResponse:
    """One list in Excel, filtered by the query as its page is; noted as taken out."""
    by = actor_of(request)
    require(by, "list.export")
    called, content = take_list_out(by=by, name=name, asked=request.GET.dict())
    return as_file(called, content, media_type=MEDIA_TYPE)


@router.post("/lists/{name}/word")
def word(request: HttpRequest, name: str) -> HttpResponse:
    """One list in Word, as above; at most 2,000 rows."""
    by = actor_of(request)
    require(by, "list.export")
    called, content = take_list_out(by=by, name=name, asked=request.GET.dict(), form="word")
    return as_file(called, content, media_type=paper.MEDIA_TYPE)


@router.post("/records/{name}/{ident}/word")
def record(request: HttpRequest, name: str, ident: str) -> HttpResponse:
    """One record in Word, such as an incident, a report, a task; noted as taken out."""
    by = actor_of(request)
    require(by, "list.export")
    called, content = take_record_out(by=by, name=name, ident=ident)
    return as_file(called, content, media_type=paper.MEDIA_TYPE)
