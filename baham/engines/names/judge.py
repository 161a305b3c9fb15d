"""From scores and second factors to a Hit with its evidence and verdict; and `compare`, one query against one
subject."""

from collections.abc import Sequence
from math import exp, log

import numpy as np

from .factors import Factor, schemas_agree, second_factors
from .normalise import KUNYA, PLAIN, Token, tokenise
from .score import FLOOR, Scores, score_pairs
from .table import Names
from .types import Alignment, Evidence, Hit, Query, Subject, Verdict, Weight

# Chosen by `python -m benchmarks.names` on one half of the queries and reported on the other (docs/screening.md).
DEFAULT_THRESHOLD = 0.58
WEAK_ALIAS = 0.95
_COMMON_BITS = 13.0
_NAME_AGREES = 0.50


def compare(query: Query, subject: Subject) -> Hit:
    """How alike one query and one subject are; `screen` gives the same score for the same pair. Never raises
    on any text."""
    asked = tokenise(query.name)
    listed = [*subject.names, *subject.weak_names]
    names = Names.of([tokenise(name) for name in listed])
    n = len(listed)
    if not n:
        return _finish(query, subject, asked, -1, 0.0, None, -1)
    scores = score_pairs(Names.of([asked]), names, np.zeros(n, dtype=np.int64), np.arange(n))
    weighted = np.where(np.arange(n) < len(subject.names), scores.score, scores.score * WEAK_ALIAS)
    best = int(weighted.argmax())
    return _finish(query, subject, asked, best, float(weighted[best]), scores, best)


def explain(query: Query, subject: Subject, best: int, name_score: float, scores: Scores, row: int) -> Hit:
    """The Hit of a subject whose best-scoring name is known: its position in names, then weak_names, and its
    row of scores."""
    return _finish(query, subject, tokenise(query.name), best, name_score, scores, row)


def _finish(
    query: Query, subject: Subject, asked: Sequence[Token], best: int, name_score: float, scores: Scores | None,
    row: int,
) -> Hit:  # fmt: skip
    listed = [*subject.names, *subject.weak_names]
    factors = second_factors(query, subject)
    evidence: list[Evidence] = []
    if scores is not None and name_score > 0:
        weak = best >= len(subject.names)
        evidence = _name_evidence(query, listed[best], asked, scores, row, name_score, weak)
    if not schemas_agree(query.schema, subject.schema):
        text = "The two are different kinds of thing."
        apart = Evidence("schema", "against", "strong", "schema.different", text, query.schema or "", subject.schema)
        return Hit(subject.id, 0.0, "possible", (*evidence, apart), listed[best] if best >= 0 else "")
    score = _combine(name_score, factors)
    evidence.extend(e for e, _ in factors)
    if not any(e.direction == "for" and e.feature != "name" for e in evidence):
        text = "Nothing but the name has been compared or agrees; a name alone identifies nobody."
        evidence.append(Evidence("name", "against", "moderate", "name.only", text, query.name, ""))
    verdict = verdict_of(name_score, evidence)
    return Hit(subject.id, score, verdict, tuple(evidence), listed[best] if best >= 0 else "")


def _combine(name: float, factors: Sequence[Factor]) -> float:
    """The name's score moved by the second factors in log-odds; unmoved, to the bit, where there are none."""
    if any(e.code == "identifier.same" for e, _ in factors):
        name = max(name, 0.75)
    shift = sum(value for _, value in factors)
    if name < _NAME_AGREES:
        # Two people born on one day are still two people: other factors do not rescue names that do not agree.
        shift = min(shift, 0.0)
    if not shift:
        return name
    # A name score is not a probability: short of certainty, so that a contradiction can still be felt.
    name = min(max(name, 1e-6), 0.999 if shift > 0 else 0.96)
    return 1.0 / (1.0 + exp(-(log(name / (1.0 - name)) + shift)))


def verdict_of(name_score: float, evidence: Sequence[Evidence]) -> Verdict:
    """ "probable" only where the name agrees, a second factor agrees at least moderately, and none contradicts
    strongly."""
    others = [e for e in evidence if e.feature != "name"]
    agrees = any(e.direction == "for" and e.weight != "weak" for e in others)
    contradicted = any(e.direction == "against" and e.weight == "strong" for e in others)
    against = sum(e.direction == "against" and e.weight == "moderate" for e in others)
    return "probable" if agrees and not contradicted and against < 2 and name_score >= _NAME_AGREES else "possible"


def _name_evidence(
    query: Query, name: str, asked: Sequence[Token], scores: Scores, row: int, score: float, weak: bool
) -> list[Evidence]:
    listed = tokenise(name)
    alignment = _alignment(asked, listed, scores, row)
    found: list[Evidence] = []
    strength: Weight = "strong" if score >= 0.85 else "moderate" if score >= DEFAULT_THRESHOLD else "weak"
    parts = sum(1 for left, right, _ in alignment if left and right)
    if parts:
        text = f"{parts} of {max(len(asked), len(listed))} parts of the names agree."
        found.append(Evidence("name", "for", strength, "name.alike", text, query.name, name, alignment))
    only_query = [left for left, right, _ in alignment if not right]
    only_listed = [right for left, right, _ in alignment if not left]
    if only_query or only_listed:
        text = "Some parts stand on one side only."
        weight: Weight = "moderate" if only_query and only_listed else "weak"
        found.append(
            Evidence("name", "against", weight, "name.parts_missing", text, " ".join(only_query), " ".join(only_listed))
        )
    if float(scores.bits[row]) < _COMMON_BITS:
        text = "The agreeing parts are borne by many people; agreement by chance is to be expected."
        found.append(Evidence("name", "against", "moderate", "name.common", text, query.name, name))
    if sum(t.kind in (PLAIN, KUNYA) for t in asked) < 2 or sum(t.kind in (PLAIN, KUNYA) for t in listed) < 2:
        text = "One of the names has a single part."
        found.append(Evidence("name", "against", "moderate", "name.single_part", text, query.name, name))
    if weak:
        text = "The list itself calls this alias low quality."
        found.append(Evidence("name", "against", "weak", "name.weak_alias", text, query.name, name))
    return found


def _alignment(asked: Sequence[Token], listed: Sequence[Token], scores: Scores, row: int) -> Alignment:
    parts: list[tuple[str, str, float]] = []
    seen: set[int] = set()
    for i, token in enumerate(asked):
        j = int(scores.partner[row, i])
        if j < len(listed) and scores.likeness[row, i] > FLOOR:
            parts.append((token.text, listed[j].text, round(float(scores.likeness[row, i]), 3)))
            seen.add(j)
        else:
            parts.append((token.text, "", 0.0))
    for j, token in enumerate(listed):
        if j not in seen:
            # A part written joined on the other side is covered without a partner of its own.
            if scores.covered[row, j] > FLOOR:
                parts.append((_joined_with(asked, scores, row, j), token.text, round(float(scores.covered[row, j]), 3)))
            else:
                parts.append(("", token.text, 0.0))
    return tuple(parts)


def _joined_with(asked: Sequence[Token], scores: Scores, row: int, j: int) -> str:
    for i, token in enumerate(asked):
        if abs(int(scores.partner[row, i]) - j) == 1 and scores.likeness[row, i] == scores.covered[row, j]:
            return token.text
    return ""
