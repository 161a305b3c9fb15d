"""How many records somebody reads within an hour, and what happens beyond (safeguard S-05).

Counted are different records: opened, shown by a search or by the differences of a version, read by a program. Reading
the same record again is no second one. What a question about somebody finds (screening, alerts) is not counted: it is
an answer about the asker's own customers, and the number of questions has limits of its own.

Beyond BAHAM_BULK_READS nothing more is shown, until a second person allows it or the hour has passed.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from baham.platform.audit.models import Allowance, Reading

WINDOW = timedelta(hours=1)
COUNTED = frozenset({"read", "read statements", "searched"})
"""The acts of the log by which somebody sees records that they look up."""
_ONE = re.compile(r"(entity|matter):\d+")


class TooManyRead(PermissionDenied):
    """Somebody has read as many records within an hour as are read without a second person. Nothing was shown."""

    def __init__(self, reader: str, purpose: str, case: str) -> None:
        super().__init__("More records within an hour than may be read without a second person.")
        self.reader, self.purpose, self.case = reader, purpose, case


def limit() -> int:
    """Different records that may be read within an hour."""
    return settings.BULK_READS


def count(reader: str, act: str, subject: str, detail: dict[str, Any]) -> bool:
    """Count the records of an entry of the log. False where they are more than may be read; the caller undoes all.

    Two queries; a third where the limit is passed.
    """
    records = _records(act, subject, detail)
    if not records:
        return True
    now = timezone.now()
    Reading.objects.bulk_create(
        [Reading(reader=reader, record=record, at=now) for record in records],
        update_conflicts=True,
        unique_fields=["reader", "record"],
        update_fields=["at"],
    )
    return read_lately(reader, now) <= limit() or allowed_until(reader, now) is not None


def _records(act: str, subject: str, detail: dict[str, Any]) -> list[str]:
    if act not in COUNTED:
        return []
    if "entities" in detail:
        return [f"entity:{pk}" for pk in dict.fromkeys(detail["entities"])]
    return [subject] if _ONE.fullmatch(subject) else []


def read_lately(reader: str, now: datetime | None = None) -> int:
    """How many different records somebody has read within the last hour."""
    return Reading.objects.filter(reader=reader, at__gt=(now or timezone.now()) - WINDOW).count()


def allowed_until(reader: str, now: datetime | None = None) -> datetime | None:
    """Until when a second person lets somebody read on; None where nobody does."""
    in_force = Allowance.objects.filter(reader=reader, until__gt=now or timezone.now())
    return in_force.order_by("-until").values_list("until", flat=True).first()


def allow(reader: str, by: str, reason: str, hours: int) -> Allowance:
    """Let somebody read on for some hours. Called by the decision of a second person, and by nothing else."""
    return Allowance.objects.create(
        reader=reader, by=by, reason=reason.strip(), until=timezone.now() + timedelta(hours=hours)
    )


def forget() -> int:
    """Forget which records were read more than an hour ago: the log knows, and the count needs it no longer."""
    return Reading.objects.filter(at__lte=timezone.now() - WINDOW).delete()[0]
