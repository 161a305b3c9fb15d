"""What goes in and what comes out of name screening: questions, listed subjects, hits and the evidence for and
against."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Verdict = Literal["probable", "possible"]
Direction = Literal["for", "against", "neutral"]
Weight = Literal["weak", "moderate", "strong"]
Alignment = tuple[tuple[str, str, float], ...]


class IndexDamaged(Exception):
    """An index directory that cannot be trusted: `path` is the file or directory at fault, `reason` one plain
    sentence."""

    def __init__(self, path: str | Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = Path(path)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Subject:
    """One entry of a list. `names` are equals; `weak_names` are aliases the list itself calls low quality.

    Birth dates are prefixes ("1968", "1968-05", "1968-05-03") or intervals ("1968/1970"), with what their source says
    of them ("1968~" approximately, "../1968" before, "1968/.." after: ISO 8601-2); countries are codes or names.
    """

    id: str
    names: Sequence[str]
    schema: str = "Person"
    birth_dates: Sequence[str] = ()
    countries: Sequence[str] = ()
    identifiers: Sequence[str] = ()
    father_names: Sequence[str] = ()
    addresses: Sequence[str] = ()
    weak_names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """Who is being asked about. Only `name` is needed; every other field can turn a possible hit into a
    probable one."""

    name: str
    schema: str | None = None
    birth_date: str | None = None
    nationality: str | None = None
    father_name: str | None = None
    id_number: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against.

    `code` is the stable key for translation and `text` its plain English; `query` and `subject` are the two values
    compared. `alignment` is filled for names only: (query token, subject token, similarity 0..1), "" for a
    missing side.
    """

    feature: str
    direction: Direction
    weight: Weight
    code: str
    text: str
    query: str = ""
    subject: str = ""
    alignment: Alignment = ()


class Hit:
    """A listed subject that may be the one asked about: `score` 0..1 says how probably, never how dangerous.

    `verdict` is "probable" only with an agreeing second factor. `evidence` and `name` (the matched name as listed) are
    worked out when they are first asked for: most hits of a batch are counted, not read.
    """

    __slots__ = ("_told", "id", "score", "tell", "verdict")

    def __init__(
        self,
        id: str,
        score: float,
        verdict: Verdict,
        evidence: tuple[Evidence, ...] = (),
        name: str = "",
        *,
        tell: Callable[[], tuple[tuple[Evidence, ...], str]] | None = None,
    ) -> None:
        self.id, self.score, self.verdict = id, score, verdict
        self.tell = tell
        self._told = (evidence, name)

    def _read(self) -> tuple[tuple[Evidence, ...], str]:
        tell = self.tell
        if tell is not None:
            self._told = tell()
            self.tell = None
        return self._told

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return self._read()[0]

    @property
    def name(self) -> str:
        return self._read()[1]

    def _facts(self) -> tuple[Any, ...]:
        return self.id, self.score, self.verdict, *self._read()

    def __eq__(self, other: object) -> bool:
        return self._facts() == other._facts() if isinstance(other, Hit) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.id, self.score, self.verdict))

    def __repr__(self) -> str:
        return f"Hit(id={self.id!r}, score={self.score!r}, verdict={self.verdict!r}, name={self.name!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Hit, self._facts()
