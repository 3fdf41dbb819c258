"""Table of mandates: how far the house may go on calling by itself. 续召授权数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Mandate(models.Model):
    """An officer's word that further waves of a call-out need no second key. 续召授权

    Asked for with the call-out, given by whoever confirms a wave: ``by_kind``, ``by_id`` are his,
    ``unit_path`` the tree in which he calls (empty: the district), ``entry`` what the journal says
    of it. ``max_people`` counts everybody invited, whoever confirmed the wave. ``looks`` counts
    how often the house has looked, so that a look said twice is one.
    """

    callout = models.ForeignKey(
        "force.CallOut", models.CASCADE, related_name="mandates", verbose_name="召集"
    )
    max_people = models.PositiveIntegerField("总人数")
    until = models.DateTimeField("期限")
    asked_at = models.DateTimeField("提出时间")
    given_at = models.DateTimeField("授权时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    ended_why = models.CharField("为何结束", max_length=12, blank=True, default="")
    by_kind = models.CharField("谁", max_length=10)
    by_id = models.CharField("谁的编号", max_length=64, blank=True, default="")
    unit_path = models.CharField("范围", max_length=300, blank=True, default="")
    entry = models.BigIntegerField("记录", null=True)
    looks = models.PositiveIntegerField("看过几次", default=0)

    class Meta:
        verbose_name = "续召授权"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["callout"], condition=Q(ended_at__isnull=True), name="mandate_one_open"
            ),
            models.CheckConstraint(condition=Q(max_people__gte=1), name="mandate_of_somebody"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_why="")
                | Q(ended_at__isnull=False) & ~Q(ended_why=""),
                name="mandate_ends_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.callout_id} {self.max_people}"

    @property
    def state(self) -> str:
        """``asked`` with the call-out, ``in_force`` once a wave is confirmed, then ``ended``."""
        if self.ended_at is not None:
            return "ended"
        return "asked" if self.given_at is None else "in_force"
