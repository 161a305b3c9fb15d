"""The handling of what is posted: by standards' definitions, those that come with it, and what its words say."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from baham.formats.canonical import canonical
from baham.formats.stix.markings import TLP_OF, in_text, named, read
from baham.kernel.chunks import in_chunks
from baham.kernel.handling import Handling
from baham.measures.sharing.taxii import border
from baham.measures.sharing.taxii.border import Posted
from baham.measures.sharing.taxii.models import Collection, Marking, State, Stored
from baham.measures.sharing.taxii.readers import write_handling
from baham.platform.release.models import Partner

MOST_MARKINGS, MOST_MARKING_BYTES = 1_000, 10_000
"""Different handlings that one partner may bring in, and bytes of one."""
_AT_ONCE = 500
"""Ids in one look-up; SQLite allows a thousand values in a statement where it was built long ago."""


def markings_of(partner: Partner, collection: Collection, new: Sequence[Posted]) -> list[int | border.Refused]:
    """The marking of each object: by the standards' definitions, by those that come with it, by those stored before;
    or why there is none."""
    definitions = {posted.id: posted.item for posted in new if posted.type == "marking-definition"}
    kinds = [_marks_of(posted) for posted in new]
    one_of_each = dict(zip(kinds, (posted.item for posted in new), strict=True))
    wanted = {ref for item in one_of_each.values() for ref in named(item) if ref and ref not in TLP_OF}
    # One that was there first holds, also where another of its id was taken in beside it: nothing loosens it.
    definitions |= _stored_definitions(partner, collection, sorted(wanted))
    numbers: dict[str, int | border.Refused] = {}
    for marks, item in one_of_each.items():
        try:
            numbers[marks] = marking_of(read(item, definitions), partner)
        except border.Refused as refused:
            numbers[marks] = refused
    return [numbers[marks] for marks in kinds]


def _marks_of(posted: Posted) -> str:
    """All of an object that its handling depends on, as a text: most objects of a request say the same."""
    own = posted.id if posted.id in TLP_OF else ""
    given = (posted.item.get("object_marking_refs"), posted.item.get("granular_markings"))
    return repr((own, *given, in_text(posted.item)))


def _stored_definitions(
    partner: Partner, collection: Collection, wanted: Sequence[str]
) -> dict[str, Mapping[str, Any]]:
    """Marking definitions in the collection that others have seen accepted, or that the partner itself posted."""
    found: dict[str, Mapping[str, Any]] = {}
    for some in in_chunks(wanted, _AT_ONCE):
        rows = Stored.objects.filter(
            Q(state=State.ACCEPTED) | Q(state=State.WAITING, owner=partner),
            collection=collection,
            type="marking-definition",
            stix_id__in=some,
        )
        for number, raw in rows.order_by("beside", "seq").values_list("stix_id", "raw"):
            found.setdefault(number, json.loads(bytes(raw)))
    return found


def marking_of(handling: Handling, by: Partner | None = None) -> int:
    """The id of the marking that stands for a handling; made the first time that it is met. Raises Refused.

    Partners say how their objects are handled, so they could make any number of markings, and each reading looks at
    all. Each partner brings in so many and no more.
    """
    written = canonical(write_handling(handling))
    digest = hashlib.sha256(written).hexdigest()
    found = Marking.objects.filter(digest=digest).values_list("pk", flat=True).first()
    if found is not None:
        return found
    if len(written) > MOST_MARKING_BYTES:
        raise border.Refused(f"Its marking names more than {MOST_MARKING_BYTES:,} bytes of parties and purposes.")
    if by is not None and Marking.objects.filter(by=by).count() >= MOST_MARKINGS:
        raise border.Refused(
            f"Its handling would be another than the {MOST_MARKINGS:,} that you have used here; use one of those."
        )
    defaults = {"handling": write_handling(handling), "by": by}
    return Marking.objects.get_or_create(digest=digest, defaults=defaults)[0].pk
