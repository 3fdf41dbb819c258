"""Tables of the place module. 地名数据表"""

from typing import ClassVar

from django.db import models

from qianjun.journal.search import SearchField, search_index


class Division(models.Model):
    """An administrative division as it was called from one day to another. 行政区划

    The same code may come back with another name or parent: one row per version. ``inside`` says
    that it belongs to the district of this house; provinces have no point.
    """

    class Level(models.TextChoices):
        PROVINCE = "province", "省"
        CITY = "city", "市"
        DISTRICT = "district", "县区"
        STREET = "street", "街道（乡镇）"
        COMMUNITY = "community", "社区（村）"

    class Kind(models.TextChoices):
        DIVISION = "division", "行政区划"
        COMMUNITY = "community", "社区"
        VILLAGE = "village", "村"

    code = models.CharField("代码", max_length=12)
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=80)
    kind = models.CharField("种类", max_length=10, choices=Kind)
    level = models.CharField("层级", max_length=10, choices=Level)
    parent_code = models.CharField("上级代码", max_length=12, blank=True)
    inside = models.BooleanField("辖区内")
    valid_from = models.DateField("生效日期")
    valid_until = models.DateField("失效日期", null=True)
    lon = models.FloatField("经度", null=True)
    lat = models.FloatField("纬度", null=True)
    radius_m = models.PositiveIntegerField("半径（米）", null=True)
    cell = models.BigIntegerField("网格", null=True)
    sort_key = models.CharField("排序键", max_length=400)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="division_version"),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gt=models.F("valid_from")),
                name="division_days",
            ),
            models.CheckConstraint(
                condition=models.Q(lon=None, lat=None, radius_m=None, cell=None)
                | models.Q(
                    lon__range=(-180, 180), lat__range=(-90, 90), radius_m__gt=0, cell__gt=0
                ),
                name="division_point",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name


class Place(models.Model):
    """Something with a name that people use to say where they are. 地名

    ``schematic`` says that the point is not surveyed; ``added_by`` is the source of the row.
    """

    class Kind(models.TextChoices):
        ROAD = "road", "道路"
        SITE = "site", "地点"

    name = models.CharField("名称", max_length=80, unique=True)
    kind = models.CharField("种类", max_length=10, choices=Kind)
    division_code = models.CharField("所在社区代码", max_length=12)
    lon = models.FloatField("经度")
    lat = models.FloatField("纬度")
    radius_m = models.PositiveIntegerField("半径（米）")
    cell = models.BigIntegerField("网格")
    schematic = models.BooleanField("示意")
    sort_key = models.CharField("排序键", max_length=400)
    search = SearchField(names=("name",))
    added_by = models.CharField("来源", max_length=40)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["cell"], name="place_in_cell"),
            search_index("place"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(lon__range=(-180, 180), lat__range=(-90, 90), radius_m__gt=0),
                name="place_point",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Alias(models.Model):
    """Another name in use for a place or a division. 别名"""

    place = models.ForeignKey(Place, models.CASCADE, null=True, related_name="aliases")
    division = models.ForeignKey(Division, models.CASCADE, null=True, related_name="aliases")
    text = models.CharField("别名", max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(place__isnull=True) ^ models.Q(division__isnull=True),
                name="alias_of_one",
            ),
            models.UniqueConstraint(fields=["place", "text"], name="place_alias_once"),
            models.UniqueConstraint(fields=["division", "text"], name="division_alias_once"),
        ]

    def __str__(self) -> str:
        return self.text


class GazetteerVersion(models.Model):
    """The one row that every change of the tables above raises; indexes follow it. 地名库版本

    ``tables_digest`` is of the shipped tables that were loaded last.
    """

    number = models.BigIntegerField("版本号")
    tables_digest = models.CharField("数据表摘要", max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_gazetteer")
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Reading(models.Model):
    """What a gauge showed, or is forecast to show; rows are only added. 读数

    ``at`` is when it was measured or is forecast for; a correction names the row it stands for.
    """

    class Kind(models.TextChoices):
        OBSERVED = "observed", "实测"
        FORECAST = "forecast", "预报"

    gauge = models.CharField("测站", max_length=32)
    kind = models.CharField("种类", max_length=10, choices=Kind)
    at = models.DateTimeField("时间")
    value = models.DecimalField("读数", max_digits=10, decimal_places=3, null=True)
    words = models.CharField("文字", max_length=200, blank=True)
    issued_at = models.DateTimeField("发布时间", null=True)
    source = models.CharField("来源", max_length=40)
    received_at = models.DateTimeField("收到时间")
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="corrected_by", verbose_name="更正哪一条"
    )
    why = models.CharField("更正理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "水情天气读数"
        indexes: ClassVar = [
            models.Index(fields=["gauge", "kind", "-at", "-id"], name="reading_newest")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) ^ models.Q(words=""),
                name="reading_number_or_words",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="observed", issued_at__isnull=True)
                | models.Q(kind="forecast", issued_at__isnull=False),
                name="reading_forecast_issued",
            ),
            models.UniqueConstraint(
                fields=["gauge", "at"],
                condition=models.Q(kind="observed", corrects__isnull=True),
                name="reading_observed_once",
            ),
            models.UniqueConstraint(
                fields=["gauge", "at", "issued_at"],
                condition=models.Q(kind="forecast", corrects__isnull=True),
                name="reading_forecast_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gauge} {self.value if self.value is not None else self.words}"
