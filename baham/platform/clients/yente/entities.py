"""One entity, alone or with those beside it: what its properties point at, and what points at it.

Links are FtM's: a property whose value is another entity's key, and the name under which the other end sees it
(followthemoney 4.x, the `reverse` of each entity property). An edge (an ownership, a family tie) is looked through to
its other end, as yente does.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from baham.kernel.schema import Kind, is_a, kind_of
from baham.platform.clients.models import Client
from baham.platform.clients.yente.errors import Problem
from baham.platform.clients.yente.release import Released, find_entity, release
from baham.platform.clients.yente.scope import known_to
from baham.platform.clients.yente.shapes import entity_shape, page, total
from baham.platform.ledger import fulltext
from baham.platform.ledger.models import Entity, Statement

_REVERSE = {
    ("Sanction", "entity"): "sanctions",
    ("Identification", "holder"): "identification",
    ("Family", "person"): "familyPerson",
    ("Family", "relative"): "familyRelative",
    ("Associate", "person"): "associates",
    ("Associate", "associate"): "associations",
    ("Membership", "member"): "membershipMember",
    ("Membership", "organization"): "membershipOrganization",
    ("Ownership", "owner"): "ownershipOwner",
    ("Ownership", "asset"): "ownershipAsset",
    ("Directorship", "director"): "directorshipDirector",
    ("Directorship", "organization"): "directorshipOrganization",
    ("Occupancy", "holder"): "positionOccupancies",
    ("Occupancy", "post"): "occupancies",
    ("UnknownLink", "subject"): "unknownLinkTo",
    ("UnknownLink", "object"): "unknownLinkFrom",
    ("Thing", "addressEntity"): "things",
    ("LegalEntity", "parent"): "subsidiaries",
    ("CryptoWallet", "holder"): "cryptoWallets",
    ("Position", "organization"): "positions",
    ("Vehicle", "owner"): "ownedVehicles",
    ("Vessel", "owner"): "ownedVehicles",
    ("Airplane", "owner"): "ownedVehicles",
}
_EDGES = ("Family", "Associate", "Membership", "Ownership", "Directorship", "Occupancy", "UnknownLink")
_MOST_NEIGHBOURS = 2_000

Neighbours = dict[str, list[Released]]


@dataclass(frozen=True, slots=True)
class Redirect:
    """The id belongs to another record of the same entity: ask for `id`."""

    id: str


def look_up(client: Client, given: str) -> Released | Redirect:
    """The entity of an id, or where to ask for it. Raises Problem 404 where there is none, or more than one."""
    found = find_entity(client, given, known_to(client))
    if isinstance(found, Released):
        return found if found.id == given else Redirect(found.id)
    if found:
        raise Problem(404, f"Several lists use this id; ask for one of: {', '.join(found)}")
    raise Problem(404, "No such entity!")


def nested(client: Client, one: Released) -> tuple[dict[str, Any], list[int]]:
    """The entity with its neighbours nested in its properties, and for the log all that were shown."""
    around = _around(client, one)
    shown = [one.pk]
    properties: dict[str, list[Any]] = dict(one.properties)
    for prop, neighbours in around.items():
        shapes = []
        for neighbour in neighbours:
            shape, further = _with_far_end(client, neighbour, one)
            shapes.append(shape)
            shown += [neighbour.pk, *further]
        inline = {key for neighbour in neighbours for key in (neighbour.id, *neighbour.referents)}
        properties[prop] = [value for value in properties.get(prop, []) if value not in inline] + shapes
    return entity_shape(one, properties), shown


def adjacent(client: Client, one: Released, limit: int, offset: int) -> tuple[dict[str, Any], list[int]]:
    """The entity, and its neighbours by property, a page of each."""
    pages: dict[str, Any] = {}
    shown = [one.pk]
    for prop, neighbours in _around(client, one).items():
        pages[prop], on_page = _page_of(client, one, neighbours, limit, offset)
        shown += on_page
    return {"entity": entity_shape(one), "adjacent": pages}, shown


def adjacent_by(client: Client, one: Released, prop: str, limit: int, offset: int) -> tuple[dict[str, Any], list[int]]:
    """The neighbours under one property. Raises Problem 404 for a property that points at nothing."""
    if kind_of(prop) is not Kind.ENTITY and prop not in _REVERSE.values():
        raise Problem(404, "No such property!")
    return _page_of(client, one, _around(client, one).get(prop, []), limit, offset)


def _page_of(
    client: Client, one: Released, neighbours: Sequence[Released], limit: int, offset: int
) -> tuple[dict[str, Any], list[int]]:
    shapes, shown = [], []
    for neighbour in neighbours[offset : offset + limit]:
        shape, further = _with_far_end(client, neighbour, one)
        shapes.append(shape)
        shown += [neighbour.pk, *further]
    return page(shapes, total(len(neighbours)), limit, offset), shown


def _with_far_end(client: Client, neighbour: Released, root: Released) -> tuple[dict[str, Any], list[int]]:
    """A neighbour, without its pointers back; of an edge, with the entity at its other end in place of its key."""
    own = {member.key for member in root.members}
    properties: dict[str, list[Any]] = {
        prop: kept
        for prop, values in neighbour.properties.items()
        if (kept := [value for value in values if kind_of(prop) is not Kind.ENTITY or value not in own])
    }
    if neighbour.schema not in _EDGES:
        return entity_shape(neighbour, properties), []
    shown: list[int] = []
    for prop, ends in _pointed_at(client, [neighbour]).items():
        others = [end for end in ends if end.pk != root.pk]
        if others:
            keys = {key for end in others for key in end.referents}
            unknown = [value for value in properties.get(prop, []) if value not in keys]
            properties[prop] = unknown + [entity_shape(end) for end in others]
            shown += [end.pk for end in others]
    return entity_shape(neighbour, properties), shown


def _around(client: Client, one: Released) -> Neighbours:
    """All neighbours of an entity by the property under which it sees them."""
    found = _pointed_at(client, [one])
    for prop, neighbours in _pointing_at(client, one).items():
        known = {neighbour.pk for neighbour in found.get(prop, [])}
        found.setdefault(prop, []).extend(n for n in neighbours if n.pk not in known)
    return {prop: neighbours for prop, neighbours in found.items() if neighbours}


def _pointed_at(client: Client, several: Sequence[Released]) -> Neighbours:
    """What the entity properties of these point at, by property."""
    links = [
        (said.prop, said.entity.dataset_id, said.value)
        for one in several
        for said in one.statements
        if kind_of(said.prop) is Kind.ENTITY
    ]
    if not links:
        return {}
    rows = Entity.objects.filter(key__in={key for _, _, key in links}, dataset__in={dataset for _, dataset, _ in links})
    pks = {(row.dataset_id, row.key): row.pk for row in rows}
    seen = _release(client, pks.values())
    found: dict[str, dict[int, Released]] = defaultdict(dict)
    for prop, dataset, key in links:
        neighbour = seen.get(pks.get((dataset, key), 0))
        if neighbour is not None:
            found[prop][neighbour.pk] = neighbour
    return {prop: list(neighbours.values()) for prop, neighbours in found.items()}


def _pointing_at(client: Client, one: Released) -> Neighbours:
    """What points at the entity, by the name under which it sees them.

    Found by the full text, which holds every key as words, and then held against the statements themselves: an index
    on values would be as large as the ledger.
    """
    known = {dataset.pk for dataset in known_to(client)}
    found: dict[str, dict[int, Released]] = defaultdict(dict)
    for member in one.members:
        for rows in _links_to(member) if member.dataset_id in known else ():
            seen = _release(client, [pk for _, pk, _ in rows])
            for row, pk, prop in rows:
                neighbour = seen.get(pk)
                if neighbour is None or row not in {said.pk for said in neighbour.statements}:
                    continue
                reverse = _reverse(neighbour.schema, prop)
                if reverse:
                    found[reverse][neighbour.pk] = neighbour
            if sum(map(len, found.values())) >= _MOST_NEIGHBOURS:
                break
    return {prop: list(neighbours.values()) for prop, neighbours in found.items()}


def _links_to(member: Entity) -> Iterator[list[tuple[int, int, str]]]:
    """The statements that point at a record, in portions: (row, entity, property)."""
    props, words, after = sorted({prop for _, prop in _REVERSE}), fulltext.words_of(member.key), 0
    while candidates := fulltext.having(words, _MOST_NEIGHBOURS, after):
        links = Statement.objects.filter(
            entity_id__in=candidates,
            until=None,
            prop__in=props,
            value=member.key,
            entity__current=True,
            entity__dataset_id=member.dataset_id,
        )
        yield list(links.order_by("pk").values_list("pk", "entity_id", "prop"))
        after = candidates[-1]


def _reverse(schema: str, prop: str) -> str | None:
    return next((name for (of, given), name in _REVERSE.items() if given == prop and is_a(schema, of)), None)


def _release(client: Client, pks: Iterable[int]) -> dict[int, Released]:
    return release(client, pks, known_to(client))
