"""Who is set apart by one person matches nothing at once, and comes before a second: both ways, and all that may happen between."""

from datetime import timedelta

import pytest

from baham.engines.names import Query
from baham.kernel.standing import Protected, Standing
from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.audit.services import Actor
from baham.platform.ledger import standing
from baham.platform.ledger.models import Dataset, Entity, Restriction, StandingGiven
from baham.platform.ledger.resolve import judge
from baham.platform.review.models import Item
from baham.platform.review.services import CannotDecide, decide
from baham.platform.screening import index
from baham.platform.screening.services import screen
from tests.support.lists import load_rows
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db
WHY = "An invented reason that is long enough."


@pytest.fixture
def listed(tmp_path) -> Entity:
    load_rows(tmp_path)
    index.build()
    return Entity.objects.get(key="k-1")


@pytest.fixture
def officer():
    return person(Role.LIST_OFFICER, "baraan")


@pytest.fixture
def reviewer():
    return person(Role.REVIEWER, "noor")


def found() -> bool:
    return bool(screen([Query("Zarghun Talband")])[0])


def victim(entity: Entity) -> Item:
    standing.give_standing(entity, Standing.VICTIM, Actor("baraan"), WHY, [Protected.MINOR])
    return Item.objects.filter(kind="apart").latest("pk")


def test_it_holds_at_once_and_waits_for_another_within_a_day(listed, officer, reviewer):
    assert found()
    item = victim(listed)
    assert not found()
    assert (item.entity, item.proposed_by, item.outcome) == (listed, "baraan", "")
    assert item.due_at - item.opened_at == timedelta(days=1)
    with pytest.raises(CannotDecide, match="another person"):
        decide(item, officer, Actor("baraan"), "stays", WHY)
    with pytest.raises(CannotDecide, match="role allows"):
        decide(item, person(Role.ANALYST, "lashvar"), Actor("lashvar"), "stays", WHY)
    decide(item, reviewer, Actor("noor"), "stays", WHY)
    assert not found()
    given = StandingGiven.objects.get()
    assert (given.by, given.agreed_by) == ("baraan", "noor")
    assert Entry.objects.filter(act="agreed that it stays set apart", actor="noor").count() == 1


def test_the_second_person_lets_it_match_again(listed, officer, reviewer):
    standing.give_standing(listed, Standing.CONVICTED, Actor("baraan"), WHY)
    assert not Item.objects.exists(), "who may be watched for is not set apart"
    decide(victim(listed), reviewer, Actor("noor"), "undo", WHY)
    assert found()
    last = StandingGiven.objects.last()
    assert (last.standing, last.protected, last.by) == ("convicted", ["minor"], "noor")
    assert Item.objects.filter(kind="apart").count() == 1


def test_what_nobody_had_said_before_is_unknown_again(listed, officer, reviewer):
    decide(victim(listed), reviewer, Actor("noor"), "undo", WHY)
    assert found() and StandingGiven.objects.last().standing == "unknown"


def test_a_restriction_is_confirmed_or_lifted(listed, officer, reviewer):
    for choice, matches in (("undo", True), ("stays", False)):
        standing.restrict(listed, Actor("baraan"), WHY)
        assert not found()
        decide(Item.objects.get(kind="apart", outcome=""), reviewer, Actor("noor"), choice, WHY)
        assert found() == matches
    first, second = Restriction.objects.all()
    assert (first.lifted_by, first.agreed_by, second.lifted_by, second.agreed_by) == ("noor", "", "", "noor")


def test_where_two_have_decided_already_nobody_is_asked_a_third_time(listed):
    standing.restrict(listed, Actor("baraan"), WHY, agreed_by="oversight")
    assert not Item.objects.filter(kind="apart").exists()
    assert Restriction.objects.get().agreed_by == "oversight"


def test_every_word_that_sets_apart_is_asked_about_until_one_is_agreed_to(listed, reviewer):
    """Else whoever says two things is asked about one of them, and blinds screening by the other."""
    victim(listed)
    standing.give_standing(listed, Standing.WITNESS, Actor("baraan"), WHY)
    standing.restrict(listed, Actor("baraan"), WHY)
    first, second, third = Item.objects.filter(kind="apart").order_by("pk")
    decide(first, reviewer, Actor("noor"), "undo", WHY)
    decide(second, reviewer, Actor("noor"), "undo", WHY)
    decide(third, reviewer, Actor("noor"), "undo", WHY)
    assert found()
    decide(victim(listed), reviewer, Actor("noor"), "stays", WHY)
    standing.give_standing(listed, Standing.CONTACT, Actor("baraan"), WHY)
    assert not Item.objects.filter(kind="apart", outcome="").exists(), "apart it stays, in other words"


def test_who_is_not_listed_yet_is_asked_about_as_well(listed, tmp_path):
    """A record that matches nothing, restricted by one and then judged the same as a listed one, would blind it."""
    load_rows(tmp_path, [{"id": "z-1", "name": "Zarghun Talband"}], name="unscreened")
    Dataset.objects.filter(name="unscreened").update(screened=False)
    standing.restrict(Entity.objects.get(key="z-1"), Actor("baraan"), WHY)
    assert Item.objects.filter(kind="apart", outcome="").exists()


def test_a_record_judged_the_same_takes_the_listed_one_with_it(listed, reviewer):
    """To set apart a twin of the listed record blinds screening as well."""
    twin = Entity.objects.get(key="k-2")
    judge(listed, twin, "same", Actor("noor"), WHY)
    standing.give_standing(twin, Standing.CONTACT, Actor("baraan"), WHY)
    assert not found() and Item.objects.get(kind="apart").entity == twin


def test_what_changed_in_between_is_left_as_it_is(listed, officer, reviewer):
    item = victim(listed)
    standing.give_standing(listed, Standing.SUSPECT, Actor("baraan"), WHY)
    decide(item, reviewer, Actor("noor"), "undo", WHY)
    assert StandingGiven.objects.count() == 2 and StandingGiven.objects.last().standing == "suspect"
    held = standing.restrict(listed, Actor("baraan"), WHY)
    standing.lift(held, Actor("baraan"), WHY)
    decide(Item.objects.get(outcome=""), reviewer, Actor("noor"), "undo", WHY)
    assert Restriction.objects.get().lifted_by == "baraan"


@pytest.mark.parametrize("how", ["a victim", "restricted"])
def test_the_page_says_who_why_and_that_it_holds(listed, officer, reviewer, how):
    if how == "restricted":
        standing.restrict(listed, Actor("baraan"), WHY)
    else:
        victim(listed)
    item = Item.objects.get(kind="apart")
    page = signed_in(reviewer).get(f"/review/{item.pk}/").content.decode()
    assert "It holds since the first person said so" in page and "Nothing happens to anybody" not in page
    assert all(
        text in page
        for text in (WHY, "baraan", "It matches again", "Victim" if how == "a victim" else "Its use is restricted")
    )
    client = signed_in(reviewer)
    assert client.post(f"/review/{item.pk}/", {"choice": "undo", "reason": WHY}).status_code == 302
    assert found()
    assert "changes nothing more" in client.get(f"/review/{item.pk}/").content.decode()
