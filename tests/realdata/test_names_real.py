"""Name screening on the public lists: a floor under what docs/screening.md reports."""

import os
from pathlib import Path

import pytest

from baham.engines.names import NameIndex, Query

ROOT = Path(os.environ.get("BAHAM_REALDATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not (ROOT / "lists").is_dir(), reason=f"no real data at {ROOT} (set BAHAM_REALDATA)"),
]


def test_recall_and_false_positives_hold_on_the_public_lists(tmp_path: Path) -> None:
    from benchmarks.names import negatives, world

    subjects, cases = world(seed=1, held_out=300)
    index = NameIndex.build(subjects, tmp_path / "names")
    found = index.screen([Query(case.name, schema="Person") for case in cases])
    for kind, least in (("held-out", 0.70), ("original", 0.88)):
        hits = [
            any(h.id in case.gold for h in hits) for case, hits in zip(cases, found, strict=True) if case.kind == kind
        ]
        assert sum(hits) / len(hits) >= least, kind
    false = index.screen([Query(name, schema="Person") for name in negatives(600)])
    assert sum(bool(hits) for hits in false) / 600 <= 0.06
    assert all(h.verdict == "possible" for hits in found + false for h in hits)
