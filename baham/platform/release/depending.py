"""What depends on the list of a circle: where that changes, it comes anew in the order of what was touched, and whoever
holds any of it and is in the circle no more is told that it has ended for them."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from baham.kernel.chunks import in_chunks
from baham.platform.ledger.models import HandlingGiven, Statement
from baham.platform.ledger.touches import touch
from baham.platform.release import notices

_CHUNK = 5_000


def on_circle(uuid: str) -> None:
    """A circle has another list of members. Inside the caller's transaction."""
    said = [one for some in releasable_to({uuid}) for one in Statement.objects.filter(sid__in=some, until=None)]
    touch({one.entity_id for one in said})
    notices.tell_who_may_not(said)


def releasable_to(circles: AbstractSet[str]) -> Iterator[list[bytes]]:
    """The statements that were ever marked releasable to one of these circles, in portions."""
    given = HandlingGiven.objects.exclude(releasable_to=None).values_list("sid", "releasable_to")
    sids = sorted(
        {bytes.fromhex(sid) for sid, parties in given.iterator(_CHUNK) if not circles.isdisjoint(parties or ())}
    )
    yield from in_chunks(sids)
