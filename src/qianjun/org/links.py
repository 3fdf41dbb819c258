"""Signed links: the link is the credential, so it is short, unguessable and single-minded. 签名链接

``/{purpose}/{ident}{tag}``: a random short id and 128 bits of HMAC-SHA-256 over purpose and id.
An altered link is refused before the database is asked. Links that make an account have a word
of their own in front, and count in real time (``org.enrolling``).
"""

import hmac
import re
from base64 import b32encode
from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal

from django.conf import settings
from django.db import connection, transaction

from qianjun.journal.statement import array_of
from qianjun.kernel import clock
from qianjun.kernel.errors import Refused
from qianjun.kernel.ids import short_id
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, Scope
from qianjun.org.models import Link

IDENT_BYTES: Final = 10
IDENT_LENGTH: Final = 16
TAG_BYTES: Final = 16
TEXT: Final = re.compile(r"[a-z2-7]{42}")

Purpose = Literal["v", "c", "s", "t", "g", "e", "u"]


def make_link(
    *,
    purpose: Purpose,
    about: tuple[str, str],
    person: int | None = None,
    ends_at: datetime | None = None,
) -> str:
    """The path of a new link; ``ends_at`` is domain time, of purpose ``e`` real time. 生成链接"""
    about_kind, about_id = about
    link = Link.objects.create(
        ident=short_id(IDENT_BYTES),
        purpose=purpose,
        about_kind=about_kind,
        about_id=about_id,
        person_id=person,
        made_at=clock.now(),
        ends_at=ends_at,
    )
    return link_path(link)


def link_path(link: Link) -> str:
    """The path of a link that was made before: whoever lost it is sent the same again. 链接路径"""
    text = link.ident + _tag(link.purpose, link.ident)
    return f"/enrol/{text}/" if link.purpose == "e" else f"/{link.purpose}/{text}"


def living_links(purpose: Purpose, about: tuple[str, str]) -> dict[int, Link]:
    """The links about this that still open, by their person; the last one made. 有效链接"""
    rows = Link.objects.filter(purpose=purpose, about_kind=about[0], about_id=about[1])
    living = rows.filter(revoked_at__isnull=True, person__isnull=False).order_by("pk")
    now = clock.now()
    return {
        row.person_id: row
        for row in living
        if row.person_id and (row.ends_at is None or row.ends_at > now)
    }


def actor_for_link(purpose: Purpose, text: str) -> Actor:
    """Who comes by this link: 404 unless whole and alive, 410 when it has ended. 链接行为人"""
    link = find_link(purpose, text)
    if link is None or link.revoked_at is not None:
        raise Refused("link_unknown", _("这个链接无效，请核对或电话联系值班室。"), status=404)
    if link.ends_at is not None and link.ends_at <= clock.now():
        zh = _("这个链接已经结束使用。如需帮助，请电话联系值班室。")
        raise Refused("link_ended", zh, status=410)
    return Actor(
        kind="link",
        ident=str(link.pk),
        name=link.person.name if link.person else "",
        person=link.person_id,
        unit=link.person.unit_id if link.person else None,
        scope=Scope(kind="about", about=(link.about_kind, link.about_id)),
        via=f"link:{purpose}",
        realm=settings.REALM,
    )


@transaction.atomic(savepoint=False)
def revoke_links(about: tuple[str, str]) -> int:
    """Make every link to this unknown at once; how many. 撤销链接"""
    links = Link.objects.filter(about_kind=about[0], about_id=about[1], revoked_at__isnull=True)
    return links.update(revoked_at=clock.now())


def make_links(
    *, purpose: Purpose, about: tuple[str, str], people: Collection[int]
) -> dict[int, str]:
    """A link of his own for each of these people, in one statement; their paths. 批量生成链接"""
    idents = {person: short_id(IDENT_BYTES) for person in people}
    with connection.cursor() as cursor:
        columns = array_of(idents), "{" + ",".join(idents.values()) + "}"
        cursor.execute(_MAKE_MANY, [*columns, purpose, *about, clock.now()])
    return {person: f"/{purpose}/{ident}{_tag(purpose, ident)}" for person, ident in idents.items()}


_MAKE_MANY: Final = """
INSERT INTO org_link (person_id, ident, purpose, about_kind, about_id, made_at)
SELECT r.person, r.ident, w.purpose, w.kind, w.about, w.at
FROM unnest(%s::bigint[], %s::text[]) AS r(person, ident),
  (SELECT %s::text AS purpose, %s::text AS kind, %s::text AS about, %s::timestamptz AS at) AS w
"""


@transaction.atomic(savepoint=False)
def end_links(about: tuple[str, str]) -> int:
    """Let every living link to this end now, with a sentence of its own; how many. 结束链接"""
    now = clock.now()
    links = Link.objects.filter(about_kind=about[0], about_id=about[1], revoked_at__isnull=True)
    return links.exclude(ends_at__lte=now).update(ends_at=now)


def find_link(purpose: Purpose, text: str) -> Link | None:
    """The row of a whole link, alive or not; an altered one asks no database. 查链接"""
    if not TEXT.fullmatch(text):
        return None
    ident, tag = text[:IDENT_LENGTH], text[IDENT_LENGTH:]
    if not hmac.compare_digest(tag, _tag(purpose, ident)):
        return None
    return Link.objects.select_related("person").filter(ident=ident, purpose=purpose).first()


def _tag(purpose: str, ident: str) -> str:
    # in one call, which costs a fifth of an object with the same answer
    made = hmac.digest(settings.LINK_KEY.encode(), f"link\n{purpose}\n{ident}".encode(), "sha256")
    return b32encode(made[:TAG_BYTES]).decode().rstrip("=").lower()
