"""Circles of parties to which something may be releasable (*scopes*): a UUID with a list of members that is signed.

Whoever keeps a circle signs its list; a member is told the list and every later one. A newer list replaces the older, a
list is good until a day, and one that does not bear its keeper's signature holds nobody: what is releasable to a circle
that cannot be read leaves to nobody. More members widen what leaves, so a list takes two people here.

The UUID is made of its keeper's id (version 5, RFC 9562 §5.5, over a random name that the list says): whoever has seen
it in a marking cannot sign a list of members for it.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from baham.formats import dsse
from baham.kernel.clock import utc_text
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.release import channel
from baham.platform.release.identity import ours
from baham.platform.release.models import Partner, Scope
from baham.platform.release.partners import CannotChange, signing_keys
from baham.platform.review.models import Item
from baham.platform.review.services import propose

KIND = "scope"
CHANGED: list[Callable[[str], None]] = []
"""What is done where a circle, by its UUID, has another list, in that transaction; rooms add themselves."""
MOST = 500
"""Members of a circle, at the most."""


@transaction.atomic
def put_forward(
    actor: Actor, title: str, members: Collection[Partner], until: datetime, scope: Scope | None = None
) -> Item:
    """Propose a circle, or another list for one that we keep; in force when a second person signs. CannotChange."""
    title = " ".join(title.split())
    if not title or len(title) > 200:
        raise CannotChange("Give the circle a title of at most 200 characters.")
    if not members or len(members) > MOST:
        raise CannotChange(f"A circle has 1 to {MOST} members.")
    if until <= timezone.now():
        raise CannotChange("The day until which the list is good lies in the past.")
    if scope is not None and scope.keeper != UUID(ours().party):
        raise CannotChange("Another party keeps this circle; only its keeper changes it.")
    if any(not one.in_force for one in members):
        raise CannotChange("A partner whose partnership has ended is in no circle.")
    named = sorted(members, key=lambda one: one.title)
    held = _signed(scope) if scope is not None else None
    nonce = held["nonce"] if held is not None else uuid4().hex
    return propose(
        KIND,
        "",
        proposed_by=actor,
        evidence=[],
        proposal={
            "scope": str(id_of(ours().party, nonce)),
            "nonce": nonce,
            "after": scope.number if scope is not None else 0,
            "party": title,
            "until": utc_text(until),
            "members": sorted(str(one.party) for one in named),
            "names": [one.title for one in named],
        },
    )


def id_of(keeper: str, nonce: str) -> UUID:
    """The id of the circle that this party keeps under this random name."""
    return uuid5(UUID(keeper), nonce)


def decided(item: Item, choice: str, actor: Actor, reason: str) -> None:
    """What follows from the review of a list: it is signed, in force, and told to its members and to who was one."""
    given = item.proposal
    if choice == "sign":
        before = Scope.objects.select_for_update().filter(uuid=given["scope"]).first()
        if (before.number if before is not None else 0) != given["after"]:
            raise CannotChange(
                "The circle has another list since this one was proposed; send it back and propose anew."
            )
        payload = {
            "version": 1,
            "scope": given["scope"],
            "nonce": given["nonce"],
            "title": given["party"],
            "keeper": ours().party,
            "number": given["after"] + 1,
            "members": given["members"],
            "until": given["until"],
        }
        envelope = dsse.sign(channel.payload_type(KIND), payload, [ours().signing_key])
        _store(payload, envelope)
        _tell({*given["members"], *(before.members if before is not None else ())}, envelope)
    act = "signed a circle" if choice == "sign" else "refused a circle"
    record(
        actor,
        Event.SYSTEM,
        act,
        f"scope:{given['scope']}",
        title=given["party"],
        justification=reason,
        members=len(given["members"]),
    )


def _store(payload: Mapping[str, Any], envelope: Mapping[str, Any]) -> Scope:
    made = Scope.objects.update_or_create(
        uuid=payload["scope"],
        defaults={
            "title": payload["title"],
            "keeper": payload["keeper"],
            "number": payload["number"],
            "members": payload["members"],
            "envelope": dict(envelope),
            "until": datetime.fromisoformat(payload["until"]),
        },
    )[0]
    for changed in CHANGED:
        changed(str(made.uuid))
    return made


def _tell(parties: Collection[str], envelope: Mapping[str, Any]) -> None:
    for partner in Partner.objects.filter(party__in=parties, ended_at=None):
        channel.say(
            partner,
            "scope",
            {
                "version": 1,
                "from": ours().party,
                "to": str(partner.party),
                "at": utc_text(timezone.now()),
                "list": dict(envelope),
            },
        )


@transaction.atomic
def take(partner: Partner, envelope: Any) -> Scope:
    """Keep the list of a circle that a partner keeps and has signed. Raises CannotChange, and changes nothing."""
    try:
        payload = _checked(dsse.verify(channel.payload_type(KIND), envelope, signing_keys(partner)).json())
    except dsse.BadSignature as error:
        raise CannotChange(f"the list is not signed by {partner.name}: {error}") from error
    if payload["keeper"] != str(partner.party):
        raise CannotChange("the list is signed by another party than the one that keeps the circle")
    held = Scope.objects.select_for_update().filter(uuid=payload["scope"]).first()
    if held is not None and str(held.keeper) != payload["keeper"]:
        raise CannotChange("another party keeps this circle here")
    if held is not None and held.number >= payload["number"]:
        raise CannotChange("this list is not newer than the one held here")
    made = _store(payload, envelope)
    record(
        Actor(f"partner:{partner.name}"),
        Event.SYSTEM,
        "gave a circle's list",
        f"scope:{made.uuid}",
        title=made.title,
        members=len(made.members),
        number=made.number,
    )
    return made


def _checked(payload: Any) -> dict[str, Any]:
    """The payload of a list, if it is one. Raises CannotChange."""
    try:
        bound = UUID(payload["scope"]) == id_of(payload["keeper"], payload["nonce"])
        good = (
            bound
            and payload["version"] == 1
            and type(payload["number"]) is int
            and 0 < payload["number"] < 2**31
            and 0 < len(payload["title"]) <= 200
            and isinstance(payload["title"], str)
            and isinstance(payload["members"], list)
            and len(payload["members"]) <= MOST
            and datetime.fromisoformat(payload["until"]).tzinfo is not None
        )
        members = sorted({str(UUID(one)) for one in payload["members"]})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CannotChange("the list of a circle cannot be read") from error
    if not good:
        raise CannotChange("the list of a circle cannot be read")
    return {**payload, "members": members}


def members_of(scope: Scope) -> frozenset[str]:
    """The parties of a circle now, by their ids: those that its keeper signed for; nobody once the list is too old, or
    where what is stored is not what was signed."""
    payload = _signed(scope)
    if payload is None or min(scope.until, datetime.fromisoformat(payload["until"])) <= timezone.now():
        return frozenset()
    return frozenset(payload["members"])


def groups_of(organisation: str) -> frozenset[str]:
    """The ids by which markings name an organisation: those of the parties that it is, while they are our partners, and
    of the circles that have one of them as a member now."""
    known = Partner.objects.filter(organisation__name=organisation, ended_at=None)
    parties = {str(party) for party in known.values_list("party", flat=True)}
    if organisation == settings.PARTY_NAME:
        parties.add(ours().party)
    return circles_of(parties) | parties


def circles_of(parties: Collection[str]) -> frozenset[str]:
    """The circles of whose lists, signed and not yet out of date, one of these parties is a member."""
    wanted = set(parties)  # signatures of those alone are checked that name one of them
    named = (scope for scope in Scope.objects.all() if wanted.intersection(scope.members)) if wanted else ()
    return frozenset(str(scope.uuid) for scope in named if wanted & members_of(scope))


def _signed(scope: Scope) -> dict[str, Any] | None:
    """The list as its keeper signed it; None where what is stored is not that."""
    if str(scope.keeper) == ours().party:
        keys = {ours().key_id: ours().public}
    else:
        keeper = Partner.objects.filter(party=scope.keeper).first()
        keys = signing_keys(keeper) if keeper is not None else {}
    try:
        payload = _checked(dsse.verify(channel.payload_type(KIND), scope.envelope, keys).json())
    except (dsse.BadSignature, CannotChange):
        return None
    return payload if (payload["scope"], payload["keeper"]) == (str(scope.uuid), str(scope.keeper)) else None


def circles() -> list[tuple[str, str]]:
    """To whom a statement may be made releasable, by ids that mean the same to everybody: circles and parties."""
    keepers = {str(one.party): one.title for one in Partner.objects.all()} | {ours().party: ours().name}
    known = [
        (str(one.uuid), f"{one.title} ({keepers.get(str(one.keeper), one.keeper)})")
        for one in Scope.objects.order_by("title")
    ]
    return known + [(str(one.party), one.title) for one in Partner.objects.filter(ended_at=None)]
