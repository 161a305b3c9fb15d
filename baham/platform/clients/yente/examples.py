"""Reading a query by example: what a program knows of somebody, as an FtM entity, becomes questions for the engine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from baham.formats.naming import NAME_PARTS, names_of_parts
from baham.kernel.schema import SCHEMATA, is_matchable
from baham.kernel.text import storable
from baham.platform.clients.yente.errors import Problem
from baham.platform.screening.asking import NoSuchDate, asked_dates, can_be_compared

if TYPE_CHECKING:
    from baham.engines.names import Query

_NAMES = ("name", "alias", "previousName", "weakAlias")
_DATES = ("birthDate", "incorporationDate")
_COUNTRIES = ("nationality", "citizenship", "country", "jurisdiction", "birthCountry", "mainCountry", "flag")
_NUMBERS = (
    "idNumber",
    "passportNumber",
    "registrationNumber",
    "taxNumber",
    "socialSecurityNumber",
    "imoNumber",
    "mmsi",
    "innCode",
    "ogrnCode",
    "leiCode",
    "swiftBic",
    "vatCode",
    "licenseNumber",
    "publicKey",
    "callSign",
)
_ADDRESSES = ("address", "birthPlace")
ASKED_WITH = frozenset({*_NAMES, *NAME_PARTS, *_DATES, *_COUNTRIES, *_NUMBERS, *_ADDRESSES, "fatherName"})
"""The properties that a question is made of. Whoever keeps a query keeps these and no others."""
MOST_VALUES = 8
"""How many dates, countries, fathers and addresses are asked about; those after them are not."""
MOST_NAMES = 50
"""How many names, and how many numbers, a query may have. One with more is refused: a name that is passed over would
be a hit that nobody misses."""
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
        "birth_date": _dates(said),
        "nationality": _some(said, _COUNTRIES),
        "father_name": _some(said, ("fatherName",)),
        "id_number": _all(said, _NUMBERS, "numbers"),
        "address": _some(said, _ADDRESSES),
    }
    _check_names(names, bool(known["id_number"]))
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
    """The names given whole, then those that their parts make."""
    whole = _all(said, _NAMES, "names")
    return [*whole, *names_of_parts(said, whole)]


def _check_names(names: Sequence[str], has_number: bool) -> None:
    """Raises Problem where a name can be compared with nothing: an empty result would pass for a clean one."""
    for name in names:
        if not can_be_compared(name) and not has_number:
            raise Problem(400, f"properties.name: {name[:40]!r} has no letter, so it can be compared with nothing.")


def _dates(said: Mapping[str, list[str]]) -> list[str]:
    """Dates as exact as they are written. What cannot be one is refused: passing over it would weaken the answer."""
    found: dict[str, None] = {}
    for prop in _DATES:
        for written in said.get(prop, ()):
            try:
                found.update((one, None) for one in asked_dates(written, timezone.localdate()))
            except NoSuchDate as wrong:
                hint = "; write 1984, 1984-03 or 1984-03-12" if str(wrong) == "not a date" else ""
                verb = "is not a date" if hint else f"cannot be: {wrong}"
                raise Problem(400, f"properties.{prop}: {written[:40]!r} {verb}{hint}.") from wrong
    return list(found)[:MOST_VALUES]


def _some(said: Mapping[str, list[str]], props: Sequence[str]) -> list[str]:
    values = dict.fromkeys(value for prop in props for value in said.get(prop, ()))
    return list(values)[:MOST_VALUES]


def _all(said: Mapping[str, list[str]], props: Sequence[str], what: str) -> list[str]:
    values = list(dict.fromkeys(value for prop in props for value in said.get(prop, ())))
    if len(values) > MOST_NAMES:
        raise Problem(400, f"properties.{props[0]}: {len(values)} {what}; ask about at most {MOST_NAMES} in one query.")
    return values
