"""The benchmark counts right: shares, thresholds, bins, and changed names that are still somebody's."""

import random

import pytest

from benchmarks.names import made, pakistani, perturb
from benchmarks.names.cases import NEGATIVE_MIX, Case, Negative
from benchmarks.names.measure import Result, mixed, wilson
from benchmarks.names.pairs import Pair, confusion


def result(scores, tops, kind="typo"):
    cases = [Case(f"q{i}", frozenset({"a"}), kind, "report", "") for i in range(len(scores))]
    found = [[("a", s), ("b", s / 2)] if s else [] for s in scores]
    groups = list(NEGATIVE_MIX)
    negatives = [Negative(f"n{i}", groups[i % len(groups)], "report") for i in range(len(tops))]
    return Result(cases, found, negatives, [[("b", t)] if t else [] for t in tops])


def test_wilson_and_the_weighted_share():
    share = wilson(8, 10)
    assert (
        share.value == 0.8
        and share.low == pytest.approx(0.490, abs=0.002)
        and share.high == pytest.approx(0.943, abs=0.002)
    )
    assert mixed([(1, 2, 3.0), (10, 10, 1.0)]).value == pytest.approx(0.625)
    assert wilson(0, 0).high == 1.0


def test_recall_counts_only_the_right_answer_at_the_threshold():
    one = result([0.9, 0.5, 0.0], [0.1] * 5)
    assert one.recall("typo").value == pytest.approx(2 / 3)
    assert one.recall("typo", 0.6).value == pytest.approx(1 / 3)
    assert one.recall("typo", at=1).value == pytest.approx(2 / 3)


def test_a_threshold_lets_through_the_share_that_was_asked_for_and_no_more():
    tops = [i / 1000 for i in range(1000)]
    one = result([0.9], tops)
    for rate in (0.01, 0.05, 0.10):
        at = one.threshold(rate)
        assert one.false_rate(at).value <= rate
        assert one.false_rate(at - 0.02).value > rate
    # Many at one score: all of them fall away rather than too many pass.
    assert result([0.9], [0.7] * 100).false_rate(result([0.9], [0.7] * 100).threshold(0.05)).value == 0


def test_the_bins_of_a_calibrated_score_hold_what_they_say():
    rng = random.Random(4)
    scores = [rng.random() for _ in range(4000)]
    cases = [
        Case(f"q{i}", frozenset({"a"} if rng.random() < s else {"z"}), "typo", "report", "")
        for i, s in enumerate(scores)
    ]
    one = Result(cases, [[("a", s)] for s in scores], [Negative("n", "pk_latin", "report")], [[]])
    table, error = one.reliability(strangers=1.0)
    assert error < 0.03
    assert all(
        abs(mean - share.value) < 0.06 and share.low <= share.value <= share.high for _, _, _, mean, share in table
    )
    overconfident = Result(cases, [[("a", s**0.2)] for s in scores], one.negatives, one.false)
    assert overconfident.reliability(1.0)[1] > 0.2


@pytest.mark.parametrize(
    "change",
    [
        perturb.translit,
        perturb.regional,
        perturb.typo,
        perturb.drop_token,
        perturb.order,
        perturb.titled,
        perturb.nisba,
    ],
)
def test_a_changed_name_is_changed_and_still_a_name(change):
    rng, changed = random.Random(2), 0
    for latin, _ in pakistani.people(200, seed=3):
        words = perturb.words(latin)
        if out := change(words, rng):
            changed += 1
            assert out != words and all(out) and len(out) <= len(words) + 3
    assert changed > 60


def test_listed_names_are_read_in_reading_order():
    assert perturb.words('TALBAND, Zarghun (a.k.a.) "ZARI"') == ["Zarghun", "ZARI", "TALBAND"]
    assert perturb.words("Zarghun Talband") == ["Zarghun", "Talband"]


def test_the_made_million_is_the_same_every_time_and_grows_at_the_end():
    few, more = list(made.people(50)), list(made.people(80))
    assert few == more[:50]
    assert len({s.id for s in more}) == 80 and all(s.names and all(s.names) for s in more)
    asked = made.queries(60, more)
    assert len(set(asked)) == 60 and asked == made.queries(60, more)


def test_pairs_are_counted():
    pairs = [Pair("a", "b", "Person", m, g) for m, g in ((True, "x"), (True, "y"), (False, "x"), (False, "y"))]
    found = confusion(pairs, [0.9, 0.1, 0.8, 0.2], 0.5)
    assert (found.tp, found.fp, found.fn) == (1, 1, 1) and found.f1 == 0.5
    assert confusion(pairs, [0.9, 0.1, 0.8, 0.2], 0.5, "x").recall == 1.0
