"""Need-to-know: what a person in the console may read is what the one rule on handling gives their organisation."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baham.kernel.handling import PAP, TLP, Audience, Handling, Reader
from baham.kernel.reading import Person, may_read
from baham.kernel.release import About
from baham.kernel.standing import Protected, Standing

NOW = datetime(2026, 6, 1, tzinfo=UTC)
KEEPER, PLACES, PURPOSES = "desk", ("desk", "bank", "post"), ("screening", "analysis", "redress")
names = st.frozensets(st.sampled_from(PLACES))
handlings = st.builds(
    Handling,
    tlp=st.sampled_from(TLP),
    pap=st.sampled_from(PAP),
    releasable_to=st.none() | names,
    originators=names,
    purposes=st.none() | st.frozensets(st.sampled_from(PURPOSES)),
    expires=st.sampled_from([None, NOW - timedelta(1), NOW, NOW + timedelta(1)]),
)
people = st.builds(
    Person, organisation=st.sampled_from(PLACES), purpose=st.sampled_from(PURPOSES), clearance=st.sampled_from(TLP)
)
nearness = st.sampled_from([Audience.COMMUNITY, Audience.CLIENT, Audience.ORGANISATION])


def near_to(who: Person, near: Audience) -> Audience:
    return Audience.ORGANISATION if who.organisation == KEEPER else near


@given(handlings, people, nearness)
def test_nobody_reads_more_than_the_marking_gives(handling, who, near):
    allowed = may_read(handling, who, KEEPER, near_to(who, near), NOW).allowed
    if who.organisation != KEEPER:
        reader = Reader(who.organisation, near, who.purpose)
        given_by_name = {KEEPER} if who.organisation in (handling.releasable_to or ()) else set()
        expected = handling.permits(reader, NOW, frozenset(given_by_name)).allowed and handling.tlp <= who.clearance
        assert allowed == expected
    else:
        ended = handling.expires is not None and handling.expires <= NOW
        other = handling.purposes is not None and who.purpose not in handling.purposes
        assert allowed == (handling.tlp <= who.clearance and not ended and not other)


@given(handlings, handlings, people, nearness)
def test_what_is_made_of_two_is_read_by_whoever_may_read_both(one, other, who, near):
    if may_read(one & other, who, KEEPER, near_to(who, near), NOW).allowed:
        assert all(may_read(part, who, KEEPER, near_to(who, near), NOW).allowed for part in (one, other))


@given(handlings, people, nearness)
def test_a_higher_clearance_and_a_nearer_place_take_nothing_away(handling, who, near):
    if may_read(handling, who, KEEPER, near_to(who, near), NOW).allowed:
        cleared = Person(who.organisation, who.purpose, TLP.RED)
        assert may_read(handling, cleared, KEEPER, Audience.ORGANISATION, NOW).allowed


OPEN_TO_ALL = Handling(TLP.CLEAR, PAP.CLEAR)


@pytest.mark.parametrize(
    ("about", "code"),
    [
        (About(Standing.VICTIM), "PROTECTED"),
        (About(Standing.CONTACT), "PROTECTED"),
        (About(protected=frozenset({Protected.MINOR})), "PROTECTED"),
        (About(shows_source={"s"}), "SOURCE"),
    ],
)
def test_who_is_protected_is_known_to_the_keepers_side_alone(about, code):
    bank = Person("bank", "screening")
    told = may_read(OPEN_TO_ALL, bank, KEEPER, Audience.CLIENT, NOW, about, "s")
    assert (told.allowed, told.code) == (False, code)
    assert may_read(OPEN_TO_ALL, bank, KEEPER, Audience.ORGANISATION, NOW, about, "s").allowed


def test_what_is_contested_is_read_for_redress_and_oversight_alone():
    restricted = About(restricted=True)
    for purpose, allowed in (("screening", False), ("redress", True), ("oversight", True)):
        told = may_read(OPEN_TO_ALL, Person("desk", purpose), KEEPER, Audience.ORGANISATION, NOW, restricted)
        assert told.allowed is allowed and (allowed or told.code == "RESTRICTED")


def test_red_is_for_the_keepers_people_who_are_cleared_for_it():
    red = Handling(TLP.RED)
    for place, clearance, allowed in (
        ("desk", TLP.RED, True),
        ("desk", TLP.AMBER_STRICT, False),
        ("post", TLP.RED, False),
    ):
        assert (
            may_read(red, Person(place, "analysis", clearance), KEEPER, Audience.ORGANISATION, NOW).allowed is allowed
        )
