"""Recall: statements are taken back, here at once and from everybody who was given them.

In one transaction: the recall is signed, each statement gets stones that refuse its return, it leaves no more, every
partner that holds any of them is told what to remove and until when, what was derived from them comes up for review,
and, where the statement was wrong, the correction goes out with the recall, or, where it takes the signatures of two
people, is put forward as a release that a second person signs. Answers (done, partial, refused, told
onward) are kept; a partner's silence after the deadline shows on its page and in its track record.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from baham.formats.sealed import Sealed, seal
from baham.kernel.chunks import in_chunks
from baham.kernel.claim import Claim
from baham.kernel.clock import utc_text
from baham.kernel.decision import LEAST_REASON
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record, take_the_pen
from baham.platform.ledger.models import Entity, Statement
from baham.platform.ledger.touches import touch
from baham.platform.release import channel, holdings
from baham.platform.release.agreements import current
from baham.platform.release.claims import dossiers
from baham.platform.release.gateway import Gate, Outgoing
from baham.platform.release.identity import ours
from baham.platform.release.models import Holding, Partner, Recall, RecallNotice, Release
from baham.platform.release.partners import CannotChange
from baham.platform.release.releases import handed_on, put_forward
from baham.platform.release.tombstones import Said, recalls_of, set_stones

DAYS = {Recall.Ground.SOURCE: 1, Recall.Ground.IDENTITY: 1, Recall.Ground.LEGAL: 2, Recall.Ground.ERROR: 7}
"""How many days a receiver has, by why the statement is taken back: where somebody may come to harm, one."""
Reassess = Callable[[Recall, Mapping[str, int], Actor], int]
DERIVED: list[Reassess] = []
"""How each room puts before people what it derived from recalled statements ({statement id: entity}); each says how
much it found, and adds its own way when it is ready."""
_NAMED = 1_000


@dataclass(frozen=True, slots=True)
class Taken:
    """What a recall did: how many statements it took back, whom it told, how much was put up for re-assessment, and
    the releases that wait for a second signature, with what is true instead."""

    recall: Recall
    statements: int
    told: list[RecallNotice]
    reassessed: int
    proposed: list[Release]


@transaction.atomic
def recall(
    actor: Actor,
    statements: Mapping[str, int],
    ground: str,
    why: str,
    *,
    deadline: datetime | None = None,
    correction: Collection[str] = (),
) -> Taken:
    """Take statements back: {statement id: entity}. `correction` are the ids of statements on the same entities that
    are true instead: each receiver is given them with the recall, as far as the policy lets them out to it; what two
    people must sign is put forward. Raises CannotChange for a ground that is none, a reason that says too little, a
    correction that is not said of these entities, or where none is held here or all were recalled before."""
    if ground not in Recall.Ground.values:
        raise CannotChange(f"A recall is for one of these: {', '.join(Recall.Ground.values)}.")
    if len(" ".join(why.split())) < LEAST_REASON:
        raise CannotChange(f"Write at least {LEAST_REASON} characters on why; every receiver reads it.")
    now = timezone.now()
    take_the_pen()  # whoever lets something leave has it in hand: they are before this, and holders, or after it
    deadline = deadline or now + timedelta(days=DAYS[Recall.Ground(ground)])
    if deadline <= now:
        raise CannotChange("The deadline lies in the past.")
    wanted = _held_here(statements, ground)
    if not wanted:
        raise CannotChange("None of these statements is held here, or all of them were recalled before.")
    instead = set(correction) - set(wanted)
    if instead - _said_of(set(wanted.values()), instead):
        raise CannotChange("What is true instead is to be a value that is said here of the same record.")
    made = Recall.objects.create(
        ground=ground,
        why=why.strip(),
        made_by=actor.name,
        made_at=now,
        deadline=deadline,
        count=len(wanted),
        correction=sorted(instead) or None,
    )
    set_stones(made, _stoned(wanted))
    told = _tell_all(made, wanted)
    touched = sorted(set(wanted.values()))
    touch(touched)
    reassessed = sum(room(made, wanted, actor) for room in DERIVED)
    record(
        actor,
        Event.ALTERATION,
        "recalled",
        f"recall:{made.pk}",
        title=str(made),
        justification=made.why,
        ground=ground,
        statements=len(wanted),
        entities=touched[:_NAMED],
        told=[n.partner.name for n in told],
        reassessed=reassessed,
    )
    proposed = [_put_forward(made, notice.partner, actor) for notice in told] if made.correction else []
    return Taken(made, len(wanted), told, reassessed, [release for release in proposed if release])


def tell_onward(made: Recall, statements: Mapping[str, int], actor: Actor) -> list[RecallNotice]:
    """Recall from others what its sender recalled from us, and put up what was derived from it. Whom we told."""
    take_the_pen()
    told = _tell_all(made, statements)
    touch([entity for entity in statements.values() if entity])
    for room in DERIVED:
        room(made, statements, actor)
    return told


def _stoned(statements: Mapping[str, int]) -> Iterator[str | Said]:
    """What may not return: each statement by its id, and what it says of its entity, under whatever id it comes."""
    yield from statements
    entities = sorted(set(statements.values()))
    for part in in_chunks(entities):
        some = Statement.objects.filter(entity_id__in=part)
        for sid, key, prop, value in some.values_list("sid", "entity__key", "prop", "value"):
            if bytes(sid).hex() in statements:
                yield Said(key, prop, value)


def _tell_all(made: Recall, statements: Mapping[str, int]) -> list[RecallNotice]:
    """Tell each receiver; by law also those that closed it before, because what is closed still has its words."""
    held = holdings.holders(statements, ever=made.ground == Recall.Ground.LEGAL)
    partners = Partner.objects.in_bulk(held)
    return [_tell(made, partners[pk], held[pk]) for pk in sorted(held)]


def _held_here(statements: Mapping[str, int], ground: str) -> dict[str, int]:
    """Those of the statements that their entity has here, said still or no longer, and that were not recalled yet. What
    was recalled on another ground can be taken back by law still."""
    gone: Mapping[str, int] = recalls_of(statements)
    if ground == Recall.Ground.LEGAL:
        by_law = set(Recall.objects.filter(pk__in=set(gone.values()), ground=ground).values_list("pk", flat=True))
        gone = {sid: recall for sid, recall in gone.items() if recall in by_law}
    found: dict[str, int] = {}
    entities = sorted(set(statements.values()))
    for part in in_chunks(entities):
        some = Statement.objects.filter(entity_id__in=part)
        for sid, entity in some.values_list("sid", "entity_id"):
            if (name := bytes(sid).hex()) in statements and name not in gone:
                found[name] = entity
    return found


def _said_of(entities: Collection[int], sids: Collection[str]) -> set[str]:
    """Those of these statements that are said of these entities now."""
    wanted = [bytes.fromhex(sid) for sid in sids if len(sid) == 40 and set(sid) <= set("0123456789abcdef")]
    said = Statement.objects.filter(sid__in=wanted, entity__in=list(entities), until=None)
    return {bytes(sid).hex() for sid in said.values_list("sid", flat=True)} if wanted else set()


def _tell(made: Recall, partner: Partner, held: Sequence[Holding]) -> RecallNotice:
    """Tell one receiver exactly what it holds of this, and nothing of what others hold."""
    pks = [holding.pk for holding in held]
    for part in in_chunks(pks):
        some = Holding.objects.filter(pk__in=part)
        some.update(state=Holding.State.RECALLED, recall=made)
    sids = {holding.sid_hex for holding in held}
    channel.take_out(partner, sids)
    correction = seal((claim, True) for claim in _correct(made, partner))
    channel.say(partner, "recall", recall_payload(made, partner, sorted(sids), correction), correction.parts)
    return RecallNotice.objects.create(recall=made, partner=partner, count=len(held))


def _correct(made: Recall, partner: Partner) -> list[Claim]:
    """What is true instead, as far as this receiver may have it by the one signature that the recall has: through the
    gate, like everything that leaves."""
    gate, outgoing = _instead(made, partner, two=False)
    if not outgoing.leaves:
        return []
    with gate.leaving(outgoing, Actor(made.made_by), recall=str(made)):
        return [handed_on(judged.claim, utc_text(made.made_at)) for judged in outgoing.leaves]


def _instead(made: Recall, partner: Partner, *, two: bool) -> tuple[Gate, Outgoing]:
    """What is true instead and may go to a receiver if it is signed: what takes `two` people, or what does not."""
    agreement = current(partner)
    gate = Gate.open(partner, agreement.purposes[0] if agreement else "", exit="recall", signed=True, named=two)
    outgoing = gate.judge(dossiers(_concerned(made, partner) if made.correction else []))
    right = set(made.correction or ())
    outgoing.leaves = [one for one in outgoing.leaves if one.claim.id in right and one.ruling.two_people is two]
    return gate, outgoing


def _concerned(made: Recall, partner: Partner) -> list[int]:
    """The entities of which a receiver held what a recall takes back."""
    held = Holding.objects.filter(recall=made, partner=partner).order_by("entity")
    return list(held.values_list("entity", flat=True).distinct())


def _put_forward(made: Recall, partner: Partner, actor: Actor) -> Release | None:
    """Propose what is true instead, where one signature is not enough: a second person signs it, or does not."""
    gate, outgoing = _instead(made, partner, two=True)
    if not outgoing.leaves:
        return None
    entities = list(Entity.objects.filter(pk__in={one.dossier.entity.pk for one in outgoing.leaves}).order_by("pk"))
    return put_forward(
        actor,
        partner,
        entities,
        purpose=gate.terms.purpose,
        case=case_of(made),
        note=made.why,
        only={claim.id for claim in outgoing.claims},
    )


def case_of(made: Recall) -> str:
    """The case of the releases that a recall puts forward."""
    return f"Recall {made}"


def recall_payload(made: Recall, partner: Partner, sids: Sequence[str], correction: Sealed) -> dict[str, Any]:
    """What the signed recall says to one receiver. What is true instead travels beside it, bound by its root, so that
    it can be taken out in its turn while the signature holds."""
    return {
        "version": 1,
        "recall": str(made.uuid),
        "from": ours().party,
        "to": str(partner.party),
        "at": utc_text(made.made_at),
        "ground": made.ground,
        "why": made.why,
        "deadline": utc_text(made.deadline),
        "statements": sorted(sids),
        "root": correction.root,
        "size": len(correction.parts),
    }


@transaction.atomic
def answered(
    partner: Partner,
    recall_id: str,
    answer: str,
    *,
    kept: Collection[str] = (),
    reason: str = "",
    onward: Sequence[str] = (),
    actor: Actor,
) -> RecallNotice:
    """Write down what a receiver answered. `kept` are the statements that it did not remove. Raises CannotChange."""
    notice = RecallNotice.objects.select_related("recall").filter(partner=partner, recall__uuid=recall_id).first()
    if notice is None:
        raise CannotChange("This partner was sent no such recall.")
    if answer not in (RecallNotice.Answer.DONE, RecallNotice.Answer.PARTIAL, RecallNotice.Answer.REFUSED):
        raise CannotChange("A recall is answered with done, partial or refused.")
    if answer != RecallNotice.Answer.DONE and not reason.strip():
        raise CannotChange("Say why, where not everything was removed.")
    notice.answer, notice.reason, notice.onward = answer, reason.strip(), sorted(set(onward))
    notice.answered_at = timezone.now()
    notice.save()
    of_this = Holding.objects.filter(partner=partner, recall=notice.recall)
    if answer == RecallNotice.Answer.REFUSED:
        of_this.update(state=Holding.State.REFUSED)
    else:
        left = [bytes.fromhex(sid) for sid in kept]
        of_this.update(state=Holding.State.REMOVED)
        of_this.filter(sid__in=left).update(state=Holding.State.REFUSED)
    record(
        actor,
        Event.SYSTEM,
        f"answered a recall: {answer}",
        f"recall:{notice.recall_id}",
        title=str(notice.recall),
        justification=notice.reason,
        recipient=partner.title,
        kept=len(kept),
        onward=notice.onward,
    )
    return notice


def entities_of(sids: Sequence[str]) -> dict[str, int]:
    """The entity of each of these statements that is said here. Reads every statement: for a person at a keyboard."""
    wanted = [bytes.fromhex(sid) for sid in sids if len(sid) == 40 and set(sid) <= set("0123456789abcdef")]
    rows = Statement.objects.filter(sid__in=wanted).values_list("sid", "entity_id")
    return {bytes(sid).hex(): entity for sid, entity in rows}


def overdue() -> list[RecallNotice]:
    """The receivers that have not answered a recall by its deadline, the longest silent first."""
    waiting = RecallNotice.objects.filter(answer=RecallNotice.Answer.WAITING, recall__deadline__lt=timezone.now())
    return list(waiting.select_related("recall", "partner").order_by("recall__deadline"))


def concerning(partner: Partner) -> list[RecallNotice]:
    """The recalls that a partner was told of, the newest first."""
    return list(partner.recall_notices.select_related("recall").order_by("-pk")[:50])


def by_statement(entity: Entity) -> dict[str, list[Holding]]:
    """Who was given each statement of an entity, for its chain: {statement id: holdings}. One query."""
    found: dict[str, list[Holding]] = defaultdict(list)
    for holding in Holding.objects.filter(entity=entity).select_related("partner"):
        found[holding.sid_hex].append(holding)
    return dict(found)
