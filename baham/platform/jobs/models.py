"""A piece of long work and how far it is."""

import uuid

from django.db import models
from django.utils import timezone

from baham.platform.protection import STAFF, SUBJECT


class State(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class Job(models.Model):
    """`kind` names the work (`registry.KINDS`), `given` is its input, `result` what came of it; JSON both."""

    personal_data = {
        "owner": STAFF,
        "purpose": STAFF,
        "case": STAFF,
        "title": SUBJECT,
        "given": SUBJECT,
        "result": SUBJECT,
        "message": STAFF,
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=200, db_index=True)
    purpose = models.CharField(max_length=40, blank=True)
    case = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    stop_asked = models.BooleanField(default=False)
    message = models.TextField(blank=True)
    given = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_over(self) -> bool:
        return self.state in (State.DONE, State.FAILED, State.STOPPED)

    @property
    def left_undone(self) -> str:
        """Why what was to follow from what this job did has not been done; empty where it has, or is still to come."""
        if not self.result.get("then"):
            return str(self.result.get("not_begun", ""))
        failed = Job.objects.filter(pk=self.result["then"], state=State.FAILED)
        return failed.values_list("message", flat=True).first() or ""

    @property
    def seconds_left(self) -> int | None:
        """How long it may still take at the pace so far, None while that cannot be said."""
        if self.state != State.RUNNING or not (self.total and self.done and self.started_at):
            return None
        spent = (timezone.now() - self.started_at).total_seconds()
        return round(spent / self.done * (self.total - self.done))
