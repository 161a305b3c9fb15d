"""A layer over an index: what changed is found at once, and answers are those of one index over the same subjects."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baham.engines.names import LayeredIndex, NameIndex, Query, Subject

from .conftest import LIST

CHANGED = Subject("s3", ("Torak Shinwar",), birth_dates=("1971",))
ADDED = Subject("new", ("Wesal Ghorzang",))
GONE = "s1"
NOW = [s for s in LIST if s.id not in (GONE, CHANGED.id)] + [CHANGED, ADDED]
WORDS = "Zarghun Talband Gul Agha Mirwandi Muhammad Khan Torak Shinwar Wesal Ghorzang Dost Kharoti زرغون تلبند".split()


@pytest.fixture(scope="module")
def layered(tmp_path_factory: pytest.TempPathFactory) -> LayeredIndex:
    folder = tmp_path_factory.mktemp("layered")
    base = NameIndex.build(LIST, folder / "base")
    layer = NameIndex.build([CHANGED, ADDED], folder / "layer")
    return LayeredIndex(base, layer, [GONE, CHANGED.id, ADDED.id])


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> NameIndex:
    return NameIndex.build(NOW, tmp_path_factory.mktemp("one") / "i")


def ids(index: LayeredIndex | NameIndex, name: str, **more: object) -> list[str]:
    return [hit.id for hit in index.screen([Query(name)], **more)[0]]  # type: ignore[arg-type]


def test_new_changed_and_gone(layered: LayeredIndex) -> None:
    assert ids(layered, "Wesal Ghorzang") == ["new"] and ids(layered, "Torak Shinwar") == ["s3"]
    assert "s3" not in ids(layered, "Muhammad Khan") and GONE not in ids(layered, "Zarghun Talband")
    assert layered.row(GONE) is None and layered.subject(layered.row("s3") or 0) == CHANGED
    assert layered.row("s4") == 3 and len(layered) == len(LIST) + 2


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join), st.sampled_from([None, "1971"]))
def test_answers_are_those_of_one_index(layered: LayeredIndex, one: NameIndex, name: str, birth: str | None) -> None:
    query = Query(name, birth_date=birth)
    left, right = layered.screen([query], limit=20)[0], one.screen([query], limit=20)[0]
    assert {(h.id, h.score, h.verdict) for h in left} == {(h.id, h.score, h.verdict) for h in right}


def test_within_goes_over_both(layered: LayeredIndex) -> None:
    assert ids(layered, "Wesal Ghorzang", within={"s4"}) == [] and ids(layered, "Wesal Ghorzang", within={"new"}) == [
        "new"
    ]
    mask = np.zeros(len(layered), dtype=np.bool_)
    mask[-1] = True
    assert ids(layered, "Wesal Ghorzang", within=mask) == ["new"] and ids(layered, "Torak Shinwar", within=mask) == []
    with pytest.raises(ValueError, match="within"):
        ids(layered, "x", within=np.zeros(2, dtype=np.bool_))


def test_an_empty_layer_takes_away_only(tmp_path: Path) -> None:
    index = LayeredIndex(NameIndex.build(LIST, tmp_path / "a"), NameIndex.build([], tmp_path / "b"), [GONE])
    assert GONE not in ids(index, "Zarghun Talband") and ids(index, "Muhammad Khan") == ["s3", "s7"]
