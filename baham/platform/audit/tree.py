"""The tree over the log's leaves, kept in files, so that a proof costs a few reads however long the log is.

`leaves` holds the leaf hashes, `level-1`, `level-2`, … the hashes of the perfect subtrees of 2, 4, … leaves, 32 bytes
each, in order. All of it follows from the leaves; what a crash left short or ragged is completed the next time.
"""

from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from baham.kernel.log import inclusion_from, node_hash, subtree

_HASH = 32
_AT_ONCE = 65_536


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That an entry is in the log: its number, size and root of the tree, and the hashes that lead from it there."""

    number: int
    size: int
    root: bytes
    path: list[bytes]


def extend(folder: Path, size: int) -> None:
    """Bring the levels up to a log of `size` leaves, whose hashes are in `leaves`."""
    level, below, count = 1, folder / "leaves", size // 2
    while count:
        path = folder / f"level-{level}"
        with path.open("ab") as file, below.open("rb") as hashes:
            known = min(file.tell() // _HASH, count)
            file.truncate(known * _HASH)
            hashes.seek(2 * known * _HASH)
            while known < count:
                pairs = min(_AT_ONCE, count - known)
                block = hashes.read(2 * pairs * _HASH)
                file.write(
                    b"".join(
                        node_hash(block[at : at + _HASH], block[at + _HASH : at + 2 * _HASH])
                        for at in range(0, len(block), 2 * _HASH)
                    )
                )
                known += pairs
        level, below, count = level + 1, path, count // 2


def prove(folder: Path, number: int, size: int) -> Inclusion:
    """The proof that entry `number` is in the log of `size` entries. IndexError for one that is not."""
    files: dict[int, FileIO] = {}

    def node(level: int, position: int) -> bytes:
        if level not in files:
            files[level] = (folder / (f"level-{level}" if level else "leaves")).open("rb", buffering=0)
        file = files[level]
        file.seek(position * _HASH)
        found = file.read(_HASH)
        if len(found) != _HASH:
            raise IndexError(f"the log's files are shorter than {size} entries")
        return found

    try:
        return Inclusion(number, size, subtree(node, 0, size), inclusion_from(node, number, size))
    finally:
        for file in files.values():
            file.close()
