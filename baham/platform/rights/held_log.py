"""What the log says to others than the auditor: to the person concerned, who read their records (Article 14); to
oversight, how a request was handled. This file alone reads it here (safeguard S-04)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from baham.kernel.chunks import in_chunks
from baham.platform.accounts.purposes import BY_CODE
from baham.platform.audit.models import Entry, Event
from baham.platform.review.models import Item
from baham.platform.rights import held_work
from baham.platform.rights.access import Concerned
from baham.platform.rights.models import Request
from baham.platform.rights.people import officer
from baham.platform.rights.telling import Line, Part, Thing

_LISTS = ("entities", "matters", "clearings")
"""Where entries of the log name several records at once."""
_FEW = 10


def readers(person: Concerned) -> Iterator[Thing]:
    """Who read the person's records, searched for them or was shown them: a line for each day, reader and purpose."""
    matters = {item.pk for item in held_work.matters_of(person)}
    clearings = {one.pk for one in held_work.clearings_of(person)}
    wanted = {"entities": set(person.pks), "matters": matters, "clearings": clearings}
    subjects = [
        f"{sort}:{pk}"
        for sort, pks in zip(("entity", "matter", "clearing"), wanted.values(), strict=True)
        for pk in pks
    ]
    read = (Event.CONSULTATION, Event.DISCLOSURE)
    entries = {one.number: one for one in Entry.objects.filter(subject__in=subjects, event__in=read)}
    for one in _naming(Entry.objects.filter(event__in=read), wanted):
        entries[one.number] = one
    groups: dict[tuple[str, str, str, str, str], list[datetime]] = defaultdict(list)
    for number in sorted(entries):
        one = entries[number]
        day = timezone.localtime(one.at).date().isoformat()
        groups[day, one.actor, one.purpose, one.event, one.recipient].append(one.at)
    for (day, actor, purpose, event, recipient), times in groups.items():
        lines = [
            Line("on", day, "date"),
            officer("by", actor, times[0]),
            Line("event", event, "event"),
            Line("times", str(len(times)), "number"),
        ]
        if purpose in BY_CODE:
            lines.append(Line("purpose", purpose, "purpose"))
        if recipient:
            own = recipient == "the person concerned"
            lines.append(
                Line(
                    "recipient", recipient, "word" if own else "text", Part.OWN if own else Part.RECIPIENT, "recipient|"
                )
            )
        yield Thing("readers", f"log:{day}:{actor}", tuple(lines), reading=True)


def _naming(entries: QuerySet[Entry], wanted: Mapping[str, set[int]]) -> Iterator[Entry]:
    """Entries of the log whose detail names one of these records in a list. JSON is searched as text, which both
    databases can, for the name of the list and, where they are few, for the numbers in it. The log is read once."""
    found = Q(pk__in=[])
    for name in _LISTS:
        if wanted[name]:
            few = sorted(wanted[name]) if len(wanted[name]) <= _FEW else []
            numbers = [Q(text__contains=f"{a}{pk}{b}") for pk in few for a in "[ " for b in ",]"]
            found |= Q(text__contains=f'"{name}"') & reduce(or_, numbers, Q())
    rows = entries.annotate(text=Cast("detail", TextField())).filter(found).values_list("number", "detail")
    numbers_of = [
        number
        for number, detail in rows.iterator()
        if any(not wanted[name].isdisjoint(map(int, detail.get(name) or ())) for name in _LISTS)
    ]
    for some in in_chunks(numbers_of):
        yield from Entry.objects.filter(number__in=some)


def handling_of(one: Request) -> QuerySet[Entry]:
    """The entries of the log on a request and its matters, in their order."""
    matters = Item.objects.filter(proposal__request=one.pk, kind__in=("access", "access-again", "oversight-advice"))
    subjects = [f"request:{one.pk}", *(f"matter:{pk}" for pk in matters.values_list("pk", flat=True))]
    return Entry.objects.filter(subject__in=subjects).order_by("number")
