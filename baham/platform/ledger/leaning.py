"""What is something only because of others: papers, listings, ties, addresses. What is held on them holds for it too.

A restricted person's passport is that person's, whatever record it stands in; so is the tie of a victim to a suspect.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator

from baham.kernel.chunks import in_chunks
from baham.kernel.schema import SCHEMATA
from baham.platform.ledger.models import Entity, Restriction, StandingGiven, Statement
from baham.platform.ledger.pointing import POINTING

_DEPTH = 3
"""How far papers hang on papers: a listing on a person, a document on a listing."""
_ADDRESS = "Address"


def stands_alone(schema: str) -> bool:
    """Whether such an entity is something by itself: a person, a company, a ship; and not an address or a paper."""
    known = SCHEMATA.get(schema)
    return known is None or known.matchable or ("Thing" in known.parents and schema != _ADDRESS)


def leaning(entities: Collection[Entity]) -> dict[int, set[int]]:
    """On whom each of these leans, by what stands for them (`Entity.canonical`): {entity: canonical ids}. Nothing for
    what stands alone; of addresses, those alone on whose bearers something is held. No query where all stand alone."""
    found: dict[int, set[int]] = defaultdict(set)
    front = {one.pk: {one.pk} for one in entities if not stands_alone(one.schema)}
    for pk, canonical in _living_at([one for one in entities if one.schema == _ADDRESS]):
        found[pk].add(canonical)
    for _level in range(_DEPTH):
        following: dict[int, set[int]] = defaultdict(set)
        for pk, end, canonical, schema in _ends(front):
            for origin in front[pk]:
                found[origin].add(canonical)
            if not stands_alone(schema):
                following[end] |= front[pk]
        if not following:
            break
        front = dict(following)
    return dict(found)


def leaned_by(entities: Collection[Entity]) -> set[int]:
    """What leans on these: their papers, listings, ties and addresses, and the papers of those. Reads the statements of
    their lists: for what people do one by one."""
    found: set[int] = set()
    front = {(one.dataset_id, one.key): one.pk for one in entities}
    homes = Statement.objects.filter(entity__in=front.values(), prop="addressEntity", until=None)
    for dataset, key in list(homes.values_list("entity__dataset_id", "value")):
        found |= set(Entity.objects.filter(dataset=dataset, key=key, schema=_ADDRESS).values_list("pk", flat=True))
    for _level in range(_DEPTH):
        following: dict[tuple[int, str], int] = {}
        for dataset in {dataset for dataset, _key in front}:
            for some in in_chunks([key for of, key in front if of == dataset]):
                rows = Statement.objects.filter(entity__dataset=dataset, prop__in=POINTING, value__in=some, until=None)
                for pk, key, schema in rows.values_list("entity_id", "entity__key", "entity__schema"):
                    if not stands_alone(schema) and pk not in found:
                        following[dataset, key] = pk
        found |= set(following.values())
        if not following:
            break
        front = following
    return found


def _ends(pks: Collection[int]) -> Iterator[tuple[int, int, int, str]]:
    """What these point at in their own lists: (entity, what it points at, what stands for that, its schema)."""
    points: dict[tuple[int, str], set[int]] = defaultdict(set)
    for some in in_chunks(pks):
        rows = Statement.objects.filter(entity_id__in=some, prop__in=POINTING, until=None)
        for pk, dataset, key in rows.values_list("entity_id", "entity__dataset_id", "value"):
            points[dataset, key].add(pk)
    for dataset in {dataset for dataset, _key in points}:
        for keys in in_chunks([key for of, key in points if of == dataset]):
            ends = Entity.objects.filter(dataset=dataset, key__in=keys)
            for end, key, canonical, schema in ends.values_list("pk", "key", "canonical_id", "schema"):
                for pk in points[dataset, key]:
                    yield pk, end, canonical, schema


def _living_at(addresses: Collection[Entity]) -> Iterator[tuple[int, int]]:
    """Those of the addresses that somebody points at on whom something is held: (address, what stands for them)."""
    if not addresses:
        return
    by_place = {(one.dataset_id, one.key): one.pk for one in addresses}
    held = set(Restriction.objects.filter(lifted_at=None).values_list("entity__canonical_id", flat=True))
    held |= set(StandingGiven.objects.values_list("entity__canonical_id", flat=True))
    for some in in_chunks(held):
        rows = Statement.objects.filter(entity__canonical__in=some, prop="addressEntity", until=None)
        for dataset, key, canonical in rows.values_list("entity__dataset_id", "value", "entity__canonical_id"):
            if (dataset, key) in by_place:
                yield by_place[dataset, key], canonical
