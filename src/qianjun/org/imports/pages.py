"""Choose a sheet, look at it row by row, take it in, take it back. 导入页"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qianjun.kernel.errors import Refused
from qianjun.kernel.sheets import Limits
from qianjun.org.actor import Actor
from qianjun.org.imports import actions, queries
from qianjun.org.imports.kinds import kind_of
from qianjun.org.models import ImportRun
from qianjun.org.pages import attempt, done, page, sentence
from qianjun.org.queries import names_of

NUMBER_MOST = 6
COLUMN = "column-"


@require_http_methods(["GET", "POST"])
@page("import.take")
def imports(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Choose kind and file; what was brought in before. 导入"""
    if request.method == "GET":
        return _front(request, by)
    try:
        run = _opened(request, by)
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        return _front(request, by, said=sentence(refused), status=refused.status)
    return HttpResponseRedirect(reverse("import", args=[run.pk]))


def _opened(request: HttpRequest, by: Actor) -> ImportRun:
    file = request.FILES.get("file")
    if file is None:
        raise Refused("no_file", _("请先选一个文件。"))
    most = Limits().file_bytes
    if (file.size or 0) > most:
        from qianjun.kernel.sheets.refusals import refuse

        raise refuse("sheet_file_too_large", limit=most // 1_000_000)
    kind = request.POST.get("kind", "")
    return actions.open_import(by=by, kind=kind, file_name=file.name or "", content=file.read())


def _front(request: HttpRequest, by: Actor, *, said: str = "", status: int = 200) -> HttpResponse:
    known = queries.runs(seen_by=by)
    people = names_of((run.by_kind, run.by_id) for run in known)
    told = {
        "kinds": queries.kinds_for(by),
        "chosen": request.POST.get("kind", ""),
        "said": said,
        "runs": [
            {"run": run, "kind": kind_of(run.kind), "who": people[run.by_kind, run.by_id]}
            for run in known
        ],
    }
    return render(request, "org/imports/page.html", told, status=status)


@require_safe
@page("import.take")
def one(request: HttpRequest, *, by: Actor, run: int) -> HttpResponse:
    """A sheet that waits for a decision, or what became of it. 一次导入"""
    found = queries.run_of(run, seen_by=by)
    if found.state != ImportRun.State.PREVIEWED:
        who = names_of([(found.by_kind, found.by_id)])[found.by_kind, found.by_id]
        told = {"run": found, "kind": kind_of(found.kind), "who": who}
        return render(request, "org/imports/result.html", told)
    shown = queries.preview_of(found, page=_whole(request.GET.get("page", "")) or 1)
    refused = sentence(shown.refused) if shown.refused else ""
    told = {"run": found, "shown": shown, "kind": shown.kind, "refused": refused}
    return render(request, "org/imports/preview.html", told)


def _whole(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < NUMBER_MOST else None


@require_POST
@page("import.take")
def columns(request: HttpRequest, *, by: Actor, run: int) -> HttpResponse:
    """Say which column is which field. 指定列"""
    chosen = {
        heading: str(request.POST[name])
        for name in request.POST
        if name.startswith(COLUMN) and (heading := _whole(name.removeprefix(COLUMN))) is not None
    }
    if attempt(request, by, actions.choose_columns, run=run, chosen=chosen):
        done(request, _("列对应已改，下次遇到同样的表头会照此对应。"))
    return HttpResponseRedirect(reverse("import", args=[run]))


@require_POST
@page("import.take")
def take(request: HttpRequest, *, by: Actor, run: int) -> HttpResponse:
    """Bring it in, all or only the good rows. 导入"""
    partial = request.POST.get("rows") == "good"
    if attempt(request, by, actions.take_import, run=run, partial=partial):
        done(request, _("已导入。"))
    return HttpResponseRedirect(reverse("import", args=[run]))


@require_POST
@page("import.take")
def undo(request: HttpRequest, *, by: Actor, run: int) -> HttpResponse:
    """Take it back. 撤销"""
    if attempt(request, by, actions.undo_import, run=run):
        done(request, _("已撤销，恢复到导入之前。"))
    return HttpResponseRedirect(reverse("import", args=[run]))


@require_POST
@page("import.take")
def drop(request: HttpRequest, *, by: Actor, run: int) -> HttpResponse:
    """Throw a looked-at sheet away. 放弃"""
    if attempt(request, by, actions.drop_import, run=run):
        done(request, _("已放弃，没有写入任何内容。"))
        return HttpResponseRedirect(reverse("imports"))
    return HttpResponseRedirect(reverse("import", args=[run]))
