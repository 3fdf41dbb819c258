"""The page of all settings, made from what the modules declare. 设置页"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from qianjun.kernel.errors import Refused
from qianjun.kernel.option import LONG_MOST, Option
from qianjun.org.actor import Actor, not_found
from qianjun.org.pages import done, faults, page, sentence
from qianjun.org.store.actions import Wanted, change_settings
from qianjun.org.store.backups import last_backup
from qianjun.org.store.declared import Declared, declared
from qianjun.org.store.queries import Shown, sections

# beside a field of the form: the version and the words that were shown, and the key that forgets
VERSION, WAS, CLEAR = "version-", "was-", "clear-"
VERSION_MOST = 10


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A section as it was sent and not accepted. 未被接受的一节"""

    module: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    said: str = ""
    status: int = 200


@require_GET
@page("setting.read")
def settings_page(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Everything that can be chosen. 设置一览"""
    return _page(request, by, Sent())


@require_POST
@page("setting.change")
def change(request: HttpRequest, *, by: Actor, module: str) -> HttpResponse:
    """Save one section. 保存一节"""
    section = next((one for one in declared() if one.module == module), None)
    if section is None:
        raise not_found()
    wanted = _wanted(section, request.POST)
    try:
        versions = change_settings(by=by, module=module, wanted=wanted)
    except Refused as refused:
        if refused.status == 404:
            raise
        return _page(request, by, _not_accepted(module, request.POST, refused))
    changed = any(versions[name] != one.version for name, one in wanted.items())
    said = gettext("%(section)s：已保存。") if changed else gettext("%(section)s：没有改动。")
    done(request, said % {"section": gettext(section.title)})
    return HttpResponseRedirect(reverse("settings"))


def _wanted(section: Declared, sent: Mapping[str, str]) -> dict[str, Wanted]:
    """What was changed on the form: a field that is as it was shown is nobody's wish."""
    return {
        option.name: Wanted(value=value, version=_version(sent.get(VERSION + option.name, "")))
        for option in section.options
        if (value := _typed(option, sent)) != sent.get(WAS + option.name, "")
    }


def _typed(option: Option, sent: Mapping[str, str]) -> str | None:
    """What stands in the field; None to forget a secret."""
    if sent.get(CLEAR + option.name):
        return None
    return sent.get(option.name, "")


def _version(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < VERSION_MOST else -1


def _not_accepted(module: str, sent: Mapping[str, str], refused: Refused) -> Sent:
    typed = {name: str(sent[name])[:LONG_MOST] for name in sent}
    return Sent(
        module=module,
        typed=typed,
        wrong=faults(refused),
        said=sentence(refused),
        status=refused.status,
    )


def _page(request: HttpRequest, by: Actor, sent: Sent) -> HttpResponse:
    shown = [
        {
            "module": one.module,
            "title": one.title,
            "said": sent.said if one.module == sent.module else "",
            "fields": [_field(option, sent, one.module) for option in one.shown],
        }
        for one in sections(seen_by=by)
    ]
    told = {
        "sections": shown,
        "may_change": by.may("setting.change"),
        "backup": last_backup(seen_by=by),
    }
    return render(request, "org/settings/page.html", told, status=sent.status)


def _field(one: Shown, sent: Sent, module: str) -> dict[str, Any]:
    """One option as the template draws it: what was typed comes back, but never a secret."""
    name, was = one.option.name, one.typed
    again = module == sent.module and one.option.kind != "secret"
    return {
        "option": one.option,
        "id": f"{module}-{name}",
        "typed": sent.typed.get(name, "") if again else was,
        "was": was,
        "wrong": sent.wrong.get(name, "") if module == sent.module else "",
        "now": was if sent.status == 409 else "",
        "shown": one,
    }
