"""Pads made ahead of a large request: what hides keys, computed before anybody knows whom to ask about.

They lie in sheaves, private files under `overlap/pads`, by partner and by the public key of its epoch. Whoever has a
pad and the request that it was used in can guess at what was asked; and a pad that hides two keys hides neither. So a
sheaf is overwritten and removed before anything of it is used, one taker at a time: a process that dies with it in hand
has lost it, and nobody finds it again.
"""

import secrets
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from baham.engines.overlap import batch
from baham.engines.overlap.batch import CHECKS, Pads
from baham.engines.overlap.group import ELEMENT
from baham.measures.sharing.overlap.folder import alone, keep, shred

SHEAF = 2_048
"""Pads of one file."""
_TAKEN = ".taken"
DAYS = 8
"""After so many days the epoch whose key they were made for is over."""


def make(
    at: Path,
    partner: str,
    public: bytes,
    keys: int,
    threads: int = 1,
    progress: Callable[[int, int | None], None] = lambda *_: None,
) -> int:
    """Make ready what a request of so many keys takes, beside what lies there already; how many pads lie there then."""
    forget(at, partner, public)
    place = _place(at, partner, public)
    wanted = -(-(keys + CHECKS) // SHEAF)
    for number in range(len(list(place.glob("*.pads"))), wanted):
        progress(number * SHEAF, wanted * SHEAF)
        made = batch.make_ready(public, SHEAF - CHECKS, threads)
        keep(place / f"{secrets.token_hex(8)}.pads", made.scalars + made.hiding + made.undoing)
    return len(list(place.glob("*.pads"))) * SHEAF


def take(at: Path, partner: str, public: bytes, keys: int, threads: int = 1) -> Pads:
    """Pads for a request of exactly so many keys: those that lie ready, gone from there, and new ones for the rest."""
    forget(at, partner, public)
    wanted = keys + CHECKS
    place = _place(at, partner, public)
    with alone(at):
        for path in place.glob(f"*{_TAKEN}"):  # of somebody who died while overwriting it
            shred(path)
        contents = [_taken(path) for path in sorted(place.glob("*.pads"))[: -(-wanted // SHEAF)]]
    parts = [[one[n * len(one) // 3 : (n + 1) * len(one) // 3] for one in contents] for n in range(3)]
    if (left := wanted - len(contents) * SHEAF) > 0:
        # `make_ready` adds those of the sums by itself, and they are counted in what is wanted already.
        made = batch.make_ready(public, max(left - CHECKS, 0), threads)
        for part, more in zip(parts, (made.scalars, made.hiding, made.undoing), strict=True):
            part.append(more)
    return Pads(*(b"".join(part)[: wanted * ELEMENT] for part in parts))


def _taken(path: Path) -> bytes:
    """What a sheaf held. It is no sheaf any more before it is overwritten: half overwritten, it would hide nothing."""
    taken = path.rename(path.with_suffix(_TAKEN))
    held = taken.read_bytes()
    shred(taken)
    return held


def forget(at: Path, partner: str, public: bytes) -> None:
    """Overwrite and remove a partner's pads of other epochs than that of this public key."""
    for path in (at / "pads" / partner).glob("*/*"):
        if path.parent != _place(at, partner, public):
            shred(path)


def forget_old(at: Path) -> int:
    """Overwrite and remove whatever was made for an epoch that is over; how many sheaves."""
    old = [path for path in (at / "pads").glob("*/*/*") if path.stat().st_mtime < time.time() - DAYS * 86_400]
    for path in old:
        shred(path)
    return len(old)


def _place(at: Path, partner: str, public: bytes) -> Path:
    return at / "pads" / partner / sha256(public).hexdigest()[:32]
