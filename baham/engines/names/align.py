"""Two names side by side: which part answers to which, what that leaves over, and what it comes to. Compiled.

Numba passes arrays by value of their descriptors, so working space is one flat float64 array (`space`), laid out by
the constants below, not a tuple of arrays.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .bodies import PLACES_FROM, USUAL_FROM, USUAL_TO
from .compiled import compiled, leaf
from .edits import COSTS, FLOOR, GAPS, PART, SPELLED, edits, is_code, similarity, working_rows
from .normalise import ACRONYM, FORM, KUNYA, MAX_TOKENS, NUMBER, PLAIN, PREFIX, TITLE
from .table import Ints, Names

JOINED = 0.93
_EXACT = 0.97
_JOIN_AT = 0.87
_TAU = 9.0
_SURE = 0.9
# The features of a pair of names, in this order; weights.py says what each is worth.
FEATURES = 19
(
    AGREED,
    OMITTED,
    BLURRED,
    LONE,
    CROSSED,
    COVERED,
    WHOLE,
    BITS,
    CLASHES,
    SURE,
    SHORT,
    WAYS,
    APART,
    TELLING,
    CLASHED,
    STRANGE,
    LACKING,
    NUMBERED,
    PLACED,
) = range(FEATURES)
# The layout of `space`: for each token of the left name its partner (-1: none), likeness and worth in bits; for each of
# the right name how well it is covered; the features; the grid of similarities.
PARTNER, LIKE, WORTH, COVER, FEATURE, GRID = (MAX_TOKENS * k for k in (0, 1, 2, 3, 4, 6))
_SPACE = GRID + MAX_TOKENS * MAX_TOKENS


class Bench(NamedTuple):
    """Working space for one pair of names at a time; each thread needs its own."""

    space: NDArray[np.float64]
    rows: NDArray[np.int32]
    letters: NDArray[np.uint8]

    @classmethod
    def fresh(cls) -> "Bench":
        return cls(np.zeros(_SPACE), working_rows(), np.zeros(192, dtype=np.uint8))


@leaf
def share(value):
    """The share of a token's weight that a similarity earns, 0..1."""
    return min(max((value - FLOOR) / (_EXACT - FLOOR), 0.0), 1.0)


@leaf
def align(left, left_text, a, n, right, right_text, b, m, space, rows, buffer):
    """Fill `space` with the alignment and the features of a name of n tokens (places `a` in `left`) and one of m."""
    for i in range(n):
        for j in range(m):
            space[GRID + i * MAX_TOKENS + j] = similarity(left, left_text, a[i], right, right_text, b[j], rows)
    align_grid(left, left_text, a, n, right, right_text, b, m, space, rows, buffer)


@leaf
def _is_body(table, at, count):
    """Whether some word says that a name is that of a body."""
    for k in range(count):  # noqa: SIM110 - compiled code has no generators
        if table[at[k]].kind == FORM or _is_usual(table[at[k]]):
            return True
    return False


@leaf
def _begin_apart(x, left_text, y, right_text):
    """Whether two rare words in one script begin with consonants that nobody takes for each other: a brand is told by
    its beginning, and Quorlin is not Borlin."""
    if x.arabic or y.arabic or x.name or y.name or x.kind != PLAIN or y.kind != PLAIN or min(x.key, y.key) < 3:
        return False
    first, second = left_text[x.at], right_text[y.at]
    return GAPS[first] == PART and GAPS[second] == PART and COSTS[first, second] == PART


@leaf
def align_grid(left, left_text, a, n, right, right_text, b, m, space, rows, buffer):
    """As align, where the similarities are in the grid already."""
    room, bodies = 0.0, _is_body(left, a, n) or _is_body(right, b, m)
    for i in range(n):
        for j in range(m):
            at = GRID + i * MAX_TOKENS + j
            if space[at] < _EXACT and (left[a[i]].kind == TITLE) != (right[b[j]].kind == TITLE):
                space[at] = 0.0  # Malik may be a name or a title; that Malik is like Maalim says nothing
            if left[a[i]].kind == ACRONYM or right[b[j]].kind == ACRONYM:
                space[at] = 0.0
            if bodies and FLOOR < space[at] < _EXACT and _begin_apart(left[a[i]], left_text, right[b[j]], right_text):
                space[at] = 0.0
            room = max(room, space[at])
        space[PARTNER + i], space[LIKE + i], space[WORTH + i] = -1.0, 0.0, 0.0
    for j in range(m):
        space[COVER + j] = 0.0
    if room > FLOOR:
        _pair_up(left, a, n, right, b, m, space)
    if n > 1:
        _join_left(left, left_text, a, n, right, right_text, b, m, space, rows, buffer)
    if m > 1:
        _join_right(left, left_text, a, n, right, right_text, b, m, space, rows, buffer)
    _spell_left(left, left_text, a, n, right, right_text, b, m, space)
    _spell_right(left, left_text, a, n, right, right_text, b, m, space)
    _sum_up(left, left_text, a, n, right, right_text, b, m, space)


@leaf
def _pair_up(left, a, n, right, b, m, space):
    """One to one, the most alike first; ties go by weight, then by a mark that both sides see alike."""
    for _round in range(min(n, m)):
        best, at_i, at_j = 0.0, -1, -1
        for i in range(n):
            if space[LIKE + i] > 0.0:
                continue
            for j in range(m):
                value = space[GRID + i * MAX_TOKENS + j]
                if value <= FLOOR or space[COVER + j] > 0.0:
                    continue
                x, y = left[a[i]], right[b[j]]
                value += min(x.bits, y.bits) * 1e-3 + ((x.letters ^ y.letters) % np.uint64(997)) * 1e-8
                if value > best:
                    best, at_i, at_j = value, i, j
        if at_i < 0:
            return
        value = space[GRID + at_i * MAX_TOKENS + at_j]
        space[PARTNER + at_i], space[LIKE + at_i], space[COVER + at_j] = at_j, value, value
        space[WORTH + at_i] = min(left[a[at_i]].bits, right[b[at_j]].bits)


@leaf
def _together(two, two_text, x, y, one, one_text, z, rows, buffer):
    """How alike tokens x and y of `two` put together and token z of `one` are; 0 where they cannot be."""
    first, second, whole = two[x], two[y], one[z]
    if first.kind != PLAIN or second.kind not in (PLAIN, FORM) or whole.kind == NUMBER:
        return 0.0
    # A skeleton of two sounds joins by accident too often; two letters that stand alone do not, nor the same letters.
    short = whole.skeleton < 3 and not (first.key == 1 and second.key == 1 and whole.key == 2)
    if short and whole.key < 5:
        return 0.0
    plain = first.arabic == whole.arabic
    la = np.int64(first.key if plain else first.skeleton)
    lb = np.int64(second.key if plain else second.skeleton)
    length = np.int64(whole.key if plain else whole.skeleton)
    if min(la, lb) == 0 or la + lb > 64 or abs(la + lb - length) > 1 + length // 6:
        return 0.0
    p, q, r = first.at, second.at, whole.at
    if not plain:
        p, q, r = p + first.key + first.sound, q + second.key + second.sound, r + whole.key + whole.sound
    if two_text[p] != one_text[r] and plain:
        return 0.0
    for k in range(la):
        buffer[k] = two_text[p + k]
    for k in range(lb):
        buffer[la + k] = two_text[q + k]
    value = edits(buffer, 0, la + lb, one_text, r, length, rows)
    return value if value == 1.0 or (plain and not short) else 0.0


@leaf
def _free(n, j, space):
    """Undo what leads to token j of the right name."""
    for k in range(n):
        if space[PARTNER + k] == j:
            space[PARTNER + k], space[LIKE + k], space[WORTH + k] = -1.0, 0.0, 0.0


@leaf
def _leave(i, space):
    """Undo what token i of the left name led to."""
    if space[PARTNER + i] >= 0.0:
        space[COVER + np.int64(space[PARTNER + i])] = 0.0


@leaf
def _join_left(left, left_text, a, n, right, right_text, b, m, space, rows, buffer):
    """Let two neighbouring tokens of the left name meet one of the right ("Gul Agha", "Gulagha")."""
    for i in range(n - 1):
        for j in range(m):
            if space[COVER + j] >= JOINED or max(space[LIKE + i], space[LIKE + i + 1]) >= JOINED:
                continue
            value = _together(left, left_text, a[i], a[i + 1], right, right_text, b[j], rows, buffer)
            if value < _JOIN_AT:
                continue
            _free(n, j, space)
            worth = min(left[a[i]].bits + left[a[i + 1]].bits, right[b[j]].bits) / 2
            for k in range(i, i + 2):
                _leave(k, space)
                space[PARTNER + k], space[LIKE + k], space[WORTH + k] = j, JOINED * value, worth
            space[COVER + j] = JOINED * value


@leaf
def _join_right(left, left_text, a, n, right, right_text, b, m, space, rows, buffer):
    for j in range(m - 1):
        for i in range(n):
            if space[LIKE + i] >= JOINED or max(space[COVER + j], space[COVER + j + 1]) >= JOINED:
                continue
            value = _together(right, right_text, b[j], b[j + 1], left, left_text, a[i], rows, buffer)
            if value < _JOIN_AT:
                continue
            _free(n, j, space)
            _free(n, j + 1, space)
            _leave(i, space)
            first, second = right[b[j]].bits, right[b[j + 1]].bits
            space[PARTNER + i], space[LIKE + i] = j if first >= second else j + 1, JOINED * value
            space[WORTH + i] = min(first + second, left[a[i]].bits)
            space[COVER + j], space[COVER + j + 1] = JOINED * value, JOINED * value


@leaf
def _initial(letter):
    """A letter for all that one initial comes to in keys: c is k or s, and q and x are k."""
    return np.uint8(107) if letter == 99 or letter == 115 else letter


@leaf
def _spelled(text, short, words, words_text, at, first, count):
    """How far the words from `first` on go whose initials the token `short` is; 0 if they are not its letters.

    Legal forms and little words may be among the letters or not. Keys have one letter where a letter is repeated.
    """
    letters, k, used, before = np.int64(short.key), 0, 0, np.uint8(0)
    for t in range(first, count):
        word = words[at[t]]
        if word.arabic or word.key == 0 or (word.kind != PLAIN and word.kind != FORM):
            break
        letter = _initial(words_text[word.at])
        if k < letters and letter == _initial(text[short.at + k]):
            before = letter
            k += 1
            used += 1
        elif letter == before and k > 0 and word.kind == PLAIN:
            used += 1
        elif word.kind == PLAIN or used == 0:
            break
        if k == letters and used > 2:
            return t + 1
    return 0


@leaf
def _may_be_initials(token, like):
    return token.kind == PLAIN and not token.arabic and 2 < token.key < 8 and like < SPELLED


@leaf
def _spell_left(left, left_text, a, n, right, right_text, b, m, space):
    """Let a token of the left name be the initials of words of the right one."""
    for i in range(n):
        if not _may_be_initials(left[a[i]], space[LIKE + i]):
            continue
        for j in range(m - 2):
            end = _spelled(left_text, left[a[i]], right, right_text, b, j, m)
            free = end > 0
            for t in range(j, end):
                free = free and (space[COVER + t] == 0.0 or space[PARTNER + i] == t)
            if free:
                _leave(i, space)
                space[PARTNER + i], space[LIKE + i], space[WORTH + i] = j, SPELLED, left[a[i]].bits
                for t in range(j, end):
                    space[COVER + t] = SPELLED
                break


@leaf
def _spell_right(left, left_text, a, n, right, right_text, b, m, space):
    for j in range(m):
        if not _may_be_initials(right[b[j]], space[COVER + j]):
            continue
        for i in range(n - 2):
            end = _spelled(right_text, right[b[j]], left, left_text, a, i, n)
            free = end > 0
            for t in range(i, end):
                free = free and (space[PARTNER + t] < 0.0 or space[PARTNER + t] == j)
            if free:
                _free(n, j, space)
                for t in range(i, end):
                    space[PARTNER + t], space[LIKE + t] = j, SPELLED
                    space[WORTH + t] = right[b[j]].bits / (end - i)
                space[COVER + j] = SPELLED
                break


@leaf
def _is_usual(token):
    """Whether it is a usual word in the names of bodies, or a place."""
    return USUAL_FROM <= token.name < USUAL_TO


@leaf
def _is_place(token):
    return PLACES_FROM <= token.name < USUAL_TO


@leaf
def _is_plain(token):
    return token.kind == PLAIN or token.kind == KUNYA or token.kind == NUMBER


@leaf
def _sum_up(left, left_text, a, n, right, right_text, b, m, space):
    """What the alignment comes to: sums of bits, and ratios of sums, so that long names are not favoured for length.

    Every feature is the same whichever of the two names is the left one.
    """
    agreed, blurred, sure, left_only, left_all, left_met = 0.0, 0.0, 0.0, 0.0, 1e-9, 0.0
    telling = 0.0
    right_only, right_all, right_met = 0.0, 1e-9, 0.0
    met, met_right, plain_left, plain_right, odd_left, odd_right, crossed = 0, 0, 0, 0, 0, 0, 0
    numbers_left, numbers_right, letters_left, letters_right = 0, 0, 0, 0
    strange_left, strange_right, places_left, places_right = 0.0, 0.0, 0, 0
    for i in range(n):
        token = left[a[i]]
        if token.kind == ACRONYM:
            continue
        bits, plain = np.float64(token.bits), _is_plain(token)
        left_all += bits
        plain_left += plain
        if space[PARTNER + i] < 0.0:
            odd_left += plain or token.kind == PREFIX
            left_only += bits if plain else 0.0
            strange_left += bits if plain and not _is_usual(token) else 0.0
            places_left += _is_place(token)
            numbers_left += token.kind == NUMBER
            letters_left += token.kind == PLAIN and (token.key == 1 or is_code(token, left_text))
            continue
        part, worth = share(space[LIKE + i]), space[WORTH + i]
        left_met += bits * part
        agreed += worth * part * part
        usual = _is_usual(token) or _is_usual(right[b[np.int64(space[PARTNER + i])]])
        telling += worth * part * part if not usual or space[LIKE + i] == SPELLED else 0.0
        blurred += worth * (1.0 - part)
        sure += worth if space[LIKE + i] >= _SURE else 0.0
        met += plain
        crossed += token.arabic != right[b[np.int64(space[PARTNER + i])]].arabic
    for j in range(m):
        token = right[b[j]]
        if token.kind == ACRONYM:
            continue
        bits, plain = np.float64(token.bits), _is_plain(token)
        right_all += bits
        plain_right += plain
        if space[COVER + j] == 0.0:
            odd_right += plain or token.kind == PREFIX
            right_only += bits if plain else 0.0
            strange_right += bits if plain and not _is_usual(token) else 0.0
            places_right += _is_place(token)
            numbers_right += token.kind == NUMBER
            letters_right += token.kind == PLAIN and (token.key == 1 or is_code(token, right_text))
            continue
        right_met += bits * share(space[COVER + j])
        met_right += plain
    missing = abs(left_only - right_only)
    ratios = left_met / left_all, right_met / right_all
    hi, lo = max(ratios[0], ratios[1]), min(ratios[0], ratios[1])
    space[FEATURE + AGREED] = 1.0 - np.exp(-agreed / _TAU)
    space[FEATURE + OMITTED] = missing / (agreed + missing + 1e-9)
    space[FEATURE + BLURRED] = blurred / (agreed + blurred + 1e-9)
    space[FEATURE + LONE] = 1.0 if min(met, met_right) < 2 and max(met, met_right) < 3 else 0.0
    space[FEATURE + CROSSED] = 1.0 if crossed else 0.0
    space[FEATURE + COVERED] = hi**0.6 * lo**0.4
    space[FEATURE + WHOLE] = 1.0 if lo > 0.97 and min(plain_left, plain_right) >= 2 else 0.0
    space[FEATURE + BITS] = agreed
    space[FEATURE + CLASHES] = min(odd_left, odd_right)
    space[FEATURE + SURE] = 1.0 - np.exp(-sure / _TAU)
    space[FEATURE + SHORT] = 1.0 if odd_left != odd_right else 0.0
    space[FEATURE + WAYS] = 1.0
    for k in range(min(met, met_right)):
        space[FEATURE + WAYS] *= max(plain_left, plain_right) - k
    # A number, a letter that stands alone or a code, on each side, and not the same: Factory 12 is not Factory 13.
    space[FEATURE + APART] = min(numbers_left, numbers_right) + min(letters_left, letters_right)
    # What agrees besides usual words and places, and how much each side says that the other contradicts.
    space[FEATURE + TELLING] = 1.0 - np.exp(-telling / _TAU)
    clashed = min(left_only, right_only)
    space[FEATURE + CLASHED] = clashed / (agreed + clashed + 1e-9)
    # The same of words that are neither usual nor places: how much contradicts, how much only one side has.
    strange, lacking = min(strange_left, strange_right), abs(strange_left - strange_right)
    space[FEATURE + STRANGE] = strange / (telling + strange + 1e-9)
    space[FEATURE + LACKING] = lacking / (telling + lacking + 1e-9)
    # A place on each side, and not the same.
    space[FEATURE + PLACED] = 1.0 if min(places_left, places_right) > 0 else 0.0
    # A number that one side alone has.
    space[FEATURE + NUMBERED] = 1.0 if (numbers_left > 0) != (numbers_right > 0) else 0.0


def feature_rows(query: Names, record: Names, q: Ints, r: Ints) -> NDArray[np.float64]:
    """float64[n, FEATURES] of the pairs of names (q[i] of query, r[i] of record); for fitting and for tests."""
    (left, lt), (right, rt) = query.tokens, record.tokens
    return np.asarray(
        _feature_rows(left, lt, query.start, query.ids, right, rt, record.start, record.ids, q, r, *Bench.fresh())
    )


@compiled
def _feature_rows(left, lt, ls, li, right, rt, rs, ri, q, r, space, rows, buffer):
    out = np.zeros((len(q), FEATURES))
    for k in range(len(q)):
        a, b = li[ls[q[k]] : ls[q[k] + 1]], ri[rs[r[k]] : rs[r[k] + 1]]
        align(left, lt, a, len(a), right, rt, b, len(b), space, rows, buffer)
        for f in range(FEATURES):
            out[k, f] = space[FEATURE + f]
    return out
