"""The keys beside a list that take it out: Excel, Word, a page for paper. 导出页面"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from qianjun.kernel import paper
from qianjun.kernel.sheets.writing import MEDIA_TYPE
from qianjun.org.actor import Actor
from qianjun.org.http import as_file
from qianjun.org.listing.actions import take_list_out, take_record_out
from qianjun.org.listing.queries import PAPER_ROWS_MOST, list_on_paper
from qianjun.org.pages import page


@require_POST
@page("list.export")
def excel(request: HttpRequest, *, by: Actor, name: str) -> HttpResponse:
    """The list as it is shown, by what the page's address asks for. 导出 Excel"""
    called, content = take_list_out(by=by, name=name, asked=request.GET.dict())
    return as_file(called, content, media_type=MEDIA_TYPE)


@require_POST
@page("list.export")
def word(request: HttpRequest, *, by: Actor, name: str) -> HttpResponse:
    """The same in Word. 导出 Word"""
    called, content = take_list_out(by=by, name=name, asked=request.GET.dict(), form="word")
    return as_file(called, content, media_type=paper.MEDIA_TYPE)


@require_safe
@page("list.export")
def sheet(request: HttpRequest, *, by: Actor, name: str) -> HttpResponse:
    """The list alone, laid out for paper. 打印清单"""
    found = list_on_paper(by=by, name=name, asked=request.GET.dict())
    shown = {"sheet": found, "list": name, "most": PAPER_ROWS_MOST}
    return render(request, "org/listing/sheet.html", shown)


@require_POST
@page("list.export")
def record(request: HttpRequest, *, by: Actor, name: str, ident: str) -> HttpResponse:  # noqa: ARG001
    """One record in Word. 导出记录"""
    called, content = take_record_out(by=by, name=name, ident=ident)
    return as_file(called, content, media_type=paper.MEDIA_TYPE)
