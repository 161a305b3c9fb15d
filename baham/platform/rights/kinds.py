"""What people are asked about the rights of persons concerned."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from baham.platform.audit.services import Actor
from baham.platform.review.kinds import Choice, Kind
from baham.platform.review.models import Item


def _erasure(item: Item, choice: str, actor: Actor, reason: str) -> None:
    from baham.platform.rights.erasure import decided

    decided(item, choice, actor, reason)


def _erasure_page(item: Item) -> str:
    return reverse("erasure", args=[item.proposal["erasure"]])


ERASURE = Kind(
    "erasure", _("Erasure"), _("Is this erased?"),
    (
        Choice("erase", _("Erase"), _("Takes two people beside the one who asked. It cannot be undone."), "s"),
        Choice("restrict", _("Restrict instead"), _("It matches nothing and leaves to nobody, and is kept as evidence. "
                                                    "Can be lifted."), "n"),
        Choice("back", _("Send back with a reason"), _("Nothing changes; whoever asked reads your reason."), "d"),
    ),
    four_eyes=True, adverse=frozenset({"erase"}), apply=_erasure, within=14, headline=_("Erasure of %(entry)s"),
    act="record.erase", page=_erasure_page,
)  # fmt: skip
