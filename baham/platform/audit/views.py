"""The auditor's page. Only auditors reach it, and there is no other way to the log (safeguard S-04)."""

from collections.abc import Callable, Iterable, Mapping

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit import anchor
from baham.platform.audit.models import Entry, Event, Head
from baham.platform.audit.verify import verify

_PAGE = 50
_NOT_PERSONAL = frozenset({"client", "collection", "dataset", "partner", "publisher", "scope", "version"})
"""Of what the title names no person, so that it stands beside its number."""
NAMES: list[Callable[[ConsoleRequest, Iterable[int]], Mapping[int, str]]] = []
"""What a room above calls records of its own (`entity:N`) to whoever asks, as far as they may know it."""


@needs("audit.see")
def audit(request: ConsoleRequest) -> HttpResponse:
    """The log, newest first; by person, kind of event, or what it was done to."""
    entries = Entry.objects.order_by("-number")
    chosen = {name: request.GET.get(name, "").strip()[:300] for name in ("actor", "event", "subject")}
    for name, value in chosen.items():
        if value:
            entries = entries.filter(**{name: value})
    page = Paginator(entries, _PAGE).get_page(request.GET.get("page"))
    _name(page, request)
    return render(request, "audit/audit.html", {"page": page, "chosen": chosen, "events": Event.choices})


def _name(page: Iterable[Entry], request: ConsoleRequest) -> None:
    """Leave of the titles what the auditor may read: what was done is examined by its number, whoever it was about."""
    named = {entry: entry.subject.partition(":")[2] for entry in page if entry.subject.startswith("entity:")}
    numbers = {int(number) for number in named.values() if number.isdecimal()}
    known = {number: name for find in NAMES for number, name in find(request, numbers).items()}
    for entry in page:
        if entry in named:
            entry.title = known.get(int(named[entry]), "") if named[entry].isdecimal() else ""
        elif entry.subject.partition(":")[0] not in _NOT_PERSONAL:
            entry.title = ""


@require_POST
@needs("audit.see")
def verify_log(request: ConsoleRequest) -> HttpResponse:
    """Examine the whole log, and show the tree head that an outsider may keep."""
    finding = verify()
    head = Head.objects.filter(pk=1).first()
    context = {"finding": finding, "head": head, "checkpoint": _checkpoint_text(), "key": anchor.public_key()}
    return render(request, "audit/verified.html", context)


def _checkpoint_text() -> str:
    path = anchor.folder() / "checkpoint"
    return path.read_text() if path.exists() else ""
