"""What MISP's own tools say of what Baham writes: its library, its validation, its feed helper, its STIX converter."""

import json
import subprocess
import sys
import warnings

import pytest
from hypothesis import HealthCheck, given, settings

from baham.formats import misp, stix
from baham.formats.misp import templates
from tests.formats.made_claims import WORLD, as_json, many_claims

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pymisp
    from pymisp.tools import feed_meta_generator
    from pymisp.tools.attributevalidationtool import validate_event

US = stix.Producer("north-desk", "North Desk")
FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    # PyMISP opens the files of its own templates and leaves closing them to chance.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def written(items):
    return as_json(misp.event(items, producer=US, key="release-7", info="Release 7"))


def loaded(path, event):
    path.write_text(json.dumps(event), encoding="utf-8")
    theirs = pymisp.MISPEvent()
    theirs.load_file(str(path))
    return theirs


def test_their_library_loads_it_and_gives_it_back(tmp_path):
    event = written(WORLD)
    theirs = loaded(tmp_path / "event.json", event)
    assert len(theirs.objects) == len(event["Event"]["Object"])
    again = json.loads(theirs.to_json())
    assert set(misp.claims(again, dataset="back")) == set(WORLD)
    assert set(misp.claims(theirs.to_feed(), dataset="back")) == set(WORLD)
    person = next(one for one in theirs.objects if one.name == "person")
    assert [one.value for one in person.get_attributes_by_relation("date-of-birth")] == ["1970"]


def test_templates_types_and_categories_are_theirs():
    described = pymisp.MISPEvent().describe_types
    allowed = described["category_type_mappings"]
    for schema, template in templates.TEMPLATES.items():
        theirs = pymisp.MISPObject(template.name)
        definition = json.loads((theirs.misp_objects_path / template.name / "definition.json").read_text())
        assert (definition["uuid"], str(definition["version"])) == (template.uuid, template.version), schema
        assert definition["meta-category"] == template.category, schema
        for prop, (relation, kind) in template.relations.items():
            assert relation in definition["attributes"], (schema, prop)
            assert kind in allowed[templates.CATEGORIES.get(kind, "Person")], kind
        assert not template.rest or template.rest in definition["attributes"]


@FEW
@given(items=many_claims)
def test_whatever_is_written_is_what_a_server_would_take(items, tmp_path):
    errors = {}
    validate_event(loaded(tmp_path / "event.json", written(items)), errors)
    assert not errors


def test_their_validation_would_have_found_something(tmp_path):
    event = written(WORLD)
    event["Event"]["Object"][0]["Attribute"][0] |= {
        "type": "ip-src",
        "category": "Network activity",
        "value": "nowhere",
    }
    errors = {}
    validate_event(loaded(tmp_path / "event.json", event), errors)
    assert errors


def test_their_feed_helper_makes_the_same_manifest_and_hashes(tmp_path):
    other = as_json(misp.event(WORLD[:3], producer=US, key="other", info="Other"))
    misp.feed.write(tmp_path, [written(WORLD), other])
    ours = json.loads((tmp_path / "manifest.json").read_text()), sorted((tmp_path / "hashes.csv").read_text().split())
    feed_meta_generator(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert sorted((tmp_path / "hashes.csv").read_text().split()) == ours[1]
    assert manifest.keys() == ours[0].keys()
    for name, entry in manifest.items():
        for field in ("info", "date", "Orgc"):
            assert entry[field] == ours[0][name][field]
        assert {tag["name"] for tag in entry["Tag"]} == {tag["name"] for tag in ours[0][name]["Tag"]}
        assert str(entry["timestamp"]) == ours[0][name]["timestamp"]


# In a process of its own: importing it puts an old finder of modules (mixbox.vendor.six) in everybody's way.
CONVERTER = """
import json, sys
from misp_stix_converter import ExternalSTIX2toMISPParser, MISPtoSTIX21Parser
given = json.load(sys.stdin)
if "Event" in given:
    parser = MISPtoSTIX21Parser()
    parser.parse_misp_event(given)
    made = json.loads(parser.bundle.serialize())
else:
    import stix2
    parser = ExternalSTIX2toMISPParser()
    parser.load_stix_bundle(stix2.parse(given, allow_custom=False))
    parser.parse_stix_bundle()
    made = json.loads(parser.misp_event.to_json())
json.dump([made, [error for errors in parser.errors.values() for error in errors]], sys.stdout)
"""


def converted(given):
    """What their converter makes of an event or a bundle, and what it complains of."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CONVERTER],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_through_their_converter_to_stix_people_are_still_people():
    bundle, complaints = converted(written(WORLD))
    # Their converter takes no place without a country's code.
    assert len(complaints) == 1
    assert "geolocation" in complaints[0]
    people = [
        one for one in bundle["objects"] if one["type"] == "identity" and one.get("identity_class") == "individual"
    ]
    assert {one["name"] for one in people} >= {"Belmur Ostrand", "Livra Ostrand"}
    assert "Belmur Ostrand" in {claim.statement.value for claim in stix.claims(bundle["objects"], dataset="theirs")}


def test_our_stix_through_their_converter_is_a_misp_event():
    event, complaints = converted(as_json(stix.bundle(stix.objects(WORLD, producer=US))))
    # Their converter knows neither incidents nor notes; nothing else is lost.
    assert all(complaint.endswith((": incident", ": note")) for complaint in complaints)
    text = json.dumps(event, ensure_ascii=False)
    for name in ("Belmur Ostrand", "Lantern Guild", "1 Lock Lane, Ost"):
        assert name in text
    assert {claim.statement.value for claim in misp.claims(event, dataset="theirs")} >= {"Belmur Ostrand"}
