"""The ledger's own words (properties, schemata, roles of evidence) in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from baham.kernel.schema import Kind, kind_of

PROPERTIES = {
    "name": _("Name"),
    "alias": _("Also known as"),
    "previousName": _("Formerly"),
    "weakAlias": _("Weak alias"),
    "abbreviation": _("Abbreviation"),
    "fatherName": _("Father’s name"),
    "motherName": _("Mother’s name"),
    "firstName": _("First name"),
    "middleName": _("Middle name"),
    "lastName": _("Family name"),
    "title": _("Title"),
    "birthDate": _("Birth date"),
    "birthPlace": _("Place of birth"),
    "birthCountry": _("Country of birth"),
    "deathDate": _("Died"),
    "gender": _("Gender"),
    "nationality": _("Nationality"),
    "citizenship": _("Citizenship"),
    "country": _("Country"),
    "jurisdiction": _("Jurisdiction"),
    "mainCountry": _("Main country"),
    "flag": _("Flag"),
    "address": _("Address"),
    "addressEntity": _("Address record"),
    "position": _("Position"),
    "idNumber": _("Identity number"),
    "passportNumber": _("Passport"),
    "registrationNumber": _("Registration number"),
    "taxNumber": _("Tax number"),
    "imoNumber": _("IMO number"),
    "mmsi": _("MMSI"),
    "callSign": _("Call sign"),
    "phone": _("Telephone"),
    "email": _("E-mail"),
    "website": _("Web site"),
    "program": _("Programme"),
    "programId": _("Programme id"),
    "listingDate": _("Listed on"),
    "startDate": _("From"),
    "endDate": _("Until"),
    "reason": _("Reason for listing"),
    "notes": _("Notes"),
    "summary": _("Summary"),
    "description": _("Description"),
    "status": _("Status"),
    "legalForm": _("Legal form"),
    "sector": _("Sector"),
    "incorporationDate": _("Founded"),
    "type": _("Type"),
    "dissolutionDate": _("Dissolved"),
    "modifiedAt": _("Amended on"),
    "createdAt": _("First published"),
    "topics": _("Topics"),
    "sourceUrl": _("Source"),
    "authorityId": _("Reference number"),
    "keywords": _("Keywords"),
    "tonnage": _("Tonnage"),
    "grossRegisteredTonnage": _("Gross tonnage"),
    "owner": _("Owner"),
    "appearance": _("Appearance"),
    "district": _("District"),
    "authority": _("Listed by"),
    "legalBasis": _("Legal basis"),
    "reviewDate": _("Review by"),
}

SCHEMATA = {
    "Person": _("person"),
    "Organization": _("organisation"),
    "LegalEntity": _("person or organisation"),
    "Company": _("company"),
    "PublicBody": _("public body"),
    "Vessel": _("vessel"),
    "Airplane": _("aircraft"),
    "Vehicle": _("vehicle"),
    "CryptoWallet": _("wallet"),
    "Security": _("security"),
    "Address": _("address"),
    "Sanction": _("sanction"),
    "Position": _("position"),
    "Identification": _("document"),
    "Passport": _("passport"),
    "Family": _("family tie"),
    "Associate": _("tie"),
    "Membership": _("membership"),
    "Ownership": _("ownership"),
    "Directorship": _("directorship"),
    "Occupancy": _("office held"),
    "UnknownLink": _("tie"),
}

FEATURES = {
    "name": _("Name"),
    "birth_date": _("Birth date"),
    "father_name": _("Father’s name"),
    "nationality": _("Nationality"),
    "names": _("Name"),
    "weak_names": _("Weak alias"),
    "birth_dates": _("Birth date"),
    "identifiers": _("Identity number"),
    "father_names": _("Father’s name"),
    "countries": _("Country"),
    "addresses": _("Place"),
    "identifier": _("Identity number"),
    "id_number": _("Identity number"),
    "address": _("Place"),
    "schema": _("Kind"),
}


EVENTS = {
    "collection": _("collected"),
    "alteration": _("changed"),
    "consultation": _("read"),
    "disclosure": _("disclosed"),
    "combination": _("combined"),
    "erasure": _("erased"),
    "system": _("system"),
}


def event(name: str) -> str | Promise:
    """What a kind of event in the log is called."""
    return EVENTS.get(name, name)


def prop(name: str) -> str | Promise:
    """What a property is called; its own name where nobody has given it another."""
    return PROPERTIES.get(name, name)


def schema(name: str) -> str | Promise:
    """What a kind of entity is called."""
    return SCHEMATA.get(name, name)


def feature(name: str) -> str | Promise:
    """What a feature of a match is called."""
    return FEATURES.get(name, name)


def is_date(name: str) -> bool:
    """Whether the values of a property are dates."""
    return kind_of(name) is Kind.DATE
