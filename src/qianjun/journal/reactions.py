"""Found by the worker's autodiscovery: makes the journal's own tasks known. 作业登记"""

from qianjun.journal import jobs

__all__ = ["jobs"]
