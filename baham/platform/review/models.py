"""Matters that wait for a decision, and the decisions taken on them."""

from django.db import models
from django.utils import timezone

from baham.kernel.decision import Decision as Ruled
from baham.kernel.handling import TLP
from baham.platform.ledger.models import Entity
from baham.platform.protection import LISTED, STAFF, SUBJECT


class Item(models.Model):
    """One matter. `proposal` is what is put forward, `evidence` what speaks for and against it, both JSON.

    `proposed_by` is a user name, or `engine:names` and the like. `outcome` is empty while the matter is open.
    """

    personal_data = {"title": SUBJECT, "proposal": SUBJECT, "evidence": LISTED, "proposed_by": STAFF, "asker": STAFF,
                     "passed_to": STAFF}  # fmt: skip

    kind = models.CharField(max_length=40, db_index=True)
    title = models.CharField(max_length=300)
    asker = models.CharField(max_length=200, blank=True)
    proposal = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)
    entity = models.ForeignKey(Entity, models.PROTECT, null=True, related_name="matters")
    other = models.ForeignKey(Entity, models.PROTECT, null=True, related_name="matters_as_other")
    proposed_by = models.CharField(max_length=200)
    tlp = models.SmallIntegerField(default=2)
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True, db_index=True)
    closed_at = models.DateTimeField(null=True)
    passed_to = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def tlp_label(self) -> str:
        return TLP(self.tlp).label

    @property
    def is_overdue(self) -> bool:
        return not self.outcome and self.due_at is not None and self.due_at < timezone.now()

    @property
    def count_for(self) -> int:
        return sum(evidence["direction"] == "for" for evidence in self.evidence)

    @property
    def count_against(self) -> int:
        return sum(evidence["direction"] == "against" for evidence in self.evidence)


class Signature(models.Model):
    """One decision on a matter by one person. Four-eyes matters take two that agree."""

    personal_data = {"by": STAFF, "reason": SUBJECT, "choice": SUBJECT}

    item = models.ForeignKey(Item, models.PROTECT, related_name="signatures")
    choice = models.CharField(max_length=20)
    reason = models.TextField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.by}: {self.choice}"

    @property
    def decision(self) -> Ruled:
        return Ruled(self.choice, self.reason, self.by, self.at)
