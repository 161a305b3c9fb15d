"""Entities of the ledger as STIX objects for one reader: through the gate, then through the writer, at this moment.

An object stands for all entities that people judged to be one; it has what the gate lets out of each of them for one of
the purposes agreed, and nothing if that is nothing. Its `created` and `modified` are the shelf's affair.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from baham.formats import stix
from baham.formats.stix.ids import EXTENSION
from baham.formats.stix.schemata import ABOUT, LINKS
from baham.kernel.chunks import in_chunks
from baham.kernel.claim import Claim
from baham.kernel.handling import Handling
from baham.kernel.release import Why
from baham.platform.ledger.models import Entity
from baham.platform.ledger.outside import public_id
from baham.platform.release.claims import Dossier, dossiers, known_as
from baham.platform.release.gateway import Gate, Judged, Outgoing


@dataclass(slots=True)
class Made:
    """The object of one entity, without its times, and what of it leaves through which gate. `entity` is the first of
    those that are one of which the reader may have anything: whatever else there is, id and place are that one's."""

    entity: int
    object: dict[str, Any]
    handling: Handling
    leaves: Sequence[Outgoing]


@dataclass(slots=True)
class _Cluster:
    """What the reader may have of entities that are one: the first of them, all of which something leaves, their
    claims, their id outside, what leaves by which gate, and the keys that they point to, by list."""

    first: Entity
    members: set[int] = field(default_factory=set)
    key: str = ""
    claims: list[Claim] = field(default_factory=list)
    leaves: list[Outgoing] = field(default_factory=list)
    points: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def render(
    standing: Collection[int], datasets: Collection[str], gates: Sequence[Gate], producer: stix.Producer
) -> dict[int, Made]:
    """The objects of the clusters that these entities stand for, as far as the reader may have any of it. `datasets`
    are the lists that are asked for, all if there are none."""
    clusters = _clusters(standing, datasets, gates)
    known = _pointed_at(clusters.values(), datasets, gates)
    return {pk: _made(one, known, producer) for pk, one in clusters.items()}


def judge(standing: Collection[int], datasets: Collection[str], gates: Sequence[Gate]) -> dict[int, list[Judged]]:
    """What leaves of the clusters that these entities stand for."""
    found = _clusters(standing, datasets, gates)
    return {pk: [one for out in cluster.leaves for one in out.leaves] for pk, cluster in found.items()}


def _clusters(standing: Collection[int], datasets: Collection[str], gates: Sequence[Gate]) -> dict[int, _Cluster]:
    members: list[int] = []
    pks = sorted(standing)
    for part in in_chunks(pks):
        some = Entity.objects.filter(canonical_id__in=part)
        members += some.order_by("pk").values_list("pk", flat=True)
    found: dict[int, _Cluster] = {}
    for dossier, ways in _judged(list(dossiers(members, datasets)), gates):
        first = _Cluster(dossier.entity, key=public_id(dossier.entity), leaves=[Outgoing() for _gate in gates])
        cluster = found.setdefault(dossier.entity.canonical_id, first)
        cluster.members.add(dossier.entity.pk)
        for sum_, way in zip(cluster.leaves, ways, strict=True):
            sum_.leaves += way.leaves
            joined = dossier.entity.pk != cluster.first.pk
            cluster.claims += [known_as(one, cluster.first) for one in way.claims] if joined else way.claims
            for said in (claim.statement for claim in way.claims if claim.statement.prop in _ENDS):
                cluster.points[said.dataset].add(said.value)
    return found


def _judged(several: list[Dossier], gates: Sequence[Gate]) -> Iterator[tuple[Dossier, list[Outgoing]]]:
    """Those of which anything leaves, with what leaves of them by each gate."""
    ways = {one.entity.pk: [Outgoing() for _gate in gates] for one in several}
    rest = several
    for number, gate in enumerate(gates):
        judged = gate.judge_each(rest)
        for leaf in judged.leaves:
            ways[leaf.dossier.entity.pk][number].leaves.append(leaf)
        # Only what this purpose stopped, at this end of a tie or at the other, may pass for another one.
        again: dict[int, list[Claim]] = defaultdict(list)
        for stay in judged.stays:
            if stay.ruling.why in (Why.PURPOSE, Why.END):
                again[stay.dossier.entity.pk].append(stay.claim)
        rest = [replace(one, claims=again[one.entity.pk]) for one in rest if one.entity.pk in again]
    for one in several:
        if any(way.leaves for way in ways[one.entity.pk]):
            yield one, ways[one.entity.pk]


def _made(cluster: _Cluster, known: Mapping[tuple[str, str], tuple[str, str]], producer: stix.Producer) -> Made:
    said = stix.groups(cluster.claims)[cluster.key]
    refer = partial(_refer, cluster, known)
    made = stix.entity_object(cluster.key, said, refer, producer=producer, created="", modified="")
    for row in made["extensions"][EXTENSION]["statements"]:
        # It would change with each load that changes nothing; what is no longer said is taken back anyway.
        row["statement"]["last_seen"] = None
    return Made(cluster.first.pk, made, stix.whole(said), cluster.leaves)


def _refer(cluster: _Cluster, known: Mapping[tuple[str, str], tuple[str, str]], prop: str, value: str | None) -> str:
    """A key belongs to the list that uses it: another list's entity of the same key is somebody else."""
    found = None
    if value is not None:
        lists = sorted(name for name, keys in cluster.points.items() if value in keys)
        found = next((known[name, value] for name in lists if (name, value) in known), None)
    return stix.pointed_at(cluster.key, prop, value, found)


def _pointed_at(
    clusters: Iterable[_Cluster], datasets: Collection[str], gates: Sequence[Gate]
) -> dict[tuple[str, str], tuple[str, str]]:
    """By list and key, the id outside and the type of what these point to, as far as the reader may have it."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for cluster in clusters:
        for name, keys in cluster.points.items():
            wanted[name] |= keys
    standing: dict[int, list[tuple[int, tuple[str, str]]]] = defaultdict(list)
    for name, keys in wanted.items():
        listed = sorted(keys)
        for some in in_chunks(listed):
            rows = Entity.objects.filter(dataset__name=name, key__in=some)
            for pk, key, canonical in rows.values_list("pk", "key", "canonical_id"):
                standing[canonical].append((pk, (name, key)))
    found = {}
    for canonical, one in (_clusters(standing, datasets, gates) if standing else {}).items():
        for pk, place in standing[canonical]:
            if pk in one.members:  # another that was judged the same is no way to one that stays
                found[place] = (one.key, stix.kind_of(stix.groups(one.claims)[one.key]))
    return found


_ENDS = frozenset(prop for first, second, _word in LINKS.values() for prop in (first, second)) | set(ABOUT.values())
"""The properties by which an object points to others."""
