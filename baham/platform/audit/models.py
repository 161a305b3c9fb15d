"""The log's rows. Written by `services.record` and by nothing else; never altered, never deleted."""

import json

from django.db import models
from django.utils import timezone

from baham.kernel.clock import utc_text
from baham.kernel.log import leaf_hash
from baham.platform.protection import STAFF


class Event(models.TextChoices):
    """What happened: the six kinds of Directive (EU) 2016/680, Article 25, and what concerns the system itself."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
    SYSTEM = "system"


class Entry(models.Model):
    """One event. `number` counts from 0 without a gap; `leaf` is the Merkle leaf hash of all the other fields."""

    personal_data = {
        "actor": STAFF, "subject": STAFF, "title": STAFF, "purpose": STAFF, "case": STAFF, "justification": STAFF,
        "recipient": STAFF, "detail": STAFF,
    }  # fmt: skip

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=200, db_index=True)
    event = models.CharField(max_length=20, choices=Event.choices)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=300, db_index=True)
    title = models.CharField(max_length=500, blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    case = models.CharField(max_length=120, blank=True)
    justification = models.TextField(blank=True)
    recipient = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    leaf = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.actor} {self.act} {self.subject}"

    def canonical(self) -> bytes:
        """The entry as the bytes that are hashed: JSON with sorted keys, without white space, in UTF-8."""
        parts = {
            field.attname: getattr(self, field.attname)
            for field in self._meta.fields
            if field.attname not in ("leaf", "at")
        }  # fmt: skip
        parts["at"] = utc_text(self.at)
        return json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")

    def leaf_hash(self) -> bytes:
        return leaf_hash(self.canonical())


class Head(models.Model):
    """The right edge of the tree, one row: what an append needs (`kernel.log.Frontier`)."""

    no_personal_data = "hashes only"

    size = models.BigIntegerField(default=0)
    peaks = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"tree of {self.size}"


class Reading(models.Model):
    """That somebody read a record within the last hour or so; what `quota.py` counts. Not part of the log."""

    personal_data = {"reader": STAFF, "record": STAFF}

    reader = models.CharField(max_length=200)
    record = models.CharField(max_length=60)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "record"], name="reading_once")]
        indexes = [models.Index(fields=["reader", "at"], name="reading_lately")]

    def __str__(self) -> str:
        return f"{self.reader}: {self.record}"


class Allowance(models.Model):
    """That a second person lets somebody read on beyond the limit, until a time and for a reason."""

    personal_data = {"reader": STAFF, "by": STAFF, "reason": STAFF}

    reader = models.CharField(max_length=200, db_index=True)
    by = models.CharField(max_length=200)
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.reader} until {self.until:%Y-%m-%d %H:%M}"
