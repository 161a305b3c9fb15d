"""Passing a matter on: to a role, to an organisation, or to a second line. It stays open, with all that happened to it.

Whom a matter was passed to sees it first; nobody loses sight of it. Who passed it on does not decide it any more.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from baham.kernel.decision import LEAST_REASON
from baham.platform.accounts.models import Organisation, User
from baham.platform.accounts.roles import PERMISSIONS, Role
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.review.errors import CannotDecide
from baham.platform.review.models import Item, Passing

SECOND_LINE = "second-line"
"""Whoever may decide and works for another organisation than the one who passes the matter on."""


def addresses() -> list[tuple[str, str | Promise]]:
    """To whom a matter may be passed: (code, what to call it): the second line, roles, organisations."""
    roles = [(f"role:{role.value}", role.label) for role in Role if role in PERMISSIONS["review.decide"]]
    deciding = [role.value for role in PERMISSIONS["review.decide"]]
    places = Organisation.objects.filter(people__is_active=True, people__grants__role__in=deciding).distinct()
    return [
        (SECOND_LINE, _("the second line: another organisation than yours")),
        *roles,
        *((f"organisation:{place.name}", place.name) for place in places.order_by("name")),
    ]


def called(to: str) -> str:
    """What an address is called on a page. An organisation's own name stays as it is."""
    kind, _colon, name = to.partition(":")
    if kind == "organisation":
        return name
    if kind == "role" and name in {role.value for role in Role}:
        return str(Role(name).label)
    return str(_("second line")) if to == SECOND_LINE or kind == SECOND_LINE else to


def addressed_to(user: User) -> list[str]:
    """The addresses under which this person receives matters; the second line of others is worked out beside it."""
    place = user.organisation.name if user.organisation is not None else ""
    return [*(f"role:{role.value}" for role in user.roles), *([f"organisation:{place}"] if place else [])]


def second_line_of(user: User) -> str:
    """How a passing to the second line by somebody of this person's organisation is written."""
    return f"{SECOND_LINE}:{user.organisation.name if user.organisation is not None else ''}"[:200]


@transaction.atomic
def pass_on(item: Item, user: User, actor: Actor, to: str, reason: str) -> Passing:
    """Pass an open matter on. Raises CannotDecide for an unknown address and for a reason that says too little."""
    item = Item.objects.select_for_update().get(pk=item.pk)
    if item.outcome:
        raise CannotDecide("This matter has been decided already.")
    if not isinstance(user, User) or not user.may("review.decide") or actor.name != user.username:
        raise CannotDecide("Only a person whose role allows it may decide.")
    if to not in {code for code, _label in addresses()}:
        raise CannotDecide("Choose to whom it goes.")
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotDecide(f"Write at least {LEAST_REASON} characters; the person concerned may read this.")
    address = second_line_of(user) if to == SECOND_LINE else to
    made = Passing.objects.create(item=item, to=address, reason=reason.strip(), by=user.username, at=timezone.now())
    item.passed_to, item.passed_by, item.passed_at = address, user.username, made.at
    item.save(update_fields=["passed_to", "passed_by", "passed_at"])
    record(
        actor,
        Event.ALTERATION,
        "passed on",
        f"matter:{item.pk}",
        title=str(item),
        justification=reason.strip(),
        recipient=address,
    )
    return made
