"""From the tokens of a question to the subjects whose names come closest. Compiled; one question at a time, so that
nothing depends on what else is asked.

Candidates are the distinct names that share the most weight with the question, found through postings (token -> names);
those are aligned and scored, and their bearers ranked.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .align import GRID, align_grid
from .compiled import compiled, inlined, leaf
from .edits import similarity
from .grams import near, select
from .normalise import MAX_TOKENS
from .weights import probability

CANDIDATES = 48
"""Distinct names scored for each question."""
PRELIMINARY = 4 * CANDIDATES
# Postings read for one question before the commonest of its tokens are only looked up, not followed.
_READ = 40_000
_CUT = 0.6
COLUMNS = 1024
"""Distinct tokens of candidates, and of the other names of their bearers, whose likeness is kept for a question."""


@compiled
def find(listed, room, ids, wanted, allowed):
    """Put the candidate names of a question into `room.chosen`; returns how many.

    `ids` are the question's tokens (rows of the room's table); `wanted` is the mask of schemata that it may be about;
    `allowed` uint8[names] (or empty) limits the names.
    """
    start, name_of, table = listed.posting_start, listed.posting_name, listed.table
    place, share, count, sums, follow = room.place, room.share, room.counted, room.name_sums, room.follow
    n = len(ids)
    sizes = np.zeros(n, dtype=np.int64)
    for k in range(n):
        for v in range(count[ids[k]]):
            sizes[k] += start[place[ids[k], v] + 1] - start[place[ids[k], v]]
    read, followed = 0, 0
    skipped = np.zeros(n, dtype=np.bool_)
    for k in np.argsort(sizes):
        i = ids[k]
        for v in range(count[i]):
            at = place[i, v]
            first, last = start[at], start[at + 1]
            # The rarest part is followed under its likeliest spelling however many bear it; of the others what fits.
            if read > 0 and read + last - first > _READ:
                if v == 0:
                    skipped[k] = True
                    break
                continue
            read += last - first
            worth = share[i, v] * min(room.table[i].bits, table[at].bits)
            for p in range(first, last):
                sums[name_of[p]] += worth
            follow[followed] = at
            followed += 1
    if not np.any(skipped):
        kept = _gather(listed, room, followed, _CUT, wanted, allowed)
        found = select(room.worth, kept, CANDIDATES, room.bins, room.chosen)
    else:
        kept = _gather(listed, room, followed, 0.0, wanted, allowed)
        found = select(room.worth, kept, PRELIMINARY, room.bins, room.chosen)
        for k in range(n):
            if skipped[k]:
                _look_up(listed, room, ids[k], found)
        found = _choose_again(room, _near_the_best(room, found))
    for t in range(found):
        room.chosen[t] = room.found[room.chosen[t]]
    return found


@inlined
def _gather(listed, room, followed, cut, wanted, allowed):
    """Put the names of the postings followed into `room.found` and what they share with the question, against all that
    they are, into `room.worth`: those over `cut` times the best. Clears `room.name_sums`; returns how many there are.
    """
    start, name_of, weight, schemas = listed.posting_start, listed.posting_name, listed.name_weight, listed.name_schemas
    sums, found, worth, follow = room.name_sums, room.found, room.worth, room.follow
    times = _times(room, followed)
    kept, top, least = 0, 0.0, 0.0
    for f in range(followed):
        for p in range(start[follow[f]], start[follow[f] + 1]):
            name = name_of[p]
            shared = sums[name]
            sums[name] = 0.0
            # Met before, or too little for its weight not to weigh it down: most names are neither looked up nor kept.
            if shared <= least:
                continue
            if schemas[name] & wanted == 0 or (len(allowed) > 0 and allowed[name] == 0):
                continue
            value = shared / weight[name]
            if value <= cut * top:
                continue
            found[kept], worth[kept] = name, value
            kept += 1
            if value > top:
                top = value
                least = _least(cut * top, times)
    over = 0
    for k in range(kept):
        if worth[k] > cut * top:
            found[over], worth[over] = found[k], worth[k]
            over += 1
    return over


@inlined
def _times(room, followed):
    """How often a token of the vocabulary was followed at the most: parts of a question may be like each other."""
    most = 0.0
    for f in range(followed):
        room.token_sums[room.follow[f]] += 1.0
        most = max(most, room.token_sums[room.follow[f]])
    for f in range(followed):
        room.token_sums[room.follow[f]] = 0.0
    return most


@leaf
def _least(value, times):
    """What a name must share with a question at least, for its worth to be over `value`.

    It shares no more than `times` the bits of its own parts, and its weight is the root of one more than those bits: so
    its worth is x / sqrt(x / times + 1) at the most, which grows with x. A little less, for rounding.
    """
    square = value * value / times
    return 0.9999 * 0.5 * (square + np.sqrt(square * square + 4.0 * value * value))


@inlined
def _near_the_best(room, found):
    """Leave out candidates that share much less with the question than the best one."""
    top = 0.0
    for t in range(found):
        top = max(top, room.worth[room.chosen[t]])
    kept = 0
    for t in range(found):
        if room.worth[room.chosen[t]] >= _CUT * top:
            room.chosen[kept] = room.chosen[t]
            kept += 1
    return kept


@compiled
def _choose_again(room, found):
    """Of the places chosen first the CANDIDATES best, by what they are worth now."""
    before, worth = room.chosen[:found].copy(), np.zeros(found, dtype=np.float32)
    for t in range(found):
        worth[t] = room.worth[before[t]]
    found = select(worth, found, CANDIDATES, room.bins, room.chosen)
    for t in range(found):
        room.chosen[t] = before[room.chosen[t]]
    return found


@inlined
def _look_up(listed, room, i, found):
    """Add what a token whose postings were not followed is worth to the names that came through the others."""
    place, share, token_share, start, weight = (
        room.place,
        room.share,
        room.token_sums,
        listed.name_start,
        listed.name_weight,
    )
    for v in range(room.counted[i]):
        token_share[place[i, v]] = share[i, v] * min(room.table[i].bits, listed.table[place[i, v]].bits)
    for t in range(found):
        name, best = room.found[room.chosen[t]], 0.0
        for p in range(start[name], start[name + 1]):
            best = max(best, token_share[listed.name_tokens[p]])
        room.worth[room.chosen[t]] += best / weight[name]
    for v in range(room.counted[i]):
        token_share[place[i, v]] = 0.0


@inlined
def _score(listed, room, ids, name):
    """Align the question with a name of the list; what it comes to is in `room.space`. Returns how many parts it has.

    Candidates share their parts: what each is like is worked out once for a question.
    """
    n, tokens = len(ids), listed.name_tokens[listed.name_start[name] : listed.name_start[name + 1]]
    for j in range(len(tokens)):
        column = room.column[tokens[j]]
        if column == 0:
            column = _new_column(listed, room, ids, tokens[j])
        for i in range(n):
            room.space[GRID + i * MAX_TOKENS + j] = room.columns[column, i]
    align_grid(
        room.table,
        room.text,
        ids,
        n,
        listed.table,
        listed.text,
        tokens,
        len(tokens),
        room.space,
        room.rows,
        room.letters,
    )
    return len(tokens)


@inlined
def _new_column(listed, room, ids, token):
    """Fill a column with what each part of the question and a token of the vocabulary are alike; column 0, which is
    nobody's, where there is no more room."""
    column = 0
    if room.held[0] + 1 < COLUMNS:
        room.held[0] += 1
        column = room.held[0]
        room.held[column], room.column[token] = token, column
    for i in range(len(ids)):
        room.columns[column, i] = _alike(listed, room, ids[i], token)
    return column


@inlined
def _alike(listed, room, i, token):
    """The similarity of a token asked and one of the vocabulary; of most that are alike `near` has found it."""
    for v in range(room.counted[i]):
        if room.place[i, v] == token:
            return room.alike[i, v]
    return similarity(room.table, room.text, i, listed.table, listed.text, token, room.rows)


@inlined
def _forget(room):
    """Give back the columns of a question."""
    for column in range(1, room.held[0] + 1):
        room.column[room.held[column]] = 0
    room.held[0] = 0


@inlined
def rank(listed, room, ids, found, fits, persons, inside, low, high, ahead, floor, depth, subjects, values):
    """Score the candidates in `room.chosen` and put the `depth` best bearers into `subjects` with `values`; returns how
    many.

    `fits` bool[schemata]: what the question may be about; `persons` bool[schemata]: which are scored as persons;
    `inside` bool[subjects] or empty. low..high are the years of birth asked (0: none); an agreeing one moves a subject
    ahead in the queue by `ahead`, not in score. `values` are queue values; scores are computed again on all names.
    """
    schema, first_year, last_year = listed.subject_schema, listed.first_year, listed.last_year
    n = 0
    for c in range(found):
        name = room.chosen[c]
        _score(listed, room, ids, name)
        of_person, of_other = probability(room.space, True, room.work), probability(room.space, False, room.work)
        if max(of_person, of_other) < floor:
            continue
        for b in range(listed.bearer_start[name], listed.bearer_start[name + 1]):
            subject = listed.bearer_row[b]
            if not fits[schema[subject]] or (len(inside) > 0 and not inside[subject]):
                continue
            value = of_person if persons[schema[subject]] else of_other
            if value < floor:
                continue
            if low > 0 and first_year[subject] > 0 and low <= last_year[subject] and first_year[subject] <= high:
                value += ahead
            n = _insert(subject, value, n, depth, subjects, values)
    return n


@leaf
def _insert(subject, value, n, depth, subjects, values):
    """Keep `subjects` the best `depth` by value, then by row; each subject once."""
    if n == depth and (value < values[n - 1] or (value == values[n - 1] and subject > subjects[n - 1])):
        return n
    for k in range(n):
        if subjects[k] == subject:
            if values[k] >= value:
                return n
            for m in range(k, n - 1):
                subjects[m], values[m] = subjects[m + 1], values[m + 1]
            n -= 1
            break
    at = min(n, depth - 1)
    while at > 0 and (values[at - 1] < value or (values[at - 1] == value and subjects[at - 1] > subject)):
        subjects[at], values[at] = subjects[at - 1], values[at - 1]
        at -= 1
    subjects[at], values[at] = subject, value
    return min(n + 1, depth)


@inlined
def best_name(listed, room, ids, subject, is_person, weak):
    """(position, score) of the name of a subject that is most like the question's; (-1, 0) where it has none."""
    best, at = 0.0, -1
    first = listed.subject_names[subject]
    for k in range(listed.subject_names[subject + 1] - first):
        if _score(listed, room, ids, listed.written[first + k]) == 0:
            continue
        value = probability(room.space, is_person, room.work) * (1.0 if k < listed.subject_strong[subject] else weak)
        if value > best:
            best, at = value, k
    return at, best


class List(NamedTuple):
    """The arrays of an index that a search reads; see build."""

    gram_start: NDArray[np.int64]
    gram_token: NDArray[np.int32]
    gram_weight: NDArray[np.float32]
    gram_idf: NDArray[np.float32]
    table: NDArray[Any]
    text: NDArray[np.uint8]
    posting_start: NDArray[np.int64]
    posting_name: NDArray[np.int32]
    name_start: NDArray[np.int64]
    name_tokens: NDArray[np.int32]
    name_weight: NDArray[np.float32]
    name_schemas: NDArray[np.uint64]
    bearer_start: NDArray[np.int64]
    bearer_row: NDArray[np.int32]
    subject_names: NDArray[np.int64]
    subject_strong: NDArray[np.int32]
    subject_schema: NDArray[np.uint8]
    first_year: NDArray[np.int16]
    last_year: NDArray[np.int16]
    written: NDArray[np.int32]


class Questions(NamedTuple):
    """n questions: tokens `ids[start[i] : start[i + 1]]` (rows of the asked table), what schemata they may be about
    (`fits` bool[n, schemata], the same as a mask in `wanted`), years of birth (0: none), and how many to look at."""

    start: NDArray[np.int64]
    ids: NDArray[np.int32]
    fits: NDArray[np.bool_]
    wanted: NDArray[np.uint64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    depth: NDArray[np.int64]


class Room(NamedTuple):
    """Working space of one thread. The tokens asked (`table`, `text`) and what they may be in the vocabulary (Near);
    sums by token and by name, all zero between two questions; what was found, with its worth, and what of it is chosen;
    the postings followed; the Bench of align and what weights need. Then the likeness of the parts of a question to
    tokens of the vocabulary: the `column` of a token (0: none yet), the `columns`, and whose they are (their number
    first)."""

    table: NDArray[Any]
    text: NDArray[np.uint8]
    place: NDArray[np.int32]
    share: NDArray[np.float32]
    alike: NDArray[np.float64]
    counted: NDArray[np.int64]
    token_sums: NDArray[np.float32]
    name_sums: NDArray[np.float32]
    found: NDArray[np.int32]
    worth: NDArray[np.float32]
    follow: NDArray[np.int32]
    bins: NDArray[np.int64]
    chosen: NDArray[np.int32]
    space: NDArray[np.float64]
    rows: NDArray[np.int32]
    letters: NDArray[np.uint8]
    work: NDArray[np.float64]
    column: NDArray[np.int32]
    columns: NDArray[np.float64]
    held: NDArray[np.int32]


@compiled
def answer(
    listed, room, asked, new_first, new_last, persons, allowed, inside, ahead, floor, weak, subjects, names, values
):
    """Answer questions: fill `subjects` int64[n, most] (-1: no more), the position of the best name of each in `names`
    and its score in `values`, the most probable first, as far as over `floor`.

    new_first..new_last are the rows of the room's table that have not been looked up in the vocabulary yet.
    """
    near(listed, room, new_first, new_last)
    for i in range(len(asked.start) - 1):
        subjects[i, :] = -1
        ids = asked.ids[asked.start[i] : asked.start[i + 1]]
        if len(ids) == 0 or asked.depth[i] == 0:
            continue
        found = find(listed, room, ids, asked.wanted[i], allowed)
        n = rank(
            listed,
            room,
            ids,
            found,
            asked.fits[i],
            persons,
            inside,
            asked.low[i],
            asked.high[i],
            ahead,
            floor,
            asked.depth[i],
            subjects[i],
            values[i],
        )
        for k in range(n):
            is_person = persons[listed.subject_schema[subjects[i, k]]]
            names[i, k], values[i, k] = best_name(listed, room, ids, subjects[i, k], is_person, weak)
        _forget(room)
        for k in range(n, subjects.shape[1]):
            subjects[i, k] = -1
