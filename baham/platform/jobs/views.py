"""The page of one job: how far it is, and the button that stops it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.jobs import alive
from baham.platform.jobs.models import Job, State
from baham.platform.jobs.services import stop


@needs("home.see")
def job(request: ConsoleRequest, pk: object) -> HttpResponse:
    """How far a job is. With htmx it asks again by itself; without JavaScript the page reloads."""
    found = get_object_or_404(Job, pk=pk, owner=request.user.username)
    template = "jobs/_progress.html" if request.htmx else "jobs/job.html"
    return render(request, template, {"job": found, "waits_in_vain": found.state == State.QUEUED and not alive.runs()})


@require_POST
@needs("home.see")
def stop_job(request: ConsoleRequest, pk: object) -> HttpResponse:
    """Ask a job to stop."""
    found = get_object_or_404(Job, pk=pk, owner=request.user.username)
    stop(found)
    return redirect("job", pk=found.pk)
