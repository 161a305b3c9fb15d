"""The algebra of handling: a meet that is associative, commutative, idempotent and never widens."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baham.kernel.handling import OPEN, PAP, TLP, UNKNOWN, Audience, Handling, Reader, meet_all

NAMES = st.frozensets(st.sampled_from(["kohsar", "daryab", "nilgar", "bank", "post"]), max_size=4)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
HANDLINGS = st.builds(
    Handling,
    st.sampled_from(TLP),
    st.sampled_from(PAP),
    st.none() | NAMES,
    NAMES,
    st.none() | NAMES,
    st.none() | MOMENTS,
)
READERS = st.builds(
    Reader,
    st.sampled_from(["kohsar", "daryab", "nilgar", "other"]),
    st.sampled_from(Audience),
    st.sampled_from(["kohsar", "bank", "none of them"]),
)


@given(HANDLINGS, HANDLINGS, HANDLINGS)
def test_associative(a, b, c):
    assert (a & b) & c == a & (b & c)


@given(HANDLINGS, HANDLINGS)
def test_commutative(a, b):
    assert a & b == b & a


@given(HANDLINGS)
def test_idempotent_with_a_neutral_element(a):
    assert a & a == a
    assert a & OPEN == a


@given(HANDLINGS, HANDLINGS, READERS, MOMENTS, NAMES)
def test_the_meet_never_widens(a, b, reader, now, agreed):
    if (a & b).permits(reader, now, agreed).allowed:
        assert a.permits(reader, now, agreed).allowed
        assert b.permits(reader, now, agreed).allowed


@given(HANDLINGS, HANDLINGS)
def test_the_meet_is_at_least_as_strict_as_each(a, b):
    assert (a & b).is_at_least_as_strict_as(a)
    assert (a & b).is_at_least_as_strict_as(b)


@given(st.lists(HANDLINGS, min_size=1, max_size=5), READERS, MOMENTS)
def test_of_many_the_strictest_decides(handlings, reader, now):
    if any(not handling.permits(reader, now).allowed for handling in handlings):
        assert not meet_all(handlings).permits(reader, now).allowed


def test_of_none_nothing_is_known():
    assert meet_all([]) == UNKNOWN


@pytest.mark.parametrize("word", [None, "", "purple", "TLP:", "AMBER STRICT", "42"])
def test_unknown_marking_fails_closed(word):
    assert TLP.read(word) is TLP.AMBER_STRICT
    assert PAP.read(word) is PAP.RED


@pytest.mark.parametrize("tlp", list(TLP))
def test_labels_are_read_back(tlp):
    assert TLP.read(tlp.label) is tlp
    assert TLP.read(tlp.label.lower()) is tlp


def test_white_is_read_as_clear():
    assert TLP.read("TLP:WHITE") is TLP.CLEAR


def test_an_empty_intersection_of_purposes_reaches_nobody():
    both = Handling(TLP.CLEAR, purposes=frozenset({"a"})) & Handling(TLP.CLEAR, purposes=frozenset({"b"}))
    answer = both.permits(Reader("kohsar", Audience.NAMED, "a"), datetime(2026, 1, 1, tzinfo=UTC))
    assert not answer.allowed
    assert "purpose" in answer.reason


def test_originator_control_waits_for_the_originator_alone():
    held = Handling(TLP.AMBER, originators=frozenset({"kohsar"}))
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert not held.permits(Reader("daryab", Audience.NAMED, ""), now).allowed
    assert held.permits(Reader("daryab", Audience.NAMED, ""), now, frozenset({"kohsar"})).allowed
    assert held.permits(Reader("kohsar", Audience.NAMED, ""), now).allowed


def test_what_has_expired_reaches_nobody():
    held = Handling(TLP.CLEAR, expires=datetime(2026, 1, 1, tzinfo=UTC))
    assert held.permits(Reader("x", Audience.PUBLIC, ""), datetime(2025, 12, 31, tzinfo=UTC)).allowed
    assert not held.permits(Reader("x", Audience.NAMED, ""), datetime(2026, 1, 1, tzinfo=UTC)).allowed


def test_a_label_is_named_as_people_write_it_and_anything_else_is_refused():
    assert [TLP.named(one) for one in ("clear", " TLP:Amber+Strict ", "RED")] == [TLP.CLEAR, TLP.AMBER_STRICT, TLP.RED]
    for wrong in ("", "purple", "WHITE", "TLP:"):
        with pytest.raises(ValueError, match=r"is none of CLEAR, GREEN, AMBER, AMBER\+STRICT, RED"):
            TLP.named(wrong)
