"""Tables of the organisation: units, people, roles, posts, tokens, links. 机构与人员数据表"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qianjun.journal.search import SearchField, search_index
from qianjun.org import contact_models as contact_models  # its table belongs here
from qianjun.org.link_models import Link as Link


class Unit(models.Model):
    """An organisation or a part of one, in a tree. 单位

    ``path`` holds the codes from the root down, joined by ``/``: a tree is a prefix.
    """

    class Level(models.TextChoices):
        STATE = "state", "国家"
        REGION = "region", "自治区"
        CITY = "city", "市"
        DISTRICT = "district", "区"
        STREET = "street", "街道"
        COMMUNITY = "community", "社区"
        ENTERPRISE = "enterprise", "企业"

    code = models.CharField("代码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=40)
    kind = models.CharField("类型", max_length=30)
    level = models.CharField("层级", max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name="上级"
    )
    path = models.CharField("路径", max_length=300, unique=True)
    sort_key = models.CharField("排序", max_length=200)
    search = SearchField(names=("name", "short_name"), numbers=("code",))
    valid_from = models.DateField("启用日期", null=True)
    valid_until = models.DateField("停用日期", null=True)

    class Meta:
        verbose_name = "单位"
        indexes: ClassVar = [search_index("unit")]

    def __str__(self) -> str:
        return self.short_name


class Person(models.Model):
    """Somebody known by name, with or without a log-in. 人员"""

    name = models.CharField("姓名", max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="people", verbose_name="单位")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="person",
        verbose_name="登录账号",
    )
    sort_key = models.CharField("排序", max_length=200, db_index=True)
    search = SearchField(names=("name",))
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "人员"
        indexes: ClassVar = [search_index("person")]

    def __str__(self) -> str:
        return self.name


class Address(models.Model):
    """One way to reach a person; consent is given per address. 联系方式

    The lower the rank, the earlier it is tried. No ``consent_at`` means no consent.
    """

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="addresses", verbose_name="人员"
    )
    channel = models.CharField("渠道", max_length=20)
    value = models.CharField("号码或地址", max_length=200)
    rank = models.PositiveSmallIntegerField("次序", default=0)
    consent_at = models.DateTimeField("同意时间", null=True)
    consent_text = models.TextField("同意的内容", blank=True, default="")
    is_synthetic = models.BooleanField("演示数据", default=False)

    class Meta:
        verbose_name = "联系方式"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "channel", "value"], name="address_once"),
            models.CheckConstraint(
                condition=Q(consent_at__isnull=True) | ~Q(consent_text=""),
                name="consent_says_to_what",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["value"], name="address_by_value")]

    def __str__(self) -> str:
        return f"{self.channel} {self.person_id}"


class Grant(models.Model):
    """A role of a person over a unit's tree, for a time; no unit is the whole district. 授权"""

    person = models.ForeignKey(Person, models.CASCADE, related_name="grants", verbose_name="人员")
    role = models.CharField("角色", max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="范围")
    since = models.DateTimeField("起")
    until = models.DateTimeField("止", null=True)

    class Meta:
        verbose_name = "授权"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "role", "unit"],
                name="grant_once",
                condition=Q(until__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="grant_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.role


class Token(models.Model):
    """A key for a program; only its SHA-256 is kept. 接口令牌

    ``permissions`` narrows the role when it is not null; ``last_used_on`` is a day, real time.
    """

    name = models.CharField("名称", max_length=80)
    role = models.CharField("角色", max_length=40)
    permissions = models.JSONField("限定权限", null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="范围")
    sha256 = models.CharField("摘要", max_length=64, unique=True)
    made_at = models.DateTimeField("生成时间")
    expires_at = models.DateTimeField("有效期至")
    revoked_at = models.DateTimeField("吊销时间", null=True)
    last_used_on = models.DateField("最近使用", null=True)

    class Meta:
        verbose_name = "接口令牌"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="token_lives_a_while"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A place that somebody holds at any time. 岗位"""

    code = models.CharField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=40)

    class Meta:
        verbose_name = "岗位"

    def __str__(self) -> str:
        return self.name


class Holding(models.Model):
    """Who holds a post from when to when, in domain time; several may at once. 在岗"""

    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings", verbose_name="岗位")
    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings", verbose_name="人员")
    since = models.DateTimeField("起")
    until = models.DateTimeField("止", null=True)

    class Meta:
        verbose_name = "在岗"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="holding_in_order"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["post", "since"], name="holding_of_post")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.person_id}"


class Read(models.Model):
    """Somebody saw personal data unmasked, in real time; never a journal entry. 查看记录"""

    at = models.DateTimeField("时间")
    by_kind = models.CharField("谁", max_length=10)
    by_id = models.CharField("谁的编号", max_length=64, blank=True)
    by_role = models.CharField("以何角色", max_length=40, blank=True)
    what = models.CharField("查看内容", max_length=40)
    about_kind = models.CharField("关于", max_length=40, blank=True)
    about_id = models.CharField("关于编号", max_length=64, blank=True)
    why = models.CharField("理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "查看记录"
        indexes: ClassVar = [
            models.Index(fields=["about_kind", "about_id"], name="read_about"),
            models.Index(fields=["by_kind", "by_id", "at"], name="read_by"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.about_kind}:{self.about_id}"


class Setting(models.Model):
    """What an administrator has chosen for one option; without a row its default stands. 设置

    ``value`` is as JSON holds it, null again for the default; a secret stands sealed in ``secret``
    and never in ``value``.
    """

    module = models.CharField("模块", max_length=40)
    name = models.CharField("名称", max_length=40)
    value = models.JSONField("值", null=True)
    secret = models.BinaryField("密文", null=True)
    version = models.PositiveIntegerField("版本")
    changed_at = models.DateTimeField("修改时间")
    by_kind = models.CharField("谁", max_length=10)
    by_id = models.CharField("谁的编号", max_length=64, blank=True)

    class Meta:
        verbose_name = "设置"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["module", "name"], name="setting_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(secret__isnull=True),
                name="setting_is_one_or_the_other",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


class ImportRun(models.Model):
    """One sheet that was brought in, or is being looked at before. 导入

    ``content`` is there while the sheet is only looked at; after ``kept_until``, real time, a sheet
    that was only looked at is thrown away and a taken one can no longer be undone. ``mapping`` is
    field by number of column; ``problems`` are the first of them, as the contract writes them.
    """

    class State(models.TextChoices):
        PREVIEWED = "previewed", "待确认"
        TAKEN = "taken", "已导入"
        UNDONE = "undone", "已撤销"
        REFUSED = "refused", "未导入"

    kind = models.CharField("种类", max_length=40)
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("摘要", max_length=64)
    content = models.BinaryField("文件内容", null=True)
    mapping = models.JSONField("列对应", default=dict)
    counts = models.JSONField("行数", default=dict)
    problems = models.JSONField("问题", default=list)
    state = models.CharField("状态", max_length=10, choices=State)
    by_kind = models.CharField("谁", max_length=10)
    by_id = models.CharField("谁的编号", max_length=64, blank=True)
    at = models.DateTimeField("时间")
    undone_at = models.DateTimeField("撤销时间", null=True)
    kept_until = models.DateTimeField("保留至")

    class Meta:
        verbose_name = "导入"
        indexes: ClassVar = [models.Index(fields=["state", "kept_until"], name="import_to_sweep")]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class ImportedRow(models.Model):
    """What one row of a taken sheet has made or changed, so that it can be undone. 导入行

    ``before`` is null for what was made; ``after`` is a digest of what stood there afterwards.
    """

    class Outcome(models.TextChoices):
        NEW = "new", "新增"
        CHANGED = "changed", "更新"

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", verbose_name="导入")
    row_number = models.PositiveIntegerField("行号")
    outcome = models.CharField("结果", max_length=10, choices=Outcome)
    about_kind = models.CharField("关于", max_length=40)
    about_id = models.BigIntegerField("关于编号")
    before = models.JSONField("原值", null=True)
    after = models.CharField("导入后的摘要", max_length=64)

    class Meta:
        verbose_name = "导入行"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "about_id"], name="imported_once_a_run")
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.row_number}"


class RememberedMapping(models.Model):
    """Which column was which field when a sheet with these headings came last. 记住的列对应"""

    kind = models.CharField("种类", max_length=40)
    headings = models.CharField("表头摘要", max_length=64)
    mapping = models.JSONField("列对应")

    class Meta:
        verbose_name = "记住的列对应"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "headings"], name="mapping_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.headings[:8]}"


class LoginDelay(models.Model):
    """How long an account or a network waits after wrong passwords, in real time. 登录延时"""

    key = models.CharField("账号或网络", max_length=80, primary_key=True)
    failures = models.PositiveIntegerField("连续失败次数")
    failed_at = models.DateTimeField("最近失败")
    open_at = models.DateTimeField("可再试时间")

    class Meta:
        verbose_name = "登录延时"

    def __str__(self) -> str:
        return self.key


class KnownNetwork(models.Model):
    """From where an account has signed in: others cannot hold it up there. 常用登录网络"""

    key = models.CharField("账号与网络", max_length=80, primary_key=True)
    seen_at = models.DateTimeField("最近登录")

    class Meta:
        verbose_name = "常用登录网络"

    def __str__(self) -> str:
        return self.key


class Answered(models.Model):
    """The answer that an Idempotency-Key was given, to be given again. 已答复的请求

    ``slot`` is the SHA-256 over who, path and key; ``sha256`` that of the request's body.
    """

    slot = models.CharField("位置", max_length=64, primary_key=True)
    sha256 = models.CharField("请求摘要", max_length=64)
    at = models.DateTimeField("时间", db_index=True)
    status = models.PositiveSmallIntegerField("状态码", null=True)
    body = models.TextField("答复", blank=True, default="")

    class Meta:
        verbose_name = "已答复的请求"

    def __str__(self) -> str:
        return self.slot
