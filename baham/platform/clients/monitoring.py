"""Monitored subjects: a client says once whom it deals with, and hears of it when a list changes.

Only what is needed to ask is kept, under the client's own reference, and not beyond its end. Reading and sweeping are
in `alerts.py` and `sweeping.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.dateparse import parse_date

from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.clients.models import Alert, Client, Sweep, Watched
from baham.platform.clients.yente.errors import Problem
from baham.platform.clients.yente.examples import ASKED_WITH, Example, clean, read_example
from baham.platform.clients.yente.scope import COLLECTION, asked_about
from baham.platform.ledger.models import Version

MOST_IN_A_CALL = 100
MOST_WATCHED = 250_000
LONGEST_REFERENCE = 200
ERASED_DAYS = 7
"""How long a client can read that what it watched was erased, before the rest of it is forgotten."""
CHANGED = "the subject was changed; match it anew"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A subject as a client wants it watched, read and found in order."""

    reference: str
    example: Example
    datasets: list[str]
    threshold: float | None
    expires_at: datetime


def read_wanted(client: Client, given: object) -> Wanted:
    """Read one subject. Raises Problem with the field at fault."""
    if not isinstance(given, Mapping):
        raise Problem(400, "The subject is not an object with `reference`, `schema` and `properties`.")
    reference = given.get("reference")
    if not isinstance(reference, str) or not reference.strip() or len(reference) > LONGEST_REFERENCE:
        raise Problem(400, "reference: your own word for the subject, a text of at most 200 characters.")
    example = read_example(given)
    datasets = given.get("datasets") or []
    if not isinstance(datasets, list) or not all(isinstance(name, str) for name in datasets):
        raise Problem(400, "datasets: a list of names, or nothing for all.")
    for name in datasets:
        asked_about(client, clean(name))
    threshold = given.get("threshold")
    if threshold is not None and (isinstance(threshold, bool) or not isinstance(threshold, int | float)):
        raise Problem(400, "threshold: a number from 0.3 to 1.")
    if threshold is not None and not 0.3 <= threshold <= 1:
        raise Problem(400, "threshold: a number from 0.3 to 1.")
    narrow = [] if COLLECTION in datasets else sorted(set(datasets))
    return Wanted(clean(reference.strip()), example, narrow, threshold, _end(given.get("expires")))


def _end(given: object) -> datetime:
    latest = timezone.now() + timedelta(days=settings.MONITOR_DAYS)
    if given is None:
        return latest
    try:
        day = parse_date(given) if isinstance(given, str) else None
    except ValueError:
        day = None
    if day is None:
        raise Problem(400, "expires: a day, such as 2027-05-31.")
    end = datetime.combine(day, time.max, timezone.get_current_timezone())
    if not timezone.now() < end <= latest + timedelta(days=1):
        raise Problem(400, f"expires: a day to come, at most {settings.MONITOR_DAYS} days from now.")
    return end


@transaction.atomic
def watch(client: Client, several: Sequence[Wanted]) -> dict[str, Watched]:
    """Watch subjects from now on, by their references. One that is watched already is replaced.

    Lists are held against it when they change; as they stand today they are asked with a match.
    """
    if client.watched.count() + len(several) > MOST_WATCHED:
        raise Problem(400, f"A client may have {MOST_WATCHED} subjects watched.")
    if not Watched.objects.exists():
        _begin_here()
    made: dict[str, Watched] = {}
    for wanted in several:
        asked_with = {prop: said for prop, said in wanted.example.echo["properties"].items() if prop in ASKED_WITH}
        facts = {"schema": wanted.example.schema, "properties": asked_with}
        rest = {"datasets": wanted.datasets, "threshold": wanted.threshold, "expires_at": wanted.expires_at}
        one, new = Watched.objects.get_or_create(client=client, reference=wanted.reference, defaults={**facts, **rest})
        if not new:
            if (one.schema, one.properties) != (facts["schema"], facts["properties"]):
                locked()
                take_back((alert, CHANGED) for alert in one.alerts.filter(state=Alert.State.OPEN))
            for name, value in {**facts, **rest}.items():
                setattr(one, name, value)
            one.save()
        made[wanted.reference] = one
    record(client.actor, Event.COLLECTION, "watches", f"client:{client.name}", title=client.name, names=len(several))
    return made


def _begin_here() -> None:
    """What the lists were before anybody was watched is not swept."""
    last = Version.objects.aggregate(last=Max("pk"))["last"] or 0
    sweep, _ = Sweep.objects.get_or_create(pk=1)
    Sweep.objects.filter(pk=sweep.pk).update(version=max(sweep.version, last), position=0)


@transaction.atomic
def withdraw(client: Client, reference: str) -> bool:
    """Stop watching a subject, and forget it and its alerts. Whether it was watched."""
    gone, _ = client.watched.filter(reference=reference).delete()
    if gone:
        record(client.actor, Event.ERASURE, "stopped watching", f"client:{client.name}", title=client.name, names=1)
    return bool(gone)


@transaction.atomic
def expire(client: Client | None = None) -> int:
    """Forget the subjects whose end has come, with their alerts. What went to review stays with its decision."""
    now = timezone.now()
    over = Watched.objects.filter(expires_at__lte=now)
    over = over.exclude(properties={}, expires_at__gt=now - timedelta(days=ERASED_DAYS))
    if client is not None:
        over = over.filter(client=client)
    count = over.count()
    if count:
        over.delete()
        record(Actor("system:expiry"), Event.ERASURE, "forgot watched subjects", "monitoring", names=count)
    return count


def take_back(alerts: Iterable[tuple[Alert, str]]) -> int:
    """Take alerts back, each for its reason and under a new number, so that whoever reads on learns of it. How many.

    The counters are held (`locked`) by the caller.
    """
    count = 0
    for alert, why in alerts:
        alert.number, alert.state, alert.why = next_number(alert.client_id), Alert.State.WITHDRAWN, why
        alert.changed_at = timezone.now()
        alert.save(update_fields=["number", "state", "why", "changed_at"])
        count += 1
    return count


def next_number(client: int) -> int:
    """The next number of a client's alerts, which it alone counts; `locked` is held."""
    Client.objects.filter(pk=client).update(alerts_given=F("alerts_given") + 1)
    return Client.objects.values_list("alerts_given", flat=True).get(pk=client)


def locked() -> Sweep:
    """The counters, held until the transaction ends: numbers are given in the order in which they become visible."""
    Sweep.objects.get_or_create(pk=1)
    return Sweep.objects.select_for_update().get(pk=1)
