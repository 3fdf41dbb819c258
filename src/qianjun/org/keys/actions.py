"""Make a token for somebody else's program. 签发令牌"""

from django.db import transaction

from qianjun.kernel.errors import FieldError, Refused
from qianjun.kernel.text import clean
from qianjun.kernel.words import noop as _
from qianjun.org.actor import Actor, require
from qianjun.org.keys.queries import roles_for
from qianjun.org.models import Token
from qianjun.org.queries import sees, unit_by_code
from qianjun.org.roles import ROLES
from qianjun.org.tokens import make_token


@transaction.atomic(savepoint=False)
def issue_token(*, by: Actor, role: str, name: str, days: int, unit: str = "") -> tuple[str, Token]:
    """A token with a role, narrowed to the unit of this code or to one's own scope. 签发"""
    require(by, "token.make")
    if role in ROLES and role not in roles_for(seen_by=by):
        zh = _("管理员不看事件，也不当别的管理员：这种令牌请在服务器上用 qianjun token 签发。")
        fault = FieldError(field="role", code="kept_apart", zh=zh)
        raise Refused("kept_apart", zh, fields=(fault,))
    if not clean(name).text.strip():
        zh = _("请写明这个令牌给谁用。")
        raise Refused("name_needed", zh, fields=(FieldError(field="name", code="", zh=zh),))
    found = unit_by_code(unit) if unit else None
    if (unit and found is None) or not sees(by, found.path if found else ""):
        zh = _("没有这个代码的单位。")
        raise Refused("unknown_unit", zh, fields=(FieldError(field="unit", code="", zh=zh),))
    return make_token(role=role, name=clean(name).text.strip(), days=days, unit=found)
