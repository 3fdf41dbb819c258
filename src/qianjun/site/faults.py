"""What is wrong with a value, in Chinese, for each kind of fault that pydantic finds. 字段错误"""

import re
from collections.abc import Iterable
from typing import Any

from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.words import noop as _

# pydantic's type -> our code and sentence; the rest is "invalid"
FAULTS: dict[str, tuple[str, str]] = {
    "missing": ("missing", _("必填，不能缺少。")),
    "timezone_aware": ("time_without_offset", _("时间须带时区偏移，例如 +08:00。")),
    "datetime_type": ("not_a_time", _("不是时间；写法如 2026-06-01T14:05:00+08:00。")),
    "datetime_parsing": ("not_a_time", _("不是时间；写法如 2026-06-01T14:05:00+08:00。")),
    "datetime_from_date_parsing": (
        "not_a_time",
        _("不是时间；写法如 2026-06-01T14:05:00+08:00。"),
    ),
    "datetime_object_invalid": ("not_a_time", _("没有这个时刻，请检查日期。")),
    "string_type": ("not_a_string", _("须为文字。")),
    "string_too_short": ("too_short", _("太短或为空。")),
    "string_too_long": ("too_long", _("太长，请缩短。")),
    "string_pattern_mismatch": ("bad_pattern", _("写法不对。")),
    "string_unicode": ("bad_character", _("含有不能使用的字符。")),
    "int_type": ("not_a_number", _("须为整数。")),
    "int_parsing": ("not_a_number", _("须为整数。")),
    "int_from_float": ("not_a_number", _("须为整数。")),
    "int_parsing_size": ("too_large", _("数值太大。")),
    "float_type": ("not_a_number", _("须为数字。")),
    "float_parsing": ("not_a_number", _("须为数字。")),
    "decimal_type": ("not_a_number", _("须为数字。")),
    "decimal_parsing": ("not_a_number", _("须为数字。")),
    "decimal_max_digits": ("too_large", _("数值太大。")),
    "decimal_max_places": ("too_precise", _("小数位太多。")),
    "decimal_whole_digits": ("too_large", _("数值太大。")),
    "finite_number": ("not_a_number", _("须为有限的数字。")),
    "greater_than": ("too_small", _("数值太小。")),
    "greater_than_equal": ("too_small", _("数值太小。")),
    "less_than": ("too_large", _("数值太大。")),
    "less_than_equal": ("too_large", _("数值太大。")),
    "bool_type": ("not_a_boolean", _("须为 true 或 false。")),
    "bool_parsing": ("not_a_boolean", _("须为 true 或 false。")),
    "literal_error": ("unknown_value", _("不在允许的取值之内。")),
    "enum": ("unknown_value", _("不在允许的取值之内。")),
    "list_type": ("not_a_list", _("须为列表。")),
    "too_short": ("too_few", _("数量太少。")),
    "too_long": ("too_many", _("数量太多。")),
    "dict_type": ("not_an_object", _("须为 JSON 对象。")),
    "model_type": ("not_an_object", _("须为 JSON 对象。")),
    "model_attributes_type": ("not_an_object", _("须为 JSON 对象。")),
    "dataclass_type": ("not_an_object", _("须为 JSON 对象。")),
    "extra_forbidden": ("unknown_field", _("没有这个字段，请检查拼写。")),
    "uuid_parsing": ("not_a_uuid", _("不是 UUID。")),
    "uuid_type": ("not_a_uuid", _("不是 UUID。")),
}
NOT_JSON = ("not_json", _("请求内容不是有效的 JSON。"))
INVALID = ("invalid", _("填写的内容有误，请按提示修改。"))
SOURCES = ("body", "query", "path", "header", "form", "file")
# how pydantic calls the branches of a value that may be of several types; no field of ours
BRANCH = re.compile(r"constrained-\w+|int|str|float|bool|(?:literal|list|dict)\[.*\]")


def refusal(errors: Iterable[dict[str, Any]]) -> Refused:
    """One refusal for all that is wrong; its code is theirs when they share one."""
    fields = _together(_field_error(error) for error in errors)
    if any(not field.field and field.code == FAULTS["missing"][0] for field in fields):
        return Refused(*NOT_JSON, status=400)  # a body is awaited and there is none at all
    shared = {field.code for field in fields}
    code = shared.pop() if len(shared) == 1 else INVALID[0]
    return Refused(code, INVALID[1], status=422, fields=fields)


def _together(errors: Iterable[FieldError]) -> tuple[FieldError, ...]:
    """One error for each field: a value that is none of several types is wrong once."""
    found: dict[str, FieldError] = {}
    for one in errors:
        known = found.get(one.field)
        invalid = FieldError(field=one.field, code=INVALID[0], zh=INVALID[1])
        found[one.field] = one if known is None or known.code == one.code else invalid
    return tuple(found.values())


def _field_error(error: dict[str, Any]) -> FieldError:
    code, zh = FAULTS.get(error["type"], INVALID)
    return FieldError(field=_where(error["loc"]), code=code, zh=zh)


def _where(loc: tuple[str | int, ...]) -> str:
    """The path of the field as the caller wrote it: without source and parameter name."""
    parts = [str(part) for part in loc]
    if parts and parts[0] in SOURCES:
        # body.<parameter>.<field>: the parameter's name is ours, not the caller's
        parts = parts[2:] if parts[0] == "body" and len(parts) > 1 else parts[1:]
    return ".".join([*parts[:1], *(part for part in parts[1:] if not BRANCH.fullmatch(part))])
