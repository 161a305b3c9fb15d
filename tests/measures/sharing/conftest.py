"""Another party with keys of its own, as an installation somewhere else is to this one."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from baham.formats import dsse
from baham.formats.claims import hand_message, write_handling
from baham.formats.sealed import seal
from baham.kernel.claim import Claim, Hand
from baham.kernel.clock import utc_text
from baham.kernel.grade import Grade, Scheme
from baham.kernel.handling import PAP, TLP, Handling
from baham.kernel.statement import Statement
from baham.platform.release import channel
from baham.platform.release.identity import ours
from baham.platform.release.partners import add_key
from tests.platform.release.conftest import *  # noqa: F403
from tests.support.people import actor

AMBER = Handling(TLP.AMBER, PAP.GREEN)


def claim(value: str = "Orband Khelzai", prop: str = "name", entity: str = "v-7", **more: Any) -> Claim:
    said = Statement(entity, "Person", prop, value, "varand-desk")
    return Claim(said, **{"handling": AMBER, "grade": Grade(Scheme.ADMIRALTY, "A", "1"), **more})


class Other:
    """A party elsewhere: says things to us, signed."""

    def __init__(self, name: str = "Varand Ministry") -> None:
        self.party, self.name, self.key = str(uuid4()), name, Ed25519PrivateKey.generate()

    @property
    def public(self) -> str:
        return base64.b64encode(self.key.public_key().public_bytes_raw()).decode()

    def hand_on(self, one: Claim) -> Claim:
        at = utc_text(datetime.now(UTC))
        sig = base64.b64encode(self.key.sign(hand_message(one, self.party, at))).decode()
        return replace(one, chain=(*one.chain, Hand(self.party, self.name, at, sig)))

    def says(self, kind: str, payload: dict[str, Any], parts: Any = ()) -> dict[str, Any]:
        full = {"version": 1, "from": self.party, "to": ours().party, "at": utc_text(datetime.now(UTC)), **payload}
        return {"kind": kind, "envelope": dsse.sign(channel.payload_type(kind), full, [self.key]), "parts": list(parts)}

    def releases(self, *claims: Claim, handed: bool = True, **more: Any) -> dict[str, Any]:
        sealed = seal([(self.hand_on(one) if handed else one, True) for one in claims])
        payload = {
            "release": "V-1",
            "purpose": "analysis",
            "handling": write_handling(AMBER),
            "root": sealed.root,
            "valid_until": utc_text(datetime.now(UTC) + timedelta(days=30)),
            "size": len(sealed.parts),
            **more,
        }
        return self.says("release", payload, sealed.parts)

    def recalls(
        self, *sids: str, ground: str = "error", correction: Sequence[Claim] = (), **more: Any
    ) -> dict[str, Any]:
        sealed = seal([(self.hand_on(one), True) for one in correction])
        return self.says(
            "recall",
            {
                "recall": str(uuid4()),
                "ground": ground,
                "why": "The desk mistook one person for another.",
                "deadline": utc_text(datetime.now(UTC) + timedelta(days=2)),
                "statements": list(sids),
                "root": sealed.root,
                "size": len(sealed.parts),
                **more,
            },
            sealed.parts,
        )


@pytest.fixture
def other() -> Other:
    return Other()


def known(other: Other, partner):
    """Pin the other party's key to a partner of ours."""
    type(partner).objects.filter(pk=partner.pk).update(party=other.party)
    partner.refresh_from_db()
    add_key(actor(), partner, "sign", other.public)
    return partner


@pytest.fixture
def varand(other, liaison):
    """The other party as a partner who is not trusted."""
    return known(other, liaison)


@pytest.fixture
def nilgar(other, agency):
    """The other party as a trusted agency."""
    return known(other, agency)
