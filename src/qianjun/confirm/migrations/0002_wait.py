"""How long the last people of a confirmation have before the desk is told. 最后一步等多久"""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("confirm", "0001_initial")]  # noqa: RUF012
    operations = [  # noqa: RUF012
        migrations.AddField(
            model_name="confirmation",
            name="wait_s",
            field=models.PositiveIntegerField(default=300, verbose_name="最后一步等多久（秒）"),
        ),
    ]
