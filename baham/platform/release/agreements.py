"""Agreements: what a partner may receive. Proposed by one person, in force from the signature of another.

A new agreement replaces the one before it whole; nothing is added to the one in force, so that what a partner may have
is always what two people read and signed. A field that is not named does not leave (safeguard S-47).
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from baham.kernel.handling import PAP, TLP, Audience
from baham.kernel.release import Terms
from baham.platform.accounts.purposes import BY_CODE
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger.models import Dataset
from baham.platform.release.models import Agreement, Partner
from baham.platform.release.partners import CannotChange, terms_ended
from baham.platform.release.scopes import circles_of
from baham.platform.review.models import Item
from baham.platform.review.services import propose


@transaction.atomic
def put_forward(
    actor: Actor,
    partner: Partner,
    *,
    purposes: Sequence[str],
    fields: Sequence[str] | None,
    legal_basis: str,
    ends: datetime,
    begins: datetime | None = None,
    datasets: Sequence[str] = (),
    tlp: TLP = TLP.AMBER,
    pap: PAP = PAP.GREEN,
    watch_list: bool = False,
    standing: bool = False,
    overlap_daily: int = 0,
    overlap_share: float = 0.0,
) -> Agreement:
    """Propose an agreement. It gives nothing before a second person has signed it in review. Raises CannotChange."""
    begins = begins or timezone.now()
    unknown = [purpose for purpose in purposes if purpose not in BY_CODE]
    if not purposes or unknown:
        raise CannotChange(f"Name the purposes; {unknown[0] if unknown else 'none'!r} is not one.")
    if fields is None and not partner.trusted:
        raise CannotChange("Name the fields: a partner who is not trusted receives no others.")
    if not partner.in_force:
        raise CannotChange("This partner was ended.")
    if ends <= begins or ends <= timezone.now():
        raise CannotChange("The agreement ends before it begins, or in the past.")
    if len(" ".join(legal_basis.split())) < 10:
        raise CannotChange("Name the legal basis: the law, and the paragraph.")
    if standing and not partner.trusted:
        raise CannotChange("Nothing leaves by itself to a partner who is not trusted; each release is signed.")
    if missing := sorted(set(datasets) - set(Dataset.objects.values_list("name", flat=True))):
        raise CannotChange(f"There is no list {missing[0]!r}.")
    if not 0 <= overlap_share <= 1:
        raise CannotChange("The share that overlap checks may ask about is between 0 and 1.")
    made = Agreement.objects.create(
        partner=partner,
        purposes=sorted(set(purposes)),
        fields=None if fields is None else sorted(set(fields)),
        datasets=sorted(set(datasets)),
        tlp=tlp,
        pap=pap,
        watch_list=watch_list,
        standing=standing,
        overlap_daily=overlap_daily,
        overlap_share=overlap_share,
        legal_basis=legal_basis.strip(),
        made_by=actor.name,
        made_at=timezone.now(),
        begins=begins,
        ends=ends,
    )
    made.matter = propose(
        "agreement",
        partner.title,
        proposed_by=actor,
        evidence=[],
        proposal={"agreement": made.pk, "partner": partner.name, "party": partner.title},
    )
    made.save(update_fields=["matter"])
    record(
        actor,
        Event.SYSTEM,
        "proposed an agreement",
        f"partner:{partner.name}",
        title=partner.title,
        justification=made.legal_basis,
        agreement=made.pk,
    )
    return made


def decided(item: Item, choice: str, actor: Actor, reason: str) -> None:
    """What follows from the review of an agreement: it is in force, or it is not."""
    agreement = Agreement.objects.select_for_update().get(pk=item.proposal["agreement"])
    if choice == "sign":
        agreement.approved_by, agreement.approved_at = actor.name, timezone.now()
        agreement.save(update_fields=["approved_by", "approved_at"])
        terms_ended(agreement.partner)
    record(
        actor,
        Event.SYSTEM,
        "signed an agreement" if choice == "sign" else "refused an agreement",
        f"partner:{agreement.partner.name}",
        title=agreement.partner.title,
        justification=reason,
        agreement=agreement.pk,
    )


def current(partner: Partner) -> Agreement | None:
    """The agreement in force with a partner now: the newest that was signed, if its time is not over."""
    signed = last_signed(partner)
    return signed if signed is not None and signed.in_force and partner.in_force else None


def last_signed(partner: Partner) -> Agreement | None:
    """The agreement that was signed last, whether or not it is in force."""
    return partner.agreements.filter(approved_at__isnull=False).order_by("approved_at", "pk").last()


def terms(partner: Partner, agreement: Agreement | None, purpose: str, *, watch_list: bool = False) -> Terms:
    """What the rule of release asks for. Without an agreement, terms under which nothing leaves."""
    if agreement is None:
        return Terms(str(partner.party), Audience.PUBLIC, purpose, frozenset())
    return Terms(
        str(partner.party),
        Audience(partner.audience),
        purpose,
        frozenset(agreement.purposes),
        scopes_of(partner),
        None if agreement.fields is None else frozenset(agreement.fields),
        PAP(agreement.pap),
        TLP(agreement.tlp),
        agreement.begins,
        agreement.ends,
        partner.trusted,
        watch_list or agreement.watch_list,
    )


def scopes_of(partner: Partner) -> frozenset[str]:
    """The circles of whose lists, signed and not yet out of date, the partner is a member. Its own id is in its terms;
    the names by which it goes here are not: what another installation calls *police* is another police."""
    return circles_of({str(partner.party)})
