"""Who was set apart or restricted by one person's word matches nothing already: a second one says whether it stays so.

A victim must not wait to be safe from being found; and whoever sets a listed person apart blinds screening. So the word
holds at once, and comes before somebody else in the same moment, due within a day.
"""

from typing import Any

from baham.kernel.standing import Standing
from baham.platform.audit.services import Actor
from baham.platform.ledger import standing
from baham.platform.ledger.models import Restriction, StandingGiven
from baham.platform.ledger.views_standing import STANDINGS
from baham.platform.review.models import Item
from baham.platform.review.services import propose

KIND = "apart"


def ask(apart: standing.Apart, actor: Actor) -> None:
    """Put it before whoever may set somebody apart as well."""
    which = "restriction" if isinstance(apart, Restriction) else "standing"
    propose(KIND, "", proposed_by=actor, proposal={which: apart.pk}, evidence=[], entity=apart.entity)


def decided(item: Item, choice: str, actor: Actor, reason: str) -> None:
    """It stays and bears two names, or the record matches again."""
    apart = _apart(item)
    if apart is not None:
        (standing.agree if choice == "stays" else standing.undo)(apart, actor, reason)


def shown(item: Item) -> dict[str, Any]:
    """What the page of such a matter shows: who set the record apart, as what and why, and whether that holds still."""
    apart = _apart(item)
    if apart is None:
        return {"apart": None}
    if isinstance(apart, Restriction):
        return {"apart": apart, "held_as": "", "holds": apart.lifted_at is None}
    return {"apart": apart, "held_as": STANDINGS[Standing(apart.standing)][0], "holds": apart.pk == _last(apart)}


def _apart(item: Item) -> standing.Apart | None:
    if "restriction" in item.proposal:
        return Restriction.objects.filter(pk=item.proposal["restriction"]).first()
    return StandingGiven.objects.filter(pk=item.proposal.get("standing", 0)).first()


def _last(given: StandingGiven) -> int:
    return StandingGiven.objects.filter(entity=given.entity_id).values_list("pk", flat=True).last() or 0
