"""A form half filled is kept, one a person."""

import pytest

from qianjun.org.actor import Actor
from qianjun.response.drafts import draft_of, drop_draft, save_draft
from qianjun.response.models import Draft
from tests import cast
from tests.org.refusals import refused

pytestmark = pytest.mark.django_db


def test_a_draft_is_kept_replaced_and_dropped(officer: Actor) -> None:
    assert draft_of(officer) is None
    save_draft(by=officer, fields={"text": "着"})
    save_draft(by=officer, fields={"text": "着火"})
    kept = draft_of(officer)
    assert kept is not None
    assert kept.fields == {"text": "着火"}
    assert Draft.objects.count() == 1
    assert drop_draft(officer)
    assert not drop_draft(officer)


def test_everybody_has_his_own(officer: Actor) -> None:
    save_draft(by=officer, fields={"text": "着火"})
    assert draft_of(cast.actor(cast.XIAOZHAO)) is None


def test_a_program_has_no_draft_and_a_draft_has_a_limit(officer: Actor) -> None:
    with refused("no_person", status=403):
        save_draft(by=cast.actor_for("duty_officer"), fields={})
    with refused("too_large", status=422):
        save_draft(by=officer, fields={"text": "火" * 70_000})


def test_what_was_on_its_way_when_the_form_was_sent_does_not_come_back(officer: Actor) -> None:
    client = cast.signed_in(cast.XIAOWANG)
    fields = {"text": "文昌路着火", "channel": "phone", "key": "one-form-and-its-key"}
    assert save_draft(by=officer, fields=fields)
    assert client.post("/intake/", fields).status_code == 302
    assert save_draft(by=officer, fields=fields) is None
    assert draft_of(officer) is None
    assert save_draft(by=officer, fields=fields | {"key": "the-next-form-of-his"})
