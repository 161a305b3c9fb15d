"""The United Nations Security Council Consolidated List, as XML.

Published by the Security Council at https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list, with its
schema at https://www.un.org/sc/resources/sc-sanctions.xsd. An INDIVIDUAL is a Person, an ENTITY an Organization; the id
is `un-` and the DATAID. Country names, designations and numbers are kept in the words of the list.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from baham.formats.adding import add_approximate, add_date, add_number, joined
from baham.formats.errors import BadInput, shown
from baham.formats.format import Format, ListInfo
from baham.formats.reading import BOM, Seen
from baham.formats.xmlreading import Element, records, root_attributes
from baham.kernel.dates import is_approximate, read_dates
from baham.kernel.entity import Entity

_ROOT = "CONSOLIDATED_LIST"
_SCHEMATA = {"INDIVIDUAL": "Person", "ENTITY": "Organization"}
_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_PLACE = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
_DOCUMENT = (
    "TYPE_OF_DOCUMENT",
    "TYPE_OF_DOCUMENT2",
    "NUMBER",
    "ISSUING_COUNTRY",
    "COUNTRY_OF_ISSUE",
    "CITY_OF_ISSUE",
    "DATE_OF_ISSUE",
    "NOTE",
)
# Elements that hold one text, and those that hold VALUE elements: what each is a value of.
_SINGLE = {"GENDER": "gender", "UN_LIST_TYPE": "program", "REFERENCE_NUMBER": "unscId", "COMMENTS1": "notes"}
_SINGLE_DATES = {"LISTED_ON": "listingDate", "DELISTED_ON": "endDate"}
_VALUES = {"TITLE": "title", "DESIGNATION": "position", "NATIONALITY": "nationality", "NATIONALITY2": "nationality"}
_PASSPORT = re.compile(r"pass(?:e)?port|pasaporte|jawaz", re.I)


def read(path: Path | str, dataset: str) -> Iterator[Entity]:
    """One Person or Organization for each record. BadInput for XML that is broken or cut, and for a DATAID used twice.

    A list without any record is refused, because loading it would end every listing.
    """
    seen = Seen()
    count = 0
    for element in records(path, _ROOT, frozenset(_SCHEMATA)):
        number = element.text("DATAID")
        if not re.fullmatch(r"[0-9]{1,20}", number):
            raise BadInput(path, f"is not a number: {shown(number) or 'empty'}", line=element.line, field="DATAID")
        if seen.again(number):
            raise BadInput(path, f"is in the list twice: {number}", line=element.line, field="DATAID")
        yield _entity(element, f"un-{number}", dataset)
        count += 1
    if not count:
        raise BadInput(path, "holds no INDIVIDUAL and no ENTITY")


def _entity(element: Element, entity_id: str, dataset: str) -> Entity:
    entity = Entity(entity_id, _SCHEMATA[element.tag], dataset)
    record = element.text("REFERENCE_NUMBER") or f"DATAID {element.text('DATAID')}"
    used = [tag for tag in _NAMES if element.text(tag)]
    name = joined([element.text(tag) for tag in used], " ")
    entity.add("name", name, record=record, at=" ".join(used))
    for step, original in element.each("NAME_ORIGINAL_SCRIPT"):
        entity.add("name", original.value, record=record, at=step)
    for step, alias in element.each(f"{element.tag}_ALIAS"):
        _add_alias(entity, alias, record, step)
    for tag, prop in _SINGLE.items():
        entity.add(prop, element.text(tag), record=record, at=tag)
    for tag, prop in _SINGLE_DATES.items():
        for step, value in _value_elements(element, tag):
            add_date(entity, prop, value, record=record, at=step)
    for tag, prop in _VALUES.items():
        for step, value in _value_elements(element, tag):
            entity.add(prop, value, record=record, at=step)
    for step, value in _value_elements(element, "LAST_DAY_UPDATED"):
        add_date(entity, "modifiedAt", value, record=record, at=step)
    for step, address in element.each(f"{element.tag}_ADDRESS"):
        _add_place(entity, address, "address", "country", record, step)
    for step, birth in element.each("INDIVIDUAL_DATE_OF_BIRTH"):
        _add_birth(entity, birth, record, step)
    for step, birth in element.each("INDIVIDUAL_PLACE_OF_BIRTH"):
        _add_place(entity, birth, "birthPlace", "birthCountry", record, step)
    for step, document in element.each("INDIVIDUAL_DOCUMENT"):
        _add_document(entity, document, record, step)
    return entity


def _value_elements(element: Element, tag: str) -> Iterator[tuple[str, str]]:
    for container in (child for child in element.children if child.tag == tag):
        if container.value:
            yield tag, container.value
        for step, value in container.each("VALUE"):
            yield f"{tag}/{step}", value.value


def _add_alias(entity: Entity, alias: Element, record: str, step: str) -> None:
    quality = alias.text("QUALITY")
    prop = {"low": "weakAlias", "f.k.a.": "previousName"}.get(quality.lower(), "alias")
    entity.add(prop, alias.text("ALIAS_NAME"), record=record, at=f"{step}/ALIAS_NAME", quality=quality)
    add_date(entity, "birthDate", alias.text("DATE_OF_BIRTH"), record=record, at=f"{step}/DATE_OF_BIRTH")
    place = joined([alias.text("CITY_OF_BIRTH"), alias.text("COUNTRY_OF_BIRTH")])
    if alias.text("CITY_OF_BIRTH"):
        entity.add("birthPlace", place, record=record, at=f"{step}/CITY_OF_BIRTH")
    entity.add("birthCountry", alias.text("COUNTRY_OF_BIRTH"), record=record, at=f"{step}/COUNTRY_OF_BIRTH")
    entity.add("notes", alias.text("NOTE"), record=record, at=f"{step}/NOTE")


def _add_place(entity: Entity, place: Element, prop: str, country: str, record: str, step: str) -> None:
    """A place in one line; where only the country is known that is no address, and is kept as the country alone."""
    parts = [place.text(tag) for tag in _PLACE]
    if any(parts[:-1]):
        entity.add(prop, joined(parts), record=record, at=step)
    entity.add(country, parts[-1], record=record, at=f"{step}/COUNTRY")
    entity.add("notes", place.text("NOTE"), record=record, at=f"{step}/NOTE")


def _add_birth(entity: Entity, birth: Element, record: str, step: str) -> None:
    kind, note = birth.text("TYPE_OF_DATE"), birth.text("NOTE")
    add = add_approximate if is_approximate(kind) or is_approximate(note) else add_date
    first, last = birth.text("FROM_YEAR"), birth.text("TO_YEAR")
    found = False
    for tag in ("DATE", "YEAR"):
        if written := birth.text(tag):
            add(entity, "birthDate", written, record=record, at=f"{step}/{tag}", quality=kind)
            found = True
    if first or last:
        written, at = joined([first, last], " to "), f"{step}/{'FROM_YEAR' if first else 'TO_YEAR'}"
        add(entity, "birthDate", written, record=record, at=at, quality=kind)
        found = True
    if not found and len(note) < 100 and any(reading.value for reading in read_dates(note)):
        add(entity, "birthDate", note, record=record, at=f"{step}/NOTE", quality=kind)
    else:
        entity.add("notes", note, record=record, at=f"{step}/NOTE")


def _add_document(entity: Entity, document: Element, record: str, step: str) -> None:
    """The number for matching; and the document in one line, as text, with its type, country, date and note."""
    kind = joined([document.text("TYPE_OF_DOCUMENT"), document.text("TYPE_OF_DOCUMENT2")], " ")
    number = document.text("NUMBER")
    prop = "passportNumber" if _PASSPORT.search(kind) else "idNumber"
    add_number(entity, prop, number, record=record, at=f"{step}/NUMBER")
    parts = [document.text(tag) for tag in _DOCUMENT]
    if sum(bool(part) for part in parts) > 1 or not number:
        entity.add("identification", joined(parts), record=record, at=step)


def info(path: Path | str) -> ListInfo:
    """Labelled with the list's own `dateGenerated`."""
    return ListInfo(root_attributes(path, _ROOT).get("dateGenerated", "").strip())


def sniff(head: bytes, path: Path) -> bool:
    """XML whose outermost element is CONSOLIDATED_LIST."""
    return head.removeprefix(BOM).lstrip()[:1] == b"<" and b"<CONSOLIDATED_LIST" in head


FORMAT = Format("un_xml", "UN Security Council Consolidated List (XML)", (".xml",), sniff, read, info, closed=True)
