"""Programs that may ask, and how fast each of them asks. Written by this room's services alone."""

from django.db import models
from django.utils import timezone

from baham.platform.accounts.models import Organisation
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.services import Actor
from baham.platform.protection import STAFF


class Client(models.Model):
    """A program of an organisation. It asks under one purpose, about the datasets in `scope` (empty: all screened).

    Of its key only `prefix`, by which people recognise it, and a hash are kept (`keys.py`). Ended by a date or by being
    revoked; never deleted, because the log names it.
    """

    personal_data = {"name": STAFF, "purpose": STAFF, "scope": STAFF, "prefix": STAFF, "key_hash": STAFF,
                     "made_by": STAFF, "revoked_by": STAFF, "reason": STAFF}  # fmt: skip

    name = models.SlugField(max_length=60, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="clients")
    purpose = models.CharField(max_length=40)
    scope = models.JSONField(default=list)
    rate = models.PositiveIntegerField()
    prefix = models.CharField(max_length=12, unique=True)
    key_hash = models.CharField(max_length=64)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)
    expires_at = models.DateTimeField()
    revoked_by = models.CharField(max_length=200, blank=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        """How the log names this program."""
        return Actor(f"client:{self.name}", Purpose(self.purpose, self.name))

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def in_force(self) -> bool:
        return self.revoked_at is None and not self.is_expired


class Bucket(models.Model):
    """What is left of a client's rate: `tokens` as they were at `at` (seconds since 1970). See `rate.py`."""

    no_personal_data = "counts requests of a program"

    client = models.OneToOneField(Client, models.CASCADE, primary_key=True, related_name="bucket")
    tokens = models.FloatField()
    at = models.FloatField()

    def __str__(self) -> str:
        return f"{self.client_id}: {self.tokens:.1f}"
