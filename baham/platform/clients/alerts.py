"""Reading alerts: what has happened since a number, as things stand now.

Neither the entry nor the evidence is stored with an alert. Both are made when it is read, of what the client may have
then; so a value that was closed since, or an entry that was delisted, does not leave late.
"""

from collections.abc import Sequence
from typing import Any

from baham.platform.clients.models import Alert, Client
from baham.platform.clients.yente.examples import read_example
from baham.platform.clients.yente.matching import scored
from baham.platform.clients.yente.reaching import best_hit
from baham.platform.clients.yente.release import Released, release
from baham.platform.clients.yente.scope import known_to
from baham.platform.clients.yente.shapes import moment

DEFAULT_PAGE, MOST_PAGE = 100, 500


def alerts_since(client: Client, after: int, limit: int) -> tuple[dict[str, Any], list[int]]:
    """The alerts after a number, oldest first, with the number to go on from; and for the log the entities shown."""
    found: Sequence[Alert] = list(
        client.alerts.filter(number__gt=after).select_related("watched", "matter").order_by("number")[:limit]
    )
    released = release(client, {alert.entity_id for alert in found if _is_open(alert)}, known_to(client))
    rows = [_row(alert, released.get(alert.entity_id)) for alert in found]
    shown = [released[alert.entity_id].pk for alert, row in zip(found, rows, strict=True) if row["result"]]
    return {"results": rows, "next": found[-1].number if found else after, "limit": limit}, shown


def _is_open(alert: Alert) -> bool:
    return alert.state == Alert.State.OPEN


def _row(alert: Alert, one: Released | None) -> dict[str, Any]:
    result = _result(alert, one) if _is_open(alert) and one is not None else None
    state = "withheld" if _is_open(alert) and result is None else alert.state
    return {
        "number": alert.number,
        "state": state,
        "why": alert.why,
        "reference": alert.reference,
        "entity_id": alert.entity_key if state != "withheld" else None,
        "made_at": moment(alert.made_at),
        "changed_at": moment(alert.changed_at),
        "review": {"outcome": alert.matter.outcome or None, "decided_at": moment(alert.matter.closed_at)}
        if alert.matter
        else None,
        "result": result,
    }


def _result(alert: Alert, one: Released) -> dict[str, Any] | None:
    """The entry, how alike it is and why, as a match gives it; None where the client may no longer have it."""
    from baham.engines.names import DEFAULT_THRESHOLD

    watched = alert.watched
    example = read_example({"schema": watched.schema, "properties": watched.properties})
    hit = best_hit(example.every_query(), one, alert.entity_id)
    least = DEFAULT_THRESHOLD if watched.threshold is None else watched.threshold
    return scored(one, hit, least) if hit is not None and hit.score >= least else None
