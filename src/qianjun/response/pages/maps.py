"""The layers of the map, and what a page with a map may load. 地图"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from qianjun.kernel.policy import policy
from qianjun.org.actor import Actor
from qianjun.org.pages import SIGNED_IN, page
from qianjun.place.tiles import tiles
from qianjun.response.queries.maps import layer


@require_GET
@page(SIGNED_IN)
def map_layer(request: HttpRequest, *, by: Actor, name: str) -> HttpResponse:  # noqa: ARG001
    """A layer as GeoJSON, for whoever may see it. 图层"""
    return JsonResponse(layer(seen_by=by, name=name), content_type="application/geo+json")


def with_map(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page may load tiles from where the administrator said, and from nowhere else. 放行瓦片"""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        ground = tiles()
        if ground is not None:
            response.headers["Content-Security-Policy"] = policy(tiles=ground.origin)
        return response

    return answer
