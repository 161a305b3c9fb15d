"""Second factors and verdicts: what makes a possible hit probable, and what never does."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baham.engines.names import Evidence, Hit, Query, Subject, compare
from baham.engines.names.dates import parse

NAME = "Zarghun Talband"
SUBJECT = Subject(
    "s",
    (NAME,),
    birth_dates=("1968-05-03",),
    countries=("af",),
    identifiers=("P-4410 2277",),
    father_names=("Torak Shinwar",),
    addresses=("Spin Ghundi village, Kohdaman district",),
)


def ask(**more: str) -> Hit:
    return compare(Query(NAME, **more), SUBJECT)


def codes(hit: Hit) -> set[str]:
    return {e.code for e in hit.evidence}


def test_a_name_alone_is_never_more_than_possible() -> None:
    hit = ask()
    assert hit.verdict == "possible" and "name.only" in codes(hit)
    assert any(e.direction == "against" for e in hit.evidence)


@pytest.mark.parametrize(
    ("more", "code", "verdict"),
    [
        ({"birth_date": "1968-05-03"}, "birth_date.same_day", "probable"),
        ({"birth_date": "1968"}, "birth_date.same_year", "probable"),
        ({"birth_date": "1968-00-00"}, "birth_date.same_year", "probable"),
        ({"birth_date": "1968-05"}, "birth_date.same_month", "probable"),
        ({"birth_date": "1960/1970"}, "birth_date.within", "possible"),
        ({"birth_date": "1968-03-05"}, "birth_date.swapped", "possible"),
        ({"birth_date": "1968-11-09"}, "birth_date.same_year_only", "possible"),
        ({"birth_date": "1969"}, "birth_date.near", "possible"),
        ({"birth_date": "1971"}, "birth_date.years_apart", "possible"),
        ({"birth_date": "1999-01-01"}, "birth_date.far_apart", "possible"),
        ({"birth_date": "unknown"}, "name.only", "possible"),
        ({"id_number": "p44102277"}, "identifier.same", "probable"),
        ({"id_number": "P-4410 2278"}, "identifier.different", "possible"),
        ({"father_name": "توړک شینوار"}, "father_name.same", "probable"),
        ({"father_name": "Dost Varengal"}, "father_name.different", "possible"),
        ({"nationality": "af"}, "nationality.same", "possible"),
        ({"nationality": "no"}, "nationality.different", "possible"),
        ({"address": "Kohdaman, Spin Ghundi"}, "address.similar", "possible"),
        ({"address": "Elsewhere Lane"}, "address.different", "possible"),
    ],
)
def test_each_factor(more: dict[str, str], code: str, verdict: str) -> None:
    hit = ask(**more)
    assert code in codes(hit) and hit.verdict == verdict
    shown = next(e for e in hit.evidence if e.code == code)
    assert (hit.score > ask().score) == (shown.direction == "for" and shown.feature != "name")


def test_a_strong_contradiction_outweighs_an_agreement() -> None:
    assert ask(father_name="Torak Shinwar", birth_date="1999").verdict == "possible"
    assert ask(father_name="Torak Shinwar", birth_date="1999").score < ask(father_name="Torak Shinwar").score


def test_a_common_fathers_name_is_not_a_second_factor() -> None:
    subject = dataclasses.replace(SUBJECT, father_names=("Muhammad",))
    hit = compare(Query(NAME, father_name="Mohammad"), subject)
    assert "father_name.same_common" in codes(hit) and hit.verdict == "possible"


def test_the_identity_number_of_somebody_of_another_name_is_only_possible() -> None:
    hit = compare(Query("Varpo Quilstane", id_number="P44102277"), SUBJECT)
    assert hit.verdict == "possible" and hit.score > 0.7


def test_a_shared_birthday_does_not_make_two_names_one() -> None:
    assert compare(Query("Varpo Quilstane", birth_date="1968-05-03"), SUBJECT).score < 0.1


def test_the_best_of_several_birth_dates_counts() -> None:
    subject = dataclasses.replace(SUBJECT, birth_dates=("1930", "1968"))
    assert "birth_date.same_year" in codes(compare(Query(NAME, birth_date="1968-02-02"), subject))


@pytest.mark.parametrize(
    ("listed", "asked", "code"),
    [
        ("1968~", "1973-02-02", "birth_date.approximate"),
        ("1968~", "1963", "birth_date.approximate"),
        ("1968", "1972~", "birth_date.approximate"),
        ("../1968", "1931", "birth_date.open"),
        ("../1968", "1968-12-31", "birth_date.open"),
        ("1968/..", "1999-01-01", "birth_date.open"),
        ("1960/1969", "1961", "birth_date.within"),
        ("1969/1960", "1961", "birth_date.within"),
        ("2991-05-03", "1961", "name.only"),
        ("in 1999 he was about thirty", "1961", "name.only"),
        ("9.9.1399", "1961", "name.only"),
    ],
)
def test_an_inexact_date_never_speaks_against_within_what_it_leaves_open(listed: str, asked: str, code: str) -> None:
    subject = dataclasses.replace(SUBJECT, birth_dates=(listed,))
    hit = compare(Query(NAME, birth_date=asked), subject)
    assert code in codes(hit) and hit.score >= ask().score
    assert not any(e.direction == "against" for e in hit.evidence if e.feature == "birth_date")
    assert hit.verdict == "possible"


@pytest.mark.parametrize(("listed", "asked"), [("1968~", "1981"), ("../1968", "1981"), ("1968/..", "1931")])
def test_beyond_what_it_leaves_open_an_inexact_date_speaks_against_and_never_strongly(listed: str, asked: str) -> None:
    hit = compare(Query(NAME, birth_date=asked), dataclasses.replace(SUBJECT, birth_dates=(listed,)))
    (found,) = [e for e in hit.evidence if e.feature == "birth_date"]
    assert (found.code, found.direction, found.weight) == ("birth_date.beyond", "against", "moderate")


def test_the_evidence_says_approximately_and_not_a_bare_year() -> None:
    hit = compare(Query(NAME, birth_date="1970"), dataclasses.replace(SUBJECT, birth_dates=("1968~",)))
    (found,) = [e for e in hit.evidence if e.feature == "birth_date"]
    assert found.subject == "approximately 1968" and "approximately" in found.text


def test_a_person_is_not_a_company() -> None:
    assert compare(Query(NAME, schema="Company"), SUBJECT).score == 0.0
    assert compare(Query(NAME, schema="Thing"), SUBJECT).score > 0.9


def test_a_weak_alias_weighs_less_and_is_named() -> None:
    weak = compare(Query(NAME), Subject("w", (), weak_names=(NAME,)))
    assert weak.score < ask().score and "name.weak_alias" in codes(weak)


def test_no_feature_is_a_belief_or_an_origin() -> None:
    allowed = {"name", "schema", "birth_date", "nationality", "father_name", "identifier", "address"}
    everything = ask(
        birth_date="1968", nationality="af", father_name="Torak", id_number="P44102277", address="Kohdaman"
    )
    assert {e.feature for e in everything.evidence} <= allowed
    assert {f.name for f in dataclasses.fields(Query)} == {
        "name",
        "schema",
        "birth_date",
        "nationality",
        "father_name",
        "id_number",
        "address",
    }
    assert not {f.name for f in dataclasses.fields(Evidence)} & {"religion", "sect", "ethnicity", "danger", "risk"}


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("1968", "1968-01-01", "1968-12-31", "year"),
        ("1968-02", "1968-02-01", "1968-02-29", "month"),
        ("1968-05-03", "1968-05-03", "1968-05-03", "day"),
        ("1968-5-3", "1968-05-03", "1968-05-03", "day"),
        ("19680503", "1968-05-03", "1968-05-03", "day"),
        ("1968-13-40", "1968-01-01", "1968-12-31", "year"),
        ("1968-00-00", "1968-01-01", "1968-12-31", "year"),
        ("1968-02-31", "1968-02-01", "1968-02-29", "month"),
        ("circa 1968", "1968-01-01", "1968-12-31", "year"),
        ("1968/1970", "1968-01-01", "1970-12-31", "years"),
        ("between 1968 and 1970", "1968-01-01", "1970-12-31", "years"),
    ],
)
def test_dates_are_read_as_far_as_they_go(text: str, first: str, last: str, precision: str) -> None:
    span = parse(text)
    assert span and (span.first.isoformat(), span.last.isoformat(), span.precision) == (first, last, precision)


@given(st.text(max_size=50))
def test_no_date_raises(text: str) -> None:
    span = parse(text)
    assert span is None or span.first <= span.last


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30), st.text(max_size=12))
def test_no_query_raises(father: str, number: str, address: str, birth: str) -> None:
    hit = compare(Query(NAME, father_name=father, id_number=number, address=address, birth_date=birth), SUBJECT)
    assert 0.0 <= hit.score <= 1.0
