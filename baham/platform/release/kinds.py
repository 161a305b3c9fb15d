"""What people are asked about releases: agreements, single releases, steps after an overlap."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from baham.platform.audit.services import Actor
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.review.kinds import Choice, Kind
from baham.platform.review.models import Item


def _agreement(item: Item, choice: str, actor: Actor, reason: str) -> None:
    from baham.platform.release.agreements import decided

    decided(item, choice, actor, reason)


def _release(item: Item, choice: str, actor: Actor, reason: str) -> None:
    from baham.platform.release.releases import decided

    decided(item, choice, actor, reason)


def _reassess(item: Item, choice: str, actor: Actor, reason: str) -> None:
    from baham.platform.release.reassess import decided

    decided(item, choice, actor, reason)


def _taken_back(item: Item, reader: NeedToKnow) -> dict[str, Any]:
    from baham.platform.release.reassess import shown

    return shown(item, reader)


def _scope(item: Item, choice: str, actor: Actor, reason: str) -> None:
    from baham.platform.release.scopes import decided

    decided(item, choice, actor, reason)


def _scopes_page(item: Item) -> str:
    return f"{reverse('scopes')}#m{item.pk}"


def _release_page(item: Item) -> str:
    return reverse("release", args=[item.proposal["release"]])


def _agreement_page(item: Item) -> str:
    return reverse("partner", args=[item.proposal["partner"]])


_SEND = (
    Choice("send", _("Sign and send"), _("What the policy still allows at this moment leaves, signed."), "s"),
    Choice("back", _("Send back with a reason"), _("Nothing leaves; whoever proposed it reads your reason."), "d"),
)
"""Where what leaves is marked so that two people must sign, whoever proposed it does not (`four_eyes`)."""
_HELD = (
    Choice("stands", _("It stands without it"), _("Takes two people, who say which other grounds bear it."), "s"),
    Choice("falls", _("It falls with it"), _("The hold comes up for letting go at once, due within a day."), "d"),
)
_JUDGED = (
    Choice("stands", _("It stands without it"), _("Nothing changes. Say which other grounds bear it."), "s"),
    Choice(
        "falls",
        _("It falls with it"),
        _("Records go apart again; a cleared pair alerts again; the history stays."),
        "d",
    ),
)
"""Where a confirmed hit would go on being held against somebody, that it stands takes two people."""
KINDS: list[Kind] = [
    Kind(
        "agreement",
        _("Agreement"),
        _("Is this agreement signed?"),
        (
            Choice("sign", _("Sign"), _("What it names may leave from now on, and nothing else."), "s"),
            Choice("refuse", _("Do not sign"), _("Nothing changes; the agreement before it, if any, stays."), "d"),
        ),
        four_eyes=True,
        adverse=frozenset(),
        apply=_agreement,
        within=14,
        headline=_("Agreement with %(subject)s"),
        act="release.sign",
        page=_agreement_page,
    ),
    Kind(
        "scope",
        _("Circle"),
        _("Is this list of members signed?"),
        (
            Choice(
                "sign",
                _("Sign"),
                _("The list is in force and its members are told. What is releasable to the circle may leave to them."),
                "s",
            ),
            Choice("refuse", _("Do not sign"), _("Nothing changes; the list before it, if any, stays."), "d"),
        ),
        four_eyes=True,
        adverse=frozenset(),
        apply=_scope,
        within=14,
        headline=_("Members of the circle %(subject)s"),
        act="release.sign",
        page=_scopes_page,
    ),
    Kind(
        "outgoing",
        _("Release"),
        _("Does this leave?"),
        _SEND,
        four_eyes=True,
        adverse=frozenset(),
        apply=_release,
        within=2,
        headline=_("Release to %(subject)s"),
        act="release.sign",
        page=_release_page,
    ),
    Kind(
        "outgoing-plain",
        _("Release"),
        _("Does this leave?"),
        _SEND,
        four_eyes=False,
        adverse=frozenset(),
        apply=_release,
        within=2,
        headline=_("Release to %(subject)s"),
        act="release.sign",
        page=_release_page,
    ),
    Kind(
        "reassess",
        _("Taken back"),
        _("Something it rested on was taken back. Does the finding still stand?"),
        _HELD,
        four_eyes=True,
        adverse=frozenset({"stands"}),
        apply=_reassess,
        within=1,
        headline=_("Does it still stand that %(subject)s is the listed %(entry)s?"),
        part="release/_reassess.html",
        shows=_taken_back,
    ),
    Kind(
        "reassess-plain",
        _("Taken back"),
        _("Something it rested on was taken back. Does the judgement still stand?"),
        _JUDGED,
        four_eyes=False,
        adverse=frozenset(),
        apply=_reassess,
        within=2,
        headline=_("Does the judgement on %(subject)s and %(entry)s still stand?"),
        part="release/_reassess.html",
        shows=_taken_back,
    ),
]
