"""The rule of release: nothing leaves that any part of it forbids, and a stricter state never lets more out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baham.kernel.claim import Claim, Hand, origins
from baham.kernel.grade import Grade, Scheme
from baham.kernel.handling import PAP, TLP, Audience, Handling
from baham.kernel.release import About, Terms, Why, rule
from baham.kernel.standing import Protected, Standing
from baham.kernel.statement import Statement
from tests.kernel.test_handling import HANDLINGS, NAMES

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MOMENTS = st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
PROPS = ("name", "birthDate", "phone")
B2 = Grade(Scheme.ADMIRALTY, "B", "2")
CLAIMS = st.builds(
    lambda prop, handling, grade, hands: Claim(
        Statement("e", "Person", prop, "v", "desk"), handling, grade, chain=hands
    ),
    st.sampled_from(PROPS),
    HANDLINGS,
    st.sampled_from([None, B2]),
    st.sampled_from([(), (Hand("kohsar"),)]),
)
TERMS = st.builds(
    Terms,
    st.sampled_from(["kohsar", "daryab", "other"]),
    st.sampled_from(Audience),
    st.sampled_from(["kohsar", "bank", "none"]),
    NAMES,
    NAMES,
    st.none() | st.frozensets(st.sampled_from(PROPS)),
    st.sampled_from(PAP),
    st.sampled_from(TLP),
    MOMENTS,
    MOMENTS,
    st.booleans(),
    st.booleans(),
)
SID = CLAIMS.map(lambda claim: claim.id)
ABOUT = st.builds(
    About,
    st.sampled_from(Standing),
    st.frozensets(st.sampled_from(Protected), max_size=2),
    st.booleans(),
    st.frozensets(SID, max_size=1),
    st.frozensets(SID, max_size=1),
)
OPEN_TERMS = Terms("daryab", Audience.NAMED, "analysis", frozenset({"analysis"}), fields=None, trusted=True)
OPEN_CLAIM = Claim(Statement("e", "Person", "name", "Zarghun Talband", "desk"), Handling(TLP.AMBER, PAP.GREEN), B2)


def leak(claim, terms, about, agreed):
    """Why it should have stayed, written out again from the policy in words; empty if nothing forbids it."""
    h, audience = claim.handling, {TLP.CLEAR: 0, TLP.GREEN: 1, TLP.AMBER: 2, TLP.AMBER_STRICT: 3, TLP.RED: 4}
    known = {terms.party} | terms.scopes
    forbids = {
        "before its time": terms.begins is not None and NOW < terms.begins,
        "after its end": terms.ends is not None and NOW >= terms.ends,
        "purpose not agreed": terms.purpose not in terms.purposes,
        "purpose not given": h.purposes is not None and terms.purpose not in h.purposes,
        "theirs": terms.party in {hand.party for hand in claim.chain},
        "recalled": claim.id in about.recalled,
        "restricted": about.restricted,
        "watch list": terms.watch_list and about.standing.value in ("victim", "witness", "contact"),
        "protected": not terms.trusted and (about.protected or about.standing.value in ("victim", "witness")),
        "source": claim.id in about.shows_source or Protected.SOURCE in about.protected,
        "expired": h.expires is not None and NOW >= h.expires,
        "too near": audience[h.tlp] > terms.audience,
        "beyond the agreement": h.tlp > terms.limit,
        "not to them": h.releasable_to is not None and not h.releasable_to & known,
        "originator": bool(h.originators - agreed - {terms.party}),
        "acts": h.pap > terms.acts,
        "field": terms.fields is not None and claim.statement.prop not in terms.fields,
        "no fields": terms.fields is None and not terms.trusted,
        "ungraded": claim.grade is None and h.tlp != TLP.CLEAR,
    }
    return [why for why, forbidden in forbids.items() if forbidden]


@settings(max_examples=600)
@given(CLAIMS, TERMS, ABOUT, NAMES)
def test_what_leaves_is_what_no_part_of_the_policy_forbids(claim, terms, about, agreed):
    assert rule(claim, terms, NOW, about, agreed).leaves == (not leak(claim, terms, about, agreed))


@given(CLAIMS, HANDLINGS, TERMS, ABOUT, NAMES)
def test_a_stricter_marking_never_lets_more_out(claim, handling, terms, about, agreed):
    stricter = replace(claim, handling=claim.handling & handling)
    if rule(stricter, terms, NOW, about, agreed).leaves:
        assert rule(claim, terms, NOW, about, agreed).leaves


@pytest.mark.parametrize(
    ("claim", "terms", "about", "why"),
    [
        ({}, {}, {}, Why.LEAVES),
        ({}, {"ends": NOW}, {}, Why.AGREEMENT),
        ({}, {"purposes": frozenset()}, {}, Why.AGREEMENT),
        ({}, {"begins": NOW + timedelta(days=1)}, {}, Why.AGREEMENT),
        ({}, {"purpose": "review"}, {}, Why.PURPOSE),
        ({}, {}, {"recalled": {OPEN_CLAIM.id}}, Why.RECALLED),
        ({}, {}, {"restricted": True}, Why.RESTRICTED),
        ({}, {"watch_list": True}, {"standing": Standing.VICTIM}, Why.STANDING),
        ({}, {"trusted": False, "fields": frozenset({"name"})}, {"protected": {Protected.MINOR}}, Why.PROTECTED),
        ({}, {}, {"shows_source": {OPEN_CLAIM.id}}, Why.SOURCE),
        ({"handling": Handling(TLP.RED)}, {"audience": Audience.CLIENT}, {}, Why.MARKING),
        ({"handling": Handling(TLP.AMBER, releasable_to=frozenset({"x"}))}, {}, {}, Why.SCOPE),
        ({"handling": Handling(TLP.AMBER, originators=frozenset({"x"}))}, {}, {}, Why.ORIGINATOR),
        ({"handling": Handling(TLP.AMBER, PAP.RED)}, {}, {}, Why.ACTION),
        ({"grade": None}, {}, {}, Why.UNVERIFIED),
        ({}, {"fields": frozenset({"birthDate"})}, {}, Why.FIELD),
        ({}, {"trusted": False}, {}, Why.FIELD),
    ],
)
def test_the_reason_that_is_told(claim, terms, about, why):
    ruling = rule(replace(OPEN_CLAIM, **claim), replace(OPEN_TERMS, **terms), NOW, replace(About(), **about))
    assert ruling.why is why and ruling.reason


def test_two_people_sign_what_is_strict_what_is_protected_and_what_goes_to_whom_we_do_not_trust():
    def two(claim=OPEN_CLAIM, terms=OPEN_TERMS, about=About()):
        return rule(claim, terms, NOW, about).two_people

    assert not two()
    assert two(replace(OPEN_CLAIM, handling=Handling(TLP.AMBER_STRICT, PAP.GREEN)))
    assert two(about=About(protected=frozenset({Protected.JOURNALIST})))
    assert two(terms=replace(OPEN_TERMS, trusted=False, fields=frozenset({"name"})))


def test_two_relays_of_one_origin_are_one():
    said = [replace(OPEN_CLAIM, chain=(Hand("nilgar"), Hand(relay))) for relay in ("kohsar", "daryab")]
    assert origins(said) == {"nilgar"}
    assert origins([*said, replace(OPEN_CLAIM, chain=(Hand("markaz"),))]) == {"nilgar", "markaz"}
    assert origins([OPEN_CLAIM]) == {"dataset:desk"}
