"""Whether the log is what it was: rows against their hashes, hashes against the copy outside, all against the root."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest

from baham.kernel.log import Frontier
from baham.platform.audit import anchor, erasing
from baham.platform.audit.models import Entry, Head


@dataclass(frozen=True, slots=True)
class Finding:
    """What the examination found. `row` is the first row that is not as it was, None where it is not one row."""

    intact: bool
    entries: int
    message: str
    row: int | None = None


def verify(progress: Callable[[int], None] = lambda done: None) -> Finding:
    """Examine the whole log. Finds an altered, deleted, inserted or truncated row and names the first."""
    try:
        checkpoint = anchor.read_checkpoint()
    except ValueError as error:
        return Finding(False, 0, str(error))
    head = Head.objects.filter(pk=1).first()
    frontier, named, emptied = Frontier(), erasing.named(), 0
    rows = Entry.objects.order_by("number").iterator(2_000)
    for position, (row, leaf) in enumerate(zip_longest(rows, anchor.read_leaves())):
        if row is None:
            return Finding(False, position, f"row {position} and what followed it were cut off", position)
        if row.number != position:
            return Finding(False, position, f"row {position} was deleted", position)
        if not _as_written(row, named) or (leaf is not None and leaf.hex() != row.leaf):
            return Finding(False, position, f"row {position} was altered", position)
        if not row.emptied <= named.fields.get(position, frozenset()):
            return Finding(False, position, f"row {position} was emptied, and no erasure in the log names it", position)
        if leaf is None and checkpoint is not None and position < checkpoint.size:
            return Finding(False, position, "the copy of the hashes outside the database was cut off", None)
        emptied += bool(row.emptied)
        frontier.append(bytes.fromhex(row.leaf))
        if checkpoint is not None and frontier.size == checkpoint.size and frontier.root != checkpoint.root:
            return Finding(False, position, "the rows do not lead to the signed tree head", None)
        if position % 2_000 == 0:
            progress(position)
    return _ends_where_it_should(frontier, head, checkpoint, emptied)


def _as_written(row: Entry, named: erasing.Named) -> bool:
    """Whether a row is what its leaf says; of one from before there were seals, whose words are gone, what the erasure
    wrote down of the rest."""
    if any(row.detail if name == "detail" else getattr(row, name) for name in row.emptied):
        return False
    try:
        if row.form == 1 and row.emptied:
            return row.number not in named.fields or named.rests.get(row.number) == row.rest_hash()
        return row.form in (1, 2) and row.leaf_hash().hex() == row.leaf
    except (ValueError, AttributeError, TypeError):  # a salt or a seal that is none
        return False


def _ends_where_it_should(
    frontier: Frontier, head: Head | None, checkpoint: anchor.Checkpoint | None, emptied: int
) -> Finding:
    size = frontier.size
    if checkpoint is not None and size < checkpoint.size:
        return Finding(False, size, f"row {size} and what followed it were cut off", size)
    if checkpoint is None and size:
        return Finding(False, size, "the signed tree head is missing", None)
    if (head.size if head else 0) != size:
        return Finding(False, size, f"the database counts {head.size if head else 0} rows and has {size}", None)
    of_these = f"; the words of {emptied} were erased, as the log says" if emptied else ""
    return Finding(True, size, f"{size} rows, none altered, deleted or cut off{of_these}")
