"""The table of where responders are while they are out. 位置数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Position(models.Model):
    """Where somebody called, or a team, was last while on the way or there. 在外位置

    The row is taken away when he is back or turned back: nobody's way is kept.
    """

    incident = models.ForeignKey(
        "incident.Incident", models.PROTECT, related_name="+", verbose_name="事件"
    )
    called = models.OneToOneField(
        "force.Called", models.CASCADE, null=True, related_name="position", verbose_name="谁"
    )
    team_call = models.OneToOneField(
        "force.TeamCall", models.CASCADE, null=True, related_name="position", verbose_name="队伍"
    )
    lon = models.FloatField("经度")
    lat = models.FloatField("纬度")
    at = models.DateTimeField("何时")

    class Meta:
        verbose_name = "在外位置"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(called__isnull=True) ^ Q(team_call__isnull=True),
                name="position_of_one",
            ),
            models.CheckConstraint(
                condition=Q(lon__range=(-180, 180), lat__range=(-90, 90)),
                name="position_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.lon} {self.lat}"
