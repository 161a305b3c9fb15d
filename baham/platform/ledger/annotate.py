"""What people say about statements: grades, handling, basis, stances. Append-only, signed and reasoned."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from baham.kernel.basis import Basis, BasisKind, Confidence, StanceKind
from baham.kernel.decision import LEAST_REASON
from baham.kernel.grade import Grade, Scheme
from baham.kernel.handling import Handling
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger.models import BasisGiven, GradeGiven, HandlingGiven, StanceTaken, Statement
from baham.platform.ledger.touches import touch_statement

GRADED: list[Callable[[Statement, GradeGiven], None]] = []
"""What other rooms do in the transaction in which a statement is graded; each adds its own when it is ready."""

HANDLED: list[Callable[[Statement, HandlingGiven], None]] = []
"""The same, where a statement is marked."""


class CannotAnnotate(ValueError):
    """The annotation says too little or nothing that the scheme knows. The text is for its author."""


def _check(reason: str) -> str:
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotAnnotate(f"Write at least {LEAST_REASON} characters; the person concerned may read this.")
    return reason.strip()


@transaction.atomic
def grade(
    statement: Statement, code: str, actor: Actor, reason: str, scheme: str = Scheme.ADMIRALTY.value
) -> GradeGiven:
    """Grade a statement, as `B2`, in the scheme the grader works in."""
    try:
        given = Grade.parse(code, Scheme(scheme))
    except ValueError as error:
        raise CannotAnnotate(str(error)) from error
    made = GradeGiven.objects.create(
        sid=statement.sid_hex,
        scheme=scheme,
        reliability=given.reliability,
        credibility=given.credibility,
        by=actor.name,
        at=timezone.now(),
        reason=_check(reason),
    )
    _log(actor, f"graded {given.code}", statement, reason)
    for act in GRADED:
        act(statement, made)
    return made


@transaction.atomic
def handle(statement: Statement, handling: Handling, actor: Actor, reason: str) -> HandlingGiven:
    """Put a statement under its own handling instead of its dataset's."""
    made = HandlingGiven.objects.create(
        sid=statement.sid_hex,
        tlp=handling.tlp,
        pap=handling.pap,
        expires=handling.expires,
        releasable_to=None if handling.releasable_to is None else sorted(handling.releasable_to),
        originators=sorted(handling.originators),
        purposes=None if handling.purposes is None else sorted(handling.purposes),
        by=actor.name,
        at=timezone.now(),
        reason=_check(reason),
    )
    _log(actor, f"marked {handling.tlp.label}", statement, reason)
    for act in HANDLED:
        act(statement, made)
    return made


@transaction.atomic
def assess(statement: Statement, on: date, confidence: str, actor: Actor, reason: str) -> BasisGiven:
    """Mark a statement as an assessment, with its day and confidence (safeguard S-07)."""
    try:
        basis = Basis(BasisKind.ASSESSMENT, actor.name, on, Confidence(confidence))
    except ValueError as error:
        raise CannotAnnotate(str(error)) from error
    made = BasisGiven.objects.create(
        sid=statement.sid_hex,
        kind=basis.kind.value,
        on=on,
        confidence=confidence,
        by=actor.name,
        at=timezone.now(),
        reason=_check(reason),
    )
    _log(actor, "marked as assessment", statement, reason)
    return made


@transaction.atomic
def take_stance(
    statement: Statement, kind: str, actor: Actor, reason: str, evidence: str = "", at: datetime | None = None
) -> StanceTaken:
    """Support, contradict or date a statement."""
    try:
        stance = StanceKind(kind)
    except ValueError as error:
        raise CannotAnnotate(str(error)) from error
    made = StanceTaken.objects.create(
        sid=statement.sid_hex,
        kind=stance.value,
        evidence=evidence,
        by=actor.name,
        at=at or timezone.now(),
        reason=_check(reason),
    )
    _log(actor, stance.value, statement, reason)
    return made


def _log(actor: Actor, act: str, statement: Statement, reason: str) -> None:
    touch_statement(statement)
    record(
        actor,
        Event.ALTERATION,
        act,
        f"statement:{statement.sid_hex}",
        title=str(statement.entity),
        justification=reason,
        entity=statement.entity_id,
    )
