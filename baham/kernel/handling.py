"""Handling: who may have a statement, for what, and until when.

The restrictions form a meet-semilattice: what is derived from several statements carries the meet of theirs, the most
restrictive of each part. The meet is associative, commutative and idempotent, and it never widens: whoever may have
the meet may have each of its parts (tests/kernel/test_handling.py proves both on random policies).
Sources: FIRST, Traffic Light Protocol 2.0 (2022); MISP taxonomy PAP (permissible actions protocol).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum


class TLP(IntEnum):
    """Traffic Light Protocol 2.0: how far a thing may travel. Ordered, most open first."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    AMBER_STRICT = 3
    RED = 4

    @property
    def label(self) -> str:
        """The standard's label, `TLP:AMBER+STRICT`."""
        return "TLP:" + self.name.replace("_", "+")

    @classmethod
    def read(cls, text: str | None) -> "TLP":
        """Read a label. What is missing or unknown is AMBER+STRICT: fail closed. TLP 1's WHITE is today's CLEAR."""
        word = (text or "").upper().removeprefix("TLP:").strip().replace("-", "_").replace("+", "_")
        return cls.CLEAR if word == "WHITE" else cls.__members__.get(word, cls.AMBER_STRICT)

    @classmethod
    def named(cls, text: str) -> "TLP":
        """The label that somebody wrote, with `TLP:` or without. ValueError, which names them all, for what is none."""
        if (found := f"TLP:{text.strip().upper().removeprefix('TLP:')}") in (known := {one.label: one for one in cls}):
            return known[found]
        raise ValueError(f"{text!r} is none of {', '.join(label.removeprefix('TLP:') for label in known)}")


class PAP(IntEnum):
    """Permissible actions protocol: what may be done with a thing. Ordered, most open first."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    RED = 3

    @property
    def label(self) -> str:
        return f"PAP:{self.name}"

    @classmethod
    def read(cls, text: str | None) -> "PAP":
        """Read a label. What is missing or unknown is RED: look, do nothing."""
        word = (text or "").upper().removeprefix("PAP:").strip()
        return cls.CLEAR if word == "WHITE" else cls.__members__.get(word, cls.RED)


class Audience(IntEnum):
    """How near a reader stands to whoever holds the statement; each may have what those before it may have."""

    PUBLIC = 0
    COMMUNITY = 1
    CLIENT = 2
    ORGANISATION = 3
    NAMED = 4


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: the organisation, how near it stands, for which purpose, and the sharing scopes (UUIDs) of whose signed
    lists of members it is part."""

    organisation: str
    audience: Audience
    purpose: str
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Permission:
    """An answer with its reason, never a bare yes or no. `code` names the part of the handling that forbids."""

    allowed: bool
    reason: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Handling:
    """The restrictions on one statement. `None` in `releasable_to` and `purposes` means that nothing is added to TLP.
    `releasable_to` names organisations and sharing scopes (UUIDs); a scope that nobody here knows holds nobody.

    `originators` are those who must agree to each further release (originator control).
    """

    tlp: TLP = TLP.AMBER_STRICT
    pap: PAP = PAP.AMBER
    releasable_to: frozenset[str] | None = None
    originators: frozenset[str] = frozenset()
    purposes: frozenset[str] | None = None
    expires: datetime | None = None

    def meet(self, other: "Handling") -> "Handling":
        """The most restrictive of both, part by part."""
        return Handling(
            tlp=max(self.tlp, other.tlp),
            pap=max(self.pap, other.pap),
            releasable_to=_intersect(self.releasable_to, other.releasable_to),
            originators=self.originators | other.originators,
            purposes=_intersect(self.purposes, other.purposes),
            expires=min((e for e in (self.expires, other.expires) if e is not None), default=None),
        )

    def __and__(self, other: "Handling") -> "Handling":
        return self.meet(other)

    def permits(self, reader: Reader, now: datetime, agreed: frozenset[str] = frozenset()) -> Permission:
        """Whether `reader` may have it now. `agreed` are the originators who have consented to this release."""
        if self.expires is not None and now >= self.expires:
            return Permission(False, f"the permission ended on {self.expires:%d %b %Y}", "EXPIRED")
        if reader.audience < _NEEDED[self.tlp]:
            return Permission(False, f"{self.tlp.label} does not reach this reader", "MARKING")
        if self.releasable_to is not None and not self.releasable_to & {reader.organisation, *reader.scopes}:
            return Permission(False, f"it is not releasable to {reader.organisation}", "SCOPE")
        if self.purposes is not None and reader.purpose not in self.purposes:
            named = reader.purpose or "(none)"
            return Permission(False, f"the purpose {named} is not among those it was given for", "PURPOSE")
        waiting = self.originators - agreed - {reader.organisation}
        if waiting:
            return Permission(False, f"{', '.join(sorted(waiting))} has not agreed to this release", "ORIGINATOR")
        return Permission(True, f"{self.tlp.label} allows it")

    def is_at_least_as_strict_as(self, other: "Handling") -> bool:
        """The order of the lattice: `a.meet(b) == a`."""
        return self.meet(other) == self

    def marked(self, tlp: TLP) -> "Handling":
        """The same restrictions under another TLP label. Widening is a person's act and is logged by whoever calls."""
        return replace(self, tlp=tlp)


OPEN = Handling(tlp=TLP.CLEAR, pap=PAP.CLEAR)
"""The neutral element: published to everybody, no restriction at all."""

UNKNOWN = Handling(tlp=TLP.AMBER_STRICT, pap=PAP.RED)
"""What stands in for handling that nobody stated."""

_NEEDED = {
    TLP.CLEAR: Audience.PUBLIC,
    TLP.GREEN: Audience.COMMUNITY,
    TLP.AMBER: Audience.CLIENT,
    TLP.AMBER_STRICT: Audience.ORGANISATION,
    TLP.RED: Audience.NAMED,
}


def _intersect(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return one if other is None else other
    return one & other


def meet_all(handlings: list[Handling]) -> Handling:
    """The meet of many; of none it is `UNKNOWN`, because nobody has said that it may travel."""
    if not handlings:
        return UNKNOWN
    result = handlings[0]
    for handling in handlings[1:]:
        result = result.meet(handling)
    return result
