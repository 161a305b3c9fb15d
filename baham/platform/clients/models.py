"""Programs that may ask, and how fast each of them asks. Written by this room's services alone."""

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise

from baham.platform.accounts.models import Organisation
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.services import Actor
from baham.platform.ledger.models import Entity
from baham.platform.protection import STAFF, SUBJECT, PersonalData, Sensitivity
from baham.platform.review.models import Item

MONITORED = PersonalData(
    "telling a client when somebody whom it deals with is listed",
    "customers and partners of clients",
    "until the client withdraws it or its end, at most a year",
    Sensitivity.HIGH,
)


class Client(models.Model):
    """A program of an organisation. It asks under one purpose, about the datasets in `scope` (empty: all screened).

    Of its key only `prefix`, by which people recognise it, and a hash are kept (`keys.py`). Ended by a date or by being
    revoked; never deleted, because the log names it.
    """

    personal_data = {
        "name": STAFF,
        "purpose": STAFF,
        "scope": STAFF,
        "prefix": STAFF,
        "key_hash": STAFF,
        "made_by": STAFF,
        "revoked_by": STAFF,
        "reason": STAFF,
    }

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
    alerts_given = models.BigIntegerField(default=0)

    purpose_title: str | Promise
    """Put here by a page: the purpose in the reader's language."""

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        """How the log names this program."""
        return Actor(f"client:{self.name}", Purpose(self.purpose, self.name), counted=True)

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


class Watched(models.Model):
    """A subject that a client wants to hear of when a list changes. Deleted when withdrawn, and at its end.

    `reference` is the client's own word for it; `schema` and `properties` are its query by example, as it was read.
    """

    personal_data = {"reference": MONITORED, "schema": MONITORED, "properties": MONITORED, "datasets": STAFF}

    client = models.ForeignKey(Client, models.PROTECT, related_name="watched")
    reference = models.CharField(max_length=200)
    schema = models.CharField(max_length=40)
    properties = models.JSONField()
    datasets = models.JSONField(default=list)
    threshold = models.FloatField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["client", "reference"], name="watched_once")]

    def __str__(self) -> str:
        return self.reference


class Alert(models.Model):
    """That a watched subject may be an entry of a list, on the evidence that `digest` stands for, and on it once.

    `number` is its place in what the client reads, counted for it alone: an alert that is taken back gets a new one, so
    that nobody who reads on misses it. What the entry says is not kept here: it is read when the alert is.
    """

    personal_data = {"reference": MONITORED, "entity_key": SUBJECT, "why": SUBJECT}

    class State(models.TextChoices):
        OPEN = "open"
        WITHDRAWN = "withdrawn"

    client = models.ForeignKey(Client, models.PROTECT, related_name="alerts")
    watched = models.ForeignKey(Watched, models.CASCADE, related_name="alerts")
    reference = models.CharField(max_length=200)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="alerts")
    entity_key = models.CharField(max_length=320)
    digest = models.CharField(max_length=64)
    number = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    why = models.CharField(max_length=120, blank=True)
    matter = models.ForeignKey(Item, models.PROTECT, null=True, related_name="alerts")
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["watched", "entity", "digest"], name="alert_once"),
            models.UniqueConstraint(fields=["client", "number"], name="alert_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.reference}: {self.entity_key}"


class Sweep(models.Model):
    """How far the watched subjects have been held against the lists, one row.

    All of them up to version `version` (its id), and of the one after it those up to `position`.
    """

    no_personal_data = "counters only"

    version = models.BigIntegerField(default=0)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"version {self.version}, subject {self.position}"
