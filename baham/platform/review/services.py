"""Proposing and deciding. The only way to an effect: a proposal, its evidence, a person's choice with a reason."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from baham.kernel.decision import may_decide, outcome
from baham.kernel.handling import TLP
from baham.platform.accounts.models import User
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger.models import Entity
from baham.platform.review.kinds import kind_of
from baham.platform.review.models import Item, Signature


class CannotDecide(ValueError):
    """The decision may not be taken like this. The text says what to mend."""


@transaction.atomic
def propose(
    kind: str, title: str, *, proposed_by: Actor, proposal: dict[str, Any], evidence: list[dict[str, Any]],
    entity: Entity | None = None, other: Entity | None = None, due_at: datetime | None = None, asker: str = "",
    tlp: TLP = TLP.AMBER,
) -> Item:  # fmt: skip
    """Put a matter before the reviewers. It has no effect of its own."""
    item = Item(
        kind=kind, title=title[:300], proposal=proposal, evidence=evidence, entity=entity, other=other, due_at=due_at,
        proposed_by=proposed_by.name, asker=asker, tlp=tlp,
    )  # fmt: skip
    kind_of(item)
    item.save()
    record(proposed_by, Event.SYSTEM, "proposed", f"matter:{item.pk}", title=title, kind=kind)
    return item


@transaction.atomic
def decide(item: Item, user: User, actor: Actor, choice: str, reason: str) -> Item:
    """Sign a decision. Its effect, if it stands with this signature, happens in the same transaction.

    Raises CannotDecide. `user` must be a person who may decide; there is no other caller that may.
    """
    item = Item.objects.select_for_update().get(pk=item.pk)
    kind = kind_of(item)
    if item.outcome:
        raise CannotDecide("This matter has been decided already.")
    if not isinstance(user, User) or not user.may("review.decide") or actor.name != user.username:
        raise CannotDecide("Only a person whose role allows it may decide.")
    earlier = tuple(signature.decision for signature in item.signatures.all())
    ruling = may_decide(
        choice=choice, choices=kind.codes, reason=reason, by=user.username, proposed_by=item.proposed_by,
        four_eyes=kind.four_eyes, earlier=earlier,
    )  # fmt: skip
    if not ruling.allowed:
        raise CannotDecide(ruling.reason)
    signature = Signature.objects.create(item=item, choice=choice, reason=reason.strip(), by=user.username)
    record(
        actor, Event.ALTERATION, f"signed {choice}", f"matter:{item.pk}", title=item.title, justification=reason.strip()
    )
    standing = outcome((*earlier, signature.decision), four_eyes=kind.four_eyes, adverse=kind.adverse)
    if standing is not None:
        item.outcome, item.closed_at = standing, timezone.now()
        item.save(update_fields=["outcome", "closed_at"])
        kind.apply(item, standing, actor, reason)
    return item


def open_items() -> QuerySet[Item]:
    """The matters that wait, earliest due first."""
    waiting = Item.objects.filter(outcome="").select_related("entity__dataset", "other__dataset")
    return waiting.order_by(F("due_at").asc(nulls_last=True), "pk")


def waiting_for(user: User) -> list[Item]:
    """The open matters that this person may still sign."""
    if not user.may("review.decide"):
        return []
    items = open_items().prefetch_related("signatures")
    return [
        item
        for item in items
        if not (
            kind_of(item).four_eyes
            and (item.proposed_by == user.username or any(s.by == user.username for s in item.signatures.all()))
        )
    ]
