"""Taking in what a partner says, value by value: what is refused, what waits, and what stands beside what others say.

A trusted partner's claims stand at once in a dataset of their own, under its grades and markings, and are not screened
against before a list officer says so. A partner who is not trusted goes through quarantine: its claims have no effect
before a person has accepted and graded them; its own grade is kept as its word and is never in force (F: cannot be
judged). Nothing overwrites what others say: what cannot be true together stands side by side.
"""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import transaction
from django.utils import timezone

from baham.formats.claims import hand_message, read_handling, write, write_handling
from baham.kernel.basis import BasisKind, StanceKind
from baham.kernel.chunks import in_chunks
from baham.kernel.claim import Claim
from baham.kernel.grade import Grade, Scheme
from baham.kernel.handling import Handling
from baham.kernel.schema import LEFT_OUT
from baham.measures.sharing.models import Received
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger import adding, annotate, touches
from baham.platform.ledger.datasets import ensure
from baham.platform.ledger.given import list_of
from baham.platform.ledger.models import (
    BasisGiven,
    CameThrough,
    Dataset,
    Entity,
    GradeGiven,
    HandlingGiven,
    Statement,
)
from baham.platform.ledger.rows import lock_for_writing
from baham.platform.release.models import Message, Partner
from baham.platform.release.partners import CannotChange, actor_of, signing_keys
from baham.platform.release.tombstones import taken_back

_CHUNK = 5_000
_GONE = (Received.State.RECALLED, Received.State.ENDED)
UNGRADED = Grade(Scheme.ADMIRALTY, "F", "6")


@dataclass(slots=True)
class Outcome:
    """How many claims wait, how many stand, and how many were refused for which reason."""

    quarantined: int = 0
    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)


@transaction.atomic
def take_in(partner: Partner, claims: Sequence[Claim], message: Message | None, *, signed: bool = True) -> Outcome:
    """Take claims in. What bears a tombstone, is not signed by the partner's own hand, or says what is never stored, is
    refused by itself; the rest waits in quarantine, or stands at once where the partner is trusted. Without `signed`
    its own hand is enough: for what was fetched from its own address, by a way on which nothing is signed."""
    outcome = Outcome()
    good = _good(partner, claims, outcome, signed)
    twins = said_by_others(partner, {claim.id: claim.statement.entity_id for claim in good})
    outcome.refused["said here already by its own source"] += len(twins)
    good = [claim for claim in good if claim.id not in twins]
    held = _held(partner, [claim.id for claim in good])
    new = [claim for claim in good if claim.id not in held]
    make_stricter(partner, {claim.id: claim.handling for claim in good if claim.id in held})
    outcome.refused["given before"] += len(good) - len(new)
    now, state = timezone.now(), Received.State.ACCEPTED if partner.trusted else Received.State.QUARANTINE
    Received.objects.bulk_create(
        [
            Received(
                partner=partner,
                sid=bytes.fromhex(claim.id),
                entity_key=claim.statement.entity_id[:320],
                about=about(claim),
                claim=json.dumps(write(claim), ensure_ascii=False, separators=(",", ":")),
                message=message,
                grade=claim.grade.code if claim.grade else "",
                state=state,
                at=now,
                decided_by="agreement" if partner.trusted else "",
            )
            for claim in new
        ],
        batch_size=_CHUNK,
        update_conflicts=True,
        unique_fields=["sid", "partner"],
        update_fields=["claim", "about", "message", "grade", "state", "at", "decided_by", "decided_at", "reason"],
    )
    if partner.trusted and new:
        stand(partner, new, actor_of(partner), {})
        outcome.accepted = len(new)
    else:
        outcome.quarantined = len(new)
    outcome.refused = +outcome.refused
    record(
        actor_of(partner),
        Event.COLLECTION,
        "received",
        f"partner:{partner.name}",
        title=partner.title,
        accepted=outcome.accepted,
        quarantined=outcome.quarantined,
        refused=dict(outcome.refused),
    )
    return outcome


@transaction.atomic
def make_stricter(partner: Partner, wanted: Mapping[str, Handling]) -> int:
    """Put what a partner gave before, and marks more strictly now ({statement id: handling}), under the meet of both;
    how many. Nothing becomes wider by this. What came over TAXII is marked as its last version is."""
    changed: list[Received] = []
    for row in received_of(partner, wanted):
        written = json.loads(row.claim) if row.claim else None
        if written is None:
            continue
        now = read_handling(written["handling"])
        if (meet := now & wanted[row.sid_hex]) != now:
            row.claim = json.dumps(
                {**written, "handling": write_handling(meet)}, ensure_ascii=False, separators=(",", ":")
            )
            changed.append(row)
    Received.objects.bulk_update(changed, ["claim"], batch_size=_CHUNK)
    standing = {row.sid_hex: row for row in changed if row.state == Received.State.ACCEPTED}
    if standing:
        _mark(partner, standing, wanted)
    if changed:
        record(
            actor_of(partner),
            Event.ALTERATION,
            "marked more strictly what it gave",
            f"partner:{partner.name}",
            title=partner.title,
            statements=len(changed),
        )
    return len(changed)


def _mark(partner: Partner, rows: Mapping[str, Received], wanted: Mapping[str, Handling]) -> None:
    """The same for what stands in the ledger: under the meet with whatever counts there now, ours included."""
    dataset = dataset_of(partner, actor_of(partner))
    now: dict[str, Handling] = {}
    for sids in in_chunks(sorted(rows)):
        for given in HandlingGiven.objects.filter(sid__in=sids):
            if given.counts_in(dataset):
                now[given.sid] = given.handling
    _give_handling(partner, {sid: now.get(sid, dataset.handling) & wanted[sid] for sid in rows})
    touches.touch([entity for _sid, entity in standing_in(dataset, rows)])
    touches.touch_others([row.entity_key for row in rows.values()], dataset)


def _give_handling(partner: Partner, handlings: Mapping[str, Handling]) -> None:
    at, by = timezone.now(), f"partner:{partner.name}"
    HandlingGiven.objects.bulk_create(
        [
            HandlingGiven(
                sid=sid,
                by=by,
                at=at,
                tlp=one.tlp,
                pap=one.pap,
                releasable_to=_listed(one.releasable_to),
                purposes=_listed(one.purposes),
                originators=sorted(one.originators),
                expires=one.expires,
            )
            for sid, one in handlings.items()
        ],
        batch_size=_CHUNK,
    )


def about(claim: Claim) -> str:
    """Whom a claim is about, as its sender names them: the canonical id, or else the entity's own."""
    return (claim.statement.canonical_id or claim.statement.entity_id)[:400]


def said_by_others(partner: Partner, entities: Mapping[str, str]) -> set[str]:
    """Those of these statements ({id: entity's key}) that a list of somebody else says here under the very same id.

    What hangs on a statement hangs on its id; so what is ours is neither marked, graded nor recalled by a partner who
    says it too.
    """
    found: set[str] = set()
    keys = sorted(set(entities.values()))
    others = list(Dataset.objects.exclude(name=list_of(partner.name)).values_list("pk", flat=True))
    for some in in_chunks(keys):
        rows = Statement.objects.filter(entity__dataset__in=others, entity__key__in=some).values_list("sid", flat=True)
        found |= {sid for row in rows.iterator(_CHUNK) if (sid := bytes(row).hex()) in entities}
    return found


def _good(partner: Partner, claims: Sequence[Claim], outcome: Outcome, signed: bool) -> list[Claim]:
    keys = signing_keys(partner)
    good: dict[str, Claim] = {}
    for claim, recall in zip(claims, taken_back(claims), strict=True):
        if claim.statement.prop in LEFT_OUT:
            outcome.refused["of a kind that is never stored"] += 1
        elif recall is not None:
            outcome.refused["recalled before"] += 1
        elif not _handed_by(claim, partner, keys, signed):
            outcome.refused["does not bear the sender's signature"] += 1
        else:
            twice = good.get(claim.id)
            good[claim.id] = claim if twice is None else replace(claim, handling=claim.handling & twice.handling)
    return list(good.values())


def _handed_by(claim: Claim, partner: Partner, keys: Mapping[str, bytes], signed: bool) -> bool:
    """Whether the last hand is the partner's own, and signed where that is asked."""
    if not claim.chain or claim.chain[-1].party != str(partner.party):
        return False
    if not signed:
        return True
    hand = claim.chain[-1]
    return is_signed(keys, hand.signature, hand_message(claim, hand.party, hand.at))


def is_signed(keys: Mapping[str, bytes], signature: str, message: bytes) -> bool:
    """Whether one of these keys ({id: 32 bytes}) made the signature (base64) under the message."""
    try:
        raw = base64.b64decode(signature, validate=True)
    except ValueError:
        return False
    return any(_signed(key, raw, message) for key in keys.values())


def _signed(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _held(partner: Partner, sids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for part in in_chunks(sids):
        some = [bytes.fromhex(sid) for sid in part]
        rows = Received.objects.filter(partner=partner, sid__in=some).exclude(state__in=_GONE)
        found |= {bytes(sid).hex() for sid in rows.values_list("sid", flat=True)}
    return found


def dataset_of(partner: Partner, actor: Actor) -> Dataset:
    """Where what a partner says stands: a dataset of its own, which the operator keeps and which is not screened
    against."""
    return ensure(
        list_of(partner.name),
        actor,
        keeper=None,
        title=f"From {partner.title}",
        publisher=partner.title,
        screened=False,
        tlp=3,
        pap=2,
        licence=f"given by {partner.title}; not for publication",
        review_route=partner.title,
    )


def stand(partner: Partner, claims: Sequence[Claim], actor: Actor, grades: Mapping[str, Grade]) -> None:
    """Let claims stand in the ledger, with their markings, chains and grades. `grades` are ours, where we gave any."""
    lock_for_writing("ledger_entity")  # before the pen, as a load does
    digest = hashlib.sha256("\n".join(sorted(claim.id for claim in claims)).encode()).hexdigest()
    dataset = dataset_of(partner, actor)
    adding.add(dataset, [claim.statement for claim in claims], actor, label=f"from {partner.title}", digest=digest)
    now, by = timezone.now(), f"partner:{partner.name}"
    _give_handling(partner, {claim.id: claim.handling for claim in claims})
    CameThrough.objects.bulk_create(
        [CameThrough(sid=claim.id, by=by, at=now, hands=write(claim)["chain"]) for claim in claims], batch_size=_CHUNK
    )
    BasisGiven.objects.bulk_create(
        [
            BasisGiven(
                sid=claim.id,
                by=by,
                at=now,
                kind=claim.basis.kind.value,
                on=claim.basis.on,
                confidence=claim.basis.confidence.value,
                reason=claim.basis.author,
            )
            for claim in claims
            if claim.basis.kind is BasisKind.ASSESSMENT and claim.basis.on and claim.basis.confidence
        ],
        batch_size=_CHUNK,
    )
    theirs = [(claim, claim.grade if partner.trusted else UNGRADED) for claim in claims if claim.id not in grades]
    given = [(sid, grade, grade.by, grade.reason) for sid, grade in grades.items()]
    given += [
        (claim.id, grade, by, f"{grade.by}: {grade.reason}" if grade.by else grade.reason)
        for claim, grade in theirs
        if grade is not None
    ]
    GradeGiven.objects.bulk_create(
        [
            GradeGiven(
                sid=sid,
                by=who,
                at=now,
                scheme=grade.scheme.value,
                reliability=grade.reliability,
                credibility=grade.credibility,
                reason=reason,
            )
            for sid, grade, who, reason in given
        ],
        batch_size=_CHUNK,
    )
    touches.touch_others({claim.statement.entity_id for claim in claims}, dataset)


def _listed(names: frozenset[str] | None) -> list[str] | None:
    return None if names is None else sorted(names)


def sid_of(text: str) -> bytes:
    """A statement's id as it is stored. Raises CannotChange for what is none."""
    try:
        if len(text) == 40:
            return bytes.fromhex(text)
    except ValueError:
        pass
    raise CannotChange("a statement id is 40 hexadecimal digits")


def stance(partner: Partner, payload: Mapping[str, Any]) -> None:
    """Write down that a partner supports or disputes something we gave it. Nothing of ours changes."""
    sid, kind, reason = (str(payload.get(name, "")) for name in ("statement", "stance", "reason"))
    if kind not in {one.value for one in StanceKind}:
        raise CannotChange("a stance supports, contradicts or calls outdated")
    holding = partner.holdings.filter(sid=sid_of(sid)).first()
    statement = Statement.objects.filter(entity=holding.entity_id, sid=holding.sid).first() if holding else None
    if statement is None:
        raise CannotChange("this partner was given no such statement")
    try:
        annotate.take_stance(statement, kind, actor_of(partner), reason, str(payload.get("evidence", ""))[:10_000])
    except annotate.CannotAnnotate as error:
        raise CannotChange(str(error)) from error


def regraded(partner: Partner, payload: Mapping[str, Any]) -> None:
    """A partner grades anew what it gave us. Of a trusted one the grade is in force; else it is kept as its word."""
    sid, code = str(payload.get("statement", "")), str(payload.get("code", ""))
    rows = received_of(partner, [sid])
    if not rows:
        raise CannotChange("this partner gave us no such statement")
    try:
        grade = Grade.parse(code, Scheme(str(payload.get("scheme", Scheme.ADMIRALTY.value))))
    except ValueError as error:
        raise CannotChange(str(error)) from error
    Received.objects.filter(pk=rows[0].pk).update(grade=grade.code)
    if partner.trusted:
        GradeGiven.objects.create(
            sid=sid,
            by=f"partner:{partner.name}",
            at=timezone.now(),
            scheme=grade.scheme.value,
            reliability=grade.reliability,
            credibility=grade.credibility,
            reason=str(payload.get("reason", ""))[:10_000],
        )
        dataset = dataset_of(partner, actor_of(partner))
        touches.touch([entity for _sid, entity in standing_in(dataset, {sid: rows[0]})])
        touches.touch_others([rows[0].entity_key], dataset)
    record(
        actor_of(partner),
        Event.ALTERATION,
        f"graded anew {grade.code}",
        f"received:{rows[0].pk}",
        title=rows[0].entity_key,
        in_force=partner.trusted,
    )


def received_of(partner: Partner, sids: Collection[str], *, gone_too: bool = False) -> list[Received]:
    """What of these statements a partner gave and did not take back since; `gone_too`: or did."""
    found: list[Received] = []
    for rows in in_chunks(sid_of(sid) for sid in sids):
        some = Received.objects.filter(partner=partner, sid__in=rows)
        found += some if gone_too else some.exclude(state__in=_GONE)
    return found


def standing_in(dataset: Dataset, rows: Mapping[str, Received]) -> Iterator[tuple[str, int]]:
    """Of what a partner gave, by statement id, what stands in its list now: (statement id, entity)."""
    keys = {row.entity_key for row in rows.values()}
    entities = dict(Entity.objects.filter(dataset=dataset, key__in=keys).values_list("pk", "key"))
    for sid, entity in Statement.objects.filter(entity_id__in=entities, until=None).values_list("sid", "entity_id"):
        if bytes(sid).hex() in rows:
            yield bytes(sid).hex(), entity
