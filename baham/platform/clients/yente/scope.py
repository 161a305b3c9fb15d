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
from baham.platform.release.agreements import last_signed, terms
from baham.platform.release.models import Partner
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
    """What was agreed with the client's organisation where that is or was a partner, else what the community may have.

    Nothing that ends opens anything: the partner that was made last counts, also once it was ended, and an agreement
    that is over still narrows what is left.
    """
    partner = Partner.objects.filter(organisation=client.organisation).order_by("pk").last()
    if partner is None:
        return Allowed(community_terms(client.organisation.name, client.purpose))
    party, last = str(partner.party), last_signed(partner)
    if not partner.trusted or not partner.in_force:
        # Nothing leaves to it but what is signed (S-47); once it is ended, nothing.
        return Allowed(terms(partner, None, client.purpose, watch_list=True), party=party)
    if last is None:
        return Allowed(_of_community(client, party), party=party)
    agreed = terms(partner, last, client.purpose, watch_list=True)
    if not (last.in_force and last.standing):
        return Allowed(_narrowed(_of_community(client, party), agreed), last.datasets, party)
    return Allowed(replace(agreed, scopes=agreed.scopes | {client.organisation.name}), last.datasets, party)


def _of_community(client: Client, party: str) -> Terms:
    """What a partner's program may have without an agreement. The name of its organisation lets in what is releasable
    to it, and agrees to nothing in the place of an originator."""
    name = client.organisation.name
    return replace(community_terms(name, client.purpose), party=party, scopes=frozenset({name}))


def _narrowed(community: Terms, agreed: Terms) -> Terms:
    """What the community may have and an agreement, over or not standing, allows too."""
    return replace(
        community,
        audience=min(community.audience, agreed.audience),
        purposes=community.purposes & agreed.purposes,
        fields=agreed.fields,
        acts=min(community.acts, agreed.acts),
        limit=min(community.limit, agreed.limit),
    )


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
        if (not client.scope or dataset.name in client.scope)
        and (not may.datasets or dataset.name in may.datasets)
        and may_know_of(dataset, may.terms)
    ]


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
