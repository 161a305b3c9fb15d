"""What work with a person left: matters and decisions, clearings and letters, files of names, subjects of clients."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q

from baham.platform.clients.models import Alert, Watched
from baham.platform.jobs.models import Job
from baham.platform.review.models import Item
from baham.platform.rights.access import Concerned
from baham.platform.rights.people import officer
from baham.platform.rights.telling import Line, Part, Thing
from baham.platform.rights.words import moment
from baham.platform.screening.cleared import FACTS, identity_of
from baham.platform.screening.models import Clearing
from baham.platform.screening.work import results_of

OWN_KINDS = frozenset({"review-due"})
"""Kinds of matters that are about the record itself and name nobody else."""


def matters_of(person: Concerned) -> Iterable[Item]:
    """The matters about the person: as a record, as one of two records, or as the subject that was asked about."""
    pks = person.pks
    about = Q(entity_id__in=pks) | Q(other_id__in=pks) | Q(pk__in=_asked_about(person))
    # A release and an agreement name no entity; what was released is found where it was given.
    found = (
        Item.objects.filter(about)
        .select_related("entity", "other")
        .prefetch_related("signatures", "passings", "letters")
    )
    return found.order_by("pk").distinct()


def _asked_about(person: Concerned) -> list[int]:
    """The matters in which this person was asked about, whichever other facts were given beside those that meet."""
    if not person.asked.get("name"):
        return []
    asked = Item.objects.exclude(subject_key="").values_list("pk", "proposal")
    return [pk for pk, proposal in asked.iterator() if person.is_meant(proposal)]


def matters(person: Concerned) -> Iterator[Thing]:
    """What was asked about the person, by whom, what was answered and why."""
    for item in matters_of(person):
        yield Thing("matters", f"matter:{item.pk}", tuple(_matter(item, person)), open_matter=not item.outcome)


def _sides(item: Item, person: Concerned) -> tuple[bool, bool]:
    """Whether the subject of a matter, and whether its entry, is the person."""
    entry = item.entity_id in set(person.pks)
    if item.other_id is not None:
        return item.other_id in set(person.pks), entry
    if not item.proposal.get("name"):
        return entry, entry
    same = item.outcome in ("same", "released", "kept", "ended") and entry
    return person.is_meant(item.proposal) or same, entry


def _matter(item: Item, person: Concerned) -> Iterator[Line]:
    subject, entry = _sides(item, person)
    theirs, listed = (Part.OWN if own else Part.OTHER for own in (subject, entry))
    # A reason compares both sides: where one of them is somebody else, it may speak of them.
    why = Part.OWN if subject and entry else Part.OTHER
    yield Line("kind", item.kind, "kind")
    yield Line("opened-on", moment(item.opened_at), "moment")
    if item.asker:
        yield Line("asked-by", item.asker, part=theirs, instead="a-client")
    yield officer("put-forward-by", item.proposed_by, item.opened_at)
    if item.title:
        yield Line("in-words", item.title, part=why)
    if item.other is not None:
        yield Line("other-record", item.other.caption, part=theirs)
    for name in ("name", *FACTS):
        if item.proposal.get(name):
            yield Line(f"asked-{name}", str(item.proposal[name]), part=theirs)
    if item.entity is not None:
        yield Line("entry", item.entity.caption, part=listed)
    for evidence in item.evidence:
        yield Line("compared", str(evidence.get("feature", "")), "feature")
        yield Line("yours" if subject else "asked-value", str(evidence.get("query", "")), part=theirs)
        yield Line("listed-value", str(evidence.get("listed", "")), part=listed)
        yield Line("speaks", str(evidence.get("direction", "")), "word")
    for passing in item.passings.all():
        yield Line("passed-on", moment(passing.at), "moment")
        yield officer("by", passing.by, passing.at)
        yield Line("reason", passing.reason, part=why)
    for signature in item.signatures.all():
        yield Line("answer", f"{item.kind}|{signature.choice}", "choice")
        yield Line("on", moment(signature.at), "moment")
        yield officer("by", signature.by, signature.at)
        yield Line("reason", signature.reason, part=why)
    if item.outcome:
        yield Line("decided", f"{item.kind}|{item.outcome}", "choice")
        if item.closed_at is not None:
            yield Line("on", moment(item.closed_at), "moment")
    elif item.due_at is not None:
        yield Line("due", moment(item.due_at), "moment")
    for letter in item.letters.all():
        yield Line("letter-on", moment(letter.at), "moment")
        yield officer("by", letter.by, letter.at)


def clearings_of(person: Concerned) -> list[Clearing]:
    """Pairs that were cleared, where the person is the one side or the other."""
    found = Clearing.objects.filter(entity_id__in=person.pks)
    if person.asked.get("name"):
        named = Clearing.objects.filter(name_key=identity_of(person.asked).name_key)
        found = found | named.filter(pk__in=[one.pk for one in named if person.is_meant(one.subject)])
    return list(found.select_related("entity"))


def clearings(person: Concerned) -> Iterator[Thing]:
    """That somebody was found not to be the other: until when it holds and for whom."""
    for one in clearings_of(person):
        subject, entry = person.is_meant(one.subject), one.entity_id in set(person.pks)
        theirs, listed = (Part.OWN if own else Part.OTHER for own in (subject, entry))
        lines = [Line("reference", one.reference, "ident"), Line("on", moment(one.at), "moment")]
        lines += [Line(f"asked-{name}", str(value), part=theirs) for name, value in one.subject.items()]
        lines.append(Line("entry", one.entity.caption, part=listed))
        lines += [Line("listed-value", str(value), part=listed) for values in one.entry.values() for value in values]
        if one.organisation:
            lines.append(Line("asked-by", one.organisation, part=theirs, instead="a-client"))
        lines += [officer("by", one.by, one.at), Line("reason", one.reason, part=Part.OTHER)]
        if one.confirmed_by:
            lines.append(officer("confirmed-by", one.confirmed_by))
        lines.append(Line("review-by", one.review_by.isoformat(), "date"))
        if one.withdrawn_at is not None:
            lines += [
                Line("taken-back-on", moment(one.withdrawn_at), "moment"),
                officer("by", one.withdrawn_by),
                Line("reason", one.withdrawal, part=Part.OTHER),
            ]
        yield Thing("cleared", f"clearing:{one.pk}", tuple(lines))


def checks(person: Concerned) -> Iterator[Thing]:
    """Files of names that were screened, whose results still lie here and name the person or their record."""
    keys = {(entity.dataset.name, entity.key) for entity in person.members}
    for job in Job.objects.filter(kind="screen").order_by("created_at"):
        results, _errors = results_of(job)
        if not results.exists():
            continue
        with results.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                row = _row_of(line)
                hits = [hit for hit in row["hits"] if (hit.get("dataset"), hit.get("entity")) in keys]
                if hits:
                    yield _check(job, number, row, hits)


def _row_of(line: str) -> dict[str, Any]:
    """One line of results; nothing where it is still being written."""
    try:
        return dict(json.loads(line))
    except ValueError:
        return {"hits": []}


def _check(job: Job, number: int, row: dict[str, Any], hits: list[dict[str, Any]]) -> Thing:
    """A name in a file that was like the person's record. Whose name it was, nobody decided: it is another's."""
    lines = [
        Line("file", job.title, part=Part.OTHER),
        Line("on", moment(job.created_at), "moment"),
        officer("by", job.owner, job.created_at),
        Line("asked-name", str(row["name"]), part=Part.OTHER),
        Line("customer", str(row["id"]), part=Part.OTHER),
    ]
    lines += [Line("verdict", str(hit.get("verdict", "")), "word") for hit in hits]
    return Thing("checks", f"job:{job.pk}:{number}", tuple(lines))


def watched(person: Concerned) -> Iterator[Thing]:
    """Clients that asked to be told of this person, and what they were told; or that were told of their record."""
    for one in Watched.objects.select_related("client__organisation").iterator():
        if person.is_described(one.properties):
            lines = [
                Line("organisation", str(one.client.organisation)),
                Line("reference", one.reference, "ident"),
                Line("held-since", moment(one.made_at), "moment"),
                Line("until", moment(one.expires_at), "moment"),
            ]
            lines += [Line(prop, str(value)) for prop, values in one.properties.items() for value in values]
            yield Thing("watched", f"watched:{one.pk}", tuple(lines))
    for alert in Alert.objects.filter(_alerts(person)).select_related("client__organisation", "watched", "entity"):
        subject, entry = person.is_described(alert.watched.properties), alert.entity_id in set(person.pks)
        lines = [
            Line(
                "organisation",
                str(alert.client.organisation),
                part=Part.OWN if subject else Part.RECIPIENT,
                instead="a-client",
            ),
            Line("reference", alert.reference, "ident", Part.OWN if subject else Part.OTHER),
            Line("entry", alert.entity.caption, part=Part.OWN if entry else Part.OTHER),
            Line("on", moment(alert.made_at), "moment"),
            Line("state", alert.state, "word"),
        ]
        if alert.why:
            lines.append(Line("reason", alert.why))
        yield Thing("watched", f"alert:{alert.pk}", tuple(lines), given=not subject)


def _alerts(person: Concerned) -> Q:
    described = [one.pk for one in Watched.objects.iterator() if person.is_described(one.properties)]
    return Q(entity_id__in=person.pks) | Q(watched_id__in=described)
