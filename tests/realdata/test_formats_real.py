"""The published lists, read in place: how many, and that no name is lost. Nothing of their content is written here."""

import csv
import json
import os
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

import pytest

from baham.formats import by_name, detect, ftm_out
from baham.kernel.claim import Claim
from baham.kernel.entity import Entity

LISTS = Path(os.environ.get("BAHAM_REALDATA") or Path(__file__).parents[2].parent / "shared" / "data") / "lists"
UN = LISTS / "un_consolidated_2026-02-27.xml"
EU_ISIL, EU_AFGHANISTAN = LISTS / "eu_32002R0881_isil_alqaida.csv", LISTS / "eu_32011R0753_afghanistan.csv"
SDN, ALT = LISTS / "ofac_sdn_2021-07-07.csv", LISTS / "ofac_alt_2021-07-07.csv"

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not LISTS.is_dir(), reason=f"the public lists are not at {LISTS} (set BAHAM_REALDATA)"),
]


def read(path: Path, name: str) -> list[Entity]:
    assert detect(path).name == name
    found = list(by_name(name).read(path, "real"))
    assert len({entity.id for entity in found}) == len(found)
    assert all(statement.place.record and statement.place.field for entity in found for statement in entity)
    return found


def values_of(entity: Entity) -> set[str]:
    return {statement.value for statement in entity}


def test_un():
    found = read(UN, "un_xml")
    assert Counter(entity.schema for entity in found) == {"Person": 730, "Organization": 273}
    assert by_name("un_xml").info(UN).label.startswith("2026-02-27")
    by_id = {entity.id: values_of(entity) for entity in found}
    names = 0
    # The file was checked by the reader just now, so the plain parser may be used on it.
    for record in ElementTree.parse(UN).iter():
        if record.tag in ("INDIVIDUAL", "ENTITY"):
            values = by_id[f"un-{record.findtext('DATAID')}"]
            for tag in ("ALIAS_NAME", "NAME_ORIGINAL_SCRIPT"):
                texts = {(element.text or "").strip() for element in record.iter(tag)} - {""}
                assert texts <= values
                names += len(texts)
    assert names > 3000
    dates = [statement for entity in found for statement in entity if statement.prop == "birthDate"]
    assert len(dates) > 850
    assert not any("unread" in statement.flags for statement in dates)


@pytest.mark.parametrize(("path", "rows", "persons"), [(EU_ISIL, 350, 262), (EU_AFGHANISTAN, 140, 135)])
def test_eu(path, rows, persons):
    found = read(path, "eu_csv")
    assert len(found) == rows
    assert sum(entity.schema == "Person" for entity in found) == persons
    assert sum(entity.left_out for entity in found) == 1
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for entity, row in zip(found, csv.DictReader(stream), strict=True):
            values = values_of(entity)
            assert row["name"].strip() in values
            for column in ("alias", "weakAlias", "previousName"):
                assert {part.strip() for part in row[column].split(";") if '"' not in row[column]} - {""} <= values
    unread = [one for entity in found for one in entity if one.prop == "birthDate" and "unread" in one.flags]
    assert len(unread) <= 2


def test_ofac():
    found = read(SDN, "ofac_csv")
    assert len(found) == 8976
    assert Counter(entity.schema for entity in found) == {
        "Person": 4620,
        "Organization": 3673,
        "Vessel": 406,
        "Airplane": 277,
    }
    assert by_name("ofac_csv").info(SDN).companions == (ALT,)
    by_id = {entity.id: values_of(entity) for entity in found}
    with ALT.open(encoding="utf-8", newline="") as stream:
        aliases = [row for row in csv.reader(stream) if len(row) == 5]
    assert len(aliases) == 11_910
    assert all(row[3].strip() in by_id[f"ofac-{row[0]}"] for row in aliases)
    births = [one for entity in found for one in entity if one.prop == "birthDate"]
    assert not any("unread" in one.flags for one in births)


@pytest.mark.parametrize(
    ("path", "name"), [(UN, "un_xml"), (SDN, "ofac_csv"), (EU_ISIL, "eu_csv"), (EU_AFGHANISTAN, "eu_csv")]
)
def test_followthemoney_takes_every_value_and_every_listing_is_there(path, name):
    from followthemoney import model

    found = list(by_name(name).read(path, "real"))
    left_out: Counter[str] = Counter()
    listed = set()
    values = failing = 0
    for line in ftm_out.entities((Claim(statement) for entity in found for statement in entity), left_out):
        one = json.loads(line)
        schema = model.get(one["schema"])
        for prop, given in one["properties"].items():
            values += len(given)
            failing += sum(schema.properties[prop].validate([value]) is not None for value in given)
        if one["schema"] == "Sanction":
            listed.update(one["properties"]["entity"])
    assert (failing, left_out) == (0, {})
    assert values > 10 * len(found)
    assert listed == {entity.id for entity in found}
