"""Pairs that were cleared: somebody who was asked about, and the listed entry that he or she is not."""

from django.db import models
from django.utils import timezone

from baham.platform.ledger.models import Entity
from baham.platform.protection import LISTED, STAFF, SUBJECT


class Clearing(models.Model):
    """One cleared pair, with what was known of both sides on that day (`cleared.Identity`, `cleared.facts_of`).

    It counts from `since`, which is empty while a second person has yet to agree, until `review_by`, unless it was
    withdrawn. `everywhere` is whether it counts for whoever asks, or for `organisation` alone. `matter` is the number
    of the matter in which it was decided.
    """

    personal_data = {
        "subject_key": SUBJECT,
        "name_key": SUBJECT,
        "subject": SUBJECT,
        "entry": LISTED,
        "digest": LISTED,
        "by": STAFF,
        "reason": SUBJECT,
        "confirmed_by": STAFF,
        "withdrawn_by": STAFF,
        "withdrawal": SUBJECT,
        "organisation": STAFF,
        "review_by": SUBJECT,
    }

    subject_key = models.CharField(max_length=64)
    name_key = models.CharField(max_length=64)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="clearings")
    subject = models.JSONField()
    entry = models.JSONField()
    digest = models.CharField(max_length=64)
    matter = models.BigIntegerField()
    organisation = models.CharField(max_length=200, blank=True)
    everywhere = models.BooleanField()
    by = models.CharField(max_length=200)
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField(null=True)
    review_by = models.DateField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)
    withdrawal = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["name_key", "entity"], name="clearing_pair")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What letters and pages call it."""
        return f"C-{self.pk:06}"

    @property
    def counts(self) -> bool:
        """Whether it silences its pair today, if the evidence is the same."""
        return self.since is not None and self.withdrawn_at is None and self.review_by >= timezone.localdate()
