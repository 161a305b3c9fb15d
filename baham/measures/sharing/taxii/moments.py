"""STIX timestamps and whole microseconds since 1970 UTC, both ways."""

import re
import secrets
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate

_SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FINEST = len("2026-01-31T09:30:00.000000Z")
DAY = 86_400 * 1_000_000
_WIDEST = 32


def read(text: str) -> int:
    """The moment of a timestamp (RFC 3339 in UTC with Z). ValueError for anything else. STIX sets no limit to the
    decimals (2.1 §3.2); what is finer than a microsecond is cut off."""
    if not _SHAPE.fullmatch(text):
        raise ValueError(text[:40])
    return _read(text if len(text) <= _FINEST else text[: _FINEST - 1] + "Z")


@lru_cache(4096)
def _read(text: str) -> int:
    since = datetime.fromisoformat(text) - _EPOCH
    return since.days * DAY + since.seconds * 1_000_000 + since.microseconds


def write(moment: int) -> str:
    """The moment with six decimals and Z, as TAXII wants date_added."""
    return (_EPOCH + timedelta(microseconds=moment)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def one_after_another(first: int, count: int) -> list[int]:
    """So many moments, the first of them this one, each later than the one before by chance: between those that a
    reader finds it is not to count the others."""
    return list(accumulate((1 + byte % _WIDEST for byte in secrets.token_bytes(count - 1)), initial=first))[:count]


def now() -> int:
    """This moment by the machine's clock."""
    return time.time_ns() // 1000
