"""Claims to MISP and back: nothing lost, nothing widened, the same event whatever the order."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baham.formats import BadInput, misp
from baham.formats.misp import tags
from baham.formats.stix.ids import Producer
from baham.kernel.claim import Hand
from baham.kernel.grade import Grade, Scheme
from baham.kernel.handling import PAP, TLP, UNKNOWN, Handling, meet_all
from baham.kernel.statement import Place
from tests.formats.made_claims import WORLD, as_json, claims, handlings, many_claims, said
from tests.formats.test_stix_claims import JSON

US = Producer("north-desk", "North Desk")
GROUP = misp.SharingGroup("00000000-0000-4000-8000-00000000000a", "Lantern group")
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
AT = datetime(2032, 1, 1, tzinfo=UTC)


def written(items, **more):
    return as_json(misp.event(items, producer=US, key="release-7", info="Release 7", **more))


def back(event):
    return list(misp.claims(event, dataset="received"))


def named(event, name):
    return [one for one in event["Event"]["Object"] if one["name"] == name]


def values(holder):
    return {(one["object_relation"], one["type"], one["value"]) for one in holder["Attribute"]}


@QUICK
@given(many_claims)
def test_what_was_sent_comes_back_equal(items):
    # Twice the very same claim is one attribute: MISP takes no second of the same id.
    assert set(back(written(items))) == set(items)


@QUICK
@given(many_claims, st.randoms())
def test_the_same_claims_are_the_same_event(items, chance):
    other = list(items)
    chance.shuffle(other)
    assert written(items) == written(other)


@QUICK
@given(many_claims)
def test_ids_are_there_once_and_nothing_is_distributed_wider(items):
    event = written(items)["Event"]
    ids = [one["uuid"] for one in event["Object"]]
    ids += [one["uuid"] for holder in event["Object"] for one in holder["Attribute"] + holder["ObjectReference"]]
    assert len(ids) == len(set(ids))
    order = ["0", "1", "2", "3"]
    for holder in event["Object"]:
        for one in holder["Attribute"]:
            assert (
                order.index(event["distribution"])
                <= order.index(holder["distribution"])
                <= order.index(one["distribution"])
            )
    whole = meet_all([item.handling for item in items])
    assert whole.tlp.label.lower() in {tag["name"] for tag in event["Tag"]}


def test_a_person_is_a_person():
    event = written(WORLD)
    people = {{r: v for r, _, v in values(one)}["full-name"]: one for one in named(event, "person")}
    person = people["Belmur Ostrand"]
    assert values(person) == {
        ("full-name", "full-name", "Belmur Ostrand"),
        ("alias", "text", "بلمور اوسترند"),
        ("date-of-birth", "date-of-birth", "1970"),
        ("nationality", "nationality", "af"),
        ("e-mail", "email-src", "bel@ost.example"),
        ("function", "text", "Ferryman"),
    }
    by_relation = {one["object_relation"]: one for one in person["Attribute"]}
    assert by_relation["full-name"]["uuid"] == misp.attribute_uuid(WORLD[0].id)
    assert {tag["name"] for tag in by_relation["full-name"]["Tag"]} == {
        "tlp:green",
        "PAP:CLEAR",
        'admiralty-scale:source-reliability="b"',
        'admiralty-scale:information-credibility="2"',
    }
    assert {tag["name"] for tag in by_relation["e-mail"]["Tag"]} >= {
        "tlp:amber",
        "PAP:AMBER",
        'baham:handling="restricted"',
    }
    assert "lantern-foundation" in person["comment"]
    assert by_relation["function"]["comment"] == "Lantern"
    assert by_relation["full-name"]["comment"] == "dataset:tl-one"
    # By names MISP would draw lines between strangers.
    assert by_relation["full-name"]["disable_correlation"] is True
    assert by_relation["e-mail"]["disable_correlation"] is False
    assert {one["relationship_type"] for one in person["ObjectReference"]} == {"family-of", "member-of", "owns"}
    ids = {one["uuid"] for one in event["Event"]["Object"]}
    assert all(one["referenced_uuid"] in ids for one in person["ObjectReference"])


def test_other_schemata_have_their_objects():
    event = written(WORLD)
    found = {one["name"] for one in event["Event"]["Object"]}
    assert found >= {
        "organization",
        "ftm-Vessel",
        "vehicle",
        "geolocation",
        "ftm-Passport",
        "ftm-Sanction",
        "user-account",
        "bank-account",
        "coin-address",
        "ftm-Event",
        "baham-claims",
    }
    (passport,) = named(event, "ftm-Passport")
    assert values(passport) == {("passportNumber", "text", "QX778899")}
    assert [one["relationship_type"] for one in passport["ObjectReference"]] == ["related-to"]
    assert values(named(written([said("Security", "s", "name", "Bond")]), "baham-entity")[0]) == {
        ("name", "text", "Bond")
    }
    odd = values(named(written([said("Person", "s", "email", "not an address")]), "person")[0])
    assert odd == {("e-mail", "text", "not an address")}
    rest = values(named(written([said("Person", "s", "eyeColor", "green")]), "person")[0])
    assert rest == {("text", "text", "eyeColor: green")}
    rest = values(named(written([said("Sanction", "s", "listingDate", "2030-01-02")]), "ftm-Sanction")[0])
    assert rest == {("summary", "text", "listingDate: 2030-01-02")}


def test_what_has_nothing_to_show_is_in_the_claims_alone():
    items = [*WORLD[:3], said("Sanction", "s-9", "entity", "p-1")]
    event = written(items)
    assert not named(event, "ftm-Sanction")
    assert set(back(event)) == set(items)
    after = misp.recall(event, [WORLD[1].id], AT)
    assert set(back(after)) == set(items) - {WORLD[1]}
    assert not [holder for holder in after["Event"]["Object"] if holder.get("deleted")]


def test_ids_in_a_whole_world_are_there_once():
    event = written(WORLD)["Event"]
    ids = [one["uuid"] for one in event["Object"]]
    ids += [one["uuid"] for holder in event["Object"] for one in holder["Attribute"] + holder["ObjectReference"]]
    assert len(ids) == len(set(ids))


def test_a_tie_is_not_shown_on_an_object_that_is_marked_wider():
    secret = Handling(TLP.RED, PAP.RED)
    items = [
        said("Person", "a", "name", "Bel"),
        said("Person", "b", "name", "Mur"),
        said("Family", "f", "person", "a", handling=secret),
        said("Family", "f", "relative", "b", handling=secret),
    ]
    event = written(items)
    assert not [one for holder in named(event, "person") for one in holder["ObjectReference"]]
    assert set(back(event)) == set(items)


@pytest.mark.parametrize(
    ("handling", "alone", "grouped"),
    [
        (Handling(TLP.CLEAR, PAP.CLEAR), "3", "3"),
        (Handling(TLP.GREEN, PAP.AMBER), "2", "2"),
        (Handling(TLP.AMBER, PAP.AMBER), "0", "4"),
        (Handling(TLP.AMBER_STRICT, PAP.RED), "0", "4"),
        (Handling(TLP.RED, PAP.RED), "0", "0"),
        (Handling(TLP.GREEN, PAP.CLEAR, frozenset({"x"})), "0", "0"),
        (Handling(TLP.AMBER, PAP.CLEAR, None, frozenset({"x"})), "0", "0"),
        (Handling(TLP.CLEAR, PAP.CLEAR, purposes=frozenset()), "0", "0"),
        (Handling(TLP.GREEN, PAP.CLEAR, frozenset({GROUP.uuid})), "0", "4"),
        (Handling(TLP.GREEN, PAP.CLEAR, frozenset({GROUP.uuid}), frozenset({"x"})), "0", "0"),
        (Handling(TLP.RED, PAP.CLEAR, frozenset({GROUP.uuid})), "0", "0"),
    ],
)
def test_distribution(handling, alone, grouped):
    assert (tags.distribution(handling), tags.distribution(handling, GROUP.uuid)) == (alone, grouped)
    items = [said("Person", "a", "name", "Bel", handling=handling)]
    event = written(items, group=GROUP)["Event"]
    assert event["distribution"] == grouped
    assert ("SharingGroup" in event) == (grouped == "4")
    assert back({"Event": event}) == items


@QUICK
@given(claims, handlings)
def test_whoever_tags_more_strictly_is_obeyed(item, other):
    event = written([item])
    for holder in event["Event"]["Object"]:
        for one in holder["Attribute"]:
            one["Tag"] += [{"name": other.tlp.label.lower()}, {"name": other.pap.label}, {"name": "osint:source-type"}]
    (read,) = back(event)
    assert read.handling == item.handling & Handling(other.tlp, other.pap)


@QUICK
@given(claims)
def test_tags_that_are_gone_close(item):
    event = written([item])
    for holder in event["Event"]["Object"]:
        for one in holder["Attribute"]:
            one["Tag"] = []
    (read,) = back(event)
    assert read.handling == item.handling & UNKNOWN


def test_a_distribution_that_was_narrowed_holds():
    event = written([said("Person", "a", "name", "Bel")])
    for holder in event["Event"]["Object"]:
        for one in holder["Attribute"]:
            one["distribution"] = 0
    (read,) = back(event)
    assert read.handling.tlp is TLP.AMBER_STRICT


def test_a_recall_deletes_softly_and_blanks():
    event = written(WORLD)
    gone = [item for item in WORLD if item.statement.prop == "email" or item.statement.schema == "Family"]
    after = as_json(misp.recall(event, [item.id for item in gone], AT))
    assert set(back(after)) == set(WORLD) - set(gone)
    assert "bel@ost.example" not in json.dumps(after)
    assert {misp.attribute_uuid(item.id) for item in gone if item.statement.prop == "email"} <= misp.deleted(after)
    references = [one for holder in named(after, "person") for one in holder["ObjectReference"]]
    assert [one["relationship_type"] for one in references if one.get("deleted")] == ["family-of"]
    assert after["Event"]["uuid"] == event["Event"]["uuid"]
    assert int(after["Event"]["timestamp"]) > int(event["Event"]["timestamp"])
    assert misp.deleted(event) == frozenset()
    early = misp.recall(event, [WORLD[0].id], datetime(1999, 1, 1, tzinfo=UTC))
    assert int(early["Event"]["timestamp"]) == int(event["Event"]["timestamp"]) + 1
    renewed = written(WORLD, modified=AT)
    assert renewed["Event"]["timestamp"] == str(int(AT.timestamp()))
    # All of it: nothing is left but ids.
    empty = as_json(misp.recall(event, [item.id for item in WORLD], AT))
    assert back(empty) == []
    assert "Ostrand" not in json.dumps(empty)
    assert all(holder["deleted"] for holder in empty["Event"]["Object"])


FOREIGN = {
    "Event": {
        "uuid": "00000000-0000-4000-8000-000000000001",
        "info": "Lantern Moth",
        "distribution": "3",
        "Orgc": {"uuid": "00000000-0000-4000-8000-000000000002", "name": "Quell CERT"},
        "Tag": [{"name": "tlp:green"}, {"name": 'misp-galaxy:threat-actor="Lantern Moth"'}],
        "Attribute": [
            {
                "uuid": "00000000-0000-4000-8000-000000000003",
                "type": "domain",
                "value": "ost.example",
                "distribution": "5",
                "timestamp": "1900000000",
                "Tag": [
                    {"name": "tlp:red"},
                    {"name": 'admiralty-scale:source-reliability="c"'},
                    {"name": 'admiralty-scale:information-credibility="3"'},
                ],
            },
            {"uuid": "00000000-0000-4000-8000-000000000004", "type": "text", "value": "gone", "deleted": True},
        ],
        "Object": [
            {
                "uuid": "00000000-0000-4000-8000-000000000005",
                "name": "person",
                "distribution": "2",
                "Attribute": [
                    {
                        "uuid": "00000000-0000-4000-8000-000000000006",
                        "object_relation": "full-name",
                        "type": "full-name",
                        "value": "Belmur Ostrand",
                        "comment": "ferry list",
                        "distribution": "0",
                    },
                    {
                        "uuid": "00000000-0000-4000-8000-000000000007",
                        "object_relation": "portrait",
                        "type": "attachment",
                        "value": "bel.png",
                    },
                ],
                "ObjectReference": [
                    {
                        "uuid": "00000000-0000-4000-8000-000000000008",
                        "relationship_type": "member-of",
                        "referenced_uuid": "00000000-0000-4000-8000-000000000009",
                    }
                ],
            },
            {
                "uuid": "00000000-0000-4000-8000-000000000009",
                "name": "lantern-thing",
                "Attribute": [
                    {
                        "uuid": "00000000-0000-4000-8000-00000000000b",
                        "object_relation": "name",
                        "type": "text",
                        "value": "Guild",
                    }
                ],
            },
        ],
    }
}


def test_events_of_others_are_read_as_far_as_they_go():
    read = back(FOREIGN)
    assert {(item.statement.schema, item.statement.prop, item.statement.value) for item in read} == {
        ("Thing", "name", "ost.example"),
        ("Thing", "keywords", "domain"),
        ("Person", "name", "Belmur Ostrand"),
        ("Person", "notes", "bel.png"),
        ("Thing", "name", "Guild"),
        ("Thing", "keywords", "lantern-thing"),
        ("Membership", "member", "00000000-0000-4000-8000-000000000005"),
        ("Membership", "role", "member-of"),
        ("Membership", "organization", "00000000-0000-4000-8000-000000000009"),
    }
    by_value = {item.statement.value: item for item in read}
    assert by_value["ost.example"].handling == Handling(TLP.RED, PAP.RED)
    assert by_value["ost.example"].grade == Grade(Scheme.ADMIRALTY, "C", "3", "Quell CERT")
    assert by_value["ost.example"].statement.last_seen == "2030-03-17T17:46:40"
    assert by_value["ost.example"].chain == (Hand(FOREIGN["Event"]["Orgc"]["uuid"], "Quell CERT"),)
    name = by_value["Belmur Ostrand"]
    assert name.handling == Handling(TLP.AMBER_STRICT, PAP.RED)
    assert name.statement.origin == "ferry list"
    assert name.statement.place == Place("00000000-0000-4000-8000-000000000006", "full-name")
    assert by_value["Guild"].handling == Handling(TLP.GREEN, PAP.RED)
    assert misp.deleted(FOREIGN) == {"00000000-0000-4000-8000-000000000004"}


@pytest.mark.parametrize(
    ("names", "levels", "handling"),
    [
        ([], [], UNKNOWN),
        (["tlp:white", "PAP:WHITE"], ["3"], Handling(TLP.CLEAR, PAP.CLEAR)),
        (["tlp:green", "tlp:red"], [], Handling(TLP.RED, PAP.RED)),
        (["tlp:ex:chr"], [], UNKNOWN),
        (["tlp:unclear"], [], UNKNOWN),
        (["tlp:clear", "euci:TS-UE/EU-TS"], [], tags.CLOSED),
        (["TLP:GREEN", "pap:green"], [1], Handling(TLP.AMBER, PAP.GREEN)),
        (["tlp:clear", "pap:clear"], ["4"], Handling(TLP.AMBER, PAP.CLEAR, frozenset())),
        (["tlp:clear", "pap:clear"], ["17"], tags.CLOSED),
        (["tlp:clear", "pap:clear", "type:OSINT"], ["5"], Handling(TLP.CLEAR, PAP.CLEAR)),
    ],
)
def test_reading_tags(names, levels, handling):
    assert tags.read(names, [tags.reach({"distribution": level}) for level in levels]) == handling


def test_a_sharing_group_is_its_uuid_and_never_its_number():
    named = {"distribution": 4, "sharing_group_id": "5", "SharingGroup": {"uuid": GROUP.uuid.upper(), "id": "5"}}
    assert tags.reach(named).releasable_to == {GROUP.uuid}
    for other in ({"sharing_group_id": "5"}, {"SharingGroup": {"id": "5"}}, {"SharingGroup": ["x"]}):
        assert tags.reach({"distribution": 4, **other}).releasable_to == frozenset()
    assert tags.reach({}) == tags.reach({"distribution": None}) == tags.OPEN


def test_a_grade_takes_both_halves_and_no_other_scale():
    both = ['admiralty-scale:source-reliability="a"', 'admiralty-scale:information-credibility="6"']
    assert tags.grade(both) == Grade(Scheme.ADMIRALTY, "A", "6")
    assert tags.grade(both[:1]) is None
    assert tags.grade([*both, 'admiralty-scale:source-reliability="b"']) is None
    assert tags.grade(['admiralty-scale:source-reliability="g"', both[1]]) is None
    europol = said("Person", "a", "name", "Bel", grade=Grade(Scheme.EUROPOL, "A", "1"))
    assert not [tag for tag in tags.of(europol.handling, europol.grade) if tag["name"].startswith("admiralty")]
    assert back(written([europol])) == [europol]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda event: event.update(uuid="7"), "Event.uuid: is no UUID"),
        (lambda event: event.update(uuid=None), "Event.uuid: is missing"),
        (lambda event: event.update(Object={}), None),
        (lambda event: event.update(Object=[1]), "Event.Object[0]: is to be an object"),
        (lambda event: event["Object"][0].update(uuid=True), "Event.Object[0].uuid: is no UUID"),
        (lambda event: event["Attribute"][0].update(value={}), "Event.Attribute[0].value: is to be a text"),
        (lambda event: event["Attribute"][0].update(Tag="tlp:clear"), "Tag: is to be a list of objects"),
    ],
)
def test_what_is_wrong_is_named(change, says):
    event = as_json(FOREIGN)
    change(event["Event"])
    if says is None:
        assert back(event)
        return
    heard: list[BadInput] = []
    try:
        list(misp.claims(event, dataset="x", told=heard.append))
    except BadInput as fault:
        heard.append(fault)
    assert says in str(heard[0])


def test_a_faulty_attribute_costs_itself_is_told_and_not_the_event():
    event = as_json(FOREIGN)
    whole = back(event)
    for attribute in event["Event"]["Object"][0]["Attribute"]:
        attribute["value"] = ["no", "text"]
    heard: list[BadInput] = []
    rest = list(misp.claims(event, dataset="x", told=heard.append))
    assert 0 < len(rest) < len(whole)
    assert len(heard) == len(event["Event"]["Object"][0]["Attribute"])
    assert all("is to be a text" in str(one) for one in heard)


@pytest.mark.parametrize("other", [5, "text", None, ["list"]])
def test_an_attribute_that_is_no_object_costs_itself_is_told_and_not_the_event(other):
    event = as_json(FOREIGN)
    whole = list(misp.claims(event, dataset="x"))
    event["Event"]["Attribute"].append(other)
    heard: list[BadInput] = []
    assert list(misp.claims(event, dataset="x", told=heard.append)) == whole
    assert ["is to be an object" in str(one) for one in heard] == [True]


@pytest.mark.parametrize(
    ("written", "read"), [(True, "1"), (False, "0"), ("1", "1"), (0, "0"), ("true", "true"), (5, "5")]
)
def test_what_pymisp_writes_is_read(written, read):
    event = as_json(FOREIGN)
    event["Event"]["Attribute"][0]["value"] = written
    assert read in {item.statement.value for item in back(event)}


@pytest.mark.parametrize("deleted", ["1", 1, True, "true", "True", "yes"])
def test_whichever_way_a_program_writes_that_it_is_deleted(deleted):
    event = as_json(FOREIGN)
    name = event["Event"]["Attribute"][0]["uuid"]
    event["Event"]["Attribute"][0]["deleted"] = deleted
    assert name in misp.deleted(event)
    event["Event"]["Attribute"][0]["deleted"] = {"1": "0", 1: 0, "true": "false", "True": "False", "yes": None}[deleted]
    assert name not in misp.deleted(event)


@pytest.mark.parametrize("words", ["TLP:RED", "pass on: TLP RED", "Traffic Light Protocol: RED"])
def test_a_label_in_the_words_of_an_event_or_attribute_closes(words):
    for change in (
        lambda event: event.update(info=words),
        lambda event: event["Attribute"][0].update(comment=words),
        lambda event: event.setdefault("Tag", []).append({"name": words}),
    ):
        event = as_json(FOREIGN)
        change(event["Event"])
        assert TLP.RED in {item.handling.tlp for item in back(event)}
    assert tags.read(["tlp:green", "FOUO"]).releasable_to == frozenset()
    assert tags.read(["tlp:green", 'lantern:colour="secret"']).tlp is TLP.GREEN


def test_a_broken_claim_is_named():
    event = written(WORLD[:1])
    event["Event"]["Object"][-1]["Attribute"][0]["value"] = '{"statement": 1}'
    heard: list[BadInput] = []
    assert not list(misp.claims(event, dataset="x", told=heard.append))
    assert "baham-claims[0].Attribute[0].value: is no claim: statement" in str(heard[0])
    for event in ("x", None, {"Event": 1}):
        with pytest.raises(BadInput):
            back(event)


@QUICK
@given(st.data(), st.booleans())
def test_whatever_stands_in_an_event_it_is_read_or_refused(data, ours):
    event = written(WORLD[:8]) if ours else as_json(FOREIGN)
    target = event
    for _ in range(data.draw(st.integers(0, 6))):
        inner = [
            value
            for value in (target.values() if isinstance(target, dict) else target)
            if isinstance(value, dict | list) and value
        ]
        if not inner:
            break
        target = data.draw(st.sampled_from(inner))
    if isinstance(target, dict):
        target[data.draw(st.sampled_from(sorted(target)) | st.text(max_size=5))] = data.draw(JSON)
    else:
        target[0] = data.draw(JSON)
    for attempt in (back, misp.deleted):
        try:
            attempt(event)
        except BadInput as error:
            assert len(str(error).splitlines()) == 1
