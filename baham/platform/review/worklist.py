"""The work list as queries: what waits, for whom, in which order, narrowed to what somebody wants to see.

Nothing here loads the list as a whole, so that a page costs the same with five open matters and with five thousand.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from baham.kernel.handling import Audience
from baham.platform.accounts.models import Organisation, User
from baham.platform.ledger.models import Dataset, Entity
from baham.platform.review.kinds import KINDS
from baham.platform.review.models import Item, Signature
from baham.platform.review.passing import SECOND_LINE, addressed_to

SORTS: dict[str, str | Promise] = {
    "due": _("earliest due"),
    "newest": _("newest"),
    "oldest": _("longest waiting"),
    "subject": _("by subject"),
}
SHOWS = ("open", "decided")
FLAGS = ("mine", "overdue", "passed", "ended")
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,60}")
_FARTHEST = 2_000
"""How far ahead of a matter its neighbours in the list are looked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see of the list. Every field empty: all that is open."""

    show: str = "open"
    kind: str = ""
    verdict: str = ""
    dataset: str = ""
    mine: bool = False
    overdue: bool = False
    passed: bool = False
    ended: bool = False
    sort: str = "due"

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Wanted":
        """From an address; what is not known there is left out."""
        kinds = {kind.code for kind in KINDS}
        return cls(
            show="decided" if given.get("show") == "decided" else "open",
            kind=given.get("kind", "") if given.get("kind") in kinds else "",
            verdict=given.get("verdict", "") if given.get("verdict") in ("probable", "possible") else "",
            dataset=given.get("dataset", "") if _SLUG.fullmatch(given.get("dataset", "")) else "",
            sort=given["sort"] if given.get("sort") in SORTS else "due",
            **{flag: given.get(flag) == "1" for flag in FLAGS},
        )

    def address(self, page: int = 1) -> str:
        """The query that leads back here; empty for the plain list."""
        plain = Wanted()
        asked = {
            name: "1" if value is True else str(value)
            for name in self.__slots__
            if (value := getattr(self, name)) != getattr(plain, name)
        }
        return urlencode({**asked, **({"page": page} if page > 1 else {})})

    @property
    def flags(self) -> list[str]:
        """The flags that are set, for the form that narrows the list further."""
        return [flag for flag in FLAGS if getattr(self, flag)]

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out of the list."""
        return self != Wanted(show=self.show, sort=self.sort)


def within_reach(user: User) -> QuerySet[Item]:
    """The matters that somebody may see: what their organisation asked or they had a part in, what was passed to them,
    and what they may decide because their side keeps the record; oversight examines all."""
    if user.may("oversight.examine"):
        return Item.objects.all()
    place = user.organisation.name if user.organisation is not None else ""
    names = (user.username, f"terminal:{user.username}")
    signed = Exists(Signature.objects.filter(item=OuterRef("pk"), by=user.username))
    part = Q(asker=place) | Q(proposed_by__in=names) | Q(passed_by=user.username) | signed
    decides = Q(kind__in=[kind.code for kind in KINDS if user.may(kind.act)]) & _kept_by(user)
    return Item.objects.filter(part | passed_to(user) & _received(user) | decides)


def _kept_by(user: User) -> Q:
    """Which matters are about records that this person's side keeps; what is about no record is the operator's."""
    if user.is_operators:
        others = Organisation.objects.filter(audience__lt=Audience.ORGANISATION)
        return ~Q(entity__dataset__keeper__in=others) & ~Q(dataset__keeper__in=others)
    mine = user.organisation
    return Q(entity__dataset__keeper=mine) | Q(entity=None, dataset__keeper=mine)


def open_items(user: User) -> QuerySet[Item]:
    """The matters that wait, as far as somebody may see them."""
    return within_reach(user).filter(outcome="").select_related("entity__dataset", "other__dataset", "dataset")


def open_on(entity: Entity, user: User) -> QuerySet[Item]:
    """The matters on a record that wait, as far as somebody may see them."""
    return open_items(user).filter(entity=entity) if user.may("review.see") else Item.objects.none()


def waiting_for(user: User) -> QuerySet[Item]:
    """The open matters that this person may still sign."""
    if not user.may("review.decide"):
        return Item.objects.none()
    four_eyes = Q(kind__in=[kind.code for kind in KINDS if kind.four_eyes])
    signed = Exists(Signature.objects.filter(item=OuterRef("pk"), by=user.username))
    own = four_eyes & (Q(proposed_by__in=(user.username, f"terminal:{user.username}")) | signed)
    beyond = [kind.code for kind in KINDS if not user.may(kind.act)]
    return open_items(user).exclude(own).exclude(passed_by=user.username).exclude(kind__in=beyond)


def passed_to(user: User) -> Q:
    """Which matters were passed to this person: to a role of theirs, their organisation, or as the second line."""
    place = user.organisation.name if user.organisation is not None else ""
    second = Q(passed_to__startswith=f"{SECOND_LINE}:") & ~Q(passed_to=f"{SECOND_LINE}:{place}"[:200])
    return (Q(passed_to__in=addressed_to(user)) | second) & ~Q(passed_by=user.username)


def _received(user: User) -> Q:
    """Of what was passed on, what this person may see: what was passed to their organisation by name, and what was
    passed to a role or a second line of the operator's people."""
    return Q() if user.is_operators else Q(passed_to=f"organisation:{user.organisation}")


def in_order(items: QuerySet[Item], user: User | None = None, sort: str = "due") -> QuerySet[Item]:
    """First what must be let go because its listing ended, then what was passed to this person, then as `sort` says."""
    ranks = [When(Q(kind="release") | Q(kind="match", outcome="", entity__current=False), then=Value(0))]
    if user is not None:
        ranks.append(When(passed_to(user), then=Value(1)))
    elsewhere = Case(*ranks, default=Value(2), output_field=IntegerField())
    by: dict[str, tuple[str | OrderBy, ...]] = {
        "due": (F("due_at").asc(nulls_last=True), "pk"),
        "newest": ("-opened_at", "-pk"),
        "oldest": ("opened_at", "pk"),
        "subject": ("subject_key", F("due_at").asc(nulls_last=True), "pk"),
    }
    return items.order_by(elsewhere, *by[sort])


def wanted_items(wanted: Wanted, user: User) -> QuerySet[Item]:
    """The matters that somebody wants to see, in their order."""
    if wanted.show == "decided":
        decided = within_reach(user).exclude(outcome="")
        items = decided.select_related("entity__dataset", "other__dataset", "dataset")
    else:
        items = waiting_for(user) if wanted.mine else open_items(user)
    if wanted.kind:
        items = items.filter(kind=wanted.kind)
    if wanted.verdict:
        items = items.filter(verdict=wanted.verdict)
    if wanted.dataset:
        items = items.filter(Q(entity__dataset__name=wanted.dataset) | Q(dataset__name=wanted.dataset))
    if wanted.overdue:
        items = items.filter(due_at__lt=timezone.now())
    if wanted.passed:
        items = items.filter(passed_to(user))
    if wanted.ended:
        items = items.filter(Q(kind="release") | Q(kind="match", entity__current=False))
    if wanted.show == "decided":
        return items.order_by("-closed_at", "-pk")
    return in_order(items, user, wanted.sort)


def lists_with_matters(user: User) -> list[Dataset]:
    """The lists that open matters are about, for the filter."""
    waiting = within_reach(user).filter(outcome="")
    return list(
        Dataset.objects.filter(Q(pk__in=waiting.values("entity__dataset")) | Q(pk__in=waiting.values("dataset")))
    )


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a matter stands in a list: its place from 1, of how many, and what is beside it."""

    place: int
    of: int
    before: int | None
    after: int | None


def neighbours(item: Item, wanted: Wanted, user: User) -> Neighbours | None:
    """The place of a matter in the list that somebody came from; None where it is no longer in it."""
    pks = list(wanted_items(wanted, user).values_list("pk", flat=True)[:_FARTHEST])
    if item.pk not in pks:
        return None
    at = pks.index(item.pk)
    return Neighbours(at + 1, len(pks), pks[at - 1] if at else None, pks[at + 1] if at + 1 < len(pks) else None)


def siblings(item: Item, user: User) -> list[Item]:
    """Other open hits on the same subject as asked, by the same asker, that may be let go with the same reason.

    Never one that is *probable*, one that somebody signed already, or one about an entry that shares a number with the
    subject: those are looked at one by one.
    """
    if item.kind != "match" or not item.subject_key or item.verdict != "possible":
        return []
    alike = waiting_for(user).filter(
        kind="match",
        subject_key=item.subject_key,
        asker=item.asker,
        verdict="possible",
        passed_to="",
        signatures=None,
    )
    others = alike.exclude(pk=item.pk).order_by("pk")[:20]
    return [other for other in others if not any(e.get("code") == "identifier.same" for e in other.evidence)]
