"""The shelf of the ledger: what an agreement lets out by itself, rendered for one reader at the moment of reading.

The order is that in which entities were touched last. Each place has room for what is made of one entity: first what
others refer to and the reader was not told yet, then the object, by its type; so no two objects share a moment. What
the reader was told and may no longer have stands there as revoked; who was never told of it learns nothing.
"""

import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import accumulate, islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from baham.formats import stix
from baham.formats.stix.schemata import kind_for
from baham.kernel.chunks import in_chunks
from baham.kernel.handling import Handling
from baham.measures.sharing.taxii import rendering, told
from baham.measures.sharing.taxii.filters import Filters, Place
from baham.measures.sharing.taxii.models import Access, Anew, Collection, Told
from baham.measures.sharing.taxii.readers import Reading
from baham.measures.sharing.taxii.rendering import Made
from baham.measures.sharing.taxii.shelf import Content, Line, Moved
from baham.measures.sharing.taxii.told import Entry, Memory
from baham.platform.audit.services import take_the_pen
from baham.platform.ledger import touches
from baham.platform.ledger.models import Dataset, Entity, Judgement, Touch
from baham.platform.ledger.rows import insert_many
from baham.platform.release.gateway import Outgoing
from baham.platform.release.identity import ours
from baham.platform.release.models import Holding, Partner

KINDS = ("identity", "location", "user-account", "incident", "note", "relationship")
"""The types that the writer makes, in the order of their places after what they refer to."""
_FIRST_KIND = touches.STEP - len(KINDS)
_SHARED_TYPES = frozenset({"identity", "marking-definition", "extension-definition"})
_NO_LIST = [""]
_LEAST, _MOST, _ROWS = 20, 500, 5_000


class _At(NamedTuple):
    """An entity at its place in the reader's order; `standing` is the one that stands for it, `touched` its place in
    that of all."""

    at: int
    entity: int
    first: int
    schema: str
    standing: int
    touched: int


class LedgerShelf:
    """What `reading` finds in a collection of the ledger."""

    def __init__(self, collection: Collection, reading: Reading) -> None:
        self._collection, self._reading = collection, reading
        self._memory = Memory(collection, reading.partner)
        self._datasets = _lists(collection, reading)
        us = ours()
        self._producer = stix.Producer(us.party, us.name)
        self._beside: dict[Handling, list[dict[str, object]]] = {}
        self._last: list[Entry] = []
        self._new_beside: list[Entry] = []
        self._known: dict[str, int] = {}
        self._hands_over = False
        self._since = 0
        self._seen: Access | None = None

    def objects(self, after: Place | None, filters: Filters) -> tuple[list[Content], bool]:
        entries, more = self._page(after, filters)
        self._hands_over = True
        return [Content(entry.added, entry.seq, entry.raw) for entry in entries], more

    def manifest(self, after: Place | None, filters: Filters) -> tuple[list[Line], bool]:
        entries, more = self._page(after, filters)
        self._hands_over = False
        return [Line(one.added, one.seq, one.id, one.version_text, 21) for one in entries], more

    def holds(self, stix_id: str) -> bool:
        return bool(self._page(None, Filters(limit=1, ids=(stix_id,)))[0])

    @transaction.atomic
    def handed_over(self) -> None:
        """What leaves goes through the gate, into the log and into what the partner holds; and what it was told."""
        if not self._last and not self._new_beside:
            return
        self._access().first()
        take_the_pen()
        self._check_that_nothing_moved()
        with ExitStack() as leaving:
            for number, gate in enumerate(self._reading.gates if self._hands_over else ()):
                made = [one for entry in self._last if entry.made for one in entry.made.leaves[number].leaves]
                if made:
                    out = Outgoing(list(made), since=self._since)
                    leaving.enter_context(gate.leaving(out, self._reading.actor, collection=str(self._collection.pk)))
                    if len(out.leaves) < len(made):
                        raise Moved
            self._memory.keep({entry.id: entry for entry in (*self._new_beside, *self._last)}.values())

    def _check_that_nothing_moved(self) -> None:
        """A page is made before it is written down; between the two somebody may have closed what is in it."""
        at = {entry.row.entity_id: entry.touched for entry in self._last if entry.row.entity_id}
        for pks in in_chunks(at, _MOST):
            rows = Touch.objects.filter(entity__in=pks).values_list("entity", "at")
            if any(at[pk] != now for pk, now in rows):
                raise Moved
        reading = Reading.of(Partner.objects.get(pk=self._reading.partner.pk))
        if _digest(reading, self._datasets) != _digest(self._reading, self._datasets):
            raise Moved
        if not self._memory.is_as_it_was(self._last, self._known):
            raise Moved

    def _page(self, after: Place | None, filters: Filters) -> tuple[list[Entry], bool]:
        self._last, self._new_beside, self._known = [], [], {}
        self._beside.clear()
        self._since = touches.last()
        if filters.specs and 21 not in filters.specs:
            return [], False
        self._meet_the_agreement()
        start = max(after.added if after else 0, filters.added_after or 0)
        asked = (one for one in self._merged(start, filters) if one.added > start and _is_asked(one, filters))
        with _undisturbed():
            found = list(islice(asked, filters.limit + 1))
        self._last = found[: filters.limit]
        return self._last, len(found) > filters.limit

    def _access(self) -> QuerySet[Access]:
        """The reader's right to this collection; whoever has it in hand is alone with this reader."""
        mine = Access.objects.filter(collection=self._collection, partner=self._reading.partner)
        return mine.select_for_update()

    def _meet_the_agreement(self) -> None:
        """Where the reader has another agreement than when it read last, all of it comes anew."""
        digest = _digest(self._reading, self._datasets)
        self._seen = Access.objects.filter(collection=self._collection, partner=self._reading.partner).first()
        if self._seen is not None and digest and self._seen.terms != digest:
            self._seen = self._begin_anew(digest)

    @transaction.atomic
    def _begin_anew(self, digest: str) -> Access:
        """Give all of it new places, for this reader and nobody else."""
        row = self._access().get()
        if row.terms and row.terms != digest:
            wanted = Touch.objects.filter(self._in_question())
            count = wanted.count()
            start = touches.begin(count)
            at_places = (start + far for far in accumulate(touches.widths(count)))
            row.since = touches.last()
            Anew.objects.filter(access=row).delete()
            places = wanted.order_by("at").values_list("entity", flat=True).iterator(_ROWS)
            insert_many(
                Anew._meta.db_table,
                ("access_id", "entity_id", "at"),
                ((row.pk, entity, at) for entity, at in zip(places, at_places, strict=False)),
            )
        row.terms = digest
        row.save(update_fields=["terms", "since"])
        return row

    def _merged(self, start: int, filters: Filters) -> Iterator[Entry]:
        """The objects of the entities, and between them, each at the place that it keeps, what they refer to."""
        known = self._memory.shared()
        rows = sorted(known.values(), key=lambda row: row.at or 0) if self._reading.gates else []
        placed = [told.known(row) for row in rows if (row.at or 0) > start]
        for entry in self._entities(start, filters, known):
            while placed and placed[0].added < entry.added:
                yield placed.pop(0)
            yield entry
        yield from placed

    def _entities(self, start: int, filters: Filters, known: dict[str, Told]) -> Iterator[Entry]:
        size = max(_LEAST, -(-(filters.limit + 1) // -(-(filters.limit + 1) // _MOST)))
        for portion in self._walk(start, filters, size):
            before = self._memory.of([one.entity for one in portion])
            self._known.update({number: row.version for rows in before.values() for number, row in rows.items()})
            some = _of_types(portion, before, filters.types)
            standing = {one.standing for one in some}
            made = rendering.render(standing, self._datasets, self._reading.gates, self._producer)
            for one in some:
                whole = made.get(one.standing)
                here = whole if whole is not None and whole.entity == one.entity else None
                yield from self._at_place(one, here, before.get(one.entity, {}), known)

    def _at_place(
        self, one: _At, made: Made | None, before: dict[str, Told], known: dict[str, Told]
    ) -> Iterator[Entry]:
        """What stands at the place of one entity."""
        now = str(made.object["id"]) if made else ""
        entries = [
            self._memory.revoked(row, _place(one, number), one.at) for number, row in before.items() if number != now
        ]
        if made:
            yield from self._referred_to(one, made.handling, known)
            entries.append(self._memory.current(made, _place(one, now), one.at, one.first, before.get(now)))
        for entry in entries:
            entry.touched = one.touched
        yield from sorted(entries, key=lambda entry: entry.added)

    def _referred_to(self, one: _At, handling: Handling, known: dict[str, Told]) -> Iterator[Entry]:
        """What the object refers to and the reader was not told of; it keeps this place, asked for now or not."""
        if handling in self._beside:
            return
        self._beside[handling] = stix.shared(handling, self._producer)
        new = [item for item in self._beside[handling] if item["id"] not in known]
        entries = [self._memory.beside(item, one.at + slot) for slot, item in enumerate(new)]
        self._new_beside += entries
        known.update({entry.id: entry.row for entry in entries})
        yield from entries

    def _walk(self, start: int, filters: Filters, size: int) -> Iterator[list[_At]]:
        """The entities of which something may stand after a place, in order, in portions."""
        orders = self._orders()
        if filters.ids:
            uuids = [UUID(bytes=UUID(one[-36:]).bytes, version=4) for one in filters.ids if _is_id(one)]
            found = list(touches.entities_of(uuids).values())
            yield sorted(_At(*row) for rows in orders for row in rows.filter(entity__in=found))
            return
        for rows in orders:
            after = start - touches.STEP
            while some := [_At(*row) for row in rows.filter(at__gt=after)[:size]]:
                yield some
                after = some[-1].at

    def _orders(self) -> list[QuerySet[Any, Any]]:
        """What was touched last, and before all of it what stands anew for this reader and was not touched since."""
        row, asked = self._seen, self._in_question()
        touched = Touch.objects.filter(asked).annotate(touched=F("at")).order_by("at")
        columns = ("entity__schema", "entity__canonical_id", "touched")
        if row is None or not row.since:
            return [touched.values_list("at", "entity", "first", *columns)]
        anew = Anew.objects.filter(asked, access=row, entity__touch__at__lte=row.since).order_by("at")
        anew = anew.annotate(touched=F("entity__touch__at"))
        return [
            anew.values_list("at", "entity", "entity__touch__first", *columns),
            touched.filter(at__gt=row.since).values_list("at", "entity", "first", *columns),
        ]

    def _in_question(self) -> Q:
        """Which entities may be told, or may have to be taken back. Without an agreement only what was recalled is."""
        if not self._reading.gates:
            gone = Holding.objects.filter(partner=self._reading.partner, recall__isnull=False)
            return Q(entity__in=self._memory.entities()) & Q(entity__in=gone.values("entity"))
        if not self._datasets:
            return Q()
        same = Judgement.objects.filter(verdict=Judgement.Verdict.SAME, retracted_at=None)
        joined = Entity.objects.filter(
            Q(pk__in=same.values("left")) | Q(pk__in=same.values("right")), dataset__name__in=self._datasets
        )
        listed = Q(entity__dataset__in=Dataset.objects.filter(name__in=self._datasets))
        return listed | Q(entity__in=joined.values("canonical")) | Q(entity__in=self._memory.entities())


def _lists(collection: Collection, reading: Reading) -> list[str]:
    """The lists that both the collection and the agreement name; none where either does not say: all."""
    agreed = set(reading.gates[0].datasets) if reading.gates else set()
    if agreed and collection.datasets:
        return sorted(agreed & set(collection.datasets)) or _NO_LIST
    return sorted(agreed or collection.datasets)


def _digest(reading: Reading, datasets: Sequence[str]) -> str:
    """What was agreed, whatever its days; empty without an agreement."""
    said = [
        (
            one.purpose,
            sorted(one.purposes),
            sorted(one.scopes),
            one.fields and sorted(one.fields),
            one.fields is None,
            one.acts,
            one.limit,
            one.audience,
            one.watch_list,
        )
        for one in reading.terms
    ]
    return hashlib.sha256(repr((said, list(datasets))).encode()).hexdigest() if said else ""


def _of_types(portion: list[_At], before: dict[int, dict[str, Told]], types: Sequence[str]) -> list[_At]:
    """Without those that are surely of other types: what nobody asked for is not rendered."""
    if not types or _SHARED_TYPES & set(types):
        return portion
    standing = {one.standing for one in portion}
    several = Entity.objects.filter(canonical__in=standing).exclude(pk=F("canonical_id"))
    joined = set(several.values_list("canonical_id", flat=True))
    return [one for one in portion if one.entity in before or one.standing in joined or kind_for(one.schema) in types]


def _is_asked(entry: Entry, filters: Filters) -> bool:
    wanted = filters.versions
    return (
        (not filters.ids or entry.id in filters.ids)
        and (not filters.types or entry.type in filters.types)
        and (wanted.every or wanted.first or wanted.last or entry.version in wanted.exact)
    )


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A page is made of some hundred thousand small things, none of which refers to itself: to look for such among them
    again and again takes as long as making them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _place(one: _At, stix_id: str) -> int:
    return one.at + _FIRST_KIND + KINDS.index(stix_id.partition("--")[0])


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text[-36:]))
    except ValueError:
        return False
