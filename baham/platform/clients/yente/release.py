"""What a client may have of an entity: the values whose handling allows it, and an entity only if a name is among them.

Fail closed: without an agreement, what is above TLP:GREEN, above PAP:GREEN, ungraded, or limited to others or to
another purpose stays here, and nothing tells that it exists. The rule is that of every exit (`release/rulings.py`).
Every answer of the API is made of `Released` and of nothing else: what finds, sorts and counts too. A record of which
nothing is shown is not there, though another that was judged the same is; and a pointer to what is not there is not
shown.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from baham.formats.naming import NAME_PARTS
from baham.kernel.chunks import in_chunks
from baham.kernel.entity import caption
from baham.kernel.schema import Kind, is_a, is_matchable, kind_of
from baham.platform.clients.models import Client
from baham.platform.clients.yente.scope import allowed
from baham.platform.ledger import expiry
from baham.platform.ledger.models import Dataset, Entity, Statement, Version
from baham.platform.release.rulings import ruled

_CHUNK = 200


@dataclass(slots=True)
class Released:
    """An entity (with those judged the same) as one client may see it, built by `release`."""

    members: list[Entity]
    statements: list[Statement] = field(default_factory=list)
    versions: dict[tuple[int, int], datetime] = field(default_factory=dict)
    newest: dict[int, datetime] = field(default_factory=dict)

    @property
    def first(self) -> Entity:
        return self.members[0]

    @property
    def pk(self) -> int:
        """What the log calls it."""
        return self.first.canonical_id

    @property
    def id(self) -> str:
        """The id of the first of its records that the client may see."""
        return public_id(self.first)

    @property
    def schema(self) -> str:
        """The most special schema that its records agree on."""
        best = self.first.schema
        for member in self.members:
            if is_a(member.schema, best):
                best = member.schema
        return best

    @property
    def caption(self) -> str:
        own = [said for said in self.statements if said.entity_id == self.first.pk] or self.statements
        return caption(self.first.key, ((said.prop, said.value) for said in own))

    @property
    def properties(self) -> dict[str, list[str]]:
        """Values by property, each once."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for said in self.statements:
            found[said.prop][said.value] = None
        return {prop: list(values) for prop, values in found.items()}

    @property
    def datasets(self) -> list[str]:
        return sorted({member.dataset.name for member in self.members})

    @property
    def referents(self) -> list[str]:
        """The ids by which its sources call it."""
        return sorted({member.key for member in self.members} | {public_id(member) for member in self.members[1:]})

    @property
    def first_seen(self) -> datetime | None:
        return min(self._times, default=None)

    @property
    def last_change(self) -> datetime | None:
        return max(self._times, default=None)

    @property
    def last_seen(self) -> datetime | None:
        return max((self.newest[member.dataset_id] for member in self.members), default=None)

    @property
    def _times(self) -> list[datetime]:
        datasets = {member.pk: member.dataset_id for member in self.members}
        return [self.versions[datasets[said.entity_id], said.since] for said in self.statements]

    def keep(self, wanted: Callable[[Statement], bool]) -> None:
        """Leave out the statements that are not wanted, and the records of which nothing is left."""
        self.statements = [said for said in self.statements if wanted(said)]
        shown = {said.entity_id for said in self.statements}
        self.members = [member for member in self.members if member.pk in shown]

    def said_of(self, entity: int) -> list[Statement]:
        """What is shown of one of its records."""
        return [said for said in self.statements if said.entity_id == entity]

    @property
    def may_be_shown(self) -> bool:
        """Something that is screened needs a name that may be given; an address, a sanction or a tie just a value."""
        if not is_matchable(self.schema):
            return bool(self.statements)
        return any(_names(said.prop) for said in self.statements)


def _names(prop: str) -> bool:
    """Whether a property is a name, or a part of one."""
    return kind_of(prop) in (Kind.NAME, Kind.WEAK_NAME) or prop in NAME_PARTS


def public_id(entity: Entity) -> str:
    """An entity's id outside: its dataset and the key it has there, because two lists may use the same key."""
    return f"{entity.dataset.name}:{entity.key}"


def release(client: Client, pks: Iterable[int], datasets: Sequence[Dataset]) -> dict[int, Released]:
    """What the client may have of these entities, with those judged the same: {entity id: Released}, for those of which
    it is shown anything.

    Only records of `datasets` that are in force, and not past their review date, count. A handful of queries for each
    two hundred entities.
    """
    by_pk = {dataset.pk: dataset for dataset in datasets}
    found: dict[int, Released] = {}
    for some in in_chunks(dict.fromkeys(pks), _CHUNK):
        found.update(_shown(some, _clusters(client, some, by_pk)))
    return found


def _clusters(client: Client, pks: Collection[int], datasets: dict[int, Dataset]) -> list[Released]:
    """The clusters of these entities, without pointers to what the client may not know of."""
    made = _allowed(client, pks, datasets)
    links = {(said.entity.dataset_id, said.value) for one in made for said in one.statements if is_pointer(said)}
    there = _there(client, links, datasets)
    for one in made:
        one.keep(lambda said: not is_pointer(said) or (said.entity.dataset_id, said.value) in there)
    return made


def _there(client: Client, links: Collection[tuple[int, str]], datasets: dict[int, Dataset]) -> set[tuple[int, str]]:
    """Which of these (list, key) the client may know of, by more than what they in their turn point at."""
    there: set[tuple[int, str]] = set()
    for some in in_chunks(_entities_at(links), _CHUNK):
        made = _allowed(client, some, datasets)
        for one in made:
            one.keep(lambda said: not is_pointer(said))
        there |= {(member.dataset_id, member.key) for one in _shown(some, made).values() for member in one.members}
    return there


def _entities_at(links: Collection[tuple[int, str]]) -> Iterator[int]:
    keys = sorted({key for _dataset, key in links})
    for some in in_chunks(keys, _CHUNK):
        rows = Entity.objects.filter(key__in=some, dataset__in={one for one, _key in links})
        for pk, dataset, key in rows.values_list("pk", "dataset_id", "key"):
            if (dataset, key) in links:
                yield pk


def _shown(pks: Collection[int], made: Iterable[Released]) -> dict[int, Released]:
    """By entity, those of which anything is shown."""
    owners = {member.pk: one for one in made if one.members and one.may_be_shown for member in one.members}
    return {pk: owners[pk] for pk in pks if pk in owners}


def _allowed(client: Client, pks: Collection[int], datasets: dict[int, Dataset]) -> list[Released]:
    """What the policy lets out to the client of these entities and those judged the same."""
    canonical = set(Entity.objects.filter(pk__in=pks).values_list("canonical_id", flat=True))
    clusters: dict[int, list[Entity]] = defaultdict(list)
    rows = Entity.objects.filter(expiry.in_force(), canonical_id__in=canonical, dataset_id__in=datasets)
    for member in rows.order_by("pk"):
        member.dataset = datasets[member.dataset_id]
        clusters[member.canonical_id].append(member)
    owners = {member.pk: member for members in clusters.values() for member in members}
    said = list(Statement.objects.filter(entity_id__in=owners, until=None).order_by("pk"))
    allowed = allowed_statements(client, said, owners)
    versions, newest = _versions({member.dataset_id for member in owners.values()})
    made = {key: Released(members, versions=versions, newest=newest) for key, members in clusters.items()}
    for statement in said:
        if statement.pk in allowed:
            statement.entity = owners[statement.entity_id]
            made[statement.entity.canonical_id].statements.append(statement)
    return list(made.values())


def is_pointer(said: Statement) -> bool:
    """Whether a statement's value is the key of another record of its list."""
    return kind_of(said.prop) is Kind.ENTITY


def allowed_statements(client: Client, said: Sequence[Statement], owners: dict[int, Entity]) -> set[int]:
    """Which of these statements the client may have, by their row. `owners` are their entities, with datasets."""
    may = allowed(client)
    rulings = ruled(may.terms, said, owners, timezone.now(), party=may.party)
    return {pk for pk, ruling in rulings.items() if ruling.leaves and not ruling.two_people}


def _versions(datasets: set[int]) -> tuple[dict[tuple[int, int], datetime], dict[int, datetime]]:
    """When each version was loaded, and when the newest of each dataset was."""
    loaded: dict[tuple[int, int], datetime] = {}
    newest: dict[int, datetime] = {}
    rows = Version.objects.filter(dataset_id__in=datasets).order_by("number")
    for dataset, number, at in rows.values_list("dataset_id", "number", "loaded_at"):
        loaded[dataset, number] = newest[dataset] = at
    return loaded, newest


def find_entity(client: Client, given: str, datasets: Sequence[Dataset]) -> Released | list[str]:
    """The entity of an id; an empty list where there is none, or the ids among which the asker has to choose.

    An id is `dataset:key` as the API gives it; a bare key is understood where one dataset alone has it.
    """
    by_name = {dataset.name: dataset for dataset in datasets}
    name, _, key = given.partition(":")
    rows = Entity.objects.none()
    if key and name in by_name:
        rows = Entity.objects.filter(expiry.in_force(), dataset=by_name[name], key=key)
    if not rows:
        rows = Entity.objects.filter(expiry.in_force(), dataset__in=datasets, key=given)
    seen = release(client, [row.pk for row in rows], datasets)
    different = {one.id: one for one in seen.values()}
    if len(different) == 1:
        return next(iter(different.values()))
    return sorted(different)
