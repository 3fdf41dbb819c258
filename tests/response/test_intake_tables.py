"""The table of sources fits the sources, and every word of it is there in both languages."""

import pytest

from qianjun.incident.rules.told import SOURCES
from qianjun.journal.events import BodyErased
from qianjun.journal.models import Entry
from qianjun.org.actor import Actor
from qianjun.response.besides import forget_besides, keep_besides
from qianjun.response.forms import BESIDE
from qianjun.response.models import SourceFacts
from qianjun.response.queries.words import forms_of_sources, question, questions_of_cards
from qianjun.response.reactions import forget_erased
from qianjun.response.rules import Beside
from qianjun.response.rules.sources import said_besides
from tests.incident.fires import taken


def test_every_source_has_its_form_and_no_other() -> None:
    assert set(forms_of_sources()) == set(SOURCES)


def test_every_field_has_both_languages_and_a_name_that_the_page_can_send() -> None:
    for form in forms_of_sources().values():
        assert len(set(form.names)) == len(form.fields)
        for field in form.fields:
            assert field.title.zh, field.code
            assert field.title.en, field.code
            assert BESIDE.fullmatch(form.name_of(field)), form.name_of(field)


def test_every_question_of_every_card_can_be_answered_on_the_page() -> None:
    for card, code in questions_of_cards():
        assert BESIDE.fullmatch(f"ask-{code}"), code
        assert question(code, card=card) is not None


def test_a_question_is_found_without_its_card_and_an_unknown_one_is_not() -> None:
    assert question("inside", card="") is not None
    assert question("moon", card="fire") is None


def test_empty_fields_and_unknown_choices_say_nothing() -> None:
    form = forms_of_sources()["above"]
    assert list(said_besides(form, {"own-above-unit": "  ", "own-above-mark": "secret"})) == []
    (said,) = said_besides(form, {"own-above-mark": "internal"})
    assert (said.code, said.value, said.of) == ("mark", "内部", "above")


@pytest.mark.django_db
def test_what_stands_beside_words_that_the_law_erased_goes_too(officer: Actor) -> None:
    report = taken(officer, text="民房起火").stored.report_id
    beside = Beside(code="sent", label="派出力量", value="3 站", of="119")
    keep_besides(by=officer, report_id=report, source="119", besides=[beside], card="")
    entry = Entry.objects.get(name="incident.report_taken")
    assert SourceFacts.objects.get().own == {"sent": "3 站"}
    other = Entry.objects.exclude(pk=entry.pk).first()
    assert other is not None
    event = BodyErased(entry_id=other.pk, article="PIPL-47")
    forget_erased(event, None)  # type: ignore[arg-type]  # it is not read
    assert SourceFacts.objects.exists()
    forget_erased(BodyErased(entry_id=entry.pk, article="PIPL-47"), None)  # type: ignore[arg-type]
    assert not SourceFacts.objects.exists()
    assert forget_besides(report_id=report) is False
