"""Parties elsewhere: what the installations of Nilgar and Varand say to this one, signed with keys of their own."""

import base64
import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from baham.formats import dsse
from baham.formats.claims import hand_message, write_handling
from baham.formats.sealed import seal
from baham.kernel.claim import Claim, Hand
from baham.kernel.clock import utc_text
from baham.kernel.grade import Grade
from baham.kernel.handling import PAP, TLP, Handling
from baham.kernel.statement import Statement
from baham.platform.accounts.models import User
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.services import Actor
from baham.platform.release import channel
from baham.platform.release.identity import ours

if TYPE_CHECKING:
    from baham.platform.review.models import Item

TITLES = {"nilgar": "Nilgar Provincial CTD", "varand": "Ministry of Interior, Varand"}
AMBER = Handling(TLP.AMBER, PAP.GREEN)


class Elsewhere:
    """A party with a key that is made from its name: it signs for an invented office, and for nobody else."""

    def __init__(self, title: str, to: str = "") -> None:
        """`to` is the party that it speaks with; this installation if left out."""
        self.title, self.to = title, to
        self.party = str(uuid5(NAMESPACE_URL, f"https://example.org/baham/{title}"))
        seed = hashlib.sha256(f"baham demonstration world: {title}".encode()).digest()
        self.key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public(self) -> str:
        return base64.b64encode(self.key.public_key().public_bytes_raw()).decode()

    def hand_on(self, claim: Claim) -> Claim:
        """The claim with this party's hand at the end of its chain."""
        at = utc_text(timezone.now())
        signature = base64.b64encode(self.key.sign(hand_message(claim, self.party, at))).decode()
        return replace(claim, chain=(*claim.chain, Hand(self.party, self.title, at, signature)))

    def says(self, kind: str, payload: dict[str, Any], parts: Any = ()) -> dict[str, Any]:
        """A message of this party to us, as it travels."""
        to = self.to or ours().party
        whole = {"version": 1, "from": self.party, "to": to, "at": utc_text(timezone.now()), **payload}
        return {
            "kind": kind,
            "envelope": dsse.sign(channel.payload_type(kind), whole, [self.key]),
            "parts": list(parts),
        }

    def releases(self, *claims: Claim, name: str, purpose: str = "analysis") -> dict[str, Any]:
        """A release of this party to us."""
        sealed = seal([(self.hand_on(claim), True) for claim in claims])
        return self.says(
            "release",
            {
                "release": name,
                "purpose": purpose,
                "handling": write_handling(AMBER),
                "root": sealed.root,
                "size": len(sealed.parts),
                "valid_until": utc_text(timezone.now() + timedelta(days=365)),
            },
            sealed.parts,
        )


def claim(
    key: str, prop: str, value: str, code: str, chain: tuple[Hand, ...] = (), handling: Handling = AMBER
) -> Claim:
    """A claim on a person, as a party elsewhere makes it: its own key, grade (Admiralty) and handling."""
    return Claim(Statement(key, "Person", prop, value, "desk"), handling, Grade.parse(code), chain=chain)


def sign(matter: "Item | None", by: str, choice: str, reason: str) -> None:
    """Sign a matter of agreements, circles or releases."""
    from baham.platform.review.services import decide

    assert matter is not None
    decide(
        matter, User.objects.get(username=by), Actor(by, Purpose("review", "agreements and releases")), choice, reason
    )
