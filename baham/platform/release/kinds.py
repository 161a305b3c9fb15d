"""What people are asked about releases: agreements, single releases, steps after an overlap."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from baham.platform.audit.services import Actor
from baham.platform.review.kinds import Choice, Kind
from baham.platform.review.models import Item


def _agreement(item: Item, choice: str, actor: Actor, reason: str) -> None:
    from baham.platform.release.agreements import decided

    decided(item, choice, actor, reason)


def _release(item: Item, choice: str, actor: Actor, reason: str) -> None:
    from baham.platform.release.releases import decided

    decided(item, choice, actor, reason)


def _release_page(item: Item) -> str:
    return reverse("release", args=[item.proposal["release"]])


def _agreement_page(item: Item) -> str:
    return reverse("partner", args=[item.proposal["partner"]])


_SEND = (
    Choice("send", _("Sign and send"), _("What the policy still allows at this moment leaves, signed."), "s"),
    Choice("back", _("Send back with a reason"), _("Nothing leaves; whoever proposed it reads your reason."), "d"),
)
"""Where what leaves is marked so that two people must sign, whoever proposed it does not (`four_eyes`)."""
KINDS: list[Kind] = [
    Kind(
        "agreement", _("Agreement"), _("Is this agreement signed?"),
        (
            Choice("sign", _("Sign"), _("What it names may leave from now on, and nothing else."), "s"),
            Choice("refuse", _("Do not sign"), _("Nothing changes; the agreement before it, if any, stays."), "d"),
        ),
        four_eyes=True, adverse=frozenset(), apply=_agreement, within=14,
        headline=_("Agreement with %(subject)s"), act="release.sign", page=_agreement_page,
    ),
    Kind(
        "outgoing", _("Release"), _("Does this leave?"), _SEND, four_eyes=True, adverse=frozenset(), apply=_release,
        within=2, headline=_("Release to %(subject)s"), act="release.sign", page=_release_page,
    ),
    Kind(
        "outgoing-plain", _("Release"), _("Does this leave?"), _SEND, four_eyes=False, adverse=frozenset(),
        apply=_release, within=2, headline=_("Release to %(subject)s"), act="release.sign", page=_release_page,
    ),
]  # fmt: skip
