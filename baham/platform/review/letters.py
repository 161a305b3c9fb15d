"""The letter to somebody who was mistaken for a listed person (safeguard S-20).

It names the person concerned and what was compared of theirs, the office, the day and a reference, and how to get help.
Of the listed person it says nothing; the list is named only where it is published. The reviewer's reason is not in
it, because it may speak of the other person; whoever it concerns may ask for it.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from baham.kernel.handling import TLP
from baham.platform.accounts.models import Organisation, User
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.review.models import Item, Letter
from baham.platform.screening.cleared import FACTS
from baham.platform.screening.models import Clearing


class NoLetter(ValueError):
    """There is no clearing letter for this matter or in this language."""


@transaction.atomic
def make_out(item: Item, user: User, actor: Actor, language: str) -> Letter:
    """Make out a letter and log that it is disclosed to the person concerned. Raises NoLetter."""
    if item.kind != "match" or item.outcome != "different" or not item.subject_name:
        raise NoLetter("A letter is made out for a hit that was decided to be somebody else.")
    if language not in dict(settings.LANGUAGES):
        raise NoLetter(f"{language!r} is not a language that Baham speaks")
    made = Letter.objects.create(item=item, language=language, by=user.username, at=timezone.now())
    record(
        actor,
        Event.DISCLOSURE,
        "made out a clearing letter",
        f"matter:{item.pk}",
        title=item.subject_name,
        recipient="the person concerned",
        language=language,
        letter=made.pk,
    )
    return made


def content(letter: Letter) -> dict[str, Any]:
    """What stands in the letter."""
    item = letter.item
    by = {signature.by for signature in item.signatures.all() if signature.choice == item.outcome}
    people = User.objects.filter(username__in=by).select_related("organisation").order_by("username")
    dataset = item.entity.dataset if item.entity is not None else None
    public = dataset if dataset is not None and TLP(dataset.tlp) is TLP.CLEAR else None
    clearing = Clearing.objects.filter(matter=item.pk).first()
    return {
        "letter": letter,
        "item": item,
        "reference": clearing.reference if clearing else f"M-{item.pk:06}",
        "office": _office(letter, people),
        "deciders": [_signed(one, letter.language) for one in people] or sorted(by),
        "list": public,
        "route": public.review_route if public else "",
        "details": [(name, item.proposal[name]) for name in ("name", *FACTS) if item.proposal.get(name)],
        "clearing": clearing if clearing is not None and clearing.counts else None,
    }


def _office(letter: Letter, deciders: Any) -> str:
    """The office that answers for the letter: that of whoever made it out, else of whoever decided."""
    author = User.objects.filter(username=letter.by).select_related("organisation").first()
    for person in (author, *deciders):
        if person is not None and person.organisation is not None:
            return _called(person.organisation, letter.language)
    return "Baham"


def _called(place: Organisation, language: str) -> str:
    """The organisation's name in the script of the letter, where it has one."""
    return place.name_local if place.name_local and language != "en" else place.name


def _signed(person: User, language: str) -> str:
    place = person.organisation
    return f"{person}, {_called(place, language)}" if place is not None else str(person)
