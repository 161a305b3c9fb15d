"""S-01: nobody reads a personal record without a purpose that their role allows."""

import pytest

from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.ledger.models import Statement
from baham.platform.review.services import propose
from tests.support.people import actor, person, signed_in


def addresses(ledger):
    pk = ledger["k-1"].pk
    sid = Statement.objects.filter(entity_id=pk).first().sid_hex
    return [
        f"/entity/{pk}/",
        f"/entity/{pk}/?on=2026-01-01",
        f"/entity/{pk}/statement/{sid}/",
        "/search/?q=zarghun",
        "/sources/home-dept/1/",
        "/screen/",
    ]


def test_without_a_purpose_it_is_refused_and_nothing_shown(ledger):
    client = signed_in(person(Role.ANALYST), purpose=False)
    for address in addresses(ledger):
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert "Zarghun" not in answer.content.decode()
        assert 'name="code"' in answer.content.decode(), "the page offers to choose a purpose"


def test_with_a_purpose_it_opens_and_the_purpose_is_logged(ledger):
    client = signed_in(person(Role.ANALYST))
    for address in addresses(ledger):
        assert client.get(address).status_code == 200, address
    read = Entry.objects.get(subject=f"entity:{ledger['k-1'].pk}", detail={})
    assert (read.event, read.actor, read.purpose, read.case) == ("consultation", "analyst", "screening", "case 7")


@pytest.mark.parametrize("code", ["oversight", "review", "invented", ""])
def test_a_purpose_that_the_role_does_not_allow_is_refused(ledger, code):
    client = signed_in(person(Role.ANALYST), purpose=False)
    client.post("/purpose/", {"code": code, "case": "case 7"})
    assert client.get(f"/entity/{ledger['k-1'].pk}/").status_code == 403


def test_a_purpose_smuggled_into_the_session_is_refused(ledger):
    client = signed_in(person(Role.ANALYST), purpose=False)
    session = client.session
    session["purpose"] = {"code": "oversight", "case": "x"}
    session.save()
    assert client.get(f"/entity/{ledger['k-1'].pk}/").status_code == 403


def test_a_purpose_needs_its_case(ledger):
    client = signed_in(person(Role.ANALYST), purpose=False)
    assert client.post("/purpose/", {"code": "screening", "case": "  "}).status_code == 400
    assert client.post("/purpose/", {"code": "screening", "case": "case 7"}).status_code == 302
    assert client.get(f"/entity/{ledger['k-1'].pk}/").status_code == 200


def test_an_organisation_needs_no_purpose(ledger):
    client = signed_in(person(Role.ANALYST), purpose=False)
    assert client.get(f"/entity/{ledger['k-4'].pk}/").status_code == 200


def test_the_way_back_stays_on_this_site(ledger):
    client = signed_in(person(Role.ANALYST), purpose=False)
    answer = client.post("/purpose/", {"code": "screening", "case": "c", "next": "https://elsewhere.example/"})
    assert answer.url == "/"


def test_the_work_list_and_home_name_nobody_without_a_purpose(ledger):
    """A matter's title names the person asked about; under a purpose it is shown, and that it was shown is logged."""
    propose(
        "match",
        "Is this the listed Zarghun Talband?",
        proposed_by=actor(),
        proposal={},
        evidence=[],
        entity=ledger["k-1"],
    )
    reviewer = person(Role.REVIEWER)
    for address in ("/", "/review/"):
        page = signed_in(reviewer, purpose=False).get(address).content.decode()
        assert "Zarghun" not in page
        assert "Is this the person on the list?" in page
    assert not Entry.objects.filter(actor="reviewer", event="consultation").exists()
    for address, subject in (("/", "home"), ("/review/", "worklist")):
        assert "Zarghun Talband" in signed_in(reviewer).get(address).content.decode()
        assert Entry.objects.get(actor="reviewer", subject=subject).purpose == "screening"
