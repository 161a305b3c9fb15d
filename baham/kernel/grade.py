"""Grades: how reliable the source is, and how credible this piece of information is, as two things.

A grade keeps the scheme it was given in. The two schemes do not convert into one another without loss (a Europol C is
nearer to an Admiralty D or E than to a C), so Baham never does it silently.
Sources: NATO STANAG 2511 / AJP-2.1 (Admiralty, 6 × 6); Regulation (EU) 2016/794, Article 29 (Europol, 4 × 4).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

_ADMIRALTY_SOURCE = {
    "A": "reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
_ADMIRALTY_INFORMATION = {
    "1": "confirmed by other sources",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "truth cannot be judged",
}
_EUROPOL_SOURCE = {
    "A": "no doubt about the source",
    "B": "mostly reliable",
    "C": "mostly unreliable",
    "X": "reliability cannot be assessed",
}
_EUROPOL_INFORMATION = {
    "1": "accuracy not in doubt",
    "2": "known personally to the source, not to the official passing it on",
    "3": "not known personally to the source, but corroborated",
    "4": "not corroborated and cannot be",
}


class Scheme(Enum):
    """A grading scheme: its letters for the source, its digits for the information, each with its words."""

    ADMIRALTY = "admiralty-6x6"
    EUROPOL = "europol-4x4"

    @property
    def sources(self) -> dict[str, str]:
        return _ADMIRALTY_SOURCE if self is Scheme.ADMIRALTY else _EUROPOL_SOURCE

    @property
    def information(self) -> dict[str, str]:
        return _ADMIRALTY_INFORMATION if self is Scheme.ADMIRALTY else _EUROPOL_INFORMATION


@dataclass(frozen=True, slots=True)
class Grade:
    """One grading of one statement: what was given, by whom, when and why. Many may stand side by side."""

    scheme: Scheme
    reliability: str
    credibility: str
    by: str = ""
    at: datetime | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.reliability not in self.scheme.sources or self.credibility not in self.scheme.information:
            raise ValueError(f"{self.reliability}{self.credibility} is not a grade of {self.scheme.value}")

    @classmethod
    def parse(cls, text: str, scheme: Scheme = Scheme.ADMIRALTY, **by: Any) -> "Grade":
        """Read `B2`. Raises ValueError for what the scheme does not know."""
        code = text.strip().upper()
        if len(code) != 2:
            raise ValueError(f"{text!r} is not a letter and a digit")
        return cls(scheme, code[0], code[1], **by)

    @property
    def code(self) -> str:
        """Letter and digit as issued, `B2`."""
        return self.reliability + self.credibility

    @property
    def words(self) -> tuple[str, str]:
        """The scheme's own words for source and information."""
        return self.scheme.sources[self.reliability], self.scheme.information[self.credibility]
