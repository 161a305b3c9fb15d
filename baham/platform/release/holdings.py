"""Who holds what: a row for each statement that a partner was ever given, so that a recall reaches everybody."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Count

from baham.platform.release.models import Holding, Partner, Release

if TYPE_CHECKING:
    from baham.platform.release.gateway import Judged

_CHUNK = 5_000
_COLUMNS = ("partner_id", "entity_id", "sid", "exit", "release_id", "at", "state")


def note(partner: Partner, exit: str, left: Iterable["Judged"], at: datetime, release: Release | None = None) -> None:
    """Write down that a partner now holds these statements. What it held stays; what it had removed it holds anew."""
    when = connection.ops.adapt_datetimefield_value(at)
    rows = [
        (partner.pk, judged.dossier.entity.pk, bytes.fromhex(judged.claim.id), exit, release.pk if release else None,
         when, Holding.State.HELD.value)
        for judged in left
    ]  # fmt: skip
    names = ", ".join(f'"{name}"' for name in _COLUMNS)
    marks = ", ".join(["%s"] * len(_COLUMNS))
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _CHUNK):
            cursor.executemany(
                f'INSERT INTO "release_holding" ({names}) VALUES ({marks}) '
                'ON CONFLICT ("sid", "partner_id") DO UPDATE SET "state" = EXCLUDED."state", "at" = EXCLUDED."at" '
                'WHERE "release_holding"."state" <> EXCLUDED."state"',
                rows[start : start + _CHUNK],
            )


def holders(sids: Collection[str]) -> dict[int, list[Holding]]:
    """By partner, what it still holds of these statements."""
    found: dict[int, list[Holding]] = {}
    rows = [bytes.fromhex(sid) for sid in sids]
    for start in range(0, len(rows), _CHUNK):
        held = Holding.objects.filter(sid__in=rows[start : start + _CHUNK]).exclude(state=Holding.State.REMOVED)
        for holding in held:
            found.setdefault(holding.partner_id, []).append(holding)
    return found


def counts(partner: Partner) -> Counter[str]:
    """How many statements a partner holds, by state."""
    rows = Holding.objects.filter(partner=partner).values_list("state").annotate(n=Count("pk"))
    return Counter(dict(rows.order_by()))
