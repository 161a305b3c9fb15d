"""Proposing and deciding. The only way to an effect: a proposal, its evidence, a person's choice with a reason."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from baham.kernel.decision import may_decide, outcome
from baham.kernel.handling import TLP
from baham.platform.accounts.models import User
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger.models import Dataset, Entity
from baham.platform.review import worklist
from baham.platform.review.errors import CannotDecide
from baham.platform.review.kinds import Kind, kind_of
from baham.platform.review.models import Item, Opening, Signature
from baham.platform.screening.cleared import identity_of

__all__ = [
    "CannotDecide",
    "decide",
    "decide_together",
    "open_items",
    "propose",
    "seen",
    "waiting_already",
    "waiting_for",
]


@transaction.atomic
def propose(
    kind: str,
    title: str,
    *,
    proposed_by: Actor,
    proposal: dict[str, Any],
    evidence: list[dict[str, Any]],
    entity: Entity | None = None,
    other: Entity | None = None,
    due_at: datetime | None = None,
    asker: str = "",
    tlp: TLP = TLP.AMBER,
    dataset: Dataset | None = None,
    follows: Item | None = None,
    verdict: str = "",
) -> Item:
    """Put a matter before the reviewers. It has no effect of its own.

    `title` is the asker's own words, or empty. Without `due_at` the matter is due when its kind says (safeguard S-11:
    nothing waits without a date). `asker` is the organisation that asks.
    """
    item = Item(
        kind=kind,
        title=title[:300],
        proposal=proposal,
        evidence=evidence,
        entity=entity,
        other=other,
        due_at=due_at,
        proposed_by=proposed_by.name,
        asker=asker,
        tlp=tlp,
        dataset=dataset,
        follows=follows,
        verdict=(verdict or str(proposal.get("verdict", "")))[:10],
        opened_at=timezone.now(),
        subject_key=identity_of(proposal).key if proposal.get("name") else "",
    )
    item.due_at = due_at or item.opened_at + timedelta(days=kind_of(item).within)
    item.save()
    record(proposed_by, Event.SYSTEM, "proposed", f"matter:{item.pk}", title=str(item), kind=kind)
    return item


def waiting_already(proposal: dict[str, Any], entity: Entity, asker: str = "") -> Item | None:
    """The open matter in which this asker put this very subject and entry before the reviewers, if there is one."""
    key = identity_of(proposal).key
    return Item.objects.filter(outcome="", kind="match", subject_key=key, entity=entity, asker=asker).first()


@transaction.atomic
def decide(item: Item, user: User, actor: Actor, choice: str, reason: str) -> Item:
    """Sign a decision. Its effect, if it stands with this signature, happens in the same transaction.

    Raises CannotDecide. `user` must be a person who may decide; there is no other caller that may.
    """
    item = Item.objects.select_for_update().get(pk=item.pk)
    kind = kind_of(item)
    if item.outcome:
        raise CannotDecide("This matter has been decided already.")
    if not isinstance(user, User) or not user.may(kind.act) or actor.name != user.username:
        raise CannotDecide("Only a person whose role allows it may decide.")
    if not worklist.within_reach(user).filter(pk=item.pk).exists():
        raise CannotDecide("This matter is decided by others: those who keep the record.")
    if item.passed_by == user.username:
        raise CannotDecide("You passed this on; another person decides it.")
    earlier = tuple(signature.decision for signature in item.signatures.all())
    _check(item, kind, user, choice, reason, earlier)
    opening = item.openings.filter(by=user.username).first()
    signature = Signature.objects.create(
        item=item,
        choice=choice,
        reason=reason.strip(),
        by=user.username,
        at=timezone.now(),
        seen_at=opening.at if opening else None,
    )
    record(
        actor, Event.ALTERATION, f"signed {choice}", f"matter:{item.pk}", title=str(item), justification=reason.strip()
    )
    standing = outcome((*earlier, signature.decision), four_eyes=kind.four_eyes, adverse=kind.adverse)
    if standing is not None:
        item.outcome, item.closed_at = standing, timezone.now()
        item.save(update_fields=["outcome", "closed_at"])
        kind.apply(item, standing, actor, reason)
    return item


def _check(item: Item, kind: Kind, user: User, choice: str, reason: str, earlier: tuple[Any, ...]) -> None:
    """Raise CannotDecide where the rules of the kernel, or what the matter allows now, forbid the decision."""
    offered = tuple(one.code for one in kind.offers(item))
    if choice in kind.codes and choice not in offered:
        raise CannotDecide("The state of the listing does not allow this answer now.")
    ruling = may_decide(
        choice=choice,
        choices=offered,
        reason=reason,
        by=user.username,
        proposed_by=item.proposed_by,
        four_eyes=kind.four_eyes,
        earlier=earlier,
    )
    if not ruling.allowed:
        raise CannotDecide(ruling.reason)


@transaction.atomic
def decide_together(item: Item, more: Sequence[Item], user: User, actor: Actor, reason: str) -> list[Item]:
    """Sign "different" on a matter, and with the same reason on others about the same subject as asked.

    Only this answer, and only where nothing but the name and weak facts agree (`worklist.siblings`): it lets somebody
    go, stands alone for each entry, can be withdrawn for each, and is the one answer whose reason (who the subject is)
    is the same for every entry. All of them are signed, or none.
    """
    allowed = {sibling.pk for sibling in worklist.siblings(item, user)}
    if any(other.pk not in allowed for other in more):
        raise CannotDecide("One of the matters may not be decided together with this one; open it by itself.")
    return [decide(one, user, actor, "different", reason) for one in (item, *more)]


def seen(item: Item, user: User) -> None:
    """Write down that somebody who may sign the matter has it before them; once for each person."""
    now = timezone.now()
    _opening, made = Opening.objects.get_or_create(item=item, by=user.username, defaults={"at": now})
    if made and item.seen_at is None:
        Item.objects.filter(pk=item.pk, seen_at=None).update(seen_at=now, seen_by=user.username)
        item.seen_at, item.seen_by = now, user.username


def open_items(user: User) -> QuerySet[Item]:
    """The matters that wait and that somebody may see, what must be let go first, then the earliest due."""
    return worklist.in_order(worklist.open_items(user))


def waiting_for(user: User) -> QuerySet[Item]:
    """The open matters that this person may still sign: what was passed to them first, then the earliest due."""
    return worklist.in_order(worklist.waiting_for(user), user)
