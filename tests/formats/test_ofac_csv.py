"""The OFAC list: entries, remarks, and the files beside it."""

from pathlib import Path

import pytest

from baham.formats import BadInput, by_name
from baham.formats.ofac_remarks import parse
from tests.formats.conftest import ADD, ALT, SDN, read, said


@pytest.fixture
def together(tmp_path: Path) -> Path:
    for kind, content in (("sdn", SDN), ("alt", ALT), ("add", ADD)):
        (tmp_path / f"{kind}_2031.csv").write_text(content)
    return tmp_path / "sdn_2031.csv"


def test_kinds_of_entries(together):
    found = read("ofac_csv", together)
    assert [(entity.id, entity.schema) for entity in found] == [
        ("ofac-36", "Person"),
        ("ofac-40", "Organization"),
        ("ofac-52", "Vessel"),
        ("ofac-60", "Airplane"),
    ]


def test_an_unknown_kind_may_be_a_person(given):
    assert read("ofac_csv", given(SDN.replace("vessel", "submarine")))[2].schema == "LegalEntity"


def test_remarks_are_read_and_kept(together):
    person, guild, ship, plane = read("ofac_csv", together)
    assert [(one.value, one.flags) for one in said(person, "birthDate")] == [
        ("1968-12-10", ()),
        ("1970", ("approximate",)),
    ]
    assert person.values("program") == ["TESTA", "TESTB"]
    assert said(person, "program")[0].original_value == "TESTA] [TESTB"
    assert person.values("birthPlace") == ["Ost, Quell"]
    assert person.values("nationality") == ["Quell"]
    assert person.values("citizenship") == ["Testland"]
    assert person.values("gender") == ["Male"]
    assert person.values("position") == ["Keeper of keys"]
    (passport,) = said(person, "passportNumber")
    assert passport.value == "QX1234567"
    assert passport.original_value == "Passport QX1234567 (Quell) issued 01 Jan 2020 expires 01 Jan 2030"
    assert person.values("idNumber") == ["55-66-77"]
    assert person.values("email") == ["bel@ost.example"]
    assert person.values("publicKey") == ["1AAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
    (weak,) = said(person, "weakAlias")
    assert (weak.value, weak.quality, str(weak.place)) == ("BEL THE BOAT", "weak", "36, Remarks")
    assert "Linked To: LANTERN GUILD; something else 5." in person.values("notes")[0]
    assert guild.values("registrationNumber") == ["4455"]
    assert guild.values("swiftBic") == ["OSTAQUXX"]
    assert guild.values("incorporationDate") == ["2016-12-17"]
    assert ship.values("imoNumber") == ["9900001"]
    assert (ship.values("mmsi"), ship.values("callSign"), ship.values("flag")) == (["999000111"], ["OXQ55"], ["Quell"])
    assert (plane.values("serialNumber"), plane.values("registrationNumber")) == (["4711"], ["OX-ABC"])


def test_aliases_and_addresses_come_from_the_files_beside(together):
    person, guild, _, plane = read("ofac_csv", together)
    (alias,) = said(person, "alias")
    assert (alias.value, alias.quality, str(alias.place)) == ("OSTRANT, Belmoor", "aka", "36, alt 1/alt_name")
    assert guild.values("previousName") == ["CANDLE GUILD"]
    assert guild.values("alias") == ["LANTERN UNION"]
    # The marks of a name in the alias file are the name's own; weak aliases stand in the remarks.
    assert plane.values("alias") == ["'BLUE JAY'"]
    assert plane.values("weakAlias") == []
    assert person.values("address") == ["1 Lock Lane, Ost, Quell"]
    assert person.values("country") == ["Quell", "Testland"]
    names = [file.name for file in by_name("ofac_csv").info(together).companions]
    assert names == ["alt_2031.csv", "add_2031.csv"]


def test_files_that_are_not_sorted_give_the_same(together):
    sorted_ids = {entity.id: set(entity.statements) for entity in read("ofac_csv", together)}
    for name in ("sdn_2031.csv", "alt_2031.csv"):
        path = together.with_name(name)
        path.write_text("\n".join(reversed(path.read_text().replace("\x1a\n", "").splitlines())) + "\n")
    assert {entity.id: set(entity.statements) for entity in read("ofac_csv", together)} == sorted_ids


@pytest.mark.parametrize("entry", ["35", "50", "99"])
@pytest.mark.parametrize("unsorted", [False, True])
def test_an_alias_of_nobody_is_refused(together, entry, unsorted):
    lines = sorted([*ALT.splitlines()[:-1], f'{entry},9,"aka","STRAY",-0-'], reverse=unsorted)
    path = together.with_name("alt_2031.csv")
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(BadInput) as caught:
        read("ofac_csv", together)
    assert (caught.value.file, caught.value.field) == (path, "ent_num")
    assert lines[caught.value.line - 1].startswith(entry)


def test_upper_case_names_have_upper_case_companions(tmp_path):
    (tmp_path / "SDN.CSV").write_text(SDN)
    (tmp_path / "ALT.CSV").write_text(ALT)
    assert read("ofac_csv", tmp_path / "SDN.CSV")[0].values("alias") == ["OSTRANT, Belmoor"]


@pytest.mark.parametrize(
    ("remark", "said"),
    [
        ("POB Ost; DOB 1968 to 1970.", [("birthPlace", "Ost"), ("birthDate", "1968 to 1970")]),
        ("f.k.a. 'OLD OST'", [("previousName", "OLD OST")]),
        ("a.k.a., 'OLD OST'", [("weakAlias", "OLD OST")]),
        ("alt. Tax ID No. 12-3 (Quell)", [("taxNumber", "12-3")]),
        ("Passport (Quell)", []),
        ("Passportless", []),
        ("Vessel Registration Identification 2", [("imoNumber", "2")]),
        ("DOB " + "1 " * 500_000, []),
    ],
)
def test_parts_of_remarks(remark, said):
    assert [(one.prop, one.value) for one in parse(remark)] == said
