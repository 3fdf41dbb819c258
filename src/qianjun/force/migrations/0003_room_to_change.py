"""Leave room beside rows that change several times within a call-out.

A changed row that finds room on its own page touches no index: a wave to the whole city writes a
seventh of what it would. Pages that exist already get the room when they are written anew.
"""

from django.db import migrations

FORWARD = """
ALTER TABLE force_called SET (fillfactor = 50);
ALTER TABLE force_volunteer SET (fillfactor = 50);
"""
BACK = """
ALTER TABLE force_called RESET (fillfactor);
ALTER TABLE force_volunteer RESET (fillfactor);
"""


class Migration(migrations.Migration):
    dependencies = [("force", "0002_callouts")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
