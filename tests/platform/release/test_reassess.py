"""What rests on a statement that was taken back comes before people again, and nothing happens by itself."""

import pytest

from baham.platform.accounts.roles import Role
from baham.platform.audit.services import Actor
from baham.platform.ledger.models import Entity, Judgement
from baham.platform.ledger.resolve import judge
from baham.platform.review.models import Item
from baham.platform.review.services import CannotDecide, decide, propose
from baham.platform.screening.models import Clearing
from tests.platform.release.conftest import WHY
from tests.platform.release.test_recalls import take_back
from tests.platform.release.test_releases import statement
from tests.support.people import actor, person, signed_in

pytestmark = pytest.mark.django_db
ASKED = {"name": "Zarghun Talband", "id_number": "61-0447-2215", "verdict": "probable"}
EVIDENCE = [
    {"feature": feature, "direction": "for", "weight": "strong", "asked": "", "listed": "", "note": ""}
    for feature in ("name", "identifier")
]


@pytest.fixture
def put(ledger):
    """A hit on the first entry, before the reviewers."""
    return propose(
        "match",
        "",
        proposed_by=actor("lashvar"),
        proposal=ASKED,
        evidence=EVIDENCE,
        entity=ledger["k-1"],
        asker="Border post Torsang",
    )


@pytest.fixture
def held(put, officers):
    """The same, confirmed by two people."""
    for user in officers:
        decide(put, user, Actor(user.username), "same", WHY)
    put.refresh_from_db()
    assert put.outcome == "same"
    return put


def again() -> list[Item]:
    return list(Item.objects.filter(kind__in=("reassess", "reassess-plain")).order_by("pk"))


def test_a_confirmed_hit_comes_up_and_falls_by_one_word(ledger, held):
    taken = take_back(statement(ledger["k-1"], "idNumber"), ground="identity")
    assert taken.reassessed == 1
    [item] = again()
    assert (item.kind, item.follows, item.entity) == ("reassess", held, ledger["k-1"])
    assert item.due_at == taken.recall.deadline and not item.outcome
    one = person(Role.REVIEWER, "third")
    decide(item, one, Actor("third"), "falls", WHY)
    let_go = Item.objects.get(kind="release")
    assert let_go.follows == held and not let_go.outcome


def test_that_a_hold_stands_without_it_takes_two_people(ledger, held):
    take_back(statement(ledger["k-1"], "name"))
    [item] = again()
    for name in ("third", "fourth"):
        item = decide(item, person(Role.REVIEWER, name), Actor(name), "stands", WHY)
        assert bool(item.outcome) is (name == "fourth")
    assert not Item.objects.filter(kind="release").exists()


def test_what_was_not_compared_or_was_let_go_does_not_come_up(ledger, held, officers):
    assert take_back(statement(ledger["k-1"], "fatherName")).reassessed == 0, "no evidence rests on it"
    assert take_back(statement(ledger["k-2"], "name")).reassessed == 0, "another entry"
    gone = propose(
        "release",
        "",
        proposed_by=Actor("engine:ledger"),
        proposal=held.proposal,
        evidence=[],
        entity=held.entity,
        follows=held,
    )
    decide(gone, officers[0], Actor("ulvand"), "lifted", WHY)
    assert take_back(statement(ledger["k-1"], "idNumber")).reassessed == 0, "nobody is held any more"


def test_a_judgement_on_two_records_comes_up_and_is_retracted_where_it_falls(ledger, officers):
    judge(ledger["k-1"], ledger["k-2"], "same", actor(), WHY)
    judge(ledger["k-1"], ledger["k-3"], "unsure", actor(), WHY)
    assert take_back(statement(ledger["k-2"], "birthDate")).reassessed == 1
    [item] = again()
    assert {item.entity, item.other} == {ledger["k-1"], ledger["k-2"]} and item.kind == "reassess-plain"
    decide(item, officers[1], Actor("noor"), "falls", WHY)
    assert Judgement.objects.get(verdict="same").retracted_by == "noor"
    assert Entity.objects.get(key="k-2").canonical_id == ledger["k-2"].pk


def test_a_cleared_pair_alerts_again_where_it_falls(ledger, put, officers):
    decide(put, officers[1], Actor("noor"), "different", WHY)
    assert Clearing.objects.get().withdrawn_at is None
    assert take_back(statement(ledger["k-1"], "birthDate")).reassessed == 1
    [item] = again()
    assert item.subject_name == ASKED["name"]
    decide(item, officers[0], Actor("ulvand"), "falls", WHY)
    assert Clearing.objects.get().withdrawn_by == "ulvand"


def test_what_was_withdrawn_in_the_meantime_is_left_as_it_is(ledger, officers):
    from baham.platform.ledger.resolve import retract

    judge(ledger["k-1"], ledger["k-2"], "different", actor(), WHY)
    take_back(statement(ledger["k-1"], "name"))
    retract(Judgement.objects.get(), actor("first"), WHY)
    decide(again()[0], officers[1], Actor("noor"), "falls", WHY)
    assert Judgement.objects.get().retracted_by == "first"


def test_nobody_decides_it_without_the_role(ledger, held):
    take_back(statement(ledger["k-1"], "name"))
    with pytest.raises(CannotDecide):
        decide(again()[0], person(Role.ANALYST), Actor("analyst"), "falls", WHY)


def test_the_page_says_what_is_gone_why_and_what_rests_on_it(ledger, held):
    name = statement(ledger["k-1"], "name")
    recall = take_back(name).recall
    client = signed_in(person(Role.REVIEWER, "third"))
    page = client.get(f"/review/{again()[0].pk}/").content.decode()
    for expected in (name.value, WHY, str(recall), f"/review/{held.pk}/", 'value="falls"', "Two people confirmed"):
        assert expected in page


def test_an_open_hit_shows_what_was_taken_back_of_its_entry(ledger, put):
    name = statement(ledger["k-1"], "name")
    client = signed_in(person(Role.REVIEWER, "third"))
    assert "Why, and by whom" not in client.get(f"/review/{put.pk}/").content.decode()
    recall = take_back(name).recall
    page = client.get(f"/review/{put.pk}/").content.decode()
    assert "Why, and by whom" in page and f"/sharing/recalls/{recall.pk}/" in page
