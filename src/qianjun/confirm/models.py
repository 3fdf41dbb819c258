"""Tables of calling and confirming. 叫应数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from qianjun.confirm import rules

WAITING = Q(exhausted_at__isnull=False, met_at__isnull=True, ended_at__isnull=True)


class Confirmation(models.Model):
    """People are called about something until ``need`` seats have answered. 叫应

    Its state is what its instants say. ``step`` is the last one taken; ``channels`` empty are all
    that somebody has agreed to. The last people called have ``wait_s`` before the desk is told.
    """

    about_kind = models.CharField("关于", max_length=40)
    about_id = models.CharField("关于编号", max_length=64)
    incident = models.BigIntegerField("事件编号", null=True)
    text = models.TextField("内容")
    question = models.CharField("反问", max_length=200, blank=True, default="")
    need = models.PositiveSmallIntegerField("需应答数")
    channels = models.JSONField("渠道", default=list)
    exercise = models.BooleanField("演练", default=False)
    step = models.PositiveSmallIntegerField("已到第几步", default=0)
    wait_s = models.PositiveIntegerField("最后一步等多久（秒）", default=rules.WAIT_S)
    next_at = models.DateTimeField("下一步时间", null=True)
    started_at = models.DateTimeField("开始时间")
    met_at = models.DateTimeField("叫应时间", null=True)
    exhausted_at = models.DateTimeField("叫完时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    by_kind = models.CharField("谁", max_length=10)
    by_id = models.CharField("谁的编号", max_length=64, blank=True)

    class Meta:
        verbose_name = "叫应"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(need__gte=1), name="confirmation_needs_one"),
            models.CheckConstraint(
                condition=(Q(met_at__isnull=True) | Q(met_at__gte=F("started_at")))
                & (Q(exhausted_at__isnull=True) | Q(exhausted_at__gte=F("started_at")))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at"))),
                name="confirmation_in_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["about_kind", "about_id"], name="confirmation_about"),
            models.Index(fields=["exhausted_at"], name="confirmation_waiting", condition=WAITING),
        ]

    def __str__(self) -> str:
        return f"{self.about_kind} {self.about_id}"

    @property
    def state(self) -> rules.State:
        """open, met, failed or ended."""
        return rules.state_of(
            met_at=self.met_at, exhausted_at=self.exhausted_at, ended_at=self.ended_at
        )

    @property
    def code(self) -> str:
        """The short number that stands in every copy."""
        return rules.code_of(self.pk)


class ConfirmStep(models.Model):
    """One step of a confirmation: so long after the start these people are called. 叫应步骤"""

    confirmation = models.ForeignKey(
        Confirmation, models.CASCADE, related_name="steps", verbose_name="叫应"
    )
    number = models.PositiveSmallIntegerField("第几步")
    after_s = models.PositiveIntegerField("开始后（秒）")

    class Meta:
        verbose_name = "叫应步骤"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["confirmation", "number"], name="confirm_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.confirmation_id} {self.number}"


class ConfirmPerson(models.Model):
    """Somebody who is called at a step, and how far he has come. 被叫人

    Once in a confirmation. ``in_place_of`` is whose deputy he is; ``called_at`` stays null when
    the place had answered before his step came.
    """

    confirmation = models.ForeignKey(
        Confirmation, models.CASCADE, related_name="people", verbose_name="叫应"
    )
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+", verbose_name="人员")
    step = models.PositiveSmallIntegerField("第几步")
    in_place_of = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, related_name="+", verbose_name="代谁"
    )
    called_at = models.DateTimeField("叫出时间", null=True)
    opened_at = models.DateTimeField("看到时间", null=True)
    answered_at = models.DateTimeField("应答时间", null=True)
    answered_how = models.CharField(
        "应答方式", max_length=10, blank=True, default="", choices=list(rules.HOW.items())
    )
    escalated_at = models.DateTimeField("升级时间", null=True)
    knocked_at = models.DateTimeField("派人时间", null=True)

    class Meta:
        verbose_name = "被叫人"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["confirmation", "person"], name="confirm_person_called_once"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_how="")
                | Q(answered_at__isnull=False, answered_how__in=list(rules.HOW)),
                name="confirm_person_answered_somehow",
            ),
            models.CheckConstraint(
                condition=Q(escalated_at__isnull=True) | Q(called_at__isnull=False),
                name="confirm_person_escalated_after_call",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.confirmation_id} {self.person_id}"
