"""Tables of shows. 演示数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

OPEN = Q(over_at__isnull=True)


class Show(models.Model):
    """A story that is played on the real screens; at most one is running. 演示场次

    ``place`` is the next step. It is played when domain time has reached ``due_at`` and real time
    ``not_before``: a caption stands long enough to be read. ``kept`` are ids of what was made.
    """

    script = models.CharField("剧本", max_length=40)
    read_s = models.FloatField("每步停留（秒）")
    begun_at = models.DateTimeField("开始（业务时间）")
    place = models.PositiveIntegerField("下一步", default=0)
    due_at = models.DateTimeField("到期（业务时间）")
    not_before = models.DateTimeField("最早（真实时间）")
    paused_at = models.DateTimeField("暂停", null=True, blank=True)
    over_at = models.DateTimeField("结束", null=True, blank=True)
    kept = models.JSONField("记下的编号", default=dict)
    by_kind = models.CharField("行为人类型", max_length=10)
    by_id = models.CharField("行为人", max_length=20)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "演示场次"
        constraints: ClassVar = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(over_at__isnull=True), name="show_runs_once"
            ),
            models.CheckConstraint(condition=Q(read_s__gt=0), name="show_read_s"),
        ]

    def __str__(self) -> str:
        return f"{self.script} {self.pk}"


class ShowStep(models.Model):
    """A step that was played: when, where it is seen, and what did not work. 演示步骤"""

    show = models.ForeignKey(Show, models.CASCADE, related_name="steps", verbose_name="场次")
    place = models.PositiveIntegerField("第几步")
    at = models.DateTimeField("业务时间")
    page = models.CharField("页面", max_length=200)
    refused = models.CharField("未办成", max_length=300, blank=True)

    class Meta:
        verbose_name = "演示步骤"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["show", "place"], name="show_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.show_id}:{self.place}"
