"""Which tokens of a list's vocabulary a token may be: an index of n-grams over the keys. Compiled.

Features of a token: 3-grams of the spelling, 2-grams of the skeleton, the whole skeleton, the whole sound, the known
name. Weighed by inverse document frequency and brought to length 1, as in any vector-space search (Manning et al.,
Introduction to Information Retrieval, chapter 6); the exact similarity is then computed for the closest.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .align import share
from .compiled import compiled, inlined, leaf
from .edits import FLOOR, similarity
from .table import Tokens

FEATURES = 1 << 18
NEAR = 32
"""Vocabulary tokens looked at for each query token; more costs time and found nothing more on the lists measured."""
_LEAST = 0.25
# Beyond so many entries read for one token only the rarer n-grams are used; they tell more.
_READ = 5_000
_MOST = 200
BINS = 128


class Grams(NamedTuple):
    """Which tokens bear a feature: `token[start[f] : start[f + 1]]` int32 with `weight` float32; `idf` by feature."""

    start: NDArray[np.int64]
    token: NDArray[np.int32]
    weight: NDArray[np.float32]
    idf: NDArray[np.float32]


@leaf
def _mix(a, b, c, salt):
    value = np.uint64(a) * np.uint64(0x9E3779B185EBCA87) + np.uint64(b) * np.uint64(0xC2B2AE3D27D4EB4F)
    value += np.uint64(c) * np.uint64(0x165667B19E3779F9) + np.uint64(salt) * np.uint64(0x27D4EB2F165667C5)
    value ^= value >> np.uint64(29)
    return np.int64((value * np.uint64(0x9E3779B185EBCA87)) >> np.uint64(46))


@leaf
def features(table, text, i, place, weight):
    """Write the features of token i and their weights; returns how many. Of one letter only the whole counts."""
    token = table[i]
    key, sound, bone, at = np.int64(token.key), np.int64(token.sound), np.int64(token.skeleton), token.at
    n = 0
    edge = np.uint8(1)
    for k in range(max(int(key), 1)):
        a = edge if k == 0 else text[at + k - 1]
        c = edge if k + 1 >= key else text[at + k + 1]
        place[n], weight[n] = _mix(a, text[at + k], c, 1), 1.0
        n += 1
    if sound:
        value = np.uint64(0)
        for k in range(sound):
            value = value * np.uint64(1_000_003) + np.uint64(text[at + key + k])
        place[n], weight[n] = _mix(value, 0, 0, 2), 1.0
        n += 1
    if bone:
        base = at + key + sound
        for k in range(bone + 1):
            a = edge if k == 0 else text[base + k - 1]
            b = edge if k == bone else text[base + k]
            place[n], weight[n] = _mix(a, b, 0, 3), 0.7
            n += 1
        place[n], weight[n] = _mix(token.hashed, 0, 0, 4), 1.5
        n += 1
    if token.name:
        place[n], weight[n] = _mix(token.name, 0, 0, 5), 1.5
        n += 1
    return n


@compiled
def _count(table, text, starts, seen):
    place, weight = np.zeros(_MOST, dtype=np.int64), np.zeros(_MOST, dtype=np.float32)
    for i in range(len(table)):
        n = features(table, text, i, place, weight)
        starts[i + 1] = starts[i] + n
        for k in range(n):
            seen[place[k] + 1] += 1


@compiled
def _fill(table, text, idf, at, token, values):
    place, weight = np.zeros(_MOST, dtype=np.int64), np.zeros(_MOST, dtype=np.float32)
    for i in range(len(table)):
        n = features(table, text, i, place, weight)
        square = 1e-12
        for k in range(n):
            weight[k] *= idf[place[k]]
            square += weight[k] * weight[k]
        for k in range(n):
            where = at[place[k]]
            token[where], values[where] = i, weight[k] / np.sqrt(square)
            at[place[k]] += 1


def build(tokens: Tokens) -> Grams:
    """The n-gram index of a vocabulary."""
    n = len(tokens.table)
    starts, seen = np.zeros(n + 1, dtype=np.int64), np.zeros(FEATURES + 1, dtype=np.int64)
    _count(tokens.table, tokens.text, starts, seen)
    idf = (np.log((n + 1.0) / (seen[1:] + 1.0)) + 1.0).astype(np.float32)
    start = np.cumsum(seen)
    token, weight = np.zeros(start[-1], dtype=np.int32), np.zeros(start[-1], dtype=np.float32)
    _fill(tokens.table, tokens.text, idf, start[:-1].copy(), token, weight)
    return Grams(start, token, weight, idf)


class Near(NamedTuple):
    """For n tokens the vocabulary tokens that each may be, the likeliest first: `place` int32[n, NEAR], `alike`
    float64[n, NEAR], their similarity, and `share` float32[n, NEAR] of its weight that it earns; `counted` int64[n]."""

    place: NDArray[np.int32]
    share: NDArray[np.float32]
    alike: NDArray[np.float64]
    counted: NDArray[np.int64]

    @classmethod
    def empty(cls, n: int) -> "Near":
        shape = n, NEAR
        return cls(
            np.zeros(shape, dtype=np.int32), np.zeros(shape, dtype=np.float32), np.zeros(shape), np.zeros(n, np.int64)
        )


@leaf
def select(values, n, most, bins, chosen):
    """Put the places of about the `most` greatest of `values[:n]`, all above 0, into `chosen`; returns how many.

    Through a histogram: linear, and no more than `most` come back. `bins` int64[BINS] is working space.
    """
    if n <= most:
        for k in range(n):
            chosen[k] = k
        return n
    top = 0.0
    for k in range(n):
        top = max(top, values[k])
    scale = (BINS - 1) / top
    bins[:] = 0
    for k in range(n):
        bins[np.int64(values[k] * scale)] += 1
    cut, held = BINS - 1, 0
    while cut > 0 and held + bins[cut] < most:
        held += bins[cut]
        cut -= 1
    above, level = 0, held
    for k in range(n):
        place = np.int64(values[k] * scale)
        if place > cut:
            chosen[above] = k
            above += 1
        elif place == cut and level < most:
            chosen[level] = k
            level += 1
    return level


@inlined
def _put(i, token, worth, alike, room):
    """Insert a token into row i of Near, the likeliest first."""
    place, shares, values, at = room.place, room.share, room.alike, room.counted[i]
    while at > 0 and (shares[i, at - 1] < worth or (shares[i, at - 1] == worth and place[i, at - 1] > token)):
        place[i, at], shares[i, at], values[i, at] = place[i, at - 1], shares[i, at - 1], values[i, at - 1]
        at -= 1
    place[i, at], shares[i, at], values[i, at] = token, worth, alike
    room.counted[i] += 1


@leaf
def _add(first, last, token, weight, value, sums):
    """Add the entries first..last-1 of a feature, worth `value`, to the sums of their tokens."""
    for at in range(first, last):
        sums[token[at]] += value * weight[at]


@leaf
def _take(first, last, token, sums, found, worth, kept):
    """Read the same entries once more: what came to enough is taken where it is first met, and every sum is cleared.

    Asking at the first reading whether a token is new would cost more: nothing foretells the answer.
    """
    for at in range(first, last):
        value = sums[token[at]]
        sums[token[at]] = 0.0
        if value > _LEAST:
            found[kept], worth[kept] = token[at], value
            kept += 1
    return kept


@compiled
def near(listed, room, first, last):
    """Fill Near (in the room) for its tokens first..last-1 against the vocabulary of the list
    (see List and Room in seek)."""
    asked, asked_text, idf, table, text = room.table, room.text, listed.gram_idf, listed.table, listed.text
    start = listed.gram_start
    sums, found, worth = room.token_sums, room.found, room.worth
    grams, values = np.zeros(_MOST, dtype=np.int64), np.zeros(_MOST, dtype=np.float32)
    sizes, chosen = np.zeros(_MOST, dtype=np.int64), np.zeros(NEAR, dtype=np.int32)
    for i in range(first, last):
        room.counted[i] = 0
        if asked[i].key < 2:
            continue  # one letter is like everything: initials are compared when scoring but find nobody
        n = features(asked, asked_text, i, grams, values)
        square = 1e-12
        for k in range(n):
            values[k] *= idf[grams[k]]
            square += values[k] * values[k]
            sizes[k] = start[grams[k] + 1] - start[grams[k]]
        order = np.argsort(sizes[:n])
        read, used, norm = 0, 0, np.sqrt(square)
        for k in order:
            if read and read + sizes[k] > _READ:
                break
            read += sizes[k]
            used += 1
            _add(start[grams[k]], start[grams[k] + 1], listed.gram_token, listed.gram_weight, values[k] / norm, sums)
        kept = 0
        for k in order[:used]:
            kept = _take(start[grams[k]], start[grams[k] + 1], listed.gram_token, sums, found, worth, kept)
        for k in range(select(worth, kept, NEAR, room.bins, chosen)):
            place = found[chosen[k]]
            alike = similarity(asked, asked_text, i, table, text, place, room.rows)
            if alike > FLOOR:
                _put(i, place, share(alike), alike, room)
