"""Long rows in portions: what a database is asked for has a limit to its parameters."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
SIZE = 5_000
"""Within SQLite's limit to the parameters of one statement (32,766) several times over."""


def in_chunks(rows: Iterable[T], size: int = SIZE) -> Iterator[list[T]]:
    """The rows in their order, `size` at a time; nothing for no rows."""
    stream = iter(rows)
    while chunk := list(islice(stream, size)):
        yield chunk
