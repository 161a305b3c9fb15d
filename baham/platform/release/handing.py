"""Handing over what was said: a message may wait for weeks until its receiver asks, or until a pack is made of it.

What was restricted, marked more strictly or otherwise closed in the meantime, or is no longer agreed, stands in it as a
leaf then. Signature and tree hold; the stored message stays as it was, so that what is opened again is handed over.
What depends on more than our own records (the list of a circle, an originator's word, a day) is judged each time.
"""

import json
from collections.abc import Iterator
from typing import Any

from baham.formats.sealed import withhold
from baham.kernel.chunks import in_chunks
from baham.kernel.handling import TLP
from baham.kernel.schema import Kind, kind_of
from baham.platform.ledger import expiry, touches
from baham.platform.ledger.models import Entity
from baham.platform.release import channel
from baham.platform.release.agreements import current
from baham.platform.release.claims import dossiers
from baham.platform.release.gateway import Gate
from baham.platform.release.models import Agreement, Holding, Message, Partner


def wire(partner: Partner, message: Message) -> dict[str, Any]:
    """A stored message of ours to a partner as it travels now."""
    held: dict[str, Any] = json.loads(message.envelope)
    claims = {part["claim"]["statement"]["id"]: part["claim"] for part in held["parts"] if "claim" in part}
    if closed := _closed(partner, message, claims):
        held["parts"] = withhold(held["parts"], closed)
    return {"kind": message.kind, **held}


def _closed(partner: Partner, message: Message, claims: dict[str, Any]) -> set[str]:
    """Which of these claims may not leave any more. Judged anew is only what may have changed since it was said."""
    if not claims:
        return set()
    agreement = current(partner)
    if agreement is None:
        return set(claims)
    entity = dict(_entities(partner, claims))
    pks = set(entity.values())
    same = touches.untouched(pks, touches.certainly_before(message.at)) if _is_older(agreement, message) else set()
    alive = set(Entity.objects.filter(expiry.alive(), pk__in=same).values_list("pk", flat=True))
    open_still = {sid for sid, claim in claims.items() if entity.get(sid) in alive and not _depends(claim)}
    if len(open_still) < len(claims):
        purpose = channel.payload_of(message).get("purpose", agreement.purposes[0])
        anew = sorted({entity[sid] for sid in claims.keys() - open_still if sid in entity})
        open_still |= _open_now(partner, purpose, anew, claims)
    return claims.keys() - open_still


def _open_now(partner: Partner, purpose: str, entities: list[int], claims: dict[str, Any]) -> set[str]:
    """What may leave now. What left by the signatures of two people may, as far as it is marked no more strictly."""
    gates = [Gate.open(partner, purpose, exit="sync", signed=True, named=named) for named in (False, True)]
    plain, named = (gate.judge(dossiers(entities)).claims for gate in gates)
    said = {sid: TLP.read(claim["handling"]["tlp"]) for sid, claim in claims.items()}
    strict = {sid for sid, tlp in said.items() if tlp >= TLP.AMBER_STRICT}
    signed = {claim.id for claim in named if claim.id in strict and claim.handling.tlp <= said[claim.id]}
    # By an audience that reaches further, what was said by itself may be read and still takes two signatures now.
    return signed | {claim.id for claim in plain if claim.handling.tlp < TLP.AMBER_STRICT}


def _is_older(agreement: Agreement, message: Message) -> bool:
    """Whether the message was said under this agreement."""
    return agreement.approved_at is not None and agreement.approved_at <= message.at


def _depends(claim: dict[str, Any]) -> bool:
    """Whether something may close a claim that touches not its own record: a circle's list, an originator, a day, and
    of a pointer what becomes of the record that it points at."""
    if kind_of(claim["statement"]["prop"]) is Kind.ENTITY:
        return True
    handling = claim["handling"]
    return bool(handling.get("expires") or handling.get("originators") or handling.get("releasable_to") is not None)


def _entities(partner: Partner, claims: dict[str, Any]) -> Iterator[tuple[str, int]]:
    sids = [bytes.fromhex(sid) for sid in claims]
    for some in in_chunks(sids):
        rows = Holding.objects.filter(partner=partner, sid__in=some)
        for sid, entity in rows.values_list("sid", "entity_id"):
            yield bytes(sid).hex(), entity
