"""From the tokens of a question to the subjects whose names come closest. Compiled; one question at a time, so that
nothing depends on what else is asked.

Candidates are the distinct names that share the most weight with the question, found through postings (token -> names);
those are aligned and scored, and their bearers ranked.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .align import align
from .compiled import compiled
from .grams import near, select
from .weights import probability

CANDIDATES = 48
"""Distinct names scored for each question."""
PRELIMINARY = 4 * CANDIDATES
# Postings read for one question before the commonest of its tokens are only looked up, not followed.
_READ = 40_000
_CUT = 0.6


@compiled
def find(
    asked,
    ids,
    place,
    share,
    count,
    posting_start,
    posting_name,
    name_start,
    name_tokens,
    weight,
    name_schemas,
    wanted,
    allowed,
    table,
    token_share,
    sums,
    touched,
    bins,
    chosen,
):
    """Put the candidate names of a question into `chosen`; returns how many.

    `ids` are the question's tokens (rows of `asked`, `place`, `share`, `count`); `wanted` is the mask of schemata that
    it may be about; `allowed` uint8[names] (or empty) limits the names. `sums` float32[names] and `token_share`
    float32[vocabulary], all zero before and after, and `touched` are working space.
    """
    n = len(ids)
    sizes = np.zeros(n, dtype=np.int64)
    for k in range(n):
        for v in range(count[ids[k]]):
            sizes[k] += posting_start[place[ids[k], v] + 1] - posting_start[place[ids[k], v]]
    read, seen = 0, 0
    skipped = np.zeros(n, dtype=np.bool_)
    for k in np.argsort(sizes):
        i = ids[k]
        for v in range(count[i]):
            at = place[i, v]
            first, last = posting_start[at], posting_start[at + 1]
            # The rarest part is followed under its likeliest spelling however many bear it; of the others what fits.
            if read > 0 and read + last - first > _READ:
                if v == 0:
                    skipped[k] = True
                    break
                continue
            read += last - first
            worth = share[i, v] * min(asked[i].bits, table[at].bits)
            for p in range(first, last):
                name = posting_name[p]
                if sums[name] == 0.0:
                    touched[seen] = name
                    seen += 1
                sums[name] += worth
    kept, top = 0, 0.0
    for t in range(seen):
        name = touched[t]
        if name_schemas[name] & wanted == 0 or (len(allowed) > 0 and allowed[name] == 0):
            sums[name] = 0.0
            continue
        sums[name] /= weight[name]
        top = max(top, sums[name])
        touched[kept] = name
        kept += 1
    if not np.any(skipped):
        found = select(sums, touched, kept, CANDIDATES, _CUT * top, bins, chosen)
    else:
        found = select(sums, touched, kept, PRELIMINARY, 0.0, bins, chosen)
        for k in range(n):
            if skipped[k]:
                _look_up(
                    asked,
                    ids[k],
                    place,
                    share,
                    count,
                    name_start,
                    name_tokens,
                    weight,
                    table,
                    token_share,
                    sums,
                    chosen,
                    found,
                )
        found = _near_the_best(sums, chosen, found)
        rest = np.zeros(2 * found, dtype=np.int32)
        rest[:found] = chosen[:found]
        found = select(sums, rest, found, CANDIDATES, 0.0, bins, chosen)
    for t in range(kept):
        sums[touched[t]] = 0.0
    return found


@compiled
def _near_the_best(sums, chosen, found):
    """Leave out candidates that share much less with the question than the best one."""
    top = 0.0
    for t in range(found):
        top = max(top, sums[chosen[t]])
    kept = 0
    for t in range(found):
        if sums[chosen[t]] >= _CUT * top:
            chosen[kept] = chosen[t]
            kept += 1
    return kept


@compiled
def _look_up(asked, i, place, share, count, name_start, name_tokens, weight, table, token_share, sums, chosen, found):
    """Add what a token whose postings were not followed is worth to the names that came through the others."""
    for v in range(count[i]):
        token_share[place[i, v]] = share[i, v] * min(asked[i].bits, table[place[i, v]].bits)
    for t in range(found):
        best = 0.0
        for p in range(name_start[chosen[t]], name_start[chosen[t] + 1]):
            best = max(best, token_share[name_tokens[p]])
        sums[chosen[t]] += best / weight[chosen[t]]
    for v in range(count[i]):
        token_share[place[i, v]] = 0.0


@compiled
def rank(
    asked,
    asked_text,
    ids,
    name_start,
    name_tokens,
    table,
    text,
    bearer_start,
    bearer_row,
    schema,
    fits,
    persons,
    inside,
    first_year,
    last_year,
    low,
    high,
    ahead,
    floor,
    chosen,
    found,
    depth,
    subjects,
    values,
    space,
    rows,
    letters,
    work,
):
    """Score the candidates and put the `depth` best bearers into `subjects` with `values`; returns how many.

    `fits` bool[schemata]: what the question may be about; `persons` bool[schemata]: which are scored as persons;
    `inside` bool[subjects] or empty. low..high are the years of birth asked (0: none); an agreeing one moves a subject
    ahead in the queue by `ahead`, not in score. `values` are queue values; scores are computed again on all names.
    """
    n = 0
    for c in range(found):
        name = chosen[c]
        tokens = name_tokens[name_start[name] : name_start[name + 1]]
        align(asked, asked_text, ids, len(ids), table, text, tokens, len(tokens), space, rows, letters)
        of_person, of_other = probability(space, True, work), probability(space, False, work)
        if max(of_person, of_other) < floor:
            continue
        for b in range(bearer_start[name], bearer_start[name + 1]):
            subject = bearer_row[b]
            if not fits[schema[subject]] or (len(inside) > 0 and not inside[subject]):
                continue
            value = of_person if persons[schema[subject]] else of_other
            if value < floor:
                continue
            if low > 0 and first_year[subject] > 0 and low <= last_year[subject] and first_year[subject] <= high:
                value += ahead
            n = _insert(subject, value, n, depth, subjects, values)
    return n


@compiled
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


@compiled
def best_name(
    asked,
    asked_text,
    ids,
    subject,
    subject_names,
    strong,
    written,
    name_start,
    name_tokens,
    table,
    text,
    is_person,
    weak,
    space,
    rows,
    letters,
    work,
):
    """(position, score) of the name of a subject that is most like the question's; (-1, 0) where it has none."""
    best, at = 0.0, -1
    first = subject_names[subject]
    for k in range(subject_names[subject + 1] - first):
        name = written[first + k]
        tokens = name_tokens[name_start[name] : name_start[name + 1]]
        if len(tokens) == 0:
            continue
        align(asked, asked_text, ids, len(ids), table, text, tokens, len(tokens), space, rows, letters)
        value = probability(space, is_person, work) * (1.0 if k < strong[subject] else weak)
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
    """Working space of one thread: see near, find and align."""

    table: NDArray[Any]
    text: NDArray[np.uint8]
    place: NDArray[np.int32]
    share: NDArray[np.float32]
    counted: NDArray[np.int64]
    token_sums: NDArray[np.float32]
    name_sums: NDArray[np.float32]
    touched: NDArray[np.int32]
    bins: NDArray[np.int64]
    chosen: NDArray[np.int32]
    space: NDArray[np.float64]
    rows: NDArray[np.int32]
    letters: NDArray[np.uint8]
    work: NDArray[np.float64]


@compiled
def answer(
    listed, room, asked, new_first, new_last, persons, allowed, inside, ahead, floor, weak, subjects, names, values
):
    """Answer questions: fill `subjects` int64[n, most] (-1: no more), the position of the best name of each in `names`
    and its score in `values`, the most probable first, as far as over `floor`.

    new_first..new_last are the rows of the asked table that have not been looked up in the vocabulary yet.
    """
    table, text, space, rows, letters, work = listed.table, listed.text, room.space, room.rows, room.letters, room.work
    a_table, a_text, place, share, count = room.table, room.text, room.place, room.share, room.counted
    token_sums, name_sums, touched, bins, chosen = room.token_sums, room.name_sums, room.touched, room.bins, room.chosen
    posting_start, posting_name = listed.posting_start, listed.posting_name
    name_start, name_tokens, name_weight = listed.name_start, listed.name_tokens, listed.name_weight
    name_schemas, bearer_start, bearer_row = listed.name_schemas, listed.bearer_start, listed.bearer_row
    schema, first_year, last_year = listed.subject_schema, listed.first_year, listed.last_year
    subject_names, strong, written = listed.subject_names, listed.subject_strong, listed.written
    start, all_ids, wanted, low, high, depth = asked.start, asked.ids, asked.wanted, asked.low, asked.high, asked.depth
    near(
        a_table,
        a_text,
        new_first,
        new_last,
        listed.gram_start,
        listed.gram_token,
        listed.gram_weight,
        listed.gram_idf,
        table,
        text,
        place,
        share,
        count,
        token_sums,
        touched,
        bins,
        rows,
    )
    for i in range(len(start) - 1):
        subjects[i, :] = -1
        ids = all_ids[start[i] : start[i + 1]]
        if len(ids) == 0 or depth[i] == 0:
            continue
        fits = asked.fits[i]
        found = find(
            a_table,
            ids,
            place,
            share,
            count,
            posting_start,
            posting_name,
            name_start,
            name_tokens,
            name_weight,
            name_schemas,
            wanted[i],
            allowed,
            table,
            token_sums,
            name_sums,
            touched,
            bins,
            chosen,
        )
        n = rank(
            a_table,
            a_text,
            ids,
            name_start,
            name_tokens,
            table,
            text,
            bearer_start,
            bearer_row,
            schema,
            fits,
            persons,
            inside,
            first_year,
            last_year,
            low[i],
            high[i],
            ahead,
            floor,
            chosen,
            found,
            depth[i],
            subjects[i],
            values[i],
            space,
            rows,
            letters,
            work,
        )
        for k in range(n):
            at, value = best_name(
                a_table,
                a_text,
                ids,
                subjects[i, k],
                subject_names,
                strong,
                written,
                name_start,
                name_tokens,
                table,
                text,
                persons[schema[subjects[i, k]]],
                weak,
                space,
                rows,
                letters,
                work,
            )
            names[i, k], values[i, k] = at, value
        for k in range(n, subjects.shape[1]):
            subjects[i, k] = -1
