"""Take something out of the house: copied when it is public, else as a link; always noted. 带出"""

from django.db import transaction
from django.utils.translation import gettext

from qianjun.incident.queries import incident_card
from qianjun.incident.queries.records import record_of
from qianjun.incident.rules.marking import may_be_copied
from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.org.leaving import record_leaving
from qianjun.response.queries.passing import advice_for

COPY_CHARACTERS = 300
LINK = _("【千钧】内部记录 %(number)s，登录后查看：%(address)s")
INTERNAL = _("内部记录不能复制，请改发登录后才能打开的链接。")


@transaction.atomic(savepoint=False)
def copy_advice(*, by: Actor, incident_id: str | int) -> str:
    """The public advice for this kind of incident, made to be passed on. 复制公众提示"""
    require(by, "incident.read")
    card = incident_card(seen_by=by, incident_id=incident_id)
    text = advice_for(card["category"] or "")
    if not text:
        raise Refused("nothing_to_copy", _("这类事件没有可以转发的提示。"), status=409)
    called = gettext("公众提示 %(number)s") % {"number": card["number"]}
    record_leaving(by=by, what=called, kind="copy", about=("incident", card["id"]))
    return text[:COPY_CHARACTERS]


@transaction.atomic(savepoint=False)
def copy_entry(*, by: Actor, entry: str | int) -> str:
    """The words of a line that was marked public; 403 for any other. 复制公开条目"""
    require(by, "record.mark")
    record = record_of(seen_by=by, kind="entry", ident=entry)
    if not record.text or not may_be_copied("entry", record.mark):
        raise Refused("internal_not_copied", INTERNAL, status=403)
    called = gettext("公开条目 %(number)s") % {"number": record.number}
    record_leaving(by=by, what=called, kind="copy", about=record.key)
    return record.text[:COPY_CHARACTERS]


@transaction.atomic(savepoint=False)
def copy_link(*, by: Actor, incident_id: str | int, address: str) -> str:
    """A sentence with a link that opens after signing in, and nothing of the record. 复制链接"""
    require(by, "incident.read")
    card = incident_card(seen_by=by, incident_id=incident_id)
    called = gettext("事件 %(number)s") % {"number": card["number"]}
    record_leaving(by=by, what=called, kind="link", about=("incident", card["id"]))
    return gettext(LINK) % {"number": card["number"], "address": address}


@transaction.atomic(savepoint=False)
def note_print(*, by: Actor, title: str, path: str) -> None:
    """Somebody prints a page of the house. 记录打印"""
    record_leaving(by=by, what=title or path, kind="print", about=("page", path[:64]))
