"""Adding statements to a dataset, or taking some out of it, where what comes is no whole list but a part.

What partners give comes like this. Each time is a version of its own, as with a list, so that history, differences,
monitoring and review dates work the same; what is not mentioned stays as it was.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from baham.kernel.entity import Entity as Whole
from baham.kernel.statement import Place
from baham.kernel.statement import Statement as Said
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger import ends
from baham.platform.ledger.load import Loading, batches, begin, finish
from baham.platform.ledger.models import Dataset, Entity, Statement, Version
from baham.platform.ledger.rows import lock_for_writing

_BATCH = 2_000


@transaction.atomic
def add(dataset: Dataset, said: Iterable[Said], actor: Actor, *, label: str, digest: str) -> Version:
    """Add statements to what the dataset says, as its next version. `digest` (SHA-256) names what they came in."""
    work, version = _begin(dataset, actor, label, digest)
    by_entity: dict[str, list[Said]] = defaultdict(list)
    for statement in said:
        by_entity[statement.entity_id].append(statement)
    for keys in batches(by_entity, _BATCH):
        wholes = _held(dataset, keys)
        for key in keys:
            whole = wholes.setdefault(key, Whole(key, by_entity[key][0].schema, dataset.name))
            for statement in by_entity[key]:
                whole.statements.setdefault(statement.id, statement)
        work.batch([wholes[key] for key in keys])
    return _end(work, version, actor, "added to")


@transaction.atomic
def take_out(dataset: Dataset, sids: Collection[str], actor: Actor, *, label: str, digest: str) -> Version:
    """Close statements of a dataset, as its next version. An entity of which nothing is left is no longer listed."""
    work, version = _begin(dataset, actor, label, digest)
    wanted = {bytes.fromhex(sid) for sid in sids}
    keys: set[str] = set()
    for some in batches(sorted(wanted), _BATCH):
        rows = Statement.objects.filter(entity__dataset=dataset, sid__in=some, until=None)
        keys |= set(rows.values_list("entity__key", flat=True))
    for portion in batches(sorted(keys), _BATCH):
        wholes = _held(dataset, portion)
        for whole in wholes.values():
            for sid in [sid for sid in whole.statements if bytes.fromhex(sid) in wanted]:
                del whole.statements[sid]
        work.batch([whole for whole in wholes.values() if whole.statements])
        work.close([key for key, whole in wholes.items() if not whole.statements])
    return _end(work, version, actor, "took out of")


def _begin(dataset: Dataset, actor: Actor, label: str, digest: str) -> tuple[Loading, Version]:
    dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
    lock_for_writing("ledger_entity")
    last = dataset.versions.first()
    version = Version.objects.create(
        dataset=dataset,
        number=(last.number if last else 0) + 1,
        label=label[:100],
        format="exchange",
        file_name="",
        sha256=digest,
        size=0,
        loaded_at=timezone.now(),
        loaded_by=actor.name,
    )
    return begin(version, Path(label)), version


def _end(work: Loading, version: Version, actor: Actor, act: str) -> Version:
    ends.settle(version)
    finish(work, version)
    record(
        actor,
        Event.COLLECTION,
        act,
        f"dataset:{version.dataset.name}",
        title=f"{version.dataset.title}, version {version.number}",
        sha256=version.sha256,
        added=version.added,
        changed=version.changed,
        removed=version.removed,
    )
    return version


def _held(dataset: Dataset, keys: Collection[str]) -> dict[str, Whole]:
    """What the dataset says of these entities now, as a load would read it."""
    found: dict[str, Whole] = {}
    entities = {entity.pk: entity for entity in Entity.objects.filter(dataset=dataset, key__in=list(keys))}
    for entity in entities.values():
        found[entity.key] = Whole(entity.key, entity.schema, dataset.name)
    for row in Statement.objects.filter(entity_id__in=entities, until=None).order_by("pk"):
        owner = entities[row.entity_id]
        statement = Said(
            owner.key,
            owner.schema,
            row.prop,
            row.value,
            dataset.name,
            lang=row.lang,
            original_value=row.original,
            origin=row.origin,
            external=row.external,
            place=Place(row.record, row.field),
            quality=row.quality,
            flags=tuple(row.flags.split()),
            id=row.sid_hex,
        )
        found[owner.key].statements[statement.id] = statement
    return found
