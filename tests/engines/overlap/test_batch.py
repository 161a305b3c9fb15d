"""Batches: padded, in no order, checked in both ways; commitments that an auditor opens; filters; counts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("rbcl", reason="the extra psi is not installed")

from dataclasses import replace

from baham.engines.overlap import batch, cardinality, commitment, group, oprf, setup

SECRET, PUBLIC = oprf.derive_key(b"\7" * 32)
OTHER, OTHER_PUBLIC = oprf.derive_key(b"\x08" * 32)
LARGE = 1_025  # keys: one more than are proven one by one


def keys(many, start=0):
    return [(b"n|a+b|%d" % number, f"C-{number % 7}") for number in range(start, start + many)]


@pytest.mark.parametrize(
    ("many", "places"), [(1, 16), (16, 16), (17, 64), (257, 1024), (4096, 4096), (4097, 5120), (10_000, 10_240)]
)
def test_the_size_of_a_request_tells_the_number_of_keys_roughly(many, places):
    assert batch.places_for(many) == places


@pytest.mark.parametrize("many", [1, 40])
def test_a_batch_of_few_keys(many):
    asked = batch.ask(keys(many), PUBLIC)
    assert len(asked.elements) == 32 * len(asked.places) == 32 * batch.places_for(many)
    response, proof = batch.answer(SECRET, PUBLIC, asked.elements)
    found = {place.key: output for place, output in batch.finish(asked, PUBLIC, response, proof)}
    inputs = [key for key, _ in keys(many)]
    assert found == dict(zip(inputs, oprf.outputs(SECRET, inputs), strict=True))
    assert {place.case for place in asked.places if place.key} <= {f"C-{n}" for n in range(7)}


def test_padding_cannot_be_told_from_keys_by_its_place():
    """One key among sixteen places stands in each place at times: it misses one in 2,000 draws with a chance of e-56."""
    seen, draws = set(), 0
    while len(seen) < 16 and draws < 2_000:
        places = batch.ask(keys(1), PUBLIC).places
        seen.add(next(i for i, place in enumerate(places) if place.key))
        draws += 1
    assert seen == set(range(16))


@pytest.fixture(scope="module")
def large():
    asked = batch.ask(keys(LARGE), PUBLIC, threads=2)
    response, proof = batch.answer(SECRET, PUBLIC, asked.elements, threads=2)
    return asked, response, proof


def test_a_batch_of_many_keys_is_checked_by_its_sums(large):
    asked, response, proof = large
    assert group.count(asked.elements) == 4_096 + batch.CHECKS
    found = {place.key: output for place, output in batch.finish(asked, PUBLIC, response, proof, threads=2)}
    inputs = [key for key, _ in keys(LARGE)]
    assert found == dict(zip(inputs, oprf.outputs(SECRET, inputs, threads=2), strict=True))


def test_one_wrong_place_among_many_is_found(large):
    asked, response, proof = large
    at = next(i for i, place in enumerate(asked.places) if place.key)
    wrong = oprf.evaluate(OTHER, asked.elements[32 * at : 32 * at + 32])
    with pytest.raises(oprf.BadProof):
        batch.finish(asked, PUBLIC, response[: 32 * at] + wrong + response[32 * at + 32 :], proof)


def test_two_wrong_places_whose_errors_cancel_unweighted_are_found(large):
    """What the weights are for: an error added here and taken away there vanishes in a plain sum, and not in theirs."""
    asked, response, proof = large
    one, other = [i for i, place in enumerate(asked.places) if place.key][:2]
    error = group.random_elements(1)
    minus = group.multiply((2**252 + 27742317777372353535851937790883648493 - 1).to_bytes(32, "little"), error)
    wrong = bytearray(response)
    wrong[32 * one : 32 * one + 32] = group.add(response[32 * one : 32 * one + 32], error)
    wrong[32 * other : 32 * other + 32] = group.add(response[32 * other : 32 * other + 32], minus)
    assert group.total(bytes(wrong)) == group.total(response)
    with pytest.raises(oprf.BadProof):
        batch.finish(asked, PUBLIC, bytes(wrong), proof)


def test_two_places_exchanged_and_a_sum_of_another_key_are_found(large):
    asked, response, proof = large
    one, other = [i for i, place in enumerate(asked.places) if place.key][:2]
    rows = [response[i : i + 32] for i in range(0, len(response), 32)]
    rows[one], rows[other] = rows[other], rows[one]
    with pytest.raises(oprf.BadProof):
        batch.finish(asked, PUBLIC, b"".join(rows), proof)
    foreign = batch.answer(OTHER, OTHER_PUBLIC, asked.elements, threads=2)
    with pytest.raises(oprf.BadProof):
        batch.finish(asked, PUBLIC, *foreign)
    sums = -32 * batch.CHECKS
    with pytest.raises(oprf.BadProof, match="not every place"):  # all of another key, the sums alone of the right one
        batch.finish(asked, PUBLIC, foreign[0][:sums] + response[sums:], proof)


def test_pads_are_of_one_batch_and_one_holder(large):
    with pytest.raises(ValueError, match="another number"):
        batch.ask(keys(LARGE), PUBLIC, pads=batch.make_ready(PUBLIC, 3))
    with pytest.raises(group.BadElement):
        batch.make_ready(bytes(32), 3)
    one, other = batch.make_ready(PUBLIC, 3), batch.make_ready(PUBLIC, 3)
    assert one.scalars != other.scalars
    assert group.multiply(SECRET, one.hiding) == one.undoing


def test_places_of_a_large_batch_are_opened_too(large):
    asked, _, _ = large
    root = asked.commitment
    for index in (0, 1, 2, 4_095):
        assert commitment.check(commitment.open_place(asked.places, index), root, asked.elements).good
    at = asked.keys[0]
    lie = replace(asked.places[at], added=False)
    assert not commitment.check(replace(commitment.open_place(asked.places, at), place=lie), root, asked.elements).good


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 3)), max_size=12))
def test_a_weighted_sum_is_what_it_says(rows):
    base = group.multiply_base(b"".join(n.to_bytes(32, "little") for n in (3, 5, 7, 11)))
    elements = [base[32 * which : 32 * which + 32] for _, which in rows]
    plain = [element for (weight, _), element in zip(rows, elements, strict=True) for _ in range(weight)]
    assert group.weighted([weight for weight, _ in rows], b"".join(elements), 4) == group.total(b"".join(plain))


def test_a_shorter_answer_is_found():
    asked = batch.ask(keys(3), PUBLIC)
    response, proof = batch.answer(SECRET, PUBLIC, asked.elements)
    for cut in (response[:-32], response + response[:32], b""):
        with pytest.raises(oprf.BadProof):
            batch.finish(asked, PUBLIC, cut, proof)


@pytest.mark.parametrize("bad", [[], [(b"", "C-1")], [(b"k", "C-1"), (b"k", "C-2")]])
def test_what_is_no_batch_is_refused(bad):
    with pytest.raises(ValueError):
        batch.ask(bad, PUBLIC)


def test_an_auditor_opens_every_place():
    asked = batch.ask([(b"n|a+b|1984", "C-7"), (b"d|passport|pk|ab1234567", "C-8"), (b"n|c+d|1990", "")], PUBLIC)
    root = asked.commitment
    said = {}
    for index in range(16):
        opening = commitment.open_place(asked.places, index)
        said[opening.place.key] = commitment.check(opening, root, asked.elements)
    assert said[b"n|a+b|1984"] == commitment.Checked(True, "the key was asked about for the case 'C-7'")
    assert said[b""].good
    assert said[b"n|c+d|1990"] == commitment.Checked(False, "the key was asked about without a case")


def test_an_opening_that_lies_is_found():
    asked = batch.ask([(b"n|a+b|1984", "C-7"), (b"n|c+d|1990", "C-8")], PUBLIC)
    root, at = asked.commitment, next(i for i, place in enumerate(asked.places) if place.key)
    true = commitment.open_place(asked.places, at)
    for place in (
        replace(true.place, key=b"n|x+y|1970"),
        replace(true.place, case="C-9"),
        commitment.Place(true.place.salt),
        replace(true.place, blind=group.random_scalars(1)),
        replace(true.place, blind=bytes(32)),
        replace(true.place, blind=b""),
    ):
        assert not commitment.check(replace(true, place=place), root, asked.elements).good
    assert not commitment.check(replace(true, index=(at + 1) % 16), root, asked.elements).good
    assert not commitment.check(true, bytes(32), asked.elements).good
    assert not commitment.check(true, root, asked.elements[32:]).good


def test_a_question_hidden_in_the_padding_is_found():
    """An asker that sends a key where it committed to padding cannot open the place as padding."""
    asked = batch.ask([(b"n|a+b|1984", "C-7")], PUBLIC)
    at = next(i for i, place in enumerate(asked.places) if not place.key)
    hidden = group.multiply(group.random_scalars(1), oprf.hash_to_group([b"n|x+y|1970"]))
    sent = asked.elements[: 32 * at] + hidden + asked.elements[32 * at + 32 :]
    assert not commitment.check(commitment.open_place(asked.places, at), asked.commitment, sent).good


@settings(max_examples=30)
@given(st.lists(st.binary(min_size=64, max_size=64), max_size=40, unique_by=lambda one: one[:8]))
def test_a_filter_finds_what_is_in_it(outputs):
    made = setup.read(setup.write(outputs), setup.bucket(len(outputs)))
    assert made.find(outputs) == [True] * len(outputs)
    assert len(setup.write(outputs)) == len(setup.write([])), "the size tells nothing but the bucket"


def test_a_filter_finds_nothing_else():
    outputs = oprf.outputs(SECRET, [b"%d" % n for n in range(1_500)], threads=2)
    made = setup.read(setup.write(outputs), 2048)
    assert not any(made.find(oprf.outputs(OTHER, [b"%d" % n for n in range(500)], threads=2)))
    assert made.find([bytes(64), b"\xff" * 64]) == [False, False]


def test_bytes_that_are_no_filter_are_refused():
    good = setup.write([])
    for content, entries in (
        (good, 2048),
        (good[:-1], 1024),
        (b"", 1024),
        (good, 1000),
        (good, 0),
        (bytes(len(good)), 1024),
        (b"\xff" * len(good), 1024),
        (good, 1 << 30),
    ):
        with pytest.raises(setup.BadFilter):
            setup.read(content, entries)


@settings(max_examples=60)
@given(st.binary(min_size=1, max_size=30), st.integers(0, 4352 - 30))
def test_a_damaged_filter_is_refused_or_read_as_one(noise, at):
    good = bytearray(setup.write([]))
    good[at : at + len(noise)] = noise
    try:
        made = setup.read(bytes(good), 1024)
    except setup.BadFilter:
        return
    assert len(made.values) == 1024


def test_both_sides_count_what_they_share_and_no_more():
    theirs = [key for key, _ in keys(50, start=20)]
    begun, first = cardinality.begin(keys(30))
    assert group.count(first) == 64
    second, own = cardinality.respond(theirs, first, 1024)
    count, third = cardinality.conclude(begun, second, own)
    assert count == cardinality.check(second, third) == cardinality.Counted(10)
    assert not {first[i : i + 32] for i in range(0, len(first), 32)} & {own[i : i + 32] for i in range(0, len(own), 32)}
    for index in range(64):
        assert commitment.check(commitment.open_place(begun.places, index), begun.commitment, first).good
    with pytest.raises(group.BadElement):
        cardinality.conclude(begun, second[32:], own)
    with pytest.raises(group.BadElement):
        cardinality.check(second, third + third[:32])
    with pytest.raises(ValueError):
        cardinality.respond(theirs, first, 49)


def test_requests_are_made_smaller_bucket_by_bucket():
    assert [batch.fewer(n) for n in (1, 16, 17, 65, 300, 4_096, 4_097, 10_000)] == [
        0,
        0,
        16,
        64,
        256,
        1_024,
        4_096,
        9_216,
    ]
    assert [batch.elements_for(n) for n in (1, 1_024, 1_025)] == [16, 1_024, 4_098]
