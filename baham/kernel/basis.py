"""What kind of knowledge a statement is, and who stands for or against it.

Facts and personal assessments are kept apart (Directive (EU) 2016/680, Article 7; safeguard S-07). Likelihood and
confidence are separate fields and never one number (US ICD 203).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum


class BasisKind(Enum):
    """Whether a statement is put forward as a fact or as somebody's assessment."""

    FACT = "fact"
    ASSESSMENT = "assessment"


class Confidence(Enum):
    """How sure the author of an assessment is."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Basis:
    """Fact or assessment. An assessment names its author, its day and its confidence (else ValueError)."""

    kind: BasisKind = BasisKind.FACT
    author: str = ""
    on: date | None = None
    confidence: Confidence | None = None

    def __post_init__(self) -> None:
        if self.kind is BasisKind.ASSESSMENT and not (self.author and self.on and self.confidence):
            raise ValueError("an assessment needs its author, its date and its confidence")


class StanceKind(Enum):
    """How somebody stands to a statement."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True)
class Stance:
    """One actor supporting, contradicting or dating a statement, on the strength of `evidence`."""

    kind: StanceKind
    actor: str
    reason: str
    at: datetime
    evidence: str = ""
