"""Every sentence by which a call to the outside is not made or not believed. 拒绝外连"""

from qianjun.kernel.errors import Refused
from qianjun.kernel.words import noop as _

ASKED_WRONGLY = 422
OUTSIDE_FAILED = 502

REFUSALS = {
    "fetch_url": (ASKED_WRONGLY, _("网址写得不对。")),
    "fetch_scheme": (ASKED_WRONGLY, _("只能访问 http 和 https 网址。")),
    "fetch_userinfo": (ASKED_WRONGLY, _("网址里不能带用户名和密码。")),
    "fetch_host": (ASKED_WRONGLY, _("网址里的主机写得不对。")),
    "fetch_port": (ASKED_WRONGLY, _("端口 %(port)s 不在允许之列。")),
    "fetch_not_public": (ASKED_WRONGLY, _("%(host)s 指向内部网络，没有列入允许之列。")),
    "fetch_header": (ASKED_WRONGLY, _("请求头写得不对。")),
    "fetch_method": (ASKED_WRONGLY, _("不支持这种请求方法。")),
    "fetch_unknown_name": (OUTSIDE_FAILED, _("找不到主机 %(host)s。")),
    "fetch_unreachable": (OUTSIDE_FAILED, _("连接不上 %(host)s。")),
    "fetch_tls": (OUTSIDE_FAILED, _("%(host)s 的证书不可信，没有连接。")),
    "fetch_slow": (OUTSIDE_FAILED, _("%(host)s 没有在限定时间内答复。")),
    "fetch_too_large": (OUTSIDE_FAILED, _("%(host)s 的答复过大，没有读完。")),
    "fetch_bad_answer": (OUTSIDE_FAILED, _("%(host)s 的答复无法读取。")),
    "fetch_redirects": (OUTSIDE_FAILED, _("%(host)s 的跳转次数过多。")),
    "fetch_downgrade": (OUTSIDE_FAILED, _("%(host)s 要求从加密跳转到不加密，没有跟随。")),
    "fetch_body_moved": (OUTSIDE_FAILED, _("%(host)s 要求把内容转交别处，没有跟随。")),
}


def refuse(code: str, **words: object) -> Refused:
    """The refusal of this code with the places of its sentence filled."""
    status, sentence = REFUSALS[code]
    return Refused(code, sentence, status=status, words=words)
