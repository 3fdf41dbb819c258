"""Tables of the response module. 响应数据表"""

from django.db import models


class Draft(models.Model):
    """An intake form that somebody has begun; one a person, saved on every key. 接报草稿"""

    person = models.OneToOneField(
        "org.Person", models.CASCADE, related_name="+", verbose_name="人员"
    )
    fields = models.JSONField("填写内容")
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "接报草稿"

    def __str__(self) -> str:
        return f"{self.person_id}"
