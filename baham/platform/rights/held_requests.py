"""What the rights room itself holds: the person's own requests, their answers and examinations."""

from collections.abc import Iterator

from django.db.models import Q

from baham.platform.rights.access import Concerned
from baham.platform.rights.models import Erasure, Request
from baham.platform.rights.people import officer
from baham.platform.rights.telling import Line, Part, Thing
from baham.platform.rights.words import moment


def requests(person: Concerned) -> Iterator[Thing]:
    """Requests that this person made, or that were linked to their record. What oversight found is its own to tell
    (Article 17(3)), and is not told here."""
    mine = [one.pk for one in Request.objects.only("pk", "asked").iterator() if person.is_meant(one.asked)]
    found = Request.objects.filter(Q(entities__in=person.pks) | Q(pk__in=mine)).distinct().order_by("pk")
    for one in found.prefetch_related("given_out", "examinations", "words"):
        # A request may be linked to the record of somebody else: what its asker gave is the asker's own.
        part = Part.OWN if person.is_meant(one.asked) else Part.OTHER
        lines = [
            Line("reference", one.number, "ident"),
            Line("received-on", one.received_on.isoformat(), "date"),
            Line("verified", one.verified, part=part),
            Line("language", one.language, "ident", part),
            officer("by", one.recorded_by, one.recorded_at),
        ]
        lines += [Line(f"asked-{name}", str(value), part=part) for name, value in one.asked.items()]
        if one.reference:
            lines.append(Line("asked-by", one.reference, part=part))
        if one.answered_at is not None:
            lines += [Line("answer", one.answer, "word"), Line("on", moment(one.answered_at), "moment")]
            lines += [officer("by", word.by, word.at) for word in one.words.all() if word.choice == one.answer]
        for out in one.given_out.all():
            lines += [Line("letter-on", moment(out.at), "moment"), officer("by", out.by, out.at)]
        lines += [Line("examined-on", moment(seen.opened_at), "moment") for seen in one.examinations.all()]
        yield Thing("requests", f"request:{one.pk}", tuple(lines))


def erasures(person: Concerned) -> Iterator[Thing]:
    """That a record of the person was to be erased, and what became of it."""
    for one in Erasure.objects.filter(entity__in=person.pks).order_by("pk"):
        lines = [
            Line("reference", str(one), "ident"),
            Line("on", moment(one.proposed_at), "moment"),
            Line("ground", one.ground, "word"),
            Line("reason", one.reason),
            Line("state", one.state, "word"),
            officer("by", one.proposed_by, one.proposed_at),
        ]
        yield Thing("erasures", f"erasure:{one.pk}", tuple(lines))
