"""The European Union's consolidated list of financial sanctions, as the Commission publishes it (FSF, XML schema 1.1).

Published at https://webgate.ec.europa.eu/fsd/fsf as `xmlFullSanctionsList_1_1`; the namespace is
`http://eu.europa.ec/fpi/fsd/export`. Every value stands in an attribute. A sanctionEntity of subject type `person` is a
Person, any other a LegalEntity, which may be a person too; the id is `eu-` and the logicalId.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from baham.formats.adding import add_approximate, add_date, add_number, joined
from baham.formats.errors import BadInput, shown
from baham.formats.format import Format, ListInfo
from baham.formats.reading import BOM, Seen
from baham.formats.xmlreading import Element, records, root_attributes
from baham.kernel.entity import Entity

_ROOT = "export"
_RECORD = "sanctionEntity"
_ADDRESS = ("poBox", "street", "place", "city", "region", "zipCode", "countryDescription")
_BIRTHPLACE = ("place", "city", "region", "zipCode")
_NUMBERS = {
    "passport": "passportNumber",
    "diplomaticpassport": "passportNumber",
    "regnumber": "registrationNumber",
    "tax": "taxNumber",
    "fiscalcode": "taxNumber",
    "imo": "imoNumber",
    "swiftbic": "swiftBic",
}
_DOCUMENT = (
    "identificationTypeDescription",
    "number",
    "countryDescription",
    "nameOnDocument",
    "issuedBy",
    "issuedDate",
)
_UNKNOWN_COUNTRY = ("", "unknown", "00")


def read(path: Path | str, dataset: str) -> Iterator[Entity]:
    """One entity for each sanctionEntity. BadInput for XML that is broken or cut, and for a logicalId used twice.

    A list without any record is refused, because loading it would end every listing.
    """
    seen = Seen()
    count = 0
    for element in records(path, _ROOT, frozenset({_RECORD})):
        number = element.attributes.get("logicalId", "")
        if not re.fullmatch(r"[0-9]{1,20}", number):
            raise BadInput(path, f"is not a number: {shown(number) or 'empty'}", line=element.line, field="logicalId")
        if seen.again(number):
            raise BadInput(path, f"is in the list twice: {number}", line=element.line, field="logicalId")
        yield _entity(element, f"eu-{number}", dataset)
        count += 1
    if not count:
        raise BadInput(path, f"holds no {_RECORD}")


def _entity(element: Element, entity_id: str, dataset: str) -> Entity:
    kind = next((child.attributes.get("code", "") for child in element.children if child.tag == "subjectType"), "")
    entity = Entity(entity_id, "Person" if kind == "person" else "LegalEntity", dataset)
    record = element.attributes.get("euReferenceNumber") or f"logicalId {element.attributes['logicalId']}"
    entity.add("authorityId", element.attributes.get("euReferenceNumber"), record=record, at="@euReferenceNumber")
    entity.add("unscId", element.attributes.get("unitedNationId"), record=record, at="@unitedNationId")
    entity.add("notes", element.attributes.get("designationDetails"), record=record, at="@designationDetails")
    add_date(entity, "listingDate", element.attributes.get("designationDate", ""), record=record, at="@designationDate")
    for step, remark in element.each("remark"):
        entity.add("notes", remark.value, record=record, at=step)
    for step, regulation in element.each("regulation"):
        entity.add("program", regulation.attributes.get("programme"), record=record, at=f"{step}/@programme")
        entity.add("legalBasis", regulation.attributes.get("numberTitle"), record=record, at=f"{step}/@numberTitle")
    for step, name in element.each("nameAlias"):
        _add_name(entity, name, record, step)
    for step, citizen in element.each("citizenship"):
        _add_country(entity, "nationality", citizen, record, step)
    for step, birth in element.each("birthdate"):
        _add_birth(entity, birth, record, step)
    for step, address in element.each("address"):
        parts = [address.attributes.get(part, "") for part in _ADDRESS]
        if any(parts[:-1]):
            entity.add("address", joined(parts), record=record, at=step)
        _add_country(entity, "country", address, record, step)
    for step, document in element.each("identification"):
        _add_document(entity, document, record, step)
    return entity


def _add_name(entity: Entity, name: Element, record: str, step: str) -> None:
    """The first name is the name, the others are aliases; one that the list calls not strong is a weak alias."""
    said = name.attributes
    whole = said.get("wholeName") or joined(
        [said.get(part, "") for part in ("firstName", "middleName", "lastName")], " "
    )
    strong = said.get("strong", "true") != "false"
    prop = "weakAlias" if not strong else "alias" if entity.values("name") else "name"
    lang = said.get("nameLanguage", "").lower() or None
    entity.add(prop, whole, record=record, at=f"{step}/@wholeName", lang=lang, quality="strong" if strong else "weak")
    for attribute, target in (("title", "title"), ("function", "position"), ("gender", "gender")):
        entity.add(target, said.get(attribute), record=record, at=f"{step}/@{attribute}")


def _add_birth(entity: Entity, birth: Element, record: str, step: str) -> None:
    said = birth.attributes
    add = add_approximate if said.get("circa") == "true" else add_date
    calendar = said.get("calendarType", "")
    if exact := said.get("birthdate", ""):
        add(entity, "birthDate", exact, record=record, at=f"{step}/@birthdate", quality=calendar)
    elif said.get("yearRangeFrom") or said.get("yearRangeTo"):
        years = joined([said.get("yearRangeFrom", ""), said.get("yearRangeTo", "")], " to ")
        add(entity, "birthDate", years, record=record, at=f"{step}/@yearRangeFrom", quality=calendar)
    elif year := said.get("year", ""):
        parts = [part.zfill(2) for part in (said.get("monthOfYear", ""), said.get("dayOfMonth", "")) if part]
        add(entity, "birthDate", "-".join([year, *parts]), record=record, at=f"{step}/@year", quality=calendar)
    if place := joined([said.get(part, "") for part in _BIRTHPLACE]):
        entity.add("birthPlace", place, record=record, at=step)
    _add_country(entity, "birthCountry", birth, record, step)


def _add_document(entity: Entity, document: Element, record: str, step: str) -> None:
    """The number for matching; and the document in one line, as text, with what is known of it."""
    said = document.attributes
    number = said.get("number") or said.get("latinNumber", "")
    prop = _NUMBERS.get(said.get("identificationTypeCode", ""), "idNumber")
    add_number(entity, prop, number, record=record, at=f"{step}/@number")
    known = [said.get(part, "") for part in _DOCUMENT]
    known += [
        word for word in ("knownExpired", "knownFalse", "reportedLost", "revokedByIssuer") if said.get(word) == "true"
    ]
    if sum(map(bool, known)) > 1 or not number:
        entity.add("identification", joined(known), record=record, at=step)


def _add_country(entity: Entity, prop: str, element: Element, record: str, step: str) -> None:
    country = element.attributes.get("countryDescription", "")
    if country.lower() not in _UNKNOWN_COUNTRY:
        entity.add(prop, country, record=record, at=f"{step}/@countryDescription")


def info(path: Path | str) -> ListInfo:
    """Labelled with the list's own `generationDate`."""
    return ListInfo(root_attributes(path, _ROOT).get("generationDate", "").strip())


def sniff(head: bytes, path: Path) -> bool:
    """XML that names the Commission's namespace."""
    return head.removeprefix(BOM).lstrip()[:1] == b"<" and b"http://eu.europa.ec/fpi/fsd/export" in head


FORMAT = Format(
    "eu_fsf_xml", "EU consolidated list of financial sanctions (XML)", (".xml",), sniff, read, info, closed=True
)
