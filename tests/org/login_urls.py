"""The log-in and a page behind it, without the rest of the site."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def home(request: HttpRequest) -> HttpResponse:
    """Say who is there."""
    return HttpResponse(request.user.get_username())


urlpatterns = [path("accounts/", include("qianjun.org.urls")), path("", home)]
