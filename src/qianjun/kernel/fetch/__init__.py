"""Calls to the outside, with their guards: the only way out of the house. 外连

>>> answer = fetch(url, allow=Allow(hosts=frozenset(["sms.example.test"])))
"""

from qianjun.kernel.fetch.bounds import Allow, Limits
from qianjun.kernel.fetch.calling import Fetched, fetch
from qianjun.kernel.fetch.names import Resolve

__all__ = ["Allow", "Fetched", "Limits", "Resolve", "fetch"]
