"""What the field's own tools say of what Baham writes: OASIS's validator, strict and with every check, and OASIS's library."""

import json
import random
import warnings
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from baham.formats import stix
from baham.kernel.basis import Stance, StanceKind
from baham.kernel.handling import PAP, TLP, Handling
from tests.formats.made_claims import WORLD, as_json, many_claims

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import stix2
    from stix2validator import ValidationOptions, validate_instance

US = stix.Producer("north-desk", "North Desk")
OPTIONS = {"version": "2.1", "strict": True}
FEW = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def judged(bundle):
    result = validate_instance(bundle, ValidationOptions(**OPTIONS))
    assert result.is_valid, [str(error) for error in result.errors]
    parsed = stix2.parse(bundle, allow_custom=False)
    assert len(parsed.objects) == len(bundle["objects"])
    return parsed


def test_a_world_is_valid_and_parsed():
    parsed = judged(as_json(stix.bundle(stix.objects(WORLD, producer=US))))
    person = next(one for one in parsed.objects if one.get("name") == "Belmur Ostrand")
    assert isinstance(person, stix2.v21.Identity)
    # What comes out of their library again is still what we sent.
    again = json.loads(parsed.serialize())
    assert set(stix.claims(again["objects"], dataset="back")) == set(WORLD)


def lacking(objects):
    """What objects use of others and do not bring: the definitions of extensions and markings, and who made them."""
    there = {one["id"] for one in objects}
    used = set()
    for one in objects:
        used |= {key for key in one.get("extensions", {}) if key.startswith("extension-definition--")}
        used |= {one["created_by_ref"]} if "created_by_ref" in one else set()
        used |= {
            *one.get("object_marking_refs", []),
            *(part["marking_ref"] for part in one.get("granular_markings", [])),
        }
    return used - there


@FEW
@given(many_claims)
def test_nothing_that_is_used_is_lacking(items):
    assert lacking(as_json(list(stix.objects(items, producer=US)))) == set()
    for item in items:
        assert lacking(as_json(stix.shared(item.handling, US))) == set()


def test_an_opinion_brings_all_that_it_refers_to_and_tlp_2_is_defined():
    stance = Stance(StanceKind.SUPPORTS, "south-desk", "so", datetime(2032, 1, 1, tzinfo=UTC))
    said = as_json(list(stix.opinion(stance, WORLD[0].id, "identity--x", Handling(TLP.RED, PAP.RED), US)))
    assert lacking(said) == set()
    assert sum(one["type"] == "extension-definition" for one in said) == 2


@FEW
@given(many_claims)
def test_whatever_is_written_is_valid(items):
    judged(as_json(stix.bundle(stix.objects(items, producer=US))))


def recalls_and_opinions():
    at = datetime(2032, 1, 1, tzinfo=UTC)
    sent = [
        one
        for one in stix.objects(WORLD, producer=US)
        if "statements" in one.get("extensions", {}).get(stix.EXTENSION, {})
    ]
    stance = Stance(StanceKind.CONTRADICTS, "south-desk", "otherwise", at)
    said = stix.opinion(stance, WORLD[0].id, sent[0]["id"], Handling(TLP.RED, PAP.RED), US)
    return as_json([*(stix.revocation(one, at) for one in sent), *said])


def test_recalls_and_opinions_are_valid():
    judged(as_json(stix.bundle(recalls_and_opinions())))


def fit(schema, objects):
    """How many of the objects have our extension; each is held against the schema that is published."""
    found = [one["extensions"][stix.EXTENSION] for one in objects if stix.EXTENSION in one.get("extensions", {})]
    for one in found:
        schema.validate(one)
    return len(found)


@pytest.fixture(scope="module")
def schema():
    import jsonschema

    path = Path(__file__).parents[2] / "docs" / "stix-extension.schema.json"
    content = json.loads(path.read_text())
    assert content["title"] == stix.EXTENSION
    return jsonschema.Draft202012Validator(content)


@FEW
@given(items=many_claims)
def test_all_that_is_written_fits_the_published_schema(items, schema):
    assert fit(schema, as_json(list(stix.objects(items, producer=US)))) >= 2


def test_recalls_and_opinions_fit_it_and_a_recall_that_talks_does_not(schema):
    written = recalls_and_opinions()
    # All but what defines something: the extensions and the labels of TLP.
    assert fit(schema, written) == sum(not one["type"].endswith("-definition") for one in written) + sum(
        stix.EXTENSION in one.get("extensions", {}) for one in written if one["type"] == "marking-definition"
    )
    written[0]["extensions"][stix.EXTENSION]["statements"] = []
    assert not schema.is_valid(written[0]["extensions"][stix.EXTENSION])


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("identity", "created", "yesterday"),
        ("identity", "id", "identity--66d77471-fe41-511d-8156-ef6cd07e18c9"),
        ("relationship", "relationship_type", "family-of"),
        ("location", "region", "unknown"),
    ],
)
def test_the_validator_would_have_found_something(kind, field, value):
    bundle = as_json(stix.bundle(stix.objects(WORLD, producer=US)))
    chosen = random.Random(3).choice([one for one in bundle["objects"] if one["type"] == kind])
    chosen[field] = value
    assert not validate_instance(bundle, ValidationOptions(**OPTIONS)).is_valid


def test_their_store_answers_about_ours():
    bundle = as_json(stix.bundle(stix.objects(WORLD, producer=US)))
    store = stix2.MemoryStore(stix_data=bundle, allow_custom=False)
    person = next(one for one in bundle["objects"] if one.get("name") == "Belmur Ostrand")
    ties = store.relationships(person["id"], source_only=True)
    assert {tie["relationship_type"] for tie in ties} == {"related-to"}
    exact = {tie["extensions"][stix.EXTENSION]["relationship_type"] for tie in ties}
    assert exact == {"family-of", "member-of", "owns"}
    assert [one["name"] for one in store.query([stix2.Filter("labels", "=", "vessel")])] == ["MV Ostern Light"]


def test_theirs_is_read_by_us():
    moth = stix2.v21.IntrusionSet(
        name="Lantern Moth", aliases=["Night Moth"], object_marking_refs=[stix2.v21.TLP_GREEN]
    )
    person = stix2.v21.Identity(name="Belmur Ostrand", identity_class="individual")
    tie = stix2.v21.Relationship(moth, "attributed-to", person)
    bundle = json.loads(stix2.v21.Bundle(moth, person, tie).serialize())
    read = list(stix.claims(bundle["objects"], dataset="theirs"))
    assert {(claim.statement.schema, claim.statement.prop, claim.statement.value) for claim in read} >= {
        ("Organization", "name", "Lantern Moth"),
        ("Organization", "alias", "Night Moth"),
        ("Person", "name", "Belmur Ostrand"),
        ("UnknownLink", "subject", moth.id),
        ("UnknownLink", "object", person.id),
        ("UnknownLink", "role", "attributed-to"),
    }
    assert {claim.handling.tlp.name for claim in read if claim.statement.entity_id == moth.id} == {"GREEN"}
