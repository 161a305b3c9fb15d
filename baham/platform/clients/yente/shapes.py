"""Entities as JSON in yente's shape (its 5.x `EntityResponse`): the same keys, and beside them what Baham adds."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from baham.kernel.schema import is_matchable
from baham.platform.clients.yente.release import Released

_RISKS = ("sanction", "crime", "wanted", "debarment", "export", "asset.frozen", "mare", "reg", "poi", "role.pep")


def entity_shape(released: Released, properties: dict[str, list[Any]] | None = None) -> dict[str, Any]:
    """An entity; with `properties` where others are nested in it."""
    return {
        "id": released.id,
        "caption": released.caption,
        "schema": released.schema,
        "properties": released.properties if properties is None else properties,
        "datasets": released.datasets,
        "referents": released.referents,
        "target": _is_target(released),
        "first_seen": moment(released.first_seen),
        "last_seen": moment(released.last_seen),
        "last_change": moment(released.last_change),
    }


def moment(at: datetime | None) -> str | None:
    """A time as yente writes it: ISO 8601 to the second, in UTC, without its zone."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") if at else None


def total(value: int, *, exact: bool = True) -> dict[str, Any]:
    """How many there are; where it is not exact, at least so many."""
    return {"value": value, "relation": "eq" if exact else "gte"}


def page(results: Sequence[Any], count: dict[str, Any], limit: int, offset: int) -> dict[str, Any]:
    """One page of something."""
    return {"results": list(results), "total": count, "limit": limit, "offset": offset}


def _is_target(released: Released) -> bool:
    """Whether the list is about this entity, and does not just mention it. Without topics, a list is about all."""
    topics = released.properties.get("topics", [])
    return any(topic.startswith(_RISKS) for topic in topics) if topics else is_matchable(released.schema)
