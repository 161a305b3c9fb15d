"""The order in which entities were touched last: what whoever reads on from a moment has to hear of again.

Each load, annotation, standing, judgement, extension and recall gives what it touched a new place at the end, in its
own transaction. What changes by the clock alone (a review date that passes, a permission that ends) touches nothing;
who reads asks for it anew each time.
"""

import hashlib
import secrets
import time
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.models import Max

from baham.formats.stix import NAMESPACE
from baham.kernel.chunks import in_chunks
from baham.platform.audit.services import take_the_pen
from baham.platform.ledger.leaning import leaned_by
from baham.platform.ledger.models import Dataset, Entity, Statement, Touch, Version
from baham.platform.ledger.outside import id_of

TOUCHED: list[Callable[[], object]] = []
"""Who looks at what was touched, once that is committed; rooms above add themselves when they are ready."""
LASTS: list[Callable[[], int]] = []
"""The last places that rooms above gave out beside these: nothing is touched at a place before one of them."""
STEP = 16
"""Microseconds between two places, at the least. What is made of one entity has places of its own in between."""
WIDEST = 8
"""Steps from one place to the next, at the most. How many there are is chance: whoever may not know of what stands in
between is not to count it."""
_CHUNK = 500
_PORTION = 5_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_JUDGED = 'e."id" IN (SELECT "left_id" FROM "ledger_judgement" UNION SELECT "right_id" FROM "ledger_judgement")'
_WIDE = {
    "sqlite": f"1 + ABS(RANDOM() %% {WIDEST})",
    "postgresql": f"1 + CAST(FLOOR(RANDOM() * {WIDEST}) AS BIGINT)",
}
_PUT = (
    'INSERT INTO "ledger_touch" ("entity_id", "at", "first")'
    " SELECT pk, {start} + {step} * SUM(wide) OVER (ORDER BY pk), {first}"
    " FROM (SELECT pk, {wide} AS wide FROM ({chosen}) chosen) places WHERE TRUE"
    ' ON CONFLICT ("entity_id") DO UPDATE SET "at" = EXCLUDED."at"'
)


def now() -> int:
    """This moment by the machine's clock, in microseconds since 1970."""
    return time.time_ns() // 1000


def moment(at: datetime) -> int:
    """A moment in microseconds since 1970."""
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


@transaction.atomic
def touch(entities: Collection[int]) -> None:
    """Put these entities, and all that are judged to be one with them, at the end, in the transaction of what was done
    to them: which of them stands for the others differs from reader to reader."""
    pks = sorted(set(entities))
    for some in in_chunks(pks, _CHUNK):
        marks = ", ".join(["%s"] * len(some))
        _put(
            f'SELECT "id" AS pk FROM "ledger_entity" WHERE "canonical_id" IN'
            f' (SELECT "canonical_id" FROM "ledger_entity" WHERE "id" IN ({marks}))',
            some,
            2 * len(some),
            now(),
        )


def last() -> int:
    """The place of what was touched last; 0 where nothing was."""
    return Touch.objects.aggregate(last=Max("at"))["last"] or 0


def certainly_before(at: datetime) -> int:
    """A place such that whatever was touched after this moment stands behind it: a touch of many begins before its own
    moment, by a step for each."""
    most = Touch.objects.aggregate(most=Max("entity"))["most"] or 0
    return moment(at) - 2 * STEP * WIDEST * most


def untouched(entities: Collection[int], since: int) -> set[int]:
    """Those of these entities that nothing was done to after the touch at this place, and that are still there."""
    pks, found = sorted(set(entities)), set()
    for some in in_chunks(pks, _CHUNK):
        rows = Touch.objects.filter(entity__in=some, at__lte=since)
        found |= set(rows.values_list("entity_id", flat=True))
    return found


def touch_statement(statement: Statement) -> None:
    """Put at the end whatever says this statement: what hangs on its id holds for each list that says it."""
    touch([statement.entity_id])
    touch_others([statement.entity.key], statement.entity.dataset)


def touch_others(keys: Collection[str], dataset: Dataset) -> None:
    """Put at the end what other lists than this one have under these keys: the same words may be the same statement."""
    others = list(Dataset.objects.exclude(pk=dataset.pk).values_list("pk", flat=True))
    distinct = sorted(set(keys))
    for some in in_chunks(distinct, _CHUNK):
        same = Entity.objects.filter(dataset__in=others, key__in=some)
        touch(list(same.values_list("pk", flat=True)))


def touch_cluster(entities: Iterable[Entity]) -> None:
    """Put everything at the end that is judged to be one with these, and the papers, ties and addresses that lean on
    them: what is held on a person holds for those."""
    standing = {entity.canonical_id for entity in Entity.objects.filter(pk__in=[one.pk for one in entities])}
    members = list(Entity.objects.filter(canonical__in=standing))
    touch([one.pk for one in members] + sorted(leaned_by(members)))


@transaction.atomic
def touch_version(version: Version) -> None:
    """Put at the end what a version added, changed or removed, in one statement."""
    _put(
        'SELECT "entity_id" AS pk FROM "ledger_change" WHERE "version_id" = %s'
        ' UNION SELECT m."id" FROM "ledger_change" c JOIN "ledger_entity" e ON c."entity_id" = e."id"'
        f' JOIN "ledger_entity" m ON m."canonical_id" = e."canonical_id" WHERE c."version_id" = %s AND {_JUDGED}',
        [version.pk, version.pk],
        version.added + version.changed + version.removed,
        moment(version.loaded_at),
    )


@transaction.atomic
def touch_dataset(dataset: Dataset) -> None:
    """Put a whole list at the end, where something changed that holds for all of it."""
    _put(
        'SELECT "id" AS pk FROM "ledger_entity" WHERE "dataset_id" = %s'
        ' UNION SELECT m."id" FROM "ledger_entity" e JOIN "ledger_entity" m ON m."canonical_id" = e."canonical_id"'
        f' WHERE e."dataset_id" = %s AND {_JUDGED}',
        [dataset.pk, dataset.pk],
        Entity.objects.filter(dataset=dataset).count(),
        now(),
    )


def begin(count: int) -> int:
    """The place after which so many new ones begin; until the transaction ends nobody else gives out any."""
    take_the_pen()
    # Many places end at this moment instead of beginning at it, so that none of them lies ahead of the clock.
    return max(last(), now() - STEP * WIDEST * count, *(one() for one in LASTS))


def widths(count: int) -> Iterator[int]:
    """So many distances from one place to the next, in microseconds, by chance."""
    return (STEP * (1 + byte % WIDEST) for byte in secrets.token_bytes(count))


def _put(chosen: str, values: list[int], count: int, first: int) -> None:
    """Give whatever is chosen new places. Who holds the pen is alone, so that nobody reads past a place that is filled
    later: each act that touches is written into the log anyway."""
    start = begin(count)
    with connection.cursor() as cursor:
        wide = _WIDE[connection.vendor]
        cursor.execute(
            _PUT.format(start="%s", step=STEP, first="%s", wide=wide, chosen=chosen), [start, first, *values]
        )
    for looks in TOUCHED:
        transaction.on_commit(looks)


def entities_of(uuids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The entities whose ids outside are these (`formats.stix.entity_id`, whatever their type): {UUID: entity}."""
    _name()
    wanted = list(uuids)
    found: dict[uuid.UUID, int] = {}
    for some in in_chunks(wanted, _CHUNK):
        rows = Touch.objects.filter(uuid__in=some)
        found.update({name: entity for name, entity in rows.values_list("uuid", "entity_id") if name is not None})
    return found


def uuid_of(public_id: str) -> uuid.UUID:
    """The UUID under which an entity is known outside, in the form of version 4 (`formats.stix.ids.object_id`)."""
    digest = hashlib.sha1(NAMESPACE.bytes + f"entity:{public_id}".encode(), usedforsecurity=False).digest()
    return uuid.UUID(bytes=digest[:16], version=4)


def _name() -> None:
    """Write down the ids of what was loaded since they were last asked for: a hash each, which no database makes."""
    field = Touch._meta.get_field("uuid")
    while True:
        rows = Touch.objects.filter(uuid=None).values_list("entity_id", "entity__key", "entity__dataset__name")
        some = list(rows[:_PORTION])
        if not some:
            return
        named = [(field.get_db_prep_value(uuid_of(id_of(dataset, key)), connection), pk) for pk, key, dataset in some]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany('UPDATE "ledger_touch" SET "uuid" = %s WHERE "entity_id" = %s', named)
