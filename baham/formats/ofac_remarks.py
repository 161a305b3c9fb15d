"""What the `Remarks` of the OFAC list say, as far as it can be read reliably.

They are sentences in a fixed manner, separated by `;`: `DOB 10 Dec 1948; alt. DOB 1949; POB Somewhere; Passport
A0000000 (Country) issued 1 Jan 2001.` What each begins with decides what it is. What is not understood is not guessed:
the whole remark is kept as `notes` besides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DATES = {
    "DOB": "birthDate",
    "Organization Established Date": "incorporationDate",
    "Vessel Year of Build": "buildDate",
    "Aircraft Manufacture Date": "buildDate",
}
_TEXTS = {
    "POB": "birthPlace",
    "nationality": "nationality",
    "citizen": "citizenship",
    "Gender": "gender",
    "Email Address": "email",
    "Website": "website",
    "Telephone": "phone",
    "Phone Number": "phone",
    "Former Vessel Flag": "pastFlags",
    "Other Vessel Flag": "flag",
    "Other Vessel Type": "type",
    "Aircraft Model": "model",
    "Aircraft Tail Number": "registrationNumber",
    "Organization Type:": "sector",
    "Other Vessel Call Sign": "callSign",
    "Vessel Call Sign": "callSign",
    "SWIFT/BIC": "swiftBic",
}
_NUMBERS = {
    "passportNumber": ("Passport", "Diplomatic Passport", "Stateless Person Passport"),
    "idNumber": (
        "National ID No.",
        "Cedula No.",
        "Cedula de Ciudadania No.",
        "Cedula de Ciudadania",
        "Cedula de Residencia",
        "Cedula de Extranjeria",
        "Identification Number",
        "Identification Card",
        "D.N.I.",
        "C.U.R.P.",
        "C.U.I.P.",
        "Personal ID Card",
        "Stateless Person ID Card",
        "Refugee ID Card",
        "Residency Number",
        "Kenyan ID No.",
        "Turkish Identification Number",
        "Bosnian Personal ID No.",
        "Tazkira National ID Card",
        "Numero de Identidad",
        "Travel Document Number",
        "Electoral Registry No.",
        "Credencial electoral",
        "Birth Certificate Number",
        "I.F.E.",
        "Photo ID",
        "N.I.E.",
        "Cartilla de Servicio Militar Nacional",
        "National Foreign ID Number",
        "Tarjeta Profesional",
        "Military ID",
        "Romanian Permanent Resident",
        "British National Overseas Passport",
    ),
    "licenseNumber": ("Driver's License No.", "Pilot License Number", "License"),
    "socialSecurityNumber": ("SSN", "Italian Social Security", "Malaysian SSN"),
    "taxNumber": (
        "Tax ID No.",
        "NIT #",
        "RUC #",
        "R.F.C.",
        "RIF #",
        "US FEIN",
        "Italian Fiscal Code",
        "Fiscal Code",
        "C.U.I.T.",
        "RTN",
        "C.U.I.",
        "N.I.T. #",
        "Paraguayan tax identification number",
        "Tax ID",
    ),
    "vatCode": ("V.A.T. Number",),
    "registrationNumber": (
        "Registration Number",
        "Registration ID",
        "Company Number",
        "UK Company Number",
        "Folio Mercantil No.",
        "Commercial Registry Number",
        "Matricula Mercantil No",
        "Business Registration Document #",
        "Business Registration Number",
        "Business Number",
        "Trade License No.",
        "C.R. No.",
        "Enterprise Number",
        "Public Registration Number",
        "Certificate of Incorporation Number",
        "Chamber of Commerce Number",
        "Government Gazette Number",
        "Dubai Chamber of Commerce Membership No.",
        "Chinese Commercial Code",
        "Unified Social Credit Code (USCC)",
        "Organization Code",
        "Central Registration Number",
        "Legal Entity Number",
        "File Number",
    ),
    "serialNumber": (
        "Aircraft Manufacturer's Serial Number (MSN)",
        "Aircraft Construction Number (also called L/N or S/N or F/N)",
    ),
    "imoNumber": ("Vessel Registration Identification IMO", "Vessel Registration Identification"),
    "mmsi": ("MMSI",),
    "dunsCode": ("D-U-N-S Number",),
    "isinCode": ("ISIN",),
}
_WORDS = {
    **{word: (prop, "date") for word, prop in _DATES.items()},
    **{word: (prop, "text") for word, prop in _TEXTS.items()},
    **{word: (prop, "number") for prop, words in _NUMBERS.items() for word in words},
}
# The longest first, so that `Tax ID No.` is not read as `Tax ID` and a number that begins with `No.`.
_BEGINNING = re.compile(f"(?:{'|'.join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True))})(?= )")
_LONGEST_PART = 300
_AKA = re.compile(r"([afn])\.k\.a\.,? (['\"])(.+)\2")
_COIN = re.compile(r"Digital Currency Address - (\w{2,6}) ([A-Za-z0-9:]{20,120})")
# A number ends where the country in brackets begins, or a word on issue or expiry.
_NUMBER = re.compile(r"(.*?)\s*(?:\([^()]*\)|\bissued\b|\bexpires\b|$)")


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said: property, value, how to read it (`date`, `text`, `number`, `alias`), and the part as it stood."""

    prop: str
    value: str
    reading: str
    written: str
    quality: str = ""


def parse(remarks: str) -> Iterator[Said]:
    """What a remark says, in its order. What is not understood is passed over."""
    for part in remarks.split(";"):
        # The remark ends in a full stop; an abbreviation at its end keeps none, which costs nothing.
        written = part.strip().removesuffix(".")
        bare = written.removeprefix("alt. ") if len(written) <= _LONGEST_PART else ""
        if found := _AKA.fullmatch(bare):
            yield _alias(found, written)
        elif found := _COIN.fullmatch(bare):
            yield Said("publicKey", found[2], "number", written)
        elif found := _BEGINNING.match(bare):
            prop, reading = _WORDS[found[0]]
            value = bare[found.end() :].strip()
            if reading == "number":
                value = _number(value)
            if value and (prop != "imoNumber" or value.isdigit()):
                yield Said(prop, value, reading, written)


def _alias(found: re.Match[str], written: str) -> Said:
    """OFAC puts its weak aliases in quotation marks (its FAQ 122 to 125); the others stand in the alias file."""
    prop = "previousName" if found[1] == "f" else "weakAlias"
    return Said(prop, found[3], "alias", written, quality="weak" if prop == "weakAlias" else "f.k.a.")


def _number(value: str) -> str:
    found = _NUMBER.match(value)
    number = found[1].strip(" ,") if found else ""
    # A passport without its number is a sentence on passports, and no number.
    return number if any(char.isdigit() for char in number) and len(number) <= 60 else ""
