"""The one scorer behind `screen` and `compare`: how alike two names are, token by token, and what that is
worth.

    score = hi ** 0.6 * lo ** 0.4 * (1 - exp(-bits / TAU))

hi and lo are the larger and smaller of the two coverages (the weighted share of the query's and of the record's
tokens that found a partner) and bits is what the matched tokens are worth by population frequency: two common
names agree often by chance.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, Indel, JaroWinkler
from rapidfuzz.process import cpdist

from .normalise import MAX_TOKENS, PLAIN, PREFIX, TITLE
from .table import Ints, Names, Tokens

TAU = 9.0
_HI, _LO = 0.6, 0.4
# A token similarity below FLOOR is no agreement; from there it counts linearly up to 1.
FLOOR = 0.60
_INITIAL = 0.8
_JOINED = 0.93
# Two whole names that agree in every part are always shown to a person, however common: the least such a pair scores.
_WHOLE = 0.62
# So few pairs cost less in one pass than in three.
_FEW = 500

Floats = NDArray[np.float64]


@dataclass(slots=True)
class Scores:
    """For n pairs: `score` float64[n]; `bits` float64[n]; `partner` int64[n, q] (record token of each query
    token, r where none).

    `likeness` float64[n, q] is the similarity behind each partner; `covered` float64[n, r] that of each record token.
    """

    score: Floats
    bits: Floats
    partner: Ints
    likeness: Floats
    covered: Floats


def similarity(left: Tokens, right: Tokens, a: Ints, b: Ints) -> Floats:
    """float64[n], 0..1: how alike left token a[i] and right token b[i] are. Symmetric; 0 where plainly unlike."""
    out = np.zeros(len(a))
    cross = left.arabic[a] != right.arabic[b]
    same_bones = left.hashed[a] == right.hashed[b]
    alone = np.minimum(left.length[a], right.length[b]) == 1
    one = np.flatnonzero(
        ~cross & (same_bones | alone | _near(left.letters, right.letters, left.length, right.length, a, b))
    )
    if len(one):
        out[one] = _one_script(left, right, a[one], b[one], same_bones[one], alone[one])
    bones = _near(left.bones, right.bones, left.skeleton_length, right.skeleton_length, a, b)
    two = np.flatnonzero(cross & (same_bones | bones))
    if len(two):
        out[two] = _two_scripts(left, right, a[two], b[two], same_bones[two])
    return np.clip(out, 0.0, 1.0)


def _near(
    left: NDArray[np.uint64], right: NDArray[np.uint64], left_length: NDArray[np.uint8], right_length:
    NDArray[np.uint8],
    a: Ints, b: Ints,
) -> NDArray[np.bool_]:  # fmt: skip
    """Whether at most half of the longer key is letters the other lacks: every such letter costs an edit."""
    x, y = left[a], right[b]
    lacking = np.maximum(np.bitwise_count(x & ~y), np.bitwise_count(y & ~x)).astype(np.int64)
    return np.asarray(2 * lacking <= np.maximum(left_length[a], right_length[b]))


def _one_script(
    left: Tokens, right: Tokens, a: Ints, b: Ints, same_bones: NDArray[np.bool_], alone: NDArray[np.bool_]
) -> Floats:
    key_a, key_b = [left.keys[i] for i in a.tolist()], [right.keys[i] for i in b.tolist()]
    # Jaro-Winkler favours the first letters, which clerks get right; edits keep it honest about length.
    winkler = cpdist(key_a, key_b, scorer=JaroWinkler.normalized_similarity, dtype=np.float64)
    edits = cpdist(key_a, key_b, scorer=OSA.normalized_similarity, dtype=np.float64)
    value = 0.5 * (winkler + edits)
    short = np.minimum(left.skeleton_length[a], right.skeleton_length[b])
    value = np.where(same_bones & (short >= 3), np.maximum(value, 0.90), value)
    value = np.where(same_bones & (short == 2), np.maximum(value, 0.5 * (value + 0.92)), value)
    first = left.first[a] == right.first[b]
    value = np.where(~first & (edits < 0.8) & ~same_bones, value * 0.9, value)
    return np.where(alone, np.where(first, np.where(edits == 1.0, 1.0, _INITIAL), 0.0), value)


def _two_scripts(left: Tokens, right: Tokens, a: Ints, b: Ints, same_bones: NDArray[np.bool_]) -> Floats:
    ai, bi = a.tolist(), b.tolist()
    bones = cpdist(
        [left.skeletons[i] for i in ai],
        [right.skeletons[i] for i in bi],
        scorer=OSA.normalized_similarity,
        dtype=np.float64,
    )
    vowels = cpdist(
        [left.sounds[i] for i in ai],
        [right.sounds[i] for i in bi],
        scorer=Indel.normalized_similarity,
        dtype=np.float64,
    )
    short = np.minimum(left.skeleton_length[a], right.skeleton_length[b])
    # One consonant is shared by half the names there are; then the long vowels must speak.
    equal = np.where(short >= 2, 0.82 + 0.18 * vowels, 0.45 + 0.5 * vowels)
    value = np.where(same_bones & (short >= 1), equal, 0.6 * bones + 0.4 * vowels - 0.05)
    return np.where(short <= 1, np.minimum(value, equal), value)


def counts(value: Floats) -> Floats:
    """The share of a token's weight that a similarity earns, 0..1."""
    return np.clip((value - FLOOR) / (0.97 - FLOOR), 0.0, 1.0)


def only_scores(query: Names, record: Names, q: Ints, r: Ints) -> Floats:
    """`score_pairs(...).score`, with short names kept apart from long ones: the work of a pair grows with its
    widest company."""
    if len(q) <= _FEW:
        return score_pairs(query, record, q, r).score
    score = np.zeros(len(q))
    tall = np.maximum(query.start[q + 1] - query.start[q], record.start[r + 1] - record.start[r])
    for least, most in ((0, 3), (4, 5), (6, MAX_TOKENS)):
        rows = np.flatnonzero((tall >= least) & (tall <= most))
        if len(rows):
            score[rows] = score_pairs(query, record, q[rows], r[rows]).score
    return score


def score_pairs(query: Names, record: Names, q: Ints, r: Ints) -> Scores:
    """Scores of the name pairs (q[i] of query, r[i] of record). A name without tokens scores 0."""
    n = len(q)
    if not len(query.ids) or not len(record.ids):
        nobody = np.full((n, 1), 1, dtype=np.int64)
        return Scores(np.zeros(n), np.zeros(n), nobody, np.zeros((n, 1)), np.zeros((n, 1)))
    q_len, r_len = query.start[q + 1] - query.start[q], record.start[r + 1] - record.start[r]
    wide, tall = int(q_len.max(initial=1)), int(r_len.max(initial=1))
    cells = q_len * r_len
    pair = np.repeat(np.arange(n), cells)
    local = np.arange(len(pair)) - np.repeat(np.cumsum(cells) - cells, cells)
    i, j = np.divmod(local, np.maximum(r_len[pair], 1))
    a, b = query.ids[query.start[q][pair] + i], record.ids[record.start[r][pair] + j]
    code, back = np.unique(a * max(len(record.tokens.keys), 1) + b, return_inverse=True)
    distinct = similarity(query.tokens, record.tokens, *np.divmod(code, max(len(record.tokens.keys), 1)))
    grid = np.zeros((n, wide, tall))
    grid[pair, i, j] = distinct[back]
    q_ids, q_bits = _padded(query, q, q_len, wide)
    r_ids, r_bits = _padded(record, r, r_len, tall)
    partner, likeness, covered, worth = _align(
        grid, q_bits, r_bits, query.tokens.hashed[q_ids], record.tokens.hashed[r_ids]
    )
    _join(query.tokens, record.tokens, q_ids, r_ids, q_bits, r_bits, partner, likeness, covered, worth)
    earned = counts(likeness)
    bits = (worth * earned**2).sum(1)
    q_all, r_all = np.maximum(q_bits.sum(1), 1e-9), np.maximum(r_bits.sum(1), 1e-9)
    cover_q, cover_r = (q_bits * earned).sum(1) / q_all, (r_bits * counts(covered)).sum(1) / r_all
    hi, lo = np.maximum(cover_q, cover_r), np.minimum(cover_q, cover_r)
    score = hi**_HI * lo**_LO * (1.0 - np.exp(-bits / TAU))
    plain = ((query.tokens.kind[q_ids] != TITLE) & (query.tokens.kind[q_ids] != PREFIX) & (q_bits > 0)).sum(1)
    whole = (lo > 0.97) & (plain >= 2)
    score = np.where(whole, np.maximum(score, _WHOLE), score)
    return Scores(np.clip(score, 0.0, 1.0), bits, partner, likeness, covered)


def _padded(names: Names, which: Ints, length: Ints, width: int) -> tuple[Ints, Floats]:
    column = np.arange(width)[None, :]
    real = column < length[:, None]
    place = np.where(real, names.start[which][:, None] + column, 0)
    ids = np.where(real, names.ids[np.minimum(place, len(names.ids) - 1)], 0)
    return ids, np.where(real, names.tokens.bits[ids], 0.0)


def _align(
    grid: Floats, q_bits: Floats, r_bits: Floats, q_hash: NDArray[np.uint64], r_hash: NDArray[np.uint64]
) -> tuple[Ints, Floats, Floats, Floats]:
    """Greedy one-to-one: the best pair of the grid first. Ties go by weight, then by a symmetric mark of the
    two tokens."""
    n, wide, tall = grid.shape
    mark = ((q_hash[:, :, None] ^ r_hash[:, None, :]) % np.uint64(997)).astype(np.float64)
    shared = np.minimum(q_bits[:, :, None], r_bits[:, None, :])
    order = np.where(grid > FLOOR, grid + shared * 1e-3 + mark * 1e-8, -1.0)
    partner = np.full((n, wide), tall, dtype=np.int64)
    likeness, covered, worth = np.zeros((n, wide)), np.zeros((n, tall)), np.zeros((n, wide))
    flat = order.reshape(n, wide * tall)
    alive = np.arange(n)
    for _ in range(min(wide, tall)):
        best = flat[alive].argmax(1)
        alive, best = alive[good] if not (good := flat[alive, best] > 0).all() else alive, best[good]
        if not len(alive):
            break
        i, j = np.divmod(best, tall)
        value = grid[alive, i, j]
        partner[alive, i], likeness[alive, i], covered[alive, j] = j, value, value
        worth[alive, i] = shared[alive, i, j]
        order[alive, i, :] = -1.0
        order[alive, :, j] = -1.0
    return partner, likeness, covered, worth


def _join(
    left: Tokens, right: Tokens, q_ids: Ints, r_ids: Ints, q_bits: Floats, r_bits: Floats,
    partner: Ints, likeness: Floats, covered: Floats, worth: Floats,
) -> None:  # fmt: skip
    """Let two neighbouring tokens meet one written together ("Gul Agha", "Gulagha"), in place, where that
    explains more."""
    nobody = r_ids.shape[1]
    for p, i, j in _joined(left, right, q_ids, r_ids, q_bits, r_bits):
        if max(likeness[p, i : i + 2].min(), covered[p, j]) >= _JOINED or likeness[p, i : i + 2].max() >= _JOINED:
            continue
        for k in np.flatnonzero(partner[p] == j).tolist():
            partner[p, k], likeness[p, k] = nobody, 0.0
        for k in (i, i + 1):
            if partner[p, k] < nobody:
                covered[p, partner[p, k]] = 0.0
            partner[p, k], likeness[p, k] = j, _JOINED
            worth[p, k] = min(q_bits[p, i] + q_bits[p, i + 1], r_bits[p, j]) / 2
        covered[p, j] = _JOINED
    for p, j, i in _joined(right, left, r_ids, q_ids, r_bits, q_bits):
        if likeness[p, i] >= _JOINED or covered[p, j : j + 2].max() >= _JOINED:
            continue
        for k in np.flatnonzero((partner[p] == j) | (partner[p] == j + 1)).tolist():
            partner[p, k], likeness[p, k] = nobody, 0.0
        if partner[p, i] < nobody:
            covered[p, partner[p, i]] = 0.0
        partner[p, i], likeness[p, i] = j if r_bits[p, j] >= r_bits[p, j + 1] else j + 1, _JOINED
        worth[p, i] = min(r_bits[p, j] + r_bits[p, j + 1], q_bits[p, i])
        covered[p, j : j + 2] = _JOINED


def _joined(
    two: Tokens, one: Tokens, two_ids: Ints, one_ids: Ints, two_bits: Floats, one_bits: Floats
) -> list[tuple[int, int, int]]:
    """(pair, i, j) where the skeletons of neighbours i, i+1 of `two`, put together, are that of token j of `one`."""
    if two_ids.shape[1] < 2 or not len(two_ids):
        return []
    first, second = two_ids[:, :-1], two_ids[:, 1:]
    put = two.hashed[first] * two.power[second] + two.hashed[second]
    whole = one.hashed[one_ids]
    there = (two_bits[:, 1:, None] > 0) & (one_bits[:, None, :] > 0) & (put[:, :, None] == whole[:, None, :])
    # A skeleton of two sounds joins by accident too often; titles and particles are not halves of a name.
    found = [(int(p), int(i), int(j)) for p, i, j in np.argwhere(there)]
    return [
        (p, i, j) for p, i, j in found
        if len(one.skeletons[one_ids[p, j]]) >= 3 and two.skeletons[first[p, i]] and two.skeletons[second[p, i]]
        and two.kind[first[p, i]] == PLAIN == two.kind[second[p, i]]
    ]  # fmt: skip
