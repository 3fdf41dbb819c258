"""The tables are those that the models describe."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState


@pytest.mark.django_db
def test_no_model_waits_for_a_migration() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_the_check_sees_a_model_without_a_table() -> None:
    """What ``--check`` compares: a state without our tables has changes to make."""
    asked = NonInteractiveMigrationQuestioner(specified_apps={"journal"})
    detector = MigrationAutodetector(ProjectState(), ProjectState.from_apps(apps), asked)
    assert "journal" in detector.changes(graph=MigrationGraph(), trim_to_apps={"journal"})
