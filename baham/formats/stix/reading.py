"""STIX objects as claims: Baham's own give back what was sent, those of others what they say, closed unless marked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from baham.formats.errors import BadInput
from baham.formats.stix import extension, foreign, markings, versions
from baham.formats.stix.ids import moment, whole
from baham.kernel.basis import Stance, StanceKind
from baham.kernel.claim import Claim, Hand
from baham.kernel.handling import Handling
from baham.kernel.text import storable

MOST_OBJECTS = 200_000


@dataclass(frozen=True, slots=True)
class Recalled:
    """An object that its sender has taken back: which, the ids of its statements, when and why."""

    object_id: str
    statements: frozenset[str]
    at: str
    reason: str


def claims(
    objects: Iterable[Any], *, dataset: str, source: str = "STIX objects", refused: dict[str, str] | None = None
) -> Iterator[Claim]:
    """The claims in some objects. BadInput names the object and the field that is wrong.

    Where an object carries Baham's statements, they are what counts. Whoever passed it on may have marked it more
    strictly: then that holds as well. Of several versions of an object the newest counts; a revoked one is passed over
    (`recalls` tells of it), and one that comes with two unlike contents is left out and named in `refused`.
    """
    listed = _listed(objects, source)
    known = {one["id"]: one for one in listed if one["type"] == "marking-definition"}
    names = {one["id"]: one.get("name") for one in listed if one["type"] == "identity"}
    several = versions.Versions(source)
    for number, found in enumerate(listed):
        if found["type"] not in foreign.NO_ENTITY:
            several.take(number, found)
    if refused is not None:
        refused |= several.refused()
    for number, found in several.standing():
        if not foreign.is_current(found):
            continue
        ours = extension.of(found)
        marked = markings.read(found, known)
        if ours is not None:
            yield from _sent(extension.read(source, f"objects[{number}] ({found['id']})", ours), marked)
        else:
            author = foreign.author(found)
            chain = () if author is None else (_hand(author, names.get(author), found),)
            made = foreign.entity(source, number, found, dataset, author)
            yield from (Claim(statement, marked, chain=chain) for statement in made or ())


def recalls(objects: Iterable[Any], source: str = "STIX objects") -> Iterator[Recalled]:
    """The objects among these that were taken back, with the statements that are to go. BadInput as for `claims`."""
    for found in _listed(objects, source):
        ours = extension.of(found) or {}
        gone = ours.get("recalled", [])
        if found.get("revoked") is True or "recalled" in ours:
            texts = [ours.get("recalled_at") or found.get("modified"), ours.get("reason")]
            ids = frozenset(one for one in gone if isinstance(one, str)) if isinstance(gone, list) else frozenset()
            yield Recalled(found["id"], ids, *(text if isinstance(text, str) else "" for text in texts))


def stances(objects: Iterable[Any], source: str = "STIX objects") -> Iterator[tuple[str, Stance]]:
    """The stances that Baham wrote as opinions, each with the id of its statement. Opinions of others are passed over:
    they speak of whole objects, not of a statement.
    """
    for number, found in enumerate(_listed(objects, source)):
        ours = (extension.of(found) or {}).get("stance") if found["type"] == "opinion" else None
        if isinstance(ours, dict) and foreign.is_current(found):
            yield _stance(source, number, found, ours)


def _stance(source: str, number: int, found: dict[str, Any], ours: dict[str, Any]) -> tuple[str, Stance]:
    fields = (
        ours.get("statement"),
        ours.get("kind"),
        ours.get("actor"),
        found.get("explanation"),
        found.get("created"),
        ours.get("evidence", ""),
    )
    if not all(isinstance(field, str) for field in fields):
        raise BadInput(source, "lacks a field or has one that is no text", field=f"objects[{number}] ({found['id']})")
    statement, kind, actor, reason, at, evidence = (str(field) for field in fields)
    try:
        return statement, Stance(StanceKind(kind), actor, reason, datetime.fromisoformat(at), evidence)
    except ValueError as error:
        raise BadInput(source, str(error), field=f"objects[{number}] ({found['id']})") from None


def _listed(objects: Iterable[Any], source: str) -> list[dict[str, Any]]:
    listed = []
    for number, found in enumerate(objects):
        if number >= MOST_OBJECTS:
            raise BadInput(source, f"there are more than {MOST_OBJECTS:,} objects")
        foreign.check(source, number, found)
        listed.append(foreign.upgraded(found))
    return listed


def _hand(author: str, name: Any, found: dict[str, Any]) -> Hand:
    at = moment(found["modified"]) if isinstance(found.get("modified"), str) else None
    return Hand(author, storable(name) if isinstance(name, str) else "", at or "")


def _sent(read: list[Claim], marked: Handling) -> Iterator[Claim]:
    """The object was marked with the meet of its claims. Where it says more now, somebody closed it further."""
    sent = whole(read)
    if sent.is_at_least_as_strict_as(marked):
        yield from read
    else:
        yield from (replace(claim, handling=claim.handling & marked) for claim in read)
