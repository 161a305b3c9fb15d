"""Datasets: making one, listing them, and what a version changed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q

from baham.kernel.chunks import in_chunks
from baham.kernel.decision import LEAST_REASON
from baham.kernel.handling import PAP, TLP
from baham.platform.accounts.models import Organisation
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record, take_the_pen
from baham.platform.ledger.given import is_given
from baham.platform.ledger.models import Change, Dataset, Entity, Statement, Version
from baham.platform.ledger.need_to_know import NeedToKnow, Withheld
from baham.platform.ledger.touches import touch_dataset


@transaction.atomic
def ensure(name: str, actor: Actor, **fields: object) -> Dataset:
    """The dataset of this name; made, and logged as made, if there is none. It is kept by the organisation of whoever
    makes it, where that is not the operator of this installation."""
    keeper = Organisation.objects.filter(people__username=actor.name).first()
    kept = {"keeper": keeper} if keeper is not None and not keeper.is_operators else {}
    dataset, made = Dataset.objects.get_or_create(name=name, defaults={"title": name, **kept, **fields})
    if made:
        record(actor, Event.SYSTEM, "created", f"dataset:{name}", title=dataset.title)
    return dataset


class CannotSet(ValueError):
    """A setting of a list that it cannot have. The text is for the person who tried."""


@transaction.atomic
def set_limit(name: str, percent: int, actor: Actor, reason: str) -> Dataset:
    """How many per cent of a list a version may end before it stops (`guard.py`). Raises CannotSet."""
    if not 0 <= percent <= 100:
        raise CannotSet(f"{percent}: name per cent between 0 and 100")
    dataset = _to_be_set(name, reason)
    was, dataset.ending_limit = dataset.ending_limit, percent
    dataset.save(update_fields=["ending_limit"])
    record(
        actor,
        Event.ALTERATION,
        "set the limit of endings",
        f"dataset:{name}",
        title=dataset.title,
        justification=reason.strip(),
        was=was,
        limit=percent,
    )
    return dataset


@transaction.atomic
def set_handling(name: str, tlp: TLP, pap: PAP | None, actor: Actor, reason: str) -> Dataset:
    """Handle a list otherwise: who may have of it whatever is not marked by itself. Everything of it is judged anew for
    whoever fetches it. Raises CannotSet."""
    take_the_pen()  # what is leaving now leaves as it was judged; what comes after it, as it is now
    dataset = _to_be_set(name, reason)
    was = dataset.handling
    dataset.tlp, dataset.pap = tlp, was.pap if pap is None else pap
    dataset.save(update_fields=["tlp", "pap"])
    touch_dataset(dataset)
    record(
        actor,
        Event.ALTERATION,
        f"handled as {tlp.label}",
        f"dataset:{name}",
        title=dataset.title,
        justification=reason.strip(),
        was=[was.tlp.label, was.pap.label],
        now=[dataset.handling.tlp.label, dataset.handling.pap.label],
    )
    return dataset


def _to_be_set(name: str, reason: str) -> Dataset:
    if is_given(name):
        raise CannotSet(f"{name}: what a partner gives is handled as the partner marks it, and ends by its word")
    dataset = Dataset.objects.select_for_update().filter(name=name).first()
    if dataset is None:
        raise CannotSet(f"{name}: there is no such list")
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotSet(f"Write a reason of at least {LEAST_REASON} characters.")
    return dataset


def overview() -> list[Dataset]:
    """All datasets with the number of their entities and their last version (`last`, or None), in two queries."""
    datasets: list[Dataset] = []
    for counted in Dataset.objects.annotate(now=Count("entities", filter=Q(entities__current=True))):
        counted.entities_now = counted.now
        datasets.append(counted)
    newest: dict[int, Version] = {}
    for version in Version.objects.order_by("number"):
        newest[version.dataset_id] = version
    for dataset in datasets:
        dataset.last = newest.get(dataset.pk)
    return datasets


@dataclass(frozen=True, slots=True)
class Difference:
    """What a version did to one entity: the values it gained and those it lost."""

    entity: Entity
    kind: str
    gained: list[Statement]
    lost: list[Statement]


def known_changes(version: Version, reader: NeedToKnow) -> dict[str, list[int]]:
    """By kind, those changes of a version, by their numbers, of whose entities somebody may know."""
    changes = list(Change.objects.filter(version=version).order_by("pk").values_list("pk", "kind", "entity_id"))
    entities, there = [entity for _pk, _kind, entity in changes], set[int]()
    for some in in_chunks(entities):
        rows = Entity.objects.filter(pk__in=some).select_related("dataset")
        there |= {pk for pk, view in reader.look(rows).items() if view.is_there}
    found: dict[str, list[int]] = {kind: [] for kind in Change.Kind.values}
    for pk, kind, entity in changes:
        if entity in there:
            found[kind].append(pk)
    return found


def differences(
    version: Version, changes: Collection[int] | None, kind: str, start: int, count: int
) -> list[Difference]:
    """A page of what a version changed, of one kind, by caption; of these `changes` alone, where any are named. Three
    queries."""
    rows = Change.objects.filter(version=version, kind=kind).select_related("entity").order_by("pk")
    page = list(
        rows[start : start + count] if changes is None else rows.filter(pk__in=list(changes)[start : start + count])
    )
    pks = [change.entity_id for change in page]
    gained = _by_entity(Statement.objects.filter(entity_id__in=pks, since=version.number).order_by("pk"))
    lost = _by_entity(Statement.objects.filter(entity_id__in=pks, until=version.number).order_by("pk"))
    return [
        Difference(change.entity, change.kind, gained.get(change.entity_id, []), lost.get(change.entity_id, []))
        for change in page
    ]


def readable(
    changes: Iterable[Difference], dataset: Dataset, reader: NeedToKnow
) -> tuple[list[Difference], list[Withheld]]:
    """As much of these changes as somebody may read, and why the rest is withheld."""
    every = list(changes)
    for change in every:
        change.entity.dataset = dataset
    part = reader.part(
        (change.entity for change in every), (one for change in every for one in (*change.gained, *change.lost))
    )
    shown = [
        Difference(entity, change.kind, part.statements(change.gained), part.statements(change.lost))
        for change in every
        if (entity := part.entity(change.entity.pk)) is not None
    ]
    return shown, part.withheld


def _by_entity(statements: Iterable[Statement]) -> dict[int, list[Statement]]:
    found: dict[int, list[Statement]] = {}
    for statement in statements:
        found.setdefault(statement.entity_id, []).append(statement)
    return found
