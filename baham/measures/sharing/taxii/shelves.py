"""The kinds of shelf, as a plain list: what a collection's `shelf` names. A new kind of collection is one more line."""

from collections.abc import Callable

from baham.measures.sharing.taxii.ledger_shelf import LedgerShelf
from baham.measures.sharing.taxii.models import Collection
from baham.measures.sharing.taxii.readers import Reading
from baham.measures.sharing.taxii.shelf import Shelf
from baham.measures.sharing.taxii.stored import StoredShelf

STORED, LEDGER = "stored", "ledger"
SHELVES: dict[str, Callable[[Collection, Reading], Shelf]] = {
    STORED: StoredShelf,
    LEDGER: LedgerShelf,
}
"""Of these only what is stored is posted to; whatever else is served comes from elsewhere."""


def shelf_of(collection: Collection, reading: Reading) -> Shelf:
    """What the reader finds in the collection."""
    return SHELVES[collection.shelf](collection, reading)
