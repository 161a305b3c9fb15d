"""Whether the log is what it was: rows against their hashes, hashes against the copy outside, all against the root."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest

from baham.kernel.log import Frontier
from baham.platform.audit import anchor
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
    frontier = Frontier()
    rows = Entry.objects.order_by("number").iterator(2_000)
    for position, (row, leaf) in enumerate(zip_longest(rows, anchor.read_leaves())):
        if row is None:
            return Finding(False, position, f"row {position} and what followed it were cut off", position)
        if row.number != position:
            return Finding(False, position, f"row {position} was deleted", position)
        if row.leaf_hash().hex() != row.leaf or (leaf is not None and leaf.hex() != row.leaf):
            return Finding(False, position, f"row {position} was altered", position)
        if leaf is None and checkpoint is not None and position < checkpoint.size:
            return Finding(False, position, "the copy of the hashes outside the database was cut off", None)
        frontier.append(bytes.fromhex(row.leaf))
        if checkpoint is not None and frontier.size == checkpoint.size and frontier.root != checkpoint.root:
            return Finding(False, position, "the rows do not lead to the signed tree head", None)
        if position % 2_000 == 0:
            progress(position)
    return _ends_where_it_should(frontier, head, checkpoint)


def _ends_where_it_should(frontier: Frontier, head: Head | None, checkpoint: anchor.Checkpoint | None) -> Finding:
    size = frontier.size
    if checkpoint is not None and size < checkpoint.size:
        return Finding(False, size, f"row {size} and what followed it were cut off", size)
    if checkpoint is None and size:
        return Finding(False, size, "the signed tree head is missing", None)
    if (head.size if head else 0) != size:
        return Finding(False, size, f"the database counts {head.size if head else 0} rows and has {size}", None)
    return Finding(True, size, f"{size} rows, none altered, deleted or cut off")
