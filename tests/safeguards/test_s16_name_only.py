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
