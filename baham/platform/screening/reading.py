"""Hits as far as somebody may read what they rest on (need-to-know).

The index is made of all there is. A hit on an entry of which something is withheld from the reader is scored again on
the rest, so that no hit, score or evidence speaks of what they may not know.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from baham.platform.ledger.need_to_know import View, named
from baham.platform.screening.index import subject_of

if TYPE_CHECKING:
    from baham.engines.names import Hit, Query, Subject


def readable(
    queries: Sequence["Query"], found: Sequence[Sequence["Hit"]], views: Mapping[int, View], threshold: float | None
) -> list[list["Hit"]]:
    """For each query the hits that stand on what may be read of their entries, best first; entries of which something
    is withheld are named by what may be read. `threshold` None is the engine's own."""
    from baham.engines.names import DEFAULT_THRESHOLD

    least = DEFAULT_THRESHOLD if threshold is None else threshold
    subjects = {pk: _subject(view) for pk, view in views.items() if not view.is_whole}
    for view in views.values():
        named(view)
    kept = []
    for query, hits in zip(queries, found, strict=True):
        again = [
            hit if int(hit.id) not in subjects else _again(query, subjects[int(hit.id)])
            for hit in hits
            if int(hit.id) in views
        ]
        stand = [hit for hit in again if hit is not None and hit.score >= least]
        kept.append(sorted(stand, key=lambda hit: -hit.score))
    return kept


def _subject(view: View) -> "Subject | None":
    """The engine's subject made of what may be read; None where no name is among it."""
    subject = subject_of(
        view.entity.pk, view.entity.schema, [(said.prop, said.value, said.flags) for said in view.open]
    )
    return subject if subject.names or subject.weak_names else None


def _again(query: "Query", subject: "Subject | None") -> "Hit | None":
    from baham.engines.names import compare

    return compare(query, subject) if subject is not None else None
