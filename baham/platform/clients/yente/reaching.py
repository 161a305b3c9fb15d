"""Reaching records by their names: the engine finds among all, and what is found is scored on what the client may have.

What is kept back neither finds a record nor keeps it from being found. So each question is also asked with its names
alone (a birth date that is kept back would speak against), and deeper where what the client may not know of took the
places of others.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from baham.platform.clients.models import Client
from baham.platform.clients.yente.release import Released, release
from baham.platform.clients.yente.scope import known_to
from baham.platform.ledger.models import Dataset
from baham.platform.screening.cleared import identity_of, standings
from baham.platform.screening.index import subject_of
from baham.platform.screening.services import Found, screen

if TYPE_CHECKING:
    from baham.engines.names import Hit, Query

_DEEPEST = 400


@dataclass(frozen=True, slots=True)
class Reached:
    """A record that a question reaches, as the client may see it, and how alike that is."""

    entity: int
    one: Released
    hit: "Hit"


def reach(
    client: Client, questions: Sequence[Sequence["Query"]], datasets: Sequence[Dataset], most: int, least: float
) -> list[list[Reached]]:
    """For each question the records of `datasets` that it reaches with at least this score, best first, at most so
    many. A question is one query, with others that the asker holds possible too: the best of them counts. Raises
    NoIndex."""
    answers: list[list[Reached]] = [[] for _question in questions]
    waiting, depth, known = list(range(len(questions))), most, known_to(client)
    while waiting:
        asked = [questions[place] for place in waiting]
        found = _screened(client, asked, datasets, depth, least)
        released = release(client, {one.entity.pk for pair in found for hits in pair for one in hits}, known)
        again = []
        for place, question, pair in zip(waiting, asked, found, strict=True):
            answers[place] = list(_scored(question, pair, released, least))
            if depth < _DEEPEST and _crowded(pair, answers[place], released, depth):
                again.append(place)
        waiting, depth = again, min(depth * 5, _DEEPEST)
    return [sorted(found, key=lambda one: -one.hit.score)[:most] for found in answers]


def _screened(
    client: Client, questions: Sequence[Sequence["Query"]], datasets: Sequence[Dataset], depth: int, least: float
) -> list[tuple[list[Found], list[Found]]]:
    """The engine's hits for each question, and for its names alone; all in one batch."""
    from baham.engines.names import Query

    first = [question[0] for question in questions]
    plain = {place: Query(one.name, schema=one.schema) for place, one in enumerate(first)}
    plain = {place: one for place, one in plain.items() if one != first[place]}
    found = screen(
        [*first, *plain.values()],
        limit=depth,
        threshold=least,
        datasets=[dataset.name for dataset in datasets],
        organisation=client.organisation.name,
    )
    by_name = dict(zip(plain, found[len(first) :], strict=True))
    pairs = [(first[place], one.entity.pk) for place, hits in by_name.items() for one in hits]
    known = standings(pairs, client.organisation.name)

    def is_cleared(place: int, one: Found) -> bool:
        standing = known.get((identity_of(first[place]).key, one.entity.pk)) if known else None
        return standing is not None and standing.silent

    return [
        (found[place], [one for one in by_name.get(place, ()) if not is_cleared(place, one)])
        for place in range(len(first))
    ]


def _scored(
    question: Sequence["Query"], pair: tuple[list[Found], list[Found]], released: dict[int, Released], least: float
) -> Iterator[Reached]:
    for entity in dict.fromkeys(one.entity.pk for hits in pair for one in hits):
        if (one := released.get(entity)) is None:
            continue
        hit = best_hit(question, one, entity)
        if hit is not None and hit.score >= least:
            yield Reached(entity, one, hit)


def _crowded(
    pair: tuple[list[Found], list[Found]], reached: Sequence[Reached], released: dict[int, Released], depth: int
) -> bool:
    """Whether hits on what the client may not have took places of what it may."""
    good, (hits, by_name) = {one.entity for one in reached}, pair
    return (len(hits) >= depth > sum(one.entity.pk in good for one in hits)) or (
        len(by_name) >= depth > sum(one.entity.pk in released for one in by_name)
    )


def best_hit(queries: Iterable["Query"], one: Released, entity: int) -> "Hit | None":
    """The best of several questions about one record of an entity, on what the client may have of that record.

    None where it may have nothing of it.
    """
    from baham.engines.names import compare

    member = next((member for member in one.members if member.pk == entity), None)
    if member is None:
        return None
    subject = subject_of(entity, member.schema, [(said.prop, said.value, said.flags) for said in one.said_of(entity)])
    return max((compare(query, subject) for query in queries), key=lambda hit: hit.score, default=None)
