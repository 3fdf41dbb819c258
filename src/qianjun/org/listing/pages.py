"""The key beside a list that takes it out as Excel. 导出页面"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from qianjun.kernel.sheets.writing import MEDIA_TYPE
from qianjun.org.actor import Actor
from qianjun.org.http import as_file
from qianjun.org.listing.actions import take_list_out
from qianjun.org.pages import page


@require_POST
@page("list.export")
def excel(request: HttpRequest, *, by: Actor, name: str) -> HttpResponse:
    """The list as it is shown, by what the page's address asks for. 导出 Excel"""
    called, content = take_list_out(by=by, name=name, asked=request.GET.dict())
    return as_file(called, content, media_type=MEDIA_TYPE)
