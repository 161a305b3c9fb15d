"""Screening names against the lists in force. Finds and explains; decides nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger import expiry
from baham.platform.ledger.models import Dataset, Entity
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.screening import index, reading
from baham.platform.screening.cleared import Standing, identity_of, standings

if TYPE_CHECKING:
    from baham.engines.names import Evidence, Hit, Query

Find = Callable[[index.Opened, list["Query"], int, float | None, Any], Iterable[list["Hit"]]]
"""What answers a batch of names from an index: (index, names, limit, threshold, mask of subjects) to the hits of each.
It may be worked on elsewhere meanwhile: who reads the hits waits for them."""

_SPARE = 10
"""Hits asked for beyond the limit, for those that turn out to be delisted or cleared."""
_CHECKED = 500
"""Names whose hits are looked up in the ledger at a time."""
_MOST = 400
"""Hits asked for at the most, where many of them were delisted or cleared."""


class NoIndex(Exception):
    """There is nothing to screen against yet."""

    def __str__(self) -> str:
        return "There is no list to screen against yet. Load one: baham sources load FILE --name NAME"


@dataclass(frozen=True, slots=True)
class Found:
    """A hit of the engine together with the entry of the ledger that it is about.

    `standing` is there where the pair was cleared before: it is silent, or it has come back (`cleared.Standing`).
    """

    entity: Entity
    hit: "Hit"
    standing: Standing | None = None

    @property
    def is_silent(self) -> bool:
        """Whether people cleared this pair on this very evidence, so that it makes no hit."""
        return self.standing is not None and self.standing.silent

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
            "entity": self.entity.key,
            "caption": self.entity.caption,
            "dataset": self.entity.dataset.name,
            "schema": self.entity.schema,
            "score": round(self.hit.score, 4),
            "verdict": self.hit.verdict,
            "evidence": [evidence_as_json(evidence) for evidence in self.hit.evidence],
        }


def evidence_as_json(evidence: "Evidence") -> dict[str, Any]:
    return {
        "feature": evidence.feature,
        "direction": evidence.direction,
        "weight": evidence.weight,
        "query": evidence.query,
        "listed": evidence.subject,
        "code": evidence.code,
        "text": evidence.text,
        "alignment": [list(pair) for pair in evidence.alignment],
    }


def against_first(evidence: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Evidence in the order in which people should see it."""
    order = {"against": 0, "for": 1}
    return sorted(evidence, key=lambda one: order.get(one["direction"], 2))


def _find_here(
    opened: index.Opened, queries: list["Query"], limit: int, threshold: float | None, within: Any
) -> list[list["Hit"]]:
    return opened.names.screen(queries, limit=limit, threshold=threshold, within=within)


def screen(
    queries: Sequence["Query"],
    *,
    limit: int = 5,
    threshold: float | None = None,
    datasets: Sequence[str] = (),
    organisation: str = "",
    cleared: bool = False,
    find: Find = _find_here,
    reader: NeedToKnow | None = None,
) -> list[list[Found]]:
    """Hits for each query, best first, among the entries in force now. Raises NoIndex, or KeyError for a dataset.

    What is delisted, past its review date, or cleared on this very evidence (for everybody or for `organisation`) makes
    no hit; with `cleared` the cleared ones are there beyond the limit, for a page that says so.

    With a `reader` a hit rests on what this person may read, and on nothing else (`reading.py`).

    `find` answers from the index files, here or elsewhere; what is in force is always looked up here.
    """
    run = Run(limit, threshold, tuple(datasets), organisation, cleared, find, reader)
    return run.begin(queries)()


@dataclass(slots=True)
class Run:
    """A screening of many names, batch after batch, all of them against the index that is in use when it is made (what
    is in force is as of the moment of each answer). The fields are the parameters of `screen`. Raises NoIndex."""

    limit: int = 5
    threshold: float | None = None
    datasets: Sequence[str] = ()
    organisation: str = ""
    cleared: bool = False
    find: Find = _find_here
    reader: NeedToKnow | None = None
    _opened: index.Opened = field(init=False)

    def __post_init__(self) -> None:
        opened = index.current()
        if opened is None or not len(opened.datasets):
            raise NoIndex
        self._opened = opened

    def begin(self, queries: Sequence["Query"]) -> Callable[[], list[list[Found]]]:
        """Ask about a batch. Its answers are what the returned function gives; other batches may be begun before it is
        called. Raises KeyError for a dataset that is not there."""
        asked, within = list(queries), _within(self._opened, self.datasets)
        wanted = self.limit + _SPARE
        first = self.find(self._opened, asked, wanted, self.threshold, within)
        return lambda: self._answers(asked, within, wanted, first)

    def _answers(
        self, asked: list["Query"], within: Any, wanted: int, first: Iterable[list["Hit"]]
    ) -> list[list[Found]]:
        answers: dict[int, list[Found]] = {}
        waiting, found = list(range(len(asked))), list(first)
        while True:
            batch = [asked[place] for place in waiting]
            again = []
            for place, hits, kept in zip(waiting, found, self._checked(batch, found), strict=True):
                alive = [one for one in kept if not one.is_silent][: self.limit]
                answers[place] = alive + ([one for one in kept if one.is_silent] if self.cleared else [])
                # So many were delisted or cleared that others, further down, may have been cut off.
                if len(alive) < self.limit and len(hits) == wanted < _MOST:
                    again.append(place)
            if not again:
                return [answers[place] for place in range(len(asked))]
            waiting, wanted = again, min(wanted * 5, _MOST)
            found = list(self.find(self._opened, [asked[i] for i in again], wanted, self.threshold, within))

    def _checked(self, batch: list["Query"], found: list[list["Hit"]]) -> list[list[Found]]:
        return [
            kept
            for start in range(0, len(batch), _CHECKED)
            for kept in entries_in_force(
                batch[start : start + _CHECKED],
                found[start : start + _CHECKED],
                self.organisation,
                self.reader,
                self.threshold,
            )
        ]


def entries_in_force(
    queries: list["Query"],
    found: list[list["Hit"]],
    organisation: str,
    reader: NeedToKnow | None = None,
    threshold: float | None = None,
) -> list[list[Found]]:
    """The hits that are on entries in force, as far as the reader may know them, each with what clearings say of it."""
    wanted = {int(hit.id) for hits in found for hit in hits}
    entities = Entity.objects.filter(expiry.in_force(), pk__in=wanted).select_related("dataset")
    in_force = {entity.pk: entity for entity in entities}
    views = reader.look(in_force.values()) if reader is not None else {}
    if reader is not None:
        found = reading.readable(queries, found, views, threshold)
    pairs = [
        (query, int(hit.id))
        for query, hits in zip(queries, found, strict=True)
        for hit in hits
        if int(hit.id) in in_force
    ]
    known = standings(pairs, organisation)

    def found_on(query: "Query", hit: "Hit") -> Found:
        entity = in_force[int(hit.id)]
        standing = known.get((identity_of(query).key, entity.pk)) if known else None
        if standing is not None and entity.pk in views:
            standing = standing.without(said.value for said in views[entity.pk].withheld_statements)
        return Found(entity, hit, standing)

    return [
        [found_on(query, hit) for hit in hits if int(hit.id) in in_force]
        for query, hits in zip(queries, found, strict=True)
    ]


def _within(opened: index.Opened, names: Sequence[str]) -> Any:
    """Which subjects of the index take part, None for all: those of the named lists, and none past its review date.

    Left in, a list that has lapsed would fill the places of hits that count.
    """
    import numpy as np

    known = dict(Dataset.objects.values_list("name", "pk")) if names else {}
    for name in names:
        if name not in known:
            raise KeyError(name)
    today = timezone.localdate()
    lapsed = list(expiry.lapsed_datasets(today).values_list("pk", flat=True))
    mask = None
    if names:
        mask = np.isin(opened.datasets, [known[name] for name in names])
    if lapsed:
        rest = ~np.isin(opened.datasets, lapsed)
        mask = rest if mask is None else mask & rest
    for pk in expiry.lapsed_entities(today).values_list("pk", flat=True):
        row = opened.names.row(str(pk))
        if row is not None:
            mask = np.ones(len(opened.datasets), dtype=bool) if mask is None else mask
            mask[row] = False
    return mask


def check_lists(names: Iterable[str]) -> None:
    """Raise KeyError for a list that is not there."""
    known = set(Dataset.objects.values_list("name", flat=True)) if names else set()
    for name in names:
        if name not in known:
            raise KeyError(name)


def lapsed_lists() -> list[Dataset]:
    """Lists that should be screened against and are not, because their review date has passed."""
    return list(expiry.lapsed_datasets(timezone.localdate()))


def log_screening(actor: Actor, subject: str, title: str, *, names: int, hits: int, **more: Any) -> None:
    """Write down that names were screened, and how many listed persons were shown for them."""
    record(actor, Event.CONSULTATION, "screened", subject, title=title, names=names, hits=hits, **more)
