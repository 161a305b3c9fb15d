"""S-11: what is past its review date leaves screening by itself and comes before people; the clock is moved, not waited for."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from baham.engines.names import Query
from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.audit.services import Actor
from baham.platform.ledger import expiry
from baham.platform.ledger.models import Dataset, Entity
from baham.platform.review.models import Item
from baham.platform.review.services import decide, propose
from baham.platform.review.upkeep import bring_up
from baham.platform.screening import index
from baham.platform.screening.services import screen
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor, person, signed_in

LAST_DAY = date(2031, 5, 7)
OWN = [{**PEOPLE[0], "reviewDate": LAST_DAY.isoformat()}, *PEOPLE[1:]]
WHY = "The court order on which it rests was renewed; the file has it."


def found() -> list[str]:
    return [one.entity.key for one in screen([Query("Zarghun Talband")])[0]]


@pytest.fixture
def clock(monkeypatch):
    """Put the clock of the whole house to a day, at an hour."""

    def put(day: date, hour: int = 12) -> None:
        at = datetime.combine(day, time(hour), timezone.get_current_timezone())
        monkeypatch.setattr(timezone, "now", lambda: at)

    return put


@pytest.fixture
def own(db, tmp_path, clock):
    """A list whose first entry has a review date of its own, loaded a year before it."""
    clock(LAST_DAY - timedelta(days=300))
    load_rows(tmp_path, OWN)
    index.build()
    return Entity.objects.get(key="k-1")


def test_every_list_has_a_review_date_from_its_first_loading(own, settings):
    assert own.dataset.review_by == LAST_DAY - timedelta(days=300) + timedelta(days=settings.REVIEW_DAYS)
    assert own.review_by == LAST_DAY


def test_an_entry_leaves_screening_the_day_after_its_date_by_itself(own, clock):
    clock(LAST_DAY, 23)
    assert found() == ["k-1"]
    clock(LAST_DAY + timedelta(days=1), 0)
    assert found() == []
    own.refresh_from_db()
    assert own.current, "it stays on record"


def test_a_whole_list_does_too_and_the_pages_say_so(own, clock):
    own.dataset.review_by = LAST_DAY - timedelta(days=30)
    own.dataset.save()
    clock(LAST_DAY - timedelta(days=29))
    assert found() == []
    page = signed_in(person(Role.ANALYST)).get("/screen/").content.decode()
    assert "Past its review date" in page and "Home Department list" in page


def test_it_comes_before_the_reviewers_ahead_of_its_date_and_once(own, clock):
    clock(LAST_DAY - timedelta(days=31))
    assert bring_up() == 0
    clock(LAST_DAY - timedelta(days=20))
    assert bring_up() == 1
    assert bring_up() == 0
    item = Item.objects.get()
    assert (item.kind, item.entity_id, timezone.localdate(item.due_at)) == ("review-due", own.pk, LAST_DAY)


def test_opening_the_work_list_is_enough(own, clock):
    clock(LAST_DAY + timedelta(days=3))
    page = signed_in(person(Role.REVIEWER)).get("/review/").content.decode()
    assert "stay in screening?" in page
    assert "Overdue" in page


def test_a_list_comes_before_the_reviewers_too(own, clock):
    clock(own.dataset.review_by + timedelta(days=1))
    bring_up()
    assert Item.objects.filter(kind="review-due", dataset=own.dataset, entity=None).count() == 1


def test_extending_takes_a_person_and_a_reason_and_brings_it_back(own, clock, settings):
    clock(LAST_DAY + timedelta(days=1))
    bring_up()
    item, user = Item.objects.get(entity=own), person(Role.LIST_OFFICER)
    with pytest.raises(ValueError, match="20"):
        decide(item, user, Actor(user.username), "extend", "yes")
    assert found() == []
    decide(item, user, Actor(user.username), "extend", WHY)
    assert found() == ["k-1"]
    own.refresh_from_db()
    assert own.review_by == timezone.localdate() + timedelta(days=settings.REVIEW_DAYS)
    entry = Entry.objects.get(act="extended the review date")
    assert (entry.actor, entry.justification, entry.subject) == (user.username, WHY, f"entity:{own.pk}")
    made = own.extensions.get()
    assert (made.was, made.by) == (LAST_DAY, user.username)


def test_letting_it_lapse_leaves_it_out_and_asks_no_more(own, clock):
    clock(LAST_DAY + timedelta(days=1))
    bring_up()
    decide(
        Item.objects.get(entity=own),
        person(Role.REVIEWER),
        Actor("reviewer"),
        "lapse",
        "Nobody could say why it was listed.",
    )
    clock(LAST_DAY + timedelta(days=20))
    assert found() == []
    assert bring_up() == 0


def test_it_comes_up_again_when_the_extension_ends(own, clock):
    expiry.extend(own.dataset, actor(), WHY, entity=own, until=LAST_DAY + timedelta(days=10))
    clock(LAST_DAY + timedelta(days=5))
    assert found() == ["k-1"]
    bring_up()
    assert timezone.localdate(Item.objects.get(entity=own).due_at) == LAST_DAY + timedelta(days=10)


def test_a_later_version_keeps_what_a_person_extended_and_takes_what_the_source_extends(own, clock, tmp_path):
    until = LAST_DAY + timedelta(days=50)
    expiry.extend(own.dataset, actor(), WHY, entity=own, until=until)
    load_rows(tmp_path, [{**OWN[0], "notes": "amended"}, *OWN[1:]])
    own.refresh_from_db()
    assert own.review_by == until
    load_rows(tmp_path, [{**OWN[0], "reviewDate": "2033"}, *OWN[1:]])
    own.refresh_from_db()
    assert own.review_by == date(2033, 12, 31), "a year means its last day"


@pytest.mark.parametrize("until", [LAST_DAY - timedelta(days=300), LAST_DAY - timedelta(days=400)])
def test_a_date_cannot_be_put_off_to_the_past(own, until):
    with pytest.raises(expiry.CannotExtend, match="future"):
        expiry.extend(own.dataset, actor(), WHY, entity=own, until=until)


def test_a_lapsed_list_does_not_crowd_out_one_in_force(own, clock, tmp_path):
    load_rows(tmp_path, [{"id": f"z-{number}", "name": "Zarghun Talband"} for number in range(40)], name="many")
    index.build()
    Dataset.objects.filter(name="many").update(review_by=timezone.localdate() - timedelta(days=1))
    assert found() == ["k-1"]
    Dataset.objects.filter(name="many").update(review_by=timezone.localdate())
    Entity.objects.filter(dataset__name="many").update(review_by=timezone.localdate() - timedelta(days=1))
    assert found() == ["k-1"]


def test_no_matter_waits_without_a_date(own):
    for kind in ("match", "same-entity"):
        item = propose(kind, "", proposed_by=actor(), proposal={"name": "Z"}, evidence=[], entity=own, other=own)
        assert item.due_at > item.opened_at
