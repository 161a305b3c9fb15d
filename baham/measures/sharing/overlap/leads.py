"""Leads: what overlap checks found, kept for people to look at. Nothing follows from one by itself.

A lead says that a partner holds somebody under the same key, who may be another person. One officer puts it forward,
another signs (*step up*); only then do the pages offer to release single fields about it, each by its own release. The
partner learns of it by that release and by nothing before.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from baham.kernel.decision import LEAST_REASON
from baham.measures.sharing.models import Lead
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.release.models import Partner
from baham.platform.release.partners import CannotChange
from baham.platform.review.errors import CannotDecide
from baham.platform.review.kinds import ERASED
from baham.platform.review.models import Item
from baham.platform.review.services import propose

if TYPE_CHECKING:
    from baham.measures.sharing.overlap.asking import Outcome, Subject

DAYS = 366
"""How long a lead is kept: as long as an auditor may have its request opened."""
_CHUNK = 1_000


@transaction.atomic
def keep(actor: Actor, partner: Partner, outcome: "Outcome", subjects: "Sequence[Subject]") -> int:
    """Keep what was found so far; what is kept already stays as it is. How many leads there are for this case."""
    assert actor.purpose is not None
    forget()
    asked = {subject.id: subject for subject in subjects}
    rows = [
        Lead(
            partner=partner,
            reference=hit.id[:200],
            subject=_as_asked(asked[hit.id]),
            agreed_on=hit.key,
            purpose=actor.purpose.code,
            case=actor.purpose.case[:120],
            by=actor.name,
            at=timezone.now(),
            commitment=outcome.commitments[-1] if outcome.commitments else "",
        )
        for hit in outcome.leads
    ]
    Lead.objects.bulk_create(rows, batch_size=_CHUNK, ignore_conflicts=True)
    return len(rows)


def _as_asked(subject: "Subject") -> dict[str, str]:
    person = subject.person
    given = {
        "name": next(iter(person.names), ""),
        "birth_date": next(iter(person.birth_dates), ""),
        "id_number": next((one.number for one in person.documents), ""),
        "nationality": next(iter(person.countries), ""),
    }
    return {name: str(value) for name, value in given.items() if value}


@transaction.atomic
def put_forward(actor: Actor, lead: Lead, reason: str) -> Item:
    """Ask a second officer to step a lead up. Raises CannotChange."""
    lead = Lead.objects.select_for_update().get(pk=lead.pk)
    if lead.matter_id is not None:
        raise CannotChange("This lead was put forward before.")
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotChange(f"Write at least {LEAST_REASON} characters on why.")
    lead.matter = propose(
        "lead",
        reason.strip()[:300],
        proposed_by=actor,
        evidence=[],
        asker=lead.partner.title,
        proposal={"lead": lead.pk, "party": lead.subject.get("name", lead.reference)},
    )
    lead.save(update_fields=["matter"])
    return lead.matter


def decided(item: Item, choice: str, actor: Actor, reason: str) -> None:
    """Write down that a lead was stepped up, or left. The matter itself says which; nothing else changes."""
    lead = Lead.objects.select_related("partner").filter(pk=item.proposal["lead"]).first()
    if lead is None:
        raise CannotDecide("This lead is no longer kept; nothing is left to decide.")
    record(
        actor,
        Event.SYSTEM,
        "stepped up a lead" if choice == "step-up" else "left a lead",
        f"lead:{lead.pk}",
        title=str(lead),
        justification=reason,
        recipient=lead.partner.title,
    )


def likely(lead: Lead, reader: NeedToKnow) -> list[Any]:
    """Records of ours that the subject of a lead may be: what screening finds for this reader. Empty where there is
    nothing to screen against."""
    from baham.engines.names import Query
    from baham.platform.screening.services import NoIndex, screen

    given: Mapping[str, str] = lead.subject
    if not given.get("name"):
        return []
    try:
        place = str(reader.place or "")
        return screen([Query(**given)], limit=5, organisation=place, reader=reader)[0]
    except NoIndex:
        return []


@transaction.atomic
def forget() -> int:
    """Remove what is older than its time. How many."""
    return remove(Lead.objects.filter(at__lt=timezone.now() - timedelta(days=DAYS)))


def remove(leads: QuerySet[Lead]) -> int:
    """Remove leads and the words of their matters; one that waits is over. Who signed what and when stays. How many.
    Inside the caller's transaction."""
    found = list(leads.values_list("pk", "matter"))
    for item in Item.objects.filter(pk__in=[matter for _pk, matter in found if matter is not None]):
        if not item.outcome:
            item.outcome, item.closed_at = ERASED, timezone.now()
        item.title, item.proposal, item.evidence = "", {"lead": item.proposal["lead"]}, []
        item.save(update_fields=["title", "proposal", "evidence", "outcome", "closed_at"])
        item.signatures.update(reason="")
        item.passings.update(reason="")
    return Lead.objects.filter(pk__in=[pk for pk, _matter in found]).delete()[0]


def upkeep() -> None:
    """Once an hour: leads and the requests behind them are forgotten after their time, whether anybody asks again."""
    from baham.measures.sharing.overlap.folder import folder

    forget()
    if any((folder() / "asked").glob("*.json")):
        from baham.measures.sharing.overlap import audits

        audits.forget(folder(), time.time())
