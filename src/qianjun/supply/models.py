"""Tables of the supply module: goods, stores, an append-only ledger, orders. 物资数据表"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from qianjun.journal.search import SearchField, search_index
from qianjun.supply.rules import COMES, GOES, REASONS


class Article(models.Model):
    """A kind of goods, as the catalogue names it. 物资品目

    ``must_return`` is of goods that come back after use; ``incompatible`` are codes of articles
    that may not stand on one shelf or travel on one order with it.
    """

    code = models.CharField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=60)
    name_en = models.CharField("英文名称", max_length=60)
    unit = models.CharField("计量单位", max_length=10)
    unit_en = models.CharField("英文计量单位", max_length=20)
    kind = models.CharField("类别", max_length=20)
    must_return = models.BooleanField("用后归还")
    hazards = models.JSONField("危险性", default=list)
    incompatible = models.JSONField("禁忌品目", default=list)
    sort_key = models.CharField("排序", max_length=200, db_index=True)
    search = SearchField(names=("name",), numbers=("code",))

    class Meta:
        verbose_name = "物资品目"
        indexes: ClassVar = [search_index("article")]

    def __str__(self) -> str:
        return self.code


class Store(models.Model):
    """Where goods are kept; who decides over them and who keeps them may be two. 仓库

    ``is_sample`` when the place or its stock is made up for a demonstration.
    """

    code = models.CharField("代码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=60)
    keeper = models.ForeignKey(
        "org.Unit", models.PROTECT, related_name="+", verbose_name="保管单位"
    )
    owner = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name="权属单位")
    lon = models.FloatField("经度", null=True)
    lat = models.FloatField("纬度", null=True)
    is_sample = models.BooleanField("示例", default=False)
    opened_at = models.DateTimeField("启用时间")
    sort_key = models.CharField("排序", max_length=200)

    class Meta:
        verbose_name = "仓库"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__isnull=False, lat__isnull=False),
                name="store_point_is_whole",
            )
        ]

    def __str__(self) -> str:
        return self.code


class Lot(models.Model):
    """Goods of one article that came together and expire together. 批次

    ``on_hand`` is the sum of its movements, changed by the statement that writes them.
    """

    article = models.ForeignKey(Article, models.PROTECT, related_name="lots", verbose_name="品目")
    store = models.ForeignKey(Store, models.PROTECT, related_name="lots", verbose_name="仓库")
    number = models.CharField("批号", max_length=40)
    expires_on = models.DateField("有效期至", null=True)
    shelf = models.CharField("货位", max_length=20, blank=True, default="")
    on_hand = models.BigIntegerField("结存", default=0)
    is_sample = models.BooleanField("示例", default=False)
    made_at = models.DateTimeField("建批时间")
    counted_at = models.DateTimeField("最近盘点", null=True)

    class Meta:
        verbose_name = "批次"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "store", "number"], name="lot_once"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="lot_never_below_zero"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["store", "shelf"], name="lot_on_shelf"),
        ]

    def __str__(self) -> str:
        return self.number


class Balance(models.Model):
    """What a store holds of an article: its row is the turn of whoever takes some. 结存

    The database itself refuses less than nothing and a promise of more than there is.
    """

    article = models.ForeignKey(
        Article, models.PROTECT, related_name="balances", verbose_name="品目"
    )
    store = models.ForeignKey(Store, models.PROTECT, related_name="balances", verbose_name="仓库")
    on_hand = models.BigIntegerField("结存", default=0)
    reserved = models.BigIntegerField("已批待发", default=0)

    class Meta:
        verbose_name = "结存"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "store"], name="balance_once"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="balance_never_below_zero"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, reserved__lte=F("on_hand")),
                name="balance_promises_what_is_there",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.store_id}"


class Movement(models.Model):
    """A row of the ledger; rows are only added, a mistake is undone by a reversing row. 台账

    ``about`` is why it moved: ``("order", id)`` or nothing. ``slip`` is the number of its paper.
    """

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="movements", verbose_name="批次")
    quantity = models.BigIntegerField("数量")
    reason = models.CharField("事由", max_length=8, choices=list(REASONS.items()))
    about_kind = models.CharField("关于", max_length=40, blank=True, default="")
    about_id = models.CharField("关于编号", max_length=64, blank=True, default="")
    slip = models.CharField("单号", max_length=60, db_index=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name="冲正"
    )
    why = models.CharField("说明", max_length=200, blank=True, default="")
    at = models.DateTimeField("时间")
    by_kind = models.CharField("经办人", max_length=10)
    by_id = models.CharField("经办人编号", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "台账"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(reason__in=COMES) & Q(quantity__gt=0))
                | (Q(reason__in=GOES) & Q(quantity__lt=0))
                | (Q(reason__in=("count", "reverse")) & ~Q(quantity=0)),
                name="movement_goes_its_way",
            ),
            models.CheckConstraint(
                condition=Q(reason="reverse", reverses__isnull=False)
                | (~Q(reason="reverse") & Q(reverses__isnull=True)),
                name="movement_reverses_one",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["about_kind", "about_id"], name="movement_about"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.quantity}"


class TransferOrder(models.Model):
    """An order that goods be moved and used: proposed, approved, issued, received. 物资调拨单

    Approver, keeper and receiver confirm one after the other; its state is the last instant set.
    ``about`` is for whom it is when there is no incident.
    """

    number = models.CharField("调拨单号", max_length=60, unique=True)
    incident = models.ForeignKey(
        "incident.Incident", models.PROTECT, null=True, related_name="+", verbose_name="事件"
    )
    about_kind = models.CharField("关于", max_length=40, blank=True, default="")
    about_id = models.CharField("关于编号", max_length=64, blank=True, default="")
    store = models.ForeignKey(
        Store, models.PROTECT, null=True, related_name="orders", verbose_name="仓库"
    )
    receiver = models.ForeignKey(
        "org.Unit", models.PROTECT, null=True, related_name="+", verbose_name="接收单位"
    )
    receiver_person = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, related_name="+", verbose_name="接收人"
    )
    proposed_at = models.DateTimeField("提出时间")
    proposed_by_kind = models.CharField("提出人", max_length=10)
    proposed_by_id = models.CharField("提出人编号", max_length=64, blank=True, default="")
    approved_at = models.DateTimeField("批准时间", null=True)
    approved_by_kind = models.CharField("批准人", max_length=10, blank=True, default="")
    approved_by_id = models.CharField("批准人编号", max_length=64, blank=True, default="")
    issued_at = models.DateTimeField("发出时间", null=True)
    issued_by_kind = models.CharField("发货人", max_length=10, blank=True, default="")
    issued_by_id = models.CharField("发货人编号", max_length=64, blank=True, default="")
    slip = models.CharField("出库单号", max_length=60, blank=True, default="")
    received_at = models.DateTimeField("签收时间", null=True)
    received_by_kind = models.CharField("签收人", max_length=10, blank=True, default="")
    received_by_id = models.CharField("签收人编号", max_length=64, blank=True, default="")
    returned_at = models.DateTimeField("了结时间", null=True)
    cancelled_at = models.DateTimeField("撤销时间", null=True)
    why = models.CharField("用途或撤销原因", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "物资调拨单"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(incident__isnull=False) | ~Q(about_kind=""),
                name="order_is_for_something",
            ),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True) | Q(approved_at__isnull=False),
                name="order_approved_before_issued",
            ),
            models.CheckConstraint(
                condition=(Q(received_at__isnull=True) & Q(returned_at__isnull=True))
                | Q(issued_at__isnull=False),
                name="order_issued_before_received",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | Q(issued_at__isnull=True),
                name="order_cancelled_before_issued",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["incident"], name="order_of_incident")]

    def __str__(self) -> str:
        return self.number


class TransferLine(models.Model):
    """One article of an order; ``short`` is what was not there when it was last judged. 调拨行"""

    order = models.ForeignKey(
        TransferOrder, models.PROTECT, related_name="lines", verbose_name="调拨单"
    )
    article = models.ForeignKey(Article, models.PROTECT, related_name="+", verbose_name="品目")
    quantity = models.BigIntegerField("需要数量")
    short = models.BigIntegerField("缺口", default=0)
    received = models.BigIntegerField("签收数量", null=True)

    class Meta:
        verbose_name = "调拨行"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "article"], name="line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, short__gte=0, short__lte=F("quantity")),
                name="line_asks_for_something",
            ),
            models.CheckConstraint(
                condition=Q(received__isnull=True) | Q(received__gte=0),
                name="line_received_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.quantity}"


class Reservation(models.Model):
    """Goods that an approved order may count on, until they leave or are released. 预留"""

    article = models.ForeignKey(Article, models.PROTECT, related_name="+", verbose_name="品目")
    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name="仓库")
    quantity = models.BigIntegerField("数量")
    about_kind = models.CharField("关于", max_length=40)
    about_id = models.CharField("关于编号", max_length=64)
    made_at = models.DateTimeField("预留时间")
    released_at = models.DateTimeField("释放时间", null=True)
    used_at = models.DateTimeField("发出时间", null=True)

    class Meta:
        verbose_name = "预留"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_of_something"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(used_at__isnull=True),
                name="reservation_ends_once",
            ),
            models.UniqueConstraint(
                fields=["about_kind", "about_id", "article", "store"],
                condition=Q(released_at__isnull=True, used_at__isnull=True),
                name="reservation_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.quantity}"
