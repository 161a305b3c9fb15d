"""Which keys a partner may ask about: chosen here, beside the ledger, before anything is encrypted.

Nobody who is protected, restricted, a victim, witness or contact is in the set, whatever the agreement says; nor is a
key that such a person shares with somebody else. Of the others a key is made only of statements that the gate of
release would let go to this partner: its markings, purposes, originators, fields. How many were left out, and for which
reason, is logged; who, is not.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from baham.formats.naming import names_said
from baham.kernel.chunks import in_chunks
from baham.kernel.clock import utc_text
from baham.kernel.release import About
from baham.kernel.schema import SCHEMATA, is_a
from baham.measures.sharing.overlap import offered, prepared
from baham.measures.sharing.overlap.folder import folder, keep, signing_key
from baham.measures.sharing.overlap.letters import delegate
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger import expiry, touches
from baham.platform.ledger.models import Entity, Statement
from baham.platform.ledger.standing import about
from baham.platform.release.claims import dossiers
from baham.platform.release.gateway import Gate, Judged
from baham.platform.release.identity import ours
from baham.platform.release.models import Partner
from baham.platform.release.partners import signing_keys
from baham.platform.release.pointers import is_pointer

if TYPE_CHECKING:
    from baham.engines.overlap.keys import Person

_CHUNK, _PERSONS_AT_ONCE = 10_000, 5_000
_PERSONS = [name for name in SCHEMATA if is_a(name, "Person")]
_DOCUMENTS = {"passportNumber": "passport", "idNumber": "national-id"}
_DELEGATED = timedelta(days=31)


class CannotPrepare(ValueError):
    """Nothing was prepared. The text says what is missing."""


@dataclass(slots=True)
class Prepared:
    """What was handed to the holder: persons with keys, different keys, and how many were left out for which reason."""

    persons: int = 0
    keys: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


def prepare(
    actor: Actor,
    partner: Partner,
    mode: str = "keys",
    progress: Callable[[int, int | None], None] = lambda *_: None,
    *,
    anew: bool = False,
) -> Prepared:
    """Hand the holder the keys that the partner may ask about for the actor's purpose. `anew` says that it was the
    actor's once and is made again because somebody in it was closed. Raises CannotPrepare."""
    from baham.engines.overlap import keys as made
    from baham.engines.overlap.session import MODES

    seen = touches.last()
    purpose = actor.purpose.code if actor.purpose else ""
    gate = Gate.open(partner, purpose, exit=offered.EXIT)
    agreement, signers = gate.agreement, signing_keys(partner)
    if agreement is None:
        raise CannotPrepare(f"there is no agreement in force with {partner.name}")
    if not agreement.overlap_daily:
        raise CannotPrepare(f"the agreement with {partner.name} allows no overlap checks")
    if purpose not in agreement.purposes:
        raise CannotPrepare(f"the agreement with {partner.name} does not cover the purpose {purpose or '(none)'}")
    if not signers:
        raise CannotPrepare(f"no key of {partner.name} is pinned to check its signatures with")
    if mode not in MODES:
        raise CannotPrepare(f"{mode!r} is neither keys nor count")
    result = Prepared()
    of = dict(chosen(gate, result.left_out, progress=progress))
    result.persons = len(of)
    never_out = kept_back()
    shared = {key for keys in of.values() for key in keys if made.bare(key) in never_out}
    result.left_out["key of a protected person too"] = len(shared)
    of = {pk: [key for key in keys if key not in shared] for pk, keys in of.items()}
    found = {key for keys in of.values() for key in keys}
    identity, at = ours(), folder()
    ends = min(agreement.ends, timezone.now() + _DELEGATED)
    terms = prepared.Terms(
        partner.name,
        str(partner.party),
        identity.party,
        {name: key.hex() for name, key in signers.items()},
        purpose,
        mode,
        agreement.overlap_daily,
        agreement.overlap_share,
        utc_text(ends),
        made.version(),
        delegate(identity.signing_key, identity.party, signing_key(at).public_key().public_bytes_raw(), utc_text(ends)),
    )
    try:
        content = prepared.content(terms, found)
    except prepared.BadTerms as error:
        raise CannotPrepare(str(error)) from error
    more: dict[str, Any] = {"anew": True} if anew else {}
    with transaction.atomic():
        record(
            actor,
            Event.DISCLOSURE,
            "prepared overlap checks",
            f"partner:{partner.name}",
            title=partner.title,
            recipient=partner.title,
            exit=offered.EXIT,
            mode=mode,
            persons=result.persons,
            keys=len(found),
            left_out=dict(sorted((+result.left_out).items())),
            agreement=agreement.pk,
            **more,
        )
        offered.remember(actor, partner, mode, of, seen)
    # The file comes last: what is closed from now on finds the set remembered, and what was closed while it was made is
    # found by the look.
    keep(prepared.path_of(at, partner.name), content)
    result.keys = len(found)
    offered.look()
    return result


def chosen(
    gate: Gate,
    left_out: Counter[str],
    only: Collection[int] | None = None,
    progress: Callable[[int, int | None], None] = lambda *_: None,
) -> Iterator[tuple[int, list[bytes]]]:
    """Each person of whom a key may be handed over, with its keys; of `only` these entities where they are given."""
    from baham.engines.overlap.keys import held

    for pk, person in _persons(gate, left_out, only, progress):
        if keys := held(person):
            yield pk, keys
        else:
            left_out["no compound key"] += 1


def _persons(
    gate: Gate, left_out: Counter[str], only: Collection[int] | None, progress: Callable[[int, int | None], None]
) -> Iterator[tuple[int, "Person"]]:
    # Who is set apart is read too, to be counted: `never` leaves them out.
    wanted = Entity.objects.filter(expiry.alive(), dataset__screened=True, schema__in=_PERSONS).order_by("pk")
    if gate.datasets:
        wanted = wanted.filter(dataset__name__in=gate.datasets)
    if only is not None:
        wanted = wanted.filter(pk__in=only)
    pks = list(wanted.values_list("pk", flat=True))
    for done, dossier in enumerate(dossiers(pks), 1):
        progress(done, len(pks))
        if reason := never(dossier.about):
            left_out[reason] += 1
            continue
        said = [claim for claim in dossier.claims if not is_pointer(claim)]  # no key is made of another record
        outgoing = gate.judge_each([replace(dossier, claims=said)], preview=True)
        if not names_said((judged.claim.statement.prop, judged.claim.statement.value) for judged in outgoing.leaves):
            left_out["the policy lets no name go" if outgoing.stays else "no name"] += 1
            if not any(judged.claim.statement.prop in _DOCUMENTS for judged in outgoing.leaves):
                continue
        yield dossier.entity.pk, _person(outgoing.leaves)


def never(about: About) -> str:
    """Why a person is never in a set, whoever asks; "" for one who may be."""
    if about.protected:
        return "protected"
    if about.restricted:
        return "restricted"
    return "" if about.standing.may_be_watched_for else "victim, witness or contact"


def kept_back(touched: Collection[int] | None = None) -> set[bytes]:
    """All by which anybody could be asked about who is never in a set, of whatever list, as bare keys; what records
    judged to be one person hold is taken together. Of those `touched` alone where they are given."""
    from baham.engines.overlap.keys import everything

    marked = Entity.objects.filter(
        Q(standings__isnull=False) | Q(restrictions__lifted_at=None, restrictions__isnull=False)
    )
    clusters = list(marked.values_list("canonical_id", flat=True).distinct())
    if touched is not None:
        joined = Entity.objects.filter(pk__in=touched).values_list("canonical_id", flat=True)
        clusters = sorted(set(clusters) & set(joined))
    found = set[bytes]()
    for some in in_chunks(clusters, _PERSONS_AT_ONCE):
        members = Entity.objects.filter(canonical_id__in=some, schema__in=_PERSONS)
        entities = {entity.pk: entity for entity in members}
        known = about(list(entities.values()))
        said: dict[int, list[tuple[str, str]]] = defaultdict(list)
        rows = Statement.objects.filter(entity__in=members, until=None).order_by("pk")
        for pk, prop, value in rows.values_list("entity_id", "prop", "value").iterator(_CHUNK):
            if pk in known and never(known[pk]):
                said[entities[pk].canonical_id].append((prop, value))
        found.update(key for values in said.values() for key in everything(person_of(values)))
    return found


def _person(leaves: Iterable[Judged]) -> "Person":
    return person_of((judged.claim.statement.prop, judged.claim.statement.value) for judged in leaves)


def person_of(said: Iterable[tuple[str, str]]) -> "Person":
    """The engine's person made of (property, value). Aliases of low quality make no key."""
    from baham.engines.overlap.keys import Document, Person

    rows = list(said)
    return Person(
        names=names_said(rows),
        birth_dates=[value for prop, value in rows if prop == "birthDate"],
        documents=[Document(value, _DOCUMENTS[prop]) for prop, value in rows if prop in _DOCUMENTS],
        countries=[value for prop, value in rows if prop in ("nationality", "citizenship")],
    )
