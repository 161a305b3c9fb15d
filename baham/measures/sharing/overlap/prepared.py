"""The file by which `prepare` hands the holder what one partner may ask about: JSON lines, in the holder's folder.

The first line holds the terms, the last the number of keys; a file without its last line was not finished and counts
for nothing. It is overwritten and removed as soon as the holder has made an epoch of it.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from baham.engines.overlap import batch, setup
from baham.engines.overlap.session import MODES
from baham.measures.sharing.overlap.folder import keep

_NAME = re.compile(r"[\w-]{1,60}", re.ASCII)


class BadTerms(ValueError):
    """A prepared file that cannot be used. The text says why."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed with a partner, as far as the holder needs it. Moments are ISO 8601 in UTC.

    `signers` are the partner's public keys by their id (hexadecimal). `daily` is a number of places a day, `share` the
    share of the set that may be asked about over all time. `delegation` is the envelope in which the installation's own
    key vouches for the holder's.
    """

    partner: str
    asker: str
    holder: str
    signers: dict[str, str]
    purpose: str
    mode: str
    daily: int
    share: float
    ends: str
    keys: str
    delegation: dict[str, Any] = field(default_factory=dict)


def path_of(at: Path, partner: str) -> Path:
    """Where the file for a partner lies. Raises BadTerms for a name that is none."""
    if not _NAME.fullmatch(partner):
        raise BadTerms(f"{partner[:60]!r} is no partner's name")
    return at / "prepared" / f"{partner}.jsonl"


def write(at: Path, terms: Terms, keys: Iterable[bytes]) -> int:
    """Write the file for the holder; how many different keys it has. Raises BadTerms for too many."""
    different = set(keys)
    keep(path_of(at, terms.partner), content(terms, different))
    return len(different)


def content(terms: Terms, keys: Iterable[bytes]) -> bytes:
    """The file for the holder. Raises BadTerms for too many keys."""
    rows = sorted(set(keys))
    if len(rows) > setup.MOST:
        raise BadTerms(f"{len(rows):,} keys are more than a filter holds ({setup.MOST:,})")
    lines = [json.dumps(asdict(terms)), *(json.dumps(key.decode()) for key in rows), json.dumps({"keys": len(rows)})]
    return ("\n".join(lines) + "\n").encode()


def read(path: Path) -> tuple[Terms, list[bytes]]:
    """The terms and keys of a prepared file. Raises BadTerms."""
    lines = path.read_text(encoding="utf-8").splitlines()
    try:
        terms, end = Terms(**json.loads(lines[0])), json.loads(lines[-1])
        keys = [json.loads(line).encode() for line in lines[1:-1]]
        complete = len(lines) > 1 and end == {"keys": len(keys)} and all(keys)
    except (ValueError, TypeError, AttributeError, IndexError) as error:
        raise BadTerms(f"{path.name}: not a prepared file ({error})") from error
    if not complete:
        raise BadTerms(f"{path.name}: it was not finished; run `baham overlap prepare` again")
    if terms.mode not in MODES or not 0 <= terms.share <= 1 or not 0 <= terms.daily <= batch.MOST:
        raise BadTerms(f"{path.name}: its terms cannot be")
    return terms, keys
