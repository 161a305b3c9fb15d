"""The border: what is looked at in a posted envelope before anything of it is stored. Nothing here knows a database.

Shape only: STIX's own rules for each type are many and change, and an object that breaks them harms nobody by lying in
a collection. What is held to here is what others rely on: ids, versions, sizes, depth, and what identifies who said it.
"""

import hashlib
import json
import re
from collections.abc import Collection as Some
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from baham.formats.stix.markings import contradicts
from baham.measures.sharing.taxii import moments

MAX_CONTENT = 10_000_000
"""Bytes of one request."""
MAX_OBJECT = 1_000_000
"""Bytes of one object, as it is stored."""
MAX_OBJECTS = 5_000
"""Objects of one request."""
MAX_DEPTH = 40
"""Lists and objects inside one another."""
AHEAD = moments.DAY
"""How far a sender's clock may be ahead of ours."""

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ID = re.compile(rf"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)--{_UUID}", re.ASCII)
_LONGEST_ID = 290
_SPECS = {"2.0": 20, "2.1": 21}
_WRITE = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode


class NotAnEnvelope(ValueError):
    """The request as a whole cannot be read. The text says what to mend. `status` is the HTTP status."""

    def __init__(self, problem: str, status: int = 422) -> None:
        super().__init__(problem)
        self.status = status


class Refused(ValueError):
    """One object is not taken. The text says what to mend."""


@dataclass(slots=True)
class Posted:
    """One object that passed: what is stored of it. `item` is the object as it was read, for its markings."""

    id: str
    type: str
    spec: int
    version: int
    version_text: str
    creator: str
    raw: bytes
    digest: bytes
    item: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """One object that was not taken: its id and version as far as they could be read, and why."""

    id: str
    version: str
    why: str


def envelope(body: bytes) -> list[Any]:
    """The objects of an envelope. Raises NotAnEnvelope."""
    if not body:
        raise NotAnEnvelope('There is no content; send an envelope, {"objects": […]}, with its Content-Length.', 400)
    try:
        read = json.loads(body, parse_constant=_not_a_number)
    except RecursionError:
        raise NotAnEnvelope(f"The content is nested deeper than {MAX_DEPTH} levels.") from None
    except (ValueError, UnicodeDecodeError) as error:
        raise NotAnEnvelope(f"The content is not JSON: {error}") from None
    objects = read.get("objects") if isinstance(read, dict) else None
    if not isinstance(objects, list) or not objects:
        raise NotAnEnvelope("The content is no envelope: it needs a list `objects` with at least one object.")
    if len(objects) > MAX_OBJECTS:
        raise NotAnEnvelope(f"There are {len(objects)} objects; send at most {MAX_OBJECTS} in one request.", 413)
    return objects


def _not_a_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def sort_out(objects: list[Any], specs: Some[int], now: int) -> tuple[list[Posted], list[Failure]]:
    """Those that may go on, and those that may not with the reason for each. `specs` are those taken (20, 21)."""
    good, bad = [], []
    for place, item in enumerate(objects):
        try:
            good.append(check(item, specs, now))
        except Refused as refused:
            bad.append(Failure(*_named(item, place), str(refused)))
    return good, bad


def _named(item: Any, place: int) -> tuple[str, str]:
    given = item.get("id") if isinstance(item, dict) else None
    version = (item.get("modified") or item.get("created")) if isinstance(item, dict) else None
    name = given if isinstance(given, str) and _ID.fullmatch(given) else f"objects[{place}]"
    return name[:_LONGEST_ID], version if isinstance(version, str) and _is_moment(version) else ""


def _is_moment(text: str) -> bool:
    try:
        moments.read(text)
    except ValueError:
        return False
    return True


def check(item: Any, specs: Some[int], now: int) -> Posted:
    """One object as it will be stored. Raises Refused."""
    if not isinstance(item, dict):
        raise Refused("It is not an object.")
    number, kind = item.get("id"), item.get("type")
    shape = _ID.fullmatch(number) if isinstance(number, str) and len(number) <= _LONGEST_ID else None
    if shape is None or not isinstance(number, str):
        raise Refused("`id` is not a STIX identifier: a type, two hyphens and a UUID in lower case.")
    if not isinstance(kind, str) or kind != shape[1]:
        raise Refused("`type` is not the type in `id`.")
    if kind == "bundle":
        raise Refused("A bundle is not an object of a collection; send the objects that are in it.")
    version, text = _version(item, now)
    if kind == "marking-definition" and contradicts(item):
        raise Refused("This id belongs to the standard's own marking, and the object says something else.")
    raw = _written(item)
    return Posted(
        number,
        kind,
        _spec(item, version, specs),
        version,
        text,
        _creator(item),
        raw,
        _digest(item, raw),
        item,
    )


def _spec(item: Mapping[str, Any], version: int, specs: Some[int]) -> int:
    """2.0 had no `spec_version` on objects; observables of 2.1 may leave it out, and have no `created` either."""
    stated = item.get("spec_version", "2.0" if version else "2.1")
    spec = _SPECS.get(stated) if isinstance(stated, str) else None
    if spec not in specs or spec is None:
        taken = " and ".join(word for word, number in _SPECS.items() if number in specs)
        raise Refused(f"`spec_version` is {json.dumps(stated)[:40]}; this collection takes {taken}.")
    return spec


def _version(item: Mapping[str, Any], now: int) -> tuple[int, str]:
    """`modified`, else `created`, as a moment and as written; 0 and nothing for what has neither."""
    created, modified = _moment(item, "created"), _moment(item, "modified")
    if modified is not None and created is None:
        raise Refused("It has `modified` and no `created`.")
    if created is None:
        return 0, ""
    if modified is not None and modified < created:
        raise Refused("`modified` is before `created`.")
    last = created if modified is None else modified
    if last > now + AHEAD:
        raise Refused("`modified` is more than a day ahead of our clock; set yours.")
    if last <= 0:
        raise Refused("`modified` is before 1970.")
    return last, item["created" if modified is None else "modified"]


def _moment(item: Mapping[str, Any], name: str) -> int | None:
    if name not in item:
        return None
    try:
        return moments.read(item[name])
    except (ValueError, TypeError, OverflowError):
        raise Refused(f"`{name}` is not a timestamp like 2026-01-31T09:30:00.000Z.") from None


def _creator(item: Mapping[str, Any]) -> str:
    creator = item.get("created_by_ref", "")
    if creator and not (isinstance(creator, str) and len(creator) <= _LONGEST_ID and _ID.fullmatch(creator)):
        raise Refused("`created_by_ref` is not the identifier of an identity.")
    return creator or ""


def _written(item: Mapping[str, Any]) -> bytes:
    """The object as canonical JSON. What a reader parses is then what was judged here, key by key."""
    try:
        raw = _WRITE(item).encode()
    except UnicodeEncodeError:
        raise Refused("A text in it holds half a character (a lone surrogate).") from None
    except (ValueError, RecursionError):
        raise Refused(f"It holds a number that is not finite, or is nested deeper than {MAX_DEPTH} levels.") from None
    if len(raw) > MAX_OBJECT:
        raise Refused(f"It has {len(raw):,} bytes; an object has at most {MAX_OBJECT:,}.")
    # The number of brackets bounds the depth; only where that is not enough the levels are counted.
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH and _deeper(item, MAX_DEPTH):
        raise Refused(f"It is nested deeper than {MAX_DEPTH} levels.")
    return raw


def _deeper(value: Any, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return inner is not None and (levels <= 0 or any(_deeper(part, levels - 1) for part in inner))


def _digest(item: Mapping[str, Any], raw: bytes) -> bytes:
    """What tells two posts of one version apart. An object without `modified` says what it would say with it."""
    if "created" in item and "modified" not in item:
        raw = _WRITE({**item, "modified": item["created"]}).encode()
    return hashlib.sha256(raw).digest()
