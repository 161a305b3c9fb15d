"""The ledger's place in an erasure: statements of all versions, what hangs on them, and the entity's own words.

The entity's row stays, hollow, under the number by which the log and its history name it.
"""

import shutil
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db.models import Model, Q, QuerySet

from baham.kernel.chunks import in_chunks
from baham.kernel.schema import Kind, kind_of
from baham.platform.jobs.models import Job, State
from baham.platform.ledger import fulltext, resolve
from baham.platform.ledger.leaning import stands_alone
from baham.platform.ledger.models import (
    Annotation,
    BasisGiven,
    CameThrough,
    Entity,
    Extension,
    GradeGiven,
    HandlingGiven,
    Judgement,
    Offered,
    Restriction,
    SourceShown,
    StanceTaken,
    StandingGiven,
    Statement,
)
from baham.platform.ledger.touches import touch
from baham.platform.places import Concerned

HOLLOW = "(erased)"
"""What an entity is called of which nothing is left."""
_ANNOTATIONS: tuple[type[Annotation], ...] = (
    GradeGiven,
    HandlingGiven,
    BasisGiven,
    StanceTaken,
    CameThrough,
    SourceShown,
)
_ON_ENTITY: tuple[type[Model], ...] = (Extension, StandingGiven, Restriction)
_ALL: tuple[type[Model], ...] = (Entity, Statement, Judgement, *_ANNOTATIONS, *_ON_ENTITY)
MODELS = tuple(model._meta.label for model in _ALL)
T = TypeVar("T")


def satellites(entities: Collection[int]) -> set[int]:
    """What exists only because of these entities, and says something about them: their papers, listings and ties. What
    names somebody else in the very same place (a listing of two) is not theirs alone."""
    shared = _shared(entities)
    return {pk for pk, schema, _sid, _prop in _pointing_at(entities) if not stands_alone(schema) and pk not in shared}


def mentions(entities: Collection[int]) -> dict[str, int]:
    """Statements of others that name these entities (who owns what), by id: the value is the entity's key."""
    shared = _shared(entities)
    return {sid: pk for pk, schema, sid, _prop in _pointing_at(entities) if stands_alone(schema) or pk in shared}


def belongings(entities: Collection[int]) -> set[int]:
    """What these entities name and nobody else does, and what is nothing by itself: an address."""
    found: set[int] = set()
    for dataset, rows in _by_dataset(Statement.objects.filter(entity__in=entities)).items():
        keys = {value for prop, value in rows if kind_of(prop) is Kind.ENTITY}
        named = Entity.objects.filter(dataset=dataset, key__in=keys).exclude(pk__in=entities)
        theirs = {key: pk for pk, key, schema in named.values_list("pk", "key", "schema") if not stands_alone(schema)}
        others = Statement.objects.filter(entity__dataset=dataset, value__in=sorted(theirs)).exclude(
            entity__in=entities
        )
        kept = {value for prop, value in others.values_list("prop", "value") if kind_of(prop) is Kind.ENTITY}
        found |= {pk for key, pk in theirs.items() if key not in kept}
    return found


def _by_dataset(rows: QuerySet[Statement]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for dataset, prop, value in rows.values_list("entity__dataset", "prop", "value"):
        found[dataset].append((prop, value))
    return found


def _shared(entities: Collection[int]) -> set[int]:
    """Of what points at these entities: what points at somebody else by the same property, wherever it names them."""
    places: dict[int, set[str]] = defaultdict(set)
    keys = set(Entity.objects.filter(pk__in=entities).values_list("key", flat=True))
    for pk, _schema, _sid, prop in _pointing_at(entities):
        places[pk].add(prop)
    rows = Statement.objects.filter(entity__in=places, until=None).exclude(value__in=keys)
    others: dict[int, set[str]] = defaultdict(set)
    for pk, prop in rows.values_list("entity_id", "prop"):
        others[pk].add(prop)
    return {pk for pk, props in places.items() if props <= others[pk]}


def _pointing_at(entities: Collection[int]) -> Iterator[tuple[int, str, str, str]]:
    """(entity, its schema, statement, property) for whatever of the same list points at one of these, said still or
    not."""
    keys: dict[int, set[str]] = defaultdict(set)
    for dataset, key in Entity.objects.filter(pk__in=entities).values_list("dataset_id", "key"):
        keys[dataset].add(key)
    for dataset, some in keys.items():
        rows = Statement.objects.filter(entity__dataset=dataset, value__in=sorted(some)).exclude(entity__in=entities)
        for pk, schema, sid, prop in rows.values_list("entity_id", "entity__schema", "sid", "prop"):
            if kind_of(prop) is Kind.ENTITY:
                yield pk, schema, bytes(sid).hex(), prop


def holds(concerned: Concerned) -> int:
    """How many statements, of all versions, and words on them."""
    rows = sum(Statement.objects.filter(sid__in=some).count() for some in in_chunks(_sids(concerned)))
    words = sum(
        model._default_manager.filter(sid__in=some).count()
        for model in _ANNOTATIONS
        for some in in_chunks(sorted(concerned.statements))
    )
    return rows + words + _judged(concerned).count()


def erase(concerned: Concerned) -> int:
    """Take it all out. Inside the caller's transaction; the entities were delisted before."""
    count = 0
    for part in in_chunks(_sids(concerned)):
        count += Statement.objects.filter(sid__in=part, entity_id__in=set(concerned.statements.values())).delete()[0]
        count += _take_words(part)
    count += _take_apart(concerned)
    for kind in _ON_ENTITY:
        count += kind._default_manager.filter(entity__in=concerned.entities).delete()[0]
    _hollow(concerned.entities)
    return count


def _take_words(sids: list[bytes]) -> int:
    """Remove what was said about these statements. Where another list still says the same, only what a partner said of
    it elsewhere goes: our own words, and that partner's on what it gave, hold there as before."""
    said: dict[str, set[str]] = defaultdict(set)
    for sid, dataset in Statement.objects.filter(sid__in=sids).values_list("sid", "entity__dataset__name"):
        said[bytes(sid).hex()].add(dataset)
    count = 0
    for model in _ANNOTATIONS:
        rows = model._default_manager.filter(sid__in=[sid.hex() for sid in sids])
        stays = [row.pk for row in rows.filter(sid__in=said) if row.counts_among(said[row.sid])]
        count += rows.exclude(pk__in=stays).delete()[0]
    return count


def _take_apart(concerned: Concerned) -> int:
    """Remove what people judged about the entities, and let those who are left stand as if it had never been judged."""
    judged = _judged(concerned)
    touched = {pk for pair in judged.values_list("left_id", "right_id") for pk in pair} | set(concerned.entities)
    touched |= set(Entity.objects.filter(canonical_id__in=concerned.entities).values_list("pk", flat=True))
    count = judged.delete()[0]
    resolve.settle_anew(touched)
    touch(touched)
    return count


def _judged(concerned: Concerned) -> QuerySet[Judgement]:
    return Judgement.objects.filter(Q(left__in=concerned.entities) | Q(right__in=concerned.entities))


def _hollow(entities: Collection[int]) -> None:
    rows = list(Entity.objects.filter(pk__in=entities))
    fulltext.take_out([(row.pk, row.text) for row in rows if row.text])
    for row in rows:
        Entity.objects.filter(pk=row.pk).update(
            key=f"erased-{row.pk}", caption=HOLLOW, text="", digest=b"", current=False, review_by=None, ended=None
        )


def files(concerned: Concerned) -> int:
    """Remove the lists that were fetched and kept, and uploads that no job waits for; how many files."""
    home, count = Path(settings.HOME), 0
    for name in {dataset for dataset, _key in concerned.keys}:
        for path in (home / "fetched" / name).glob("*"):
            if path.name == "new":
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != "state.json":
                path.unlink(missing_ok=True)
                count += 1
    waiting = Job.objects.filter(state__in=(State.QUEUED, State.RUNNING)).values_list("given", flat=True)
    awaited = {str(given.get("path", "")) for given in waiting}
    offered = Offered.objects.filter(pk__in=[given["offered"] for given in waiting if "offered" in given])
    awaited |= {one for path in offered.values_list("path", flat=True) for one in (path, str(Path(path).parent))}
    for path in (home / "uploads").glob("*"):
        if str(path) not in awaited:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            count += 1
    return count


def _sids(concerned: Concerned) -> list[bytes]:
    return [bytes.fromhex(sid) for sid in sorted(concerned.statements)]
