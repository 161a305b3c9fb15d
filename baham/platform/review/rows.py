"""A matter as lists and pages show it: with its kind, its sentence, and what this person may do about it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.review import passing
from baham.platform.review.kinds import Choice, Kind, heading_of, kind_of
from baham.platform.review.models import Item
from baham.platform.review.reading import as_readable
from baham.platform.review.worklist import waiting_for


@dataclass(frozen=True, slots=True)
class Row:
    """One matter on a list. `mine` says that this person may sign it; `address` leads to it and back to the list."""

    item: Item
    kind: Kind
    heading: SafeString
    mine: bool
    address: str
    passed_to: str

    @property
    def choices(self) -> tuple[Choice, ...]:
        return self.kind.offers(self.item)

    @property
    def answer(self) -> str:
        """What was decided, in words; empty while it is open."""
        return str(self.kind.label_of(self.item.outcome)) if self.item.outcome else ""

    @property
    def ended(self) -> bool:
        """Whether it must be let go because its listing ended."""
        return not self.item.outcome and (self.item.kind == "release" or self.item.listing_ended)


def rows_of(items: Iterable[Item], reader: NeedToKnow, back: str = "") -> list[Row]:
    """The rows of a page, as far as somebody may read the records that they are about. A few queries more than the
    items themselves took."""
    shown, user = list(items), reader.user
    as_readable(shown, reader)
    mine = set(waiting_for(user).filter(pk__in=[item.pk for item in shown]).values_list("pk", flat=True))
    return [_row(item, item.pk in mine, back) for item in shown]


def row_of(item: Item, reader: NeedToKnow) -> Row:
    """One matter as a row."""
    return rows_of([item], reader)[0]


def _row(item: Item, mine: bool, back: str) -> Row:
    query, kind = f"?{urlencode({'in': back})}" if back else "", kind_of(item)
    return Row(
        item,
        kind,
        heading_of(item),
        mine,
        kind.page(item) if kind.page else reverse("matter", args=[item.pk]) + query,
        passing.called(item.passed_to) if item.passed_to else "",
    )
