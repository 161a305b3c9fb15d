"""What people are asked about the rights of persons concerned."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from baham.platform.audit.services import Actor
from baham.platform.review.kinds import Choice, Kind
from baham.platform.review.models import Item


def _answer(item: Item, choice: str, actor: Actor, reason: str) -> None:
    from baham.platform.rights.requests import apply

    apply(item, choice, actor, reason)


def _advice(item: Item, choice: str, actor: Actor, reason: str) -> None:
    from baham.platform.rights.oversight import follow

    follow(item, choice, actor, reason)


def _page(item: Item) -> str:
    return reverse("access_request", args=[item.proposal["request"]])


_ANSWERS = (
    Choice("give", _("Give"), _("All that the rule lets be told is told. What belongs to others stays withheld."), "s"),
    Choice(
        "part", _("Give in part"), _("What you mark below is kept as well, on the ground you record. Two people."), "p"
    ),
    Choice(
        "refuse",
        _("Refuse"),
        _("Only what is public is given, with the ground and the way to oversight. Two people."),
        "d",
    ),
    Choice(
        "neither",
        _("Neither confirm nor deny"),
        _("Only what is public is given; the letter is the same whether or not there is more. Two people."),
        "n",
    ),
)
_QUESTION = _("What is the person told?")
ACCESS: list[Kind] = [
    Kind(
        "access",
        _("Request for access"),
        _QUESTION,
        _ANSWERS,
        four_eyes=True,
        adverse=frozenset({"part", "refuse", "neither"}),
        apply=_answer,
        within=30,
        headline=_("Request for access %(subject)s"),
        act="rights.handle",
        page=_page,
    ),
    Kind(
        # Oversight asked for it, so whatever is answered now takes two people, and none of those who decided before.
        "access-again",
        _("Request for access, again"),
        _QUESTION,
        _ANSWERS,
        four_eyes=True,
        adverse=frozenset({"give", "part", "refuse", "neither"}),
        apply=_answer,
        within=30,
        headline=_("Request for access %(subject)s, to be decided again"),
        act="rights.handle",
        page=_page,
    ),
    Kind(
        "oversight-advice",
        _("Recommendation of oversight"),
        _("Is the recommendation followed?"),
        (
            Choice("follow", _("Follow it"), _("What oversight recommends is done at once."), "s"),
            Choice("not", _("Do not follow it"), _("Oversight reads your reason. Two people."), "d"),
        ),
        four_eyes=True,
        adverse=frozenset({"not"}),
        apply=_advice,
        within=30,
        headline=_("Recommendation of oversight on %(subject)s"),
        act="rights.handle",
        page=_page,
    ),
]


def _erasure(item: Item, choice: str, actor: Actor, reason: str) -> None:
    from baham.platform.rights.erasure import decided

    decided(item, choice, actor, reason)


def _erasure_page(item: Item) -> str:
    return reverse("erasure", args=[item.proposal["erasure"]])


ERASURE = Kind(
    "erasure",
    _("Erasure"),
    _("Is this erased?"),
    (
        Choice("erase", _("Erase"), _("Takes two people beside the one who asked. It cannot be undone."), "s"),
        Choice(
            "restrict",
            _("Restrict instead"),
            _("It matches nothing and leaves to nobody, and is kept as evidence. Can be lifted."),
            "n",
        ),
        Choice("back", _("Send back with a reason"), _("Nothing changes; whoever asked reads your reason."), "d"),
    ),
    four_eyes=True,
    adverse=frozenset({"erase"}),
    apply=_erasure,
    within=14,
    headline=_("Erasure of %(entry)s"),
    act="record.erase",
    page=_erasure_page,
)
