"""How long a sheet and what it changed are kept. 导入留存"""

from qianjun.kernel import clock
from qianjun.org.models import ImportedRow, ImportRun


def forget_old_imports() -> int:
    """Throw away undecided sheets and, of taken ones, what an undo would need. 清理"""
    due = ImportRun.objects.filter(kept_until__lte=clock.real())
    rows, _by_table = ImportedRow.objects.filter(run__in=due.exclude(state="previewed")).delete()
    undecided, _by_table = due.filter(state=ImportRun.State.PREVIEWED).delete()
    return rows + undecided
