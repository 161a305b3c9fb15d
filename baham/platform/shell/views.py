"""Home (what is new, what waits for me, what is overdue), about, and the sign of life."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

import baham
from baham.platform.accounts.access import needs, public
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit.services import Actor, consulted
from baham.platform.jobs.models import Job, State
from baham.platform.ledger.models import Version
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.review import upkeep
from baham.platform.review.models import Item
from baham.platform.review.rows import rows_of
from baham.platform.review.services import open_items, waiting_for
from baham.platform.safeguards import REGISTER

_NEW_AFTER = timedelta(hours=12)
_SHOWN = 12


@needs("home.see")
def home(request: ConsoleRequest) -> HttpResponse:
    """What is new since the last visit, what waits for this person, and what is overdue."""
    user, now = request.user, timezone.now()
    since = _last_visit(request)
    sees_matters = user.may("review.see")
    if sees_matters:
        upkeep.bring_up(_SHOWN)
    reader = NeedToKnow.of(request)
    late = open_items(user).filter(due_at__lt=now) if sees_matters else Item.objects.none()
    waits = waiting_for(user).exclude(due_at__lt=now)
    counts = late.count(), waits.count()
    overdue, waiting = (rows_of(items.prefetch_related("signatures")[:_SHOWN], reader) for items in (late, waits))
    shown = [row.item.pk for row in (*overdue, *waiting)]
    if shown and request.purpose is not None:
        consulted(Actor.of(request), "home", matters=shown)
    loaded = Version.objects.filter(loaded_at__gt=since).select_related("dataset").order_by("-loaded_at")
    versions = [version for version in loaded if reader.closes(version.dataset) is None]
    for version in versions:
        vars(version).update(counted=reader.keeps(version.dataset))
    jobs = list(Job.objects.filter(owner=user.username, ended_at__gt=since).exclude(state=State.QUEUED)[:_SHOWN])
    context = {
        "now": now,
        "since": since,
        "sees_matters": sees_matters,
        "overdue": overdue,
        "overdue_count": counts[0],
        "waiting": waiting,
        "waiting_count": counts[1],
        "versions": versions[:_SHOWN],
        "jobs": jobs,
        "new": len(versions) + len(jobs),
    }
    return render(request, "shell/home.html", context)


def _last_visit(request: ConsoleRequest) -> datetime:
    """When this person was last here before this session; kept for the session, so that "new" stays new all day."""
    if "since" not in request.session:
        since = request.user.seen_at or timezone.now() - 14 * _NEW_AFTER
        request.session["since"] = since.isoformat()
        request.user.seen_at = timezone.now()
        request.user.save(update_fields=["seen_at"])
    return datetime.fromisoformat(request.session["since"])


@needs("home.see")
def about(request: ConsoleRequest) -> HttpResponse:
    """What this is, its version, and the register of safeguards."""
    return render(request, "shell/about.html", {"version": baham.__version__, "register": REGISTER})


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """That the process answers. Says nothing else."""
    return JsonResponse({"status": "ok"})
