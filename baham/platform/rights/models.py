"""Requests of persons concerned and what was done on them. Written by this room's services."""

from datetime import datetime, time

from django.db import models
from django.utils import timezone

from baham.platform.ledger.models import Entity
from baham.platform.protection import LISTED, STAFF, PersonalData, Sensitivity
from baham.platform.review.models import Item

ASKING = PersonalData(
    "answering somebody who asks what is held about them",
    "persons who ask for access",
    "a year after the answer, longer while oversight examines it",
    Sensitivity.HIGH,
)

ANSWERED = PersonalData(
    "showing that persons who ask are answered, and how",
    "persons who ask for access",
    "as long as the log; it says nothing of who asked",
)


class Request(models.Model):
    """That somebody asked what is held about them (Directive (EU) 2016/680, Article 14).

    `asked` is their name and what else tells them apart, as they gave it; `entities` the records that officers found to
    be theirs. Of how to reach them only a `reference` is kept, which the office that received the request understands.
    `matter` is where people decide. When they have, `content` is the answer as they signed it, and `kept` counts what
    was kept back, by sort, also what the answer does not mention.
    """

    personal_data = {
        "asked": ASKING,
        "verified": ASKING,
        "reference": ASKING,
        "language": ASKING,
        "content": ASKING,
        "received_on": ANSWERED,
        "due_on": ANSWERED,
        "recorded_by": STAFF,
        "answer": ANSWERED,
        "grounds": ANSWERED,
        "kept": ANSWERED,
    }

    asked = models.JSONField(default=dict)
    entities = models.ManyToManyField(Entity, related_name="access_requests")
    received_on = models.DateField()
    due_on = models.DateField()
    verified = models.CharField(max_length=300)
    reference = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField(default=timezone.now)
    matter = models.ForeignKey(Item, models.PROTECT, null=True, related_name="access_requests")
    answer = models.CharField(max_length=20, blank=True)
    answered_at = models.DateTimeField(null=True)
    grounds = models.JSONField(default=dict)
    content = models.JSONField(null=True)
    kept = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What letters and pages call it."""
        return f"A-{self.pk:06}"

    @property
    def name(self) -> str:
        return str(self.asked.get("name", ""))

    @property
    def is_open(self) -> bool:
        return not self.answer

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()

    @property
    def may_be_examined(self) -> bool:
        """Whether oversight may be asked to look at it: it was answered, or was not answered in time (Article 17)."""
        return bool(self.answer) or self.is_overdue

    @property
    def due_at(self) -> datetime:
        """The end of the last day on which it is answered in time."""
        return timezone.make_aware(datetime.combine(self.due_on, time(23, 59, 59)))


class Word(models.Model):
    """What one person wants kept and on which ground, beside their signature: two people must say the same."""

    personal_data = {"by": STAFF, "choice": ANSWERED, "grounds": ANSWERED}

    request = models.ForeignKey(Request, models.PROTECT, related_name="words")
    matter = models.ForeignKey(Item, models.PROTECT, related_name="words")
    choice = models.CharField(max_length=20)
    grounds = models.JSONField(default=dict)
    by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.request} {self.by}: {self.choice}"


class GivenOut(models.Model):
    """That the answer was made out: in which language and form, by whom, how much it told, and the file's SHA-256."""

    personal_data = {"language": ANSWERED, "form": ANSWERED, "by": STAFF}

    request = models.ForeignKey(Request, models.PROTECT, related_name="given_out")
    language = models.CharField(max_length=8)
    form = models.CharField(max_length=4)
    items = models.IntegerField()
    kept = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.request} {self.language} {self.form}"


class Examination(models.Model):
    """That oversight examines an answer (Article 17), at the person's wish or by itself, and what it found.

    Oversight changes nothing: `matter` is what it put before those who decide. The person is told that all necessary
    verifications have taken place, and nothing else (`told_at`).
    """

    personal_data = {
        "reasons": ASKING,
        "opened_by": STAFF,
        "by": STAFF,
        "finding": ANSWERED,
        "advice": ANSWERED,
        "due_on": ANSWERED,
        "brought_by": ANSWERED,
        "language": ANSWERED,
    }

    class Finding(models.TextChoices):
        LAWFUL = "lawful"
        AGAIN = "again"
        UNLAWFUL = "unlawful"

    request = models.ForeignKey(Request, models.PROTECT, related_name="examinations")
    brought_by = models.CharField(max_length=10)
    opened_by = models.CharField(max_length=200)
    opened_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField()
    finding = models.CharField(max_length=10, choices=Finding.choices, blank=True)
    advice = models.CharField(max_length=20, blank=True)
    reasons = models.TextField(blank=True)
    by = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(null=True)
    matter = models.ForeignKey(Item, models.PROTECT, null=True, related_name="examinations")
    language = models.CharField(max_length=8, blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"X-{self.pk:06}"

    @property
    def is_overdue(self) -> bool:
        return not self.finding and self.due_on < timezone.localdate()


class Erasure(models.Model):
    """That a record, or some of it, is to be erased: asked for by one person, decided by two more, done in two steps.

    `entities` go whole, of others the `statements` (ids). `emptied` is: gone from the database; `swept`: from the files
    as well, and the database is yet to be compacted; `done`: all of it. `note` is what is left to do and for whom; it
    is emptied with the last file. `counts` says how much was taken where.
    """

    personal_data = {
        "ground": STAFF,
        "reason": STAFF,
        "reference": STAFF,
        "entities": STAFF,
        "statements": LISTED,
        "proposed_by": STAFF,
        "decided_by": STAFF,
        "counts": STAFF,
        "note": LISTED,
        "scope": STAFF,
    }

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
