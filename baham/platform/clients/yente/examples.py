"""Reading a query by example: what a program knows of somebody, as an FtM entity, becomes questions for the engine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from baham.kernel.dates import read_dates
from baham.kernel.schema import SCHEMATA, is_matchable
from baham.kernel.text import storable
from baham.platform.clients.yente.errors import Problem

if TYPE_CHECKING:
    from baham.engines.names import Query

_NAMES = ("name", "alias", "previousName", "weakAlias")
_FIRST, _MIDDLE, _LAST = ("firstName",), ("secondName", "middleName"), ("lastName", "matronymic")
_DATES = ("birthDate", "incorporationDate")
_COUNTRIES = ("nationality", "citizenship", "country", "jurisdiction", "birthCountry", "mainCountry", "flag")
_NUMBERS = (
    "idNumber", "passportNumber", "registrationNumber", "taxNumber", "socialSecurityNumber", "imoNumber", "mmsi",
    "innCode", "ogrnCode", "leiCode", "swiftBic", "vatCode", "licenseNumber", "publicKey", "callSign",
)  # fmt: skip
_ADDRESSES = ("address", "birthPlace")
ASKED_WITH = frozenset({*_NAMES, *_FIRST, *_MIDDLE, *_LAST, *_DATES, *_COUNTRIES, *_NUMBERS, *_ADDRESSES, "fatherName"})
"""The properties that a question is made of. Whoever keeps a query keeps these and no others."""
MOST_VALUES = 8
"""How many names, and how many other values of one kind, are asked about; those after them are not."""
LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Example:
    """A query by example, read. `echo` is what was understood of it, in FtM's shape."""

    schema: str
    names: list[str]
    known: dict[str, list[str]] = field(default_factory=dict)
    echo: dict[str, Any] = field(default_factory=dict)

    def queries(self) -> Iterator["Query"]:
        """One question for each name, and one for each further identity number; of all else the first value."""
        from baham.engines.names import Query

        first = {name: values[0] for name, values in self.known.items()}
        for name in self.names:
            yield Query(name=name, schema=self.schema, **first)
        for number in self.known.get("id_number", ())[1:]:
            yield Query(name=self.names[0], schema=self.schema, **{**first, "id_number": number})

    def every_query(self) -> Iterator["Query"]:
        """All questions, each with all its alternatives."""
        for query in self.queries():
            yield query
            yield from self.alternatives(query)

    @property
    def identity(self) -> dict[str, str]:
        """Who is asked about, for a person: the first name and the first value of each other fact."""
        return {"name": self.names[0], **{name: values[0] for name, values in self.known.items()}}

    def alternatives(self, query: "Query") -> Iterator["Query"]:
        """The same question with the other values that were given, one changed at a time."""
        for name, values in self.known.items():
            for other in values:
                if getattr(query, name) != other:
                    yield replace(query, **{name: other})


def read_example(given: object) -> Example:
    """Read one query. Raises Problem with the field at fault."""
    if not isinstance(given, Mapping):
        raise Problem(400, "The query is not an object with `schema` and `properties`.")
    schema, properties = given.get("schema"), given.get("properties")
    if not isinstance(schema, str) or not schema:
        raise Problem(400, "schema: the query does not say what kind of thing is asked about, such as Person.")
    if schema not in SCHEMATA:
        raise Problem(400, f"schema: {clean(schema)[:60]!r} is not known here.")
    if not is_matchable(schema) and schema != "Thing":
        raise Problem(400, f"schema: entities of the kind {schema} are not matched.")
    if not isinstance(properties, Mapping):
        raise Problem(400, "properties: the query has none.")
    said = {clean(str(prop)): _texts(prop, values) for prop, values in properties.items()}
    names = _names(said)
    if not names:
        raise Problem(400, "properties.name: there is no name to ask about (name, alias, or firstName and lastName).")
    known = {
        "birth_date": _dates(said), "nationality": _some(said, _COUNTRIES), "father_name": _some(said, ("fatherName",)),
        "id_number": _some(said, _NUMBERS), "address": _some(said, _ADDRESSES),
    }  # fmt: skip
    echo: dict[str, Any] = {"schema": schema, "properties": said}
    if isinstance(given.get("id"), str):
        echo["id"] = clean(given["id"])[:300]
    return Example(schema, names, {name: values for name, values in known.items() if values}, echo)


def clean(text: str) -> str:
    """Text that can be stored and sent: without what UTF-8 cannot hold."""
    return storable(text)


def _texts(prop: object, values: object) -> list[str]:
    """The values of a property as texts, each once. Numbers are taken as written; anything else is refused."""
    many = values if isinstance(values, list) else [values]
    texts: dict[str, None] = {}
    for value in many:
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Problem(400, f"properties.{clean(str(prop))[:60]}: not a text or a list of texts.")
        text = " ".join(clean(str(value)).split())
        if len(text) > LONGEST:
            raise Problem(400, f"properties.{clean(str(prop))[:60]}: longer than {LONGEST} characters.")
        if text:
            texts[text] = None
    return list(texts)


def _names(said: Mapping[str, list[str]]) -> list[str]:
    whole = _some(said, _NAMES)
    if whole:
        return whole
    parts = [_some(said, props) or [""] for props in (_FIRST, _MIDDLE, _LAST)]
    joined = (" ".join(part for part in chosen if part) for chosen in product(*parts))
    return [name for name in islice(joined, MOST_VALUES) if name]


def _dates(said: Mapping[str, list[str]]) -> list[str]:
    """Dates as far as they can be read. What cannot be a date is refused: passing over it would weaken the answer."""
    found: dict[str, None] = {}
    for prop in _DATES:
        for written in said.get(prop, ()):
            read = [reading for reading in read_dates(written) if reading.value and _possible(written, reading.value)]
            if not read:
                raise Problem(
                    400, f"properties.{prop}: {written[:40]!r} is not a date; write 1984, 1984-03 or 1984-03-12."
                )
            found.update((reading.value, None) for reading in read)
    return list(found)[:MOST_VALUES]


def _possible(written: str, read: str) -> bool:
    """Whether a full date was read in full: `1984-02-31` is no day, while `1984-00-00` says the year alone."""
    parts = written.split("T")[0].split("-")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts) or "/" in read:
        return True
    return len(read) == 10 or int(parts[1]) == 0 or int(parts[2]) == 0


def _some(said: Mapping[str, list[str]], props: Sequence[str]) -> list[str]:
    values = dict.fromkeys(value for prop in props for value in said.get(prop, ()))
    return list(values)[:MOST_VALUES]
