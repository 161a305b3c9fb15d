"""Matters that wait for a decision, the decisions taken on them, and the way they went from hand to hand."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from baham.kernel.decision import Decision as Ruled
from baham.kernel.handling import TLP
from baham.platform.ledger.models import Dataset, Entity
from baham.platform.protection import LISTED, STAFF, SUBJECT


class Item(models.Model):
    """One matter. `proposal` is what is put forward, `evidence` what speaks for and against it, both JSON.

    `proposed_by` is a user name, or `engine:names` and the like. `outcome` is empty while the matter is open. `title`
    is the asker's own words and may be empty; what a page calls the matter is composed by its kind in the reader's
    language. `passed_to` says who sees it first (`passing.py`), `seen_at` when somebody who may decide it first opened
    it, and `follows` which decided matter it came out of.
    """

    personal_data = {
        "title": SUBJECT,
        "proposal": SUBJECT,
        "evidence": LISTED,
        "proposed_by": STAFF,
        "asker": STAFF,
        "passed_to": STAFF,
        "passed_by": STAFF,
        "seen_by": STAFF,
        "subject_key": SUBJECT,
    }

    kind = models.CharField(max_length=40, db_index=True)
    title = models.CharField(max_length=300, blank=True)
    asker = models.CharField(max_length=200, blank=True)
    proposal = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)
    entity = models.ForeignKey(Entity, models.PROTECT, null=True, related_name="matters")
    other = models.ForeignKey(Entity, models.PROTECT, null=True, related_name="matters_as_other")
    dataset = models.ForeignKey(Dataset, models.PROTECT, null=True, related_name="matters")
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    subject_key = models.CharField(max_length=64, blank=True, db_index=True)
    verdict = models.CharField(max_length=10, blank=True)
    proposed_by = models.CharField(max_length=200)
    tlp = models.SmallIntegerField(default=2)
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=20, blank=True, db_index=True)
    closed_at = models.DateTimeField(null=True, db_index=True)
    passed_to = models.CharField(max_length=200, blank=True)
    passed_by = models.CharField(max_length=200, blank=True)
    passed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at", "pk"]

    def __str__(self) -> str:
        return self.title or " / ".join(name for name in (self.subject_name, self.entry_name) if name)

    @property
    def subject_name(self) -> str:
        """Who was asked about: the other record's caption, or the name as it was given; or the party concerned."""
        if self.other is not None:
            return self.other.caption
        return str(self.proposal.get("name") or self.proposal.get("party", ""))

    @property
    def entry_name(self) -> str:
        """The listed side: the entry, or the whole list."""
        if self.entity is not None:
            return self.entity.caption
        return str(self.dataset) if self.dataset is not None else ""

    @property
    def tlp_label(self) -> str:
        return TLP(self.tlp).label

    @property
    def is_overdue(self) -> bool:
        return not self.outcome and self.due_at is not None and self.due_at < timezone.now()

    @property
    def took(self) -> timedelta | None:
        """From opening to the decision; None while it is open."""
        return self.closed_at - self.opened_at if self.closed_at is not None else None

    @property
    def listing_ended(self) -> bool:
        """Whether its source has delisted or ended the entry, so that it is held against nobody (safeguard S-38)."""
        return self.kind == "match" and self.entity is not None and not self.entity.is_listed

    @property
    def count_for(self) -> int:
        return sum(evidence["direction"] == "for" for evidence in self.evidence)

    @property
    def count_against(self) -> int:
        return sum(evidence["direction"] == "against" for evidence in self.evidence)


class Signature(models.Model):
    """One decision on a matter by one person, who opened it first at `seen_at`. Four eyes take two that agree."""

    personal_data = {"by": STAFF, "reason": SUBJECT, "choice": SUBJECT}

    item = models.ForeignKey(Item, models.PROTECT, related_name="signatures")
    choice = models.CharField(max_length=20)
    reason = models.TextField()
    by = models.CharField(max_length=200)
    seen_at = models.DateTimeField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.by}: {self.choice}"

    @property
    def decision(self) -> Ruled:
        return Ruled(self.choice, self.reason, self.by, self.at)


class Opening(models.Model):
    """When somebody who may sign a matter first opened it: from here the time that a decision took is reckoned."""

    personal_data = {"by": STAFF}

    item = models.ForeignKey(Item, models.PROTECT, related_name="openings")
    by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "by"], name="opening_once")]

    def __str__(self) -> str:
        return f"{self.by}: {self.item_id}"


class Passing(models.Model):
    """That a matter was passed on, to whom (`passing.py`), by whom and why. Append-only; the item has the last."""

    personal_data = {"by": STAFF, "reason": SUBJECT, "to": STAFF}

    item = models.ForeignKey(Item, models.PROTECT, related_name="passings")
    to = models.CharField(max_length=200)
    reason = models.TextField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.item_id} to {self.to}"


class Letter(models.Model):
    """A clearing letter that was made out to the person concerned, in one language."""

    personal_data = {"by": STAFF, "language": SUBJECT}

    item = models.ForeignKey(Item, models.PROTECT, related_name="letters")
    language = models.CharField(max_length=8)
    by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.item_id}, {self.language}"
