"""What is held on a person that decides what may be done with the record: standing, protection, restriction.

Directive (EU) 2016/680, Articles 6 and 16(3); safeguards S-08 and S-12.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from baham.kernel.chunks import in_chunks
from baham.kernel.decision import LEAST_REASON
from baham.kernel.release import About
from baham.kernel.standing import Protected, Standing
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record, take_the_pen
from baham.platform.ledger.leaning import leaning
from baham.platform.ledger.models import Entity, Restriction, SourceShown, StandingGiven
from baham.platform.ledger.touches import touch_cluster

Apart = StandingGiven | Restriction
APART: list[Callable[[Apart, Actor], None]] = []
"""Who hears, in the same transaction, that by one person's word a record matches nothing from now on."""
_GENTLEST = (Standing.VICTIM, Standing.WITNESS, Standing.CONTACT)
"""Who is a victim by one record is a victim, whatever another record says."""


class CannotMark(ValueError):
    """The standing or restriction cannot be recorded like this. The text is for whoever tried."""


@transaction.atomic
def give_standing(
    entity: Entity, standing: Standing, actor: Actor, reason: str, protected: Iterable[Protected] = ()
) -> StandingGiven:
    """Say in which relation to an offence a person is held, and whether they are protected. Raises CannotMark.

    Who is set apart matches nothing at once; whether that stays so, a second person says afterwards (`APART`).
    """
    _check(reason)
    before = StandingGiven.objects.filter(entity=entity).last()
    made = StandingGiven.objects.create(
        entity=entity,
        standing=standing.value,
        protected=sorted(one.value for one in protected),
        by=actor.name,
        reason=reason.strip(),
        at=timezone.now(),
    )
    touch_cluster([entity])
    record(
        actor,
        Event.ALTERATION,
        "gave standing",
        f"entity:{entity.pk}",
        title=str(entity),
        justification=reason,
        standing=standing.value,
        protected=made.protected,
    )
    agreed = before is not None and before.agreed_by and not Standing(before.standing).may_be_watched_for
    if not (agreed or standing.may_be_watched_for):
        _tell(made, actor)
    return made


@transaction.atomic
def restrict(entity: Entity, actor: Actor, reason: str, agreed_by: str = "") -> Restriction:
    """Keep a record from matching and from leaving, until it is lifted. Raises CannotMark where it is restricted.

    It holds at once; whether it stays so, a second person says afterwards (`APART`), where none agreed already.
    """
    _check(reason)
    take_the_pen()  # of two who restrict at the same moment one is told that it is restricted already
    if Restriction.objects.filter(entity=entity, lifted_at=None).exists():
        raise CannotMark("This record is restricted already.")
    made = Restriction.objects.create(
        entity=entity, by=actor.name, reason=reason.strip(), at=timezone.now(), agreed_by=agreed_by
    )
    touch_cluster([entity])
    record(actor, Event.ALTERATION, "restricted", f"entity:{entity.pk}", title=str(entity), justification=reason)
    if not agreed_by:
        _tell(made, actor)
    return made


@transaction.atomic
def lift(restriction: Restriction, actor: Actor, reason: str) -> Restriction:
    """Let a restricted record be used again. Raises CannotMark where that was done before."""
    _check(reason)
    restriction = Restriction.objects.select_for_update().get(pk=restriction.pk)
    if restriction.lifted_at is not None:
        raise CannotMark("The restriction was lifted before.")
    restriction.lifted_at, restriction.lifted_by, restriction.lifted_reason = timezone.now(), actor.name, reason.strip()
    restriction.save()
    touch_cluster([restriction.entity])
    record(
        actor,
        Event.ALTERATION,
        "lifted the restriction",
        f"entity:{restriction.entity_id}",
        title=str(restriction.entity),
        justification=reason,
    )
    return restriction


def agree(apart: Apart, actor: Actor, reason: str) -> None:
    """Say, as the second person, that somebody stays set apart."""
    apart.agreed_by = actor.name
    apart.save(update_fields=["agreed_by"])
    record(
        actor,
        Event.ALTERATION,
        "agreed that it stays set apart",
        f"entity:{apart.entity_id}",
        title=str(apart.entity),
        justification=reason,
        since=apart.at.isoformat(),
    )


def undo(apart: Apart, actor: Actor, reason: str) -> None:
    """Let a record match again that somebody set apart. What has changed since is left as it is."""
    if isinstance(apart, Restriction):
        if apart.lifted_at is None:
            lift(apart, actor, reason)
        return
    given = list(StandingGiven.objects.filter(entity=apart.entity_id))
    if given[-1].pk != apart.pk:
        return
    before = [one for one in given[:-1] if Standing(one.standing).may_be_watched_for]
    standing = Standing(before[-1].standing) if before else Standing.UNKNOWN
    give_standing(apart.entity, standing, actor, reason, map(Protected, apart.protected))


def _tell(apart: Apart, actor: Actor) -> None:
    for hears in APART:
        hears(apart, actor)


def is_restricted(entity: Entity) -> bool:
    """Whether the use of it, of a record judged the same, or of somebody whom it is about is restricted now."""
    whom = {entity.canonical_id, *leaning([entity]).get(entity.pk, ())}
    return Restriction.objects.filter(entity__canonical__in=whom, lifted_at=None).exists()


def about(entities: Collection[Entity], sids: Collection[str] = ()) -> dict[int, About]:
    """What is held on each of these entities, by id. A judged cluster shares it: the gentlest standing of its members,
    all their protections, and the restriction of any. So do papers, ties and addresses with whom they are about.
    Four queries for each five thousand; three more where there are such.
    """
    whom = leaning(entities)
    clusters = {entity.canonical_id for entity in entities}.union(*whom.values())
    members: dict[int, int] = {}
    for some in in_chunks(clusters):
        members.update(Entity.objects.filter(canonical_id__in=some).values_list("pk", "canonical_id"))
    standings: dict[int, dict[int, StandingGiven]] = defaultdict(dict)
    restricted: set[int] = set()
    for some in in_chunks(members):
        for given in StandingGiven.objects.filter(entity_id__in=some):
            standings[members[given.entity_id]][given.entity_id] = given
        rows = Restriction.objects.filter(entity_id__in=some, lifted_at=None)
        restricted |= {members[pk] for pk in rows.values_list("entity_id", flat=True)}
    shown: set[str] = set()
    for said in in_chunks(sids):
        shown |= set(SourceShown.objects.filter(sid__in=said).values_list("sid", flat=True))
    return {
        entity.pk: _about({entity.canonical_id, *whom.get(entity.pk, ())}, standings, restricted, shown)
        for entity in entities
    }


def _about(
    clusters: Collection[int],
    standings: Mapping[int, Mapping[int, StandingGiven]],
    restricted: Collection[int],
    shown: Collection[str],
) -> About:
    given = [one for canonical in sorted(clusters) if canonical in standings for one in standings[canonical].values()]
    protected = frozenset(Protected(word) for one in given for word in one.protected)
    return About(_gentlest(given), protected, any(one in restricted for one in clusters), shown)


def _gentlest(given: Iterable[StandingGiven]) -> Standing:
    found = [Standing(one.standing) for one in given]
    return next((gentle for gentle in _GENTLEST if gentle in found), found[-1] if found else Standing.UNKNOWN)


def _check(reason: str) -> None:
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotMark(f"Write at least {LEAST_REASON} characters; the person concerned may read this.")
