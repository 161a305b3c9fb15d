"""Taking objects into a collection and removing them: the only writer of what is exchanged over TAXII.

One request is one transaction, alone in its collection: what it stores gets moments of arrival that nothing later can
come before, one for each object, so that whoever reads on from a moment misses nothing. Nobody's objects are changed by
anybody else; an object is the party's that posted its first version here.

An answer speaks of what whoever posts may read, and of its own posts. What it may not know of is not there: an object
of the same id is taken in beside it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from baham.formats.stix.markings import TLP_OF
from baham.kernel.chunks import in_chunks
from baham.kernel.decision import LEAST_REASON
from baham.measures.sharing.taxii import border, moments, rate
from baham.measures.sharing.taxii.border import Failure, Posted
from baham.measures.sharing.taxii.filters import Filters
from baham.measures.sharing.taxii.marked import markings_of
from baham.measures.sharing.taxii.models import Access, Collection, State, Status, Stored
from baham.measures.sharing.taxii.readers import Reading
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger.rows import insert_many
from baham.platform.release.models import Partner
from baham.platform.release.partners import actor_of

_COLUMNS = (
    "collection_id",
    "stix_id",
    "type",
    "spec",
    "version",
    "version_text",
    "added",
    "state",
    "superseded",
    "beside",
    "marking_id",
    "owner_id",
    "post_id",
    "creator",
    "digest",
    "raw",
)
_REMOVED = "This version was removed from the collection and is not taken in again."
_AT_ONCE = 500
"""Ids in one look-up; SQLite allows a thousand values in a statement where it was built long ago."""


@dataclass(slots=True)
class _Held:
    """What is known of an id in the collection: whose it is, who created it, and its versions with digest and state."""

    owner: int | None
    creator: str
    nobodys: bool = True
    beside: bool = False
    versions: dict[int, tuple[bytes, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Posts:
    """What became of one request."""

    status: Status
    stored: Sequence[Posted]
    added: Sequence[int]
    waiting: bool


class NotYours(Exception):
    """The object was posted by somebody else, who alone may remove it."""


class CannotDecide(ValueError):
    """What waits cannot be decided on like this. Nothing was changed; the text says what to mend."""


class NoReason(CannotDecide):
    """A decision without a reason."""


class OwnPost(CannotDecide):
    """Whoever decides belongs to the party that posted."""


class NotWaiting(CannotDecide):
    """Some of it does not wait any longer, so none of it was decided on."""


class NotThere(Exception):
    """There is no such object for whoever asks."""


def post(partner: Partner, collection: Collection, body: bytes) -> Posts:
    """Take in what a partner posts. Raises NotAnEnvelope or TooFast; then nothing is stored."""
    weight = 1 + len(body) // rate.BYTES_A_TOKEN
    try:
        objects = border.envelope(body)
    except border.NotAnEnvelope:
        rate.take(partner, weight)
        raise
    good, bad = border.sort_out(objects, specs_of(collection), moments.now())
    with transaction.atomic():
        rate.take(partner, max(len(objects), weight))
        return _store(partner, Collection.objects.select_for_update().get(pk=collection.pk), good, bad)


def specs_of(collection: Collection) -> tuple[int, ...]:
    """The versions of STIX that the collection takes."""
    taken = tuple(spec for spec, media in MEDIA.items() if media in collection.media_types)
    return taken or (21,)


MEDIA = {20: "application/stix+json;version=2.0", 21: "application/stix+json;version=2.1"}


def _store(partner: Partner, collection: Collection, good: list[Posted], bad: list[Failure]) -> Posts:
    held = _held(partner, collection, [posted.id for posted in good])
    new: list[Posted] = []
    known: list[Posted] = []
    failures = list(bad)
    for posted in good:
        try:
            (new if _is_new(posted, held, partner) else known).append(posted)
        except border.Refused as refused:
            failures.append(Failure(posted.id, posted.version_text, str(refused)))
    new, markings, beyond = _marked(partner, collection, new, held)
    failures += beyond
    at = max(moments.now(), collection.last_added + 1)
    added = moments.one_after_another(at, len(new)) if new else []
    status = Status.objects.create(
        root_id=collection.root_id,
        partner=partner,
        at=at,
        known=[[posted.id, posted.version_text] for posted in known],
        failures=[[failure.id, failure.version, failure.why] for failure in failures],
    )
    waiting = collection.moderated and collection.owner_id != partner.pk
    if new:
        _insert(partner, collection, new, markings, added, status, State.WAITING if waiting else State.ACCEPTED, held)
        collection.last_added = added[-1]
        collection.save(update_fields=["last_added"])
    record(
        actor_of(partner),
        Event.COLLECTION,
        "received objects",
        f"collection:{collection.pk}",
        title=collection.title,
        status=str(status.uuid),
        stored=len(new),
        known=len(known),
        refused=len(failures),
        waiting=waiting,
    )
    return Posts(status, new, added, waiting)


def _held(partner: Partner, collection: Collection, numbers: Sequence[str]) -> dict[str, _Held]:
    """What the collection holds of these ids as far as the partner may know of it: what it posted, removed and refused
    versions included, and what it may read. That anything was erased is said to everybody: it is not to return."""
    found: dict[str, _Held] = {}
    distinct, knows = list(dict.fromkeys(numbers)), _known_to(partner, collection)
    with connection.cursor() as cursor:
        for several in in_chunks(distinct, _AT_ONCE):
            cursor.execute(
                "SELECT stix_id, version, digest, state, owner_id, creator, marking_id, beside FROM sharing_stored"
                f" WHERE collection_id = %s AND stix_id IN ({', '.join(['%s'] * len(several))}) ORDER BY seq",
                [key_of(collection), *several],
            )
            for number, version, digest, state, owner, creator, marking, beside in cursor.fetchall():
                if not knows(owner, state, marking):
                    if state in (State.ACCEPTED, State.WAITING) and not beside:
                        found.setdefault(number, _Held(None, "")).beside = True
                    continue
                held = found.setdefault(number, _Held(owner, creator))
                if held.nobodys and state != State.REFUSED:
                    # What a person refused gives nobody a right to the id.
                    held.owner, held.creator, held.nobodys = owner, creator, False
                held.versions[version] = (bytes(digest), state)
    return found


def _known_to(partner: Partner, collection: Collection) -> Callable[[int | None, int, int], bool]:
    """Whether a partner may know of a row, by its owner, state and marking."""
    reads = Access.objects.filter(collection=collection, partner=partner, can_read=True).exists()
    open_to_it = set(Reading.of(partner).markings()) if reads else set()
    # Of what was posted to a moderated collection and removed nobody knows whether others ever saw it.
    seen = {State.ACCEPTED} if collection.moderated else {State.ACCEPTED, State.REMOVED}

    def knows(owner: int | None, state: int, marking: int) -> bool:
        mine = owner == partner.pk or collection.owner_id == partner.pk or state == State.ERASED
        return mine or (state in seen and marking in open_to_it)

    return knows


def key_of(collection: Collection) -> Any:
    """The collection's key as the database keeps it: SQLite has no type for a UUID."""
    return collection.pk if connection.features.has_native_uuid_field else collection.pk.hex


def _is_new(posted: Posted, held: dict[str, _Held], partner: Partner) -> bool:
    """Whether the object is to be stored; False if it is there already, as it is. Raises Refused.

    What is new is noted in `held`, so that the next object of the same request meets it.
    """
    before = held.setdefault(posted.id, _Held(partner.pk, posted.creator))
    if not before.versions:
        before.owner, before.creator, before.nobodys = partner.pk, posted.creator, False
        before.versions[posted.version] = (posted.digest, State.ACCEPTED)
        return True
    same = before.versions.get(posted.version)
    if same is not None and same[1] in (State.REMOVED, State.ERASED):
        raise border.Refused(_REMOVED)
    if same is not None and same[1] == State.REFUSED:
        raise border.Refused("This version was looked at by a person and refused.")
    if same is not None and same[0] == posted.digest:
        return False
    if posted.id in TLP_OF and before.versions:
        return False  # the standards' own definitions are nobody's, and are read by their ids
    if before.nobodys:
        before.owner, before.creator, before.nobodys = partner.pk, posted.creator, False
    if before.owner != partner.pk:
        raise border.Refused("Another party posted this object here; only that party may change or revoke it.")
    if any(state == State.ERASED for _digest, state in before.versions.values()):
        raise border.Refused(_REMOVED)  # why it is gone, nobody outside is told
    if same is not None:
        raise border.Refused("It conflicts with what is stored under this id and version; post a later `modified`.")
    if posted.type == "marking-definition":
        raise border.Refused("A marking definition has no versions (STIX 2.1 §7.2); make another and refer to it.")
    if 0 in (posted.version, *before.versions):
        raise border.Refused("The object of this id has no versions; what is stored cannot be changed.")
    if before.creator != posted.creator:
        raise border.Refused("`created_by_ref` differs from that of the first version; only its creator makes another.")
    before.versions[posted.version] = (posted.digest, State.ACCEPTED)
    return True


def _insert(
    partner: Partner,
    collection: Collection,
    new: Sequence[Posted],
    markings: Sequence[int],
    added: Sequence[int],
    status: Status,
    state: State,
    held: Mapping[str, _Held],
) -> None:
    key = key_of(collection)
    later = [posted for posted in new if len(held[posted.id].versions) > 1]
    insert_many(
        Stored._meta.db_table,
        _COLUMNS,
        (
            (
                key,
                posted.id,
                posted.type,
                posted.spec,
                posted.version,
                posted.version_text,
                at,
                int(state),
                posted.version < max(held[posted.id].versions),
                held[posted.id].beside,
                marking,
                partner.pk,
                status.pk,
                posted.creator,
                posted.digest,
                posted.raw,
            )
            for posted, marking, at in zip(new, markings, added, strict=True)
        ),
    )
    for number in {posted.id for posted in later}:
        newest = max(held[number].versions)
        Stored.objects.filter(
            collection=collection, stix_id=number, owner=partner, version__lt=newest, superseded=False
        ).update(superseded=True)


def _marked(
    partner: Partner, collection: Collection, new: Sequence[Posted], held: Mapping[str, _Held]
) -> tuple[list[Posted], list[int], list[Failure]]:
    """What is stored, the marking of each, and what is not taken for its marking."""
    taken, markings, beyond = [], [], []
    for posted, marking in zip(new, markings_of(partner, collection, new), strict=True):
        if isinstance(marking, int):
            taken.append(posted)
            markings.append(marking)
        else:
            del held[posted.id].versions[posted.version]
            beyond.append(Failure(posted.id, posted.version_text, str(marking)))
    return taken, markings, beyond


@transaction.atomic
def remove(partner: Partner, collection: Collection, stix_id: str, filters: Filters) -> int:
    """Remove versions of an object from a collection; how many. They are served to nobody and not taken in again.

    Without a filter all versions go. Raises NotThere, or NotYours where one of them is another party's: then none goes.
    Whether the partner may know of the object is asked before (`views.delete`).
    """
    Collection.objects.select_for_update().get(pk=collection.pk)
    present = Stored.objects.filter(collection=collection, stix_id=stix_id, state__in=(State.ACCEPTED, State.WAITING))
    if collection.owner_id != partner.pk:
        present = present.filter(owner=partner) or present
    chosen = _chosen(list(present.values_list("seq", "version", "spec", "added", "owner_id")), filters)
    if not chosen:
        raise NotThere
    if collection.owner_id != partner.pk and any(owner != partner.pk for *_, owner in chosen):
        raise NotYours
    Stored.objects.filter(seq__in=[row[0] for row in chosen]).update(state=State.REMOVED)
    record(
        actor_of(partner),
        Event.ERASURE,
        "removed from collection",
        f"collection:{collection.pk}",
        title=collection.title,
        object=stix_id,
        versions=len(chosen),
    )
    return len(chosen)


def _chosen(rows: list[tuple[Any, ...]], filters: Filters) -> list[tuple[Any, ...]]:
    """Which of the rows (seq, version, spec, added, …) a DELETE means."""
    rows = [row for row in rows if not filters.specs or row[2] in filters.specs]
    wanted = filters.versions
    if wanted.every or not rows:
        return rows
    moments_of = {row: row[1] or row[3] for row in rows}
    chosen = {row for row in rows if moments_of[row] in wanted.exact}
    if wanted.first:
        chosen.add(min(rows, key=moments_of.__getitem__))
    if wanted.last:
        chosen.add(max(rows, key=moments_of.__getitem__))
    return sorted(chosen)


@transaction.atomic
def decide(
    actor: Actor,
    collection: Collection,
    numbers: Iterable[int],
    *,
    accept: bool,
    reason: str,
    all_or_none: bool = False,
) -> int:
    """Accept or refuse objects that wait, by their `seq`; how many did. The inbox's way in.

    What is accepted arrives with this moment, so that readers who are past the day it was posted still receive it.
    Who posted does not decide: neither the partner itself nor anybody of its organisation. With `all_or_none` nothing
    is decided where one of them does not wait any longer. Raises NoReason, OwnPost, NotWaiting.
    """
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise NoReason(f"Write at least {LEAST_REASON} characters on why.")
    collection = Collection.objects.select_for_update().get(pk=collection.pk)
    waiting = dict(
        Stored.objects.filter(collection=collection, state=State.WAITING).values_list("seq", "owner_id").order_by()
    )
    asked = set(numbers)
    chosen = sorted(asked & set(waiting))
    if all_or_none and len(chosen) < len(asked):
        raise NotWaiting("Some of this was decided or recalled in the meantime; look at it again.")
    if {waiting[seq] for seq in chosen} & parties_of(actor):
        raise OwnPost("You belong to whoever posted this; somebody else decides on it.")
    at = max(moments.now(), collection.last_added + 1)
    if accept:
        added = moments.one_after_another(at, len(chosen)) if chosen else [at]
        for seq, moment in zip(chosen, added, strict=False):
            Stored.objects.filter(seq=seq).update(state=State.ACCEPTED, added=moment)
        collection.last_added = added[-1]
        collection.save(update_fields=["last_added"])
    else:
        for some in in_chunks(chosen, _AT_ONCE):
            Stored.objects.filter(seq__in=some).update(state=State.REFUSED)
    record(
        actor,
        Event.ALTERATION,
        "accepted objects" if accept else "refused objects",
        f"collection:{collection.pk}",
        title=collection.title,
        justification=reason,
        objects=len(chosen),
        numbers=chosen[:1_000],
    )
    return len(chosen)


def parties_of(actor: Actor) -> set[int | None]:
    """The partners for whom somebody would speak: the partner itself, or that of the organisation they work for."""
    itself = Q(name=actor.name.removeprefix("partner:")) if actor.name.startswith("partner:") else Q(pk=None)
    theirs = Partner.objects.filter(itself | Q(organisation__people__username=actor.name))
    return set(theirs.values_list("pk", flat=True))


def status_of(partner: Partner, number: UUID) -> Status:
    """The status of a post, for whoever posted it. Raises NotThere."""
    found = Status.objects.filter(uuid=number, partner=partner).first()
    if found is None:
        raise NotThere
    return found


def told_at_once(posts: Posts) -> dict[str, Any]:
    """The status of a post as it is answered: what `told` would say, without reading anything back."""
    stored = [
        _detail(posted.id, posted.version_text or moments.write(at))
        for posted, at in zip(posts.stored, posts.added, strict=True)
    ]
    return _written(posts.status, [] if posts.waiting else stored, [], stored if posts.waiting else [])


def told(status: Status) -> dict[str, Any]:
    """A status as it stands now, whatever has become since of what was stored."""
    details: dict[int, list[dict[str, str]]] = {state: [] for state in State.values}
    rows = Stored.objects.filter(post=status).order_by("seq").values_list("stix_id", "version_text", "state", "added")
    for number, version, state, added in rows:
        why = "A person looked at it and did not take it." if state == State.REFUSED else ""
        details[state].append(_detail(number, version or moments.write(added), why))
    successes = details[State.ACCEPTED] + details[State.REMOVED] + details[State.ERASED]
    return _written(status, successes, details[State.REFUSED], details[State.WAITING])


def _written(
    status: Status, successes: list[dict[str, str]], refused: list[dict[str, str]], pendings: list[dict[str, str]]
) -> dict[str, Any]:
    """The status resource (§4.3.1)."""
    successes = [_detail(known, version, "It was there before.") for known, version in status.known] + successes
    failures = [_detail(*failure) for failure in status.failures] + refused
    return {
        "id": str(status.uuid),
        "status": "pending" if pendings else "complete",
        "request_timestamp": moments.write(status.at),
        "total_count": len(successes) + len(failures) + len(pendings),
        "success_count": len(successes),
        **({"successes": successes} if successes else {}),
        "failure_count": len(failures),
        **({"failures": failures} if failures else {}),
        "pending_count": len(pendings),
        **({"pendings": pendings} if pendings else {}),
    }


def _detail(number: str, version: str, message: str = "") -> dict[str, str]:
    detail = {"id": number}
    if version:
        detail["version"] = version
    if message:
        detail["message"] = message
    return detail
