"""The clients' place in an erasure: alerts on the record, and the watch on somebody whom people found to be its person.

A watch on somebody else who bears the name is the client's own record of its own customer, and stays: were it to go,
the customer would no longer be held against any list, and nobody would know.
"""

import secrets

from django.db.models import Q, QuerySet
from django.utils import timezone

from baham.platform.clients.models import Alert, Watched
from baham.platform.clients.monitoring import locked, take_back
from baham.platform.places import Concerned

ERASED = "the record was erased"


def holds(concerned: Concerned) -> int:
    """How many alerts are on the record."""
    return Alert.objects.filter(entity__in=concerned.entities).count()


def erase(concerned: Concerned) -> int:
    """Take the alerts back, and keep of a watch that was found to be on the person what its client needs to learn of
    it. Inside the caller's transaction."""
    alerts = Alert.objects.filter(entity__in=concerned.entities)
    locked()
    count = take_back((alert, ERASED) for alert in alerts.filter(state=Alert.State.OPEN))
    alerts.update(entity_key="")
    for watched in _on_the_person(concerned):
        watched.properties, watched.expires_at = {}, timezone.now()
        if concerned.speaks_of(watched.reference):
            watched.reference = f"erased-{secrets.token_hex(6)}"
        watched.save(update_fields=["properties", "expires_at", "reference"])
        watched.alerts.update(reference=watched.reference)
        count += 1
    return count


def _on_the_person(concerned: Concerned) -> QuerySet[Watched]:
    found = Q(alerts__entity__in=concerned.entities, alerts__matter__outcome="same")
    return Watched.objects.filter(found).distinct().order_by("pk")
