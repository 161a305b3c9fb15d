"""Need-to-know: what somebody may read of the ledger, statement by statement (the rule is `kernel/reading.py`).

    reader = NeedToKnow.of(request)
    reader.look(entities)[pk]        what of an entity this person may read, and why the rest is withheld
    reader.keeps(dataset)            whether the record is kept by the person's own side, which alone acts on it

Everything a page shows of an entity, and whatever is derived from it (search, hits, counts, captions), is made of that.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baham.kernel.chunks import in_chunks
from baham.kernel.claim import Claim
from baham.kernel.entity import caption
from baham.kernel.handling import TLP, Audience, Handling
from baham.kernel.reading import Person, may_read
from baham.kernel.release import NOTHING_KNOWN, About
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.accounts.models import Organisation, User
from baham.platform.ledger.models import Dataset, Entity, HandlingGiven, Statement, handling_of
from baham.platform.ledger.pointing import POINTING, ends_of
from baham.platform.ledger.standing import about

GROUPS: list[Callable[[str], Collection[str]]] = []
"""Of which sharing groups (UUIDs) an organisation is a member now; rooms above add theirs when they are ready."""

_ROW = ("pk", "entity_id", "sid")

REASONS: dict[str, str | Promise] = {
    "CLEARANCE": gettext_lazy("its marking is stricter than you are cleared for"),
    "MARKING": gettext_lazy("its marking does not reach your organisation"),
    "SCOPE": gettext_lazy("it may go to others only"),
    "PURPOSE": gettext_lazy("it was given for other purposes than yours"),
    "ORIGINATOR": gettext_lazy("its originator has not agreed"),
    "EXPIRED": gettext_lazy("the permission to read it has ended"),
    "RESTRICTED": gettext_lazy("its use is restricted while it is contested"),
    "PROTECTED": gettext_lazy("the person is protected"),
    "SOURCE": gettext_lazy("it would show who said it"),
    "END": gettext_lazy("what it points at is withheld"),
}


@dataclass(frozen=True, slots=True, order=True)
class Withheld:
    """Why something is not shown, and which organisation may be asked for it. How much it is stays unsaid."""

    code: str
    ask: str

    @property
    def reason(self) -> str | Promise:
        return REASONS[self.code]

    def __str__(self) -> str:
        return _("%(reason)s; ask %(whom)s") % {"reason": self.reason, "whom": self.ask}


@dataclass(slots=True)
class View:
    """What of an entity somebody may read: its statements, those that are closed, and why."""

    entity: Entity
    statements: list[Statement] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)
    withheld: set[Withheld] = field(default_factory=set)

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is withheld."""
        return not self.withheld

    @property
    def is_there(self) -> bool:
        """Whether anything of it may be read. An entity without a statement (an erased one) has nothing to withhold."""
        return self.is_whole or bool(self.open)

    @property
    def open(self) -> list[Statement]:
        return [said for said in self.statements if said.pk not in self.closed]

    @property
    def withheld_statements(self) -> list[Statement]:
        return [said for said in self.statements if said.pk in self.closed]

    @property
    def caption(self) -> str:
        """The entity's caption, made of what may be read; empty where nothing may."""
        if self.is_whole:
            return self.entity.caption
        return caption(self.entity.key, ((said.prop, said.value) for said in self.open)) if self.open else ""


@dataclass(frozen=True, slots=True)
class Part:
    """As much of some entities and statements as somebody may read."""

    views: dict[int, View]
    closed: dict[int, Withheld]

    def entity(self, pk: int) -> Entity | None:
        """The entity under the caption that may be read; None where nothing of it may."""
        return named(self.views[pk]) if self.views[pk].is_there else None

    def statements(self, said: Iterable[Statement]) -> list[Statement]:
        return [one for one in said if one.pk not in self.closed]

    @property
    def withheld(self) -> list[Withheld]:
        """Why the rest is withheld, each reason once."""
        return sorted({*self.closed.values(), *(why for view in self.views.values() for why in view.withheld)})


Row = tuple[int, int, bytes | memoryview]
"""A statement: its number, its entity, its id."""


class NeedToKnow:
    """One person under one purpose, at one moment."""

    def __init__(self, user: User, purpose: str) -> None:
        self.user = user
        self.purpose = purpose
        self.now = timezone.now()

    @classmethod
    def of(cls, request: ConsoleRequest) -> "NeedToKnow":
        """The reader of this request; the same one for the whole of it."""
        known = getattr(request, "need_to_know", None)
        if known is None:
            purpose = request.purpose.code if request.purpose is not None else ""
            known = vars(request)["need_to_know"] = cls(request.user, purpose)
        return known

    @property
    def place(self) -> Organisation | None:
        """The organisation that the person works for; None for the operator's own."""
        return self.user.organisation

    @property
    def organisation(self) -> str:
        return self.place.name if self.place is not None else settings.PARTY_NAME

    @cached_property
    def person(self) -> Person:
        return Person(self.organisation, self.purpose, TLP(self.user.clearance))

    @cached_property
    def _member(self) -> Person:
        """The same person with the groups of the organisation, which are asked for only where a marking names some."""
        groups = frozenset(group for find in GROUPS for group in find(self.organisation))
        return replace(self.person, groups=groups)

    def near(self, keeper: Organisation | None) -> Audience:
        """How near the person's organisation stands to the keeper of a record; None keeps what the operator keeps."""
        mine = self.place
        if keeper is None or keeper.is_operators:
            return Audience.ORGANISATION if mine is None else Audience(mine.audience)
        return Audience.ORGANISATION if mine is not None and mine.pk == keeper.pk else Audience.COMMUNITY

    @cached_property
    def _keepers(self) -> dict[int, Organisation]:
        return {one.pk: one for one in Organisation.objects.filter(datasets__isnull=False).distinct()}

    def keeper(self, dataset: Dataset) -> Organisation | None:
        return self._keepers.get(dataset.keeper_id) if dataset.keeper_id is not None else None

    def keeps(self, dataset: Dataset) -> bool:
        """Whether the record is kept by the person's own side, which alone acts on it."""
        return self.near(self.keeper(dataset)) >= Audience.ORGANISATION

    def withholds(
        self, handling: Handling, dataset: Dataset, held: About = NOTHING_KNOWN, sid: str = ""
    ) -> Withheld | None:
        """Why something with this handling in this dataset is not for the person; None where it is."""
        keeper = self.keeper(dataset)
        who = self.person if handling.releasable_to is None else self._member
        permission = may_read(handling, who, self._seen_from(keeper), self.near(keeper), self.now, held, sid)
        return None if permission.allowed else Withheld(permission.code, self._keeps(dataset))

    def _keeps(self, dataset: Dataset) -> str:
        """The organisation that may be asked for what is withheld of a list."""
        keeper = self.keeper(dataset)
        return keeper.name if keeper is not None else settings.PARTY_NAME

    def _seen_from(self, keeper: Organisation | None) -> str:
        """The keeper by name. What the operator keeps is kept by whoever of its people reads it."""
        if keeper is None:
            return self.organisation if self.near(None) >= Audience.ORGANISATION else settings.PARTY_NAME
        return keeper.name

    def withholds_claim(self, claim: Claim) -> Withheld | None:
        """The same of a claim that a partner gave the operator and that is in no list yet."""
        return self.withholds(claim.handling, Dataset())

    def closes(self, dataset: Dataset) -> Withheld | None:
        """Why a list as a whole is not for the person: by the handling that it bears itself; None where it is."""
        return self.withholds(dataset.handling, dataset)

    def closed(self, said: Iterable[Row], owners: Mapping[int, Entity]) -> dict[int, Withheld]:
        """Which of these statements, as (number, entity, id), are not for the person, and why. `owners` are their
        entities, with datasets. A few queries, whatever their number."""
        rows = list(said)
        found = self._closed(rows, owners)
        ends = ends_of([pk for pk, _owner, _sid in rows if pk not in found])
        there = self._there({end.pk: end for end in ends.values()})
        hidden = {pk: end.dataset for pk, end in ends.items() if end.pk not in there}
        return found | {pk: Withheld("END", self._keeps(dataset)) for pk, dataset in hidden.items()}

    def _there(self, ends: Mapping[int, Entity]) -> set[int]:
        """Those of these records of which the person may read anything but what they point at in their turn, or which
        have nothing more to withhold."""
        said = [row for some in in_chunks(ends) for row in _rows(some).exclude(prop__in=POINTING).values_list(*_ROW)]
        shut = self._closed(said, ends)
        hollow = ends.keys() - {owner for _pk, owner, _sid in said}
        return hollow | {owner for pk, owner, _sid in said if pk not in shut}

    def _closed(self, said: Iterable[Row], owners: Mapping[int, Entity]) -> dict[int, Withheld]:
        """The same by what is held on the statements themselves."""
        rows = [(pk, owner, bytes(sid).hex()) for pk, owner, sid in said]
        sids = [sid for _pk, _owner, sid in rows]
        marks: dict[str, list[HandlingGiven]] = defaultdict(list)
        for some in in_chunks(dict.fromkeys(sids)):
            for mark in HandlingGiven.objects.filter(sid__in=some):
                marks[mark.sid].append(mark)
        held = about(list(owners.values()), sids)
        found: dict[int, Withheld] = {}
        usual: dict[int, Withheld | None] = {}
        for pk, owner, sid in rows:
            dataset, of = owners[owner].dataset, held[owner]
            if sid in marks or sid in of.shows_source:
                why = self.withholds(handling_of(dataset, marks.get(sid, ())), dataset, of, sid)
            elif owner in usual:
                why = usual[owner]
            else:
                why = usual[owner] = self.withholds(dataset.handling, dataset, of)
            if why is not None:
                found[pk] = why
        return found

    def look(self, entities: Iterable[Entity]) -> dict[int, View]:
        """What of each entity the person may read as it is said now, by its number. A handful of queries, whatever
        their number; the values are fetched of those alone of which something is withheld."""
        views = {one.pk: View(one) for one in entities}
        said: list[Row] = []
        for some in in_chunks(views):
            said += _rows(some).values_list(*_ROW)
        owner_of = {pk: owner for pk, owner, _sid in said}
        for pk, why in self.closed(said, {pk: view.entity for pk, view in views.items()}).items():
            views[owner_of[pk]].closed.add(pk)
            views[owner_of[pk]].withheld.add(why)
        self._fill([view for view in views.values() if view.withheld])
        return views

    def _fill(self, views: Collection[View]) -> None:
        """Fetch the values of those of whom something is withheld: what is said now, or was last of what ended."""
        partly = {view.entity.pk: view for view in views}
        for some in in_chunks(partly):
            for said in _rows(some).order_by("pk"):
                partly[said.entity_id].statements.append(said)

    def part(self, entities: Iterable[Entity], said: Iterable[Statement]) -> "Part":
        """What of these entities, and of these statements on them whenever they were said, the person may read."""
        views = self.look(entities)
        rows = [(one.pk, one.entity_id, one.sid) for one in said]
        closed = self.closed(rows, {pk: view.entity for pk, view in views.items()})
        return Part(views, closed)

    def shown(self, entities: Iterable[Entity]) -> dict[int, Entity]:
        """Those of these entities of which the person may read anything, by number, named by what they may read."""
        found = {}
        for pk, view in self.look(entities).items():
            if view.is_there:
                found[pk] = named(view)
        return found


def _rows(entities: Collection[int]) -> QuerySet[Statement]:
    """What is said now of these, or was last of what ended."""
    return Statement.objects.filter(Q(until=None) | Q(entity__current=False), entity_id__in=entities)


def named(view: View) -> Entity:
    """The entity under the caption that may be read. Such an entity is for showing and is never saved."""
    if not view.is_whole:
        view.entity.caption = view.caption or _("withheld")
    return view.entity


def names(request: ConsoleRequest, numbers: Iterable[int]) -> dict[int, str]:
    """What those of these entities are called of which this reader may know."""
    entities = Entity.objects.filter(pk__in=list(numbers)).select_related("dataset")
    return {pk: entity.caption for pk, entity in NeedToKnow.of(request).shown(entities).items()}
