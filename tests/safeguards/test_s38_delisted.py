"""S-38: who is delisted at the source causes no alert after the next load; open holds come up at once."""

import pytest

from baham.engines.names import Query
from baham.formats import BadInput
from baham.platform.accounts.roles import Role
from baham.platform.audit.services import Actor
from baham.platform.review.models import Item
from baham.platform.review.services import decide, open_items, propose
from baham.platform.screening.services import screen
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor, person, signed_in

WHY = "The identity number and the father's name agree."


def put(ledger, key="k-1", name="Zarghun Talband") -> Item:
    return propose(
        "match",
        "",
        proposed_by=actor("lashvar"),
        proposal={"name": name, "verdict": "possible"},
        evidence=[],
        entity=ledger[key],
        asker="Border post Torsang",
    )


@pytest.fixture
def held(ledger) -> Item:
    """A hit that two people confirmed."""
    item = put(ledger)
    decide(item, person(Role.REVIEWER, "first"), Actor("first"), "same", WHY)
    return decide(item, person(Role.REVIEWER, "second"), Actor("second"), "same", WHY)


def delist(tmp_path) -> None:
    load_rows(tmp_path, PEOPLE[1:])


def test_no_alert_after_the_load_that_delists(ledger, tmp_path):
    assert screen([Query("Zarghun Talband")])[0]
    delist(tmp_path)
    assert screen([Query("Zarghun Talband")]) == [[]], "without a new index"


def test_an_open_matter_comes_to_the_top_with_the_choice_to_let_go(ledger, tmp_path):
    urgent = put(ledger, "k-2", "Mirwais Khorvash")
    Item.objects.filter(pk=urgent.pk).update(due_at=urgent.opened_at)
    item = put(ledger)
    reviewer = person(Role.REVIEWER)
    assert open_items(reviewer).first() == urgent
    delist(tmp_path)
    assert open_items(reviewer).first() == item
    client = signed_in(reviewer)
    assert "The source has ended the listing" in client.get("/review/").content.decode()
    assert [one.pk for one in (row.item for row in client.get("/review/?ended=1").context["rows"])] == [item.pk]
    page = client.get(f"/review/{item.pk}/").content.decode()
    assert 'value="ended"' in page and "The listing has ended" in page
    assert 'value="same"' not in page


def test_nobody_can_be_held_on_an_entry_that_is_delisted(ledger, tmp_path):
    item = put(ledger)
    decide(item, person(Role.REVIEWER, "first"), Actor("first"), "same", WHY)
    delist(tmp_path)
    with pytest.raises(ValueError, match="state of the listing"):
        decide(item, person(Role.REVIEWER, "second"), Actor("second"), "same", WHY)
    done = decide(
        item, person(Role.REVIEWER, "third"), Actor("third"), "ended", "The publisher has taken the entry off."
    )
    assert done.outcome == "ended", "one signature lets go"


def test_while_it_is_listed_nobody_is_let_go_as_delisted(ledger):
    with pytest.raises(ValueError, match="state of the listing"):
        decide(put(ledger), person(Role.REVIEWER), Actor("reviewer"), "ended", WHY)


def test_a_hold_comes_up_in_the_transaction_of_the_load_and_once(held, tmp_path):
    assert held.outcome == "same"
    delist(tmp_path)
    item = Item.objects.get(kind="release")
    assert (item.follows_id, item.entity_id, item.asker) == (held.pk, held.entity_id, "Border post Torsang")
    assert (item.due_at - item.opened_at).days <= 1
    assert open_items(person(Role.REVIEWER, "third")).first() == item
    load_rows(tmp_path, PEOPLE[2:])
    signed_in(person(Role.REVIEWER)).get("/review/")
    assert Item.objects.filter(kind="release").count() == 1


def test_a_load_that_fails_lets_nobody_go(held, tmp_path):
    with pytest.raises(BadInput):
        load_rows(tmp_path, [*PEOPLE[1:], {"id": "k-9", "name": ""}])
    assert not Item.objects.filter(kind="release").exists()


def test_lifting_takes_one_person_and_keeping_on_other_grounds_two(held, tmp_path):
    delist(tmp_path)
    item = Item.objects.get(kind="release")
    grounds = "Varand lists the same man under V-0142; that listing stands."
    assert decide(item, person(Role.REVIEWER, "third"), Actor("third"), "kept", grounds).outcome == ""
    assert (
        decide(item, person(Role.REVIEWER, "fourth"), Actor("fourth"), "lifted", "The pass was returned today.").outcome
        == "lifted"
    )


def test_who_was_not_held_is_left_alone(ledger, tmp_path):
    item = put(ledger)
    decide(item, person(Role.REVIEWER), Actor("reviewer"), "different", "The birth dates are fourteen years apart.")
    delist(tmp_path)
    assert not Item.objects.filter(kind="release").exists()
