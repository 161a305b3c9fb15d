"""The vocabulary of entities: schemata and properties, named as FollowTheMoney names them.

Only what Baham works with is listed. A property that is not listed is kept and shown as text; it takes no part in
matching. `LEFT_OUT` is the other way round: what is never stored, whatever a source offers (safeguard S-19).
"""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What the values of a property are, which decides how they are compared, searched and shown."""

    NAME = "name"
    WEAK_NAME = "weak name"
    DATE = "date"
    COUNTRY = "country"
    IDENTIFIER = "identifier"
    ADDRESS = "address"
    ENTITY = "entity"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Schema:
    """A kind of entity, with those it is a special case of."""

    name: str
    parents: tuple[str, ...] = ()
    matchable: bool = False
    living: bool = False


SCHEMATA = {
    schema.name: schema
    for schema in (
        Schema("Thing"),
        Schema("LegalEntity", ("Thing",), matchable=True),
        Schema("Person", ("LegalEntity",), matchable=True, living=True),
        Schema("Organization", ("LegalEntity",), matchable=True),
        Schema("Company", ("Organization",), matchable=True),
        Schema("PublicBody", ("Organization",), matchable=True),
        Schema("Vessel", ("Thing",), matchable=True),
        Schema("Airplane", ("Thing",), matchable=True),
        Schema("Vehicle", ("Thing",), matchable=True),
        Schema("CryptoWallet", ("Thing",), matchable=True),
        Schema("Security", ("Thing",)),
        Schema("Address", ("Thing",)),
        Schema("Position", ("Thing",)),
        Schema("Sanction"),
        Schema("Identification"),
        Schema("Passport", ("Identification",)),
        Schema("Family"),
        Schema("Associate"),
        Schema("Membership"),
        Schema("Ownership"),
        Schema("Directorship"),
        Schema("Occupancy"),
        Schema("UnknownLink"),
    )
}

_KINDS = {
    Kind.NAME: "name alias previousName",
    Kind.WEAK_NAME: "weakAlias abbreviation",
    Kind.DATE: "birthDate deathDate incorporationDate dissolutionDate startDate endDate listingDate date buildDate "
    "modifiedAt createdAt reviewDate",
    Kind.COUNTRY: "nationality country jurisdiction citizenship birthCountry mainCountry flag",
    Kind.IDENTIFIER: "idNumber passportNumber registrationNumber taxNumber imoNumber mmsi callSign innCode ogrnCode "
    "leiCode swiftBic vatCode licenseNumber socialSecurityNumber publicKey kppCode okpoCode isinCode ticker dunsCode",
    Kind.ADDRESS: "address birthPlace deathPlace",
    Kind.ENTITY: "addressEntity owner asset director organization person relative associate member holder parent "
    "subject object entity post",
}
_KIND_OF = {prop: kind for kind, props in _KINDS.items() for prop in props.split()}

LEFT_OUT = frozenset({"religion", "ethnicity", "political", "sect", "ideology", "sexualOrientation", "health"})
"""Special categories of personal data (Directive (EU) 2016/680, Article 10): dropped on reading, and counted."""


def kind_of(prop: str) -> Kind:
    """What the values of a property are; TEXT for one that is not listed."""
    return _KIND_OF.get(prop, Kind.TEXT)


def props_of(kind: Kind) -> frozenset[str]:
    """The properties whose values are of this kind."""
    return frozenset(prop for prop, of in _KIND_OF.items() if of is kind)


def is_a(schema: str, ancestor: str) -> bool:
    """Whether `schema` is `ancestor` or a special case of it. An unknown schema is only itself."""
    if schema == ancestor:
        return True
    known = SCHEMATA.get(schema)
    return known is not None and any(is_a(parent, ancestor) for parent in known.parents)


def is_matchable(schema: str) -> bool:
    """Whether entities of this schema are screened against."""
    known = SCHEMATA.get(schema)
    return known is not None and known.matchable


def is_person(schema: str) -> bool:
    """Whether an entity of this schema is, or may be, a natural person; reading one needs a purpose (safeguard S-01).

    LegalEntity counts: lists use it where they do not say whether it is a person. So does what is not known at all.
    """
    return schema not in SCHEMATA or schema == "LegalEntity" or is_a(schema, "Person") or schema in _ABOUT_PERSONS


_ABOUT_PERSONS = frozenset(
    {"Identification", "Passport", "Family", "Associate", "Membership", "Directorship", "Occupancy"}
)
