"""Every shelf gives the same answers. The plain one here says in Python what the other says in SQL.

A shelf that is added goes into SHELVES_HELD and is held to all of this.
"""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baham.kernel.handling import TLP, UNKNOWN, Handling
from baham.measures.sharing.taxii import border, moments
from baham.measures.sharing.taxii.filters import EVERY, LAST, Filters, Place, Versions
from baham.measures.sharing.taxii.ledger_shelf import KINDS, LedgerShelf
from baham.measures.sharing.taxii.marked import marking_of
from baham.measures.sharing.taxii.models import Collection, State, Stored
from baham.measures.sharing.taxii.readers import Reading
from baham.measures.sharing.taxii.shelf import Content, Line, Shelf
from baham.measures.sharing.taxii.stored import StoredShelf
from baham.platform.ledger import resolve, standing
from baham.platform.ledger.models import Entity
from tests.measures.sharing.taxii import made_ledger, world
from tests.support.people import actor

pytestmark = pytest.mark.django_db
WHY = "An invented reason that is long enough."
BASE = 1_770_000_000_000_000


@dataclass(frozen=True)
class Row:
    """One object that lies in a collection: what, when it came, how it is handled, whose it is, where it stands."""

    kind: str
    number: int
    version: int
    spec: int
    added: int
    handling: Handling
    own: bool
    state: State

    @property
    def item(self) -> dict[str, Any]:
        moment = moments.write(BASE + self.version)
        versioned = {"created": moments.write(BASE), "modified": moment} if self.version else {}
        return {
            "id": world.stix(self.kind, self.number)["id"],
            "type": self.kind,
            **versioned,
            "spec_version": "2.1" if self.spec == 21 else "2.0",
        }

    @property
    def raw(self) -> bytes:
        return border._written(self.item)

    @property
    def told(self) -> str:
        return self.item.get("modified", "")


@dataclass(frozen=True)
class Read:
    """One object as a walk over a whole collection found it."""

    raw: bytes
    added: int
    spec: int = 21

    @property
    def item(self) -> dict[str, Any]:
        return json.loads(self.raw)

    @property
    def kind(self) -> str:
        return self.item["type"]

    @property
    def told(self) -> str:
        return self.item.get("modified") or self.item.get("created") or ""

    @property
    def version(self) -> int:
        return moments.read(self.told) - BASE if self.told else 0


class PlainShelf:
    """A shelf over a list, by the letter of TAXII 2.1 §3.4 and nothing else."""

    def __init__(self, rows: Sequence[tuple[int, Any]], reading: Reading | None) -> None:
        self._rows = [(seq, row) for seq, row in rows if reading is None or self._open(row, reading)]

    @staticmethod
    def _open(row: Row, reading: Reading) -> bool:
        if row.own and row.state in (State.ACCEPTED, State.WAITING):
            return True
        return row.state == State.ACCEPTED and reading.may_have(row.handling)

    def _asked(self, after: Place | None, filters: Filters) -> list[tuple[int, Row]]:
        def version(row: Row) -> int:
            return BASE + row.version if row.version else row.added

        by_id: dict[str, list[tuple[int, Row]]] = {}
        for seq, row in self._rows:
            by_id.setdefault(row.item["id"], []).append((seq, row))
        found = []
        for group in by_id.values():
            highest = max(row.spec for _seq, row in group)
            right = [(seq, row) for seq, row in group if row.spec in (filters.specs or (highest,))]
            if not right:
                continue
            wanted = filters.versions
            last, first = max(version(row) for _s, row in right), min(version(row) for _s, row in right)
            found += [
                (seq, row)
                for seq, row in right
                if wanted.every
                or (wanted.last and version(row) == last)
                or (wanted.first and version(row) == first)
                or version(row) in wanted.exact
            ]
        found = [
            (seq, row)
            for seq, row in found
            if (not filters.ids or row.item["id"] in filters.ids)
            and (not filters.types or row.kind in filters.types)
            and (filters.added_after is None or row.added > filters.added_after)
            and (after is None or (row.added, seq) > (after.added, after.seq))
        ]
        return sorted(found, key=lambda one: (one[1].added, one[0]))

    def objects(self, after: Place | None, filters: Filters) -> tuple[list[Content], bool]:
        found = self._asked(after, filters)
        rows = [Content(row.added, seq, row.raw) for seq, row in found[: filters.limit]]
        return rows, len(found) > filters.limit

    def manifest(self, after: Place | None, filters: Filters) -> tuple[list[Line], bool]:
        found = self._asked(after, filters)
        rows = [Line(row.added, seq, row.item["id"], row.told, row.spec) for seq, row in found[: filters.limit]]
        return rows, len(found) > filters.limit

    def holds(self, stix_id: str) -> bool:
        return any(row.item["id"] == stix_id for _seq, row in self._rows)


@dataclass
class Room:
    """A collection, its reader, and a way to lay rows into it; none of them stay when the test is over."""

    collection: Collection
    reader: world.Knocker
    writer: world.Knocker

    def lay(self, rows: Sequence[Row]) -> list[tuple[int, Row]]:
        Stored.objects.all().delete()
        newest: dict[str, int] = {}
        for row in rows:
            newest[row.item["id"]] = max(newest.get(row.item["id"], 0), row.version)
        laid = []
        for row in rows:
            posted = border.check(row.item, (20, 21), moments.now())
            stored = Stored.objects.create(
                collection=self.collection,
                stix_id=posted.id,
                type=posted.type,
                spec=posted.spec,
                version=posted.version,
                version_text=posted.version_text,
                added=row.added,
                state=row.state,
                superseded=row.version < newest[posted.id],
                marking_id=marking_of(row.handling),
                owner=(self.reader if row.own else self.writer).partner,
                digest=posted.digest,
                raw=posted.raw,
            )
            laid.append((stored.seq, row))
        return laid

    def reading(self) -> Reading:
        return Reading.of(self.reader.partner)


@pytest.fixture
def room(kohsar, nilgar, shared) -> Room:
    return Room(shared, nilgar, kohsar)


SHELVES_HELD: dict[str, Callable[[Room, Sequence[tuple[int, Row]]], Shelf]] = {
    "plain": lambda room, laid: PlainShelf(laid, room.reading()),
    "stored": lambda room, laid: StoredShelf(room.collection, room.reading()),
}


def row(number: int, version: int = 1, **more: Any) -> Row:
    parts = {
        "kind": "identity",
        "spec": 21,
        "added": number * 10 + version,
        "handling": Handling(tlp=TLP.GREEN),
        "own": False,
        "state": State.ACCEPTED,
    }
    return Row(number=number, version=version, **(parts | more))


@pytest.fixture(params=SHELVES_HELD)
def shelf(request, room) -> Shelf:
    laid = room.lay(
        [
            row(1),
            row(2),
            row(2, 2),
            row(3, handling=Handling(tlp=TLP.RED)),
            row(4, state=State.WAITING),
            row(5, state=State.WAITING, own=True),
            row(6, handling=Handling(tlp=TLP.RED), own=True),
            row(7, kind="location"),
            row(7, 2, kind="location", state=State.REMOVED),
            row(8, spec=20),
            row(8, 2, spec=20),
            row(9, 3, spec=20),
            row(9, 1, spec=21),
            row(10, 0, kind="email-addr"),
            row(11, handling=UNKNOWN),
        ]
    )
    return SHELVES_HELD[request.param](room, laid)


def numbers(found: tuple[list[Line], bool]) -> list[tuple[int, int]]:
    return [(int(line.id[-2:], 16), line.added % 10) for line in found[0]]


def test_the_last_version_that_the_reader_may_have_of_each(shelf):
    found = numbers(shelf.manifest(None, Filters()))
    assert found == [(1, 1), (2, 2), (5, 1), (6, 1), (7, 1), (8, 2), (9, 1), (10, 0)]


def test_versions_and_specs(shelf):
    every = numbers(shelf.manifest(None, Filters(versions=EVERY)))
    assert every == [(1, 1), (2, 1), (2, 2), (5, 1), (6, 1), (7, 1), (8, 1), (8, 2), (9, 1), (10, 0)]
    older = numbers(shelf.manifest(None, Filters(specs=(20,))))
    assert older == [(8, 2), (9, 3)]
    both = numbers(shelf.manifest(None, Filters(specs=(20, 21), versions=Versions(first=True, last=True))))
    assert [one for one in both if one[0] in (2, 8, 9)] == [(2, 1), (2, 2), (8, 1), (8, 2), (9, 1), (9, 3)]
    exact = Filters(versions=Versions(last=False, exact=(BASE + 2, 100)))
    assert numbers(shelf.manifest(None, exact)) == [(2, 2), (8, 2), (10, 0)]


def test_pages_meet_without_gap_or_overlap(shelf):
    for size in (1, 2, 3, 100):
        after, got = None, []
        for _ in range(20):
            rows, more = shelf.objects(after, Filters(limit=size))
            assert len(rows) <= size
            got += [json.loads(one.raw)["id"] for one in rows]
            if not more:
                break
            after = Place(rows[-1].added, rows[-1].seq)
        assert len(got) == len(set(got)) == 8


def test_what_it_holds(shelf):
    held = [
        n
        for n in range(1, 12)
        if shelf.holds(world.stix("email-addr" if n == 10 else "location" if n == 7 else "identity", n)["id"])
    ]
    assert held == [1, 2, 5, 6, 7, 8, 9, 10]


def test_an_empty_page_is_no_error(shelf):
    assert shelf.objects(Place(10**18, 0), Filters()) == ([], False)
    assert shelf.manifest(None, Filters(ids=("identity--nothing",))) == ([], False)


HANDLINGS = [Handling(tlp=TLP.GREEN), Handling(tlp=TLP.RED), UNKNOWN, Handling(tlp=TLP.CLEAR)]
ROWS = st.lists(
    st.builds(
        Row,
        st.sampled_from(["identity", "location"]),
        st.integers(1, 4),
        st.integers(1, 4),
        st.sampled_from([20, 21]),
        st.integers(1, 9),
        st.sampled_from(HANDLINGS),
        st.booleans(),
        st.sampled_from([State.ACCEPTED, State.ACCEPTED, State.ACCEPTED, State.WAITING, State.REMOVED]),
    ),
    max_size=14,
    unique_by=lambda one: (one.kind, one.number, one.version),
)
IDS = [world.stix(kind, n)["id"] for kind in ("identity", "location") for n in range(1, 5)]
ASKED = st.builds(
    Filters,
    st.integers(1, 5),
    st.none() | st.integers(0, 9),
    st.just(()) | st.lists(st.sampled_from(IDS), max_size=3).map(tuple),
    st.sampled_from(
        [(), ("identity",), ("identity", "location"), tuple(f"kind-{n}" for n in range(45)) + ("location",)]
    ),
    st.sampled_from([LAST, EVERY])
    | st.builds(Versions, st.booleans(), st.just(True), st.just(False), st.just(()))
    | st.builds(
        Versions,
        st.booleans(),
        st.booleans(),
        st.just(False),
        st.lists(st.integers(1, 4).map(lambda n: BASE + n), min_size=1, max_size=2).map(tuple),
    ),
    st.sampled_from([(), (20,), (21,), (20, 21), (-1,)]),
)


@given(
    rows=ROWS,
    asked=st.lists(ASKED, min_size=1, max_size=4),
    after=st.none() | st.builds(Place, st.integers(0, 9), st.just(0)),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_lies_there_and_whatever_is_asked_both_say_the_same(room, rows, asked, after):
    laid = room.lay(rows)
    plain, stored = (make(room, laid) for make in SHELVES_HELD.values())
    say_the_same(stored, plain, after, asked, IDS)


def say_the_same(one: Shelf, other: Shelf, after: Place | None, asked: Sequence[Filters], ids: Sequence[str]) -> None:
    for filters in asked:
        assert one.objects(after, filters) == other.objects(after, filters)
        assert one.manifest(after, filters) == other.manifest(after, filters)
    for number in ids:
        assert one.holds(number) == other.holds(number)


@pytest.fixture
def ledger(kohsar, tmp_path) -> tuple[LedgerShelf, list[tuple[int, Read]]]:
    """A shelf of the ledger of which some was served, changed, restricted and recalled; and all that is in it."""
    entities = made_ledger.filled(tmp_path)
    made_ledger.filled(tmp_path, "other", made_ledger.ENTITIES[:2], TLP.GREEN)
    made_ledger.filled(tmp_path, "closed", made_ledger.ENTITIES[:3], TLP.RED)
    collection = made_ledger.shelf_of(kohsar)
    kohsar.ids(collection)
    resolve.judge(entities["p-1"], Entity.objects.get(dataset__name="other", key="p-1"), "same", actor(), WHY)
    standing.restrict(entities["f-1"], actor(), WHY)
    changed = [(key, schema, values) for key, schema, values in made_ledger.ENTITIES if key not in ("u-1", "v-1")]
    changed[3][2]["country"] = ["sv"]
    made_ledger.filled(tmp_path, entities=changed)
    kohsar.ids(collection)
    rows, _more = LedgerShelf(collection, Reading.of(kohsar.partner)).objects(None, Filters(limit=2_000))
    return LedgerShelf(collection, Reading.of(kohsar.partner)), [(row.seq, Read(row.raw, row.added)) for row in rows]


def test_the_shelf_of_the_ledger_has_every_type_and_what_was_taken_back(ledger):
    _shelf, rows = ledger
    assert {row.kind for _seq, row in rows} == {*KINDS, "marking-definition", "extension-definition"}
    gone = {row.item["id"] for _seq, row in rows if "recalled" in str(row.item.get("extensions", {}))}
    assert {number.partition("--")[0] for number in gone} == {"relationship", "user-account", "identity"}
    assert len({row.added for _seq, row in rows}) == len(rows), "no two share a moment"
    assert [row.added for _seq, row in rows] == sorted(row.added for _seq, row in rows)


def test_whatever_is_asked_of_the_ledger_is_answered_by_the_letter(ledger):
    shelf, rows = ledger
    plain, pick = PlainShelf(rows, None), random.Random(19)
    ids = [*(row.item["id"] for _seq, row in rows), "identity--nothing", IDS[0]]
    places = [row.added for _seq, row in rows]
    versions = [row.version + BASE if row.version else row.added for _seq, row in rows]
    for _turn in range(60):
        exact = Versions(last=False, exact=tuple(pick.sample(versions, 3)))
        asked = Filters(
            limit=pick.choice([1, 2, 5, 500]),
            added_after=pick.choice([None, None, *places]),
            ids=tuple(pick.sample(ids, pick.choice([0, 0, 1, 5]))),
            types=tuple(pick.sample([*KINDS, "marking-definition", "malware"], pick.choice([0, 0, 1, 3]))),
            versions=pick.choice([LAST, LAST, EVERY, Versions(first=True, last=False), exact]),
            specs=pick.choice([(), (), (20,), (21,), (20, 21), (-1,)]),
        )
        seq, row = pick.choice(rows)
        after = pick.choice([None, Place(row.added, seq)])
        say_the_same(shelf, plain, after, [asked], [pick.choice(ids)])
