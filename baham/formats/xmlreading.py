"""Reading XML that came from elsewhere: record by record, with DTDs, entities and outside references refused.

Built on expat through defusedxml. A record's own elements are the only ones ever held; every length has a cap, so
neither a bomb nor a cut file can take more memory than one record may.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from baham.formats import counted
from baham.formats.errors import BadInput, shown
from baham.formats.reading import MIB, opened

DEPTH_CAP = 32
TEXT_CAP = MIB
RECORD_CAP = 4 * MIB
ELEMENTS_CAP = 50_000
_CHUNK = 64 * 1024


@dataclass(slots=True)
class Element:
    """An element of a record: its name without namespace, attributes, direct text, children, and first line."""

    tag: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)
    children: list["Element"] = field(default_factory=list)

    @property
    def value(self) -> str:
        return "".join(self.pieces).strip()

    def text(self, tag: str) -> str:
        """The text of the first child of this name, else the empty string."""
        return next((child.value for child in self.children if child.tag == tag), "")

    def each(self, tag: str) -> Iterator[tuple[str, "Element"]]:
        """The children of this name, each with its XPath step: `TAG[1]`, `TAG[2]`, …"""
        found = (child for child in self.children if child.tag == tag)
        for position, child in enumerate(found, start=1):
            yield f"{tag}[{position}]", child


@dataclass(frozen=True, slots=True)
class _Around:
    """An element that is no record and stands around or beside some; `before` it so many had ended."""

    tag: str
    line: int
    attributes: dict[str, str]
    before: int


class _Builder:
    """What expat's events are told to: builds records, checks every cap."""

    def __init__(self, path: Path | str, root: str, tags: frozenset[str]) -> None:
        self.path, self.root, self.tags = path, root, tags
        self.parser: Any = None
        self.attributes: dict[str, str] | None = None
        self.open: list[Element] = []
        self.done: list[Element] = []
        self.depth = self.run = self.size = self.elements = self.records = 0
        self.around: list[_Around] = []
        self.said: list[str] = []
        self.stated: list[tuple[int, int | None, int, str]] = []

    @property
    def line(self) -> int:
        return int(self.parser.CurrentLineNumber)

    def refuse(self, problem: str, at: str | None = None) -> BadInput:
        return BadInput(self.path, problem, line=self.line, field=at or (self.open[-1].tag if self.open else None))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth, self.run = self.depth + 1, 0
        tag = tag.rpartition("}")[2]
        if self.depth > DEPTH_CAP:
            raise self.refuse(f"elements are nested more than {DEPTH_CAP} deep")
        if self.attributes is None:
            if tag != self.root:
                raise self.refuse(f"the outermost element is {shown(tag)}, not {self.root}")
            self.attributes = attributes
        if not self.open and tag not in self.tags:
            self.around.append(_Around(tag, self.line, attributes, self.records))
            self.said = []
            return
        element = Element(tag, self.line, attributes)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.size = self.elements = 0
        self.open.append(element)
        self.elements += 1
        self.size += sum(map(len, attributes.values()))
        if self.size > RECORD_CAP:
            raise self.refuse(f"the record is longer than {RECORD_CAP:,} characters")
        if self.elements > ELEMENTS_CAP:
            raise self.refuse(f"the record has more than {ELEMENTS_CAP:,} elements")

    def data(self, text: str) -> None:
        self.run += len(text)
        self.size += len(text)
        if self.run > TEXT_CAP:
            raise self.refuse(f"the text is longer than {TEXT_CAP:,} characters")
        if self.open:
            if self.size > RECORD_CAP:
                raise self.refuse(f"the record is longer than {RECORD_CAP:,} characters")
            self.open[-1].pieces.append(text)
        elif self.run < 100:
            self.said.append(text)

    def end(self, tag: str) -> None:
        self.depth, self.run = self.depth - 1, 0
        if self.open:
            finished = self.open.pop()
            if not self.open:
                self.done.append(finished)
                self.records += 1
        elif self.around:
            self._note(self.around.pop())

    def _note(self, ended: "_Around") -> None:
        """Keep what an element around the records, or beside them, states of their number."""
        if not self.tags:
            return
        within = self.records - ended.before
        for name, value in ended.attributes.items():
            if counted.is_count(name) and (stated := counted.as_number(value)) is not None:
                self.stated.append((stated, within or None, ended.line, f"{ended.tag}/@{name}"))
        text = "".join(self.said)
        if not within and counted.is_count(ended.tag) and (stated := counted.as_number(text)) is not None:
            self.stated.append((stated, None, ended.line, ended.tag))
        self.said = []

    def close(self) -> None:
        """The end of the file: what was stated of all of it is held against all of it."""
        for stated, within, line, at in self.stated:
            counted.check(self.path, stated, self.records if within is None else within, line, at)


def records(path: Path | str, root: str, tags: frozenset[str]) -> Iterator[Element]:
    """The elements with one of these names, wherever under `root` they stand, one by one as they end."""
    for found in _parsed(path, root, tags):
        if isinstance(found, Element):
            yield found


def root_attributes(path: Path | str, root: str) -> dict[str, str]:
    """The attributes of the outermost element. Reads no further than that."""
    for found in _parsed(path, root, frozenset()):
        if isinstance(found, dict):
            return found
    return {}


def _parsed(path: Path | str, root: str, tags: frozenset[str]) -> Iterator[Element | dict[str, str]]:
    """First the attributes of the outermost element, then the records."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser, ParseError

    builder = _Builder(path, root, tags)
    parser = DefusedXMLParser(target=builder, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    expat = builder.parser = parser.parser
    expat.XmlDeclHandler = lambda version, encoding, standalone: _check_encoding(builder, encoding)
    told = False
    fed = 0
    with opened(path) as stream:
        while True:
            chunk = stream.read(_CHUNK)
            try:
                parser.feed(chunk) if chunk else parser.close()
            except DefusedXmlException as error:
                problem = f"a document type, an entity or an outside reference is refused ({type(error).__name__})"
                raise BadInput(path, problem, line=builder.line) from None
            except ParseError as error:
                problem = f"is not well-formed XML: {str(error).partition(':')[0]}"
                raise BadInput(path, problem, line=error.position[0]) from None
            except (ValueError, LookupError) as error:
                # What expat answers for an encoding that Python does not know or cannot map.
                raise BadInput(path, f"is not readable XML: {error}", line=builder.line) from None
            fed += len(chunk)
            if not told and builder.attributes is not None:
                told = True
                yield builder.attributes
            yield from builder.done
            builder.done.clear()
            if not chunk:
                return
            # A tag or a comment is buffered by expat until it ends, and tells us nothing until then.
            if fed - expat.CurrentByteIndex > TEXT_CAP:
                raise BadInput(path, f"a tag or comment is longer than {TEXT_CAP:,} bytes", line=builder.line)


def _check_encoding(builder: _Builder, encoding: str | None) -> None:
    if encoding and encoding.lower() not in ("utf-8", "us-ascii", "ascii"):
        raise BadInput(builder.path, f"is in {shown(encoding)}: save it as UTF-8", line=1, field="encoding")
