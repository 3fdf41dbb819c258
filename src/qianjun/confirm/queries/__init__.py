"""Questions about calling: what is seen, what waits, what programs read. 叫应查询"""

from qianjun.confirm.queries.seen import (
    Seen,
    Somebody,
    called_about,
    called_by_link,
    called_of,
    confirmation_seen,
    confirmations_about,
    confirmations_of,
    confirmations_seen,
    confirmations_waiting,
    people_seen,
)
from qianjun.confirm.queries.wire import confirmation_json, link_json

__all__ = [
    "Seen",
    "Somebody",
    "called_about",
    "called_by_link",
    "called_of",
    "confirmation_json",
    "confirmation_seen",
    "confirmations_about",
    "confirmations_of",
    "confirmations_seen",
    "confirmations_waiting",
    "link_json",
    "people_seen",
]
