"""Somebody who has read very many records within an hour: an alert at once, a second person's word to go on (S-05)."""

from django.db import transaction

from baham.kernel.decision import LEAST_REASON
from baham.platform.accounts.models import User
from baham.platform.accounts.purposes import BY_CODE, Purpose
from baham.platform.audit import quota
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record, take_the_pen
from baham.platform.review.models import Item
from baham.platform.review.services import propose

KIND = "bulk-read"


class CannotAsk(ValueError):
    """The request says too little. The text is for the person who asks."""


def open_request(reader: str) -> Item | None:
    """The matter that waits about a reader, None where there is none."""
    return Item.objects.filter(kind=KIND, outcome="", proposal__reader=reader).order_by("pk").first()


def purpose_of(item: Item) -> Purpose | None:
    """What a reader was reading for; None for a matter that is about no reader, or one who named no purpose."""
    code = item.proposal.get("purpose") if item.kind == KIND else None
    return Purpose(code, item.proposal.get("case", "")) if code in BY_CODE else None


@transaction.atomic
def stopped(actor: Actor, organisation: str = "") -> Item:
    """Put before the reviewers that somebody was stopped; once while it waits, and without being asked to."""
    take_the_pen()  # two pages of one reader may be stopped at the same moment
    waiting = open_request(actor.name)
    if waiting is not None:
        return waiting
    made = propose(
        KIND,
        "",
        proposed_by=actor,
        evidence=[],
        asker=organisation,
        proposal={
            "reader": actor.name,
            "records": quota.read_lately(actor.name),
            "limit": quota.limit(),
            "purpose": actor.purpose.code if actor.purpose else "",
            "case": actor.purpose.case if actor.purpose else "",
        },
    )
    record(
        actor,
        Event.SYSTEM,
        "stopped: very many records read",
        f"matter:{made.pk}",
        records=made.proposal["records"],
        limit=quota.limit(),
    )
    return made


@transaction.atomic
def ask(user: User, actor: Actor, reason: str) -> Item:
    """Say why one has to read on. Raises CannotAsk."""
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotAsk(f"Write at least {LEAST_REASON} characters on what you need the records for.")
    item = stopped(actor, str(user.organisation or ""))
    item.proposal = {**item.proposal, "why": reason.strip()}
    item.save(update_fields=["proposal"])
    record(actor, Event.SYSTEM, "asked to read on", f"matter:{item.pk}", justification=reason.strip())
    return item
