"""Taking the words about an erased person out of the log, and the entry that says of which rows.

Who did what, when, under which purpose and to which record stays, and so does every leaf of the tree. A row without its
words counts as untouched only where an entry of the log names it, so nobody takes words out unseen (`verify.py`).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from baham.platform.audit.models import SEALED, Entry, Event, Reading
from baham.platform.audit.services import Actor, record, take_the_pen
from baham.platform.places import Concerned, texts_of

ACT = "emptied entries"
_BATCH = 500


@dataclass(slots=True)
class Named:
    """What erasures in the log say of rows: the fields that they emptied, and a hash of what was left of an old one."""

    fields: dict[int, frozenset[str]] = field(default_factory=dict)
    rests: dict[int, str] = field(default_factory=dict)


def named() -> Named:
    """All that the log's own entries say was emptied."""
    found = Named()
    for detail in (
        Entry.objects.filter(event=Event.ERASURE, act=ACT).order_by("number").values_list("detail", flat=True)
    ):
        for name, numbers in detail.get("emptied", {}).items():
            for number in numbers:
                found.fields[number] = found.fields.get(number, frozenset()) | {name}
        found.rests |= {int(number): rest for number, rest in detail.get("rests", {}).items()}
    return found


def holds(concerned: Concerned) -> int:
    """How many entries of the log are about the record itself; others that speak of it are found when it is erased."""
    return _with_words().filter(subject__in=_subjects(concerned)).count()


def erase(concerned: Concerned) -> int:
    """Take those words out, and say so in the log. Inside the caller's transaction, after every other place."""
    take_the_pen()
    emptied: dict[str, list[int]] = defaultdict(list)
    rests: dict[str, str] = {}
    batch: list[Entry] = []
    count = 0
    for entry, names in list(_speaking(concerned)):
        entry.take_out(names)
        for name in names:
            emptied[name].append(entry.number)
        if entry.form == 1:
            rests[str(entry.number)] = entry.rest_hash()
        batch.append(entry)
        count += 1
        if len(batch) == _BATCH:
            _keep(batch)
    _keep(batch)
    Reading.objects.filter(record__in=[f"entity:{pk}" for pk in concerned.entities]).delete()
    if count:
        record(Actor(concerned.by), Event.ERASURE, ACT, concerned.on, emptied=dict(emptied), rests=rests)
    return count


def _keep(batch: list[Entry]) -> None:
    Entry.objects.bulk_update(batch, [*SEALED, "salt", "sealed"])
    batch.clear()


def _speaking(concerned: Concerned) -> Iterator[tuple[Entry, list[str]]]:
    """Entries with the fields that are to go: of one about the record itself, what it is called, why somebody did
    something, and as what the person was set apart; of any other, each field that speaks of the person. Reads the whole
    log once; the entries that name what was emptied have numbers and hashes alone, and prove nothing without them."""
    subjects = _subjects(concerned)
    words = {"gave standing": ("title", "justification", "detail")}
    for entry in _with_words().exclude(event=Event.ERASURE, act=ACT).iterator(2_000):
        about_it = entry.subject in subjects
        names = [
            name
            for name in SEALED
            if getattr(entry, name)
            and (
                (about_it and name in words.get(entry.act, ("title", "justification")))
                or any(_speaks(entry, name, text, concerned) for text in texts_of(getattr(entry, name)))
            )
        ]
        if names:
            yield entry, names


def _speaks(entry: Entry, name: str, text: str, concerned: Concerned) -> bool:
    """Of a record's entry the title is what the record is called: one that is called more than the person is another's,
    whose name has the same words."""
    called = name == "title" and entry.subject.startswith("entity:")
    return concerned.is_called(text) if called else concerned.speaks_of(text)


def _subjects(concerned: Concerned) -> set[str]:
    """How the log calls what is erased."""
    records = {f"entity:{pk}" for pk in concerned.entities}
    return {*concerned.known_as, *records, *(f"statement:{sid}" for sid in concerned.statements)}


def _with_words() -> QuerySet[Entry]:
    return Entry.objects.exclude(Q(title="") & Q(justification="") & Q(case="") & Q(detail={})).order_by("number")
