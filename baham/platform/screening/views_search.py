"""Search: entities by their words (full text), and below them those whose names are like what was asked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from baham.platform.accounts.access import needs
from baham.platform.audit.services import Actor, consulted
from baham.platform.ledger import fulltext, standing
from baham.platform.ledger.models import Entity
from baham.platform.ledger.record import captions
from baham.platform.screening.services import NoIndex, screen

_PAGE = 30
_ALIKE = 5
_LONGEST_ID = 19  # digits of the largest id that a database holds


@needs("record.read", purpose=True)
def search(request: HttpRequest) -> HttpResponse:
    """Entities by words of their names, numbers, places and notes; and by names in other spellings and scripts."""
    query = " ".join(request.GET.get("q", "").split())[:200]
    given = request.GET.get("after", "0")
    after = int(given) if given.isdecimal() and len(given) < _LONGEST_ID else 0
    found = fulltext.find(query, _PAGE + 1, after)
    hidden = standing.hidden_from(request.purpose.code, found)
    shown = captions([pk for pk in found[:_PAGE] if pk not in hidden])
    alike = [entity for entity in _alike(query) if entity.pk not in shown] if query and not after else []
    if shown or alike:
        pks = [*shown, *(entity.pk for entity in alike)]
        consulted(Actor.of(request), "search", query, entities=pks)
    context = {
        "query": query,
        "too_short": bool(query) and not fulltext.words_of(query),
        "results": [shown[pk] for pk in found[:_PAGE] if pk in shown],
        "alike": alike,
        "more": found[_PAGE - 1] if len(found) > _PAGE else None,
    }
    return render(request, "screening/search.html", context)


def _alike(query: str) -> list[Entity]:
    """Entities in force whose names are like the query; none where no index was built."""
    from baham.engines.names import Query

    try:
        return [found.entity for found in screen([Query(query)], limit=_ALIKE, cleared=True)[0]]
    except NoIndex:
        return []
