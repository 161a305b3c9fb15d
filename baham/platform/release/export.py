"""Files for a partner, or for everybody: STIX, MISP, FollowTheMoney, statements. Made of what the gate let out.

For a partner that is what its standing agreement lets out, and what it was given by signed releases and still may have.
Without a partner it is what is public: TLP:CLEAR and nothing else.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from baham.formats import ftm_out, misp, stix
from baham.kernel.chunks import in_chunks
from baham.kernel.claim import Claim
from baham.kernel.handling import PAP, TLP, Audience
from baham.kernel.release import Terms, rule
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger import expiry
from baham.platform.ledger.models import Entity
from baham.platform.release import holdings
from baham.platform.release.agreements import current
from baham.platform.release.claims import CHUNK, Dossier, dossiers, known_as
from baham.platform.release.gateway import Gate, Outgoing
from baham.platform.release.identity import ours
from baham.platform.release.models import Partner
from baham.platform.release.partners import CannotChange
from baham.platform.release.pointers import Ends, end_of, is_pointer

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: how many statements of how many entities, and what the format has no place for."""

    statements: int
    entities: int
    left_out: Counter[str]


def export(
    actor: Actor,
    to: Path,
    form: str,
    *,
    partner: Partner | None = None,
    purpose: str = "screening",
    progress: Progress = lambda done, total: None,
) -> Exported:
    """Write what may leave into a folder. Raises CannotChange for a format that is none, or where nothing may leave."""
    if form not in FORMATS:
        raise CannotChange(f"The formats are {', '.join(FORMATS)}.")
    if partner is not None:
        _check(partner, purpose)
    with transaction.atomic():
        claims = _for_partner(actor, partner, purpose, form, progress) if partner else _public(actor, form, progress)
        if not claims:
            raise CannotChange("Nothing may leave: " + _hint(partner))
        to.mkdir(parents=True, exist_ok=True)
        left_out: Counter[str] = Counter()
        FORMATS[form](to, claims, left_out)
    return Exported(len(claims), len({claim.statement.entity_id for claim in claims}), left_out)


def _check(partner: Partner, purpose: str) -> None:
    """Raise CannotChange, before everything is read, where nothing may leave whatever the lists say."""
    agreement = current(partner)
    if agreement is None:
        raise CannotChange(f"Nothing may leave: there is no agreement in force with {partner.title}.")
    if purpose not in agreement.purposes:
        raise CannotChange(f"Nothing may leave: the agreement with {partner.title} does not cover {purpose}.")
    if not agreement.standing and not holdings.counts(partner)["held"]:
        raise CannotChange("Nothing may leave: " + _hint(partner))


def _hint(partner: Partner | None) -> str:
    if partner is None:
        return "no list here is marked TLP:CLEAR."
    return f"{partner.title} has no standing agreement, and was given nothing by a signed release."


def _for_partner(actor: Actor, partner: Partner, purpose: str, form: str, progress: Progress) -> list[Claim]:
    gate = Gate.open(partner, purpose, exit="export", signed=True)
    by_itself = Gate.open(partner, purpose, exit="export")
    held, whole = holdings.held_by(partner), Outgoing()
    for some in _all(gate.datasets, progress):
        judged = gate.judge(some)
        free = {one.claim.id for one in by_itself.judge(some).leaves}
        whole.leaves += [one for one in judged.leaves if one.claim.id in free or bytes.fromhex(one.claim.id) in held]
        whole.stays += judged.stays
    if whole.leaves:
        with gate.leaving(whole, actor, format=form):
            return whole.claims
    return []


def _public(actor: Actor, form: str, progress: Progress) -> list[Claim]:
    terms = Terms(
        "public",
        Audience.PUBLIC,
        "public",
        frozenset({"public"}),
        fields=None,
        acts=PAP.CLEAR,
        limit=TLP.CLEAR,
        trusted=True,
        watch_list=True,
    )
    now, claims = timezone.now(), []
    first: dict[int, Entity] = {}

    def leaves(dossier: Dossier, claim: Claim) -> bool:
        ruling = rule(claim, terms, now, dossier.about)
        return ruling.leaves and not ruling.two_people

    ends = Ends(leaves)
    for some in _all((), progress):
        may = [(dossier, [claim for claim in dossier.claims if leaves(dossier, claim)]) for dossier in some]
        known = ends.of((claim for _dossier, claims in may for claim in claims if is_pointer(claim)), some)
        for dossier, claims_of_it in may:
            public = [claim for claim in claims_of_it if not is_pointer(claim) or end_of(claim) in known]
            if public:  # under the id of the first record of which anything is public
                entity = first.setdefault(dossier.entity.canonical_id, dossier.entity)
                claims += [known_as(claim, entity) for claim in public] if dossier.joined else public
    if claims:
        record(
            actor,
            Event.DISCLOSURE,
            "exported",
            "public",
            recipient="public",
            exit="export",
            format=form,
            statements=len(claims),
        )
    return claims


def _all(datasets: Collection[str], progress: Progress) -> Iterator[list[Dossier]]:
    alive = Entity.objects.filter(expiry.alive()).order_by("pk")
    if datasets:
        alive = alive.filter(dataset__name__in=datasets)
    pks = list(alive.values_list("pk", flat=True))
    done = 0
    for some in in_chunks(pks, CHUNK):
        yield list(dossiers(some, datasets))
        progress(done := done + len(some), len(pks))


def _stix(to: Path, claims: list[Claim], left_out: Counter[str]) -> None:
    producer = stix.Producer(ours().party, ours().name)
    _write(to / "bundle.json", json.dumps(stix.bundle(stix.objects(claims, producer=producer)), ensure_ascii=False))


def _misp(to: Path, claims: list[Claim], left_out: Counter[str]) -> None:
    by_list: dict[str, list[Claim]] = {}
    for claim in claims:
        by_list.setdefault(claim.statement.dataset, []).append(claim)
    producer = stix.Producer(ours().party, ours().name)
    misp.feed.write(to, [misp.event(some, key=name, info=name, producer=producer) for name, some in by_list.items()])


def _ftm(to: Path, claims: list[Claim], left_out: Counter[str]) -> None:
    _write(to / "entities.ftm.json", "".join(ftm_out.entities(claims, left_out)))


def _statements(to: Path, claims: list[Claim], left_out: Counter[str]) -> None:
    _write(to / "statements.csv", "".join(ftm_out.statements(claims, left_out=left_out)))


def _write(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


FORMATS: dict[str, Callable[[Path, list[Claim], Counter[str]], None]] = {
    "stix": _stix,
    "misp": _misp,
    "ftm": _ftm,
    "statements": _statements,
}
