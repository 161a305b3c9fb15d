"""S-16: every match shows what speaks against it; a name alone is never more than possible, whatever the score."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baham.engines.names import Query, Subject, compare
from baham.platform.accounts.roles import Role
from tests.support.people import person, signed_in

NAMES = ["Zarghun Talband", "زرغون تلبند", "Mirwais Khorvash", "The Nilgar Column", "Spogmai"]


@given(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(["1984", None]), st.sampled_from(["sv", None]))
def test_name_only_evidence_is_at_most_possible(query, listed, birth, country):
    subject = Subject(
        id="1", names=(listed,), birth_dates=(birth,) if birth else (), countries=(country,) if country else ()
    )
    assert compare(Query(query), subject).verdict == "possible"


def test_an_exact_name_with_a_contradicting_birth_date_is_not_probable():
    hit = compare(
        Query("Zarghun Talband", birth_date="1999-01-01"), Subject("1", ("Zarghun Talband",), birth_dates=("1960",))
    )
    assert hit.verdict == "possible"
    assert any(evidence.direction == "against" and evidence.feature == "birth_date" for evidence in hit.evidence)


def test_a_second_factor_makes_it_probable():
    hit = compare(
        Query("Zarghun Talband", birth_date="1984"), Subject("1", ("Zarghun Talband",), birth_dates=("1984-05-02",))
    )
    assert hit.verdict == "probable"


@pytest.mark.parametrize("more", [{}, {"birth_date": "1985"}, {"father_name": "Sher Gul"}])
def test_the_page_shows_against_before_for(ledger, more):
    page = signed_in(person(Role.ANALYST)).post("/screen/", {"name": "Zarghun Talband", **more}).content.decode()
    evidence = page[page.index("What it says about") :]
    assert "state-against" in evidence
    assert evidence.index("state-against") < evidence.index("state-for")


def test_the_lines_of_a_file_carry_the_evidence_for_and_against(ledger):
    from baham.platform.screening.services import screen

    hit = screen([Query("Zarghun Talband")])[0][0].as_json()
    assert hit["verdict"] == "possible"
    directions = [evidence["direction"] for evidence in hit["evidence"]]
    assert "against" in directions and "for" in directions
    assert {"feature", "direction", "weight", "query", "listed", "code", "text"} <= set(hit["evidence"][0])


@pytest.fixture
def matter(ledger):
    client = signed_in(person(Role.ANALYST))
    return client.post(
        "/review/propose/", {"name": "Zarghun Talband", "birth_date": "1985", "entity": ledger["k-1"].pk}
    ).url


def test_the_matter_shows_against_before_for(matter):
    page = signed_in(person(Role.REVIEWER)).get(matter).content.decode()
    fields = page[page.index("Field by field") :]
    fields = fields[fields.index("<tbody>") :]
    assert fields.index("state-against") < fields.index("state-for")


def test_passing_on_changes_neither_the_verdict_nor_the_evidence(matter):
    from baham.platform.review.models import Item

    before = Item.objects.values_list("verdict", "evidence", "proposal").get()
    given = {"choice": "pass-on", "to": "role:list_officer", "reason": "The list officer has the file of this listing."}
    assert signed_in(person(Role.REVIEWER)).post(matter, given).status_code == 302
    assert Item.objects.values_list("verdict", "evidence", "proposal").get() == before
    page = signed_in(person(Role.LIST_OFFICER)).get(matter).content.decode()
    assert "names alone can never make it more" in page and "state-against" in page
