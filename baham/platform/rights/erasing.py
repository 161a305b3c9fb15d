"""Requests of persons concerned as a place in an erasure: what was told to somebody is held as well."""

from django.db.models import Q

from baham.platform.places import Concerned
from baham.platform.rights.models import Examination, Request


def held_here(concerned: Concerned) -> int:
    """How many requests hold what they told of it, or ask about it."""
    return len(_about(concerned))


def erase_here(concerned: Concerned) -> int:
    """Empty what requests hold of records that go whole; of others, the values that go. Number, days, answer and
    grounds stay, and so does that oversight examined it.

    A request that waits for its answer, or for oversight, keeps who asks: nobody could answer it otherwise. It goes
    with the answer's own time (`requests.forget`).
    """
    found = _about(concerned)
    waits = Q(answer="") | Q(examinations__finding="")
    open_ones = set(Request.objects.filter(waits, pk__in=found).values_list("pk", flat=True))
    whole = set(Request.objects.filter(entities__in=concerned.entities).values_list("pk", flat=True))
    for one in Request.objects.filter(pk__in=found):
        one.content = None if one.pk in whole else concerned.without(one.content)
        if one.pk not in open_ones:
            one.asked = {} if one.pk in whole else concerned.without(one.asked)
            one.verified, one.reference = (
                "" if one.pk in whole else concerned.without(text) for text in (one.verified, one.reference)
            )
        one.save(update_fields=["asked", "content", "verified", "reference"])
        one.entities.remove(*concerned.entities)
    for seen in Examination.objects.filter(request__in=found).exclude(reasons=""):
        Examination.objects.filter(pk=seen.pk).update(reasons=concerned.without(seen.reasons))
    return len(found)


def _about(concerned: Concerned) -> list[int]:
    touched = [*concerned.entities, *concerned.partly]
    linked = set(Request.objects.filter(entities__in=touched).values_list("pk", flat=True))
    asked = {
        pk
        for pk, given in Request.objects.exclude(asked={}).values_list("pk", "asked")
        if concerned.is_about(map(str, given.values()))
    }
    return sorted(linked | asked)
