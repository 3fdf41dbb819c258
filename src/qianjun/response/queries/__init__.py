"""What the house makes of a report: while it is typed, and once it stands. 接报查询"""

from qianjun.response.queries.cards import report_card, taken
from qianjun.response.queries.preview import look_at, look_at_told
from qianjun.response.queries.reading import Heard, hear

__all__ = ["Heard", "hear", "look_at", "look_at_told", "report_card", "taken"]
