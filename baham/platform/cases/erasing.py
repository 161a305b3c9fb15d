"""The cases' place in an erasure: what stands in them about the person goes; that there was a case, and who did what
to it when, stays."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from baham.platform.cases.models import Case, Step, Tell
from baham.platform.places import Concerned, Place, texts_of

ERASED = "erased"
MODELS = tuple(model._meta.label for model in (Case, Step, Tell))


def about(concerned: Concerned) -> Iterator[Case]:
    """Cases on a record of the person, or of which it is certain that they speak of the person."""
    for case in Case.objects.order_by("pk").iterator(500):
        if any(
            value in concerned.entities for value in case.given.values() if isinstance(value, int)
        ) or concerned.is_about(texts_of([case.title, case.given])):
            yield case


def holds(concerned: Concerned) -> int:
    """How many cases are about the person."""
    return sum(1 for _case in about(concerned))


def erase(concerned: Concerned) -> int:
    """Empty those cases, and take the person's words out of others. Inside the caller's transaction."""
    mine = {case.pk for case in about(concerned)}
    Case.objects.filter(pk__in=mine).update(title=ERASED, given={})
    Step.objects.filter(case__in=mine).update(reason="")
    Tell.objects.filter(step__case__in=mine).update(party="", letter={})
    for case in Case.objects.exclude(pk__in=mine).iterator(500):
        title, given = concerned.without(case.title), concerned.without(case.given)
        if (title, given) != (case.title, case.given):
            Case.objects.filter(pk=case.pk).update(title=title, given=given)
    for step in Step.objects.exclude(case__in=mine).exclude(reason="").iterator(500):
        if (reason := concerned.without(step.reason)) != step.reason:
            Step.objects.filter(pk=step.pk).update(reason=reason)
    for told in Tell.objects.exclude(step__case__in=mine).iterator(500):
        party, letter = concerned.without(told.party), concerned.without(told.letter)
        if (party, letter) != (told.party, told.letter):
            Tell.objects.filter(pk=told.pk).update(party=party, letter=letter)
    return len(mine)


def known_as(concerned: Concerned) -> list[str]:
    """How the log calls these cases."""
    return [f"case:{case.pk}" for case in about(concerned)]


PLACES = [Place(_("Cases, with what stands in them"), MODELS, holds, erase, known_as)]
