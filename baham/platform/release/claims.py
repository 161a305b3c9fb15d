"""The ledger's statements as claims: what the policy asks about, and what every exit writes.

A handful of queries for each thousand entities, whatever each holds. The order is that of the ledger, so that the same
entities give the same claims.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings

from baham.kernel.basis import Basis, BasisKind, Confidence
from baham.kernel.chunks import in_chunks
from baham.kernel.claim import FACT, Claim, Hand
from baham.kernel.clock import utc_text
from baham.kernel.grade import Grade, Scheme
from baham.kernel.release import About
from baham.kernel.statement import Place
from baham.kernel.statement import Statement as Said
from baham.platform.ledger import expiry
from baham.platform.ledger.models import (
    BasisGiven,
    CameThrough,
    Dataset,
    Entity,
    GradeGiven,
    HandlingGiven,
    Statement,
    Version,
    handling_of,
)
from baham.platform.ledger.outside import public_id
from baham.platform.ledger.standing import about
from baham.platform.release.tombstones import taken_back

CHUNK = 1_000


@dataclass(slots=True)
class Dossier:
    """An entity of one source with its claims, and what is held on it. `joined` says that it was judged to be one with
    an earlier one."""

    entity: Entity
    about: About
    claims: list[Claim] = field(default_factory=list)

    @property
    def joined(self) -> bool:
        return self.entity.pk != self.entity.canonical_id


@dataclass(slots=True)
class _Annotations:
    """What hangs on the statements of a portion, by statement id. Of each kind the newest is in force."""

    grades: dict[str, list[GradeGiven]]
    handlings: dict[str, list[HandlingGiven]]
    bases: dict[str, list[BasisGiven]]
    hands: dict[str, list[CameThrough]]


def dossiers(pks: Sequence[int], datasets: Collection[str] = ()) -> Iterator[Dossier]:
    """These entities with their claims, in this order; only those that are alive, of `datasets` where any are named."""
    for some in in_chunks(pks, CHUNK):
        yield from _portion(some, datasets)


def _portion(pks: Sequence[int], datasets: Collection[str]) -> Iterator[Dossier]:
    wanted = Entity.objects.filter(expiry.alive(), pk__in=pks).select_related("dataset")
    if datasets:
        wanted = wanted.filter(dataset__name__in=datasets)
    entities = {entity.pk: entity for entity in wanted}
    rows: dict[int, list[Statement]] = defaultdict(list)
    for statement in Statement.objects.filter(entity_id__in=entities, until=None).order_by("pk"):
        rows[statement.entity_id].append(statement)
    sids = [statement.sid_hex for said in rows.values() for statement in said]
    hung, known = _annotations(sids), about(list(entities.values()), sids)
    seen = _times({entity.dataset_id for entity in entities.values()})
    claims: dict[int, list[Claim]] = {}
    for pk in pks:
        if (entity := entities.get(pk)) is not None:
            outside = public_id(entity)
            claims[pk] = [_claim(entity, outside, one, hung, seen) for one in rows[pk]]
    recalls = iter(taken_back([claim for some in claims.values() for claim in some], said=False))
    for pk, some in claims.items():
        held, recalled = known[pk], frozenset(claim.id for claim in some if next(recalls) is not None)
        facts = About(held.standing, held.protected, held.restricted, held.shows_source, recalled)
        yield Dossier(entities[pk], facts, some)


def _claim(
    entity: Entity, outside: str, statement: Statement, hung: _Annotations, seen: dict[tuple[int, int], str]
) -> Claim:
    sid, dataset = statement.sid_hex, entity.dataset
    said = Said(
        entity.key,
        entity.schema,
        statement.prop,
        statement.value,
        dataset.name,
        lang=statement.lang,
        original_value=statement.original,
        canonical_id=outside,
        origin=statement.origin,
        first_seen=seen.get((dataset.pk, statement.since)),
        last_seen=seen.get((dataset.pk, 0)),
        external=statement.external,
        place=Place(statement.record, statement.field),
        quality=statement.quality,
        flags=tuple(statement.flags.split()),
        id=sid,
    )
    graded, based, came = (_last(hung_on.get(sid), dataset) for hung_on in (hung.grades, hung.bases, hung.hands))
    hands = tuple(Hand(**hand) for hand in came.hands) if came else first_hand(dataset)
    basis = FACT
    if based is not None:  # the author is a party, never an officer
        author = hands[0].name or hands[0].party if hands else settings.PARTY_NAME
        basis = Basis(BasisKind(based.kind), author, based.on, Confidence(based.confidence))
    handling = handling_of(dataset, hung.handlings.get(sid, ()))
    return Claim(said, handling, _grade(graded, dataset), basis, hands)


def known_as(claim: Claim, entity: Entity) -> Claim:
    """The claim under the id outside of this entity."""
    return replace(claim, statement=replace(claim.statement, canonical_id=public_id(entity)))


def _grade(graded: GradeGiven | None, dataset: Dataset) -> Grade | None:
    """The grade as it leaves: by which officer and why stays here, for nobody has released those words."""
    if graded is not None:
        return replace(graded.grade, by="", reason="")
    return Grade.parse(dataset.grade, Scheme(dataset.scheme)) if dataset.grade else None


def _last(given: Sequence[Any] | None, dataset: Dataset) -> Any:
    """The newest annotation that counts in this dataset; None where there is none."""
    return next((one for one in reversed(given or ()) if one.counts_in(dataset)), None)


def first_hand(dataset: Dataset) -> tuple[Hand, ...]:
    """Where a list that nobody passed on to us begins: with its publisher, who is one origin whoever relays it."""
    return (Hand(f"publisher:{dataset.publisher}", dataset.publisher),) if dataset.publisher else ()


def _annotations(sids: Sequence[str]) -> _Annotations:
    made = _Annotations({}, {}, {}, {})
    for some in in_chunks(sids):
        for graded in GradeGiven.objects.filter(sid__in=some):
            made.grades.setdefault(graded.sid, []).append(graded)
        for handled in HandlingGiven.objects.filter(sid__in=some):
            made.handlings.setdefault(handled.sid, []).append(handled)
        for based in BasisGiven.objects.filter(sid__in=some):
            made.bases.setdefault(based.sid, []).append(based)
        for came in CameThrough.objects.filter(sid__in=some):
            made.hands.setdefault(came.sid, []).append(came)
    return made


def _times(datasets: set[int]) -> dict[tuple[int, int], str]:
    """When each version was loaded, ISO 8601; under number 0 the newest of each dataset."""
    found: dict[tuple[int, int], str] = {}
    rows = Version.objects.filter(dataset_id__in=datasets).order_by("number")
    for dataset, number, at in rows.values_list("dataset_id", "number", "loaded_at"):
        found[dataset, number] = found[dataset, 0] = utc_text(at)
    return found
