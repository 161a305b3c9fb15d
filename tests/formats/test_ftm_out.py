"""FollowTheMoney files: its own tools accept them, and `statements.csv` comes back as it was."""

import io
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from baham.formats import BadInput, ftm_model, ftm_out, ftm_statements
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
    from followthemoney import model

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
        "member": ["p-1"], "organization": ["o-1"], "startDate": ["2029-05-01"], "endDate": ["2030-05-01"],
    }  # fmt: skip
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
    items = [claim("Person", "x", "name", "Orvane"), claim("Company", "x", "name", "Orvane Trading"),
             claim("Person", "x", "birthDate", "1970"), claim("Person", "y", "unheardOf", "z"),
             claim("Robot", "r", "name", "R")]  # fmt: skip
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
    for item in WORLD:
        assert {name: theirs[item.id][name] for name in COLUMNS} == item.statement.as_row()


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
    assert {item.id for item in read_back} == {item.id for item in WORLD}
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
