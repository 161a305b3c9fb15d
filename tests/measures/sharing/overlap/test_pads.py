"""Pads made ahead: each is used once, whatever dies in between, and none is left when its epoch is over."""

import os
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

pytest.importorskip("rbcl", reason="the extra psi is not installed")

from baham.engines.overlap import batch, group, oprf
from baham.measures.sharing.overlap import pads
from baham.measures.sharing.overlap.folder import folder

ROOT = Path(__file__).resolve().parents[4]
SECRET, PUBLIC = oprf.derive_key(bytes(32))
MANY = 1_100


def scalars(taken: batch.Pads) -> set[bytes]:
    return {taken.scalars[i : i + group.ELEMENT] for i in range(0, len(taken.scalars), group.ELEMENT)}


def lie(at: Path) -> list[Path]:
    return sorted(path for path in (at / "pads").rglob("*") if path.is_file())


@pytest.fixture
def at(tmp_path) -> Path:
    return folder(tmp_path)


def test_what_was_made_ahead_is_used_once_and_gone_from_the_disk_before(at):
    assert pads.make(at, "kohsar", PUBLIC, MANY) == 2_048
    assert pads.make(at, "kohsar", PUBLIC, MANY) == 2_048, "what lies there is enough"
    assert all(path.stat().st_mode & 0o077 == 0 for path in lie(at))
    before = b"".join(path.read_bytes() for path in lie(at))
    first = pads.take(at, "kohsar", PUBLIC, MANY)
    assert lie(at) == [] and group.count(first.scalars) == MANY + batch.CHECKS
    assert all(one in before for one in list(scalars(first))[:50])
    second = pads.take(at, "kohsar", PUBLIC, MANY)
    assert scalars(first).isdisjoint(scalars(second)) and group.count(second.undoing) == MANY + batch.CHECKS


@pytest.mark.parametrize(("ready", "many"), [(0, MANY), (MANY, MANY), (4_000, MANY), (1_000, 2_100), (1_000, 2_047)])
def test_a_request_is_right_however_many_were_ready(at, ready, many):
    """All of them, some, or none."""
    if ready:
        pads.make(at, "kohsar", PUBLIC, ready)
    keys = [b"n|a+b|%d" % n for n in range(many)]
    taken = pads.take(at, "kohsar", PUBLIC, many)
    asked = batch.ask([(key, "C-1") for key in keys], PUBLIC, 1, taken)
    found = batch.finish(asked, PUBLIC, *batch.answer(SECRET, PUBLIC, asked.elements))
    wanted = oprf.outputs(SECRET, keys[:20])
    assert [output for _, output in found[:20]] == wanted


def test_pads_of_an_epoch_that_is_over_are_destroyed(at):
    pads.make(at, "kohsar", PUBLIC, MANY)
    pads.make(at, "nilgar", PUBLIC, MANY)
    _secret, other = oprf.derive_key(b"\1" * 32)
    pads.take(at, "kohsar", other, MANY)
    assert {path.parts[-3] for path in lie(at)} == {"nilgar"}, "another partner's stay"
    for path in lie(at):
        os.utime(path, (time.time(), time.time() - (pads.DAYS + 1) * 86_400))
    assert pads.forget_old(at) == 1 and lie(at) == []


def test_whoever_dies_with_pads_in_hand_leaves_none_that_was_used(at):
    """Killed at any moment of taking: a pad is on the disk, or it may have been used, and never both."""
    code = f"""
import sys
from pathlib import Path
from baham.measures.sharing.overlap import pads
at = Path({str(at)!r})
print("begun", flush=True)
while True:
    taken = pads.take(at, "kohsar", bytes.fromhex({PUBLIC.hex()!r}), {MANY})
    print(taken.scalars.hex(), flush=True)
"""
    used: set[bytes] = set()
    for turn in range(6):
        pads.make(at, "kohsar", PUBLIC, 4_000)
        with subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as process:
            assert process.stdout is not None and process.stdout.readline() == "begun\n"
            time.sleep(0.004 * turn)
            process.kill()
            for line in process.stdout.read().splitlines():
                if len(line) == 2 * (MANY + batch.CHECKS) * group.ELEMENT:
                    taken = bytes.fromhex(line)
                    used |= {taken[i : i + group.ELEMENT] for i in range(0, len(taken), group.ELEMENT)}
        left = b"".join(path.read_bytes() for path in lie(at))
        there = {sha256(left[i : i + group.ELEMENT]).digest() for i in range(0, len(left), group.ELEMENT)}
        assert not any(sha256(one).digest() in there for one in used)


def test_a_sheaf_that_was_half_overwritten_hides_nothing_any_more(at, monkeypatch):
    """Whoever died while overwriting one leaves zeros: taken for pads, they would send keys in the clear."""
    pads.make(at, "kohsar", PUBLIC, 4_000)

    def dies(path):
        path.write_bytes(bytes(path.stat().st_size))
        raise KeyboardInterrupt

    with monkeypatch.context() as cut_off:
        cut_off.setattr(pads, "shred", dies)
        with pytest.raises(KeyboardInterrupt):
            pads.take(at, "kohsar", PUBLIC, MANY)
    taken = pads.take(at, "kohsar", PUBLIC, MANY)
    for part in (taken.scalars, taken.hiding, taken.undoing):
        assert bytes(group.ELEMENT) not in {part[i : i + group.ELEMENT] for i in range(0, len(part), group.ELEMENT)}
    assert not list((at / "pads").rglob("*.taken"))
