"""The auditor's page. Only auditors reach it, and there is no other way to the log (safeguard S-04)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from baham.platform.accounts.access import needs
from baham.platform.audit import anchor
from baham.platform.audit.models import Entry, Event, Head
from baham.platform.audit.verify import verify

_PAGE = 50


@needs("audit.see")
def audit(request: HttpRequest) -> HttpResponse:
    """The log, newest first; by person, kind of event, or what it was done to."""
    entries = Entry.objects.order_by("-number")
    chosen = {name: request.GET.get(name, "").strip()[:300] for name in ("actor", "event", "subject")}
    for name, value in chosen.items():
        if value:
            entries = entries.filter(**{name: value})
    page = Paginator(entries, _PAGE).get_page(request.GET.get("page"))
    return render(request, "audit/audit.html", {"page": page, "chosen": chosen, "events": Event.choices})


@require_POST
@needs("audit.see")
def verify_log(request: HttpRequest) -> HttpResponse:
    """Examine the whole log, and show the tree head that an outsider may keep."""
    finding = verify()
    head = Head.objects.filter(pk=1).first()
    context = {"finding": finding, "head": head, "checkpoint": _checkpoint_text(), "key": anchor.public_key()}
    return render(request, "audit/verified.html", context)


def _checkpoint_text() -> str:
    path = anchor.folder() / "checkpoint"
    return path.read_text() if path.exists() else ""
