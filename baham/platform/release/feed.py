"""What leaves by itself: under a standing agreement, all that the policy lets out without a signature each time.

Only what the partner does not hold yet is said, and what a source says no longer is said to have ended, so that a
partner's copy follows ours. What needs two people never leaves here; it leaves as a release.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from baham.formats.claims import write_handling
from baham.formats.sealed import Sealed, seal
from baham.kernel.chunks import in_chunks
from baham.kernel.clock import utc_text
from baham.kernel.handling import meet_all
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record, take_the_pen
from baham.platform.ledger import expiry, touches
from baham.platform.ledger.models import Entity
from baham.platform.release import channel, holdings
from baham.platform.release.claims import CHUNK, dossiers
from baham.platform.release.gateway import Gate, Judged, Outgoing
from baham.platform.release.identity import ours
from baham.platform.release.models import Holding, Message, Partner
from baham.platform.release.partners import CannotChange
from baham.platform.release.releases import handed_on

_PARTS = 20_000


def publish(actor: Actor, partner: Partner, purpose: str, *, exit: str = "sync") -> tuple[int, int]:
    """Say to a partner what it may have and has not; and what has ended. How many statements of each.

    Raises CannotChange without a standing agreement.
    """
    gate = Gate.open(partner, purpose, exit=exit)
    if gate.agreement is None or not gate.agreement.standing:
        raise CannotChange("Nothing leaves to this partner by itself: there is no standing agreement in force.")
    said = sum(_say(actor, gate, outgoing) for outgoing in _portions(gate))
    return said, _end(actor, gate)


def _portions(gate: Gate) -> Iterator[Outgoing]:
    """What leaves and is not held yet, in portions of one message."""
    held = holdings.held_by(gate.partner) - _lapsed(gate)
    alive = Entity.objects.filter(expiry.alive()).order_by("pk")
    if gate.datasets:
        alive = alive.filter(dataset__name__in=gate.datasets)
    portion = Outgoing(since=touches.last())
    for pks in in_chunks(list(alive.values_list("pk", flat=True)), CHUNK):
        new = gate.judge(dossiers(pks, gate.datasets))
        portion.leaves += [judged for judged in new.leaves if bytes.fromhex(judged.claim.id) not in held]
        if len(portion.leaves) >= _PARTS:
            yield portion
            portion = Outgoing(since=touches.last())
    if portion.leaves:
        yield portion


def _lapsed(gate: Gate) -> set[bytes]:
    """The statements of messages that their receiver has not confirmed and would refuse by now, because they were said
    under an agreement that is over. They are said again, unless another message that waits has them."""
    ours = Message.objects.filter(partner=gate.partner, direction=channel.OUT, kind="release")
    waiting = ours.filter(number__gte=channel.witnessed(gate.partner))
    assert gate.agreement is not None
    if not waiting.filter(at__lt=gate.agreement.approved_at).exists():
        return set()
    lapsed: set[bytes] = set()
    for message in waiting.iterator(10):
        sids = channel.statements_in(message)
        over = datetime.fromisoformat(channel.payload_of(message)["valid_until"]) <= gate.now
        lapsed = lapsed | sids if over else lapsed - sids
    return lapsed


def _say(actor: Actor, gate: Gate, outgoing: Outgoing) -> int:
    """Say a portion, without what was touched since it was judged. How many statements were said."""
    now = timezone.now()
    handed = {judged.claim.id: (handed_on(judged.claim, utc_text(now)), True) for judged in outgoing.leaves}
    with gate.leaving(outgoing, actor) as told:
        if not outgoing.leaves:
            return 0
        sealed = seal([handed[judged.claim.id] for judged in outgoing.leaves])
        told["root"] = sealed.root
        channel.say(gate.partner, "release", _payload(gate, outgoing, sealed, now), sealed.parts)
    return len(outgoing.leaves)


def _payload(gate: Gate, outgoing: Outgoing, sealed: Sealed, now: datetime) -> dict[str, Any]:
    until = gate.agreement.ends if gate.agreement else now
    return {
        **_to(gate.partner),
        "release": f"feed {now:%Y-%m-%d %H:%M}",
        "purpose": gate.terms.purpose,
        "case": "",
        "legal_basis": gate.agreement.legal_basis if gate.agreement else "",
        "note": "",
        "handling": write_handling(_meet(outgoing.leaves)),
        "valid_until": utc_text(until),
        "root": sealed.root,
        "size": len(sealed.parts),
    }


@transaction.atomic
def _end(actor: Actor, gate: Gate) -> int:
    """Say which statements that the partner holds are no longer said here, so that it stops using them."""
    take_the_pen()
    ended = holdings.ended(gate.partner)
    for some in in_chunks(ended, _PARTS):
        channel.say(gate.partner, "ended", {**_to(gate.partner), "statements": [one.sid_hex for one in some]})
        Holding.objects.filter(pk__in=[one.pk for one in some]).update(state=Holding.State.REMOVED)
    if ended:
        record(
            actor,
            Event.SYSTEM,
            "said what has ended",
            f"partner:{gate.partner.name}",
            title=gate.partner.title,
            statements=len(ended),
        )
    return len(ended)


def _meet(leaves: Sequence[Judged]) -> Any:
    return meet_all(list({judged.claim.handling for judged in leaves}))


def _to(partner: Partner) -> dict[str, Any]:
    return {"version": 1, "from": ours().party, "to": str(partner.party), "at": utc_text(timezone.now())}
