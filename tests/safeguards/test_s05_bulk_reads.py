"""S-05: reading very many records within an hour raises an alert, shows nothing more, and goes on only when a second
person says so with a reason. Of people and of programs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from baham.platform.accounts.roles import Role
from baham.platform.audit import quota
from baham.platform.audit.models import Allowance, Entry, Reading
from baham.platform.clients.services import add_client
from baham.platform.ledger.models import Entity
from baham.platform.review.models import Item
from baham.platform.review.services import CannotDecide, decide
from baham.platform.screening import index
from tests.platform.clients.conftest import Program
from tests.support.lists import load_rows
from tests.support.people import actor, person, signed_in

pytestmark = pytest.mark.django_db
WHY = "Comparing the whole old list with the new one, order 14."
MANY = [{"id": f"k-{n}", "name": f"Zarghun Talband{n}", "birth_date": str(1930 + n)} for n in range(12)]


@pytest.fixture
def many(tmp_path, settings) -> list[Entity]:
    """Twelve records, of which five may be read within an hour."""
    settings.BULK_READS = 5
    load_rows(tmp_path, MANY)
    index.build()
    return list(Entity.objects.order_by("pk"))


def read(browser, entities) -> list[int]:
    return [browser.get(f"/entity/{entity.pk}/").status_code for entity in entities]


def test_beyond_the_limit_nothing_is_shown_and_an_alert_is_raised(many):
    browser = signed_in(person(Role.ANALYST))
    assert read(browser, many[:5]) == [200] * 5
    refused = browser.get(f"/entity/{many[5].pk}/")
    page = refused.content.decode()
    assert refused.status_code == 403
    assert "very many records" in page
    assert many[5].caption not in page
    matter = Item.objects.get()
    assert (matter.kind, matter.proposal["reader"], matter.proposal["records"]) == ("bulk-read", "analyst", 5)
    stopped = Entry.objects.get(act="stopped: very many records read")
    assert (stopped.actor, stopped.detail) == ("analyst", {"records": 5, "limit": 5})
    assert not Entry.objects.filter(subject=f"entity:{many[5].pk}").exists()
    assert read(browser, many[5:8]) == [403] * 3
    assert Item.objects.count() == 1


def test_what_is_read_already_may_be_read_again(many):
    browser = signed_in(person(Role.ANALYST))
    assert read(browser, many[:5] * 4) == [200] * 20
    assert read(browser, [many[5], many[0]]) == [403, 200]


@pytest.mark.parametrize("address", ["/search/?q=zarghun", "/sources/home-dept/1/"])
def test_lists_of_records_count_by_their_records(many, address):
    browser = signed_in(person(Role.ANALYST))
    refused = browser.get(address)
    assert refused.status_code == 403
    assert "Talband" not in refused.content.decode()
    assert Reading.objects.count() == 0
    assert not Entry.objects.filter(event="consultation").exists()


def test_a_chain_counts_as_its_record(many):
    browser = signed_in(person(Role.ANALYST))
    read(browser, many[:5])
    for entity, status in ((many[0], 200), (many[7], 403)):
        sid = entity.statements.first().sid_hex
        assert browser.get(f"/entity/{entity.pk}/statement/{sid}/").status_code == status


def test_screening_names_is_not_reading_the_list(many):
    browser = signed_in(person(Role.ANALYST))
    for number in range(4):
        assert browser.post("/screen/", {"name": f"Zarghun Talband{number}"}).status_code == 200
    assert Reading.objects.count() == 0


def test_the_page_says_how_it_stands_and_takes_a_reason(many):
    browser = signed_in(person(Role.ANALYST))
    assert "0 of 5" in browser.get("/reading/").content.decode()
    read(browser, many[:6])
    assert browser.post("/reading/", {"reason": "because"}).status_code == 400
    assert browser.post("/reading/", {"reason": WHY}).status_code == 302
    assert "before the reviewers" in browser.get("/reading/").content.decode()
    assert Item.objects.get().proposal["why"] == WHY
    assert Entry.objects.get(act="asked to read on").justification == WHY
    matter = signed_in(person(Role.REVIEWER)).get(f"/review/{Item.objects.get().pk}/").content.decode()
    assert WHY in matter
    assert "analyst" in matter


def test_a_second_person_with_a_reason_lets_somebody_read_on(many):
    reader, second = signed_in(person(Role.ANALYST)), signed_in(person(Role.REVIEWER))
    read(reader, many[:6])
    address = f"/review/{Item.objects.get().pk}/"
    assert second.post(address, {"choice": "allow", "reason": "yes"}).status_code == 400
    assert read(reader, many[5:6]) == [403]
    assert (
        second.post(address, {"choice": "allow", "reason": "Order 14 is theirs, and it needs them all."}).status_code
        == 302
    )
    assert read(reader, many) == [200] * 12
    assert reader.get("/search/?q=zarghun").status_code == 200
    allowance = Allowance.objects.get()
    assert (allowance.reader, allowance.by) == ("analyst", "reviewer")
    assert "Another person allowed it" in reader.get("/reading/").content.decode()
    Allowance.objects.update(until=timezone.now())
    Reading.objects.filter(record=f"entity:{many[0].pk}").delete()
    assert read(reader, many[:1]) == [403]


def test_nobody_allows_it_to_themselves(many):
    own = person(Role.REVIEWER)
    browser = signed_in(own)
    read(browser, many[:6])
    matter = Item.objects.get()
    with pytest.raises(CannotDecide, match="another person"):
        decide(matter, own, actor("reviewer", "review"), "allow", "I am sure that this is in order.")
    assert browser.post(f"/review/{matter.pk}/", {"choice": "allow", "reason": WHY}).status_code in (400, 403)
    assert not Allowance.objects.exists()


def test_a_refusal_leaves_the_limit(many):
    reader = signed_in(person(Role.ANALYST))
    read(reader, many[:6])
    signed_in(person(Role.REVIEWER)).post(
        f"/review/{Item.objects.get().pk}/", {"choice": "refuse", "reason": "The order names two persons, not twelve."}
    )
    assert Item.objects.get().outcome == "refuse"
    assert read(reader, many[5:6]) == [403]
    assert Item.objects.filter(outcome="").count() == 1  # stopped again, put before the reviewers again


def test_the_hour_passes(many):
    browser = signed_in(person(Role.ANALYST))
    read(browser, many[:6])
    Reading.objects.update(at=timezone.now() - timedelta(minutes=61))
    assert read(browser, many[5:10]) == [200] * 5
    assert quota.forget() == 5
    assert Reading.objects.count() == 5


def test_each_reader_has_their_own_count(many):
    read(signed_in(person(Role.ANALYST)), many[:5])
    assert read(signed_in(person(Role.LIST_OFFICER)), many[5:10]) == [200] * 5


def test_a_program_is_stopped_alike(many):
    client, key = add_client(actor(), "bank", "Daryab Commercial Bank")
    program = Program(client, key.text)
    entities = [f"/yente/entities/home-dept:k-{n}" for n in range(12)]
    assert [program.get(address).status_code for address in entities[:5]] == [200] * 5
    for address in (
        entities[6],
        "/yente/search/default?q=zarghun",
        "/yente/statements?canonical_id=home-dept:k-7",
        "/yente/entities/home-dept:k-8/adjacent",
    ):
        refused = program.get(address)
        assert refused.status_code == 429, address
        assert int(refused.headers["Retry-After"]) > 0
        assert "Talband" not in refused.content.decode()
    assert program.match(name=["Zarghun Talband3"])["results"]
    matter = Item.objects.get()
    assert (matter.proposal["reader"], matter.asker) == ("client:bank", "Daryab Commercial Bank")
    decide(matter, person(Role.REVIEWER), actor("reviewer", "review"), "allow", "The bank renews its file this week.")
    assert program.get(entities[6]).status_code == 200


def test_our_own_jobs_and_commands_are_not_stopped(many):
    from baham.platform.audit.services import Actor, consulted

    for entity in many:
        consulted(Actor("terminal:operator"), f"entity:{entity.pk}")
    assert Reading.objects.count() == 0
