"""What a report says and what the house answers, as values. 接报规则"""

from qianjun.incident.rules.told import CHANNELS, SOURCES
from qianjun.response.rules.told import Beside, Preview, Proposal, Taken, Told

__all__ = ["CHANNELS", "SOURCES", "Beside", "Preview", "Proposal", "Taken", "Told"]
