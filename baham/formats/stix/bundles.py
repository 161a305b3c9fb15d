"""STIX bundles as files: 2.1, and 2.0 as MITRE publishes ATT&CK, one object after the other.

The bundle is read in pieces of a mebibyte; one object at a time is in memory. Sources: STIX 2.1 (OASIS, 2021),
§8 (bundle); STIX 2.0, part 1, §5.
"""

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from baham.formats.errors import BadInput
from baham.formats.format import Format, ListInfo
from baham.formats.ftm_model import schema_of
from baham.formats.keys import KeyTwice, once
from baham.formats.reading import BOM, MIB, opened
from baham.formats.stix import extension, foreign, openness, versions
from baham.formats.stix.ids import canonical_id
from baham.kernel.entity import Entity

OBJECT_CAP = 4 * MIB
OBJECTS_CAP = 2_000_000
DEPTH_CAP = 32
_PIECE = MIB
_BLANK = re.compile(r"[ \t\r\n]*")
_VERSIONS = ("2.0", "2.1")


def read(
    path: Path | str, dataset: str, counts: Counter[str] | None = None, refused: dict[str, str] | None = None
) -> Iterator[Entity]:
    """One entity for each object that stands, of several versions of one the newest (`versions`). BadInput names the
    object by its number, and the field.

    A list is open to all who may screen, so a bundle with anything marked beyond TLP:CLEAR is no list and is refused:
    it comes in from a partner. Sentences for people (whose copyright it is) do not count as such a marking.
    `counts`, if given, tells how many were left out because they are `revoked`, `deprecated` or `not an entity`.
    `refused`, if given, takes the ids of which the file says two things at once, each with the reason.
    """
    counted: Counter[str] = Counter() if counts is None else counts
    seen, marks, twice, several = 0, openness.Marks(path), versions.repeated(path), versions.Versions(path)
    for number, raw in enumerate(objects(path)):
        found = foreign.upgraded(raw) if isinstance(raw, dict) else raw
        foreign.check(path, number, found)
        seen += 1
        marks.note(number, found)
        if found["id"] in twice:
            several.take(number, found)
        else:
            yield from _standing(path, number, found, dataset, counted)
    for number, found in several.standing():
        yield from _standing(path, number, found, dataset, counted)
    if refused is not None:
        refused |= several.refused()
    if not seen:
        raise BadInput(path, "holds no objects")
    marks.check()


def _standing(
    path: Path | str, number: int, found: dict[str, Any], dataset: str, counted: Counter[str]
) -> Iterator[Entity]:
    if not foreign.is_current(found):
        counted["revoked" if found.get("revoked") is True else "deprecated"] += 1
    elif (made := _entity(path, number, found, dataset)) is None:
        counted["not an entity"] += 1
    else:
        yield made


def _entity(path: Path | str, number: int, found: dict[str, Any], dataset: str) -> Entity | None:
    """An object as an entity: of Baham's own the statements, which say more than STIX has words for."""
    ours = extension.of(found)
    if ours is None:
        return foreign.entity(path, number, found, dataset, foreign.author(found))
    said = extension.read(str(path), f"objects[{number}]", ours)
    if not said:
        return None
    made = Entity(canonical_id(said[0]), schema_of(claim.statement.schema for claim in said), dataset)
    for position, claim in enumerate(said):
        one = claim.statement
        if one.external:
            # A candidate that nobody has confirmed.
            continue
        made.add(
            one.prop,
            one.value,
            original=one.original_value,
            lang=one.lang,
            record=found["id"],
            at=f"statements[{position}]",
            quality=one.quality,
            flags=one.flags,
        )
    return made


def objects(path: Path | str) -> Iterator[Any]:
    """The objects of a bundle, each checked for size and depth and for nothing else. BadInput names where it breaks."""
    text = _Text(path)
    text.expect("{", "is no STIX bundle: it does not begin with an object")
    found = False
    while not text.skip("}"):
        name = text.value("(the bundle)")
        if not isinstance(name, str):
            raise text.bad("is not JSON: a key is to be a text")
        text.expect(":", f"is not JSON: there is no colon after {name[:40]}")
        if name == "objects" and not found:
            found = True
            yield from _listed(text)
        else:
            _check_head(text, name, text.value(name))
        if not text.skip(","):
            text.expect("}", "is not JSON: neither a comma nor an end of the bundle")
            break
    if not found:
        raise text.bad("is missing", "objects")
    text.expect("", "goes on after the end of the bundle")


def _listed(text: "_Text") -> Iterator[Any]:
    text.expect("[", "is to be a list", "objects")
    number = 0
    while not text.skip("]"):
        if number >= OBJECTS_CAP:
            raise text.bad(f"has more than {OBJECTS_CAP:,} objects")
        at = f"objects[{number}]"
        found = text.value(at)
        if text.openings >= DEPTH_CAP:
            _check_depth(text, found, at)
        yield found
        number += 1
        if not text.skip(","):
            text.expect("]", "is not JSON: neither a comma nor the end of the list after it", at)
            return


def _check_head(text: "_Text", name: str, value: Any) -> None:
    if name == "objects":
        raise text.bad("the key is there twice", name)
    if name == "type" and value != "bundle":
        raise text.bad(f"is to be bundle, and is {str(value)[:40]}", name)
    if name == "spec_version" and value not in _VERSIONS:
        raise text.bad(f"is to be 2.0 or 2.1, and is {str(value)[:40]}", name)


def _check_depth(text: "_Text", found: Any, at: str) -> None:
    """Level by level, not by recursion: what is deep must not exhaust the one who measures it."""
    level, depth = [found] if isinstance(found, dict | list) else [], 0
    while level := [inner for outer in level for inner in _inside(outer) if isinstance(inner, dict | list)]:
        depth += 1
        if depth >= DEPTH_CAP:
            raise text.bad(f"is nested more than {DEPTH_CAP} deep", at)


def _inside(outer: Any) -> Any:
    return outer.values() if isinstance(outer, dict) else outer


class _Text:
    """A JSON text of which a piece is in memory: takes single signs and whole values off its beginning."""

    def __init__(self, path: Path | str) -> None:
        self._path = path
        self._pieces = _pieces(path)
        self._held, self._at, self._lines = "", 0, 1
        self.openings = 0
        self._decoder = json.JSONDecoder(
            object_pairs_hook=once,
            parse_int=foreign.Number,
            parse_float=foreign.Number,
            parse_constant=foreign.Number,
        )

    def _more(self) -> bool:
        """Take in the next piece. False at the end."""
        piece = next(self._pieces, None)
        if piece is None:
            return False
        self._lines += self._held.count("\n", 0, self._at)
        self._held, self._at = self._held[self._at :] + piece, 0
        return True

    def bad(self, problem: str, at: str | None = None) -> BadInput:
        """The error for what stands here, or just before."""
        line = self._lines + self._held.count("\n", 0, self._at)
        return BadInput(self._path, problem, line=line, field=at)

    def _next(self) -> str:
        while True:
            end = _BLANK.match(self._held, self._at)
            self._at = end.end() if end else self._at
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more():
                return ""

    def skip(self, sign: str) -> bool:
        """Whether this sign comes next; it is passed over."""
        if self._next() != sign:
            return False
        self._at += 1
        return True

    def expect(self, sign: str, problem: str, at: str | None = None) -> None:
        if self._next() != sign:
            ended = " (it ends here: is the file cut short?)" if not self._next() else ""
            raise self.bad(problem + ended, at)
        self._at += len(sign)

    def value(self, at: str) -> Any:
        """The next value, whole."""
        self._next()
        while True:
            try:
                found, end = self._decoder.raw_decode(self._held, self._at)
                # A number at the end of a piece may go on in the next one.
                if end < len(self._held) or not self._more():
                    # Whoever opens fewer than so many cannot be deeper.
                    self.openings = self._held.count("{", self._at, end) + self._held.count("[", self._at, end)
                    self._at = end
                    return found
            except json.JSONDecodeError as error:
                if len(self._held) - self._at > OBJECT_CAP:
                    raise self.bad(f"is longer than {OBJECT_CAP:,} characters, or is not JSON", at) from None
                if not self._more():
                    ended = " (it ends here: is the file cut short?)" if error.pos >= len(self._held) else ""
                    raise self.bad(f"is not JSON: {error.msg}{ended}", at) from None
            except KeyTwice as error:
                raise self.bad("the key is there twice", f"{at}.{error}") from None
            except RecursionError:
                raise self.bad("is nested too deep", at) from None


def _pieces(path: Path | str) -> Iterator[str]:
    with opened(path) as stream:
        decoder = codecs.getincrementaldecoder("utf-8")()
        line, raw = 1, stream.read(len(BOM)).removeprefix(BOM)
        while True:
            yield _decoded(path, decoder, raw, line)
            line += raw.count(b"\n")
            if not (raw := stream.read(_PIECE)):
                yield _decoded(path, decoder, b"", line, final=True)
                return


def _decoded(path: Path | str, decoder: codecs.IncrementalDecoder, raw: bytes, line: int, final: bool = False) -> str:
    try:
        text = decoder.decode(raw, final)
    except UnicodeDecodeError as error:
        at = line + error.object[: error.start].count(b"\n")
        raise BadInput(path, f"is not UTF-8: 0x{error.object[error.start]:02X}", line=at) from None
    if "\0" in text:
        at = line + text[: text.index("\0")].count("\n")
        raise BadInput(path, "holds a NUL byte: not text, or not UTF-8", line=at)
    return text


def info(path: Path | str) -> ListInfo:
    """A bundle carries no date of its own."""
    next(objects(path), None)
    return ListInfo()


_SNIFF = re.compile(rb'"type"\s*:\s*"bundle"|"id"\s*:\s*"bundle--')


def sniff(head: bytes, path: Path) -> bool:
    """An object that says it is a bundle, near its beginning."""
    text = head.removeprefix(BOM).lstrip()
    return text[:1] == b"{" and _SNIFF.search(text) is not None


FORMAT = Format("stix", "STIX bundle (2.1 and 2.0)", (".json", ".stix"), sniff, read, info, versions=True, closed=True)
