"""Of whom the holder's sets were made: who is closed afterwards is asked about no more.

The holder reads no ledger. So whatever is touched in the ledger (a restriction, a standing, a recall, a marking, a
judgement, an erasure, a load) is looked at here once it is committed: where a key that was handed over would not be
handed over now, the partner's epochs end at once, and the set is made anew as a job. What a crash leaves undone, the
worker does within the hour: `seen` says up to which touch a set was looked at.
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from baham.kernel.chunks import in_chunks
from baham.measures.sharing.models import PreparedKey, PreparedSet
from baham.platform import environment
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.services import Actor
from baham.platform.jobs import services as jobs
from baham.platform.jobs.running import Handle, JobError
from baham.platform.ledger.models import Touch
from baham.platform.ledger.rows import insert_many
from baham.platform.release.gateway import Gate
from baham.platform.release.models import Partner

KIND = "overlap"
EXIT = "overlap"
_MOST = 20_000
"""So many touched at once are not looked at one by one: the set is made anew."""
_KEPT = timedelta(days=40)
"""A set prepared so long ago is of no epoch any more: what is prepared holds for a month, and an epoch for a week."""
log = logging.getLogger(__name__)


@transaction.atomic
def remember(actor: Actor, partner: Partner, mode: str, keys: Mapping[int, Collection[bytes]], seen: int) -> None:
    """Write down of whom a set is made ({entity: its keys}), in the place of the partner's last one. `seen` is what
    `touches.last` said before the ledger was read."""
    PreparedSet.objects.filter(partner=partner).delete()
    made = PreparedSet.objects.create(
        partner=partner,
        mode=mode,
        by=actor.name,
        seen=seen,
        purpose=actor.purpose.code if actor.purpose else "",
        case=actor.purpose.case[:120] if actor.purpose else "",
    )
    rows = ((made.pk, digest(key), entity) for entity, some in keys.items() for key in some)
    insert_many(PreparedKey._meta.db_table, ("of_id", "digest", "entity"), rows)


def forget(partner: str) -> None:
    """Nothing is made anew for this partner unless somebody prepares it."""
    PreparedSet.objects.filter(partner__name=partner).delete()


def digest(key: bytes) -> int:
    """What is kept of a key: eight bytes, of its bare form."""
    from baham.engines.overlap.keys import bare

    return int.from_bytes(sha256(bare(key)).digest()[:8], signed=True)


def look() -> list[str]:
    """End each set that holds somebody who, since it was looked at last, may not be asked about any more, and have it
    made anew; the partners. Asks one query where nothing was ever prepared."""
    ended = []
    for one in PreparedSet.objects.filter(ended=False).select_related("partner"):
        rows = Touch.objects.filter(at__gt=one.seen).order_by("at").values_list("entity", "at")
        touched = list(rows[: _MOST + 1])
        if not touched:
            continue
        if len(touched) > _MOST or _is_narrower(one, [entity for entity, _at in touched]):
            end(one)
            ended.append(one.partner.name)
        else:
            PreparedSet.objects.filter(pk=one.pk, seen__lt=touched[-1][1]).update(seen=touched[-1][1])
    return ended


def _is_narrower(one: PreparedSet, touched: Collection[int]) -> bool:
    """Whether a key that was handed over would stay here now: its person's own, or one of somebody set apart."""
    from baham.measures.sharing.overlap.prepare import chosen, kept_back

    then: dict[int, set[int]] = {}
    for some in in_chunks(touched):
        for entity, held in one.keys.filter(entity__in=some).values_list("entity", "digest"):
            then.setdefault(entity, set()).add(held)
    if then:
        gate = Gate.open(one.partner, one.purpose, exit=EXIT)
        today = {pk: {digest(key) for key in keys} for pk, keys in chosen(gate, Counter(), then)}
        if any(held - today.get(pk, set()) for pk, held in then.items()):
            return True
    apart = [digest(key) for key in kept_back(touched)]
    return any(one.keys.filter(digest__in=some).exists() for some in in_chunks(apart))


def end(one: PreparedSet) -> None:
    """End the epochs of a set, and have it made anew."""
    from baham.measures.sharing.overlap import stopping

    stopping.close_if_ours(one.partner.name)
    with transaction.atomic():
        if PreparedSet.objects.filter(pk=one.pk, ended=False).update(ended=True):
            log.warning("overlap checks of %s: somebody in the set was closed; it is made anew", one.partner.name)
            actor = Actor(one.by, Purpose(one.purpose, one.case))
            jobs.start(KIND, one.partner.title, actor, partner=one.partner.name)


def work(handle: Handle, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """The job: make a set anew of what is left. Raises JobError where the agreement lets nothing be prepared now."""
    from baham.measures.sharing.overlap.prepare import CannotPrepare, prepare

    one = PreparedSet.objects.filter(partner__name=given["partner"], ended=True).select_related("partner").first()
    if one is None:
        return {}  # somebody prepared it, or stopped it, in the meantime
    try:
        made = prepare(Actor(one.by, Purpose(one.purpose, one.case)), one.partner, one.mode, handle.report, anew=True)
    except CannotPrepare as error:
        one.delete()
        raise JobError(str(error)) from error
    return {"keys": made.keys}


def hourly() -> None:
    """What a crash left undone: look, end again what was ended, and forget what is of no epoch any more."""
    from baham.measures.sharing.overlap import pads, stopping

    pads.forget_old(environment.home() / "overlap")
    PreparedSet.objects.filter(at__lt=timezone.now() - _KEPT).delete()
    look()
    for one in PreparedSet.objects.filter(ended=True).select_related("partner"):
        stopping.close_if_ours(one.partner.name)
        actor = Actor(one.by, Purpose(one.purpose, one.case))
        jobs.start(KIND, one.partner.title, actor, partner=one.partner.name)


def holding(entities: Iterable[int]) -> list[PreparedSet]:
    """The sets in which any of these entities stands."""
    found = {
        pk
        for some in in_chunks(entities)
        for pk in PreparedKey.objects.filter(entity__in=some).values_list("of", flat=True).distinct()
    }
    return list(PreparedSet.objects.filter(pk__in=found).select_related("partner"))
