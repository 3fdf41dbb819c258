"""Units and people as they are told: by code, by id. 何单位、何人"""

from qianjun.kernel.errors import Refused
from qianjun.kernel.fields import refused_field
from qianjun.kernel.words import noop as _
from qianjun.org.actor import key_of
from qianjun.org.models import Person, Unit
from qianjun.org.queries import unit_by_code


def unit_told(code: str, *, field: str) -> Unit | None:
    """The unit with this code, None for an empty one; 422 ``unknown_unit`` naming the field."""
    if not code:
        return None
    found = unit_by_code(code) if "\0" not in code else None
    if found is None:
        raise refused_field(field, "unknown_unit", _("没有这个单位。"))
    return found


def person_told(ident: str | int) -> Person | None:
    """The person with this id, None for an empty one; 422 ``unknown_person``."""
    if ident == "":
        return None
    try:
        return Person.objects.get(pk=key_of(ident))
    except (Person.DoesNotExist, Refused):
        raise refused_field("person", "unknown_person", _("没有这个人。")) from None
