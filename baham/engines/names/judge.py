"""From scores and second factors to a Hit with its evidence and verdict; and `compare`, one query against one
subject."""

from collections.abc import Sequence
from math import exp, log

from .edits import FLOOR, SPELLED
from .factors import Factor, schemas_agree, second_factors
from .normalise import ACRONYM, KUNYA, NUMBER, PLAIN, Token, tokenise
from .score import Aligned, compare_names
from .types import Alignment, Evidence, Hit, Query, Subject, Verdict, Weight

# Chosen on the TUNE side of `python -m benchmarks.names` and reported on the other (docs/screening.md).
DEFAULT_THRESHOLD = 0.35
WEAK_ALIAS = 0.95
_COMMON_BITS = 13.0
_NAME_AGREES = 0.30
_PARTS = (PLAIN, KUNYA, NUMBER)


def is_person(schema: str) -> bool:
    """Whether names of this schema are weighed as people's; everything else as names of bodies and things."""
    return schema.casefold() == "person"


def compare(query: Query, subject: Subject) -> Hit:
    """How alike one query and one subject are; `screen` gives the same score for the same pair. Never raises on any
    text."""
    name, value = best_of(query, subject)
    return judged(query, subject, name, value)


def best_of(query: Query, subject: Subject) -> tuple[int, float]:
    """(position in names, then weak_names; score) of the subject's name most like the one asked; (-1, 0.0) if
    none is."""
    asked, person = tokenise(query.name), is_person(subject.schema)
    best, at = 0.0, -1
    for k, name in enumerate((*subject.names, *subject.weak_names)):
        value = compare_names(asked, tokenise(name), person).score
        value *= 1.0 if k < len(subject.names) else WEAK_ALIAS
        if value > best:
            best, at = value, k
    return at, best


def judged(query: Query, subject: Subject, name: int, value: float) -> Hit:
    """The Hit of a subject whose best name and its score are known."""
    factors = second_factors(query, subject)
    apart = not schemas_agree(query.schema, subject.schema)
    score = 0.0 if apart else _combine(value, factors)
    verdict: Verdict = "possible" if apart else verdict_of(value, [evidence for evidence, _ in factors])
    return Hit(subject.id, score, verdict, tell=lambda: evidence_of(query, subject, name, value))


def evidence_of(query: Query, subject: Subject, name: int, value: float) -> tuple[tuple[Evidence, ...], str]:
    """All that speaks for and against, and the matched name as listed."""
    listed = [*subject.names, *subject.weak_names]
    written = listed[name] if name >= 0 else ""
    found = _name_evidence(query, written, subject, value, name >= len(subject.names)) if name >= 0 else []
    if not schemas_agree(query.schema, subject.schema):
        text = "The two are different kinds of thing."
        found.append(
            Evidence("schema", "against", "strong", "schema.different", text, query.schema or "", subject.schema)
        )
        return tuple(found), written
    found.extend(evidence for evidence, _ in second_factors(query, subject))
    if not any(e.direction == "for" and e.feature != "name" for e in found):
        text = "Nothing but the name has been compared or agrees; a name alone identifies nobody."
        found.append(Evidence("name", "against", "moderate", "name.only", text, query.name, ""))
    return tuple(found), written


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


def _name_evidence(query: Query, name: str, subject: Subject, score: float, weak: bool) -> list[Evidence]:
    asked, listed = (tuple(t for t in tokenise(text) if t.kind != ACRONYM) for text in (query.name, name))
    aligned = compare_names(asked, listed, is_person(subject.schema))
    alignment = _alignment(asked, listed, aligned)
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
    if aligned.bits < _COMMON_BITS:
        text = "The agreeing parts are borne by many people; agreement by chance is to be expected."
        found.append(Evidence("name", "against", "moderate", "name.common", text, query.name, name))
    if sum(t.kind in _PARTS for t in asked) < 2 or sum(t.kind in _PARTS for t in listed) < 2:
        text = "One of the names has a single part."
        found.append(Evidence("name", "against", "moderate", "name.single_part", text, query.name, name))
    if weak:
        text = "The list itself calls this alias low quality."
        found.append(Evidence("name", "against", "weak", "name.weak_alias", text, query.name, name))
    return found


def _alignment(asked: Sequence[Token], listed: Sequence[Token], aligned: Aligned) -> Alignment:
    parts: list[tuple[str, str, float]] = []
    seen: set[int] = set()
    for token, j, likeness in zip(asked, aligned.partner, aligned.likeness, strict=True):
        if j >= 0 and likeness > FLOOR:
            parts.append((token.text, listed[j].text, round(likeness, 3)))
            seen.add(j)
        else:
            parts.append((token.text, "", 0.0))
    for j, token in enumerate(listed):
        if j not in seen:
            # A part written joined on the other side is covered without a partner of its own.
            covered = aligned.covered[j]
            left = _joined_with(asked, aligned, j) if covered > FLOOR else ""
            parts.append((left, token.text, round(covered, 3) if left else 0.0))
    return tuple(parts)


def _joined_with(asked: Sequence[Token], aligned: Aligned, j: int) -> str:
    """The part asked that covers part j beside its partner: two parts are one, or an acronym is several."""
    found = [
        (abs(partner - j), token.text)
        for token, partner, likeness in zip(asked, aligned.partner, aligned.likeness, strict=True)
        if partner >= 0 and likeness == aligned.covered[j] and (abs(partner - j) == 1 or likeness == SPELLED)
    ]
    return min(found)[1] if found else ""
