"""Units in their tree; a unit is found again by its code. 单位导入"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from qianjun.journal.search import put_words
from qianjun.kernel.sheets import Column, RowOutcome, Table
from qianjun.kernel.text import sort_key
from qianjun.kernel.words import noop as _
from qianjun.org.imports.kinds import Complaint, Found, Outcome, Snapshot
from qianjun.org.models import Grant, Person, Token, Unit

PATH_CHARACTERS: Final = 300
FIELDS: Final = ("name", "short_name", "kind", "level", "parent", "path", "sort_key", "search")
TABLE: Final = Table(
    name="units",
    columns=(
        Column(
            field="code",
            zh=_("单位代码"),
            kind="code",
            titles=("代码", "编码", "机构代码", "统一社会信用代码", "code"),
            required=True,
            max_chars=30,
            pattern=r"[0-9A-Za-z][0-9A-Za-z-]*",
        ),
        Column(
            field="name",
            zh=_("单位名称"),
            titles=("名称", "单位", "全称", "机构名称", "单位全称"),
            required=True,
            max_chars=100,
        ),
        Column(field="short_name", zh=_("简称"), titles=("单位简称",), max_chars=40),
        Column(field="kind", zh=_("类型"), titles=("单位类型", "机构类型", "类别"), max_chars=30),
        Column(
            field="level",
            zh=_("层级"),
            kind="choice",
            titles=("级别", "单位层级"),
            choices={
                "国家": "state",
                "自治区": "region",
                "市": "city",
                "区": "district",
                "街道": "street",
                "街道（乡镇）": "street",
                "乡镇": "street",
                "社区": "community",
                "村": "community",
                "企业": "enterprise",
            },
            required=True,
        ),
        Column(
            field="parent",
            zh=_("上级单位"),
            titles=("上级", "上级代码", "上级单位代码", "主管单位", "隶属单位"),
            max_chars=100,
        ),
    ),
    key=("code",),
)
SAID: Final = {
    "unknown_parent": _("没有这个上级单位；请写系统里或本表里的单位代码或全称。"),
    "two_parents": _("有几个单位都叫这个上级的名字，请写单位代码。"),
    "parent_refused": _("上级单位那一行有问题，或绕成了圈。"),
    "has_children": _("这个单位下面还有单位，不能用导入换上级。"),
    "too_deep": _("层级太多。"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Meant:
    """What a row wants; ``depth`` has parents written before their children. 所求"""

    code: str
    values: Mapping[str, str]
    parent: str
    path: str
    depth: int


class _Tree:
    """Units of the base and of the sheet, by code; paths of those that are settled."""

    def __init__(self, rows: Sequence[RowOutcome]) -> None:
        self.stored = {one.code: one for one in Unit.objects.select_related("parent")}
        self.paths = {code: one.path for code, one in self.stored.items()}
        self.fathers = {one.parent.code for one in self.stored.values() if one.parent}
        self.rows = {str(row.values["code"]): row for row in rows}
        self.names: dict[str, set[str]] = {}
        for code, one in self.stored.items():
            self._call(code, one.name, one.short_name)
        for code, row in self.rows.items():
            self._call(code, str(row.values["name"]), str(row.values["short_name"] or ""))

    def _call(self, code: str, *words: str) -> None:
        for word in words:
            self.names.setdefault(word, set()).add(code)

    def parent_of(self, row: RowOutcome) -> str:
        """The code of the parent, "" at the top; a KeyError names what is wrong."""
        said, code = row.values["parent"], str(row.values["code"])
        if not said:
            above = self.stored[code].parent if code in self.stored else None
            return above.code if above else ""
        if said in self.stored or said in self.rows:
            return str(said)
        called = self.names.get(str(said), set())
        if len(called) != 1:
            raise KeyError("two_parents" if called else "unknown_parent")
        return next(iter(called))


def _settled(tree: _Tree) -> dict[str, Meant | str]:
    """By code what each row wants, or the code of what is wrong; parents come before children."""
    found: dict[str, Meant | str] = {}
    waiting: dict[str, str] = {}
    for code, row in tree.rows.items():
        try:
            waiting[code] = tree.parent_of(row)
        except KeyError as wrong:
            found[code] = str(wrong.args[0])
    while waiting:
        ready = [
            code
            for code, parent in waiting.items()
            if parent not in tree.rows or (parent in found and not isinstance(found[parent], str))
        ]
        if not ready:
            return found | dict.fromkeys(waiting, "parent_refused")
        for code in ready:
            found[code] = _one(code, waiting.pop(code), tree=tree, found=found)
    return found


def _one(code: str, parent: str, *, tree: _Tree, found: Mapping[str, Any]) -> Meant | str:
    above = found[parent].path if parent in found else tree.paths.get(parent, "")
    path = f"{above}/{code}" if above else code
    if len(path) > PATH_CHARACTERS:
        return "too_deep"
    if code in tree.fathers and tree.paths[code] != path:
        return "has_children"
    values, known = tree.rows[code].values, tree.stored.get(code)
    name = str(values["name"])
    return Meant(
        code=code,
        values={
            "name": name,
            "short_name": str(values["short_name"] or (known.short_name if known else name[:40])),
            "kind": str(values["kind"] or (known.kind if known else "unit")),
            "level": str(values["level"]),
        },
        parent=parent,
        path=path,
        depth=path.count("/"),
    )


class Units:
    """The kind. 单位"""

    name, title, permission, about, table = "units", _("单位"), "import.people", "unit", TABLE

    def judge(self, rows: Sequence[RowOutcome]) -> list[Found]:
        """Against the tree of the base and of the sheet."""
        tree = _Tree(rows)
        settled = _settled(tree)
        return [_judged(row, settled[str(row.values["code"])], tree=tree) for row in rows]

    def write(self, rows: Sequence[Found], *, source: str) -> list[int]:
        """One statement a level."""
        del source  # a unit does not say where it was read
        known: dict[str, int] = {}
        for depth in sorted({row.meant.depth for row in rows}):
            level = [row.meant for row in rows if row.meant.depth == depth]
            known |= _write(level)
        return [known[row.meant.code] for row in rows]

    def snapshots(self, idents: Sequence[int]) -> dict[int, Snapshot]:
        """Its columns, and whether something hangs on it."""
        rows: Any = Unit.objects.filter(pk__in=idents).values(
            "pk", "code", "name", "short_name", "kind", "level", "parent_id", "path"
        )
        used = {
            *Person.objects.filter(unit__in=idents).values_list("unit_id", flat=True),
            *Grant.objects.filter(unit__in=idents).values_list("unit_id", flat=True),
            *Token.objects.filter(unit__in=idents).values_list("unit_id", flat=True),
        }
        return {row["pk"]: row | {"used": row["pk"] in used} for row in rows}

    def remove(self, idents: Sequence[int]) -> None:
        """The lowest first: what has children is protected."""
        going = list(Unit.objects.filter(pk__in=idents).values_list("pk", "path"))
        for depth in sorted({path.count("/") for _pk, path in going}, reverse=True):
            level = [pk for pk, path in going if path.count("/") == depth]
            Unit.objects.filter(pk__in=level).delete()

    def restore(self, before: Mapping[int, Snapshot]) -> None:
        """Every column as it was."""
        units = [
            put_words(
                Unit(
                    **{k: v for k, v in one.items() if k != "used"},
                    sort_key=sort_key(one["short_name"]),
                )
            )
            for one in before.values()
        ]
        Unit.objects.bulk_update(units, FIELDS)


def _write(level: Iterable[Meant]) -> dict[str, int]:
    rows = list(level)
    parents = dict(
        Unit.objects.filter(code__in={one.parent for one in rows}).values_list("code", "pk")
    )
    units = [
        Unit(
            code=one.code,
            parent_id=parents.get(one.parent),
            path=one.path,
            sort_key=sort_key(one.values["short_name"]),
            **one.values,
        )
        for one in rows
    ]
    written = Unit.objects.bulk_create(
        units, update_conflicts=True, unique_fields=["code"], update_fields=list(FIELDS)
    )
    return {one.code: one.pk for one in written}


def _judged(row: RowOutcome, meant: Meant | str, *, tree: _Tree) -> Found:
    if isinstance(meant, str):
        column = "code" if meant == "has_children" else "parent"
        complaint = Complaint(
            row=row.row_number, column=TABLE.by_field[column].zh, code=meant, said=SAID[meant]
        )
        return Found(row_number=row.row_number, outcome="refused", problems=(complaint,))
    known = tree.stored.get(meant.code)
    if known is None:
        return Found(row_number=row.row_number, outcome="new", meant=meant)
    so = known.path == meant.path and all(
        getattr(known, name) == value for name, value in meant.values.items()
    )
    outcome: Outcome = "unchanged" if so else "changed"
    return Found(row_number=row.row_number, outcome=outcome, about=known.pk, meant=meant)


KIND = Units()
