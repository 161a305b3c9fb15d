"""What a partner takes back: a recall of what it gave, which may not return, or the end of what it no longer says."""

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from baham.formats.claims import read
from baham.kernel.chunks import in_chunks
from baham.measures.sharing.erasing import GONE
from baham.measures.sharing.intake import dataset_of, received_of, said_by_others, sid_of, standing_in
from baham.measures.sharing.models import Outcome, Received
from baham.platform.audit.models import Event
from baham.platform.audit.services import record, take_the_pen
from baham.platform.ledger import adding
from baham.platform.ledger import erasing as ledger
from baham.platform.ledger.models import Dataset, Statement
from baham.platform.ledger.rows import lock_for_writing
from baham.platform.places import Concerned
from baham.platform.release import recalls
from baham.platform.release.models import Message, Partner, Recall
from baham.platform.release.partners import actor_of
from baham.platform.release.tombstones import Of, Said, set_stones


@transaction.atomic
def recalled(
    partner: Partner,
    uuid: str,
    sids: Collection[str],
    ground: str,
    why: str,
    deadline: datetime,
    message: Message | None,
) -> list[str]:
    """Do what a partner's recall asks: what it gave us is taken out, may not return, and is recalled from those to whom
    we passed it on. Whom we told. A partner recalls what it gave, and nothing that others say. Taken back by law, its
    words go too, of what it ended or took back before as well."""
    by_law = ground == Recall.Ground.LEGAL
    rows = {row.sid_hex: row for row in received_of(partner, sids, gone_too=by_law) if row.claim}
    if not rows:
        return []
    lock_for_writing("ledger_entity")  # before the pen, as a load does
    take_the_pen()
    actor = actor_of(partner)
    made = Recall.objects.create(
        sender=partner,
        ground=ground if ground in Recall.Ground.values else Recall.Ground.ERROR,
        why=why[:10_000],
        made_by=actor.name,
        made_at=timezone.now(),
        deadline=deadline,
        count=len(rows),
    )
    said = [read(json.loads(row.claim)).statement for row in rows.values()]
    ours_too = said_by_others(partner, {one.id: one.entity_id for one in said})
    theirs = [one for one in said if one.id not in ours_too]
    words = [what for one in said for what in (one.id, Said(one.entity_id, one.prop, one.value))]
    set_stones(made, [Of(str(partner.party), what) for what in words])
    dataset = dataset_of(partner, actor)
    held = dict(standing_in(dataset, rows))
    told = recalls.tell_onward(made, {one.id: held.get(one.id, 0) for one in theirs}, actor)
    if held:
        adding.take_out(dataset, list(held), actor, label=f"recall of {partner.title}", digest=_digest(message, held))
    Received.objects.filter(pk__in=[row.pk for row in rows.values()]).update(
        state=Received.State.RECALLED, reason=why[:10_000], decided_by=actor.name, decided_at=timezone.now()
    )
    if by_law:
        _empty(partner, rows)
    record(
        actor,
        Event.ALTERATION,
        "recalled what it gave",
        f"recall:{made.pk}",
        title=str(made),
        justification=why,
        statements=len(rows),
        told=[notice.partner.name for notice in told],
        theirs=uuid,
    )
    return [notice.partner.name for notice in told]


def _empty(partner: Partner, taken: Collection[str]) -> None:
    """Empty the words of what a partner took back by law, as an erasure here does. That it was given, and taken back,
    stays by its id; so does whatever somebody else says under the same one."""
    dataset = dataset_of(partner, actor_of(partner))
    for sids in in_chunks(sid_of(sid) for sid in taken):
        mine = Received.objects.filter(partner=partner, sid__in=sids)
        Outcome.objects.filter(received__in=mine).update(reason="", evidence="")
        mine.update(claim="", entity_key=GONE, about="", reason="")
        _empty_ledger(dataset, sids)


def _empty_ledger(dataset: Dataset, sids: Sequence[bytes]) -> None:
    said = Statement.objects.filter(sid__in=sids)
    shared = {bytes(sid) for sid in said.exclude(entity__dataset=dataset).values_list("sid", flat=True)}
    mine = said.filter(entity__dataset=dataset)
    owners = {bytes(sid).hex(): entity for sid, entity in mine.values_list("sid", "entity_id")}
    mine.filter(sid__in=shared).delete()
    left = Statement.objects.filter(entity__in=set(owners.values())).exclude(sid__in=sids)
    partly = set(left.values_list("entity_id", flat=True))
    alone = {sid: entity for sid, entity in owners.items() if bytes.fromhex(sid) not in shared}
    ledger.erase(Concerned(entities=frozenset(owners.values()) - partly, partly=frozenset(partly), statements=alone))


@transaction.atomic
def ended(partner: Partner, sids: Collection[str], message: Message | None) -> int:
    """Close what a partner no longer says. It was not wrong, so it may be said again."""
    rows = {row.sid_hex: row for row in received_of(partner, sids)}
    actor = actor_of(partner)
    dataset = dataset_of(partner, actor)
    held = dict(standing_in(dataset, rows))
    if held:
        label = f"ended, says {partner.title}"
        adding.take_out(dataset, list(held), actor, label=label, digest=_digest(message, held))
    Received.objects.filter(pk__in=[row.pk for row in rows.values()]).update(state=Received.State.ENDED)
    return len(rows)


def _digest(message: Message | None, held: Collection[str]) -> str:
    """What a version is known by: the message that brought it, else the statements that it closes."""
    return hashlib.sha256(bytes(message.leaf) if message else "\n".join(sorted(held)).encode()).hexdigest()
