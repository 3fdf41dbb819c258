"""A document as the answer to a request. 公文下载"""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from qianjun.kernel.paper import MEDIA_TYPE


def as_file(name: str, content: bytes) -> HttpResponse:
    """The document under its name, kept by no cache."""
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["Cache-Control"] = "no-store"
    return response
