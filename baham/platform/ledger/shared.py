"""Who else bears a number: other records, of whichever list, that say the same identifying value.

A number that a few records share is a lead to look at; a number that very many share (a switchboard, a placeholder) is
a hub, which joins what has nothing to do with each other. A hub is counted and its records are not put side by side.
Nothing is judged the same by it.
"""

from dataclasses import dataclass

from baham.kernel.schema import Kind, kind_of
from baham.platform.ledger import expiry, fulltext
from baham.platform.ledger.models import Entity, Statement
from baham.platform.ledger.need_to_know import NeedToKnow, named

MOST = 25
"""Records that may share a value before it counts as a hub."""
_ALSO = frozenset({"phone", "email", "website", "iban", "accountNumber"})


@dataclass(frozen=True, slots=True)
class Shared:
    """The other statements with the value, one for each record; or that so many records bear it that it is a hub."""

    others: tuple[Statement, ...] = ()
    hub: bool = False


def identifies(prop: str) -> bool:
    """Whether records with one value of this property may be about one party."""
    return kind_of(prop) is Kind.IDENTIFIER or prop in _ALSO


def shared(statement: Statement, reader: NeedToKnow) -> Shared:
    """Which other records say this value now, as far as the reader may know and somebody may be found by them (no
    victims, nothing that is restricted). A few queries, however many there are."""
    words = fulltext.words_of(statement.value)
    if not identifies(statement.prop) or not words:
        return Shared()
    found = fulltext.having(words, MOST + 2)
    own = Entity.objects.filter(pk=statement.entity_id).values("canonical_id")
    usable = Entity.objects.filter(expiry.not_set_apart(), pk__in=found).exclude(canonical_id__in=own)
    rows = Statement.objects.filter(entity__in=usable, until=None)
    once: dict[int, Statement] = {}
    alike = [row for row in rows.select_related("entity__dataset").order_by("pk") if identifies(row.prop)]
    views = reader.look({row.entity_id: row.entity for row in alike}.values())
    for row in alike:
        view = views[row.entity_id]
        if fulltext.words_of(row.value) == words and row.pk not in view.closed:
            row.entity = named(view)
            once.setdefault(row.entity_id, row)
    return Shared(tuple(once.values())) if len(once) <= MOST else Shared(hub=True)
