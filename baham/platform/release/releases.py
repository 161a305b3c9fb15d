"""A release, case by case: put forward, previewed, signed, sent. Nothing leaves that a person has not seen leave.

What was put forward is frozen, so that the signature is given to what was read. At the moment of sending the policy is
asked once more, and only what was in the frozen preview *and* is allowed now leaves.
"""

import base64
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from baham.formats.claims import hand_message, write_handling
from baham.formats.sealed import seal
from baham.kernel.claim import Claim, Hand
from baham.kernel.clock import utc_text
from baham.kernel.handling import meet_all
from baham.kernel.release import Why
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record, take_the_pen
from baham.platform.ledger.models import Entity
from baham.platform.release import channel
from baham.platform.release.claims import dossiers
from baham.platform.release.gateway import Gate, Judged, Outgoing
from baham.platform.release.identity import ours
from baham.platform.release.models import Partner, Release
from baham.platform.release.partners import CannotChange
from baham.platform.review.models import Item
from baham.platform.review.services import propose

TWO_SIGN = "outgoing"
"""The kind of matter of a release that somebody else signs than whoever proposed it."""
_TOLD = frozenset(
    {Why.FIELD, Why.SOURCE, Why.ORIGINATOR, Why.UNVERIFIED, Why.MARKING, Why.ACTION, Why.EXPIRED, Why.SCOPE, Why.STEP}
)
"""Reasons for which a receiver may see that something is withheld. That a person is protected, or that a record is
restricted or was recalled, is itself something that does not leave."""


def preview(partner: Partner, entities: Sequence[Entity], purpose: str) -> tuple[Gate, Outgoing]:
    """What would leave and what would stay, if people signed now: two of them, where two must. Nothing is written."""
    gate = Gate.open(partner, purpose, exit="release", signed=True, named=True)
    return gate, gate.judge(dossiers([entity.pk for entity in entities]))


@transaction.atomic
def put_forward(
    actor: Actor,
    partner: Partner,
    entities: Sequence[Entity],
    *,
    purpose: str,
    case: str,
    note: str = "",
    only: Collection[str] | None = None,
) -> Release:
    """Propose that what the policy allows of these entities leaves to a partner; with `only` these statements of it,
    for a release in steps. Raises CannotChange where nothing may.

    Whoever proposed it does not sign it where two people must.
    """
    gate, outgoing = preview(partner, entities, purpose)
    if only is not None and not only:
        raise CannotChange("Mark what leaves with this step.")
    if only is not None:
        outgoing.keep_to(only)
    if gate.agreement is None:
        raise CannotChange("There is no agreement in force with this partner.")
    if not case.strip():
        raise CannotChange("Name the case or the question that this answers.")
    if not outgoing.leaves:
        named = "; ".join(f"{why.value} ({count})" for why, count in outgoing.reasons.most_common())
        raise CannotChange(f"Nothing of this may leave: {named or 'nothing is held'}.")
    made = Release.objects.create(
        partner=partner,
        agreement=gate.agreement,
        purpose=purpose,
        case=case.strip(),
        note=note.strip(),
        legal_basis=gate.agreement.legal_basis,
        claims=[judged.claim.id for judged in outgoing.leaves],
        stays={why.name: count for why, count in sorted(outgoing.reasons.items(), key=lambda pair: pair[0].name)},
        proposed_by=actor.name,
        proposed_at=timezone.now(),
    )
    made.entities.set(entities)
    made.matter = propose(
        TWO_SIGN if outgoing.needs_two else "outgoing-plain",
        note.strip()[:300],
        proposed_by=actor,
        evidence=[],
        proposal={"release": made.pk, "partner": partner.name, "party": partner.title},
        tlp=meet_all([judged.claim.handling for judged in outgoing.leaves]).tlp,
    )
    made.save(update_fields=["matter"])
    record(
        actor,
        Event.SYSTEM,
        "proposed a release",
        f"release:{made.pk}",
        title=str(made),
        recipient=partner.title,
        statements=len(made.claims),
        stays=made.stays,
    )
    return made


def decided(item: Item, choice: str, actor: Actor, reason: str) -> None:
    """What follows from the review of a release: it is sent, or it goes back."""
    release = Release.objects.select_for_update().get(pk=item.proposal["release"])
    if choice == "send":
        send(release, actor)
    else:
        release.state = Release.State.SENT_BACK
        release.save(update_fields=["state"])


@transaction.atomic
def send(release: Release, actor: Actor) -> Outgoing:
    """Send what was signed, as far as it may leave at this moment. Called by the decision and by nothing else."""
    take_the_pen()  # from here on nothing of it is recalled, restricted or marked otherwise
    gate, outgoing = preview(release.partner, list(release.entities.order_by("pk")), release.purpose)
    two = release.matter is not None and release.matter.kind == TWO_SIGN
    outgoing.keep_to({one.claim.id for one in outgoing.leaves if two or not one.ruling.two_people} & {*release.claims})
    if gate.agreement is None or gate.agreement.pk != release.agreement_id or not outgoing.leaves:
        raise CannotChange("What was signed may no longer leave; the agreement or the markings have changed.")
    now = timezone.now()
    sealed = seal(
        [
            *((handed_on(judged.claim, utc_text(now)), True) for judged in outgoing.leaves),
            *((judged.claim, False) for judged in told(outgoing)),
        ]
    )
    handling = meet_all([judged.claim.handling for judged in outgoing.leaves])
    payload: dict[str, Any] = {
        "version": 1,
        "release": str(release),
        "from": ours().party,
        "to": str(release.partner.party),
        "at": utc_text(now),
        "purpose": release.purpose,
        "case": release.case,
        "legal_basis": release.legal_basis,
        "note": release.note,
        "handling": write_handling(handling),
        "valid_until": utc_text(gate.agreement.ends),
        "root": sealed.root,
        "size": len(sealed.parts),
    }
    with gate.leaving(outgoing, actor, release=release, number=str(release), root=sealed.root):
        message = channel.say(release.partner, "release", payload, sealed.parts)
        release.state, release.sent_at, release.root = Release.State.SENT, now, sealed.root
        release.envelope = {"message": message.number}
        release.save(update_fields=["state", "sent_at", "root", "envelope"])
    return outgoing


def told(outgoing: Outgoing) -> list[Judged]:
    """What stays and of which the receiver learns that it is withheld: of entities that it receives something of."""
    shown = {judged.dossier.entity.pk for judged in outgoing.leaves}
    return [judged for judged in outgoing.stays if judged.ruling.why in _TOLD and judged.dossier.entity.pk in shown]


def handed_on(claim: Claim, at: str) -> Claim:
    """The claim with our hand, signed, at the end of its chain. `at` is ISO 8601."""
    us = ours()
    return replace(claim, chain=(*claim.chain, Hand(us.party, us.name, at, sign_hand(claim, at))))


def sign_hand(claim: Claim, at: str) -> str:
    """Our signature, in base64, under having passed on this statement, after these hands, at this moment."""
    return base64.b64encode(ours().signing_key.sign(hand_message(claim, ours().party, at))).decode()
