"""Requests of persons concerned as a place in an erasure: what was told to somebody is held as well."""

from baham.platform.places import Concerned
from baham.platform.rights import requests
from baham.platform.rights.models import Examination, Request


def held_here(concerned: Concerned) -> int:
    """How many requests hold what they told of it, or ask about it."""
    return len(_about(concerned))


def erase_here(concerned: Concerned) -> int:
    """Empty what requests hold of records that go whole; of others, the values that go. Number, days, answer and
    grounds stay, and so does that oversight examined it."""
    found = _about(concerned)
    requests.erase_here(sorted(concerned.entities))
    for one in Request.objects.filter(pk__in=found):
        one.asked, one.content = concerned.without(one.asked), concerned.without(one.content)
        one.verified, one.reference = concerned.without(one.verified), concerned.without(one.reference)
        one.save(update_fields=["asked", "content", "verified", "reference"])
    for seen in Examination.objects.filter(request__in=found).exclude(reasons=""):
        Examination.objects.filter(pk=seen.pk).update(reasons=concerned.without(seen.reasons))
    return len(found)


def _about(concerned: Concerned) -> list[int]:
    touched = [*concerned.entities, *concerned.partly]
    linked = set(Request.objects.filter(entities__in=touched).values_list("pk", flat=True))
    asked = {
        pk for pk, given in Request.objects.exclude(asked={}).values_list("pk", "asked")
        if concerned.is_about(map(str, given.values()))
    }  # fmt: skip
    return sorted(linked | asked)
