"""A shelf: what a reader finds in a collection. The server asks a shelf and knows nothing of where the objects lie.

A page is some rows in the order of their places, and whether there are more after them. `stored.py` serves what
partners posted, as it lies. A shelf that renders the ledger for a partner has the same three methods;
tests/measures/sharing/taxii/test_shelf.py holds every shelf to the same answers.
"""

from typing import NamedTuple, Protocol

from baham.measures.sharing.taxii.filters import Filters, Place


class Moved(Exception):
    """What a page was made of has changed before the page went out."""


class Content(NamedTuple):
    """One object of a page: its place, and its JSON as it goes out."""

    added: int
    seq: int
    raw: bytes


class Line(NamedTuple):
    """One line of the manifest: an object's place, id, version (as its sender wrote it) and version of STIX (20, 21).

    The version is empty for what has none; its moment of arrival stands in for it.
    """

    added: int
    seq: int
    id: str
    version: str
    spec: int


class Shelf(Protocol):
    """What one reader finds in one collection: never anything that the reader may not have."""

    def objects(self, after: Place | None, filters: Filters) -> tuple[list[Content], bool]:
        """The objects after a place that the filters ask for, at most `filters.limit`, and whether there are more."""
        ...

    def manifest(self, after: Place | None, filters: Filters) -> tuple[list[Line], bool]:
        """The same, as lines of a manifest."""
        ...

    def handed_over(self) -> None:
        """Write down what the last page hands over, in the transaction in which it goes out.

        Raises Moved where it is no longer what the reader may have; then the page is to be asked for again.
        """
        ...

    def holds(self, stix_id: str) -> bool:
        """Whether the reader finds an object of this id here, in any version."""
        ...
