"""Search by words: full text over what a client may have, with yente's filters, facets, order and pages.

What finds is held against what the client may have, record by record, so that no word that it may not read finds, and
nothing that it may not know of is counted or fills a place. At most `MOST` of those that it may know of are looked at
for one question; where there are more, the total says "at least".
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet

from baham.kernel.schema import SCHEMATA, Kind, is_a, is_matchable, kind_of
from baham.kernel.text import storable
from baham.platform.clients.models import Client
from baham.platform.clients.yente import reaching
from baham.platform.clients.yente.errors import Problem
from baham.platform.clients.yente.release import Released, release
from baham.platform.clients.yente.scope import known_to
from baham.platform.clients.yente.shapes import entity_shape, page, total
from baham.platform.ledger import expiry, fulltext
from baham.platform.ledger.models import Dataset, Entity

MOST = 1_000
_PAGE = 1_000
_ALIKE = 50
DEFAULT_PAGE, MOST_PAGE = 10, 500
FACETS = {
    "countries": "Countries",
    "topics": "Topics",
    "datasets": "Data sources",
    "schema": "Entity types",
    "identifiers": "Identifiers",
    "genders": "Genders",
}
_SORTS = ("caption", "schema", "first_seen", "last_seen", "last_change")


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. `filters` are (field, value): a facet's name or `properties.<prop>`."""

    words: str
    schema: str = "Thing"
    filters: tuple[tuple[str, str], ...] = ()
    every: bool = False
    exclude_schema: frozenset[str] = frozenset()
    changed_since: str = ""
    alike: bool = False
    sort: tuple[str, ...] = ()


def read_filters(given: Sequence[str]) -> list[tuple[str, str]]:
    """`field:value` filters. Raises Problem for another shape or an unknown field."""
    read = []
    for one in given:
        name, colon, value = one.partition(":")
        if not colon or not (name in FACETS or name.startswith("properties.")):
            raise Problem(
                400, f"Invalid filter: {storable(one)[:80]!r}; write properties.birthDate:1984 or countries:af."
            )
        read.append((name, value))
    return read


def search(
    client: Client, asked: Search, datasets: Sequence[Dataset], limit: int, offset: int, facets: Sequence[str]
) -> tuple[dict[str, Any], list[int]]:
    """One page of entities, and for the log the entities that are on it."""
    if asked.schema not in SCHEMATA:
        raise Problem(400, "Invalid schema.")
    seen, exact = _candidates(client, asked, datasets)
    found = [one for one in seen if _fits(one, asked)]
    ordered = _sorted(found, asked)
    shown = ordered[offset : offset + limit]
    body = page([entity_shape(one) for one in shown], total(len(found), exact=exact), limit, offset)
    titles = {dataset.name: dataset.title for dataset in datasets}
    body["facets"] = {name: _facet(name, found, titles) for name in facets}
    return body, [one.pk for one in shown]


_Way = Callable[[Search, Sequence[Dataset]], Iterable[list[int]]]


def _candidates(client: Client, asked: Search, datasets: Sequence[Dataset]) -> tuple[list[Released], bool]:
    """Entities that may be meant, each once, as the client may see them, and whether these are all."""
    known = known_to(client)
    ways: list[_Way] = [_everything] if not asked.words.strip() else [_whole, _beginning]
    found: dict[int, Released] = {}
    for way in ways:
        # Whole words come first: a beginning that a million records share costs a merge of all their lists.
        for pks in way(asked, datasets):
            for pk, one in release(client, pks, known).items():
                if _has_words(one, pk, asked.words):
                    found.setdefault(one.pk, one)
            if len(found) > MOST:
                return list(found.values())[:MOST], False
    if asked.alike and asked.words.strip():
        for one in _alike(client, asked, datasets):
            found.setdefault(one.pk, one)
    return list(found.values()), True


def _in_question(asked: Search, datasets: Sequence[Dataset]) -> QuerySet[Entity]:
    schemata = [name for name in SCHEMATA if is_a(name, asked.schema)]
    return Entity.objects.filter(expiry.in_force(), dataset__in=datasets, schema__in=schemata).order_by("pk")


def _everything(asked: Search, datasets: Sequence[Dataset]) -> Iterator[list[int]]:
    after = 0
    while pks := list(_in_question(asked, datasets).filter(pk__gt=after).values_list("pk", flat=True)[:_PAGE]):
        yield pks
        after = pks[-1]


def _whole(asked: Search, datasets: Sequence[Dataset], *, beginning: bool = False) -> Iterator[list[int]]:
    words, after = fulltext.words_of(asked.words), 0
    while pks := fulltext.having(words, _PAGE, after, beginning=beginning):
        yield list(_in_question(asked, datasets).filter(pk__in=pks).values_list("pk", flat=True))
        after = pks[-1]


_beginning = partial(_whole, beginning=True)


def _alike(client: Client, asked: Search, datasets: Sequence[Dataset]) -> Iterator[Released]:
    """Entities whose names are spelt or written otherwise, by a name that is shown; none where no index was built."""
    from baham.engines.names import DEFAULT_THRESHOLD, Query
    from baham.platform.screening.services import NoIndex

    try:
        (found,) = reaching.reach(client, [[Query(storable(asked.words))]], datasets, _ALIKE, DEFAULT_THRESHOLD)
    except NoIndex:
        return
    rows = _in_question(asked, datasets).filter(pk__in=[reached.entity for reached in found])
    in_question = set(rows.values_list("pk", flat=True))
    yield from (reached.one for reached in found if reached.entity in in_question)


def _fits(one: Released, asked: Search) -> bool:
    """Whether an entity is what was asked for, judged by what the client may have of it and by nothing else."""
    if one.schema in asked.exclude_schema:
        return False
    changed = one.last_change
    if asked.changed_since and not (changed is not None and changed.isoformat() > asked.changed_since):
        return False
    wanted: dict[str, set[str]] = {}
    for name, value in asked.filters:
        wanted.setdefault(name, set()).add(value)
    for name, values in wanted.items():
        has = set(_values(one, name))
        if not (values <= has if asked.every else values & has):
            return False
    return True


def _has_words(one: Released, entity: int, words: str) -> bool:
    """Whether all words stand in what is shown of the very record that was found by them."""
    *whole, last = fulltext.words_of(words) or [""]
    if not last:
        return True
    text = fulltext.text_of(said.value for said in one.said_of(entity)).split()
    return all(word in text for word in whole) and any(word.startswith(last) for word in text)


def _values(one: Released, name: str) -> list[str]:
    """The values of a facet or property of an entity."""
    if name == "datasets":
        return one.datasets
    if name == "schema":
        return [one.schema]
    if name.startswith("properties."):
        return one.properties.get(name.removeprefix("properties."), [])
    if name in ("topics", "genders"):
        return one.properties.get({"topics": "topics", "genders": "gender"}[name], [])
    kind = {"countries": Kind.COUNTRY, "identifiers": Kind.IDENTIFIER}[name]
    return list(dict.fromkeys(said.value for said in one.statements if kind_of(said.prop) is kind))


def _facet(name: str, found: Sequence[Released], titles: dict[str, str]) -> dict[str, Any]:
    counts = Counter(value for one in found for value in set(_values(one, name)))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {
        "label": FACETS[name],
        "values": [{"name": value, "label": titles.get(value, value), "count": count} for value, count in ordered],
    }


def _sorted(found: list[Released], asked: Search) -> list[Released]:
    """As asked for; else by how much of the caption the words are, and what lists are about before its details."""
    folded = fulltext.words_of(asked.words)

    def nearness(one: Released) -> tuple[int, int, int]:
        own = fulltext.words_of(one.caption)
        far = 0 if own == folded else 1 if set(folded) <= set(own) else 2
        return (far, not is_matchable(one.schema), one.first.pk)

    found = sorted(found, key=nearness)
    for one_sort in reversed(asked.sort):
        name, _, direction = one_sort.partition(":")
        if name not in _SORTS or direction not in ("", "asc", "desc"):
            raise Problem(400, f"sort: one of {', '.join(_SORTS)}, with :asc or :desc.")
        found = sorted(found, key=lambda one: str(getattr(one, name) or ""), reverse=direction == "desc")
    return found
