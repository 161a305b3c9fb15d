"""The Merkle log against pymerkle, which is somebody else's reading of the same standard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

from baham.kernel import log

ENTRIES = [f"entry {number}".encode() for number in range(70)]
LEAVES = [log.leaf_hash(entry) for entry in ENTRIES]


@pytest.fixture(scope="module")
def peer():
    tree = InmemoryTree(algorithm="sha256")
    for entry in ENTRIES:
        tree.append_entry(entry)
    return tree


@pytest.mark.parametrize("size", range(1, 70))
def test_roots_agree(peer, size):
    assert log.root(LEAVES, 0, size) == peer.get_root(size)


def test_the_empty_tree():
    assert log.Frontier().root == log.EMPTY_ROOT == InmemoryTree(algorithm="sha256").get_root(0)


@given(st.integers(1, 69), st.data())
def test_inclusion(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof = log.inclusion_proof(LEAVES, index, size)
    root = log.root(LEAVES, 0, size)
    assert log.verify_inclusion(LEAVES[index], index, size, proof, root)
    assert not log.verify_inclusion(LEAVES[index + 1], index, size, proof, root)
    if proof:
        assert not log.verify_inclusion(LEAVES[index], index, size, proof[:-1], root)
        assert not log.verify_inclusion(LEAVES[index], index, size, [*proof, root], root)


@given(st.integers(1, 69), st.data())
def test_consistency(second, data):
    first = data.draw(st.integers(1, second))
    old, new = log.root(LEAVES, 0, first), log.root(LEAVES, 0, second)
    proof = log.consistency_proof(LEAVES, first, second)
    assert log.verify_consistency(first, second, old, new, proof)
    if first < second:
        assert not log.verify_consistency(first, second, new, new, proof)
        assert not log.verify_consistency(first, second, old, old, proof)


@pytest.mark.parametrize("size", [1, 2, 3, 8, 13, 64, 70])
def test_the_peer_accepts_our_trees(peer, size):
    """Every proof that the peer makes for its tree verifies against our root, and ours has the same hashes."""
    for index in range(1, size + 1):
        theirs = peer.prove_inclusion(index, size)
        verify_inclusion(LEAVES[index - 1], log.root(LEAVES, 0, size), theirs)
        ours = log.inclusion_proof(LEAVES, index - 1, size)
        assert {bytes(node) for node in theirs.path} >= set(ours)
    for first in range(1, size + 1):
        verify_consistency(log.root(LEAVES, 0, first), log.root(LEAVES, 0, size), peer.prove_consistency(first, size))


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_the_frontier_is_the_tree(entries):
    leaves = [log.leaf_hash(entry) for entry in entries]
    frontier = log.Frontier()
    frontier.extend(leaves)
    assert (frontier.size, frontier.root) == (len(leaves), log.root(leaves))
    assert len(frontier.peaks) == bin(len(leaves)).count("1")


def test_no_proof_outside_the_tree():
    with pytest.raises(IndexError):
        log.inclusion_proof(LEAVES, 70)
    with pytest.raises(IndexError):
        log.consistency_proof(LEAVES, 0, 3)
    assert not log.verify_inclusion(LEAVES[0], 5, 3, [], LEAVES[0])
    assert not log.verify_consistency(0, 3, LEAVES[0], LEAVES[0], [])


@given(st.integers(1, 69), st.data())
def test_a_proof_from_stored_subtrees_is_the_same_proof(size, data):
    index = data.draw(st.integers(0, size - 1))
    asked = []

    def node(level, position):
        asked.append(level)
        start = position << level
        assert start + (1 << level) <= size  # only perfect subtrees are ever kept
        return log.root(LEAVES, start, start + (1 << level))

    assert log.inclusion_from(node, index, size) == log.inclusion_proof(LEAVES, index, size)
    assert len(asked) <= 2 * size.bit_length()
    assert log.subtree(node, 0, size) == log.root(LEAVES, 0, size)
    with pytest.raises(IndexError):
        log.inclusion_from(node, size, size)
