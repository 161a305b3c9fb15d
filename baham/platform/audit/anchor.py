"""What the log leaves outside the database, so that whoever can write the database cannot rewrite the past unseen.

`audit/leaves` holds every leaf hash, 32 bytes each, in order; `audit/checkpoint` the signed tree head, in the text form
of C2SP tlog-checkpoint. A copy of the checkpoint kept elsewhere (a partner, a printout) is what proves truncation to
somebody who trusts neither file.
"""

import base64
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from baham.kernel.log import Frontier
from baham.platform.audit import tree
from baham.platform.audit.models import Entry, Head
from baham.platform.boot import CannotStart

ORIGIN = "baham audit log"
_LEAF = 32
_BATCH = 10_000
_answered: ContextVar[bool] = ContextVar("_answered", default=False)


class OlderThanLog(CannotStart):
    """The copy outside has entries that the database lacks, or other ones: nothing is written until somebody answers
    for that (`resume.py`). The text is one line."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: how many entries, and their root."""

    size: int
    root: bytes


def folder() -> Path:
    path = Path(settings.HOME) / "audit"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def size_outside() -> int:
    """How many leaf hashes are kept outside the database."""
    path = folder() / "leaves"
    return path.stat().st_size // _LEAF if path.exists() else 0


def check(size: int) -> None:
    """Whether a database of `size` entries goes on from the copy outside. Raises OlderThanLog where that has more
    entries, or ends with another one: what is written then would have the signed tree head of one log for another."""
    if _answered.get():
        return
    known = size_outside()
    if known > size:
        said = f"{known - size:,} entries that the database lacks"
    elif known and not Entry.objects.filter(number=known - 1, leaf=_leaf(known - 1).hex()).exists():
        said = "other entries than the database"
    else:
        return
    raise OlderThanLog(
        f"the log's copy outside the database has {said}; nothing is written until somebody answers for that:"
        " baham audit resume --reason '…' (docs/backup.md)"
    )


def check_now() -> None:
    """`check` of the database as it is. For what starts to work on it."""
    head = Head.objects.filter(pk=1).first()
    check(head.size if head else 0)


@contextmanager
def answered() -> Iterator[None]:
    """While it lasts somebody answers for a copy that is of another log: it is held against nothing, and not written.
    For `resume.py` alone."""
    token = _answered.set(True)
    try:
        yield
    finally:
        _answered.reset(token)


def _leaf(number: int) -> bytes:
    with (folder() / "leaves").open("rb") as file:
        file.seek(number * _LEAF)
        return file.read(_LEAF)


def catch_up() -> None:
    """Write what the database has and the files have not. Whoever comes first writes for all that wait. Raises
    OlderThanLog, and writes nothing, where the files are of another log."""
    if _answered.get():
        return
    with _locked(), (folder() / "leaves").open("ab") as leaves:
        known = leaves.tell() // _LEAF
        if leaves.tell() % _LEAF:  # a power cut in the middle of a hash
            leaves.truncate(known * _LEAF)
        head = Head.objects.filter(pk=1).first()
        check(head.size if head else 0)
        if head is None or head.size <= known:
            return
        rows = Entry.objects.filter(number__gte=known, number__lt=head.size).order_by("number")
        for leaf in rows.values_list("leaf", flat=True).iterator(_BATCH):
            leaves.write(bytes.fromhex(leaf))
        leaves.flush()
        tree.extend(
            folder(), head.size
        )  # no fsync: what a power cut loses here, the next catching-up writes again from the database
        peaks = [bytes.fromhex(peak) for peak in head.peaks]
        _write_checkpoint(Checkpoint(head.size, Frontier(head.size, peaks).root))


def prove(number: int) -> tree.Inclusion:
    """The proof that an entry is in the log under the signed tree head. IndexError for one that is not; ValueError
    where the head is damaged."""
    head = read_checkpoint()
    if head is None or not 0 <= number < head.size:
        raise IndexError(f"the log has {head.size if head else 0} entries; there is no entry {number}")
    with _locked():
        tree.extend(folder(), head.size)  # a log from before there were levels
        return tree.prove(folder(), number, head.size)


def read_leaves() -> Iterator[bytes]:
    """The leaf hashes kept outside the database, in order."""
    path = folder() / "leaves"
    if path.exists():
        with path.open("rb") as file:
            while len(leaf := file.read(_LEAF)) == _LEAF:
                yield leaf


def read_checkpoint() -> Checkpoint | None:
    """The signed tree head, None if there is none yet. Raises ValueError if it is damaged or not ours."""
    path = folder() / "checkpoint"
    if not path.exists():
        return None
    try:
        body, signature = path.read_text().rsplit("\n\n", 1)
        origin, size, root = body.split("\n")
        signed = base64.b64decode(signature.split(" ")[2])[4:]
        _key().public_key().verify(signed, (body + "\n").encode())
        if origin != ORIGIN:
            raise ValueError(origin)
        return Checkpoint(int(size), base64.b64decode(root))
    except (ValueError, IndexError, InvalidSignature) as error:
        raise ValueError("the signed tree head is damaged or was not signed here") from error


def _write_checkpoint(head: Checkpoint) -> None:
    body = f"{ORIGIN}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"
    signature = base64.b64encode(b"\x00" * 4 + _key().sign(body.encode())).decode()
    new = folder() / "checkpoint.new"
    new.write_text(f"{body}\n— {ORIGIN.replace(' ', '-')} {signature}\n")
    new.replace(folder() / "checkpoint")


def _key() -> Ed25519PrivateKey:
    """The key that signs tree heads, made once, readable by its owner alone."""
    path = folder() / "key"
    if not path.exists():
        made = Ed25519PrivateKey.generate().private_bytes_raw()
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(made)
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def public_key() -> str:
    """The public key of the tree heads, in base64, to be given to those who keep copies of them."""
    raw = _key().public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


@contextmanager
def _locked() -> Iterator[None]:
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
