"""Screening names against the lists in force. Finds and explains; decides nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger.models import Dataset, Entity
from baham.platform.screening import index

if TYPE_CHECKING:
    from baham.engines.names import Evidence, Hit, Query

Find = Callable[[index.Opened, list["Query"], int, float | None, Any], list[list["Hit"]]]
"""What answers a batch of names from an index: (index, names, limit, threshold, mask of subjects) to hits."""

_SPARE = 10
"""Hits asked for beyond the limit, for those that turn out to be delisted."""


class NoIndex(Exception):
    """There is nothing to screen against yet."""

    def __str__(self) -> str:
        return "There is no list to screen against yet. Load one: baham sources load FILE --name NAME"


@dataclass(frozen=True, slots=True)
class Found:
    """A hit of the engine together with the entry of the ledger that it is about."""

    entity: Entity
    hit: "Hit"

    @property
    def speaking_for(self) -> list["Evidence"]:
        return [evidence for evidence in self.hit.evidence if evidence.direction == "for"]

    @property
    def speaking_against(self) -> list["Evidence"]:
        return [evidence for evidence in self.hit.evidence if evidence.direction == "against"]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The evidence as pages show it, what speaks against first."""
        return against_first([evidence_as_json(evidence) for evidence in self.hit.evidence])

    def as_json(self) -> dict[str, Any]:
        """The hit in the shape of `baham screen` (DESIGN §4)."""
        return {
            "entity": self.entity.key, "caption": self.entity.caption, "dataset": self.entity.dataset.name,
            "schema": self.entity.schema, "score": round(self.hit.score, 4), "verdict": self.hit.verdict,
            "evidence": [evidence_as_json(evidence) for evidence in self.hit.evidence],
        }  # fmt: skip


def evidence_as_json(evidence: "Evidence") -> dict[str, Any]:
    return {
        "feature": evidence.feature, "direction": evidence.direction, "weight": evidence.weight,
        "query": evidence.query, "listed": evidence.subject, "code": evidence.code, "text": evidence.text,
        "alignment": [list(pair) for pair in evidence.alignment],
    }  # fmt: skip


def against_first(evidence: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Evidence in the order in which people should see it."""
    order = {"against": 0, "for": 1}
    return sorted(evidence, key=lambda one: order.get(one["direction"], 2))


def _find_here(
    opened: index.Opened, queries: list["Query"], limit: int, threshold: float | None, within: Any
) -> list[list["Hit"]]:
    return opened.names.screen(queries, limit=limit, threshold=threshold, within=within)


def screen(
    queries: Sequence["Query"], *, limit: int = 5, threshold: float | None = None, datasets: Sequence[str] = (),
    find: Find = _find_here,
) -> list[list[Found]]:  # fmt: skip
    """Hits for each query, best first, among the entries in force now. Raises NoIndex, or KeyError for a dataset.

    `find` answers from the index files, here or on a cluster; what is in force is always looked up here.
    """
    opened = index.current()
    if opened is None or not len(opened.datasets):
        raise NoIndex
    within = _within(opened, datasets) if datasets else None
    found = find(opened, list(queries), limit + _SPARE, threshold, within)
    wanted = {int(hit.id) for hits in found for hit in hits}
    in_force = {
        entity.pk: entity
        for entity in Entity.objects.filter(pk__in=wanted, current=True, dataset__screened=True).select_related(
            "dataset"
        )
    }
    return [
        [Found(in_force[int(hit.id)], hit) for hit in hits if int(hit.id) in in_force][:limit] for hits in found
    ]  # fmt: skip


def _within(opened: index.Opened, names: Sequence[str]) -> Any:
    import numpy as np

    known = dict(Dataset.objects.values_list("name", "pk"))
    missing = [name for name in names if name not in known]
    if missing:
        raise KeyError(missing[0])
    return np.isin(opened.datasets, [known[name] for name in names])


def log_screening(actor: Actor, subject: str, title: str, *, names: int, hits: int) -> None:
    """Write down that names were screened, and how many listed persons were shown for them."""
    record(actor, Event.CONSULTATION, "screened", subject, title=title, names=names, hits=hits)
