"""Originators are asked, and what they said counts for one record, one partner and one purpose."""

from datetime import timedelta

import pytest
from django.utils import timezone

from baham.kernel.handling import PAP, TLP, Handling
from baham.platform.audit.models import Entry
from baham.platform.audit.services import Actor
from baham.platform.ledger import annotate
from baham.platform.release import originators
from baham.platform.release.models import Holding, OriginatorWord
from baham.platform.release.partners import CannotChange
from baham.platform.release.releases import preview
from tests.platform.release.conftest import WHY
from tests.platform.release.test_releases import propose, sign, statement
from tests.support.people import actor, signed_in

pytestmark = pytest.mark.django_db
ASKER = Actor("ulvand")


@pytest.fixture
def controlled(ledger):
    """A name that goes nowhere without the word of the Nilgar desk."""
    name = statement(ledger["k-1"], "name")
    annotate.handle(name, Handling(TLP.AMBER, PAP.GREEN, originators=frozenset({"Nilgar desk"})), actor(), WHY)
    return name


def goes(partner, entity, name, purpose="analysis") -> bool:
    return name.sid_hex in {one.claim.id for one in preview(partner, [entity], purpose)[1].leaves}


def test_from_the_question_to_the_release(ledger, agency, controlled, officers):
    entity = ledger["k-1"]
    [asked] = originators.concerned(entity, agency, "analysis")
    assert asked.originator == "Nilgar desk" and [one.claim.id for one in asked.waits] == [controlled.sid_hex]
    word = originators.ask(ASKER, entity, agency, "analysis", "Nilgar desk")
    assert not goes(agency, entity, controlled), "asked is not answered"
    originators.answered(ASKER, word, True, WHY)
    assert goes(agency, entity, controlled) and not goes(agency, entity, controlled, "screening")
    assert not Holding.objects.exists(), "nothing leaves by the word itself"
    sign(propose(agency, entity), officers[0])
    assert Holding.objects.filter(sid=controlled.sid).exists()
    assert list(Entry.objects.filter(act__contains="originator").values_list("act", flat=True).order_by("number")) == [
        "asked an originator",
        "an originator agreed",
    ]


def test_no_is_no_and_the_last_word_counts(ledger, agency, controlled, liaison):
    entity = ledger["k-1"]
    for agrees in (True, False, True):
        word = originators.ask(ASKER, entity, agency, "analysis", "Nilgar desk")
        assert (
            goes(agency, entity, controlled) is not agrees or not OriginatorWord.objects.exclude(agrees=None).exists()
        )
        originators.answered(ASKER, word, agrees, WHY)
        assert goes(agency, entity, controlled) is agrees


def test_its_word_ends_with_its_day_and_reaches_no_other_partner(ledger, agency, liaison, controlled, monkeypatch):
    entity = ledger["k-1"]
    word = originators.ask(ASKER, entity, agency, "analysis", "Nilgar desk")
    originators.answered(ASKER, word, True, WHY, timezone.now() + timedelta(days=1))
    assert goes(agency, entity, controlled) and not goes(liaison, entity, controlled)
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert not goes(agency, entity, controlled)


def test_what_cannot_be_asked_or_answered(ledger, agency, controlled):
    entity = ledger["k-1"]
    with pytest.raises(CannotChange, match="originator"):
        originators.ask(ASKER, entity, agency, "analysis", "Somebody else")
    word = originators.ask(ASKER, entity, agency, "analysis", "Nilgar desk")
    with pytest.raises(CannotChange, match="already"):
        originators.ask(ASKER, entity, agency, "analysis", "Nilgar desk")
    with pytest.raises(CannotChange, match="characters"):
        originators.answered(ASKER, word, True, "short")
    with pytest.raises(CannotChange, match="past"):
        originators.answered(ASKER, word, True, WHY, timezone.now() - timedelta(days=1))
    originators.answered(ASKER, word, False, WHY)
    with pytest.raises(CannotChange, match="before"):
        originators.answered(ASKER, word, True, WHY)


def test_the_page_from_what_stays_to_the_answer(ledger, agency, controlled, officers):
    client, entity = signed_in(officers[0]), ledger["k-1"].pk
    asked = {"partner": "daryab", "purpose": "analysis", "case": "C-1"}
    offered = client.get(f"/entity/{entity}/release/", asked).content.decode()
    page = f"/entity/{entity}/originators/?partner=daryab&purpose=analysis"
    assert page.replace("&", "&amp;") in offered
    assert client.post(page, {"act": "ask", "originator": "Nilgar desk"}).status_code == 302
    word = OriginatorWord.objects.get()
    assert "not answered yet" in client.get(page).content.decode()
    answer = {"word": word.pk, "answer": "yes", "reason": WHY, "until": ""}
    for wrong in ({"answer": "perhaps"}, {"reason": "short"}, {"until": "2026-99-99"}, {"until": "2020-01-01"}):
        assert client.post(page, {**answer, **wrong}).status_code == 400
    assert client.post(page, answer).status_code == 302
    assert OriginatorWord.objects.get().agrees and "agrees" in client.get(page).content.decode()
    assert client.get(page.replace("analysis", "whim")).status_code == 404
