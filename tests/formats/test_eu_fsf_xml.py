"""The Commission's own export: every value stands in an attribute, and keeps the place where it stood."""

import pytest

from baham.formats import BadInput, by_name, detect
from tests.formats.conftest import FSF, said

FORMAT = by_name("eu_fsf_xml")


def test_a_person_and_a_firm(given):
    path = given(FSF, "fsf.xml")
    assert detect(path) is FORMAT
    assert FORMAT.info(path).label == "2031-02-03T04:05:06.000+02:00"
    person, firm = FORMAT.read(path, "eu")
    assert (person.id, person.schema, firm.id, firm.schema) == ("eu-9001", "Person", "eu-9002", "LegalEntity")
    assert person.values("name") == ["Zartok Velmur"]
    assert person.values("alias") == ["زرتوک ولمور"]
    weak = said(person, "weakAlias")[0]
    assert (weak.value, weak.quality, weak.place.record, weak.place.field) == (
        "The Ferryman",
        "weak",
        "EU.9001.1",
        "nameAlias[3]/@wholeName",
    )
    births = {statement.value: statement.flags for statement in said(person, "birthDate")}
    assert births == {"1968": ("approximate",), "1970-04-28": (), "1966/1969": ("interval",)}
    assert person.values("passportNumber") == ["QX778899"]
    assert "knownExpired" in person.values("identification")[0]
    assert person.values("nationality") == ["QUELL"]
    assert person.values("birthCountry") == ["QUELL"]
    assert person.values("unscId") == ["TLi.001"]
    assert person.values("address") == ["1 Lock Lane, Ost, QUELL"]
    assert firm.values("name") == ["Lantern Guild"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('logicalId="9002"', 'logicalId="9001"', "twice"),
        ('logicalId="9002"', 'logicalId="x"', "number"),
        ("</export>", "", "well-formed"),
        ("<export", "<!DOCTYPE x><export", "refused"),
    ],
)
def test_refusals(given, old, new, problem):
    with pytest.raises(BadInput, match=problem):
        list(FORMAT.read(given(FSF.replace(old, new), "fsf.xml"), "eu"))


def test_a_list_of_nobody_is_refused(given):
    empty = '<export xmlns="http://eu.europa.ec/fpi/fsd/export"></export>'
    with pytest.raises(BadInput, match="holds no"):
        list(FORMAT.read(given(empty, "fsf.xml"), "eu"))
