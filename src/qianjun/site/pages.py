"""What a visitor may change about the look: dark room, language. 外观"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from qianjun.org.pages import back
from qianjun.site.frame import THEME_COOKIE

THEMES = ("light", "dark")
YEAR_S = 365 * 24 * 3600

language = require_POST(set_language)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember in this browser whether the room is dark. 夜间"""
    wanted = request.POST.get("theme", "")
    response = back(request)
    if wanted in THEMES:
        response.set_cookie(THEME_COOKIE, wanted, max_age=YEAR_S, samesite="Lax")
    return response
