"""Marking a statement: who may have it, for what, how far it may be acted on, and until when.

Making a marking stricter is anybody's who grades. Making it wider lets things leave: it takes whoever signs releases,
and what a partner marked is not made wider here at all; its originator is asked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date

from baham.kernel.handling import PAP, TLP, Handling
from baham.platform.accounts.purposes import BY_CODE
from baham.platform.audit.services import Actor, take_the_pen
from baham.platform.ledger import annotate
from baham.platform.ledger.annotate import CannotAnnotate
from baham.platform.ledger.models import HandlingGiven, handling_of
from baham.platform.ledger.record import Value

CIRCLES: list[Callable[[], Iterable[tuple[str, str]]]] = []
"""To whom something may be made releasable, as (UUID, title); rooms above add theirs when they are ready."""
_MOST = 40


def circles(now: Handling) -> list[tuple[str, str]]:
    """Every party and circle that a marking may name; those that it names now and nobody here knows by their own name,
    so that none of them is lost, and all opened by it, by looking at the form."""
    known = [pair for find in CIRCLES for pair in find()]
    named = {name for name, _title in known}
    return known + [(name, name) for name in sorted(now.releasable_to or ()) if name not in named]


def called(parties: Iterable[str]) -> list[str]:
    """What those are called to whom something is releasable; the id of whom nobody here knows."""
    titles = {code: title for find in CIRCLES for code, title in find()}
    return sorted(titles.get(one, one) for one in parties)


def read(given: Mapping[str, str], lists: Callable[[str], Sequence[str]], now: Handling) -> Handling:
    """The marking that a form says of what is marked `now`; `lists` gives the values of a field that has several.
    Raises CannotAnnotate.

    No party named: all that the TLP reaches. No purpose named: every purpose.
    """
    try:
        tlp, pap = TLP(int(given.get("tlp", ""))), PAP(int(given.get("pap", "")))
    except ValueError as error:
        raise CannotAnnotate("Choose a TLP and a PAP.") from error
    to, purposes = lists("releasable_to"), lists("purposes")
    if set(to) - {name for name, _title in circles(now)} or set(purposes) - BY_CODE.keys():
        raise CannotAnnotate("Choose among the parties, circles and purposes that are shown.")
    originators = [line for line in map(str.strip, given.get("originators", "").splitlines()) if line]
    if len(originators) > _MOST or any(len(line) > 200 for line in originators):
        raise CannotAnnotate("Name the originators one on a line, at most forty of them.")
    return Handling(
        tlp,
        pap,
        frozenset(to) or None,
        frozenset(originators),
        frozenset(purposes) or None,
        _end_of(given.get("expires", "")),
    )


def _end_of(written: str) -> datetime | None:
    if not written:
        return None
    try:
        day = parse_date(written)
    except ValueError:
        day = None
    if day is None or day < timezone.localdate():
        raise CannotAnnotate("The day on which the permission ends is a day to come.")
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


@transaction.atomic
def mark(value: Value, wanted: Handling, actor: Actor, reason: str, *, may_widen: bool) -> HandlingGiven:
    """Put a value under this marking. Raises CannotAnnotate where that would be wider than `actor` may make it."""
    take_the_pen()  # of two at the same moment the later one is held against what the earlier one said
    given = [one for one in HandlingGiven.objects.filter(sid=value.statement.sid_hex) if one.counts_in(value.dataset)]
    theirs = [one for one in given if one.by.startswith("partner:")]
    if theirs and not wanted.is_at_least_as_strict_as(theirs[-1].handling):
        raise CannotAnnotate("What a partner marked is not made wider here; ask the partner.")
    if not may_widen and not wanted.is_at_least_as_strict_as(handling_of(value.dataset, given)):
        raise CannotAnnotate("Whoever signs releases makes a marking wider; you may make it stricter.")
    return annotate.handle(value.statement, wanted, actor, reason)
