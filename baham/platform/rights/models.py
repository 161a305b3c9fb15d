"""Requests of persons concerned and what was done on them. Written by this room's services."""

from django.db import models
from django.utils import timezone

from baham.platform.ledger.models import Entity
from baham.platform.protection import LISTED, STAFF
from baham.platform.review.models import Item


class Erasure(models.Model):
    """That a record, or some of it, is to be erased: asked for by one person, decided by two more, done in two steps.

    `entities` go whole, of others the `statements` (ids). `emptied` is: gone from the database; `swept`: from the files
    as well, and the database is yet to be compacted; `done`: all of it. `note` is what is left to do and for whom; it
    is emptied with the last file. `counts` says how much was taken where.
    """

    personal_data = {
        "ground": STAFF, "reason": STAFF, "reference": STAFF, "entities": STAFF, "statements": LISTED,
        "proposed_by": STAFF, "decided_by": STAFF, "counts": STAFF, "note": LISTED, "scope": STAFF,
    }  # fmt: skip

    class Ground(models.TextChoices):
        UNLAWFUL = "unlawful"
        NOT_NEEDED = "not needed"
        OBLIGATION = "legal obligation"
        ORDER = "order"

    class Scope(models.TextChoices):
        RECORD = "record"
        CLUSTER = "cluster"
        STATEMENTS = "statements"

    class State(models.TextChoices):
        PROPOSED = "proposed"
        SENT_BACK = "sent back"
        RESTRICTED = "restricted"
        WAITING = "waiting"
        EMPTIED = "emptied"
        SWEPT = "swept"
        DONE = "done"

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="erasures")
    scope = models.CharField(max_length=12, choices=Scope.choices)
    entities = models.JSONField(default=list)
    statements = models.JSONField(default=list)
    ground = models.CharField(max_length=20, choices=Ground.choices)
    reason = models.TextField()
    reference = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED, db_index=True)
    proposed_by = models.CharField(max_length=200)
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    matter = models.ForeignKey(Item, models.PROTECT, null=True, related_name="erasures")
    counts = models.JSONField(default=dict)
    note = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"E-{self.proposed_at:%Y}-{self.pk}"

    @property
    def is_under_way(self) -> bool:
        """Whether two people have agreed and it is not finished yet."""
        return self.state in (self.State.WAITING, self.State.EMPTIED, self.State.SWEPT)


class Stone(models.Model):
    """What was erased and may not come in again: a keyed hash, so that the stone does not say what lies under it.

    `single` marks a statement of an entity that stays; the others stand for whole entities.
    """

    no_personal_data = "keyed hashes"

    hash = models.BinaryField(max_length=32, unique=True)
    single = models.BooleanField(default=False)
    erasure = models.ForeignKey(Erasure, models.PROTECT, related_name="stones")

    def __str__(self) -> str:
        return bytes(self.hash).hex()[:16]
