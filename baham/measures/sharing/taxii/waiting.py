"""What partners posted to moderated collections and nobody has decided on yet, as people read it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from baham.kernel.handling import Handling
from baham.measures.sharing.taxii.models import Collection, State, Stored
from baham.measures.sharing.taxii.readers import read_handling
from baham.platform.release.models import Partner

MOST_SHOWN = 6_000
"""Characters of an object that a page of many shows; where it has more, it is decided on once all of it is shown."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAMES = (
    "name",
    "value",
    "pattern",
    "abstract",
    "opinion",
    "content",
    "path",
    "subject",
    "display_name",
    "user_id",
    "key",
    "url",
    "definition",
)
"""Where STIX 2.1 says what an object is called, in the order in which one is taken; types differ in what they have."""
_LEADS_TO = ("source_ref", "relationship_type", "target_ref", "sighting_of_ref")


@dataclass(frozen=True, slots=True)
class Posted:
    """One object that waits. `text` is all that it says; `cut` that the page does not show the end of it."""

    seq: int
    stix_id: str
    type: str
    called: str
    handling: Handling
    at: datetime
    text: str
    cut: bool


@dataclass(frozen=True, slots=True)
class Group:
    """What one partner posted to one collection, as far as it stands on a page."""

    collection: Collection
    partner: Partner | None
    objects: list[Posted]

    @property
    def numbers(self) -> str:
        """All that are shown whole, as one value of a form: who marks all decides on what is before them and on
        nothing else."""
        return ",".join(str(one.seq) for one in self.objects if not one.cut)


def waiting() -> QuerySet[Stored]:
    """What waits, by collection and partner, what came first first."""
    found = Stored.objects.filter(state=State.WAITING).select_related("collection__root", "owner", "marking", "post")
    return found.order_by("collection__title", "collection", "owner__title", "owner", "seq")


def count() -> int:
    """How many objects wait, in all collections."""
    return Stored.objects.filter(state=State.WAITING).order_by().count()


def groups(rows: Iterable[Stored], whole: str = "") -> Iterator[Group]:
    """Rows of `waiting`, by collection and partner; the object of the number `whole` is shown to its end."""
    for _key, some in groupby(rows, key=lambda row: (row.collection_id, row.owner_id)):
        several = [(row, json.loads(bytes(row.raw))) for row in some]
        names = {row.stix_id: called(item) for row, item in several}
        first = several[0][0]
        yield Group(first.collection, first.owner, [_posted(row, item, names, whole) for row, item in several])


def _posted(row: Stored, item: dict[str, Any], names: Mapping[str, str], whole: str) -> Posted:
    text = json.dumps(item, ensure_ascii=False, indent=2)
    most = len(text) if str(row.seq) == whole else MOST_SHOWN
    at = _EPOCH + timedelta(microseconds=row.post.at if row.post is not None else row.added)
    return Posted(
        row.seq, row.stix_id, row.type, called(item, names), handling_of(row), at, text[:most], len(text) > most
    )


def handling_of(row: Stored) -> Handling:
    """How an object may be handled."""
    return read_handling(row.marking.handling)


def called(item: dict[str, Any], names: Mapping[str, str] | None = None) -> str:
    """What an object is called: its name or whatever its type has for one; of a tie, what it ties, by the `names` of
    its ends ({id: name}) where they are known. At most 300 characters; empty where it says nothing of the kind."""
    for name in _NAMES:
        if isinstance(item.get(name), str) and item[name].strip():
            return str(item[name])[:300]
    ends = [item[name] for name in _LEADS_TO if isinstance(item.get(name), str)]
    return " ".join((names or {}).get(end) or end for end in ends)[:300]
