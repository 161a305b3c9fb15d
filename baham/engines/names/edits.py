"""How alike two tokens are, 0..1: compiled, because every answer asks for hundreds of them.

Edits are weighed: a vowel for a vowel, or a consonant for one that the region's scripts and ears confuse (q and k or g,
s and z, p and b...), costs less than any other, after the idea of Zobel and Dart, "Phonetic string matching" (SIGIR
1996). Transpositions of neighbours count once (optimal string alignment). Jaro-Winkler (Winkler 1990) is averaged in:
it trusts beginnings, which clerks get right.
"""

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled, leaf
from .normalise import ACRONYM, NUMBER, PLAIN
from .table import Tokens

# A similarity below FLOOR is no agreement.
FLOOR = 0.60
INITIAL = 0.8
SPELLED = 0.901
"""Likeness of an acronym and the words it is of; no other likeness is just this."""
SAME_NAME = 0.97
_MAY_BE_SAME = 0.93
PART = 10
_VOWELS = "aeiouy"
_CONFUSED = {
    3: "ie ou uw iy vw",
    4: "kq kX gG kc",
    5: "kg pb sz td zj sS jC zS gX hX fp vb wv lr mn Ck",
    6: "st dz jy gj Gh kh ",
}


def _costs() -> NDArray[np.int32]:
    table = np.full((128, 128), PART, dtype=np.int32)
    for a in _VOWELS:
        for b in _VOWELS:
            table[ord(a), ord(b)] = 5
    for cost, pairs in _CONFUSED.items():
        for pair in pairs.split():
            x, y = map(ord, pair)
            table[x, y] = table[y, x] = cost
    np.fill_diagonal(table, 0)
    return table


def _gaps() -> NDArray[np.int32]:
    gaps = np.full(128, PART, dtype=np.int32)
    for letter in _VOWELS + "hw":
        gaps[ord(letter)] = 6
    return gaps


COSTS, GAPS = _costs(), _gaps()
"""What one letter for another costs, and one letter more; in parts of PART, the cost of a plain edit."""
_FLAT = COSTS.ravel()
_USUAL_ENDINGS = ("ulah", "udin", "uwich", "ewich", "zada")
_ENDINGS = np.array([list(ending.encode().ljust(5)) for ending in _USUAL_ENDINGS], dtype=np.uint8)
_ENDING_LENGTHS = np.array([len(ending) for ending in _USUAL_ENDINGS], dtype=np.int64)
WIDTH = 130
_SWAP = 8
_NISBA = 0.8
_OTHER_SPELLING = 0.86
_I = ord("i")


@leaf
def edits(a, p, la, b, q, lb, rows):
    """1 - weighed optimal-string-alignment distance / length of the longer, of a[p : p + la] and b[q : q + lb].

    `rows` int32[3 * WIDTH] is working space.
    """
    if la == 0 or lb == 0:
        return 1.0 if la == lb else 0.0
    # Unsigned places and 32-bit sums throughout: what else numba checks and widens took a third of the time.
    one, wide = np.uint32(1), np.uint32(lb)
    p, q, before, last, row = np.uint32(p), np.uint32(q), np.uint32(0), np.uint32(WIDTH), np.uint32(2 * WIDTH)
    total = np.int32(0)
    rows[last] = total
    for j in range(wide):
        total = np.int32(total + GAPS[b[q + j]])
        rows[last + j + one] = total
    x_before = np.uint8(0)
    for i in range(np.uint32(la)):
        x = a[p + i]
        gap, costs = GAPS[x], np.uint32(x) * np.uint32(128)
        corner = rows[last]
        left = np.int32(corner + gap)
        rows[row] = left
        y_before = np.uint8(0)
        for j in range(wide):
            y, above = b[q + j], rows[last + j + one]
            best = min(np.int32(corner + _FLAT[costs + np.uint32(y)]), np.int32(above + gap), np.int32(left + GAPS[y]))
            if x == y_before and x_before == y:  # no letter is 0, so not in the first row or column
                best = min(best, np.int32(rows[before + j - one] + np.int32(_SWAP)))
            rows[row + j + one] = best
            left, corner, y_before = best, above, y
        x_before = x
        before, last, row = last, row, before
    return max(0.0, 1.0 - rows[last + wide] / (PART * max(la, lb)))


@leaf
def _winkler(a, p, la, b, q, lb):
    """Jaro-Winkler similarity of two keys of at most 64 letters."""
    reach = max(max(la, lb) // 2 - 1, 0)
    taken_a, taken_b = np.uint64(0), np.uint64(0)
    one = np.uint64(1)
    same = 0
    for i in range(la):
        for j in range(max(0, i - reach), min(lb, i + reach + 1)):
            if a[p + i] == b[q + j] and not (taken_b >> np.uint64(j)) & one:
                taken_a |= one << np.uint64(i)
                taken_b |= one << np.uint64(j)
                same += 1
                break
    if same == 0:
        return 0.0
    crossed, j = 0, 0
    for i in range(la):
        if (taken_a >> np.uint64(i)) & one:
            while not (taken_b >> np.uint64(j)) & one:
                j += 1
            crossed += a[p + i] != b[q + j]
            j += 1
    jaro = (same / la + same / lb + (same - crossed // 2) / same) / 3
    start = 0
    while start < min(4, la, lb) and a[p + start] == b[q + start]:
        start += 1
    return jaro + 0.1 * start * (1 - jaro) if jaro > 0.7 else jaro


@leaf
def _order(a, p, la, b, q, lb):
    """0 for equal texts, else -1 or 1: shorter first, then by letters."""
    if la != lb:
        return -1 if la < lb else 1
    for i in range(la):
        if a[p + i] != b[q + i]:
            return -1 if a[p + i] < b[q + i] else 1
    return 0


@leaf
def count_bits(mask):
    """How many bits of a uint64 are set (Warren, Hacker's Delight, 5-1)."""
    mask -= (mask >> np.uint64(1)) & np.uint64(0x5555555555555555)
    mask = (mask & np.uint64(0x3333333333333333)) + ((mask >> np.uint64(2)) & np.uint64(0x3333333333333333))
    mask = (mask + (mask >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((mask * np.uint64(0x0101010101010101)) >> np.uint64(56))


@leaf
def _unlike(x, y, longer):
    """Whether over half of the longer key is letters that the other lacks: then no edit makes them alike."""
    return 2 * max(count_bits(x & ~y), count_bits(y & ~x)) > longer


@leaf
def _keys_alike(a, p, la, b, q, lb, same_bones, bones, rows):
    """Of two keys in one script; `same_bones` if their skeletons are equal, `bones` the length of the shorter."""
    order = _order(a, p, la, b, q, lb)
    if order == 0:
        return 1.0
    if min(la, lb) == 1:
        return INITIAL if a[p] == b[q] else 0.0
    ending = _ending(a, p + la, b, q + lb)
    if ending and min(la, lb) > ending + 1:
        # Names in -ullah or -ovich are told apart by what stands before.
        return 0.8 * _keys_alike_plain(a, p, la - ending, b, q, lb - ending, False, 0, rows) + 0.2
    return _keys_alike_plain(a, p, la, b, q, lb, same_bones, bones, rows)


@leaf
def _ending(a, end_a, b, end_b):
    """The length of a usual ending that both have; 0 if none."""
    for k in range(len(_ENDINGS)):
        length = _ENDING_LENGTHS[k]
        if end_a >= length and end_b >= length:
            same = True
            for m in range(length):
                same = same and a[end_a - length + m] == _ENDINGS[k, m] == b[end_b - length + m]
            if same:
                return length
    return 0


@leaf
def _keys_alike_plain(a, p, la, b, q, lb, same_bones, bones, rows):
    order = _order(a, p, la, b, q, lb)
    if order == 0:
        return 1.0
    edit = edits(a, p, la, b, q, lb, rows)
    # The matching inside Jaro is greedy: always from the same side, so that the order of asking changes nothing.
    winkler = _winkler(a, p, la, b, q, lb) if order < 0 else _winkler(b, q, lb, a, p, la)
    value = 0.5 * (winkler + edit)
    if same_bones and bones >= 3:
        value = max(value, 0.90)
    elif same_bones and bones == 2:
        value = max(value, 0.5 * (value + 0.92))
    elif a[p] != b[q] and edit < 0.8:
        value *= 0.9
    if _is_nisba(a, p, la, b, q, lb):
        value = min(value, _NISBA)
    return value


@leaf
def _is_nisba(a, p, la, b, q, lb):
    """Whether one is the other with -i: Umar and Umari are two names."""
    if abs(la - lb) != 1 or min(la, lb) < 4:
        return False
    if (a[p + la - 1] if la > lb else b[q + lb - 1]) != _I:
        return False
    for k in range(min(la, lb)):  # noqa: SIM110 - compiled code has no generators
        if a[p + k] != b[q + k]:
            return False
    return True


@leaf
def _scripts_alike(a, p, sa, ka, b, q, sb, kb, same_bones, rows):
    """Of two tokens in two scripts (sounds from p and q on, skeletons after them), by what both write: consonants, and
    long vowels where there are any."""
    vowels = edits(a, p, sa, b, q, sb, rows)
    short = min(ka, kb)
    # One consonant is shared by half the names there are; then the long vowels must speak.
    equal = 0.82 + 0.18 * vowels if short >= 2 else 0.45 + 0.5 * vowels
    if same_bones and short >= 1:
        return equal
    value = 0.6 * edits(a, p + sa, ka, b, q + sb, kb, rows) + 0.4 * vowels - 0.03
    return min(value, equal) if short <= 1 else value


@leaf
def is_code(token, text):
    """Whether a token is two to four consonants: letters that stand for words, each of which counts (`QRV`)."""
    if token.arabic or not 1 < token.key < 5:
        return False
    for k in range(token.key):
        letter = text[token.at + k]
        if letter == 97 or letter == 101 or letter == 105 or letter == 111 or letter == 117 or letter == 121:
            return False
    return True


@leaf
def _one_name(x, y):
    """Whether both are spellings of one known name."""
    if x.name and (x.name == y.name or x.name == y.other):
        return True
    return x.other and (x.other == y.name or x.other == y.other)


@leaf
def similarity(left, left_text, i, right, right_text, j, rows):
    """0..1: how alike two tokens are (table and text of Tokens). Symmetric; 0 where plainly unlike."""
    x, y = left[i], right[j]
    la, lb, ka, kb = np.int64(x.key), np.int64(y.key), np.int64(x.skeleton), np.int64(y.skeleton)
    if x.kind == NUMBER or y.kind == NUMBER:
        # A number is itself and nothing else, however little two differ.
        return 1.0 if x.kind == y.kind and _order(left_text, x.at, la, right_text, y.at, lb) == 0 else 0.0
    if x.kind == ACRONYM or y.kind == ACRONYM:
        # Only to find the name: what it agrees in is seen when the words are put beside it (align).
        one_spelled = (x.kind == PLAIN or y.kind == PLAIN) and min(la, lb) > 2
        return SPELLED if one_spelled and _order(left_text, x.at, la, right_text, y.at, lb) == 0 else 0.0
    same_bones = x.hashed == y.hashed
    one = _one_name(x, y)
    # Umar and Umari are two names, but alike; any other two known names are not.
    if (x.name and y.name and not one) and (
        x.arabic != y.arabic or not _is_nisba(left_text, x.at, la, right_text, y.at, lb)
    ):
        return 0.0
    if x.arabic == y.arabic:
        if not one and not same_bones and min(la, lb) > 1 and _unlike(x.letters, y.letters, max(la, lb)):
            return 0.0
        if not one and is_code(x, left_text) and is_code(y, right_text):
            return 1.0 if same_bones else 0.0
        value = _keys_alike(left_text, x.at, la, right_text, y.at, lb, same_bones, min(ka, kb), rows)
    else:
        if not one and not same_bones and _unlike(x.bones, y.bones, max(ka, kb)):
            return 0.0
        sa, sb = np.int64(x.sound), np.int64(y.sound)
        value = _scripts_alike(left_text, x.at + la, sa, ka, right_text, y.at + lb, sb, kb, same_bones, rows)
        if (x.name == 0) != (y.name == 0):
            # A known name is written in known ways: another spelling of the same consonants is rather another name.
            value = min(value, _OTHER_SPELLING)
    if one:
        value = max(value, _MAY_BE_SAME if x.other or y.other else SAME_NAME)
    return min(max(value, 0.0), 1.0)


def working_rows() -> NDArray[np.int32]:
    """Working space for `edits`: three rows of the table of distances."""
    return np.zeros(3 * WIDTH, dtype=np.int32)


def similarities(left: Tokens, right: Tokens) -> NDArray[np.float64]:
    """float64[len(left), len(right)]: every token of one with every token of the other."""
    return np.asarray(_grid(left.table, left.text, right.table, right.text, working_rows()))


@compiled
def _grid(left, left_text, right, right_text, rows):
    out = np.zeros((len(left), len(right)))
    for i in range(len(left)):
        for j in range(len(right)):
            out[i, j] = similarity(left, left_text, i, right, right_text, j, rows)
    return out
