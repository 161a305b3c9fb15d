"""Which datasets a client asks about: those it may know of, less what the question leaves out.

A dataset that a client may not know of is answered as one that is not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from baham.kernel.claim import Claim
from baham.kernel.release import Terms, rule
from baham.kernel.statement import Statement as Said
from baham.platform.clients.models import Client
from baham.platform.clients.yente.errors import Problem
from baham.platform.ledger.models import Dataset
from baham.platform.release.agreements import current, terms
from baham.platform.release.models import Agreement, Partner
from baham.platform.release.rulings import ANY_GRADE, community_terms

COLLECTION = "default"
"""yente's name for everything at once."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a client may have: `terms`; of which lists, where the agreement names any; and as which `party` its
    organisation is known, whose own words are not said back to it."""

    terms: Terms
    datasets: Sequence[str] = ()
    party: str = ""


def allowed(client: Client) -> Allowed:
    """What was agreed with the client's organisation where that is a partner, else what the community may have."""
    partner = Partner.objects.filter(organisation=client.organisation, ended_at=None).order_by("pk").last()
    agreement = current(partner) if partner is not None else None
    of = _terms(client, partner, agreement)
    if partner is None:
        return Allowed(of)
    by_agreement = partner.trusted and agreement is not None and agreement.standing
    return Allowed(of, agreement.datasets if agreement is not None and by_agreement else (), str(partner.party))


def _terms(client: Client, partner: Partner | None, agreement: Agreement | None) -> Terms:
    """What it gets it matches against people, so nobody leaves who never stands in a watch list (S-08)."""
    if partner is not None and not partner.trusted:
        return terms(partner, None, client.purpose, watch_list=True)  # nothing leaves to it but what is signed (S-47)
    if partner is None or agreement is None or not agreement.standing:
        return community_terms(client.organisation.name, client.purpose)
    agreed = terms(partner, agreement, client.purpose, watch_list=True)
    return replace(agreed, scopes=agreed.scopes | {client.organisation.name})


def may_know_of(dataset: Dataset, of: Terms) -> bool:
    """Whether a list may be named to a client at all: whether a value under its own marking might leave."""
    at_most = Claim(Said("-", "Thing", "name", "-", dataset.name), dataset.handling, ANY_GRADE)
    return rule(at_most, replace(of, fields=None, trusted=True), timezone.now()).leaves


def known_to(client: Client) -> list[Dataset]:
    """The datasets that this client may ask about, by name."""
    may = allowed(client)
    screened = Dataset.objects.filter(screened=True, review_by__gte=timezone.localdate()).order_by("name")
    return [
        dataset
        for dataset in screened
        if (not client.scope or dataset.name in client.scope) and (not may.datasets or dataset.name in may.datasets)
        and may_know_of(dataset, may.terms)
    ]  # fmt: skip


def asked_about(client: Client, name: str, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> list[Dataset]:
    """The datasets of a question. Raises Problem for one that is not there, and where none is left.

    `include` narrows a collection, as in yente. Of single lists yente's client sends the first as `name` and the others
    as `include`, and means all of them; so it is read here.
    """
    known = {dataset.name: dataset for dataset in known_to(client)}
    for wanted in (*([] if name == COLLECTION else [name]), *include):
        if wanted not in known and wanted != COLLECTION:
            raise Problem(404, f"There is no dataset {wanted!r} that this key may ask about.")
    chosen = set(known) if name == COLLECTION else {name}
    wanted_too = set(known) if COLLECTION in include else set(include)
    if wanted_too:
        chosen = chosen & wanted_too or chosen | wanted_too
    left = [known[one] for one in sorted(chosen - set(exclude))]
    if not left:
        raise Problem(400, "No dataset is left to ask about.")
    return left
