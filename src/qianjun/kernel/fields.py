"""What somebody typed into one field: cleaned, or refused by the field's name. 字段"""

from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _


def words(field: str, text: str, *, most: int, least: int = 1) -> str:
    """The text, cleaned and stripped; 422 naming the field when too short or too long."""
    said = clean(text).text.strip()
    if len(said) < least:
        raise refused_field(field, "too_short", _("必填，不能为空。"))
    if len(said) > most:
        raise refused_field(field, "too_long", _("太长，请缩短。"))
    return said


def refused_field(field: str, code: str, zh: str) -> Refused:
    """422 for one field."""
    return Refused(code, zh, fields=(FieldError(field=field, code=code, zh=zh),))
