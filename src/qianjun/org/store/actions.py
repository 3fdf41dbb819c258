"""Change what was chosen: all or nothing, and never over somebody else's change. 修改设置"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext

from qianjun.journal.bus import emit
from qianjun.journal.locks import one_at_a_time
from qianjun.kernel import clock
from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.option import BadValue, Option, Value, from_stored, shown, stored, value_of
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, not_found, require
from qianjun.org.events import SettingChanged
from qianjun.org.models import Setting
from qianjun.org.store import shelf
from qianjun.org.store.declared import option_of
from qianjun.org.store.queries import about
from qianjun.org.store.sealed import NoKey, key_file, seal

TURN = "org.settings"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody wants for one option, and the version that he has seen. 所改

    ``value`` as typed or as the option's type; None or an empty text goes back to the default, of
    a secret forgets it.
    """

    value: object
    version: int


@dataclass(frozen=True, kw_only=True)
class _Change:
    option: Option
    row: Setting
    value: Value | None


@transaction.atomic(savepoint=False)
def change_setting(*, by: Actor, module: str, name: str, value: object, version: int) -> int:
    """Choose one thing; the new version. 409 when somebody has changed it meanwhile. 改一项"""
    wanted = {name: Wanted(value=value, version=version)}
    return change_settings(by=by, module=module, wanted=wanted)[name]


@transaction.atomic(savepoint=False)
def change_settings(*, by: Actor, module: str, wanted: Mapping[str, Wanted]) -> dict[str, int]:
    """Choose several things of a module, all or none; the version of each. 改几项

    What is as it was is not changed and has no entry. Refuses with 404 for an option that is not
    declared, 422 naming every value that will not do, 409 for what somebody has changed meanwhile.
    """
    require(by, "setting.change")
    options = {name: _declared(module, name) for name in wanted}
    one_at_a_time(TURN)
    rows = {row.name: row for row in Setting.objects.filter(module=module, name__in=list(wanted))}
    changes = {
        name: _Change(
            option=option,
            row=rows.get(name) or Setting(module=module, name=name, version=0),
            value=None,
        )
        for name, option in options.items()
    }
    _check_versions(wanted, changes)
    read_all = _read(wanted, changes)
    return {name: _write(by, change) for name, change in read_all.items()}


def _declared(module: str, name: str) -> Option:
    option = option_of(module, name)
    if option is None:
        raise not_found()
    return option


def _check_versions(wanted: Mapping[str, Wanted], changes: Mapping[str, _Change]) -> None:
    stale = [name for name, one in changes.items() if one.row.version != wanted[name].version]
    if not stale:
        return
    zh = _("别人刚改过，请看现在的值再决定。")
    raise Refused(
        "stale",
        zh,
        status=409,
        fields=tuple(FieldError(field=name, code="stale", zh=zh) for name in stale),
        extra={"current": {name: _current(changes[name]) for name in stale}},
    )


def _current(change: _Change) -> dict[str, object]:
    value = None if change.option.kind == "secret" else change.row.value
    return {"value": value, "version": change.row.version}


def _read(wanted: Mapping[str, Wanted], changes: Mapping[str, _Change]) -> dict[str, _Change]:
    """The same with the values as their options mean them."""
    faults: list[FieldError] = []
    good: dict[str, _Change] = {}
    for name, change in changes.items():
        try:
            value = _value(change.option, wanted[name].value)
        except BadValue as bad:
            said = gettext(bad.zh)
            said = said % bad.words if bad.words else said
            faults.append(FieldError(field=name, code="bad_value", zh=said))
        else:
            good[name] = _Change(option=change.option, row=change.row, value=value)
    if faults:
        raise Refused("bad_value", _("有一项填得不对，什么都没有改。"), fields=tuple(faults))
    return good


def _value(option: Option, wanted: object) -> Value | None:
    return None if wanted is None else value_of(option, wanted)


def _write(by: Actor, change: _Change) -> int:
    row, option = change.row, change.option
    before = None if option.kind == "secret" else from_stored(option, row.value)
    if _as_it_was(change, before):
        return row.version
    if option.kind == "secret":
        row.secret = _sealed(change)
    else:
        row.value = None if change.value == option.default else stored(change.value)
    row.version += 1
    row.changed_at, row.by_kind, row.by_id = clock.now(), by.kind, by.ident
    row.save()
    _tell(by, change, before)
    shelf.forget()
    transaction.on_commit(shelf.forget)  # another thread may have read the old row meanwhile
    return row.version


def _as_it_was(change: _Change, before: Value | None) -> bool:
    if change.option.kind == "secret":
        return change.value is None and change.row.secret is None
    now = change.option.default if change.value is None else change.value
    return now == before and type(now) is type(before)


def _sealed(change: _Change) -> bytes | None:
    if change.value is None:
        return None
    try:
        return seal(str(change.value), about=about(change.row.module, change.row.name))
    except NoKey as fault:
        zh = _("没有可用的密钥文件 %(file)s，不能保存密钥。请运行 qianjun init 补上。")
        raise Refused("no_key", zh, status=409, words={"file": key_file().name}) from fault


def _tell(by: Actor, change: _Change, before: Value | None) -> None:
    row, option = change.row, change.option
    emit(
        SettingChanged(
            module=row.module,
            setting=row.name,
            number=row.version,
            is_secret=option.kind == "secret",
            cleared=row.value is None and row.secret is None,
        ),
        by=by,
        about=("setting", about(row.module, row.name)),
        body="" if option.kind == "secret" else " → ".join(_words(option, change, before)),
    )


def _words(option: Option, change: _Change, before: Value | None) -> Iterator[str]:
    """Old and new, as people typed them."""
    after = option.default if change.value is None else change.value
    for value in (before, after):
        yield shown(value) or "–"
