"""Who answers for a unit at any hour. 单位值班联系人"""

from typing import ClassVar

from django.db import models

from qianjun.org import telephone_models as telephone_models  # its tables belong here


class Contact(models.Model):
    """Somebody through whom a unit is reached: its duty room first, then deputies. 单位值班联系人

    The lower the rank, the earlier. The bureau's own are whoever holds its posts.
    """

    unit = models.ForeignKey(
        "org.Unit", models.CASCADE, related_name="contacts", verbose_name="单位"
    )
    person = models.ForeignKey(
        "org.Person", models.CASCADE, related_name="contacts", verbose_name="人员"
    )
    rank = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "单位值班联系人"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "person"], name="contact_once")
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "rank"], name="contact_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.person_id}"
