"""Erasure: asked for by one person, decided by two more, and then everywhere (Directive (EU) 2016/680, Article 16).

With the second signature, in one transaction: stones are laid so that it does not come in again, partners are told, the
record is delisted as a version of its own, and every place is emptied. What lies in files follows at once, as a job
(`erasure_work.py`). Where somebody is held because of the record, the hold comes up first and the record waits, without
any effect; its words are what the holder needs to let the right person go.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace

from django.contrib.sessions.models import Session
from django.db import OperationalError, transaction
from django.utils import timezone

from baham.kernel.decision import LEAST_REASON
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record, take_the_pen
from baham.platform.jobs.services import start
from baham.platform.ledger import adding
from baham.platform.ledger.models import Dataset, Entity, Restriction, Statement
from baham.platform.ledger.rows import lock_for_writing
from baham.platform.ledger.standing import restrict
from baham.platform.places import Concerned, in_order, texts_of
from baham.platform.release import recalls
from baham.platform.release.models import Recall
from baham.platform.release.partners import CannotChange
from baham.platform.release.tombstones import set_stones
from baham.platform.review.erasing import holding
from baham.platform.review.errors import CannotDecide
from baham.platform.review.models import Item
from baham.platform.review.services import propose
from baham.platform.review.upkeep import let_go_of
from baham.platform.rights import erasure_stones
from baham.platform.rights.erasure_scope import all_said, concerned_by, single_said
from baham.platform.rights.models import Erasure, Request

State = Erasure.State
_OPEN = (State.PROPOSED, State.WAITING)
_CARRIED_OUT = (State.EMPTIED, State.SWEPT, State.DONE)
BUSY = "A list is being loaded just now. Nothing was recorded; sign again when that is done."
WHY = "A record that we gave you was erased here by decision of law. Remove it, and tell those to whom you gave it."
"""What partners are told: neither the ground, which may be nobody's business, nor anybody's name."""


class CannotErase(ValueError):
    """The erasure cannot be asked for or go on like this. The text is for whoever tried."""


@transaction.atomic
def put_forward(
    actor: Actor,
    entity: Entity,
    ground: str,
    reason: str,
    *,
    reference: str = "",
    cluster: bool = False,
    statements: Collection[str] = (),
) -> Erasure:
    """Ask for the erasure of a record, of all records judged the same, or of some statements of it (by their ids).

    Raises CannotErase for an unknown ground, a reason that says too little or names the person, for what is erased
    already, and where it has been asked for before.
    """
    entity = Entity.objects.select_for_update().get(pk=entity.pk)
    if ground not in Erasure.Ground.values:
        raise CannotErase(f"The ground is one of these: {', '.join(Erasure.Ground.values)}.")
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotErase(f"Write at least {LEAST_REASON} characters on why.")
    if entity.is_hollow:
        raise CannotErase("This record was erased already.")
    made = Erasure(
        entity=entity,
        ground=ground,
        reason=reason.strip(),
        reference=reference.strip()[:120],
        proposed_by=actor.name,
        proposed_at=timezone.now(),
    )
    _set_scope(made, cluster, statements)
    if _asked_for().intersection(made.entities or [entity.pk]):
        raise CannotErase("The erasure of this record has been asked for already.")
    if any(map(concerned_by(made).speaks_of, (made.reason, made.reference))):
        raise CannotErase("The reason or the reference names the person. Both stay after the erasure: leave it out.")
    made.save()
    made.matter = propose("erasure", "", proposed_by=actor, proposal={"erasure": made.pk}, evidence=[], entity=entity)
    made.save(update_fields=["matter"])
    record(
        actor,
        Event.SYSTEM,
        "asked for an erasure",
        f"erasure:{made.pk}",
        justification=made.reason,
        ground=ground,
        reference=made.reference,
        entities=made.entities or [entity.pk],
        statements=len(made.statements),
    )
    return made


def _asked_for() -> set[int]:
    """The records whose erasure is open."""
    rows = Erasure.objects.filter(state__in=_OPEN).values_list("entity", "entities")
    return {pk for entity, entities in rows for pk in (entity, *entities)}


def _set_scope(made: Erasure, cluster: bool, statements: Collection[str]) -> None:
    if statements:
        rows = Statement.objects.filter(entity=made.entity_id)
        own = {row.sid_hex for row in rows}
        if not set(statements) <= own:
            raise CannotErase("One of the values is not said of this record.")
        if set(statements) >= {row.sid_hex for row in rows if row.until is None}:
            raise CannotErase("Nothing would be left of it: ask for the erasure of the whole record.")
        made.scope, made.statements = Erasure.Scope.STATEMENTS, sorted(set(statements))
        return
    made.scope, made.entities = Erasure.Scope.RECORD, [made.entity_id]
    if cluster:
        members = Entity.objects.filter(canonical_id=made.entity.canonical_id)
        made.scope, made.entities = Erasure.Scope.CLUSTER, sorted(members.values_list("pk", flat=True))


def advised(one: Request, item: Item, actor: Actor, reason: str) -> None:
    """Ask for the erasure of each record of a request, because oversight recommends it. Others sign it."""
    for entity in one.entities.all():
        if not entity.is_hollow and entity.pk not in _asked_for():
            try:
                put_forward(actor, entity, Erasure.Ground.ORDER, reason, reference=f"{one.number}")
            except CannotErase as error:
                raise CannotDecide(str(error)) from error


def decided(item: Item, choice: str, actor: Actor, reason: str) -> None:
    """What follows from the second signature, or from sending it back."""
    erasure = Erasure.objects.select_for_update().get(pk=item.proposal["erasure"])
    erasure.decided_by, erasure.decided_at = actor.name, timezone.now()
    erasure.save(update_fields=["decided_by", "decided_at"])
    if choice == "erase":
        begin(erasure, actor)
    elif choice == "restrict":
        _restrict_instead(erasure, actor, reason)
    else:
        _become(erasure, State.SENT_BACK)


def _restrict_instead(erasure: Erasure, actor: Actor, reason: str) -> None:
    """Each record bears a restriction of its own, whatever holds of others that were judged the same."""
    take_the_pen()
    several = erasure.entities or [erasure.entity_id]
    restricted = Restriction.objects.filter(entity__in=several, lifted_at=None).values("entity")
    for entity in Entity.objects.filter(pk__in=several).exclude(pk__in=restricted).order_by("pk"):
        restrict(entity, actor, reason, agreed_by=erasure.proposed_by)
    _become(erasure, State.RESTRICTED)


@transaction.atomic
def begin(erasure: Erasure, actor: Actor) -> None:
    """From now on it has no effect and does not come in again; and it is emptied, unless somebody is held by it.

    Raises CannotErase while a list is loaded, and where what was asked for together is no longer judged the same.
    """
    _hold_lists(erasure)
    if erasure.scope == Erasure.Scope.CLUSTER:
        _check_cluster(erasure)
    concerned = concerned_by(erasure)
    erasure_stones.lay(erasure, concerned, single_said(concerned))
    _call_back(concerned, actor)
    _delist(erasure, concerned, actor)
    let_go_of(concerned.entities)
    _become(erasure, State.WAITING)
    if holding(concerned).exists():
        record(
            actor, Event.SYSTEM, "an erasure waits for holds", f"erasure:{erasure.pk}", holds=holding(concerned).count()
        )
        return
    empty(erasure, actor)


def _check_cluster(erasure: Erasure) -> None:
    if len(set(Entity.objects.filter(pk__in=erasure.entities).values_list("canonical_id", flat=True))) > 1:
        raise CannotErase("These records are not judged to be the same any more. Send it back, and ask for each anew.")


def _hold_lists(erasure: Erasure) -> None:
    """Keep every load out until the transaction ends. Raises CannotErase while one is under way, of whichever list: who
    waited for it here would hold the pen that it needs to finish."""
    own = Entity.objects.filter(pk__in=erasure.entities or [erasure.entity_id])
    try:
        list(Dataset.objects.select_for_update(nowait=True).filter(pk__in=own.values("dataset")))
        lock_for_writing("ledger_entity", nowait=True)
    except OperationalError as error:
        raise CannotErase(BUSY) from error


def _call_back(concerned: Concerned, actor: Actor) -> None:
    try:
        made = recalls.recall(actor, concerned.statements, Recall.Ground.LEGAL, WHY).recall
    except CannotChange:  # all of it was recalled before
        return
    set_stones(made, all_said(concerned))


def _delist(erasure: Erasure, concerned: Concerned, actor: Actor) -> None:
    """As a version of each list, so that what follows from a delisting (index, alerts, holds) follows."""
    still = Statement.objects.filter(entity__in=concerned.entities | concerned.partly, until=None)
    for name in sorted(set(still.values_list("entity__dataset__name", flat=True))):
        rows = still.filter(entity__dataset__name=name)
        sids = [sid for row in rows if (sid := row.sid_hex) in concerned.statements]
        if sids:
            digest = hashlib.sha256(f"erasure {erasure.pk}".encode()).hexdigest()
            adding.take_out(Dataset.objects.get(name=name), sids, actor, label="erasure", digest=digest)


@transaction.atomic
def empty(erasure: Erasure, actor: Actor) -> None:
    """Take what two people agreed on out of every table, say so in the log, and start what is left to do in files.
    Raises CannotErase."""
    erasure = Erasure.objects.select_for_update().get(pk=erasure.pk)
    if erasure.state in _CARRIED_OUT:
        raise CannotErase("This erasure was carried out already.")
    if erasure.state != State.WAITING:
        raise CannotErase("Two people sign it first.")
    concerned = concerned_by(erasure)
    if holding(concerned).exists():
        raise CannotErase("Somebody is still held because of this record; that is decided first.")
    concerned = replace(concerned, by=actor.name)
    erasure.counts, known = take_out(concerned)
    erasure.note = known.as_json()
    erasure.reason = concerned.without(erasure.reason)
    erasure.statements = []
    erasure.save(update_fields=["counts", "note", "reason", "statements"])
    _become(erasure, State.EMPTIED)
    record(
        actor,
        Event.ERASURE,
        "erased",
        f"erasure:{erasure.pk}",
        justification=erasure.reason,
        ground=erasure.ground,
        reference=erasure.reference,
        entities=sorted(concerned.entities),
        statements=len(concerned.statements),
        counts=erasure.counts,
    )
    start("erase", str(erasure), actor, erasure=erasure.pk)


def take_out(concerned: Concerned) -> tuple[dict[str, int], Concerned]:
    """Empty every place; how much there was in each, and with how the log calls what was there. Inside the caller's
    transaction. It may be done again: whoever had the record before them meanwhile may have written its name once more.
    """
    places = in_order()
    known = {name for place in places for name in place.known_as(concerned)}
    concerned = replace(concerned, known_as=concerned.known_as | known)
    return {str(place.models[0] if place.models else "files"): place.erase(concerned) for place in places}, concerned


def _become(erasure: Erasure, state: str) -> None:
    erasure.state = state
    erasure.save(update_fields=["state"])


def held_here(concerned: Concerned) -> int:
    """This room's own place holds nothing beyond the erasure that is being made."""
    return 0


def erase_here(concerned: Concerned) -> int:
    """Earlier requests about the same record keep their ground and their dates, and lose what names a statement.

    Who named the person as the case of their work is signed out; sessions that ran out are removed as well.
    """
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    for session in Session.objects.iterator(500):
        if any(map(concerned.speaks_of, texts_of(session.get_decoded()))):
            session.delete()
    earlier = Erasure.objects.filter(entity__in=concerned.entities, state__in=(State.SENT_BACK, State.RESTRICTED))
    count = 0
    for one in earlier:
        one.statements, one.reason = [], concerned.without(one.reason)
        one.save(update_fields=["statements", "reason"])
        count += 1
    return count


def entities_named(words: Sequence[str]) -> list[Entity]:
    """The records that somebody names at a terminal: by number, or as `list:key`. Raises CannotErase."""
    found = []
    for word in words:
        dataset, _colon, key = word.partition(":")
        rows = Entity.objects.filter(pk=int(word)) if word.isdecimal() and len(word) < 19 else Entity.objects.none()
        if key:
            rows = Entity.objects.filter(dataset__name=dataset, key=key)
        entity = rows.select_related("dataset").first()
        if entity is None:
            raise CannotErase(f"There is no record {word!r}; name it by its number, or as list:key.")
        found.append(entity)
    return found
