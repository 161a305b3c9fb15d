"""Who reads, and which handlings that reader may have now.

The same rule as at every exit (`platform/release/gateway.py`): an agreement in force that lets things leave by
themselves, the marking, and the agreement's limit; what takes the signatures of two people leaves by a signed release
and never over this door. PAP has no place in STIX; what it would forbid is not known here and is not guessed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from baham.kernel.handling import PAP, TLP, Handling
from baham.kernel.release import Terms
from baham.measures.sharing.taxii.models import Marking
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.services import Actor
from baham.platform.release.gateway import Gate
from baham.platform.release.models import Partner
from baham.platform.release.partners import actor_of


@dataclass(frozen=True, slots=True)
class Reading:
    """A partner who reads, with what was agreed: one gate for each purpose of the agreement; none, if nothing leaves to
    it by itself."""

    partner: Partner
    gates: tuple[Gate, ...]
    now: datetime

    @classmethod
    def of(cls, partner: Partner) -> "Reading":
        gate = Gate.open(partner, "", exit="taxii")
        leaves = gate.agreement is not None and gate.agreement.standing and partner.trusted
        purposes = gate.agreement.purposes if gate.agreement is not None and leaves else ()
        gates = tuple(replace(gate, terms=replace(gate.terms, purpose=purpose)) for purpose in purposes)
        return cls(partner, gates, gate.now)

    @property
    def terms(self) -> tuple[Terms, ...]:
        """What was agreed, by purpose."""
        return tuple(gate.terms for gate in self.gates)

    @property
    def actor(self) -> Actor:
        """How the log names the reader; the purpose is that of the agreement."""
        purpose = Purpose(self.terms[0].purpose) if self.terms else None
        return Actor(actor_of(self.partner).name, purpose)

    def may_have(self, handling: Handling) -> bool:
        """Whether what is handled so may go to the reader now, for one of the purposes agreed."""
        return handling.tlp < TLP.AMBER_STRICT and any(
            handling.tlp <= term.limit and handling.permits(term.reader, self.now).allowed for term in self.terms
        )

    def markings(self) -> tuple[int, ...]:
        """The ids of the markings that the reader may have. There are a handful: one for each handling ever met."""
        return tuple(number for number, handling in _handlings() if self.terms and self.may_have(handling))


_known: dict[str, Handling] = {}
"""Handlings by the digest of what is written in their marking, so that each is read once in a process."""


def _handlings() -> Iterable[tuple[int, Handling]]:
    rows = list(Marking.objects.values_list("pk", "digest"))
    if missing := [digest for _number, digest in rows if digest not in _known]:
        for digest, written in Marking.objects.filter(digest__in=missing).values_list("digest", "handling"):
            _known[digest] = read_handling(written)
    return [(number, _known[digest]) for number, digest in rows]


def write_handling(handling: Handling) -> dict[str, object]:
    """The handling as it is kept in a marking."""
    return {
        "tlp": handling.tlp.name,
        "pap": handling.pap.name,
        "originators": sorted(handling.originators),
        "releasable_to": None if handling.releasable_to is None else sorted(handling.releasable_to),
        "purposes": None if handling.purposes is None else sorted(handling.purposes),
        "expires": None if handling.expires is None else handling.expires.isoformat(),
    }


def read_handling(written: Mapping[str, Any]) -> Handling:
    """The handling that a marking keeps. A part that is not there is a fault: KeyError, never a wider handling."""
    releasable, purposes, expires = written["releasable_to"], written["purposes"], written["expires"]
    return Handling(
        TLP[str(written["tlp"])],
        PAP[str(written["pap"])],
        None if releasable is None else frozenset(releasable),
        frozenset(written["originators"]),
        None if purposes is None else frozenset(purposes),
        None if expires is None else datetime.fromisoformat(str(expires)),
    )
