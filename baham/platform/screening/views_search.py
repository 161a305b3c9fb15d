"""Search: entities by their words (full text), and below them those whose names are like what was asked."""

from django.http import HttpResponse
from django.shortcuts import render

from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit.services import Actor, consulted
from baham.platform.ledger import fulltext
from baham.platform.ledger.models import Entity
from baham.platform.ledger.need_to_know import NeedToKnow, View, named
from baham.platform.screening.services import NoIndex, screen

_PAGE = 30
_ALIKE = 5
_LOOKED_AT = _PAGE + 1
_LONGEST_ID = 19  # digits of the largest id that a database holds


@needs("record.read", purpose=True)
def search(request: ConsoleRequest) -> HttpResponse:
    """Entities by words of their names, numbers, places and notes; and by names in other spellings and scripts: as far
    as this person may read the very words that were found."""
    query = " ".join(request.GET.get("q", "").split())[:200]
    given = request.GET.get("after", "0")
    after = int(given) if given.isdecimal() and len(given) < _LONGEST_ID else 0
    reader = NeedToKnow.of(request)
    results, more = _found(query, after, reader)
    shown = {entity.pk for entity in results}
    alike = [entity for entity in _alike(query, reader) if entity.pk not in shown] if query and not after else []
    if results or alike:
        consulted(Actor.of(request), "search", query, entities=[entity.pk for entity in (*results, *alike)])
    context = {
        "query": query,
        "too_short": bool(query) and not fulltext.words_of(query),
        "results": results,
        "alike": alike,
        "more": more,
    }
    return render(request, "screening/search.html", context)


def _found(query: str, after: int, reader: NeedToKnow) -> tuple[list[Entity], int | None]:
    """A page of entities, and after which of them the next begins; None where there is no more."""
    words, results = fulltext.words_of(query), list[Entity]()
    while len(results) <= _PAGE and (found := fulltext.find(query, _LOOKED_AT, after)):
        entities = Entity.objects.filter(pk__in=found).select_related("dataset").order_by("pk")
        views = reader.look(entities)
        results += [named(view) for view in views.values() if view.is_whole or _says(view, words)]
        after = found[-1]
        if len(found) < _LOOKED_AT:
            break
    return results[:_PAGE], results[_PAGE - 1].pk if len(results) > _PAGE else None


def _says(view: View, words: list[str]) -> bool:
    """Whether the words of a query, the last also as a beginning, stand in what may be read."""
    there = set(fulltext.text_of(said.value for said in view.open).split())
    return all(word in there for word in words[:-1]) and any(one.startswith(words[-1]) for one in there)


def _alike(query: str, reader: NeedToKnow) -> list[Entity]:
    """Entities in force whose names are like the query; none where no index was built."""
    from baham.engines.names import Query

    try:
        return [found.entity for found in screen([Query(query)], limit=_ALIKE, cleared=True, reader=reader)[0]]
    except NoIndex:
        return []
