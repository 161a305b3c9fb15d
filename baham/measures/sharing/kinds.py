"""What people are asked about in sharing: whether a lead of an overlap check is stepped up."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from baham.platform.audit.services import Actor
from baham.platform.review.kinds import ERASED, Choice, Kind
from baham.platform.review.models import Item


def _decided(item: Item, choice: str, actor: Actor, reason: str) -> None:
    from baham.measures.sharing.overlap.leads import decided

    decided(item, choice, actor, reason)


def _page(item: Item) -> str:
    return reverse("leads") if item.outcome == ERASED else reverse("lead", args=[item.proposal["lead"]])


KINDS = [
    Kind(
        "lead",
        _("Lead"),
        _("Is this lead stepped up?"),
        (
            Choice(
                "step-up",
                _("Step up"),
                _("Single fields may be released about it, each signed by itself. Nothing leaves by this."),
                "s",
            ),
            Choice(
                "leave", _("Leave it"), _("Nothing follows. The other side does not learn that there was a lead."), "d"
            ),
        ),
        four_eyes=True,
        adverse=frozenset(),
        apply=_decided,
        headline=_("Lead on %(subject)s"),
        act="release.sign",
        page=_page,
    ),
]
