"""What the holder gives out of its set: a filter that says nothing to whoever cannot ask the holder.

Each key is put through the OPRF under the epoch's secret; of the output its first bits are kept, sorted. Without the
secret they are random bits. `entries` is a power of two, at least 1,024: the set is filled up with random values, so
its size is told to a factor of two. A value has log2(entries) + 32 bits, so an output that is not in the set is taken
for one that is with a chance of 2**-32 (2.4e-10) for each question.

The form is Elias's and Fano's: the upper log2(entries) bits of the sorted values in unary (at most two bits an entry),
the lower 32 as they are; 4.25 bytes an entry, nothing to parse that could go wrong.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LOW = 32
LEAST = 1 << 10
MOST = 1 << 24
"""Entries of a filter, at the least and at the most."""


class BadFilter(ValueError):
    """Bytes that are no filter. The text says why."""


@dataclass(frozen=True, slots=True)
class Filter:
    """The sorted values of the holder's set. `find` tells which outputs are among them."""

    entries: int
    values: "NDArray[np.uint64]"

    def find(self, outputs: Sequence[bytes]) -> list[bool]:
        """Whether each output (64 bytes) is in the set; wrongly so with a chance of 2**-32."""
        import numpy as np

        asked = _values(outputs, self.entries)
        at = np.minimum(np.searchsorted(self.values, asked), self.entries - 1)
        found: list[bool] = (self.values[at] == asked).tolist()
        return found


def bucket(size: int) -> int:
    """How many entries a set of this size is filled up to. ValueError for one that is too large."""
    if size > MOST:
        raise ValueError(f"{size:,} keys are more than {MOST:,}")
    return max(LEAST, 1 << max(size - 1, 0).bit_length())


def write(outputs: Sequence[bytes]) -> bytes:
    """The filter of these outputs, filled up with random values to its bucket."""
    import numpy as np

    entries = bucket(len(outputs))
    filled = [*outputs, *(os.urandom(8) for _ in range(entries - len(outputs)))]
    values = np.sort(_values(filled, entries))
    highs = np.zeros(2 * entries, dtype=np.uint8)
    highs[(values >> np.uint64(_LOW)).astype(np.int64) + np.arange(entries)] = 1
    return np.packbits(highs).tobytes() + (values & np.uint64(0xFFFFFFFF)).astype("<u4").tobytes()


def read(content: bytes, entries: int) -> Filter:
    """Read what `write` writes. Raises BadFilter."""
    import numpy as np

    if not (LEAST <= entries <= MOST) or entries & (entries - 1):
        raise BadFilter(f"{entries} entries: not a power of two from {LEAST:,} to {MOST:,}")
    if len(content) != entries // 4 + entries * 4:
        raise BadFilter(f"{len(content):,} bytes are no filter of {entries:,} entries")
    places = np.flatnonzero(np.unpackbits(np.frombuffer(content, dtype=np.uint8, count=entries // 4)))
    if len(places) != entries:
        raise BadFilter(f"it marks {len(places):,} entries and says {entries:,}")
    highs = (places - np.arange(entries)).astype(np.uint64)
    lows = np.frombuffer(content, dtype="<u4", offset=entries // 4).astype(np.uint64)
    values = (highs << np.uint64(_LOW)) | lows
    if highs[-1] >= entries or np.any(values[1:] < values[:-1]):
        raise BadFilter("its entries are not in order")
    return Filter(entries, values)


def _values(outputs: Sequence[bytes], entries: int) -> "NDArray[np.uint64]":
    """The first log2(entries) + 32 bits of each output."""
    import numpy as np

    first = np.frombuffer(b"".join([one[:8] for one in outputs]), dtype=">u8").astype(np.uint64)
    return first >> np.uint64(64 - _LOW - (entries.bit_length() - 1))
