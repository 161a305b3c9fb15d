"""Name screening on the public lists: a floor under what docs/screening.md reports."""

import os
from pathlib import Path

import pytest

from baham.engines.names import DEFAULT_THRESHOLD, NameIndex

ROOT = Path(os.environ.get("BAHAM_REALDATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not (ROOT / "lists").is_dir(), reason=f"no real data at {ROOT} (set BAHAM_REALDATA)"),
]


@pytest.mark.long
def test_recall_and_false_positives_hold_on_the_public_lists(tmp_path: Path) -> None:
    from benchmarks.names.cases import world
    from benchmarks.names.engines import ours
    from benchmarks.names.measure import Result

    made = world(share=0.4)
    cases, negatives = made.of("report")
    ask = ours(NameIndex.build(made.subjects, tmp_path / "names"))
    result = Result(cases, ask([c.name for c in cases]), negatives, ask([n.name for n in negatives]))
    assert len(cases) > 900 and len(negatives) > 2000
    assert result.recall("heldout_alias", DEFAULT_THRESHOLD).value >= 0.75
    assert result.recall("arabic_script", DEFAULT_THRESHOLD).value >= 0.80
    assert result.recall("", DEFAULT_THRESHOLD).value >= 0.88
    assert result.false_rate(DEFAULT_THRESHOLD).value <= 0.06


@pytest.mark.long
def test_one_entity_is_on_one_side_and_no_negative_is_listed() -> None:
    from benchmarks.names.cases import world
    from benchmarks.names.lists import listed, same

    made = world(share=0.2)
    tune, report = (made.of(side) for side in ("tune", "report"))
    assert not {i for c in tune[0] for i in c.gold if c.alone} & {i for c in report[0] for i in c.gold if c.alone}
    assert not {n.name for n in tune[1]} & {n.name for n in report[1]}
    known = {same(name) for subject in listed() for name in (*subject.names, *subject.weak_names)}
    assert not [n for n in made.negatives if same(n.name) in known]
