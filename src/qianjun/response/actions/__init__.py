"""What people do with reports at the desk: one function per verb. 接报动作"""

from qianjun.response.actions.taking import take_in_report

__all__ = ["take_in_report"]
