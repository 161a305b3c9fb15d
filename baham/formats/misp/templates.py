"""Which MISP object stands for which schema, as plain tables.

Names, template ids, versions and relations are those of MISP's object templates (MISP/misp-objects, CC0 or BSD), types
and categories those of its describeTypes (MISP/PyMISP 2.5). `ftm-…` are MISP's templates after FollowTheMoney, in which
a relation has the name of the property. For what MISP has no template for there is one of Baham's own.
"""

import re
from dataclasses import dataclass

from baham.formats.stix.schemata import COUNTRIES


@dataclass(frozen=True, slots=True)
class Template:
    """A MISP object template: its name, id, version and category; where a property goes; where what is left goes."""

    name: str
    uuid: str
    version: str
    category: str
    relations: dict[str, tuple[str, str]]
    rest: str = ""

    def relation(self, prop: str, value: str) -> tuple[str, str] | None:
        """The relation and type for a value. None: it goes to `rest` as `property: value`."""
        if self.name == "geolocation" and prop == "country" and value.upper() in COUNTRIES:
            return "countrycode", "text"
        return self.relations.get(prop) if self.rest else (prop, "text")


CLAIMS = Template("baham-claims", "92e39b76-8101-4c3d-81ee-b9d31aa97f0b", "1", "misc", {})
"""Baham's own: each attribute is one claim as JSON, exactly as it was."""
ENTITY = Template("baham-entity", "db56e311-826c-4288-baea-d285ea4f00d1", "1", "misc", {})
"""Baham's own: an entity for which MISP has no template; relations are FollowTheMoney's properties."""

_PERSON = {
    "name": ("full-name", "full-name"),
    "alias": ("alias", "text"),
    "previousName": ("alias", "text"),
    "weakAlias": ("alias", "text"),
    "firstName": ("first-name", "first-name"),
    "lastName": ("last-name", "last-name"),
    "middleName": ("middle-name", "middle-name"),
    "birthDate": ("date-of-birth", "date-of-birth"),
    "birthPlace": ("place-of-birth", "place-of-birth"),
    "nationality": ("nationality", "nationality"),
    "gender": ("gender", "gender"),
    "passportNumber": ("passport-number", "passport-number"),
    "idNumber": ("identity-card-number", "identity-card-number"),
    "email": ("e-mail", "email-src"),
    "phone": ("phone-number", "phone-number"),
    "address": ("address", "text"),
    "position": ("function", "text"),
    "title": ("title", "text"),
    "socialSecurityNumber": ("social-security-number", "text"),
    "motherName": ("mothers-name", "text"),
}
_BODY = {
    "name": ("name", "text"),
    "alias": ("alias", "text"),
    "previousName": ("alias", "text"),
    "weakAlias": ("alias", "text"),
    "abbreviation": ("alias", "text"),
    "email": ("e-mail", "email-src"),
    "phone": ("phone-number", "phone-number"),
    "address": ("address", "text"),
    "sector": ("sector", "text"),
    "registrationNumber": ("registration-number", "text"),
    "vatCode": ("VAT", "text"),
    "legalForm": ("type-of-organization", "text"),
    "description": ("description", "text"),
}
_LEGAL = {
    "name": ("name", "text"),
    "phone": ("phone-number", "phone-number"),
    "legalForm": ("legal-form", "text"),
    "registrationNumber": ("registration-number", "text"),
}
_PLACE = {
    "full": ("address", "text"),
    "city": ("city", "text"),
    "country": ("country", "text"),
    "region": ("region", "text"),
    "postalCode": ("zipcode", "text"),
    "latitude": ("latitude", "float"),
    "longitude": ("longitude", "float"),
}
_VEHICLE = {
    "registrationNumber": ("license-plate-number", "text"),
    "model": ("model", "text"),
    "type": ("type", "text"),
    "description": ("description", "text"),
}
_ACCOUNT = {
    "iban": ("iban", "iban"),
    "bic": ("swift", "bic"),
    "accountNumber": ("account", "bank-account-nr"),
    "name": ("account-name", "text"),
    "bankName": ("institution-name", "text"),
    "accountType": ("personal-account-type", "text"),
}
_COIN = {
    "publicKey": ("address-crypto", "text"),
    "cryptoAddress": ("address-crypto", "text"),
    "currencySymbol": ("symbol", "text"),
}
_USER = {
    "username": ("username", "text"),
    "name": ("display-name", "text"),
    "email": ("email", "email"),
    "service": ("account-type", "text"),
    "description": ("description", "text"),
}

# The relations of MISP's templates after FollowTheMoney are properties of its schemata as they were then, not all.
_ANY = "country description modifiedAt publisher publisherUrl retrievedAt sourceUrl summary"
_THING = "address alias keywords name notes previousName program topics weakAlias wikidataId wikipediaUrl"
_VESSEL = (
    "amount amountEur amountUsd buildDate callSign crsNumber currency flag grossRegisteredTonnage imoNumber mmsi model"
    " nameChangeDate navigationArea pastFlags pastNames pastTypes registrationDate registrationNumber registrationPort"
    " tonnage type"
)
_AIRPLANE = (
    "amount amountEur amountUsd buildDate currency icaoCode manufacturer model registrationDate registrationNumber"
    " serialNumber type"
)
_PASSPORT = (
    "authority birthDate birthPlace date endDate gender givenName passportNumber personalNumber recordId startDate"
    " surname type"
)
_OTHERWISE = {"Passport": {"number": ("passportNumber", "text")}}
_SANCTION = "authority date duration endDate program reason recordId startDate status"
_EVENT = "date endDate important location recordId startDate"
_ORGANIZATION = Template("organization", "f750e12b-127a-432c-b022-b3f9153c4e2a", "9", "misc", _BODY, "description")
TEMPLATES = {
    "Person": Template("person", "a15b0477-e9d1-4b9c-9546-abe78a4f4248", "21", "misc", _PERSON, "text"),
    "Organization": _ORGANIZATION,
    "Company": _ORGANIZATION,
    "PublicBody": _ORGANIZATION,
    "LegalEntity": Template("legal-entity", "14f5688f-d89c-469f-9878-c48bf6c41c65", "2", "misc", _LEGAL, "text"),
    "Address": Template("geolocation", "cd6f2238-ba55-4888-82c4-104e6e1acf21", "8", "misc", _PLACE, "text"),
    "Vehicle": Template("vehicle", "683c076c-f695-4ff2-8efa-e98a418049f4", "5", "misc", _VEHICLE, "description"),
    "BankAccount": Template("bank-account", "b4712203-95a8-4883-80e9-b566f5df11c9", "3", "financial", _ACCOUNT, "text"),
    "CryptoWallet": Template("coin-address", "d0e6997e-78da-4815-a6a1-cfc1c1cb8a46", "7", "financial", _COIN, "text"),
    "UserAccount": Template("user-account", "49606b06-22f0-4ac8-8eee-2f12ad46f3d3", "6", "misc", _USER, "description"),
} | {
    schema: Template(
        f"ftm-{schema}",
        uuid,
        version,
        "followthemoney",
        {prop: (prop, "text") for prop in f"{_ANY} {properties}".split()} | _OTHERWISE.get(schema, {}),
        "summary",
    )
    for schema, uuid, version, properties in (
        ("Vessel", "2ee3df38-7756-4179-abea-ba8d2fbb7c6c", "1", f"{_THING} {_VESSEL}"),
        ("Airplane", "ea720b4a-8849-44a5-a150-eab87b86de2c", "2", f"{_THING} {_AIRPLANE}"),
        ("Passport", "d3c9ae6a-46bf-4cb7-81c9-bc7b88f8a6e1", "1", _PASSPORT),
        ("Sanction", "723833b9-4674-4447-9273-eb548a4f27f1", "1", _SANCTION),
        ("Event", "0f0a252f-a425-46c0-a46a-dabd632d6b59", "1", f"{_THING} {_EVENT}"),
    )
}

SCHEMAS = {
    "person": "Person",
    "organization": "Organization",
    "legal-entity": "LegalEntity",
    "geolocation": "Address",
    "vehicle": "Vehicle",
    "bank-account": "BankAccount",
    "coin-address": "CryptoWallet",
    "user-account": "UserAccount",
}
"""Which schema an object of somebody else becomes; `ftm-X` becomes X, any other a Thing."""

CATEGORIES = {
    "text": "Other",
    "float": "Other",
    "email": "Social network",
    "email-src": "Social network",
    "iban": "Financial fraud",
    "bic": "Financial fraud",
    "bank-account-nr": "Financial fraud",
}
"""The category of each type; every type that is not here is about a person, and its category is `Person`."""

_FORMS = {
    "email": re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    "float": re.compile(r"-?[0-9]{1,6}(?:\.[0-9]{1,12})?"),
    "iban": re.compile(r"[A-Za-z0-9]+"),
    "bic": re.compile(r"[A-Za-z0-9]+"),
    "bank-account-nr": re.compile(r"[A-Za-z0-9-]+"),
    "phone-number": re.compile(r"\+?[0-9][0-9 -]{2,30}"),
    # MISP takes no other words for it.
    "gender": re.compile(r"Male|Female|Other|Prefer not to say"),
}
_FORMS["email-src"] = _FORMS["email"]

CORRELATED = frozenset(
    {"email", "email-src", "phone-number", "passport-number", "identity-card-number", "iban", "bank-account-nr"}
)
"""Types by which MISP may draw lines between events. By names it draws them between strangers."""


def type_for(kind: str, value: str) -> str:
    """The type for a value: the relation's own, if MISP would take the value under it, else plain text."""
    form = _FORMS.get(kind)
    return kind if form is None or form.fullmatch(value) else "text"
