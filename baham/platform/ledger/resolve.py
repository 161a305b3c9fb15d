"""Entity resolution by judgement: people say which entities are one, with a reason, and may take it back.

The entities that are judged the same form a cluster; its representative, the `canonical` entity, is the one with the
smallest id. Nothing is merged: every entity keeps its statements, and taking a judgement back restores what was before.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from baham.kernel.decision import LEAST_REASON
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger.models import Entity, Judgement
from baham.platform.ledger.touches import touch

SAME, DIFFERENT = Judgement.Verdict.SAME, Judgement.Verdict.DIFFERENT


class CannotJudge(ValueError):
    """The judgement would contradict another one, or says too little. The text is for the person who made it."""


@transaction.atomic
def judge(left: Entity, right: Entity, verdict: str, actor: Actor, reason: str) -> Judgement:
    """Record that two entities are the same, different, or that it cannot be said. Raises CannotJudge."""
    _check_reason(reason)
    if left.pk == right.pk:
        raise CannotJudge("This is one and the same record.")
    list(Entity.objects.select_for_update().filter(pk__in=[left.pk, right.pk]).order_by("pk"))
    one, other = _cluster(left.pk), _cluster(right.pk)
    if verdict == SAME and (against := _difference_between(one, other)):
        raise CannotJudge(
            f"{against.left} and {against.right} were judged different by {against.author} on {against.at:%d %b %Y}. "
            "Retract that first, if it was wrong."
        )
    if verdict == DIFFERENT and right.pk in one:
        raise CannotJudge("These are in force as the same. Retract the judgement that says so first.")
    made = Judgement.objects.create(
        left=left, right=right, verdict=verdict, author=actor.name, reason=reason.strip(), at=timezone.now()
    )
    if verdict == SAME:
        _settle(one | other)
    touch(one | other)
    record(
        actor,
        Event.COMBINATION,
        f"judged {verdict}",
        f"entity:{left.pk}",
        title=str(left),
        justification=reason,
        other=right.pk,
    )
    return made


@transaction.atomic
def retract(judgement: Judgement, actor: Actor, reason: str) -> None:
    """Take a judgement back. The clusters are as if it had never been made; that it was made stays on record."""
    _check_reason(reason)
    judgement = Judgement.objects.select_for_update().get(pk=judgement.pk)
    if judgement.retracted_at:
        raise CannotJudge(f"It was retracted by {judgement.retracted_by} already.")
    before = _cluster(judgement.left_id)
    judgement.retracted_at, judgement.retracted_by, judgement.retraction = timezone.now(), actor.name, reason.strip()
    judgement.save()
    if judgement.verdict == SAME:
        settle_anew(before)
    touch(before | _cluster(judgement.right_id))
    record(
        actor,
        Event.ALTERATION,
        "retracted a judgement",
        f"entity:{judgement.left_id}",
        title=str(judgement.left),
        justification=reason,
        other=judgement.right_id,
    )


def settle_anew(entities: set[int]) -> None:
    """Put these entities into the clusters that the judgements in force make of them."""
    rest = set(entities)
    while rest:
        part = _cluster(next(iter(rest)))
        _settle(part)
        rest -= part


def judgements_on(pks: set[int]) -> list[Judgement]:
    """All judgements that touch these entities, retracted ones too, oldest first."""
    touching = Judgement.objects.filter(Q(left_id__in=pks) | Q(right_id__in=pks))
    return list(touching.select_related("left__dataset", "right__dataset"))


def _check_reason(reason: str) -> None:
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotJudge(f"Write at least {LEAST_REASON} characters; the person concerned may read this.")


def _cluster(start: int) -> set[int]:
    """All entities that judgements in force connect with this one."""
    cluster, edge = {start}, {start}
    while edge:
        in_force = Judgement.objects.filter(verdict=SAME, retracted_at=None)
        pairs = in_force.filter(Q(left_id__in=edge) | Q(right_id__in=edge)).values_list("left_id", "right_id")
        edge = {pk for pair in pairs for pk in pair} - cluster
        cluster |= edge
    return cluster


def _difference_between(one: set[int], other: set[int]) -> Judgement | None:
    return (
        Judgement.objects.filter(verdict=DIFFERENT, retracted_at=None)
        .filter(Q(left_id__in=one, right_id__in=other) | Q(left_id__in=other, right_id__in=one))
        .select_related("left", "right")
        .first()
    )


def _settle(cluster: set[int]) -> None:
    Entity.objects.filter(pk__in=cluster).update(canonical_id=min(cluster))
