"""Who holds what: a row for each statement that a partner was ever given, so that a recall reaches everybody."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Count, Exists, OuterRef
from django.urls import reverse

from baham.kernel.chunks import in_chunks
from baham.platform.ledger.models import Statement
from baham.platform.ledger.record import Receipt
from baham.platform.release.models import Holding, Partner, Release

if TYPE_CHECKING:
    from baham.platform.release.gateway import Judged

_CHUNK = 5_000
_COLUMNS = ("partner_id", "entity_id", "sid", "exit", "release_id", "at", "state")


def note(partner: Partner, exit: str, left: Iterable["Judged"], at: datetime, release: Release | None = None) -> None:
    """Write down that a partner now holds these statements. What it held stays; what it had removed it holds anew."""
    when = connection.ops.adapt_datetimefield_value(at)
    rows = [
        (
            partner.pk,
            judged.dossier.entity.pk,
            bytes.fromhex(judged.claim.id),
            exit,
            release.pk if release else None,
            when,
            Holding.State.HELD.value,
        )
        for judged in left
    ]
    names = ", ".join(f'"{name}"' for name in _COLUMNS)
    marks = ", ".join(["%s"] * len(_COLUMNS))
    with connection.cursor() as cursor:
        for some in in_chunks(rows):
            cursor.executemany(
                f'INSERT INTO "release_holding" ({names}) VALUES ({marks}) '
                'ON CONFLICT ("sid", "partner_id") DO UPDATE SET "state" = EXCLUDED."state", "at" = EXCLUDED."at" '
                'WHERE "release_holding"."state" <> EXCLUDED."state"',
                some,
            )


def holders(sids: Collection[str], *, ever: bool = False) -> dict[int, list[Holding]]:
    """By partner, what it still holds of these statements; with `ever`, also what it was told to use no more."""
    found: dict[int, list[Holding]] = {}
    rows = [bytes.fromhex(sid) for sid in sids]
    for some in in_chunks(rows):
        held = Holding.objects.filter(sid__in=some).select_related("release__matter")
        for holding in held if ever else held.exclude(state=Holding.State.REMOVED):
            found.setdefault(holding.partner_id, []).append(holding)
    return found


def held_by(partner: Partner) -> set[bytes]:
    """The ids of the statements that a partner holds, 20 bytes each."""
    rows = Holding.objects.filter(partner=partner, state=Holding.State.HELD).values_list("sid", flat=True)
    return {bytes(sid) for sid in rows.iterator(_CHUNK)}


def ended(partner: Partner) -> list[Holding]:
    """What a partner holds and nobody says here any more: its statement was closed."""
    said = Statement.objects.filter(entity=OuterRef("entity"), sid=OuterRef("sid"), until=None)
    return list(Holding.objects.filter(~Exists(said), partner=partner, state=Holding.State.HELD).order_by("pk"))


def receipts(sids: Collection[str]) -> Iterable[tuple[str, Receipt]]:
    """Who was given each of these statements, for their chains: {statement id, receipt}, the earliest first."""
    rows = [bytes.fromhex(sid) for sid in sids]
    for some in in_chunks(rows):
        held = Holding.objects.filter(sid__in=some).select_related("partner").order_by("at")
        for one in held:
            yield (
                one.sid_hex,
                Receipt(one.partner.title, one.at, one.state, reverse("partner", args=[one.partner.name])),
            )


def counts(partner: Partner) -> Counter[str]:
    """How many statements a partner holds, by state."""
    rows = Holding.objects.filter(partner=partner).values_list("state").annotate(n=Count("pk"))
    return Counter(dict(rows.order_by()))
