"""FollowTheMoney files: its own tools accept them, and `statements.csv` comes back as it was."""

import io
import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from followthemoney import model
from followthemoney.types import registry
from hypothesis import HealthCheck, given, settings

from baham.formats import BadInput, ftm_model, ftm_out, ftm_statements, ftm_values
from baham.kernel.claim import Claim
from baham.kernel.handling import OPEN, UNKNOWN
from baham.kernel.schema import LEFT_OUT, SCHEMATA
from baham.kernel.statement import COLUMNS, Place
from tests.formats.conftest import STATEMENTS, read, said
from tests.formats.made_claims import WORLD, counted, many_claims
from tests.formats.made_claims import said as claim

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
FTM = Path(sys.executable).parent / "ftm"

needs_ftm = pytest.mark.skipif(not FTM.exists(), reason="needs followthemoney's own command, ftm")


def ftm(*words, given=""):
    """Run their command; what it says, line by line. Any complaint of it fails."""
    done = subprocess.run([FTM, *words], input=given, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    assert "rror" not in done.stderr, done.stderr
    return done.stdout.splitlines()


def known(items):
    """What FollowTheMoney's model has a place for."""
    return [
        item
        for item in items
        if item.statement.prop
        in ftm_model.properties(
            ftm_model.schema_of(
                other.statement.schema
                for other in items
                if (other.statement.canonical_id or other.statement.entity_id)
                == (item.statement.canonical_id or item.statement.entity_id)
            )
        )
    ]


def test_the_model_is_theirs():
    for name in ftm_model._MODEL:
        theirs = model.get(name)
        assert theirs is not None
        own = {prop.name for prop in theirs.properties.values() if not prop.stub}
        assert ftm_model.properties(name) == own - LEFT_OUT
        assert ftm_model.ancestors(name) == {schema.name for schema in theirs.schemata}
    assert SCHEMATA.keys() <= ftm_model._MODEL.keys()
    assert not ftm_model.properties("Robot")


def test_one_schema_for_what_several_sources_say():
    assert ftm_model.schema_of(["LegalEntity", "Company", "Asset"]) == "Company"
    assert ftm_model.schema_of(["Person", "Company"]) == "LegalEntity"
    assert ftm_model.schema_of(["Person", "Vessel"]) == "Thing"
    assert ftm_model.schema_of(["Robot"]) == "Robot"
    assert ftm_model.schema_of(["Robot", "Person"]) == "Thing"


@needs_ftm
def test_their_tools_accept_entities(tmp_path):
    path = tmp_path / "entities.ftm.json"
    path.write_text("".join(ftm_out.entities(WORLD)), encoding="utf-8")
    valid = {entity["id"]: entity for entity in map(json.loads, ftm("validate", "-i", str(path)))}
    assert set(valid) == {item.statement.entity_id for item in WORLD}
    assert valid["p-1"]["properties"]["alias"] == ["بلمور اوسترند"]
    assert valid["m-1"]["properties"] == {
        "member": ["p-1"],
        "organization": ["o-1"],
        "startDate": ["2029-05-01"],
        "endDate": ["2030-05-01"],
    }
    assert len(ftm("statements", str(path))) > len(WORLD)


@needs_ftm
def test_their_tools_accept_statements(tmp_path):
    for extended in (False, True):
        path = tmp_path / "statements.csv"
        path.write_text("".join(ftm_out.statements(WORLD, extended=extended)), encoding="utf-8", newline="")
        rolled = {entity["id"]: entity for entity in map(json.loads, ftm("aggregate-statements", "-i", str(path)))}
        assert set(rolled) == {item.statement.entity_id for item in WORLD}
        assert rolled["p-1"]["properties"]["birthDate"] == ["1970"]
        assert rolled["p-1"]["datasets"] == ["tl-one"]


@needs_ftm
def test_contradicting_schemata_and_unknown_properties_do_not_stop_them(tmp_path):
    items = [
        claim("Person", "x", "name", "Orvane"),
        claim("Company", "x", "name", "Orvane Trading"),
        claim("Person", "x", "birthDate", "1970"),
        claim("Person", "y", "unheardOf", "z"),
        claim("Robot", "r", "name", "R"),
    ]
    counts = Counter()
    path = tmp_path / "statements.csv"
    path.write_text("".join(ftm_out.statements(items, left_out=counts)), encoding="utf-8", newline="")
    (rolled,) = map(json.loads, ftm("aggregate-statements", "-i", str(path)))
    assert (rolled["schema"], sorted(rolled["properties"]["name"])) == ("LegalEntity", ["Orvane", "Orvane Trading"])
    assert counts == {"LegalEntity:birthDate": 1, "Person:unheardOf": 1, "Robot:name": 1}
    path.write_text("".join(ftm_out.entities(items)), encoding="utf-8")
    assert len(ftm("validate", "-i", str(path))) == 1


def test_their_library_reads_each_row_as_we_wrote_it():
    from followthemoney.statement import read_statements

    rows = io.BytesIO("".join(ftm_out.statements(WORLD)).encode())
    theirs = {row.id: row.to_dict() for row in read_statements(rows, "csv")}
    same = [item for item in WORLD if item.id in theirs]
    assert len(same) == len(WORLD) - 1, "all but the Testland"
    for item in same:
        assert {name: theirs[item.id][name] for name in COLUMNS} == item.statement.as_row()


def written(items):
    """The entities as they go out, by id; each is held against FollowTheMoney's own model."""
    made = {one["id"]: one for one in map(json.loads, ftm_out.entities(items))}
    for one in made.values():
        model.get(one["schema"]).validate(one)
    return made


def test_types_and_longest_values_are_theirs():
    for name in ftm_model._MODEL:
        for prop in model.get(name).properties.values():
            if not prop.stub:
                kind = ftm_values.TYPES.get(prop.name, "string")
                assert (kind, ftm_values.LONGEST[kind]) == (prop.type.name, prop.type.max_length), prop.name
    assert registry.topic.codes == ftm_values.TOPICS
    assert set(registry.language.LANGUAGES) == ftm_values.LANGUAGES


@pytest.mark.parametrize(
    ("prop", "value", "flags", "goes", "note"),
    [
        ("nationality", "Pakistan", (), ["pk"], []),
        ("nationality", "Afghan", (), ["af"], []),
        ("nationality", "Korea, North", (), ["kp"], []),
        ("nationality", "(a) Tunisian, (b) Libyan", (), ["tn", "ly"], []),
        ("nationality", "Pakistan, Testland", (), ["pk"], ["nationality: Pakistan, Testland"]),
        ("nationality", "Testland", (), [], ["nationality: Testland"]),
        ("country", "unknown", (), [], ["country: unknown"]),
        ("birthDate", "1970-02", (), ["1970-02"], []),
        ("birthDate", "1970-02-30", (), [], ["birthDate: 1970-02-30"]),
        ("birthDate", "1968/1970", ("interval",), [], ["birthDate: 1968/1970"]),
        ("birthDate", "1970", ("before",), [], ["birthDate: 1970 (before)"]),
        ("birthDate", "1970-05", ("approximate",), ["1970"], ["birthDate: 1970-05 (approximate)"]),
        ("birthDate", "in his youth", ("unread",), [], ["birthDate: in his youth"]),
        ("gender", "M", (), ["male"], []),
        ("gender", "unknown", (), [], ["gender: unknown"]),
        ("phone", "No. 03669916", (), [], ["phone: No. 03669916"]),
        ("email", "none at all", (), [], ["email: none at all"]),
        ("website", "see the board", (), [], ["website: see the board"]),
        ("topics", "villain", (), [], ["topics: villain"]),
        ("idNumber", "7" * 65, (), [], ["idNumber: " + "7" * 65]),
    ],
)
def test_a_value_is_of_its_type_or_a_note(prop, value, flags, goes, note):
    one = written([claim("Person", "x", "name", "Orvane"), claim("Person", "x", prop, value, flags=flags)])["x"]
    assert one["properties"].get(prop, []) == goes
    assert one["properties"].get("notes", []) == note


LISTED = [
    claim("Person", "x-1", "name", "Orvane"),
    claim("Person", "x-1", "program", "NARROWS"),
    claim("Person", "x-1", "listingDate", "2029-03-04"),
    claim("Person", "x-1", "endDate", "2031"),
    claim("Person", "x-1", "authority", "Council of the Narrows"),
    claim("Person", "x-1", "authorityId", "N-17"),
    claim("Person", "x-1", "reason", "Smuggling"),
    claim("Person", "x-1", "legalBasis", "Decision 9/2029"),
    claim("Person", "x-1", "reviewDate", "2030-03-04"),
    claim("Person", "x-1", "identification", "Pass, N 12, issued 2001"),
    claim("Person", "x-1", "publicKey", "wallet1key"),
    claim("Person", "x-2", "name", "Nobody Listed"),
]


def test_a_listing_is_a_sanction_beside_the_person():
    counts = Counter()
    made = written(LISTED)
    assert list(ftm_out.entities(LISTED, counts)) and not counts
    by_schema = Counter(one["schema"] for one in made.values())
    assert by_schema == {"Person": 2, "Sanction": 1, "Identification": 1, "CryptoWallet": 1}
    listing = next(one for one in made.values() if one["schema"] == "Sanction")["properties"]
    assert listing == {
        "entity": ["x-1"],
        "recordId": ["x-1"],
        "program": ["NARROWS"],
        "listingDate": ["2029-03-04"],
        "endDate": ["2031"],
        "authority": ["Council of the Narrows"],
        "authorityId": ["N-17"],
        "reason": ["Smuggling"],
        "description": ["legalBasis: Decision 9/2029", "reviewDate: 2030-03-04"],
    }
    assert all(one["properties"]["holder"] == ["x-1"] for one in made.values() if one["schema"][0] in "IC")


def test_what_the_gate_keeps_is_in_no_sanction_and_each_list_has_its_own():
    kept = [item for item in LISTED if item.statement.prop not in ("reason", "authority")]
    other = Claim(
        replace(LISTED[1].statement, entity_id="y-9", canonical_id="x-1", dataset="tl-two", value="OTHER", id="")
    )
    made = [one["properties"] for one in written([*kept, other]).values() if one["schema"] == "Sanction"]
    assert len(made) == 2
    assert "Smuggling" not in json.dumps(made) and "Council" not in json.dumps(made)
    assert {one["recordId"][0]: one["program"] for one in made} == {"x-1": ["NARROWS"], "y-9": ["OTHER"]}
    assert all(one["entity"] == ["x-1"] for one in made)


def test_ids_with_other_marks_are_ids_that_they_take():
    made = written(
        [
            claim("Person", "list:a_1", "name", "Orvane"),
            claim("Person", "list:a_1", "program", "N"),
            claim("Family", "f", "person", "list:a_1"),
            claim("Family", "f", "relative", "list:a_1"),
        ]
    )
    person = next(one for one in made.values() if one["schema"] == "Person")
    assert person["referents"] == ["list:a_1"]
    pointing = [one["properties"] for one in made.values() if one["schema"] != "Person"]
    assert [one.get("entity", one.get("person")) for one in pointing] == [[person["id"]]] * 2


@QUICK
@given(items=many_claims)
def test_whatever_is_written_is_valid(items):
    written(items)


@needs_ftm
def test_their_tools_roll_up_statements_to_the_same(tmp_path):
    path = tmp_path / "statements.csv"
    path.write_text("".join(ftm_out.statements([*LISTED, *WORLD])), encoding="utf-8", newline="")
    rolled = {one["id"]: one for one in map(json.loads, ftm("aggregate-statements", "-i", str(path)))}
    ours = written([*LISTED, *WORLD])
    assert {key: {p: sorted(v) for p, v in one["properties"].items()} for key, one in rolled.items()} == {
        key: {p: sorted(v) for p, v in one["properties"].items()} for key, one in ours.items()
    }


@QUICK
@given(items=many_claims)
def test_what_was_sent_comes_back_equal(items, tmp_path):
    path = tmp_path / "statements.csv"
    path.write_text("".join(ftm_out.statements(items, extended=True)), encoding="utf-8", newline="")
    assert counted(list(ftm_statements.claims(path))) == counted(known(items))


def test_without_the_column_a_claim_is_closed(tmp_path):
    path = tmp_path / "statements.csv"
    path.write_text("".join(ftm_out.statements(WORLD)), encoding="utf-8", newline="")
    read_back = list(ftm_statements.claims(path))
    assert {item.handling for item in read_back} == {UNKNOWN}
    assert {item.id for item in WORLD} - {item.id for item in read_back} == {
        item.id for item in WORLD if item.statement.value == "Testland"
    }
    assert all(isinstance(item, Claim) and item.grade is None for item in read_back)


@QUICK
@given(many_claims)
def test_the_same_claims_are_the_same_file(items):
    assert list(ftm_out.statements(items)) == list(ftm_out.statements(items[::-1]))
    assert list(ftm_out.entities(items)) == list(ftm_out.entities(items[::-1]))


def test_a_list_of_statements(given):
    one, two = read("ftm_statements", given(STATEMENTS))
    assert (one.id, one.schema, two.id, two.schema) == ("Q-1", "Person", "tl-3", "Vessel")
    assert one.values("name") == ["Belmur Ostrand"]
    # A candidate that nobody has confirmed is no alias.
    assert one.values("alias") == ["بلمور"]
    assert one.left_out == 1
    (alias,) = said(one, "alias")
    assert (alias.lang, alias.origin, alias.place) == ("ur", "tl_two", Place("line 3", "value"))
    (name,) = said(one, "name")
    assert (name.first_seen, name.last_seen) == ("2031-01-01T00:00:00", "2031-02-01T00:00:00")
    assert one.values("birthDate") == ["1970-00-00"]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (("x,tl-3,tl-3,Vessel", "x,tl-3,tl-3,"), "line 8, field schema: is empty"),
        (("Vessel,name", "Vessel,na-me"), "line 8, field prop: is not the name of a property"),
        (("tl_one,,,,t", "tl_one,,,,perhaps"), "line 6, field external: is to be t or f"),
        (("2031-01-01T00:00:00", "soon"), "line 2, field first_seen: is not a time"),
        (("dataset,origin", "datum,origin"), "field dataset: the column is missing"),
    ],
)
def test_what_is_wrong_is_one_line(broken, says, given):
    with pytest.raises(BadInput) as caught:
        read("ftm_statements", given(STATEMENTS.replace(*broken)))
    assert says in str(caught.value)


def test_what_is_marked_is_no_list(given):
    marked = given("".join(ftm_out.statements(WORLD, extended=True)))
    with pytest.raises(BadInput, match="line 2, field baham: is marked, and a list is open"):
        read("ftm_statements", marked)
    free = [Claim(item.statement, OPEN) for item in WORLD]
    assert read("ftm_statements", given("".join(ftm_out.statements(free, extended=True))))


def test_a_broken_claim_is_named(given):
    text = "".join(ftm_out.statements(WORLD[:1], extended=True))
    for old, new, says in (
        ("B2", "Z9", "grade.code"),
        ('{""statement', '""statement', "is not JSON"),
    ):
        with pytest.raises(BadInput, match=says):
            list(ftm_statements.claims(given(text.replace(old, new))))
