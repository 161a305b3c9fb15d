"""S-15: nothing changes anybody's standing without a person's decision and reason; grave acts take two people."""

import pytest

from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.audit.services import Actor
from baham.platform.ledger.models import Judgement
from baham.platform.review.models import Signature
from baham.platform.review.services import CannotDecide, decide, propose
from tests.support.people import person, signed_in

WHY = "The identity number and the father's name agree."


@pytest.fixture
def matter(ledger):
    return propose(
        "match",
        "Is this the listed person?",
        proposed_by=Actor("engine:names"),
        proposal={"name": "Zarghun"},
        evidence=[],
        entity=ledger["k-1"],
    )


@pytest.fixture
def pair(ledger):
    return propose(
        "same-entity",
        "One or two?",
        proposed_by=Actor("engine:names"),
        proposal={},
        evidence=[],
        entity=ledger["k-1"],
        other=ledger["k-2"],
    )


def sign(item, user, choice="same", reason=WHY):
    return decide(item, user, Actor(user.username), choice, reason)


def test_a_proposal_alone_has_no_effect(matter, pair):
    assert matter.outcome == ""
    assert not Judgement.objects.exists()


def test_one_signature_is_not_enough_for_a_grave_act(matter):
    assert sign(matter, person(Role.REVIEWER)).outcome == ""


def test_two_people_who_agree_are(matter):
    sign(matter, person(Role.REVIEWER, "first"))
    assert sign(matter, person(Role.REVIEWER, "second")).outcome == "same"


def test_the_same_person_twice_is_one_person(matter):
    user = person(Role.REVIEWER)
    sign(matter, user)
    with pytest.raises(CannotDecide, match="signed"):
        sign(matter, user)


def test_who_proposes_does_not_decide(ledger):
    user = person(Role.REVIEWER)
    own = propose("match", "Is it?", proposed_by=Actor(user.username), proposal={}, evidence=[], entity=ledger["k-1"])
    with pytest.raises(CannotDecide, match="proposed"):
        sign(own, user)


def test_letting_somebody_go_takes_one(matter):
    assert (
        sign(matter, person(Role.REVIEWER), "different", "The birth dates are fourteen years apart.").outcome
        == "different"
    )


@pytest.mark.parametrize("reason", ["", "yes", "   same   same     "])
def test_a_reason_is_needed(matter, reason):
    with pytest.raises(CannotDecide, match="20"):
        sign(matter, person(Role.REVIEWER), reason=reason)


@pytest.mark.parametrize("choice", ["", "guilty", None])
def test_only_the_answers_of_the_question(matter, choice):
    with pytest.raises(CannotDecide):
        sign(matter, person(Role.REVIEWER), choice)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR, Role.OVERSIGHT, Role.ADMINISTRATOR, None])
def test_other_roles_do_not_decide_by_service_or_page(matter, role):
    user = person(role)
    with pytest.raises(CannotDecide):
        sign(matter, user)
    assert signed_in(user).post(f"/review/{matter.pk}/", {"choice": "different", "reason": WHY}).status_code == 403
    assert not Signature.objects.exists()


@pytest.mark.parametrize("impostor", [None, "engine:names", Actor("engine:names")])
def test_an_engine_or_a_job_does_not_decide(matter, impostor):
    with pytest.raises(CannotDecide):
        decide(matter, impostor, Actor("engine:names"), "same", WHY)


def test_nobody_signs_for_somebody_else(matter):
    with pytest.raises(CannotDecide):
        decide(matter, person(Role.REVIEWER), Actor("another"), "same", WHY)


def test_what_is_decided_is_decided(matter):
    sign(matter, person(Role.REVIEWER, "first"), "different", "The birth dates are fourteen years apart.")
    with pytest.raises(CannotDecide, match="already"):
        sign(matter, person(Role.REVIEWER, "second"))


def test_the_effect_stands_or_falls_with_the_signature(pair, monkeypatch):
    """A fault in the effect leaves neither signature nor outcome behind."""
    from baham.platform.review import kinds

    def fault(*given):
        raise RuntimeError("no")

    kind = next(kind for kind in kinds.KINDS if kind.code == "same-entity")
    monkeypatch.setattr(type(kind), "apply", property(lambda self: fault), raising=False)
    with pytest.raises(RuntimeError):
        sign(pair, person(Role.REVIEWER))
    assert not Signature.objects.exists()
    pair.refresh_from_db()
    assert pair.outcome == ""


def test_deciding_on_a_page_records_reason_purpose_and_effect(pair):
    client = signed_in(person(Role.REVIEWER))
    answer = client.post(f"/review/{pair.pk}/", {"choice": "same", "reason": WHY})
    assert answer.status_code == 302
    assert Judgement.objects.get().reason == WHY
    entry = Entry.objects.get(act="signed same")
    assert (entry.justification, entry.purpose, entry.actor) == (WHY, "screening", "reviewer")


def test_screening_and_loading_decide_nothing(ledger):
    client = signed_in(person(Role.ANALYST))
    client.post("/screen/", {"name": "Zarghun Talband"})
    assert not Signature.objects.exists()
    assert not Judgement.objects.exists()
