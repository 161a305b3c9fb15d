"""Quarantine: what a partner who is not trusted gave waits until a person has accepted and graded it, or refused it."""

import json
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from baham.formats.claims import read
from baham.kernel.claim import Claim
from baham.kernel.decision import LEAST_REASON
from baham.kernel.grade import Grade
from baham.measures.sharing.intake import said_by_others, stand
from baham.measures.sharing.models import Received
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.release.models import Partner
from baham.platform.release.partners import CannotChange
from baham.platform.release.tombstones import taken_back


@transaction.atomic
def accept(actor: Actor, waiting: Sequence[Received], code: str, reason: str) -> int:
    """Let claims out of quarantine, graded by us. Raises CannotChange."""
    _check(reason)
    try:
        grade = Grade.parse(code, by=actor.name, reason=reason.strip())
    except ValueError as error:
        raise CannotChange(str(error)) from error
    rows = _waiting(waiting)
    by_partner: dict[Partner, list[Received]] = {}
    for row in rows:
        by_partner.setdefault(row.partner, []).append(row)
    for partner, some in by_partner.items():
        claims = [read(json.loads(row.claim)) for row in some]
        _check_still(partner, claims)
        stand(partner, claims, actor, {claim.id: grade for claim in claims})
    _decide(rows, Received.State.ACCEPTED, actor, reason)
    record(
        actor,
        Event.COLLECTION,
        f"accepted as {grade.code}",
        f"received:{rows[0].pk}",
        title=rows[0].entity_key,
        justification=reason.strip(),
        statements=len(rows),
    )
    return len(rows)


def _check_still(partner: Partner, claims: Sequence[Claim]) -> None:
    """Whether what waited may come in still. Raises CannotChange: it was recalled since, or our own list says it."""
    if any(taken_back(claims)):
        raise CannotChange("Some of this was taken back since it came in; it cannot stand. Refuse it.")
    if said_by_others(partner, {claim.id: claim.statement.entity_id for claim in claims}):
        raise CannotChange("Some of this is said here by its own source by now; it cannot stand beside it. Refuse it.")


@transaction.atomic
def refuse(actor: Actor, waiting: Sequence[Received], reason: str) -> int:
    """Refuse claims in quarantine: they stay on record and have no effect. Raises CannotChange."""
    _check(reason)
    rows = _waiting(waiting)
    _decide(rows, Received.State.REFUSED, actor, reason)
    record(
        actor,
        Event.ALTERATION,
        "refused what was received",
        f"received:{rows[0].pk}",
        title=rows[0].entity_key,
        justification=reason.strip(),
        statements=len(rows),
    )
    return len(rows)


def _waiting(waiting: Sequence[Received]) -> list[Received]:
    rows = list(
        Received.objects.select_for_update()
        .select_related("partner")
        .filter(pk__in=[row.pk for row in waiting], state=Received.State.QUARANTINE)
    )
    if not rows or len(rows) < len(waiting):
        raise CannotChange("Some of this was decided or recalled in the meantime; look at it again.")
    return rows


def _decide(rows: Iterable[Received], state: str, actor: Actor, reason: str) -> None:
    Received.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=state, decided_by=actor.name, decided_at=timezone.now(), reason=reason.strip()
    )


def _check(reason: str) -> None:
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotChange(f"Write at least {LEAST_REASON} characters on why.")
