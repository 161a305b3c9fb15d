"""Holding watched subjects against what each new version of a list brought.

Version by version, subjects in portions: a portion's alerts, its matters for review and how far it is are one
transaction. Whoever is killed in the middle goes on after the last portion; nothing is lost or said twice. The work
grows with the number of changed entries and of subjects, never with the size of the list.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from baham.platform.audit.services import Actor
from baham.platform.clients.models import Alert, Client, Sweep, Watched
from baham.platform.clients.monitoring import expire, locked, next_number, take_back
from baham.platform.clients.yente.examples import Example, read_example
from baham.platform.clients.yente.reaching import best_hit
from baham.platform.clients.yente.release import public_id, release
from baham.platform.clients.yente.scope import known_to
from baham.platform.jobs.running import Handle
from baham.platform.jobs.services import start
from baham.platform.ledger.models import Entity, Version
from baham.platform.review.services import propose
from baham.platform.screening.cleared import identity_of, standings
from baham.platform.screening.delta import Delta, Touched, delta_of, index_of
from baham.platform.screening.services import evidence_as_json

if TYPE_CHECKING:
    from baham.engines.names import Hit

PORTION = 100
_MOST_HITS = 50
DELISTED = "delisted at the source"
NO_LONGER = "no longer alike after a change of the list"
REPLACED = "replaced by an alert on newer evidence"
_ACTOR = Actor("system:monitoring")

Report = Callable[[int, int | None], None]


@dataclass(slots=True)
class Counts:
    """What a sweep did. `scored` is the number of changed entries that subjects were held against."""

    versions: int = 0
    scored: int = 0
    subjects: int = 0
    alerts: int = 0
    withdrawn: int = 0
    expired: int = 0


@dataclass(frozen=True, slots=True)
class _Pair:
    """A watched subject and an entry that it may be."""

    watched: Watched
    example: Example
    entity: Entity
    hit: "Hit"

    @property
    def digest(self) -> str:
        """What the evidence is, in one word: the same evidence makes no second alert."""
        told = sorted([e.feature, e.code, e.direction, e.weight, e.query, e.subject] for e in self.hit.evidence)
        return hashlib.sha256(json.dumps([self.hit.name, self.hit.verdict, told]).encode()).hexdigest()


class _Overtaken(Exception):
    """Another process is sweeping the same; it goes on, and this one ends."""


def sweep(report: Report = lambda done, total: None) -> Counts:
    """Bring all watched subjects up to the lists in force. Doing it twice does nothing."""
    counts = Counts(expired=expire())
    try:
        while (version := _next_version()) is not None:
            _sweep_version(version, counts, report)
            counts.versions += 1
    except _Overtaken:
        pass
    return counts


def _next_version() -> Version | None:
    done = Sweep.objects.filter(pk=1).values_list("version", flat=True).first() or 0
    return Version.objects.filter(pk__gt=done).order_by("pk").select_related("dataset").first()


def _sweep_version(version: Version, counts: Counts, report: Report) -> None:
    waiting = Watched.objects.filter(expires_at__gt=timezone.now()).select_related("client__organisation")
    total = waiting.count()
    position = _position()
    done = waiting.filter(pk__lte=position).count()
    delta = delta_of(version) if total and version.dataset.screened else Delta([], [])
    touched = set(delta.touched)
    with index_of(delta.touched) as index:
        counts.scored += len(index)
        while touched and (portion := list(waiting.filter(pk__gt=position).order_by("pk")[:PORTION])):
            pairs = _pairs(portion, index, version)
            with transaction.atomic():
                state = _held(version, position)
                _settle(portion, pairs, touched, counts)
                state.position = position = portion[-1].pk
                state.save()
            counts.subjects += len(portion)
            done += len(portion)
            report(done, total)
    with transaction.atomic():
        state = _held(version, position)
        gone = Alert.objects.filter(
            state=Alert.State.OPEN, entity__dataset_id=version.dataset_id, entity__current=False
        )
        counts.withdrawn += take_back((alert, DELISTED) for alert in gone)
        state.version, state.position = version.pk, 0
        state.save()


def _position() -> int:
    return Sweep.objects.get_or_create(pk=1)[0].position


def _held(version: Version, position: int) -> Sweep:
    """The counters, held; only where nobody has gone on meanwhile."""
    state = locked()
    if state.version >= version.pk or state.position != position:
        raise _Overtaken
    return state


def _pairs(portion: Sequence[Watched], index: Touched, version: Version) -> list[_Pair]:
    """The subjects of a portion with the changed entries that they may be, on what their clients may know."""
    if not len(index):
        return []
    found: list[_Pair] = []
    by_client: dict[Client, list[Watched]] = {}
    for watched in portion:
        if watched.client.in_force and (not watched.datasets or version.dataset.name in watched.datasets):
            by_client.setdefault(watched.client, []).append(watched)
    for client, several in by_client.items():
        known = known_to(client)
        if version.dataset not in known:
            continue
        near = _near(several, index)
        released = release(client, {entity.pk for _, _, entity in near}, known)
        silent = _silent(near, client)
        for watched, example, entity in near:
            one = released.get(entity.pk)
            hit = best_hit(example.every_query(), one, entity.pk) if one is not None else None
            if hit is not None and hit.score >= _least(watched) and (watched.pk, entity.pk) not in silent:
                found.append(_Pair(watched, example, entity, hit))
    return found


def _silent(near: Sequence[tuple[Watched, Example, Entity]], client: Client) -> set[tuple[int, int]]:
    """The pairs that people cleared on this very evidence (safeguard S-20)."""
    from baham.engines.names import Query

    asked = [(Query(**example.identity), entity.pk) for _, example, entity in near]
    known = standings(asked, client.organisation.name)
    return {
        (watched.pk, entity.pk)
        for (watched, _, entity), (query, _) in zip(near, asked, strict=True)
        if (standing := known.get((identity_of(query).key, entity.pk))) is not None and standing.silent
    }


def _near(several: Sequence[Watched], index: Touched) -> list[tuple[Watched, Example, Entity]]:
    """Which changed entries come near to which subjects, each pair once; all asked in one batch."""
    examples = [read_example({"schema": one.schema, "properties": one.properties}) for one in several]
    asked = [(place, query) for place, example in enumerate(examples) for query in example.queries()]
    least = min(map(_least, several))
    answers = index.screen([query for _, query in asked], limit=_MOST_HITS, threshold=least)
    near: dict[tuple[int, int], Entity] = {}
    for (place, _query), hits in zip(asked, answers, strict=True):
        for one in hits:
            near[place, one.entity.pk] = one.entity
    return [(several[place], examples[place], entity) for (place, _pk), entity in near.items()]


def _least(watched: Watched) -> float:
    from baham.engines.names import DEFAULT_THRESHOLD

    return DEFAULT_THRESHOLD if watched.threshold is None else watched.threshold


def _settle(portion: Sequence[Watched], pairs: Sequence[_Pair], touched: set[int], counts: Counts) -> None:
    """Write down the alerts of a portion, and take back those that the change has made void."""
    known: dict[tuple[int, int], list[Alert]] = {}
    for alert in Alert.objects.filter(watched__in=portion).order_by("number"):
        known.setdefault((alert.watched_id, alert.entity_id), []).append(alert)
    hit = {(pair.watched.pk, pair.entity.pk): pair.digest for pair in pairs}
    void: list[tuple[Alert, str]] = []
    for (watched, entity), alerts in known.items():
        for alert in alerts:
            if alert.state == Alert.State.OPEN and entity in touched and hit.get((watched, entity)) != alert.digest:
                void.append((alert, REPLACED if (watched, entity) in hit else NO_LONGER))
    counts.withdrawn += take_back(void)
    for pair in pairs:
        same = [a for a in known.get((pair.watched.pk, pair.entity.pk), []) if a.digest == pair.digest]
        if same and same[0].state == Alert.State.OPEN:
            continue
        counts.alerts += 1
        number = next_number(pair.watched.client_id)
        if same:  # listed again, on the same evidence
            Alert.objects.filter(pk=same[0].pk).update(
                number=number, state=Alert.State.OPEN, why="", changed_at=timezone.now(), matter=_matter(pair)
            )
            continue
        Alert.objects.create(
            client=pair.watched.client,
            watched=pair.watched,
            reference=pair.watched.reference,
            entity=pair.entity,
            entity_key=public_id(pair.entity),
            digest=pair.digest,
            number=number,
            matter=_matter(pair),
        )


def _matter(pair: _Pair) -> Any:
    """The alert as a matter for people: an alert decides nothing."""
    asked = pair.example.identity
    return propose(
        "match",
        "",
        proposed_by=pair.watched.client.actor,
        proposal={
            **asked,
            "score": round(pair.hit.score, 4),
            "verdict": pair.hit.verdict,
            "reference": pair.watched.reference,
        },
        evidence=[evidence_as_json(evidence) for evidence in pair.hit.evidence],
        entity=pair.entity,
        asker=pair.watched.client.organisation.name,
    )


def after_load(version: Version) -> None:
    """Once a version stands: sweep, if anybody is watched. Called in the transaction of the load."""
    transaction.on_commit(begin)


def begin() -> None:
    """Start a sweep if there is something to sweep for. The job belongs to nobody, so that nobody stops it."""
    if Watched.objects.exists() and _next_version() is not None:
        start("monitor", "monitoring", _ACTOR)


def hourly() -> None:
    """Forget whose end has come, and take up what a crash cut off: the worker asks when it starts, and every hour."""
    expire()
    begin()


def work(handle: Handle, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """The sweep as a job."""
    counts = sweep(handle.report)
    return {name: getattr(counts, name) for name in Counts.__dataclass_fields__}
