"""Cases that are about a person: what kind, since when, what stands in them, and how they went."""

from collections.abc import Iterator

from baham.platform.cases.models import Case
from baham.platform.places import texts_of
from baham.platform.rights.access import Concerned
from baham.platform.rights.people import officer
from baham.platform.rights.telling import Line, Part, Thing
from baham.platform.rights.words import moment


def cases(person: Concerned) -> Iterator[Thing]:
    """Each case on a record of the person, or in which the person is named with another fact."""
    records = set(person.pks)
    for case in Case.objects.order_by("pk").prefetch_related("steps"):
        on_record = any(value in records for value in case.given.values() if isinstance(value, int))
        if on_record or _is_named(case, person):
            yield Thing("cases", f"case:{case.pk}", tuple(_lines(case)), open_matter=not case.is_over)


def _is_named(case: Case, person: Concerned) -> bool:
    """Whether the case holds the person's name and one of the facts by which the person is told from others."""
    held = " ".join(texts_of([case.title, case.given])).casefold()
    facts = [str(value).casefold() for name, value in person.asked.items() if name != "name" and value]
    name = str(person.asked.get("name") or "").casefold()
    return bool(name) and name in held and any(fact in held for fact in facts)


def _lines(case: Case) -> Iterator[Line]:
    yield Line("kind", case.workflow, "ident")
    yield Line("opened-on", moment(case.opened_at), "moment")
    yield officer("put-forward-by", case.opened_by, case.opened_at)
    yield Line("state", case.state, "ident")
    for value in texts_of(list(case.given.values())):
        yield Line("in-case", value)
    for step in case.steps.all():
        yield Line("on", moment(step.at), "moment")
        yield Line("answer", step.move, "ident")
        yield officer("by", step.by, step.at)
        if step.reason:
            yield Line("reason", step.reason, part=Part.OWN)
