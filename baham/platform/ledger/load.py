"""Loading a version of a list: one stream, one transaction, one mechanism for the first load and every later one.

Entities are read in batches. Of each, a digest over its statements says whether it is new, the same, or changed; what
is the same costs one comparison. What the file no longer has is closed at the end. Memory is bounded by the batch and
by one bit an entity. If anything fails, the database is as it was.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from baham.formats import BadInput
from baham.formats.reading import is_unfinished
from baham.kernel.entity import Entity as Said
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger import ends, expiry, fulltext, guard, keeping, marked, reading, touches
from baham.platform.ledger.datasets import ensure
from baham.platform.ledger.guard import Confirmed, Effect
from baham.platform.ledger.models import Change, Dataset, Entity, Statement, Version
from baham.platform.ledger.rows import insert_many, lock_for_writing

_BATCH = 2_000
_ENTITY = (
    "id",
    "dataset_id",
    "key",
    "schema",
    "caption",
    "canonical_id",
    "current",
    "digest",
    "text",
    "review_by",
)
_STATEMENT = (
    "entity_id",
    "sid",
    "prop",
    "value",
    "lang",
    "original",
    "record",
    "field",
    "quality",
    "flags",
    "origin",
    "external",
    "since",
)
_CHANGE = ("version_id", "entity_id", "kind")

T = TypeVar("T")
Progress = Callable[[int, int | None], None]
AFTER: list[Callable[["Version"], None]] = []
"""What other rooms do in the transaction of a load, once the new version stands; each adds its own when it is ready."""
Sieve = Callable[[Dataset, list[Said]], tuple[list[Said], int]]
SIEVES: list[Sieve] = []
"""What other rooms keep from coming in again: each takes a batch, and gives what of it may come in and how many
entities and values it took out. They know what was erased; this room does not."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. `version` is the version now in force; `unchanged` that the very same file was loaded before;
    `refused` are the entries that the file contradicts itself about, which stay as they were, one line for each;
    `unread` the columns of a table that are not read."""

    version: Version
    unchanged: bool = False
    refused: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


class Looked(Exception):
    """What a version would do, told instead of doing it."""

    def __init__(self, effect: Effect, stops: guard.Stops) -> None:
        super().__init__()
        self.effect, self.stops = effect, stops


@dataclass(slots=True)
class _Counts:
    entities: int = 0
    statements: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    flagged: int = 0
    left_out: int = 0
    kept_out: int = 0


@dataclass(slots=True)
class Loading:
    """One load under way, inside a transaction."""

    version: Version
    path: Path
    next_id: int
    counts: _Counts = field(default_factory=_Counts)
    effect: Effect = field(default_factory=Effect)
    seen: bytearray = field(default_factory=bytearray)

    def batch(self, batch: list[Said]) -> None:
        """Bring a batch of entities into the ledger."""
        keys: dict[str, Said] = {}
        for said in batch:
            if said.id in keys:
                raise self._twice(said)
            keys[said.id] = said
        for sieve in SIEVES:
            batch, kept_out = sieve(self.version.dataset, batch)
            self.counts.kept_out += kept_out
        known = {
            key: (pk, bytes(digest), current)
            for key, pk, digest, current in Entity.objects.filter(
                dataset_id=self.version.dataset_id, key__in=list(keys)
            ).values_list("key", "pk", "digest", "current")
        }
        new: list[tuple[int, Said, bytes]] = []
        changed: list[tuple[int, Said, bytes]] = []
        back: set[int] = set()
        for said in batch:
            digest = digest_of(said)
            self._count(said)
            found = known.get(said.id)
            if found is None:
                new.append((self.next_id, said, digest))
                self._see(self.next_id, said)
                self.next_id += 1
                continue
            pk, old_digest, current = found
            self._see(pk, said)
            if digest != old_digest or not current:
                changed.append((pk, said, digest))
                if not current:
                    back.add(pk)
        self._insert(new)
        self._amend(changed, back)

    def keep(self, keys: Iterable[str]) -> None:
        """Let these entities stand as they are: the file has them, and does not say clearly what they are."""
        for some in batches(keys, _BATCH):
            known = Entity.objects.filter(dataset_id=self.version.dataset_id, key__in=some)
            for pk in known.values_list("pk", flat=True):
                self._mark(pk)

    def close_what_is_gone(self) -> None:
        """Close the entities that the file no longer has: they stop matching now, and stay on record."""
        current = Entity.objects.filter(dataset_id=self.version.dataset_id, current=True).order_by("pk")
        self._close([pk for pk in current.values_list("pk", flat=True).iterator(_BATCH) if not self._was_seen(pk)])

    def close(self, keys: list[str]) -> None:
        """Close these entities."""
        named = Entity.objects.filter(dataset_id=self.version.dataset_id, current=True, key__in=keys)
        self._close(list(named.order_by("pk").values_list("pk", flat=True)))

    def _close(self, gone: list[int]) -> None:
        for pks in batches(gone, _BATCH):
            Statement.objects.filter(entity_id__in=pks, until=None).update(until=self.version.number)
            Entity.objects.filter(pk__in=pks).update(current=False)
            self._note(pks, Change.Kind.REMOVED)
        self.counts.removed += len(gone)
        self.effect.ending += gone[: guard.MOST_EXAMPLES]

    def _insert(self, new: list[tuple[int, Said, bytes]]) -> None:
        texts = [fulltext.text_of(statement.value for statement in said) for _, said, _ in new]
        dataset = self.version.dataset_id
        insert_many(
            "ledger_entity",
            _ENTITY,
            [
                (pk, dataset, said.id, said.schema, said.caption[:500], pk, True, digest, text, _review_date(said))
                for (pk, said, digest), text in zip(new, texts, strict=True)
            ],
        )
        insert_many("ledger_statement", _STATEMENT, self._rows((pk, said) for pk, said, _ in new))
        fulltext.put([(pk, text) for (pk, _, _), text in zip(new, texts, strict=True)])
        self._note([pk for pk, _, _ in new], Change.Kind.ADDED)
        self.counts.added += len(new)

    def _rows(self, entities: Iterable[tuple[int, Said]], only: set[str] | None = None) -> list[tuple[object, ...]]:
        since = self.version.number
        return [
            (
                pk,
                bytes.fromhex(s.id),
                s.prop,
                s.value,
                s.lang,
                s.original_value,
                s.place.record[:120],
                s.place.field[:200],
                s.quality[:40],
                " ".join(s.flags),
                s.origin,
                s.external,
                since,
            )
            for pk, said in entities
            for s in said
            if only is None or s.id in only
        ]

    def _amend(self, changed: list[tuple[int, Said, bytes]], back: set[int]) -> None:
        """Close what an entity no longer says, add what it says now, and leave the rest untouched."""
        if not changed:
            return
        pks = [pk for pk, _, _ in changed]
        held: dict[int, dict[str, int]] = {pk: {} for pk in pks}
        props: dict[int, set[str]] = {pk: set() for pk in pks}
        open_rows = Statement.objects.filter(entity_id__in=pks, until=None)
        for pk, sid, row, prop in open_rows.values_list("entity_id", "sid", "pk", "prop"):
            held[pk][bytes(sid).hex()] = row
            props[pk].add(prop)
        texts = dict(Entity.objects.filter(pk__in=pks).values_list("pk", "text"))
        put_off = {pk: day.isoformat() for pk, day in expiry.extended(pks).items()}
        closing: list[int] = []
        rows: list[tuple[object, ...]] = []
        for pk, said, digest in changed:
            closing += [row for sid, row in held[pk].items() if sid not in said.statements]
            self.effect.lost.update(props[pk] - {statement.prop for statement in said})
            rows += self._rows([(pk, said)], only=said.statements.keys() - held[pk].keys())
            text = fulltext.text_of(statement.value for statement in said)
            Entity.objects.filter(pk=pk).update(
                schema=said.schema,
                caption=said.caption[:500],
                digest=digest,
                text=text,
                current=True,
                review_by=max(filter(None, (_review_date(said), put_off.get(pk))), default=None),
            )
            if text != texts[pk]:
                fulltext.take_out([(pk, texts[pk])])
                fulltext.put([(pk, text)])
        for some in batches(closing, _BATCH):
            Statement.objects.filter(pk__in=some).update(until=self.version.number)
        insert_many("ledger_statement", _STATEMENT, rows)
        self._note([pk for pk in pks if pk in back], Change.Kind.ADDED)
        self._note([pk for pk in pks if pk not in back], Change.Kind.CHANGED)
        self.counts.added += len(back)
        self.counts.changed += len(pks) - len(back)
        if len(self.effect.changing) < guard.MOST_EXAMPLES:
            self.effect.changing += [pk for pk in pks if pk not in back][: guard.MOST_EXAMPLES]

    def settle(self) -> Effect:
        """What the load does, once all of the file has been read: also who ends by the publisher's own word."""
        ended = ends.settle(self.version)
        effect, counts = self.effect, self.counts
        effect.ended, effect.ending = len(ended), (effect.ending + ended)[: guard.MOST_EXAMPLES]
        effect.entities, effect.added = counts.entities, counts.added
        effect.changed, effect.removed = counts.changed, counts.removed
        effect.changing = effect.changing[: guard.MOST_EXAMPLES]
        return effect

    def _note(self, pks: list[int], kind: Change.Kind) -> None:
        insert_many("ledger_change", _CHANGE, [(self.version.pk, pk, kind.value) for pk in pks])

    def _count(self, said: Said) -> None:
        self.counts.entities += 1
        self.counts.statements += len(said)
        self.counts.left_out += said.left_out
        self.counts.flagged += any(statement.flags for statement in said)

    def _see(self, pk: int, said: Said) -> None:
        if self._was_seen(pk):
            raise self._twice(said)
        self._mark(pk)

    def _mark(self, pk: int) -> None:
        byte, bit = divmod(pk, 8)
        if byte >= len(self.seen):
            self.seen.extend(bytes(byte - len(self.seen) + 65_536))
        self.seen[byte] |= 1 << bit

    def _was_seen(self, pk: int) -> bool:
        byte, bit = divmod(pk, 8)
        return byte < len(self.seen) and bool(self.seen[byte] >> bit & 1)

    def _twice(self, said: Said) -> BadInput:
        place = next((str(statement.place) for statement in said), "")
        return BadInput(self.path, f"the entity {said.id} occurs twice", field=place or None)


def load(
    path: Path,
    name: str,
    actor: Actor,
    *,
    about: Mapping[str, object] | None = None,
    format_name: str = "",
    label: str = "",
    options: Mapping[str, object] | None = None,
    progress: Progress = lambda done, total: None,
    at: datetime | None = None,
    file_name: str = "",
    confirmed: Confirmed | None = None,
    look: bool = False,
) -> Loaded:
    """Load a file as the next version of the dataset `name`. Loading the file that is in force changes nothing.

    A dataset that is new is made with what `about` says of it. One that is known is read as it was read before, unless
    `format_name` or `options` say otherwise. Raises BadInput, and leaves the ledger as it was, if the file cannot be
    read to its end; MassChange if it would do what `guard` stops, and `confirmed` does not name the numbers. With
    `look` it raises Looked in any case, and nothing is changed.
    """
    layout, given = reading.how(path, name, format_name, options)
    info = layout.info(path)
    sha256, size = checksum([path, *info.companions])
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update().get(pk=ensure(name, actor, **(about or {})).pk)
        keeping.check(path, dataset, actor, (about or {}).get("tlp"))
        last = dataset.versions.first()
        if last is not None and last.sha256 == sha256 and given == dataset.options and not look:
            return Loaded(last, unchanged=True)
        lock_for_writing("ledger_entity")
        version = Version.objects.create(
            dataset=dataset,
            number=(last.number if last else 0) + 1,
            label=label or info.label,
            format=layout.name,
            file_name=(file_name or path.name)[:300],
            sha256=sha256,
            size=size,
            loaded_at=at or timezone.now(),
            loaded_by=actor.name,
            unfinished=not layout.closed and is_unfinished(path),
        )
        work = begin(version, path)
        work.effect.before = Entity.objects.filter(expiry.listed(), dataset=dataset).count()
        work.effect.tlp, work.effect.unread = dataset.tlp, layout.unread(path, **given)
        work.effect.unfinished = version.unfinished and not (last is not None and last.unfinished)
        refused: dict[str, str] = {}
        more = {"refused": refused} if layout.versions else {}
        for batch in batches(layout.read(path, dataset.name, **given, **more), _BATCH):
            marked.check(path, dataset, batch)
            work.batch(batch)
            progress(work.counts.entities, last.entities if last else None)
        if not (work.counts.entities or work.counts.kept_out):
            raise BadInput(path, next(iter(refused.values()), "the file holds no entity"))
        work.keep(refused)
        work.close_what_is_gone()
        dataset.format, dataset.options = layout.name, given
        dataset.save(update_fields=["format", "options"])
        effect = work.settle()
        if look:
            raise Looked(effect, guard.stops(dataset, effect))
        guard.check(dataset, path, effect, confirmed)
        finish(work, version)
        confirmed_as: dict[str, Any] = {}
        if confirmed is not None and guard.stops(dataset, effect):
            confirmed_as = {
                "confirmed_delisting": effect.silenced,
                "confirmed_changes": effect.changed,
                "justification": confirmed.reason,
                "agreed_by": confirmed.agreed,
            }
        record(
            actor,
            Event.COLLECTION,
            "loaded",
            f"dataset:{dataset.name}",
            title=f"{dataset.title}, version {version.number}",
            sha256=sha256,
            file=version.file_name,
            added=version.added,
            changed=version.changed,
            removed=version.removed,
            refused=len(refused),
            **confirmed_as,
        )
    return Loaded(version, refused=tuple(refused.values()), unread=tuple(work.effect.unread))


def begin(version: Version, path: Path) -> Loading:
    """A load into this version, inside the caller's transaction, which has locked the entities for writing."""
    return Loading(version, path, (Entity.objects.aggregate(last=Max("pk"))["last"] or 0) + 1)


def finish(work: Loading, version: Version) -> None:
    """Write down what a load did, and let the other rooms do what follows from a new version."""
    for count in _Counts.__dataclass_fields__:
        setattr(version, count, getattr(work.counts, count))
    version.save()
    touches.touch_version(version)
    for act in AFTER:
        act(version)


def _review_date(said: Said) -> str | None:
    """The review date that a source gives its entry, as both databases take it."""
    day = expiry.date_said(statement.value for statement in said if statement.prop == expiry.PROP)
    return day.isoformat() if day else None


def digest_of(said: Said) -> bytes:
    """A hash over schema and statements that does not depend on their order."""
    return hashlib.sha1(("\n".join([said.schema, *sorted(said.statements)])).encode(), usedforsecurity=False).digest()


def checksum(paths: list[Path]) -> tuple[str, int]:
    """SHA-256 over the files, one after the other, and their size in bytes."""
    digest, size = hashlib.sha256(), 0
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
                size += len(block)
    return digest.hexdigest(), size


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
