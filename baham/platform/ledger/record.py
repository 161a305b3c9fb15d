"""Reading one entity: everything said about it and about those judged the same, as known today or on another day.

A handful of queries whatever its size (tests/platform/ledger pins their number).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Max, Q

from baham.formats.naming import names_said
from baham.kernel.basis import Basis, BasisKind, Confidence, StanceKind
from baham.kernel.claim import Hand
from baham.kernel.dates import AFTER, APPROXIMATE, BEFORE, LEEWAY, span
from baham.kernel.grade import Grade, Scheme
from baham.kernel.handling import Handling, meet_all
from baham.kernel.schema import Kind, kind_of
from baham.platform.ledger.models import (
    BasisGiven,
    CameThrough,
    Dataset,
    Entity,
    GradeGiven,
    HandlingGiven,
    Judgement,
    StanceTaken,
    Statement,
    Version,
    handling_of,
)
from baham.platform.ledger.need_to_know import NeedToKnow, Withheld
from baham.platform.ledger.resolve import judgements_on


@dataclass(frozen=True, slots=True)
class Receipt:
    """That somebody was given a value: who, when, where that is shown, and whether they still hold it (`held`,
    `recalled`, `removed`, `refused`)."""

    who: str
    at: datetime
    state: str
    url: str


@dataclass(slots=True)
class Value:
    """One statement with all that hangs on it: what the chain shows."""

    statement: Statement
    dataset: Dataset
    since: Version
    until: Version | None
    grades: list[GradeGiven] = field(default_factory=list)
    handling: Handling = field(default_factory=Handling)
    basis: Basis = field(default_factory=Basis)
    stances: list[StanceTaken] = field(default_factory=list)
    hands: tuple[Hand, ...] = ()
    received: list[Receipt] = field(default_factory=list)
    same: list["Value"] = field(default_factory=list)
    """Statements of other sources with the same value."""
    other: list["Value"] = field(default_factory=list)
    """Statements of other sources that cannot be true together with this one (dates that do not meet)."""

    @property
    def grade(self) -> Grade | None:
        """The newest grade, else the dataset's, else None."""
        if self.grades:
            return self.grades[-1].grade
        return Grade.parse(self.dataset.grade, Scheme(self.dataset.scheme)) if self.dataset.grade else None

    @property
    def contradicted(self) -> bool:
        return bool(self.other) or any(stance.kind == StanceKind.CONTRADICTS.value for stance in self.stances)

    @property
    def outdated(self) -> bool:
        return any(stance.kind == StanceKind.OUTDATED.value for stance in self.stances)

    @property
    def sources(self) -> int:
        """How many datasets say this."""
        return len({self.dataset.pk, *(value.dataset.pk for value in self.same)})


@dataclass(slots=True)
class Record:
    """An entity as its page shows it."""

    entity: Entity
    members: list[Entity]
    properties: dict[str, list[Value]]
    judgements: list[Judgement]
    on: datetime | None = None
    withheld: tuple[Withheld, ...] = ()
    """Why something of it is not shown to whoever reads, and whom to ask."""

    @property
    def values(self) -> list[Value]:
        return [value for values in self.properties.values() for value in values]

    @property
    def names(self) -> list[str]:
        """All names and aliases, in the order of the page."""
        return names_said((value.statement.prop, value.statement.value) for value in self.values)

    @property
    def handling(self) -> Handling:
        """The most restrictive handling of anything shown."""
        return meet_all([value.handling for value in self.values])

    @property
    def current(self) -> bool:
        """Whether any list still names it."""
        return any(member.current for member in self.members)

    @property
    def disputed(self) -> int:
        return sum(value.contradicted for value in self.values)


_FIRST = (
    "name",
    "alias",
    "previousName",
    "weakAlias",
    "fatherName",
    "birthDate",
    "birthPlace",
    "nationality",
    "country",
    "gender",
    "idNumber",
    "passportNumber",
    "registrationNumber",
    "address",
    "position",
    "program",
)
_ORDER = {prop: place for place, prop in enumerate(_FIRST)}


RECEIPTS: list[Callable[[Collection[str]], Iterable[tuple[str, Receipt]]]] = []
"""How other rooms say who was given statements, by their ids; each adds its own when it is ready."""


def read(entity: Entity, reader: NeedToKnow | None, on: datetime | None = None) -> Record:
    """What is said about an entity and those judged the same, as far as `reader` may know it; with `on`, as the ledger
    knew it at that moment. Without a reader it is all there is: for code that holds it against a rule of its own."""
    members = list(Entity.objects.filter(canonical_id=entity.canonical_id).select_related("dataset").order_by("pk"))
    versions = _versions({member.dataset_id for member in members})
    by_pk = {member.pk: member for member in members}
    statements = list(Statement.objects.filter(_open_at(members, on), entity_id__in=by_pk).order_by("pk"))
    closed = _closed(statements, by_pk, reader)
    # A record of which nothing may be read is not told of on the page of another that was judged the same, and its own
    # page tells of no other.
    told = by_pk.keys() - {said.entity_id for said in statements if said.pk in closed}
    told |= {said.entity_id for said in statements if said.pk not in closed}
    if entity.pk not in told:
        told = set()
    members = [member for member in members if member.pk in told]
    withheld = {why for said in statements if said.entity_id in {*told, entity.pk} and (why := closed.get(said.pk))}
    values = []
    for statement in statements:
        if statement.pk in closed or statement.entity_id not in told:
            continue
        owner = by_pk[statement.entity_id]
        of_dataset = versions[owner.dataset_id]
        statement.entity = owner
        values.append(
            Value(statement, owner.dataset, of_dataset[statement.since], of_dataset.get(statement.until or 0))
        )
    annotate(values)
    if reader is not None:
        _among_the_keepers(values, reader)
    properties: dict[str, list[Value]] = defaultdict(list)
    for value in sorted(values, key=lambda v: (_ORDER.get(v.statement.prop, 99), v.statement.prop)):
        properties[value.statement.prop].append(value)
    for prop, of_property in properties.items():
        _compare(prop, of_property)
    judgements = _judgements({member.pk for member in members}, reader)
    return Record(entity, members, dict(properties), judgements, on, tuple(sorted(withheld)))


def _closed(
    statements: Sequence[Statement], owners: Mapping[int, Entity], reader: NeedToKnow | None
) -> dict[int, Withheld]:
    """Which statements are not for the reader."""
    if reader is None:
        return {}
    return reader.closed([(said.pk, said.entity_id, said.sid) for said in statements], owners)


def _judgements(pks: set[int], reader: NeedToKnow | None) -> list[Judgement]:
    """The judgements on these records: for the people of a keeper of either, where both records may be read."""
    found = judgements_on(pks)
    if reader is None or not found:
        return found
    shown = reader.shown({end.pk: end for one in found for end in (one.left, one.right)}.values())
    kept = []
    for one in found:
        keeps = reader.keeps(one.left.dataset) or reader.keeps(one.right.dataset)
        if keeps and {one.left_id, one.right_id} <= shown.keys():
            one.left, one.right = shown[one.left_id], shown[one.right_id]
            kept.append(one)
    return kept


def _among_the_keepers(values: Iterable[Value], reader: NeedToKnow) -> None:
    """Leave out what the keeper's own people wrote for each other, for whoever is none of them: who graded and why, who
    stands for and against it, and who was given it. The grade itself, and who published it, stay."""
    for value in values:
        if reader.keeps(value.dataset):
            continue
        for given in value.grades:
            given.by, given.reason = "", ""
        value.stances, value.received = [], []


def _versions(datasets: set[int]) -> dict[int, dict[int, Version]]:
    found: dict[int, dict[int, Version]] = defaultdict(dict)
    for version in Version.objects.filter(dataset_id__in=datasets):
        found[version.dataset_id][version.number] = version
    return found


def _open_at(members: list[Entity], on: datetime | None) -> Q:
    """Which statements count: today the open ones, and the last of a delisted entity; else those of the day."""
    if on is None:
        gone = [member.pk for member in members if not member.current]
        last = (
            dict(Statement.objects.filter(entity_id__in=gone).values_list("entity_id").annotate(last=Max("until")))
            if gone
            else {}
        )
        chosen = Q(until=None)
        for pk, number in last.items():
            chosen |= Q(entity_id=pk, until=number)
        return chosen
    chosen = Q(pk__in=[])
    for dataset in {member.dataset_id for member in members}:
        known = Version.objects.filter(dataset_id=dataset, loaded_at__lte=on).aggregate(last=Max("number"))["last"] or 0
        of_dataset = [member.pk for member in members if member.dataset_id == dataset]
        chosen |= Q(entity_id__in=of_dataset, since__lte=known) & (Q(until=None) | Q(until__gt=known))
    return chosen


def annotate(values: list[Value]) -> None:
    """Hang grades, handling, basis, stances, hands and receipts on the values: a query each, whatever their number."""
    by_sid: dict[str, list[Value]] = defaultdict(list)
    for value in values:
        by_sid[value.statement.sid_hex].append(value)
        value.handling = value.dataset.handling
    for given in GradeGiven.objects.filter(sid__in=by_sid):
        for value in by_sid[given.sid]:
            if given.counts_in(value.dataset):
                value.grades.append(given)
    marks: dict[str, list[HandlingGiven]] = defaultdict(list)
    for marked in HandlingGiven.objects.filter(sid__in=by_sid):
        marks[marked.sid].append(marked)
    for sid, own in marks.items():
        for value in by_sid[sid]:
            value.handling = handling_of(value.dataset, own)
    for basis in BasisGiven.objects.filter(sid__in=by_sid):
        for value in by_sid[basis.sid]:
            if basis.counts_in(value.dataset):
                value.basis = Basis(BasisKind(basis.kind), basis.by, basis.on, Confidence(basis.confidence))
    for stance in StanceTaken.objects.filter(sid__in=by_sid):
        for value in by_sid[stance.sid]:
            value.stances.append(stance)
    for came in CameThrough.objects.filter(sid__in=by_sid):
        for value in by_sid[came.sid]:
            if came.counts_in(value.dataset):
                value.hands = tuple(Hand(**hand) for hand in came.hands)
    for find in RECEIPTS:
        for sid, receipt in find(by_sid):
            for value in by_sid[sid]:
                value.received.append(receipt)


def _compare(prop: str, values: list[Value]) -> None:
    """Link the values of a property with those of other sources that say the same or cannot be true with them."""
    for value in values:
        for rival in values:
            if rival.dataset.pk == value.dataset.pk:
                continue
            if rival.statement.value.casefold() == value.statement.value.casefold():
                value.same.append(rival)
            elif kind_of(prop) is Kind.DATE and not _meet(value, values, rival):
                value.other.append(rival)


def _meet(value: Value, values: list[Value], rival: Value) -> bool:
    """Whether the dates can be one; also when the rival's source offers another date that can."""
    mine = _possible(value)
    return mine is None or any(
        (theirs := _possible(other)) is None or (mine[0] <= theirs[1] and theirs[0] <= mine[1])
        for other in values
        if other.dataset.pk == rival.dataset.pk
    )


def possible(value: str, flags: Collection[str]) -> tuple[date, date] | None:
    """First and last day that are left possible by a reading and what its source says of it; None as for `span`."""
    days = span(value)
    if days is None:
        return None
    first, last = days
    if APPROXIMATE in flags:
        years = max(first.year - LEEWAY, 1), min(last.year + LEEWAY, 9999)
        first, last = date(years[0], 1, 1), date(years[1], 12, 31)
    return date.min if BEFORE in flags else first, date.max if AFTER in flags else last


def _possible(value: Value) -> tuple[date, date] | None:
    return possible(value.statement.value, value.statement.flags.split())


def find_statement(entity: Entity, sid: str, reader: NeedToKnow) -> Value | None:
    """One value of an entity's cluster by its statement id, with its chain; None if it is not there for the reader."""
    return next((value for value in read(entity, reader).values if value.statement.sid_hex == sid), None)
