"""The phone book as a list that is taken out; personal numbers are masked. 通讯录清单"""

from collections.abc import Iterator
from typing import Any, Final

from qianjun.kernel.sheets import Column, Table
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor
from qianjun.org.listing.kinds import Asked, listing
from qianjun.org.phonebook.queries import KINDS, every_line
from qianjun.org.rules import masked_name

PHONEBOOK: Final = Table(
    name="phonebook",
    columns=(
        Column(field="unit", zh=_("单位")),
        Column(field="title", zh=_("职务")),
        Column(field="person", zh=_("姓名")),
        Column(
            field="kind",
            zh=_("种类"),
            kind="choice",
            choices={word: code for code, word in KINDS.items()},
        ),
        Column(field="number", zh=_("号码")),
        Column(field="deputy", zh=_("代理人")),
        Column(field="checked_at", zh=_("核对时间"), kind="instant"),
    ),
)


@listing(name="phonebook", zh=_("通讯录"), permission="contact.read", table=PHONEBOOK)
def phonebook_rows(by: Actor, asked: Asked) -> Iterator[dict[str, Any]]:  # noqa: ARG001
    """Every number in use, unit by unit. 通讯录"""
    for line in every_line(seen_by=by):
        office = line.office
        deputy = office.deputy if office else None
        yield {
            "unit": line.unit.short_name,
            "title": office.title if office else "",
            "person": masked_name(line.person.name) if line.person else "",
            "kind": line.kind,
            "number": line.shown,
            "deputy": masked_name(deputy.name) if deputy else "",
            "checked_at": line.checked_at,
        }
