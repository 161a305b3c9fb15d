"""A Merkle log after RFC 9162 (Certificate Transparency 2.0), §2.1: leaves, roots, inclusion and consistency proofs.

A log of n entries has one root; whoever kept an earlier root can prove that nothing before it was altered, deleted or
put in another order. Hashes are SHA-256, 32 bytes. `tests/kernel/test_log.py` checks every proof against pymerkle.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash of an entry: SHA-256(0x00 ‖ entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (size > 1)."""
    return 1 << (size - 1).bit_length() - 1


@dataclass(slots=True)
class Frontier:
    """The right edge of a tree: all that is needed to append and to know the root, in O(log n) memory.

    `peaks` are the roots of the perfect subtrees that make up `size` leaves, largest first.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        self.peaks.append(leaf)
        self.size += 1
        for _ in range((self.size & -self.size).bit_length() - 1):
            right = self.peaks.pop()
            self.peaks[-1] = node_hash(self.peaks[-1], right)

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add many leaf hashes."""
        for leaf in leaves:
            self.append(leaf)

    @property
    def root(self) -> bytes:
        """The tree head's root hash."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root(leaves: Sequence[bytes], start: int = 0, end: int | None = None) -> bytes:
    """Root of the leaf hashes [start, end)."""
    frontier = Frontier()
    for position in range(start, len(leaves) if end is None else end):
        frontier.append(leaves[position])
    return frontier.root


def inclusion_proof(leaves: Sequence[bytes], index: int, size: int | None = None) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root of the first `size` leaves (§2.1.3.1). IndexError outside."""
    size = len(leaves) if size is None else size
    if not 0 <= index < size <= len(leaves):
        raise IndexError(f"no leaf {index} in a tree of {size}")
    start, end = 0, size
    path: list[bytes] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root(leaves, middle, end))
            end = middle
        else:
            path.append(root(leaves, start, middle))
            start = middle
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes) -> bool:
    """Whether `proof` shows that `leaf` is entry `index` of the tree of `size` with this root (§2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and result == expected_root


def consistency_proof(leaves: Sequence[bytes], first: int, second: int | None = None) -> list[bytes]:
    """The hashes that show that the tree of `first` leaves is a prefix of that of `second` (§2.1.4.1)."""
    second = len(leaves) if second is None else second
    if not 0 < first <= second <= len(leaves):
        raise IndexError(f"no trees of {first} and {second} leaves")
    path: list[bytes] = []
    start, end, whole = 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(root(leaves, middle, end))
            end = middle
        else:
            path.append(root(leaves, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(root(leaves, start, end))
    return path[::-1]


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `second` leaves only adds to that of `first` (§2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    hashes = list(proof)
    if first & (first - 1) == 0:
        hashes.insert(0, first_root)
    if not hashes:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


Node = Callable[[int, int], bytes]
"""Where the hashes of perfect subtrees are kept: (level, position) -> hash of leaves [position·2^level, …+2^level)."""


def subtree(node: Node, start: int, end: int) -> bytes:
    """Root of the leaves [start, end), from stored subtrees: at most two of them for each level."""
    width = end - start
    if width & (width - 1) == 0 and start % width == 0:
        return node(width.bit_length() - 1, start // width)
    middle = start + _split(width)
    return node_hash(subtree(node, start, middle), subtree(node, middle, end))


def inclusion_from(node: Node, index: int, size: int) -> list[bytes]:
    """`inclusion_proof` from stored subtrees: about log₂(size) reads, whatever the size. IndexError outside."""
    if not 0 <= index < size:
        raise IndexError(f"no leaf {index} in a tree of {size}")
    start, end = 0, size
    path: list[bytes] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree(node, middle, end))
            end = middle
        else:
            path.append(subtree(node, start, middle))
            start = middle
    return path[::-1]
