"""Matching by example: a batch of queries, screened at once, each answered on its own.

Baham's engine finds; what a client gets is held against what it may have. Each pair is scored again on that, so that no
score and no evidence speaks of what the client may not know, or of what a list says no longer.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from baham.formats.keys import KeyTwice, once
from baham.platform.clients.models import Client
from baham.platform.clients.yente.errors import Problem
from baham.platform.clients.yente.examples import Example, clean, read_example
from baham.platform.clients.yente.reaching import Reached, reach
from baham.platform.clients.yente.release import Released
from baham.platform.clients.yente.shapes import entity_shape, total
from baham.platform.ledger.models import Dataset
from baham.platform.screening.services import NoIndex, against_first, evidence_as_json

if TYPE_CHECKING:
    from baham.engines.names import Evidence, Hit

MOST_QUERIES = 100
MOST_RESULTS = 500
ALGORITHM = "baham"
LONGEST_SEARCH = 1_000
LEAST_CUTOFF = 0.3
"""Below this no name agrees; a lower cutoff would show what the engine happened to look at."""
_SPARE = 20
_STRENGTH = {"weak": 0.25, "moderate": 0.6, "strong": 1.0}


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the answer should be cut: the parameters of the call."""

    limit: int
    threshold: float
    cutoff: float
    exclude_ids: frozenset[str] = frozenset()
    exclude_schema: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    changed_since: str = ""

    def allow(self, released: Released) -> bool:
        """Whether an entity is among those asked for."""
        if released.schema in self.exclude_schema or self.exclude_ids & {released.id, *released.referents}:
            return False
        if self.topics and not self.topics & set(released.properties.get("topics", ())):
            return False
        changed = released.last_change
        return not self.changed_since or (changed is not None and changed.isoformat() > self.changed_since)

    @property
    def leaves_out(self) -> bool:
        return bool(self.exclude_ids or self.exclude_schema or self.topics or self.changed_since)


@dataclass(slots=True)
class Answer:
    """What goes back, and what the log is told: how many names were asked, and the entities shown for them."""

    body: dict[str, Any]
    names: int
    shown: list[int]


def read_batch(body: bytes) -> tuple[dict[str, Any], list[str]]:
    """The queries of a request by their keys, and the names of parts that have no effect here. Raises Problem."""
    try:
        given = json.loads(body, object_pairs_hook=once, parse_constant=_no_number)
    except KeyTwice as error:
        raise Problem(400, f"The key {clean(str(error))[:60]!r} is there twice in one object.") from error
    except (ValueError, RecursionError) as error:
        raise Problem(400, "The body is not JSON.") from error
    queries = given.get("queries") if isinstance(given, dict) else None
    if not isinstance(queries, dict):
        raise Problem(422, "The body needs `queries`: an object of queries, each with `schema` and `properties`.")
    queries = {clean(key): query for key, query in queries.items() if query is not None}
    if not queries:
        raise Problem(400, "No queries provided.")
    if len(queries) > MOST_QUERIES:
        raise Problem(400, f"Too many queries in one batch (limit: {MOST_QUERIES}).")
    if given.get("config"):
        raise Problem(400, f"The algorithm {ALGORITHM} takes no configuration; leave `config` empty.")
    return queries, ["weights"] if given.get("weights") else []


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number of JSON")


def read_examples(queries: Mapping[str, Any]) -> tuple[dict[str, Example], dict[str, Problem]]:
    """The queries that can be read, and what is wrong with the others. Raises the first Problem where none can."""
    examples: dict[str, Example] = {}
    broken: dict[str, Problem] = {}
    for key, given in queries.items():
        try:
            examples[key] = read_example(given)
        except Problem as problem:
            broken[key] = problem
    if not examples:
        # A program that asks one by one looks at the status of the answer, and not into it.
        raise next(iter(broken.values()))
    return examples, broken


def match(
    client: Client,
    queries: Mapping[str, Any],
    examples: Mapping[str, Example],
    broken: Mapping[str, Problem],
    datasets: Sequence[Dataset],
    wishes: Wishes,
) -> Answer:
    """Answer a batch, in the order of its keys. A query that could not be read has its own status."""
    reached = _reached(client, examples, datasets, wishes)
    responses: dict[str, Any] = {}
    shown: set[int] = set()
    for key in queries:
        if key in broken:
            responses[key] = _refused(queries[key], broken[key])
            continue
        results = _results(reached[key], wishes)
        shown.update(pk for pk, _ in results)
        responses[key] = {
            "status": 200,
            "results": [result for _, result in results[: wishes.limit]],
            "total": total(len(results)),
            "query": examples[key].echo,
        }
    return Answer({"responses": responses, "limit": wishes.limit}, len(examples), sorted(shown))


def _reached(
    client: Client, examples: Mapping[str, Example], datasets: Sequence[Dataset], wishes: Wishes
) -> dict[str, list[Reached]]:
    """What each example reaches by any of its questions; all are asked in one batch."""
    asked = [
        (key, [query, *example.alternatives(query)]) for key, example in examples.items() for query in example.queries()
    ]
    most = wishes.limit * (5 if wishes.leaves_out else 1) + len(wishes.exclude_ids) + _SPARE
    try:
        found = reach(client, [question for _, question in asked], datasets, most, wishes.cutoff)
    except NoIndex as error:
        raise Problem(503, str(error)) from error
    reached: dict[str, list[Reached]] = {key: [] for key in examples}
    for (key, _question), of_question in zip(asked, found, strict=True):
        reached[key] += of_question
    return reached


def _results(reached: Sequence[Reached], wishes: Wishes) -> list[tuple[int, dict[str, Any]]]:
    """The results of one query, best first, one for each entity: (what the log calls it, its shape)."""
    best: dict[int, Reached] = {}
    for one in reached:
        before = best.get(one.one.pk)
        if wishes.allow(one.one) and (before is None or one.hit.score > before.hit.score):
            best[one.one.pk] = one
    ordered = sorted(best.values(), key=lambda one: (-one.hit.score, one.one.first.pk))
    return [(one.one.pk, scored(one.one, one.hit, wishes.threshold)) for one in ordered]


def scored(one: Released, hit: "Hit", threshold: float) -> dict[str, Any]:
    """A result: the entity, how alike it is, why, and beside yente's keys Baham's own verdict and evidence."""
    return {
        **entity_shape(one),
        "score": round(hit.score, 4),
        "match": round(hit.score, 4) >= threshold,
        "features": {name: feature["score"] for name, feature in explanations(hit.evidence).items()},
        "explanations": explanations(hit.evidence),
        "verdict": hit.verdict,
        "evidence": against_first([evidence_as_json(one) for one in hit.evidence]),
    }


def explanations(evidence: Sequence["Evidence"]) -> dict[str, dict[str, Any]]:
    """The evidence as yente's explanations, by its code. `score` is its strength, below zero if against."""
    return {
        one.code: {
            "score": {"for": 1, "against": -1}.get(one.direction, 0) * _STRENGTH[one.weight],
            "detail": one.text,
            "query": one.query or None,
            "candidate": one.subject or None,
            "weight": None,
        }
        for one in evidence
    }


def _refused(given: object, problem: Problem) -> dict[str, Any]:
    """The answer to a query that could not be read, in the place of its results."""
    schema = given.get("schema") if isinstance(given, dict) else None
    echo = {"schema": clean(schema) if isinstance(schema, str) else "", "properties": {}}
    return {
        "status": problem.status,
        "detail": problem.detail,
        "results": [],
        "total": total(0),
        "query": echo,
    }
