"""Leads: kept without effect, stepped up by two officers, forgotten after their time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from baham.engines.overlap.keys import Document, Person
from baham.engines.overlap.session import Hit
from baham.measures.sharing.models import Lead
from baham.measures.sharing.overlap import leads
from baham.measures.sharing.overlap.asking import Outcome, Subject
from baham.platform.accounts.purposes import Purpose
from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.audit.services import Actor
from baham.platform.ledger.models import Statement
from baham.platform.release.models import Holding, Message, Release
from baham.platform.release.partners import CannotChange
from baham.platform.review.models import Item
from baham.platform.review.services import CannotDecide, decide
from baham.platform.screening import index
from tests.platform.release.conftest import WHY
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db
ASKER = Actor("tirvash", Purpose("screening", "C-7"))
SUBJECTS = [
    Subject("1", Person(["Zarghun Talband"], ["1984"], [Document("61-0447-2215")])),
    Subject("2", Person(["Gulalai Rudabari"], ["1990"])),
]
FOUND = Outcome([Hit("1", "name and year of birth"), Hit("2", "document")], commitments=["ab" * 32])


@pytest.fixture
def lead(ledger, liaison) -> Lead:
    leads.keep(ASKER, liaison, FOUND, SUBJECTS)
    return Lead.objects.get(reference="1")


def test_what_was_found_is_kept_once_and_changes_nothing(ledger, liaison, lead):
    before = (Statement.objects.count(), Item.objects.count(), Message.objects.count())
    leads.keep(ASKER, liaison, FOUND, SUBJECTS)
    assert Lead.objects.count() == 2 and lead.state == "open"
    assert lead.subject == {"name": "Zarghun Talband", "birth_date": "1984", "id_number": "61-0447-2215"}
    assert (lead.case, lead.commitment) == ("C-7", "ab" * 32)
    assert (Statement.objects.count(), Item.objects.count(), Message.objects.count()) == before


def test_two_officers_step_it_up_and_nothing_leaves_by_that(lead, officers):
    first, second = officers
    item = leads.put_forward(Actor(first.username), lead, WHY)
    lead.refresh_from_db()
    assert lead.state == "waiting"
    with pytest.raises(CannotDecide):
        decide(item, first, Actor(first.username), "step-up", WHY)
    with pytest.raises(CannotDecide):
        decide(item, person(Role.ANALYST), Actor("analyst"), "step-up", WHY)
    decide(item, second, Actor(second.username), "step-up", WHY)
    lead = Lead.objects.get(pk=lead.pk)
    assert lead.state == "stepped up" and Entry.objects.filter(act="stepped up a lead").count() == 1
    assert not Holding.objects.exists() and not Release.objects.exists() and not Message.objects.exists()


def test_a_lead_is_put_forward_once_and_with_a_reason(lead, officers):
    with pytest.raises(CannotChange, match="characters"):
        leads.put_forward(Actor("ulvand"), lead, "short")
    leads.put_forward(Actor("ulvand"), lead, WHY)
    with pytest.raises(CannotChange, match="before"):
        leads.put_forward(Actor("noor"), lead, WHY)


def test_it_is_forgotten_after_a_year_and_a_day(lead):
    Lead.objects.filter(pk=lead.pk).update(at=timezone.now() - timedelta(days=367))
    assert leads.forget() == 1 and Lead.objects.count() == 1


def test_the_matter_of_a_forgotten_lead_is_over(lead, officers):
    item = leads.put_forward(Actor("ulvand"), lead, WHY)
    Lead.objects.filter(pk=lead.pk).update(at=timezone.now() - timedelta(days=367))
    leads.upkeep()
    item.refresh_from_db()
    assert item.outcome == "erased" and item.subject_name == "" and not Lead.objects.filter(pk=lead.pk).exists()
    with pytest.raises(CannotDecide):
        decide(item, officers[1], Actor("noor"), "step-up", WHY)


def test_the_matter_of_a_lead_that_was_forgotten_before_can_be_answered_by_nobody(lead, officers):
    item = leads.put_forward(Actor("ulvand"), lead, WHY)
    Lead.objects.all().delete()
    with pytest.raises(CannotDecide, match="no longer kept"):
        decide(item, officers[1], Actor("noor"), "step-up", WHY)


def test_what_is_old_is_forgotten_whether_anybody_asks_again_or_not(lead, settings):
    from baham.platform.jobs import running

    Lead.objects.update(at=timezone.now() - timedelta(days=367))
    running.hourly()
    assert not Lead.objects.exists()


def test_the_pages_from_the_lead_to_the_first_field(lead, officers):
    index.build()
    first, second = (signed_in(user) for user in officers)
    page = f"/sharing/leads/{lead.pk}/"
    assert page in first.get("/sharing/leads/").content.decode()
    shown = first.get(page).content.decode()
    assert "Zarghun Talband" in shown and "Who it may be here" not in shown
    assert first.post(page, {"reason": "short"}).status_code == 400
    assert first.post(page, {"reason": WHY}).status_code == 302
    assert page in second.get("/review/").content.decode()
    assert first.post(page, {"choice": "step-up", "reason": WHY}).status_code == 400, "not by whoever put it forward"
    assert second.post(page, {"choice": "step-up", "reason": WHY}).status_code == 302
    entity = Statement.objects.get(prop="idNumber", entity__key="k-1").entity
    shown = second.get(page).content.decode()
    link = f"/entity/{entity.pk}/release/?partner=varand&amp;purpose=screening&amp;case="
    assert link in shown and "Who it may be here" in shown
    offered = second.get(
        f"/entity/{entity.pk}/release/", {"partner": "varand", "purpose": "screening", "case": str(lead)}
    )
    assert offered.status_code == 200 and 'name="statement"' in offered.content.decode()


def test_who_may_not_sign_puts_nothing_forward(lead):
    reader = signed_in(person(Role.OVERSIGHT, "zaravan"))
    page = f"/sharing/leads/{lead.pk}/"
    assert reader.get(page).status_code == 200 and reader.post(page, {"reason": WHY}).status_code == 403
    assert Entry.objects.filter(subject=f"lead:{lead.pk}", act="read").exists()


def test_no_leads_says_how_they_come(db):
    page = signed_in(person(Role.ANALYST)).get("/sharing/leads/").content.decode()
    assert "baham overlap ask" in page
