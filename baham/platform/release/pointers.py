"""Claims that point at another record: their value is its key, which tells that it is there. So one leaves only to whom
something of that record may leave too, and every exit asks here (programs' own, on rows, in `yente/release.py`)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from baham.kernel.chunks import in_chunks
from baham.kernel.claim import Claim
from baham.kernel.release import Ruling, Why
from baham.kernel.schema import Kind, kind_of
from baham.platform.ledger.models import Entity
from baham.platform.release.claims import Dossier, dossiers

Place = tuple[str, str]
"""A record by its list and the key that it has there: another list's record of the same key is another one."""
HIDDEN = Ruling(Why.END, "what it points at stays")


def is_pointer(claim: Claim) -> bool:
    """Whether a claim's value is the key of another record of its list."""
    return kind_of(claim.statement.prop) is Kind.ENTITY


def end_of(claim: Claim) -> Place:
    """The record that a pointer points at."""
    return claim.statement.dataset, claim.statement.value


class Ends:
    """Which records may be pointed at: those of which `leaves` lets out anything but pointers. What was found once is
    remembered, so one is for one moment."""

    def __init__(self, leaves: Callable[[Dossier, Claim], bool]) -> None:
        self._leaves = leaves
        self._known: dict[Place, int | None] = {}

    def of(self, pointers: Iterable[Claim], at_hand: Collection[Dossier] = ()) -> Mapping[Place, int]:
        """The records at the ends of these pointers that may be known, with their numbers. Those `at_hand` are not
        fetched again."""
        wanted = {end_of(claim) for claim in pointers} - self._known.keys()
        if wanted:
            self._know(dossier for dossier in at_hand if _place(dossier.entity) in wanted)
            self._know(dossiers(list(_numbers(wanted - self._known.keys()))))
            self._known.update(dict.fromkeys(wanted - self._known.keys()))
        return {place: pk for place, pk in self._known.items() if pk is not None}

    def _know(self, several: Iterable[Dossier]) -> None:
        for one in several:
            is_there = any(self._leaves(one, claim) for claim in one.claims if not is_pointer(claim))
            self._known[_place(one.entity)] = one.entity.pk if is_there else None


def _place(entity: Entity) -> Place:
    return entity.dataset.name, entity.key


def _numbers(places: Collection[Place]) -> Iterator[int]:
    by_list: dict[str, list[str]] = defaultdict(list)
    for name, key in sorted(places):
        by_list[name].append(key)
    for name, keys in by_list.items():
        for some in in_chunks(keys):
            rows = Entity.objects.filter(dataset__name=name, key__in=some)
            yield from rows.values_list("pk", flat=True)
