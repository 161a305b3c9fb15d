"""Who gives to whom, as far as this installation can see: between us and each partner, and beyond the partners.

Whose word reaches us through a partner stands in the chains of what it gave; to whom a partner passed ours on, in its
answers to recalls. Both are what partners say. Numbers are statements; people are not counted.
"""

import json
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count

from baham.measures.sharing.models import Received
from baham.platform.release.agreements import current
from baham.platform.release.identity import ours
from baham.platform.release.models import Agreement, Holding, Partner, RecallNotice

NEWEST = 1_000
"""Chains that are read of each partner, the newest: enough to see who stands behind it."""


@dataclass(slots=True)
class Flow:
    """What goes between us and one partner, in statements. `origins` are those whose word it relays, `onward` those to
    whom it says that it passed ours on."""

    partner: Partner
    agreement: Agreement | None
    given: int = 0
    taken: int = 0
    waits: int = 0
    unanswered: int = 0
    origins: dict[str, int] = field(default_factory=dict)
    onward: tuple[str, ...] = ()


def flows() -> list[Flow]:
    """Every partner with what goes either way, in a few queries and one for each agreement."""
    found = {one.pk: Flow(one, current(one)) for one in Partner.objects.all()}
    for pk, n in Holding.objects.values_list("partner").annotate(n=Count("pk")).order_by():
        found[pk].given = n
    for pk, state, n in Received.objects.values_list("partner", "state").annotate(n=Count("pk")).order_by():
        found[pk].taken += n
        if state == Received.State.QUARANTINE:
            found[pk].waits = n
    waiting = RecallNotice.objects.filter(answer=RecallNotice.Answer.WAITING)
    for pk, n in waiting.values_list("partner").annotate(n=Count("pk")).order_by():
        found[pk].unanswered = n
    return list(found.values())


def beyond(found: list[Flow]) -> list[Flow]:
    """The same, with who stands behind each partner and to whom it passed on: two queries for each."""
    for flow in found:
        newest = Received.objects.filter(partner=flow.partner).exclude(state=Received.State.RECALLED).order_by("-pk")
        written = newest.values_list("claim", flat=True)[:NEWEST]
        first = Counter(_first_hand(json.loads(claim), str(flow.partner.party)) for claim in written)
        flow.origins = {name: count for name, count in first.most_common() if name}
        told = RecallNotice.objects.filter(partner=flow.partner).exclude(onward=[]).values_list("onward", flat=True)
        flow.onward = tuple(sorted({name for names in told for name in names}))
    return found


def _first_hand(claim: dict[str, list[dict[str, str]]], relay: str) -> str:
    """The name of whoever a chain says said it first; empty where that is the partner itself, or we."""
    first = next(iter(claim.get("chain") or ()), None)
    if first is None or first.get("party") in (relay, ours().party):
        return ""
    return first.get("name") or first.get("party", "")
