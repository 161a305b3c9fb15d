"""What ends by the clock: the list of a circle, an originator's consent, a permission. Nobody acts on that day; so
once an hour whoever holds what they may not have any more is told, and it comes anew in the order of what was touched.

Doing it again changes nothing: what somebody was told has ended they hold no longer.
"""

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.utils import timezone

from baham.kernel.chunks import in_chunks
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record, take_the_pen
from baham.platform.ledger.models import HandlingGiven, Statement
from baham.platform.ledger.touches import touch
from baham.platform.release import notices
from baham.platform.release.depending import releasable_to
from baham.platform.release.models import Holding, OriginatorWord, Scope

_LEDGER = Actor("engine:ledger")


def tell_what_lapsed() -> int:
    """Tell holders what ended for them by the clock; how many statements that were, each counted for each holder."""
    return sum(_tell(some) for some in _held(_lapsed()))


@transaction.atomic
def _tell(sids: list[bytes]) -> int:
    take_the_pen()
    said = list(Statement.objects.filter(sid__in=sids, until=None))
    ended = notices.tell_who_may_not(said)
    if ended:
        touch({one.entity_id for one in ended})
        record(_LEDGER, Event.SYSTEM, "told what ended by its day", "release", statements=len(ended))
    return len(ended)


def _lapsed() -> Iterator[list[bytes]]:
    """The statements, in portions, for which a day has passed that may have closed them to somebody."""
    now = timezone.now()
    expired = HandlingGiven.objects.filter(expires__lte=now).values_list("sid", flat=True).distinct()
    yield from in_chunks([bytes.fromhex(sid) for sid in expired])
    circles = frozenset(str(uuid) for uuid in Scope.objects.filter(until__lte=now).values_list("uuid", flat=True))
    if circles:
        yield from releasable_to(circles)
    consents = OriginatorWord.objects.filter(agrees=True, until__lte=now).values("entity")
    controlled = Statement.objects.filter(entity__in=consents, until=None).values_list("sid", flat=True)
    yield from in_chunks([bytes(sid) for sid in controlled])


def _held(several: Iterable[list[bytes]]) -> Iterator[list[bytes]]:
    """Those of them that somebody holds."""
    for some in several:
        rows = Holding.objects.filter(sid__in=some, state=Holding.State.HELD).values_list("sid", flat=True).distinct()
        if held := sorted(bytes(sid) for sid in rows):
            yield held
