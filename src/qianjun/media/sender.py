"""Who sends a file: by link, by token, or signed in; a link never reads the session. 上传者"""

import re
from typing import Final, cast

from django.http import HttpRequest

from qianjun.org.actor import Actor
from qianjun.org.http import SignedIn
from qianjun.org.links import Purpose, actor_for_link

LINK: Final = re.compile(r"(?i:link) +/?([vstg])/([a-z2-7]{1,64})/?")


class Sender(SignedIn):
    """``Authorization: Link /s/…``, else a token, else the session of a page. 上传者"""

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Actor:
        """The actor, also as ``request.actor``; refuses with 401, 403, 404 or 410."""
        shown = LINK.fullmatch(request.headers.get("Authorization", "").strip())
        if shown is None:
            return super().__call__(request)
        actor = actor_for_link(cast("Purpose", shown[1].lower()), shown[2])
        request.actor = actor  # type: ignore[attr-defined]
        return actor


sender = Sender()
