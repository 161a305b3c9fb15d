"""Search by words: full text over what a client may have, with yente's filters, facets, order and pages.

At most `MOST` entities are looked at for one question; where there are more, the total says "at least".
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from baham.kernel.schema import SCHEMATA, Kind, is_a, is_matchable, kind_of
from baham.kernel.text import storable
from baham.platform.clients.models import Client
from baham.platform.clients.yente.errors import Problem
from baham.platform.clients.yente.release import Released, release
from baham.platform.clients.yente.scope import known_to
from baham.platform.clients.yente.shapes import entity_shape, page, total
from baham.platform.ledger import expiry, fulltext
from baham.platform.ledger.models import Dataset, Entity

MOST = 1_000
DEFAULT_PAGE, MOST_PAGE = 10, 500
FACETS = {
    "countries": "Countries", "topics": "Topics", "datasets": "Data sources", "schema": "Entity types",
    "identifiers": "Identifiers", "genders": "Genders",
}  # fmt: skip
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
    pks, exact = _candidates(asked, datasets, client.organisation.name)
    seen = release(client, pks, known_to(client))
    found = list({one.pk: one for pk in pks if (one := seen.get(pk)) and _fits(one, asked)}.values())
    ordered = _sorted(found, asked)
    shown = ordered[offset : offset + limit]
    body = page([entity_shape(one) for one in shown], total(len(found), exact=exact), limit, offset)
    titles = {dataset.name: dataset.title for dataset in datasets}
    body["facets"] = {name: _facet(name, found, titles) for name in facets}
    return body, [one.pk for one in shown]


def _candidates(asked: Search, datasets: Sequence[Dataset], organisation: str) -> tuple[list[int], bool]:
    """Entities that may be meant, and whether these are all. Without words: everything in scope."""
    schemata = [name for name in SCHEMATA if is_a(name, asked.schema)]
    rows: QuerySet[Entity] = Entity.objects.filter(expiry.in_force(), dataset__in=datasets, schema__in=schemata)
    if not asked.words.strip():
        pks = list(rows.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
        return pks[:MOST], len(pks) <= MOST
    found = fulltext.find(asked.words, MOST + 1)
    in_scope = set(rows.filter(pk__in=found[:MOST]).values_list("pk", flat=True))
    pks = [pk for pk in found[:MOST] if pk in in_scope]
    if asked.alike:
        alike = set(rows.filter(pk__in=_alike(asked.words, datasets, organisation)).values_list("pk", flat=True))
        pks += sorted(alike - set(pks))
    return pks, len(found) <= MOST


def _alike(words: str, datasets: Sequence[Dataset], organisation: str) -> list[int]:
    """Entities whose names are spelt or written otherwise; none where no index was built."""
    from baham.engines.names import Query
    from baham.platform.screening.services import NoIndex, screen

    try:
        names = [dataset.name for dataset in datasets]
        found = screen([Query(storable(words))], limit=50, datasets=names, organisation=organisation)[0]
    except NoIndex:
        return []
    return [one.entity.pk for one in found]


def _fits(one: Released, asked: Search) -> bool:
    """Whether an entity is what was asked for, judged by what the client may have of it and by nothing else."""
    if one.schema in asked.exclude_schema:
        return False
    # What was found by a value that is kept back has not been found.
    if one.held_back and not asked.alike and not _has_words(one, asked.words):
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


def _has_words(one: Released, words: str) -> bool:
    text = fulltext.text_of(said.value for said in one.statements).split()
    *whole, last = fulltext.words_of(words) or [""]
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
        return (far, not is_matchable(one.schema), one.pk)

    found = sorted(found, key=nearness)
    for one_sort in reversed(asked.sort):
        name, _, direction = one_sort.partition(":")
        if name not in _SORTS or direction not in ("", "asc", "desc"):
            raise Problem(400, f"sort: one of {', '.join(_SORTS)}, with :asc or :desc.")
        found = sorted(found, key=lambda one: str(getattr(one, name) or ""), reverse=direction == "desc")
    return found
