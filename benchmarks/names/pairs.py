"""nomenklatura's own labelled pairs (contrib/name_bench/cases.csv of its repository; not in its package).

    git clone --depth 1 https://github.com/opensanctions/nomenklatura && export \
      BAHAM_NAME_BENCH=nomenklatura/contrib/name_bench/cases.csv

Measured with 826 pairs, SHA-256 cfec1e99b182337f0a9931191e6bae2a7e88694b4c3da0a2ebff3d7e4a9c84e6.
"""

import csv
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from baham.engines.names import Query, Subject, compare

_ROMAN = re.compile("[IVX]{1,5}")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names, whether they are of one person or body, and the group of the case."""

    one: str
    other: str
    schema: str
    match: bool
    group: str


@dataclass(frozen=True, slots=True)
class Confusion:
    """How many pairs were said to match and do, and so on."""

    tp: int
    fp: int
    fn: int

    @property
    def precision(self) -> float:
        return self.tp / max(self.tp + self.fp, 1)

    @property
    def recall(self) -> float:
        return self.tp / max(self.tp + self.fn, 1)

    @property
    def f1(self) -> float:
        return 2 * self.tp / max(2 * self.tp + self.fp + self.fn, 1)

    def __str__(self) -> str:
        return f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}"


def found(path: str | None) -> Path | None:
    """The file of pairs: as given, else BAHAM_NAME_BENCH, else None."""
    given = path or os.environ.get("BAHAM_NAME_BENCH")
    return Path(given) if given else None


def read(path: Path) -> tuple[list[Pair], str]:
    """The pairs and the file's SHA-256."""
    data = path.read_bytes()
    rows = csv.DictReader(data.decode("utf-8").splitlines())
    pairs = [Pair(r["name1"], r["name2"], r["schema"], r["is_match"].lower() == "true", r["case_group"]) for r in rows]
    return pairs, hashlib.sha256(data).hexdigest()


def against_numbers(pair: Pair) -> bool:
    """Whether two bodies or things are labelled one though both bear numbers and these differ (*Fund XI*, *Fund XII*):
    here they are two, and the label is not followed."""
    one, other = _numbers(pair.one), _numbers(pair.other)
    return pair.match and pair.schema != "Person" and bool(one) and bool(other) and one != other


def _numbers(name: str) -> list[str]:
    words = re.findall(r"[A-Za-z0-9]+", name)
    return sorted(found for word in words for found in ([word] if _ROMAN.fullmatch(word) else re.findall(r"\d+", word)))


def ours(pairs: list[Pair]) -> list[float]:
    """Our score of each pair."""
    return [compare(Query(p.one, schema=p.schema), Subject("listed", (p.other,), p.schema)).score for p in pairs]


def confusion(pairs: list[Pair], scores: list[float], threshold: float, group: str = "") -> Confusion:
    """Pairs of a group ("": all) at a threshold."""
    said = [(p.match, s >= threshold) for p, s in zip(pairs, scores, strict=True) if group in ("", p.group)]
    return Confusion(
        sum(m and y for m, y in said), sum(y and not m for m, y in said), sum(m and not y for m, y in said)
    )
