"""The publisher's own end of an entry: an end date that has passed, or listings that have all ended.

From that day the entry matches nothing, whether or not the file still carries it. An end date is the last day that the
words may mean; an entry that was listed again later has not ended. Of a tie (an employment, a membership) the end is
the tie's own and ends nobody's listing. Sources: FollowTheMoney `endDate` and `Sanction.status`; the UN list's
DELISTED_ON.
"""

import re
from collections import defaultdict
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from baham.formats.ftm_model import ancestors
from baham.kernel.chunks import in_chunks
from baham.kernel.dates import span
from baham.platform.ledger.models import Change, Entity, Statement, Version

_OVER = re.compile(
    r"\s*(?:(?:has been|have been|was|were|is|status:?|listing|no longer (?:in force|listed|active|valid))\s+)*"
    r"(?:expired|ended|inactive|not active|not in force|revoked|de-?listed|removed|lifted|terminated|repealed|withdrawn"
    r"|annulled|cancelled|canceled|rescinded|historical|no longer (?:in force|listed|active|valid))\b"
    r"(?!\s+(?:if|when|unless)\b)",
    re.I,
)
"""What a listing's status says when it is over and no date says since when: since the version that says so."""
_SAID = ("entity", "endDate", "startDate", "listingDate", "status")


def settle(version: Version) -> list[int]:
    """Write down when each entry of the list ends or ended. Which ended by it, of those that were in force before."""
    today = timezone.localdate()
    ends = _own_ends(version) | {}
    for key, last in _listing_ends(version, today).items():
        ends[key] = min(last, ends.get(key, last))
    entities = Entity.objects.filter(dataset_id=version.dataset_id, current=True)
    before = dict(entities.exclude(ended=None).values_list("key", "ended"))
    added = set(Change.objects.filter(version=version, kind=Change.Kind.ADDED).values_list("entity_id", flat=True))
    silenced = []
    wanted = sorted(key for key in before.keys() | ends.keys() if before.get(key) != ends.get(key))
    for some in in_chunks(wanted):
        for entity in entities.filter(key__in=some):
            day = ends.get(entity.key)
            if day is not None and day <= today and not entity.is_ended and entity.pk not in added:
                silenced.append(entity.pk)
            Entity.objects.filter(pk=entity.pk).update(ended=day)
    return silenced


def end_of(ends: list[str], begins: list[str]) -> date | None:
    """The last day that any of these end dates may mean; None where none can be read, or a later begin follows."""
    days = [read[1] for value in ends if (read := span(value)) is not None]
    last = max(days, default=None)
    again = [read[0] for value in begins if (read := span(value)) is not None]
    return None if last is None or any(day > last for day in again) else last


def _own_ends(version: Version) -> dict[str, date]:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    dated = _open(version).filter(prop="endDate").values("entity_id")
    rows = _open(version).filter(entity_id__in=dated, prop__in=("endDate", "listingDate"))
    for key, schema, prop, value in rows.values_list("entity__key", "entity__schema", "prop", "value"):
        if "Interval" not in ancestors(schema):
            found[key][prop].append(value)
    ends = {key: end_of(said["endDate"], said["listingDate"]) for key, said in found.items()}
    return {key: day for key, day in ends.items() if day is not None}


def _listing_ends(version: Version, today: date) -> dict[str, date]:
    """By the key of the entry: the day on which the last of its listings ended, where all of them have an end."""
    rows = _open(version).filter(entity__schema="Sanction", prop__in=_SAID)
    listings: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for pk, prop, value in rows.values_list("entity_id", "prop", "value").iterator(2_000):
        listings[pk][prop].append(value)
    days: dict[str, list[date | None]] = defaultdict(list)
    for said in listings.values():
        day = end_of(said["endDate"], [*said["startDate"], *said["listingDate"]])
        if day is None and not said["endDate"] and any(map(_OVER.match, said["status"])):
            day = today
        for key in said["entity"]:
            days[key].append(day)
    return {key: max(some) for key, all_of in days.items() if (some := [d for d in all_of if d]) and None not in all_of}


def _open(version: Version) -> QuerySet[Statement]:
    return Statement.objects.filter(entity__dataset_id=version.dataset_id, entity__current=True, until=None)
