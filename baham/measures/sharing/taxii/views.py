"""The resources of TAXII 2.1, §4 and §5. Each view gets the partner that the door has recognised, and the content."""

import json
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from baham.measures.sharing.taxii import answers, filters, moments, posting
from baham.measures.sharing.taxii.answers import Problem, answer
from baham.measures.sharing.taxii.border import MAX_CONTENT
from baham.measures.sharing.taxii.filters import EVERY, Filters, Place
from baham.measures.sharing.taxii.models import Access, Collection, Root
from baham.measures.sharing.taxii.posting import MEDIA, NotThere
from baham.measures.sharing.taxii.readers import Reading
from baham.measures.sharing.taxii.shelf import Content, Line, Moved, Shelf
from baham.measures.sharing.taxii.shelves import STORED, shelf_of
from baham.platform.audit.models import Event
from baham.platform.audit.services import record
from baham.platform.release.models import Partner

Rows = Sequence[Content] | Sequence[Line]
Some = TypeVar("Some", list[Content], list[Line])
_TURNS = 3


def discovery(request: HttpRequest, partner: Partner, body: bytes) -> HttpResponse:
    """§4.1: the API roots in which the partner has a collection."""
    base = request.build_absolute_uri("/taxii2/")
    roots = [f"{base}{slug}/" for slug in _roots(partner).values_list("slug", flat=True)]
    return answer({"title": "Baham", **({"default": roots[0]} if len(roots) == 1 else {}), "api_roots": roots})


def root(request: HttpRequest, partner: Partner, body: bytes, root: str) -> HttpResponse:
    """§4.2."""
    found = _root(partner, root)
    described = {"description": found.description} if found.description else {}
    return answer({"title": found.title, **described, "versions": [answers.TAXII], "max_content_length": MAX_CONTENT})


def status(request: HttpRequest, partner: Partner, body: bytes, root: str, status: str) -> HttpResponse:
    """§4.3: for whoever posted."""
    _root(partner, root)
    number = _uuid(status)
    if number is None:
        raise NotThere
    return answer(posting.told(posting.status_of(partner, number)))


def collections(request: HttpRequest, partner: Partner, body: bytes, root: str) -> HttpResponse:
    """§5.1: those that the partner knows of, in the order of their ids."""
    found = _root(partner, root)
    rows = Access.objects.filter(partner=partner, collection__root=found).select_related("collection")
    told = sorted((_told(access) for access in rows), key=lambda one: str(one["id"]))
    return answer({"collections": told} if told else {})


def collection(request: HttpRequest, partner: Partner, body: bytes, root: str, collection: str) -> HttpResponse:
    """§5.2."""
    return answer(_told(_access(partner, root, collection)))


def manifest(request: HttpRequest, partner: Partner, body: bytes, root: str, collection: str) -> HttpResponse:
    """§5.3."""
    return _lines(request, partner, _readable(partner, root, collection), filters.OBJECTS, "objects", _line)


def objects(request: HttpRequest, partner: Partner, body: bytes, root: str, collection: str) -> HttpResponse:
    """§5.4."""
    return _contents(request, partner, _readable(partner, root, collection), filters.OBJECTS)


def add(request: HttpRequest, partner: Partner, body: bytes, root: str, collection: str) -> HttpResponse:
    """§5.5."""
    access = _access(partner, root, collection)
    answers.check_content(request)
    _check_posted_to(access)
    if not access.can_write:
        raise Problem(403, "You may not post to this collection.")
    return answer(posting.told_at_once(posting.post(partner, access.collection, body)), 202)


def one(request: HttpRequest, partner: Partner, body: bytes, root: str, collection: str, number: str) -> HttpResponse:
    """§5.6."""
    return _contents(request, partner, _readable(partner, root, collection), filters.OBJECT, number)


def delete(
    request: HttpRequest, partner: Partner, body: bytes, root: str, collection: str, number: str
) -> HttpResponse:
    """§5.7. Without a filter every version goes."""
    access = _access(partner, root, collection)
    _check_posted_to(access)
    if not (access.can_read and access.can_write):
        raise Problem(403, "Removing takes the right to read and to post.")
    wanted = filters.read(request.GET, filters.OBJECT)
    if "match[version]" not in request.GET:
        wanted = filters.read(request.GET, filters.OBJECT, versions=EVERY)
    shelf, _reading = _shelf(access.collection, partner)
    if access.collection.owner_id != partner.pk and not shelf.holds(number):
        raise NotThere
    posting.remove(partner, access.collection, number, wanted)
    return answers.raw(b"")


def versions(
    request: HttpRequest, partner: Partner, body: bytes, root: str, collection: str, number: str
) -> HttpResponse:
    """§5.8."""
    found = _readable(partner, root, collection)
    return _lines(request, partner, found, filters.VERSIONS, "versions", _version, number)


def _contents(
    request: HttpRequest, partner: Partner, found: Collection, allowed: frozenset[str], number: str = ""
) -> HttpResponse:
    shelf, reading = _shelf(found, partner)
    after, wanted, scope = _asked(request, partner, found, allowed, number, "objects")
    rows, more = _served(request, reading, found, "served objects", shelf, lambda: shelf.objects(after, wanted))
    if not rows and number and not shelf.holds(number):
        raise NotThere
    return _page("objects", [row.raw for row in rows], rows, more, scope, wanted)


def _lines(
    request: HttpRequest,
    partner: Partner,
    found: Collection,
    allowed: frozenset[str],
    name: str,
    write: Callable[[Line], object],
    number: str = "",
) -> HttpResponse:
    shelf, reading = _shelf(found, partner)
    after, wanted, scope = _asked(request, partner, found, allowed, number, "manifest" if name == "objects" else name)
    rows, more = _served(request, reading, found, "served a manifest", shelf, lambda: shelf.manifest(after, wanted))
    if not rows and number and not shelf.holds(number):
        raise NotThere
    return _page(name, [json.dumps(write(row)).encode() for row in rows], rows, more, scope, wanted)


def _line(row: Line) -> dict[str, str]:
    return {
        "id": row.id,
        "date_added": moments.write(row.added),
        "version": _version(row),
        "media_type": MEDIA[row.spec],
    }


def _version(row: Line) -> str:
    return row.version or moments.write(row.added)


def _asked(
    request: HttpRequest, partner: Partner, found: Collection, allowed: frozenset[str], number: str, view: str
) -> tuple[Place | None, Filters, str]:
    """Where to go on, what is asked for, and what a `next` is bound to: this reader, this address."""
    fixed: dict[str, object] = {"ids": (number,)} if number else {}
    if view == "versions":
        fixed["versions"] = EVERY
    wanted = filters.read(request.GET, allowed, **fixed)
    scope = f"{partner.pk}|{found.pk}|{view}"
    going_on = request.GET.get("next")
    return filters.place_of(going_on, scope, wanted) if going_on is not None else None, wanted, scope


def _page(name: str, parts: list[bytes], rows: Rows, more: bool, scope: str, wanted: Filters) -> HttpResponse:
    following = filters.mark(Place(rows[-1].added, rows[-1].seq), scope, wanted) if more else ""
    made = answers.raw(answers.envelope(name, parts, following))
    return answers.dated(made, rows[0].added, rows[-1].added) if rows else made


def _served(
    request: HttpRequest,
    reading: Reading,
    found: Collection,
    act: str,
    shelf: Shelf,
    ask: Callable[[], tuple[Some, bool]],
) -> tuple[Some, bool]:
    """A page, once it is written down that it goes out. It is made before, so that nobody waits for it to write; if
    what it is made of has changed by then, it is made anew."""
    for _turn in range(_TURNS):
        rows, more = ask()
        try:
            _tell(request, reading, found, act, shelf, rows)
        except Moved:
            continue
        return rows, more
    raise Problem(503, "What you ask for is changing just now; try again.", wait=2)


@transaction.atomic
def _tell(request: HttpRequest, reading: Reading, found: Collection, act: str, shelf: Shelf, rows: Rows) -> None:
    """Write into the log what goes out. If that cannot be written, nothing goes out."""
    asked = {name: value[:300] for name, value in request.GET.items() if name not in ("limit", "next")}
    shelf.handed_over()
    if rows:
        record(
            reading.actor,
            Event.DISCLOSURE,
            act,
            f"collection:{found.pk}",
            title=found.title,
            recipient=reading.partner.title,
            objects=len(rows),
            first=rows[0].seq,
            last=rows[-1].seq,
            asked=asked,
        )


def _check_posted_to(access: Access) -> None:
    """Raise Problem 403 for a collection whose objects come from elsewhere."""
    if access.collection.shelf != STORED:
        raise Problem(403, "What is in this collection comes from our ledger; nobody posts to it or removes from it.")


def _shelf(found: Collection, partner: Partner) -> tuple[Shelf, Reading]:
    reading = Reading.of(partner)
    return shelf_of(found, reading), reading


def _roots(partner: Partner) -> QuerySet[Root]:
    return Root.objects.filter(collections__access__partner=partner).distinct().order_by("slug")


def _root(partner: Partner, slug: str) -> Root:
    found = _roots(partner).filter(slug=slug).first()
    if found is None:
        raise Problem(404, "There is no such API root.")
    return found


def _access(partner: Partner, root: str, name: str) -> Access:
    """What the partner may do with a collection, found by its id or alias. One it knows nothing of is not there."""
    number = _uuid(name)
    by = Q(collection=number) if number else Q(collection__alias=name)
    rows = Access.objects.filter(by, partner=partner, collection__root__slug=root).select_related("collection")
    found = rows.first()
    if found is None:
        raise Problem(404, "There is no such collection.")
    return found


def _readable(partner: Partner, root: str, name: str) -> Collection:
    access = _access(partner, root, name)
    if not access.can_read:
        raise Problem(403, "You may not read this collection.")
    return access.collection


def _told(access: Access) -> dict[str, object]:
    one = access.collection
    return {
        "id": str(one.pk),
        "title": one.title,
        **({"description": one.description} if one.description else {}),
        **({"alias": one.alias} if one.alias else {}),
        "can_read": access.can_read,
        "can_write": access.can_write and one.shelf == STORED,
        "media_types": one.media_types,
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None
