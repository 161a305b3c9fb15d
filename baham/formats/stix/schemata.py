"""Which STIX object stands for which schema. The mapping is plain tables; docs/exchange.md shows them to readers.

STIX knows no ship, no passport and no listing. What has no type of its own becomes an `identity` of class `unknown`
that is labelled with its schema, so that nothing that points to it points nowhere; what is said *about* somebody (a
listing, a document) becomes a `note` on him.
"""

import re
from functools import cache

IDENTITY_CLASS = {
    "Person": "individual",
    "Organization": "organization",
    "Company": "organization",
    "PublicBody": "organization",
    "LegalEntity": "unknown",
}
"""Schemata with an `identity_class` of their own (STIX 2.1 §10.7, identity-class-ov)."""

NATIVE = {"Address": "location", "UserAccount": "user-account", "Event": "incident"}

LINKS = {
    "Associate": ("person", "associate", "associated-with"),
    "Control": ("controller", "controlled", "controls"),
    "Debt": ("debtor", "creditor", "owes"),
    "Directorship": ("director", "organization", "directs"),
    "Employment": ("employee", "employer", "employed-by"),
    "Family": ("person", "relative", "family-of"),
    "Membership": ("member", "organization", "member-of"),
    "Occupancy": ("holder", "post", "holds"),
    "Ownership": ("owner", "asset", "owns"),
    "Payment": ("payer", "beneficiary", "paid"),
    "Representation": ("agent", "client", "represents"),
    "Succession": ("predecessor", "successor", "succeeded-by"),
    "UnknownLink": ("subject", "object", "related-to"),
}
"""Schemata that tie two entities: the property of either end (FollowTheMoney 4.11), and the type of the tie.

STIX suggests hardly any type between persons, bodies and things, so most go out as `related-to` with the exact type in
the extension (`suggested`). Read from others, who may write them all the same, they count as what they say.
"""

ABOUT = {"Sanction": "entity", "Identification": "holder", "Passport": "holder"}
"""Schemata that are said about another entity: the property that names it."""

_WORDS = (
    "attributed-to authored-by based-on belongs-to communicates-with compromises consists-of controls delivers "
    "derived-from duplicate-of exploits has hosts impersonates indicates investigates located-at mitigates "
    "originates-from owns related-to remediates resolves-to targets uses variant-of"
)
WORDS = frozenset(_WORDS.split())
"""Relationship types of STIX 2.1, appendix B: a link whose role is one of them is of that type."""

RELATED = "related-to"
"""What STIX has between any two objects where no type is suggested (§3.7, common relationships)."""
_AMONG_LIKE = frozenset({"derived-from", "duplicate-of"})
_SUGGESTED = frozenset({("identity", "located-at", "location")})
"""Of appendix B all that starts at a type that Baham writes: the others start at campaigns, malware and the like."""

_POINTS_TO = {"addressEntity": "location"}


@cache
def kind_for(schema: str) -> str:
    """The STIX type of an entity of this schema. It hangs on the schema alone, so an entity keeps its id; except that
    an address of no known country is no location (`native.kind_of`).
    """
    if schema in LINKS:
        return "relationship"
    if schema in ABOUT:
        return "note"
    return NATIVE.get(schema, "identity")


def suggested(source: str, word: str, target: str) -> bool:
    """Whether STIX has this relationship type for objects of these types. It is then written as such."""
    return word == RELATED or (word in _AMONG_LIKE and source == target) or (source, word, target) in _SUGGESTED


def kind_pointed_at(prop: str) -> str:
    """The STIX type behind a property, for an entity that is not among those exported."""
    return _POINTS_TO.get(prop, "identity")


@cache
def label(schema: str) -> str:
    """The schema as a label: `PublicBody` is `public-body`."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", schema).lower()).strip("-") or "thing"


_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA "
    "CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA "
    "GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP "
    "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS "
    "MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS "
    "RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW "
    "TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
COUNTRIES = frozenset(_COUNTRIES.split())
"""ISO 3166-1 alpha-2, which a location's `country` is to be (STIX 2.1 §4.10)."""

_REGIONS = (
    "africa eastern-africa middle-africa northern-africa southern-africa western-africa americas "
    "latin-america-caribbean south-america caribbean central-america northern-america asia central-asia eastern-asia "
    "southern-asia south-eastern-asia western-asia europe eastern-europe northern-europe southern-europe "
    "western-europe oceania australia-new-zealand melanesia micronesia polynesia antarctica"
)
REGIONS = frozenset(_REGIONS.split())
"""STIX 2.1's region-ov (§10), which a location's `region` is to be from: parts of the world, not of a country."""
