"""The shelf of what partners posted. Every page is one query along an index, in the order (added, seq).

What a reader may have is decided in the query: the handful of markings open to it, or its own posts. SQL is written
out because the order in which an index is walked is what makes a page among a million cost as among a thousand.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from baham.measures.sharing.taxii.filters import Filters, Place, Versions
from baham.measures.sharing.taxii.models import Collection, State
from baham.measures.sharing.taxii.readers import Reading
from baham.measures.sharing.taxii.shelf import Content, Line

_CONTENT = "s.added, s.seq, s.raw"
_LINE = "s.added, s.seq, s.stix_id, s.version_text, s.spec"
_MOST_ARMS = 40
"""Types that are looked up one by one; beyond that the collection is walked, and those of other types passed over."""


class Clause:
    """A piece of SQL with its values."""

    def __init__(self, sql: str = "", *values: Any) -> None:
        self.sql, self.values = sql, list(values)

    def __add__(self, other: "Clause") -> "Clause":
        return Clause(f"{self.sql} {other.sql}", *self.values, *other.values)


class StoredShelf:
    """What `reading` finds in a collection of posted objects."""

    def __init__(self, collection: Collection, reading: Reading) -> None:
        self._collection, self._reading = collection, reading
        self._markings = reading.markings()

    def objects(self, after: Place | None, filters: Filters) -> tuple[list[Content], bool]:
        rows, more = self._page(_CONTENT, after, filters)
        return [Content(added, seq, bytes(raw)) for added, seq, raw in rows], more

    def manifest(self, after: Place | None, filters: Filters) -> tuple[list[Line], bool]:
        rows, more = self._page(_LINE, after, filters)
        return [Line(*row) for row in rows], more

    def handed_over(self) -> None:
        """Nothing is to be written down: what partners posted is no record of ours."""

    def holds(self, stix_id: str) -> bool:
        asked = Clause(
            "SELECT 1 FROM sharing_stored s WHERE s.collection_id = %s AND s.stix_id = %s", self._collection_id, stix_id
        )
        return bool(_rows(asked + self._open_to_reader("s") + Clause("LIMIT 1")))

    @property
    def _collection_id(self) -> Any:
        """The collection's key as the database keeps it: SQLite has no type for a UUID."""
        return self._collection.pk if connection.features.has_native_uuid_field else self._collection.pk.hex

    def _page(self, columns: str, after: Place | None, filters: Filters) -> tuple[Sequence[Any], bool]:
        arms = _arms(filters)
        if len(arms) == 1:
            rows = _rows(self._arm(columns, arms[0], after, filters))
        else:
            places = [self._arm("s.added, s.seq", arm, after, filters) for arm in arms]
            union = Clause(
                " UNION ".join(f"SELECT * FROM ({arm.sql}) a{n}" for n, arm in enumerate(places)),
                *(value for arm in places for value in arm.values),
            )
            rows = _rows(
                Clause(f"SELECT {columns} FROM (")
                + union
                + Clause(") c JOIN sharing_stored s ON s.seq = c.seq")
                + Clause("ORDER BY s.added, s.seq LIMIT %s", filters.limit + 1)
            )
        return rows[: filters.limit], len(rows) > filters.limit

    def _arm(self, columns: str, arm: Clause, after: Place | None, filters: Filters) -> Clause:
        """One walk along an index: the rows that `arm` picks out, and everything else that is asked of each."""
        query = Clause(f"SELECT {columns} FROM sharing_stored s WHERE s.collection_id = %s", self._collection_id) + arm
        if after is not None:
            query += Clause("AND (s.added, s.seq) > (%s, %s)", after.added, after.seq)
        if filters.added_after is not None:
            query += Clause("AND s.added > %s", filters.added_after)
        if filters.types and (filters.ids or filters.versions.exact or len(filters.types) > _MOST_ARMS):
            # `|| ''`: no index is to be walked for it.
            query += Clause(f"AND s.type || '' IN {_marks(filters.types)}", *filters.types)
        query += self._open_to_reader("s") + self._of_spec(filters) + self._of_version(filters)
        # Few rows of these ids or moments are found and then sorted: `+ 0` keeps SQLite from walking the order instead.
        order = "s.added + 0, s.seq" if filters.ids or _only_exact(filters.versions) else "s.added, s.seq"
        return query + Clause(f"ORDER BY {order} LIMIT %s", filters.limit + 1)

    def _open_to_reader(self, alias: str) -> Clause:
        """That the reader finds the row: it may have it, and of an id that several parties posted unknown to each other
        it has that of the first."""
        first = (
            Clause(
                f"AND (NOT {alias}.beside OR NOT EXISTS (SELECT 1 FROM sharing_stored b"
                f" WHERE b.collection_id = {alias}.collection_id AND b.stix_id = {alias}.stix_id"
                f" AND b.owner_id <> {alias}.owner_id AND (NOT b.beside OR b.seq < {alias}.seq)"
            )
            + self._may_have("b")
            + Clause("))")
        )
        return self._may_have(alias) + first

    def _may_have(self, alias: str) -> Clause:
        """That the reader may have the row: accepted and of an open marking, or its own and not refused or removed."""
        own = Clause(
            f"({alias}.owner_id = %s AND {alias}.state IN (%s, %s))",
            self._reading.partner.pk,
            int(State.ACCEPTED),
            int(State.WAITING),
        )
        if not self._markings:
            return Clause("AND") + own
        return (
            Clause("AND (")
            + own
            + Clause(
                f"OR ({alias}.state = %s AND {alias}.marking_id IN {_marks(self._markings)}))",
                int(State.ACCEPTED),
                *self._markings,
            )
        )

    def _of_spec(self, filters: Filters) -> Clause:
        """The versions of STIX asked for, or the highest in which the reader finds this object."""
        if filters.specs:
            return Clause(f"AND s.spec IN {_marks(filters.specs)}", *filters.specs)
        return Clause("AND (s.spec = 21 OR NOT") + self._other("n.spec = 21") + Clause(")")

    def _of_version(self, filters: Filters) -> Clause:
        wanted, ways = filters.versions, []
        if wanted.every:
            return Clause()
        spec = (
            Clause(f"n.spec IN {_marks(filters.specs)}", *filters.specs) if filters.specs else Clause("n.spec = s.spec")
        )
        if wanted.last:
            ways.append(Clause("NOT s.superseded OR NOT") + self._other("n.version > s.version AND", spec))
        if wanted.first:
            ways.append(Clause("NOT") + self._other("n.version < s.version AND", spec))
        if wanted.exact:
            marks = _marks(wanted.exact)
            ways.append(
                Clause(f"s.version IN {marks} OR (s.version = 0 AND s.added IN {marks})", *wanted.exact, *wanted.exact)
            )
        joined = ways[0]
        for way in ways[1:]:
            joined += Clause("OR") + way
        return Clause("AND (") + joined + Clause(")")

    def _other(self, condition: str, more: Clause | None = None) -> Clause:
        """That the reader finds another version of the row's object, of which the condition holds."""
        return (
            Clause(
                f"EXISTS (SELECT 1 FROM sharing_stored n WHERE n.collection_id = s.collection_id"
                f" AND n.stix_id = s.stix_id AND {condition}"
            )
            + (more or Clause())
            + self._open_to_reader("n")
            + Clause(")")
        )


def _arms(filters: Filters) -> list[Clause]:
    """How to find the rows: by their ids, by the versions asked for, by each of a few types, or by walking all."""
    wanted = filters.versions
    if filters.ids:
        return [Clause(f"AND s.stix_id IN {_marks(filters.ids)}", *filters.ids)]
    if _only_exact(wanted):
        marks = _marks(wanted.exact)
        return [
            Clause(f"AND s.version IN {marks}", *wanted.exact),
            Clause(f"AND s.version = 0 AND s.added IN {marks}", *wanted.exact),
        ]
    if filters.types and not wanted.exact and len(filters.types) <= _MOST_ARMS:
        return [Clause("AND s.type = %s", kind) for kind in filters.types]
    return [Clause()]


def _only_exact(wanted: Versions) -> bool:
    return bool(wanted.exact) and not (wanted.first or wanted.last or wanted.every)


def _marks(values: Sequence[Any]) -> str:
    return f"({', '.join(['%s'] * len(values))})"


def _rows(query: Clause) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query.sql, query.values)
        return list(cursor.fetchall())
