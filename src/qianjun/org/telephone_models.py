"""Offices, telephones and whether they are right; who is away, who stands in. 通讯录数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from qianjun.journal.search import SearchField, search_index


class Office(models.Model):
    """What somebody is in a unit, and who answers in his place. 职务"""

    unit = models.ForeignKey(
        "org.Unit", models.CASCADE, related_name="offices", verbose_name="单位"
    )
    title = models.CharField("职务", max_length=40)
    person = models.ForeignKey(
        "org.Person", models.SET_NULL, null=True, related_name="offices", verbose_name="人员"
    )
    deputy = models.ForeignKey(
        "org.Person", models.SET_NULL, null=True, related_name="+", verbose_name="代理人"
    )
    rank = models.PositiveSmallIntegerField("次序", default=0)
    search = SearchField(names=("title",))
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "职务"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(deputy__isnull=True) | ~Q(person=F("deputy")),
                name="office_deputy_is_another",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "rank"], name="office_of_unit"),
            search_index("office"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.title}"


class PhoneNumber(models.Model):
    """A telephone of a unit, or of one of its offices; messages go to addresses instead. 号码

    A person's own mobile stands among his addresses, with his consent; here is what is dialled.
    """

    class Kind(models.TextChoices):
        DUTY = "duty", "值班电话"
        DESK = "desk", "办公电话"
        MOBILE = "mobile", "手机"
        FAX = "fax", "传真"
        SATELLITE = "satellite", "卫星电话"

    unit = models.ForeignKey(
        "org.Unit", models.CASCADE, related_name="numbers", verbose_name="单位"
    )
    office = models.ForeignKey(
        Office, models.SET_NULL, null=True, related_name="numbers", verbose_name="职务"
    )
    kind = models.CharField("种类", max_length=10, choices=Kind)
    value = models.CharField("号码", max_length=40)
    stopped_at = models.DateTimeField("停用时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "号码"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "kind", "value"],
                name="number_once",
                condition=Q(stopped_at__isnull=True),
            )
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "kind"], name="number_of_unit")]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id}"


class NumberCheck(models.Model):
    """Somebody looked whether a number is still right; rows are only added. 号码核对

    ``about_kind`` is ``number`` or ``address``; the last row says how the number stands.
    """

    class Outcome(models.TextChoices):
        RIGHT = "right", "仍正确"
        CHANGED = "changed", "已改"
        STOPPED = "stopped", "已停用"

    about_kind = models.CharField("关于", max_length=10)
    about_id = models.BigIntegerField("关于编号")
    outcome = models.CharField("结果", max_length=10, choices=Outcome)
    at = models.DateTimeField("时间")
    by_kind = models.CharField("谁", max_length=10)
    by_id = models.CharField("谁的编号", max_length=64, blank=True)

    class Meta:
        verbose_name = "号码核对"
        indexes: ClassVar = [
            models.Index(fields=["about_kind", "about_id", "-at"], name="check_of_number")
        ]

    def __str__(self) -> str:
        return f"{self.about_kind}:{self.about_id} {self.outcome}"


class Absence(models.Model):
    """Somebody is away for a time, in domain time, and who stands in for him. 外出报备"""

    class Where(models.TextChoices):
        DISTRICT = "district", "区内"
        CITY = "city", "市内区外"
        OUTSIDE = "outside", "市外"

    person = models.ForeignKey(
        "org.Person", models.CASCADE, related_name="absences", verbose_name="人员"
    )
    since = models.DateTimeField("起")
    until = models.DateTimeField("止")
    where = models.CharField("去向", max_length=10, choices=Where)
    place = models.CharField("地点", max_length=60, blank=True)
    stand_in = models.ForeignKey(
        "org.Person", models.SET_NULL, null=True, related_name="+", verbose_name="代班人"
    )
    reported_at = models.DateTimeField("报备时间")
    by_kind = models.CharField("谁", max_length=10)
    by_id = models.CharField("谁的编号", max_length=64, blank=True)

    class Meta:
        verbose_name = "外出报备"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="absence_in_order"),
            models.CheckConstraint(
                condition=Q(stand_in__isnull=True) | ~Q(stand_in=F("person")),
                name="absence_stand_in_is_another",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["until", "since"], name="absence_in_force"),
            models.Index(fields=["person", "-since"], name="absence_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.where}"


class PostDeputy(models.Model):
    """Who is called when whoever holds a post stays silent, the lowest first. 岗位代理人"""

    post = models.ForeignKey(
        "org.Post", models.CASCADE, related_name="deputies", verbose_name="岗位"
    )
    person = models.ForeignKey("org.Person", models.CASCADE, related_name="+", verbose_name="人员")
    rank = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "岗位代理人"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "person"], name="post_deputy_once")
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.person_id}"
