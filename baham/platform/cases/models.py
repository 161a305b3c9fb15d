"""How cases are stored. Written by this room's services alone; what was done to a case is never changed or deleted."""

from django.db import models
from django.utils import timezone

from baham.platform.accounts.models import Organisation
from baham.platform.protection import STAFF, SUBJECT


class Case(models.Model):
    """One case. `state` and the keys of `given` are codes of its workflow; `revision` counts what was done to it, and
    whoever does something says which one they saw. `owner` is the organisation that works on it; none, the operator."""

    personal_data = {"title": SUBJECT, "given": SUBJECT, "opened_by": STAFF}
    technical = ("workflow",)

    workflow = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=60)
    revision = models.PositiveIntegerField(default=0)
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="cases")
    title = models.CharField(max_length=300)
    given = models.JSONField(default=dict)
    opened_by = models.CharField(max_length=200)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["workflow", "state"], name="case_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        return f"C-{self.pk:05}"

    @property
    def is_over(self) -> bool:
        return self.closed_at is not None


class Step(models.Model):
    """What was done to a case, once for each revision: which move, by whom, on what ground, which fields changed.

    `key` is given by whoever might ask twice (a program, a form that is sent again): one key is one step.
    """

    personal_data = {"by": STAFF, "reason": SUBJECT}
    technical = ("move", "came_from", "to", "ground", "changed", "key")

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    revision = models.PositiveIntegerField()
    move = models.CharField(max_length=60)
    came_from = models.CharField(max_length=60, blank=True)
    to = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    by = models.CharField(max_length=200)
    act = models.CharField(max_length=60, blank=True)
    ground = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    changed = models.JSONField(default=list)
    key = models.CharField(max_length=80, null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["revision"]
        constraints = [
            models.UniqueConstraint(fields=["case", "revision"], name="step_once"),
            models.UniqueConstraint(fields=["case", "key"], name="step_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}.{self.revision} {self.move}"


class Running(models.Model):
    """A clock of a case: days of its budget, how many it has used up, since when it runs (none: it stands still), and
    the day on which it runs out as things are."""

    no_personal_data = "days of a case's clock"

    case = models.ForeignKey(Case, models.PROTECT, related_name="clocks")
    code = models.CharField(max_length=60)
    days = models.PositiveIntegerField()
    spent = models.PositiveIntegerField(default=0)
    since = models.DateField(null=True)
    due_on = models.DateField(null=True, db_index=True)

    class Meta:
        ordering = ["due_on", "code"]
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="clock_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.code}"

    @property
    def is_overdue(self) -> bool:
        return self.due_on is not None and self.due_on <= timezone.localdate()


class Fired(models.Model):
    """A rung of a clock that was reached: a reminder so many days before its end, or 0, the end. Each once."""

    no_personal_data = "that a clock of a case reminded"

    clock = models.ForeignKey(Running, models.PROTECT, related_name="fired")
    rung = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clock", "rung"], name="rung_once")]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.rung}"


class Tell(models.Model):
    """That a party is to be told of a step: written with the step, delivered afterwards, at least once and found done
    when it is done twice. `letter` is what it was told, as composed when it was delivered."""

    personal_data = {"party": SUBJECT, "letter": SUBJECT, "problem": STAFF}

    step = models.ForeignKey(Step, models.PROTECT, related_name="tells")
    kind = models.CharField(max_length=60)
    party = models.CharField(max_length=200, blank=True)
    letter = models.JSONField(default=dict)
    attempts = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField(default=timezone.now, db_index=True)
    told_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["step", "kind", "party"], name="tell_once")]

    def __str__(self) -> str:
        return f"{self.step_id} {self.kind}"


class Holiday(models.Model):
    """A day that clocks of working days pass over, entered by people, with its name."""

    personal_data = {"by": STAFF}
    technical = ("day", "title")

    day = models.DateField(unique=True)
    title = models.CharField(max_length=120)
    by = models.CharField(max_length=200)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return self.title
