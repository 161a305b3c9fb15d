"""The track record: what held, of how many, with an interval; origins that are independent; a letter that is proposed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baham.kernel.claim import Hand
from baham.measures.sharing import inbox, quarantine, verification
from baham.measures.sharing.models import Received
from baham.measures.sharing.verification import Rate
from baham.platform.ledger.models import Entity, GradeGiven
from baham.platform.ledger.resolve import judge
from baham.platform.release.partners import CannotChange
from tests.measures.sharing.conftest import claim
from tests.platform.release.conftest import WHY
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_holds_the_rate_and_narrows(held, of):
    held = min(held, of)
    low, high = Rate(held, of).interval
    assert 0 <= low <= held / of + 1e-9 and held / of - 1e-9 <= high <= 1
    wider = Rate(held * 10, of * 10).interval
    assert wider[1] - wider[0] <= high - low + 1e-9


def test_wilsons_interval_is_that_of_the_textbook():
    """Ten of ten: Wilson's lower limit is n / (n + z²)."""
    low, high = Rate(10, 10).interval
    assert (round(low, 4), high) == (round(10 / (10 + 1.96**2), 4), 1.0)


def give(other, partner, number, code="A1"):
    from baham.kernel.grade import Grade

    inbox.hear(
        partner, other.releases(*(claim(f"{code} alias {n}", "alias", grade=Grade.parse(code)) for n in range(number)))
    )
    return list(Received.objects.filter(partner=partner, grade=code).order_by("pk"))


@pytest.mark.django_db
def test_a_record_counts_by_the_letter_they_gave_and_proposes_from_ten_on(other, varand):
    rows = give(other, varand, 9)
    for row in rows:
        verification.found(actor("noor"), row, "corroborated", WHY)
    record = verification.track_record(varand)
    assert record.letters["A"] == Rate(9, 9) and record.proposed == "F" and not record.enough
    more = give(other, varand, 6, "C3")
    for row in more[:5]:
        verification.found(actor("noor"), row, "disproved", WHY, "civil register")
    record = verification.track_record(varand)
    assert (record.letters["A"], record.letters["C"]) == (Rate(9, 9), Rate(0, 5))
    assert record.all == Rate(9, 14) and record.proposed == "D"
    assert sum(rate.of for rate in record.quarters.values()) == 14
    assert not GradeGiven.objects.exists()  # proposes, never sets


@pytest.mark.django_db
def test_a_quarter_begins_when_it_does_in_the_office(other, varand, monkeypatch):
    """Kabul and Islamabad are hours ahead of UTC: the first evening of a quarter there is the last day of one here."""
    from datetime import UTC, datetime

    from django.utils import timezone

    rows = give(other, varand, 1)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 9, 30, 20, tzinfo=UTC))
    verification.found(actor("noor"), rows[0], "corroborated", WHY)
    with timezone.override("Asia/Karachi"):
        assert list(verification.track_record(varand).quarters) == ["2026-Q4"]


@pytest.mark.django_db
def test_the_last_word_counts_and_a_recall_did_not_hold(other, varand):
    rows = give(other, varand, 2)
    verification.found(actor("noor"), rows[0], "corroborated", WHY)
    verification.found(actor("noor"), rows[0], "disproved", WHY, "civil register")
    inbox.hear(varand, other.recalls(rows[1].sid_hex))
    assert verification.track_record(varand).all == Rate(0, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "reason", "evidence"), [("true", WHY, ""), ("proved", WHY, ""), ("proved", "no", "x")]
)
def test_an_outcome_needs_a_word_a_reason_and_for_proof_a_document(other, varand, kind, reason, evidence):
    with pytest.raises(CannotChange):
        verification.found(actor("noor"), give(other, varand, 1)[0], kind, reason, evidence)


@pytest.mark.django_db
def test_two_relays_of_one_origin_are_one_and_an_unsigned_origin_is_the_relays_own(tmp_path, other, varand):
    load_rows(tmp_path, PEOPLE)  # publisher: Home Department, Kohsar
    ours = Entity.objects.get(key="k-1")
    relayed = claim("Zarghun Talband", chain=(Hand("publisher:Home Department, Kohsar", "Home Department, Kohsar"),))
    invented = claim("Tor Baz", "fatherName", chain=(Hand("somebody-else", "Somebody else"),))
    inbox.hear(varand, other.releases(relayed, invented, claim("1999", "birthDate")))
    quarantine.accept(actor("noor"), list(Received.objects.all()), "D4", WHY)
    theirs = Entity.objects.get(dataset__name="from-varand")
    judge(ours, theirs, "same", actor("noor"), WHY)
    members = list(Entity.objects.filter(canonical_id=Entity.objects.get(pk=ours.pk).canonical_id))
    rows = {row.claim.split('"prop":"')[1].split('"')[0]: row for row in Received.objects.all()}
    assert verification.support(rows["name"], members).independent == 1
    of_father = verification.support(rows["fatherName"], members).origins
    assert of_father == {"publisher:Home Department, Kohsar", str(varand.party)}
    assert [value for _title, value in verification.support(rows["birthDate"], members).against] == ["1984"]


@pytest.mark.django_db
@pytest.mark.parametrize("order", [1, -1])
def test_a_signed_origin_stays_one_beside_an_unsigned_naming_of_it(other, varand, partner, order):
    from baham.formats.claims import read
    from tests.measures.sharing.conftest import Other, known

    origin = Other("Markaz Desk")
    known(origin, partner("markaz"))
    unsigned = claim("B", "alias", chain=(Hand(origin.party, "Markaz Desk"),))
    inbox.hear(varand, other.releases(*[origin.hand_on(claim("A", "alias")), unsigned][::order]))
    claims = [read(json.loads(row.claim)) for row in Received.objects.order_by("pk")]
    found = verification.origins(claims, other.party, verification.Parties.known())
    assert found == {origin.party}
