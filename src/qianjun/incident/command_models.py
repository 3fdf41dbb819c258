"""Tables of the command post: where it stands, who has which seat since when. 指挥部数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

STANDS = Q(stood_down_at__isnull=True)
NOW = Q(until__isnull=True)


class CommandPost(models.Model):
    """A command post of an incident, set up and stood down; one stands at a time. 指挥部

    ``decided_by`` is whoever set it up, in words; ``commands`` says whether the city commands now.
    Every change raises ``version``. A trigger holds that one that stands has exactly one commander
    on scene when a transaction ends.
    """

    class Commands(models.TextChoices):
        DISTRICT = "district", "本区指挥部"
        CITY = "city", "市指挥部"

    incident = models.ForeignKey(
        "incident.Incident", models.PROTECT, related_name="command_posts", verbose_name="事件"
    )
    place = models.CharField("地点", max_length=200)
    decided_by = models.CharField("成立决定者", max_length=100)
    set_up_at = models.DateTimeField("成立时间")
    by_kind = models.CharField("记录人", max_length=10)
    by_id = models.CharField("记录人编号", max_length=64, blank=True, default="")
    commands = models.CharField(
        "指挥权", max_length=10, choices=Commands, default=Commands.DISTRICT
    )
    stood_down_at = models.DateTimeField("撤销时间", null=True)
    end_why = models.TextField("撤销理由", blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "指挥部"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident"], name="command_post_stands_once", condition=STANDS
            ),
            models.CheckConstraint(
                condition=STANDS | (~Q(end_why="") & Q(commands="district")),
                name="command_post_ends_for_and_at_home",
            ),
            models.CheckConstraint(
                condition=STANDS | Q(stood_down_at__gte=F("set_up_at")),
                name="command_post_in_order",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["incident", "id"], name="post_of_incident")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.place}"


class CommandSeat(models.Model):
    """Somebody has a seat of a command post from when to when; who had it stays. 指挥职务"""

    post = models.ForeignKey(
        CommandPost, models.PROTECT, related_name="seats", verbose_name="指挥部"
    )
    seat = models.CharField("职务", max_length=20)
    unit = models.ForeignKey(
        "org.Unit", models.PROTECT, null=True, related_name="+", verbose_name="单位"
    )
    person = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, related_name="+", verbose_name="人员"
    )
    name = models.CharField("姓名", max_length=60, blank=True, default="")
    title = models.CharField("职务名称", max_length=60, blank=True, default="")
    since = models.DateTimeField("起")
    until = models.DateTimeField("止", null=True)
    why = models.TextField("理由", blank=True, default="")
    by_kind = models.CharField("记录人", max_length=10)
    by_id = models.CharField("记录人编号", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "指挥职务"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["post", "seat"],
                name="command_seat_once",
                condition=NOW & ~Q(seat="deputy"),
            ),
            models.CheckConstraint(
                condition=~Q(name="") | (Q(unit__isnull=False) & ~Q(seat="on_scene")),
                name="command_seat_is_somebody",
            ),
            models.CheckConstraint(
                condition=NOW | Q(until__gte=F("since")), name="command_seat_in_order"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["post", "id"], name="seat_of_post")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.seat}"


class CommandTransfer(models.Model):
    """Command went to the city or came back; rows are only added. 指挥权移交

    ``handed`` is what was open at that moment, a list of ``{kind, id, title, state, due_at, who}``.
    """

    post = models.ForeignKey(
        CommandPost, models.PROTECT, related_name="transfers", verbose_name="指挥部"
    )
    to = models.CharField("移交给", max_length=10, choices=CommandPost.Commands)
    at = models.DateTimeField("时间")
    taken_by = models.CharField("接收人", max_length=100)
    why = models.TextField("理由", blank=True, default="")
    handed = models.JSONField("移交清单", default=list)
    by_kind = models.CharField("记录人", max_length=10)
    by_id = models.CharField("记录人编号", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "指挥权移交"
        indexes: ClassVar = [models.Index(fields=["post", "id"], name="transfer_of_post")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.to}"
