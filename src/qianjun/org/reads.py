"""Who saw what unmasked: rows of their own, never journal entries. 查看记录"""

from qianjun.kernel import clock
from qianjun.org.actor import Actor
from qianjun.org.models import Read


def record_read(*, by: Actor, what: str, about: tuple[str, str] = ("", ""), why: str = "") -> Read:
    """Note that somebody saw personal data: reveal, search, export, original. 记录查看

    Commits with the caller's transaction, so what is shown was noted.
    """
    about_kind, about_id = about
    return Read.objects.create(
        at=clock.real(),
        by_kind=by.kind,
        by_id=by.ident,
        by_role=by.role,
        what=what,
        about_kind=about_kind,
        about_id=about_id,
        why=why,
    )
