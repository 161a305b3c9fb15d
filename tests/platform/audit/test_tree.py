"""The tree in files gives the proofs of the log, and mends what a crash left."""

import pytest

from baham.kernel import log
from baham.platform.audit import anchor, tree
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record

LEAVES = [log.leaf_hash(bytes([number])) for number in range(100)]


def grown(folder, *sizes):
    for size in sizes:
        (folder / "leaves").write_bytes(b"".join(LEAVES[:size]))
        tree.extend(folder, size)


@pytest.mark.parametrize("sizes", [(1,), (2,), (100,), (1, 2, 3, 7, 8, 9, 64, 100), (99, 100)])
def test_however_it_grew_every_proof_holds(tmp_path, sizes):
    grown(tmp_path, *sizes)
    size = sizes[-1]
    for number in range(size):
        proof = tree.prove(tmp_path, number, size)
        assert proof.root == log.root(LEAVES, 0, size)
        assert log.verify_inclusion(LEAVES[number], number, size, proof.path, proof.root)
    with pytest.raises(IndexError):
        tree.prove(tmp_path, size, size)


@pytest.mark.parametrize("cut", [1, 31, 32, 33, 640])
def test_what_a_crash_cut_off_is_written_again(tmp_path, cut):
    grown(tmp_path, 100)
    for level in (1, 2, 6):
        path = tmp_path / f"level-{level}"
        whole = path.read_bytes()
        path.write_bytes(whole[: max(0, len(whole) - cut)])
        tree.extend(tmp_path, 100)
        assert path.read_bytes() == whole


@pytest.mark.django_db(transaction=True)
def test_an_entry_of_the_log_is_proved_against_the_signed_head(settings):
    for number in range(11):
        record(Actor("noor"), Event.SYSTEM, "noted", f"test:{number}")
    from baham.platform.audit.models import Entry

    head = anchor.read_checkpoint()
    entry = Entry.objects.get(number=7)
    (anchor.folder() / "level-1").unlink()  # as in a log from before there were levels
    proof = anchor.prove(7)
    assert proof.root == head.root and log.verify_inclusion(entry.leaf_hash(), 7, head.size, proof.path, head.root)
