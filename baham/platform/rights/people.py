"""Who works here, as the person concerned is told: by office and role, never by name (the rights of others)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from baham.platform.accounts.models import User
from baham.platform.clients.models import Client
from baham.platform.rights.telling import Line, Part, Thing


def officer(label: str, name: str, at: datetime | None = None) -> Line:
    """A line that names an officer. `by_office` says of all of them what is told instead of their names."""
    return Line(label, name, part=Part.OFFICER, instead=f"who|{at.isoformat() if at else ''}")


def by_office(things: Iterable[Thing]) -> list[Thing]:
    """The things, each officer's line with what is told instead of the name (`words.in_place`): `officer|role|office`,
    `program||office`, `a-partner`, `machine` or `terminal`. Three queries, however many they are."""
    found = list(things)
    names = {line.value for thing in found for line in thing.lines if line.instead.startswith("who|")}
    users = {
        user.username: user
        for user in User.objects.filter(username__in=names).select_related("organisation").prefetch_related("grants")
    }
    programs = {name.removeprefix("client:") for name in names}
    clients = {one.name: one for one in Client.objects.filter(name__in=programs).select_related("organisation")}

    def told(line: Line) -> Line:
        if not line.instead.startswith("who|"):
            return line
        return replace(line, instead=_office(line.value, parse_datetime(line.instead[4:]), users, clients))

    return [replace(thing, lines=tuple(told(line) for line in thing.lines)) for thing in found]


def _office(name: str, at: datetime | None, users: dict[str, User], clients: dict[str, Client]) -> str:
    sort, _colon, rest = name.partition(":")
    if sort == "client":
        return f"program||{clients[rest].organisation if rest in clients else ''}"
    if sort in ("partner", "terminal", "engine"):
        return {"partner": "a-partner", "terminal": "terminal", "engine": "machine"}[sort]
    user = users.get(name)
    if user is None:
        return "officer||"
    return f"officer|{_role(user, at or timezone.now())}|{user.organisation or ''}"


def _role(user: User, at: datetime) -> str:
    """The role that was in force at that moment, the last given where there were several."""
    at += timedelta(seconds=1)  # the log's moments are whole seconds
    held = sorted(user.grants.all(), key=lambda grant: (grant.since, grant.pk), reverse=True)
    return next((one.role for one in held if one.since <= at and (one.until is None or at < one.until)), "")
