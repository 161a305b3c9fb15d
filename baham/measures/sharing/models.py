"""What partners gave us. Written by this measure's services alone."""

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise

from baham.measures.sharing.taxii import models as taxii
from baham.platform.protection import LISTED, STAFF, SUBJECT
from baham.platform.release.models import Message, Partner
from baham.platform.review.models import Item


class Received(models.Model):
    """One claim that a partner gave us, as it gave it. In quarantine it has no effect at all: it matches nothing, is in
    no search and leaves to nobody. Accepted, it stands in the dataset of what this partner says. `about` is whom its
    sender says that it is about: the canonical id there; `feeds` are the partner's TAXII collections that say it."""

    personal_data = {
        "claim": LISTED,
        "entity_key": LISTED,
        "sid": LISTED,
        "decided_by": STAFF,
        "reason": LISTED,
        "grade": LISTED,
        "state": STAFF,
        "about": LISTED,
    }

    class State(models.TextChoices):
        QUARANTINE = "quarantine"
        ACCEPTED = "accepted"
        REFUSED = "refused"
        RECALLED = "recalled"
        ENDED = "ended"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="received")
    sid = models.BinaryField(max_length=20)
    entity_key = models.CharField(max_length=320)
    about = models.CharField(max_length=400, blank=True)
    claim = models.TextField()
    grade = models.CharField(max_length=2, blank=True)
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="received")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUARANTINE, db_index=True)
    at = models.DateTimeField(default=timezone.now)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    feeds = models.ManyToManyField(taxii.Feed, related_name="received")

    outcome: str | Promise
    """Put here by a page: what became of it, in the reader's language."""

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["sid", "partner"], name="received_once")]
        indexes = [
            models.Index(fields=["partner", "entity_key"], name="received_of_entity"),
            models.Index(fields=["partner", "about"], name="received_about"),
        ]

    def __str__(self) -> str:
        return f"{self.partner.name}: {self.entity_key}"

    @property
    def sid_hex(self) -> str:
        return bytes(self.sid).hex()


class Outcome(models.Model):
    """What became of a received claim when it was looked into, by whom, on what evidence. The last counts."""

    personal_data = {"by": STAFF, "reason": LISTED, "evidence": LISTED, "kind": LISTED}

    class Kind(models.TextChoices):
        CORROBORATED = "corroborated"
        CONTRADICTED = "contradicted"
        PROVED = "proved"
        DISPROVED = "disproved"

    received = models.ForeignKey(Received, models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    by = models.CharField(max_length=200)
    reason = models.TextField()
    evidence = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.kind


class Lead(models.Model):
    """That a partner holds somebody under the same key as a person whom we asked about. It may be another person.

    `subject` is what was asked with, `agreed_on` which key agreed. Without effect: two officers may step it up, and
    then single fields may be released. `matter` is where they sign. Forgotten after a year and a day.
    """

    personal_data = {
        "reference": SUBJECT,
        "subject": SUBJECT,
        "agreed_on": SUBJECT,
        "purpose": STAFF,
        "case": STAFF,
        "commitment": STAFF,
        "by": STAFF,
    }

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="leads")
    reference = models.CharField(max_length=200)
    subject = models.JSONField()
    agreed_on = models.CharField(max_length=40)
    purpose = models.CharField(max_length=40)
    case = models.CharField(max_length=120)
    commitment = models.CharField(max_length=64)
    by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    matter = models.ForeignKey(Item, models.PROTECT, null=True, related_name="leads")

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["partner", "case", "reference", "agreed_on"], name="lead_once")]

    def __str__(self) -> str:
        return f"L-{self.at:%Y}-{self.pk}"

    @property
    def state(self) -> str:
        """`open`, `waiting` for a second officer, `stepped up`, or `left`."""
        if self.matter is None:
            return "open"
        return {"": "waiting", "step-up": "stepped up"}.get(self.matter.outcome, "left")


class PreparedSet(models.Model):
    """What the holder of overlap checks was handed last for one partner, by whom and what for. `seen` is the place in
    the order of touches up to which it was looked at; `ended`, that somebody in it may no longer be asked about, so
    that it is made anew."""

    personal_data = {"purpose": STAFF, "case": STAFF, "mode": STAFF, "by": STAFF}

    partner = models.OneToOneField(Partner, models.PROTECT, related_name="prepared_set")
    purpose = models.CharField(max_length=40)
    case = models.CharField(max_length=120, blank=True)
    mode = models.CharField(max_length=10)
    by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    seen = models.BigIntegerField()
    ended = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.partner.name


class PreparedKey(models.Model):
    """Of whom a set was made: of each key eight bytes of a digest, so that whoever closes a record finds the sets that
    it stands in. The holder has no part in it."""

    personal_data = {"digest": LISTED, "entity": LISTED}

    of = models.ForeignKey(PreparedSet, models.CASCADE, related_name="keys")
    digest = models.BigIntegerField()
    entity = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["of", "entity"], name="prepared_of_entity"),
            models.Index(fields=["of", "digest"], name="prepared_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.of}: {self.entity}"


# Django looks for an application's tables in this module alone.
TABLES_OF_TAXII = (
    taxii.Root,
    taxii.Collection,
    taxii.Access,
    taxii.Marking,
    taxii.Status,
    taxii.Stored,
    taxii.Bucket,
    taxii.Told,
    taxii.Feed,
    taxii.Anew,
)
