"""STIX bundles as lists: 2.1, 2.0, bounded, and every error one clear line that names object and field."""

import json
import re
import tracemalloc
from collections import Counter
from dataclasses import replace

import pytest

from baham.formats import BadInput, by_name, detect, ftm_model, stix
from baham.formats.stix import FORMAT, bundles, foreign
from baham.kernel.handling import OPEN, PAP, TLP, Handling
from baham.kernel.statement import Place
from tests.formats.conftest import STIX, read, said
from tests.formats.made_claims import WORLD

LAMP_2, LAMP_3 = (f"tool--00000000-0000-4000-8000-00000000001{n}" for n in (2, 3))
MOTH = "intrusion-set--00000000-0000-4000-8000-000000000002"


def bundle(*objects, **more):
    return json.dumps(
        {"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000000", **more, "objects": list(objects)}
    )


def one(**more):
    return {"type": "tool", "id": "tool--00000000-0000-4000-8000-000000000005", "name": "Lamp", **more}


def test_each_object_is_the_nearest_entity(given):
    by_id = {entity.id.split("--")[0]: entity for entity in read("stix", given(STIX))}
    assert {kind: entity.schema for kind, entity in by_id.items()} == {
        "identity": "Person",
        "intrusion-set": "Organization",
        "location": "Address",
        "relationship": "UnknownLink",
        "email-addr": "Thing",
        "user-account": "UserAccount",
    }
    moth = by_id["intrusion-set"]
    assert moth.values("name") == ["Lantern Moth"]
    assert moth.values("alias") == ["Night Moth"]
    assert moth.values("keywords") == ["intrusion-set"]
    assert moth.values("registrationNumber") == ["M0017"]
    assert moth.values("sourceUrl") == ["https://ost.example/M0017"]
    assert said(moth, "description")[0].flags == ("formula",)
    assert said(moth, "alias")[0].place == Place(MOTH, "aliases[1]")
    assert said(moth, "registrationNumber")[0].place.field == "external_references[0].external_id"
    assert {statement.origin for statement in moth} == {"identity--00000000-0000-4000-8000-000000000001"}
    (created,) = said(moth, "createdAt")
    assert (created.value, created.original_value) == ("2031-01-02", "2031-01-02T03:04:05Z")
    place = by_id["location"]
    # The number as it was written, not as a computer would write it.
    assert place.values("latitude") == ["33.50" if "33.50" in STIX else "33.5"]
    tie = by_id["relationship"]
    assert (tie.values("subject"), tie.values("role"), tie.values("startDate")) == (
        [MOTH],
        ["attributed-to"],
        ["2030-01-01"],
    )
    assert by_id["email-addr"].values("name") == ["bel@ost.example"]
    assert by_id["user-account"].values("username") == ["bel70"]


def test_what_no_longer_stands_is_left_out_and_counted(given):
    counts = Counter()
    path = given(
        bundle(
            one(),
            one(revoked=True, id=LAMP_2),
            one(x_mitre_deprecated=True, id=LAMP_3),
            {"type": "marking-definition", "id": "marking-definition--00000000-0000-4000-8000-000000000008"},
        )
    )
    assert len(list(FORMAT.read(path, "test", counts=counts))) == 1
    assert counts == {"revoked": 1, "deprecated": 1, "not an entity": 1}


def test_a_bundle_of_stix_two_dot_nought(given):
    path = given(
        bundle(
            one(type="malware", id="malware--00000000-0000-4000-8000-000000000009", labels=["worm"]), spec_version="2.0"
        )
    )
    assert detect(path).name == "stix"
    (entity,) = read("stix", path)
    assert entity.values("keywords") == ["worm", "malware"]
    new = foreign.upgraded({"type": "malware"})
    assert new == {"type": "malware", "spec_version": "2.1", "is_family": True}
    assert foreign.upgraded({"type": "malware", "is_family": False})["is_family"] is False
    assert foreign.upgraded({"type": "tool", "spec_version": "2.1"}) == {"type": "tool", "spec_version": "2.1"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[]", "does not begin with an object"),
        ('{"type": "bundle"}', "objects: is missing"),
        ('{"type": "report", "objects": []}', "field type: is to be bundle, and is report"),
        (bundle(one(), spec_version="2.7"), "spec_version: is to be 2.0 or 2.1"),
        (bundle(), "holds no objects"),
        (bundle(one(), "x"), "objects[1]: is to be an object, and is a text"),
        (bundle({"id": "x"}), "objects[0].type: is missing"),
        (bundle(one(id="tool--7")), "objects[0].id: is no STIX id: tool--7"),
        (bundle(one(id=7)), "objects[0].id: is the number 7, not a text"),
        (bundle(one(name={"a": 1})), "objects[0].name: is to be a text or a list of texts, and is an object"),
        (bundle(one(labels=["a", None])), "objects[0].labels: is to be a text or a list of texts, and is a list"),
        (bundle(one(created="yesterday")), "objects[0].created: is not a time as STIX has them: yesterday"),
        (bundle(one(external_references={})), "objects[0].external_references: is to be a list"),
        (bundle(one(external_references=[1])), "objects[0].external_references[0]: is to be an object"),
        (
            bundle(one(type="relationship", id="relationship--00000000-0000-4000-8000-000000000005")),
            "objects[0].source_ref: is missing",
        ),
        (
            bundle(one(type="relationship", id="relationship--00000000-0000-4000-8000-000000000005", source_ref="x")),
            "objects[0].source_ref: is no STIX id",
        ),
        (bundle(one())[:-3], "cut short"),
        (bundle(one()) + "x", "goes on after the end"),
        (bundle(one())[:-1] + ', "objects": []}', "the key is there twice"),
        (
            bundle(one()).replace('"name": "Lamp"', '"name": "Lamp", "name": "Lump"'),
            "objects[0].name: the key is there twice",
        ),
        (bundle(one(deep=eval("[" * 40 + "]" * 40))), "objects[0]: is nested more than 32 deep"),
        (bundle(one()).replace('"Lamp"', "[" * 90_000), "objects[0]: is nested too deep"),
        (bundle(one()).replace('"Lamp"', "Lamp"), "is not JSON"),
    ],
)
def test_what_is_wrong_is_one_line(content, says, given):
    with pytest.raises(BadInput) as caught:
        read("stix", given(content))
    assert says in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_an_object_of_any_length_is_refused_in_time(given):
    path = given(bundle(one(description="x" * (bundles.OBJECT_CAP + 3 * 1024 * 1024))))
    with pytest.raises(BadInput, match="objects\\[0\\]: is longer than"):
        read("stix", path)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_pieces_may_end_anywhere(size, given, monkeypatch):
    path = given(STIX)
    whole = [list(entity) for entity in read("stix", path)]
    monkeypatch.setattr(bundles, "_PIECE", size)
    assert [list(entity) for entity in read("stix", path)] == whole


def test_a_large_bundle_is_streamed(tmp_path):
    path = tmp_path / "large.json"
    with path.open("w") as stream:
        stream.write('{"type": "bundle", "objects": [')
        for number in range(20_000):
            stream.write(
                ("," if number else "")
                + json.dumps(
                    one(
                        id=f"tool--00000000-0000-4000-8000-{number:012}",
                        name=f"Lamp {number}",
                        description="light " * 60,
                    )
                )
            )
        stream.write("]}")
    assert path.stat().st_size > 8_000_000
    tracemalloc.start()
    assert sum(1 for _ in by_name("stix").read(path, "test")) == 20_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_a_bundle_of_ours_is_no_ftm_file(given):
    path = given(json.dumps(ours(OPEN)))
    assert detect(path).name == "stix"
    by_id = {entity.id: entity for entity in read("stix", path)}
    assert by_id.keys() == {claim.statement.entity_id for claim in WORLD}
    # What STIX has no word for is there as well.
    assert (by_id["p-1"].schema, by_id["p-1"].values("birthDate")) == ("Person", ["1970"])
    (born,) = said(by_id["p-1"], "birthDate")
    assert (born.original_value, born.flags, born.place.field) == ("circa 1970", ("approximate",), "statements[1]")


def ours(handling):
    items = [replace(claim, handling=handling) for claim in WORLD]
    return stix.bundle(stix.objects(items, producer=stix.Producer("north-desk", "North Desk")))


@pytest.mark.parametrize("tlp", list(TLP)[1:])
def test_what_is_marked_is_no_list(tlp, given):
    with pytest.raises(BadInput, match=f"is marked {re.escape(tlp.label)}, and a list is open to all"):
        read("stix", given(json.dumps(ours(Handling(tlp, PAP.CLEAR)))))


def test_neither_is_what_has_a_marking_that_nobody_here_knows(given):
    restricted = ours(Handling(TLP.CLEAR, PAP.CLEAR, frozenset({"north-desk"})))
    strange = one(object_marking_refs=["marking-definition--00000000-0000-4000-8000-000000000009"])
    granular = one(granular_markings=[{"marking_ref": "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"}])
    for content in (
        json.dumps(restricted),
        bundle(strange),
        bundle(granular),
        bundle(one(object_marking_refs=[7])),
        bundle(one(granular_markings="all")),
    ):
        with pytest.raises(BadInput, match="objects\\[[0-9]+\\]"):
            read("stix", given(content))


def test_a_copyright_notice_is_no_such_marking_wherever_it_stands(given):
    notice = {
        "type": "marking-definition",
        "id": "marking-definition--00000000-0000-4000-8000-000000000009",
        "definition_type": "statement",
        "definition": {"statement": "Copyright"},
    }
    white = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"
    marked = one(object_marking_refs=[notice["id"], white])
    assert len(read("stix", given(bundle(notice, marked)))) == len(read("stix", given(bundle(marked, notice)))) == 1


def test_what_is_read_has_a_place_in_followthemoney(given):
    fields = {
        "name": "Lamp",
        "description": "d",
        "aliases": ["a"],
        "labels": ["l"],
        "sectors": ["s"],
        "goals": ["g"],
        "roles": ["r"],
        "contact_information": "c",
        "content": "c",
        "abstract": "a",
        "value": "v",
        "pattern": "p",
        "created": "2031-01-02T03:04:05Z",
        "modified": "2031-01-02T03:04:05Z",
        "country": "QL",
        "city": "Ost",
        "start_time": "2031-01-02T03:04:05Z",
        "stop_time": "2031-01-02T03:04:05Z",
        "user_id": "u",
        "source_ref": "tool--00000000-0000-4000-8000-000000000005",
        "relationship_type": "uses",
        "target_ref": "tool--00000000-0000-4000-8000-000000000005",
        "external_references": [{"source_name": "x", "external_id": "X1", "url": "https://ost.example/"}],
    }
    kinds = [
        "identity",
        "intrusion-set",
        "threat-actor",
        "location",
        "user-account",
        "incident",
        "relationship",
        "tool",
        "malware",
        "campaign",
        "attack-pattern",
        "email-addr",
        "x-lantern",
    ]
    objects = [
        {"type": kind, "id": f"{kind}--00000000-0000-4000-8000-000000000005", **fields, **more}
        for kind in kinds
        for more in (
            {},
            {"identity_class": "individual"},
            {"identity_class": "class"},
            {"relationship_type": "member-of"},
        )
    ]
    for entity in read("stix", given(bundle(*objects))):
        for statement in entity:
            assert statement.prop in ftm_model.properties(entity.schema), (entity.schema, statement.prop)


def at(moment, **more):
    return one(created="2030-01-01T00:00:00.000Z", modified=moment, **more)


EARLY, LATE = at("2030-02-01T00:00:00Z"), at("2030-02-01T00:00:00.00000000001Z", name="Lantern")


@pytest.mark.parametrize("order", [(EARLY, LATE), (LATE, EARLY), (LATE, EARLY, LATE)])
def test_of_several_versions_of_one_object_the_newest_counts_wherever_it_stands(given, order):
    (made,) = read("stix", given(bundle(*order)))
    assert made.values("name") == ["Lantern"]


def test_a_newest_version_that_revokes_ends_the_object(given):
    assert not read("stix", given(bundle(LATE, at("2030-03-01T00:00:00Z", revoked=True), EARLY)))
    assert len(read("stix", given(bundle(LATE, at("2030-01-01T00:00:00Z", revoked=True))))) == 1


def test_two_unlike_contents_of_the_newest_version_are_refused_for_that_id_alone(given):
    refused = {}
    path = given(bundle(EARLY, at("2030-02-01T00:00:00Z", name="Lump"), one(id=LAMP_2)))
    (other,) = FORMAT.read(path, "x", refused=refused)
    assert other.id == LAMP_2
    assert list(refused) == [one()["id"]] and "two unlike contents" in refused[one()["id"]]
    settled = {}
    path = given(bundle(EARLY, at("2030-02-01T00:00:00Z", name="Lump"), LATE))
    assert [made.values("name") for made in FORMAT.read(path, "x", refused=settled)] == [["Lantern"]]
    assert not settled, "an older version may be as it likes"


def test_there_is_no_limit_to_the_digits_of_a_second(given):
    written = "2023-11-12T14:16:48." + "16997986081234567890" * 5 + "Z"
    (made,) = read("stix", given(bundle(at(written))))
    (changed,) = said(made, "modifiedAt")
    assert (changed.value, changed.original_value) == ("2023-11-12", written)


@pytest.mark.parametrize(
    "words",
    [
        {"definition": {"statement": "TLP:RED"}},
        {"definition": {"statement": "custom"}, "name": "PAP:RED"},
        {"definition": {"statement": "custom"}, "x_lantern_definition": "TLP:AMBER+STRICT"},
        {"definition": {"statement": "For official use only"}},
        {"definition": {"statement": "as agreed in spring"}},
    ],
)
def test_a_bundle_that_is_marked_in_words_is_no_list(given, words):
    mark = "marking-definition--00000000-0000-4000-8000-000000000007"
    marked = one(object_marking_refs=[mark])
    definition = {"type": "marking-definition", "id": mark, "definition_type": "statement", **words}
    for objects in ((definition, marked), (marked, definition)):
        with pytest.raises(BadInput, match="a list is open to all"):
            read("stix", given(bundle(*objects)))
    notice = definition | {"definition": {"statement": "Copyright 2031 Lantern House"}, "name": "Notice: copyright"}
    notice.pop("x_lantern_definition", None)
    assert read("stix", given(bundle(notice, marked)))


def test_a_label_in_a_description_is_a_mark(given):
    with pytest.raises(BadInput, match="objects.0.: is marked TLP:RED in words"):
        read("stix", given(bundle(one(description="From the desk. TLP RED."))))
    with pytest.raises(BadInput, match="marked PAP:AMBER in words"):
        read("stix", given(bundle(one(labels=["pap:amber"]))))
