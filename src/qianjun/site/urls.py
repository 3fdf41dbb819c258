"""Routes. 路由"""

from django.urls import URLPattern, URLResolver, include, path

from qianjun.site import pages, searching
from qianjun.site.api import api
from qianjun.site.doors import events
from qianjun.site.health import healthz
from qianjun.site.modules import modules_with

handler400 = "qianjun.site.lastly.bad_request"
handler403 = "qianjun.site.lastly.forbidden"
handler404 = "qianjun.site.lastly.not_found"
handler500 = "qianjun.site.lastly.failed"

# modules with an address of their own below; any other says its whole address itself
PLACED = ("duty", "media", "message", "org", "response", "site")
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("qianjun.duty.urls")),
    path("", include("qianjun.response.urls")),
    path("", include("qianjun.org.phonebook.urls")),
    path("", include("qianjun.org.away.urls")),
    path("", include("qianjun.org.book.urls")),
    path("", include("qianjun.org.listing.urls")),
    path("", include("qianjun.org.undo.urls")),
    path("accounts/", include("qianjun.org.urls")),
    path("admin/", include("qianjun.org.imports.urls")),
    path("admin/", include("qianjun.org.keys.urls")),
    path("admin/", include("qianjun.org.staff.urls")),
    path("admin/", include("qianjun.org.store.urls")),
    path("enrol/", include("qianjun.org.enrolling.urls")),
    path("media/", include("qianjun.media.urls")),
    path("phones/", include("qianjun.message.urls")),
    path("look/language/", pages.language, name="set_language"),
    path("look/theme/", pages.theme, name="theme"),
    path("search/", searching.search, name="search"),
    path("search/hits/", searching.hits, name="search_hits"),
    path("search/phone/", searching.by_tail, name="search_phone"),
    path("healthz", healthz),
    path("api/v1/events", events),
    path("api/v1/", api.urls),
    *(path("", include(f"qianjun.{name}.urls")) for name in modules_with("urls", but=PLACED)),
]
