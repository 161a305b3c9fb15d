"""The claim: a statement as it travels from one party to another, with all that decides what may be done with it.

What is said, how it was graded, how it is to be handled, whether it is fact or assessment, and through whose hands it
came. `formats/claims.py` writes and reads it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from baham.kernel.basis import Basis
from baham.kernel.grade import Grade
from baham.kernel.handling import UNKNOWN, Handling
from baham.kernel.statement import Statement

FACT = Basis()


@dataclass(frozen=True, slots=True)
class Hand:
    """One pair of hands through which a claim came: the party's id and name, and when it passed it on (ISO 8601, UTC).

    The first is its origin. `signature` is the party's, over the statement, the moment and the hands before (base64).
    """

    party: str
    name: str = ""
    at: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement with its grade, handling, basis and chain. `grade` is None where nobody has graded it."""

    statement: Statement
    handling: Handling = UNKNOWN
    grade: Grade | None = None
    basis: Basis = FACT
    chain: tuple[Hand, ...] = ()

    @property
    def id(self) -> str:
        """The statement's id."""
        return self.statement.id

    @property
    def origin(self) -> str:
        """The party that said it first, whoever relayed it; the dataset where no party is named."""
        return self.chain[0].party if self.chain else f"dataset:{self.statement.dataset}"


def origins(claims: Iterable[Claim]) -> frozenset[str]:
    """The independent origins of some claims: two relays of one origin are one."""
    return frozenset(claim.origin for claim in claims)
