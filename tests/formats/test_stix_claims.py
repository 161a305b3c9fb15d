"""Claims to STIX and back: nothing lost, nothing widened, the same objects whatever the order and the day."""

import json
import random
import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baham.formats import BadInput, stix
from baham.formats.marking_words import CLOSED
from baham.formats.stix import markings
from baham.kernel.basis import Stance, StanceKind
from baham.kernel.claim import Claim, Hand
from baham.kernel.grade import Grade, Scheme
from baham.kernel.handling import OPEN, PAP, TLP, UNKNOWN, Handling, meet_all
from baham.kernel.statement import Place
from tests.formats.conftest import STIX
from tests.formats.made_claims import WORLD, as_json, claims, counted, handlings, many_claims, said

US = stix.Producer("north-desk", "North Desk")
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def written(items):
    return as_json(list(stix.objects(items, producer=US)))


def back(objects):
    return list(stix.claims(objects, dataset="received"))


def named(objects, kind, name=None):
    found = [one for one in objects if one["type"] == kind and name in (None, one.get("name"))]
    assert len(found) == 1, [one.get("name") for one in found]
    return found[0]


@QUICK
@given(many_claims)
def test_what_was_sent_comes_back_equal(items):
    assert counted(back(written(items))) == counted(items)


@QUICK
@given(many_claims, st.randoms())
def test_the_same_claims_are_the_same_objects(items, chance):
    other = list(items)
    chance.shuffle(other)
    assert written(items) == written(other)


@QUICK
@given(many_claims)
def test_no_object_is_marked_wider_than_what_is_in_it(items):
    objects = written(items)
    known = {one["id"]: one for one in objects if one["type"] == "marking-definition"}
    for one in objects:
        held = back([*known.values(), one])
        if held and "extensions" in one:
            assert markings.read(one, known) == meet_all([claim.handling for claim in held])
            for granular in one.get("granular_markings", []):
                assert granular["marking_ref"] in one["object_marking_refs"]


def test_every_schema_has_its_object():
    objects = written(WORLD)
    kinds = {}
    for one in objects:
        kinds.setdefault(one["type"], []).append(one)
    person = named(objects, "identity", "Belmur Ostrand")
    assert person["identity_class"] == "individual"
    assert person["roles"] == ["Ferryman"]
    assert person["contact_information"] == "email: bel@ost.example"
    ours = person["extensions"][stix.EXTENSION]
    assert ours["properties"]["birth_date"] == ["1970"]
    assert ours["properties"]["alias"] == ["بلمور اوسترند"]
    assert named(objects, "identity", "MV Ostern Light") | {"identity_class": "unknown", "labels": ["vessel"]} == named(
        objects, "identity", "MV Ostern Light"
    )
    places = {one["name"]: one for one in kinds["location"]}
    assert places["1 Lock Lane, Ost"]["country"] == "PK"
    elsewhere = named(objects, "identity", "2 Lock Lane, Ost")
    assert (elsewhere["identity_class"], elsewhere["labels"]) == ("unknown", ["address"])
    assert elsewhere["description"] == "country: Testland"
    assert "2 Lock Lane, Ost" not in places
    ties = {one["extensions"][stix.EXTENSION]["relationship_type"]: one for one in kinds["relationship"]}
    assert set(ties) == {"family-of", "member-of", "owns", "directs", "uses", "holds"}
    assert {one["relationship_type"] for one in ties.values()} == {"related-to"}
    assert (ties["family-of"]["description"], ties["uses"]["description"]) == ("family of", "uses")
    assert ties["family-of"]["source_ref"] == person["id"]
    assert ties["family-of"]["target_ref"] == named(objects, "identity", "Livra Ostrand")["id"]
    assert (ties["member-of"]["start_time"], ties["member-of"]["stop_time"]) == (
        "2029-05-01T00:00:00.000Z",
        "2030-05-01T00:00:00.000Z",
    )
    assert ties["directs"]["target_ref"] not in {one["id"] for one in objects}
    assert {one["abstract"] for one in kinds["note"]} == {"Passport", "Sanction"}
    assert all(one["object_refs"] == [person["id"]] for one in kinds["note"])
    assert named(objects, "user-account")["user_id"] == "bel70"
    assert named(objects, "incident")["name"] == "Fire at the lock"


@pytest.mark.parametrize(
    ("prop", "value", "kind", "area"),
    [
        ("country", "pk", "location", {"country": "PK"}),
        ("country", "Testland", "identity", {}),
        ("region", "Southern Asia", "location", {"region": "southern-asia"}),
        ("region", "Ost Province", "identity", {}),
        ("city", "Ost", "identity", {}),
    ],
)
def test_an_address_is_a_location_where_a_country_or_region_is_known_and_ties_to_it_lead_there(prop, value, kind, area):
    items = [
        said("Address", "x", "full", "3 Lock Lane"),
        said("Address", "x", prop, value),
        said("Person", "p", "name", "Bel"),
        said("UnknownLink", "u", "subject", "p"),
        said("UnknownLink", "u", "object", "x"),
    ]
    objects = written(items)
    place = named(objects, kind, "3 Lock Lane")
    assert {field: place[field] for field in ("country", "region") if field in place} == area
    assert kind == "location" or f"{prop}: {value}" in place["description"]
    assert named(objects, "relationship")["target_ref"] == place["id"]
    gone = stix.revocation(place, datetime(2032, 1, 1, tzinfo=UTC))
    # What a location must have, and nothing more.
    assert {field: gone[field] for field in ("country", "region", "name", "description") if field in gone} == (
        area or {"name": "(recalled)"}
    )


@pytest.mark.parametrize(
    ("role", "subject", "target", "native"),
    [
        ("located-at", "p-1", "a-1", "located-at"),
        ("located-at", "a-1", "p-1", "related-to"),
        ("located-at", "p-1", "o-1", "related-to"),
        ("duplicate-of", "p-1", "p-2", "duplicate-of"),
        ("duplicate-of", "p-1", "a-1", "related-to"),
        ("owns", "p-1", "v-1", "related-to"),
    ],
)
def test_a_tie_has_the_type_that_stix_suggests_for_its_ends_or_is_related_to(role, subject, target, native):
    parts = (("subject", subject), ("object", target), ("role", role), ("role", "of late"))
    made = written([*WORLD, *(said("UnknownLink", "x-1", prop, value) for prop, value in parts)])
    tie = next(one for one in made if one.get("extensions", {}).get(stix.EXTENSION, {}).get("canonical_id") == "x-1")
    ours = tie["extensions"][stix.EXTENSION]
    assert (tie["relationship_type"], ours["relationship_type"]) == (native, role)
    assert role in tie["description"] and "of late" in tie["description"]


def test_ids_are_version_four_except_those_of_observables_and_stay():
    objects = written(WORLD)
    versions = {one["type"]: uuid.UUID(one["id"].split("--")[1]).version for one in [*objects, stix.bundle(objects)]}
    assert versions.pop("user-account") == 5
    assert set(versions.values()) == {4}
    # Never to change: recipients know objects by them.
    assert named(objects, "identity", "Belmur Ostrand")["id"] == "identity--b70ba7cf-a5b8-4f03-b302-35a245deb773"
    assert named(objects, "user-account")["id"] == "user-account--d59e7a4c-5361-58bd-b9fc-5db145ed720e"


def test_sources_that_call_it_by_several_schemata():
    items = [said("LegalEntity", "x", "name", "Orvane"), said("Company", "x", "name", "Orvane Trading")]
    assert named(written(items), "identity", "Orvane")["labels"] == ["company"]
    items = [said("Person", "x", "name", "Orvane"), said("Company", "x", "name", "Orvane Trading")]
    assert named(written(items), "identity", "Orvane")["identity_class"] == "unknown"


@pytest.mark.parametrize(
    ("grades", "number"),
    [
        (["A1"], 90),
        (["F2"], 70),
        (["B2", "C3"], 50),
        (["B5"], 10),
        (["B6"], None),
        (["B1", "B6"], None),
        (["B1", None], None),
        ([None], None),
    ],
)
def test_confidence_is_the_standards_and_six_has_none(grades, number):
    items = [
        said("Person", "x", "alias", str(at), grade=Grade.parse(code) if code else None)
        for at, code in enumerate(grades)
    ]
    assert named(written(items), "identity", "0").get("confidence") == number


def test_a_grade_of_europol_is_never_turned_into_a_number():
    items = [said("Person", "x", "name", "Bel", grade=Grade.parse("A1", Scheme.EUROPOL))]
    assert "confidence" not in named(written(items), "identity", "Bel")


def test_times_are_those_of_the_claims():
    items = [
        said(
            "Person", "x", "name", "Bel", grade=Grade(Scheme.ADMIRALTY, "A", "1", at=datetime(2033, 1, 1, tzinfo=UTC))
        ),
        said("Person", "y", "name", "Mur", first_seen=None, last_seen=None),
        said("Person", "z", "name", "Ost", chain=(Hand("north", at="2034-01-01T00:00:00Z"),)),
    ]
    objects = written(items)
    seen = {one["name"]: (one["created"], one["modified"]) for one in objects if one["type"] == "identity"}
    assert seen["Bel"] == ("2031-01-02T03:04:05.000Z", "2033-01-01T00:00:00.000Z")
    assert seen["Mur"] == ("1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z")
    assert seen["Ost"][1] == "2034-01-01T00:00:00.000Z"
    again = list(stix.objects(items, producer=US, modified=datetime(2040, 1, 1, tzinfo=UTC)))
    assert named(again, "identity", "Bel")["modified"] == "2040-01-01T00:00:00.000Z"
    assert named(again, "identity", "Bel")["id"] == named(objects, "identity", "Bel")["id"]


def test_what_is_not_marked_is_amber_strict():
    bare = Claim(WORLD[0].statement)
    person = named(written([bare]), "identity", "Belmur Ostrand")
    assert person["object_marking_refs"][0] == markings.TLP_MARKINGS[TLP.AMBER_STRICT]


def test_originator_control_and_purposes_are_a_statement_people_can_read():
    definition = [one for one in written(WORLD[:6]) if one.get("definition_type") == "statement"][0]
    text = definition["definition"]["statement"]
    for word in ("PAP:AMBER", "north-desk", "agreement of lantern-foundation", "screening", "2035-01-01"):
        assert word in text


def test_a_stricter_value_is_named_and_nothing_is_marked_looser():
    person = named(written(WORLD), "identity", "Belmur Ostrand")
    assert person["object_marking_refs"][0] == markings.TLP_MARKINGS[TLP.AMBER]
    (granular,) = person["granular_markings"]
    assert granular["marking_ref"] == markings.TLP_MARKINGS[TLP.AMBER]
    assert f"extensions.{stix.EXTENSION}.properties.email.[0]" in granular["selectors"]


@QUICK
@given(claims, handlings)
def test_whoever_closes_an_object_further_is_obeyed(item, stricter):
    objects = written([item])
    held = stricter & item.handling
    own = objects[-1] | {"object_marking_refs": markings.refs(held)}
    (read,) = back([*objects[:-1], *markings.definitions(held), own])
    assert read.handling == held if held != item.handling else read == item


@QUICK
@given(claims)
def test_markings_that_are_gone_or_unknown_close(item):
    objects = written([item])
    bare = {name: value for name, value in objects[-1].items() if name != "object_marking_refs"}
    (read,) = back([*objects[:-1], bare])
    assert read.handling == (
        item.handling if item.handling.is_at_least_as_strict_as(UNKNOWN) else item.handling & UNKNOWN
    )
    strange = objects[-1] | {"object_marking_refs": ["marking-definition--00000000-0000-4000-8000-000000000000"]}
    (read,) = back([*objects[:-1], strange])
    assert read.handling.releasable_to == frozenset()


@pytest.mark.parametrize("tlp", TLP)
def test_reading_tlp_alone(tlp):
    found = {"object_marking_refs": [markings.TLP_MARKINGS[tlp]]}
    assert markings.read(found, {}).tlp is tlp
    assert markings.read(found, {}).pap is (PAP.CLEAR if tlp is TLP.CLEAR else PAP.RED)


def test_tlp_one_white_is_clear_and_a_copyright_notice_closes_nothing():
    white = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"
    assert markings.read({"object_marking_refs": [white]}, {}) == OPEN
    notice = {"id": "n", "definition_type": "statement", "definition": {"statement": "Copyright"}}
    assert markings.read({"object_marking_refs": [white, "n"]}, {"n": notice}) == OPEN
    granular = [{"marking_ref": markings.TLP_MARKINGS[TLP.RED], "selectors": ["name"]}]
    assert markings.read({"object_marking_refs": [white], "granular_markings": granular}, {}).tlp is TLP.RED
    assert markings.read({"object_marking_refs": [white], "granular_markings": "all"}, {}) == CLOSED


def test_a_recall_says_which_and_not_what():
    objects = written(WORLD)
    at = datetime(2032, 1, 1, tzinfo=UTC)
    for one in objects:
        if not one.get("extensions", {}).get(stix.EXTENSION, {}).get("statements"):
            continue
        gone = stix.revocation(one, at, "the source took it back")
        assert gone["id"] == one["id"]
        if one["type"] != "user-account":
            assert gone["revoked"] is True
            assert gone["modified"] > one["modified"]
        for row in one["extensions"][stix.EXTENSION]["statements"]:
            if len(row["statement"]["value"]) > 4 and row["statement"]["value"] != "uses":
                assert row["statement"]["value"] not in str(gone)
        (recall,) = stix.recalls([gone])
        assert recall.statements == {row["statement"]["id"] for row in one["extensions"][stix.EXTENSION]["statements"]}
        assert recall.reason == "the source took it back"
        assert recall.at == "2032-01-01T00:00:00.000Z"
        assert back([gone]) == []
        # Both versions in one answer: the newest counts.
        assert back([one, gone]) == back([gone, one]) == []
    person = named(objects, "identity", "Belmur Ostrand")
    early = stix.revocation(person, datetime(1999, 1, 1, tzinfo=UTC))
    assert early["modified"] == "2031-03-04T00:00:00.001Z"
    # Where a sender gives both the same time, what takes back counts.
    assert back([person, early | {"modified": person["modified"]}]) == back(
        [early | {"modified": person["modified"]}, person]
    )
    assert back([early | {"modified": person["modified"]}, person]) == []
    with pytest.raises(ValueError, match="stands for an entity"):
        stix.revocation(objects[1], at)


@pytest.mark.parametrize("kind", StanceKind)
def test_a_stance_is_an_opinion_and_comes_back(kind):
    stance = Stance(kind, "south-desk", "our own file says otherwise", datetime(2031, 5, 6, tzinfo=UTC), "file 12")
    objects = as_json(list(stix.opinion(stance, "abc", "identity--x", Handling(TLP.GREEN, PAP.CLEAR), US)))
    assert objects[-1]["opinion"] == {"supports": "agree", "contradicts": "disagree", "outdated": "neutral"}[kind.value]
    assert objects[-1]["object_refs"] == ["identity--x"]
    assert list(stix.stances(objects)) == [("abc", stance)]


def test_a_bundle_of_the_same_is_the_same():
    objects = written(WORLD)
    shuffled = list(WORLD)
    random.Random(7).shuffle(shuffled)
    assert stix.bundle(objects) == stix.bundle(written(shuffled))
    assert stix.bundle(objects)["id"] != stix.bundle(objects[:-1])["id"]


def test_a_broken_statement_is_named():
    objects = written(WORLD[:1])
    objects[-1]["extensions"][stix.EXTENSION]["statements"][0]["grade"]["code"] = "Z9"
    with pytest.raises(BadInput) as caught:
        back(objects)
    assert "statements[0]" in str(caught.value)
    assert "Z9" in str(caught.value)
    objects[-1]["extensions"][stix.EXTENSION]["statements"] = "all"
    with pytest.raises(BadInput, match="is to be a list"):
        back(objects)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@QUICK
@given(st.data(), st.booleans())
def test_whatever_stands_in_an_object_it_is_read_or_refused(data, ours):
    objects = written(WORLD) if ours else json.loads(STIX)["objects"]
    at = data.draw(st.integers(0, len(objects) - 1))
    target = objects[at]
    for _ in range(data.draw(st.integers(0, 4))):
        inner = [key for key, value in target.items() if isinstance(value, dict) and value]
        if not inner:
            break
        target = target[data.draw(st.sampled_from(inner))]
    target[data.draw(st.sampled_from(sorted(target)) | st.text(max_size=5))] = data.draw(JSON)
    for attempt in (back, lambda found: list(stix.recalls(found)), lambda found: list(stix.stances(found))):
        try:
            attempt(objects)
        except BadInput as error:
            assert len(str(error).splitlines()) == 1


def test_objects_of_others_are_claims_closed_unless_marked():
    author = "identity--00000000-0000-4000-8000-000000000001"
    objects = [
        {"type": "identity", "id": author, "name": "Quell CERT", "identity_class": "organization"},
        {
            "type": "intrusion-set",
            "id": "intrusion-set--00000000-0000-4000-8000-000000000002",
            "name": "Lantern Moth",
            "created_by_ref": author,
            "modified": "2031-01-01T00:00:00.000Z",
            "object_marking_refs": [markings.TLP_MARKINGS[TLP.GREEN]],
        },
    ]
    read = {claim.statement.value: claim for claim in back(objects)}
    assert read["Quell CERT"].handling == UNKNOWN
    moth = read["Lantern Moth"]
    assert moth.handling == Handling(TLP.GREEN, PAP.RED)
    assert moth.chain == (Hand(author, "Quell CERT", "2031-01-01T00:00:00.000Z"),)
    assert moth.origin == author
    assert moth.grade is None
    assert moth.statement.dataset == "received"
    assert moth.statement.place == Place(objects[1]["id"], "name")
