"""Markings of STIX objects as handling: the standards' ids, definitions of others, and failing closed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baham.formats.stix.markings import TLP_EXTENSION as TLP2_EXTENSION
from baham.formats.stix.markings import TLP_OF as PREDEFINED
from baham.formats.stix.markings import contradicts, is_notice, stated
from baham.formats.stix.markings import named as refs
from baham.formats.stix.markings import read as handling_of
from baham.kernel.handling import OPEN, PAP, TLP, UNKNOWN, Handling

GREEN1 = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"
WHITE1 = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"
AMBER2 = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
STRICT2 = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
RED2 = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
OWN = "marking-definition--00000000-0000-4000-8000-000000000001"


def definition(number: str = OWN, **more) -> dict:
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": number,
        "created": "2026-01-01T00:00:00.000Z",
        **more,
    }


def tlp2(label: str, number: str = OWN) -> dict:
    return definition(number, extensions={TLP2_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": label}})


def marked(*ids: str, parts: tuple[str, ...] = (), **more) -> dict:
    item = {"type": "identity", "id": "identity--1", "object_marking_refs": list(ids), **more}
    if parts:
        item["granular_markings"] = [{"marking_ref": ref, "selectors": ["name"]} for ref in parts]
    return item


@pytest.mark.parametrize(
    ("ids", "tlp"),
    [((GREEN1,), TLP.GREEN), ((AMBER2,), TLP.AMBER), ((STRICT2,), TLP.AMBER_STRICT), ((GREEN1, RED2), TLP.RED)],
)
def test_the_ids_of_the_standards(ids, tlp):
    assert handling_of(marked(*ids), {}) == Handling(tlp, PAP.RED), "nobody said what may be done with it"


def test_white_is_clear():
    assert handling_of(marked(WHITE1), {}) == OPEN


@pytest.mark.parametrize(
    "item",
    [
        {"type": "identity", "id": "identity--1"},
        marked(),
        marked(OWN),
        marked(parts=(GREEN1,)),
        {"id": "x", "object_marking_refs": "tlp:clear"},
        {"id": "x", "object_marking_refs": 7},
        {"id": "x", "object_marking_refs": [WHITE1], "granular_markings": {"marking_ref": WHITE1}},
        {"id": "x", "object_marking_refs": [WHITE1, 5]},
        {"id": "x", "object_marking_refs": [WHITE1, OWN]},
        {"id": "x", "object_marking_refs": [WHITE1], "granular_markings": [{"selectors": ["name"]}]},
    ],
)
def test_what_nobody_marked_or_nobody_knows_is_unknown(item):
    assert handling_of(item, {}).is_at_least_as_strict_as(UNKNOWN)


def test_a_stricter_part_makes_the_whole_as_strict():
    assert handling_of(marked(GREEN1, parts=(RED2,)), {}).tlp is TLP.RED
    assert handling_of(marked(RED2, parts=(WHITE1,)), {}).tlp is TLP.RED
    with_language = marked(GREEN1) | {"granular_markings": [{"lang": "ps", "selectors": ["name"]}]}
    assert handling_of(with_language, {}).tlp is TLP.GREEN


@pytest.mark.parametrize("label", ["clear", "green", "amber", "amber+strict", "red"])
def test_a_definition_by_the_extension(label):
    assert handling_of(marked(OWN), {OWN: tlp2(label)}).tlp is TLP.read(label)


def test_a_definition_in_the_manner_of_tlp_1():
    assert stated(definition(definition_type="tlp", definition={"tlp": "white"})) == OPEN
    both = tlp2("green") | {"definition_type": "tlp", "definition": {"tlp": "red"}}
    assert stated(both) == Handling(TLP.RED, PAP.CLEAR)


@pytest.mark.parametrize(
    "unknown",
    [
        tlp2("blue"),
        definition(),
        definition(definition_type="tlp", definition={"tlp": "purple"}),
        definition(definition_type="tlp", definition="green"),
        definition(extensions="x"),
        definition(definition_type="iep", definition={"sharing": "anything"}),
        definition(definition_type="tlp", definition={"tlp": "green"}, extensions={"extension-definition--other": {}}),
        definition(definition_type="statement", extensions={"extension-definition--other": {}}),
        {**tlp2("clear"), "type": "identity"},
    ],
)
def test_a_definition_that_is_not_understood_restricts(unknown):
    assert stated(unknown) is None
    assert handling_of(marked(WHITE1, OWN), {OWN: unknown}).is_at_least_as_strict_as(UNKNOWN)


def sentence(text: str, **more) -> dict:
    return definition(definition_type="statement", definition={"statement": text}, **more)


@pytest.mark.parametrize(
    "notice",
    [
        "Copyright 2026, Nilgar society",
        "© Lantern House. All rights reserved.",
        "(C) Red Lantern 2026",
        "Licence: CC BY 4.0",
        "Source: Nilgar Post",
        "Published under the terms of the Lantern licence",
        "حقوق محفوظ ہیں",
    ],
)
def test_whose_work_it_is_says_nothing_of_handling(notice):
    assert is_notice(sentence(notice))
    assert handling_of(marked(OWN), {OWN: sentence(notice)}) == UNKNOWN, "nobody has said a TLP"
    assert handling_of(marked(OWN, GREEN1), {OWN: sentence(notice)}).tlp is TLP.GREEN
    assert handling_of(marked(OWN, WHITE1), {OWN: sentence(notice)}) == OPEN


def test_a_sentence_that_nobody_understands_closes_until_a_person_has_read_it():
    strange = sentence("Handle as agreed at the third meeting")
    assert not is_notice(strange)
    assert handling_of(marked(OWN, WHITE1), {OWN: strange}) == UNKNOWN


@pytest.mark.parametrize(
    ("text", "tlp", "pap"),
    [
        ("TLP:RED", TLP.RED, PAP.CLEAR),
        ("tlp: amber", TLP.AMBER, PAP.CLEAR),
        ("TLP-GREEN", TLP.GREEN, PAP.CLEAR),
        ("TLP 2.0: Amber+Strict", TLP.AMBER_STRICT, PAP.CLEAR),
        ("TLP:AMBER STRICT", TLP.AMBER_STRICT, PAP.CLEAR),
        ("Traffic Light Protocol: RED", TLP.RED, PAP.CLEAR),
        ("ＴＬＰ：ＲＥＤ", TLP.RED, PAP.CLEAR),
        ("T\u200bLP:RED", TLP.RED, PAP.CLEAR),
        ("PAP:RED", TLP.CLEAR, PAP.RED),
        ("pap:amber", TLP.CLEAR, PAP.AMBER),
    ],
)
def test_a_label_in_a_sentence_a_name_or_a_field_of_a_vendor_is_a_label(text, tlp, pap):
    for one in (
        sentence(text),
        sentence("custom", name=text),
        sentence("custom", x_lantern_marking=text),
        sentence("statement", x_lantern={"marking": [text]}),
    ):
        assert stated(one) == Handling(tlp, pap), one
        assert not is_notice(one)


@pytest.mark.parametrize(
    "text",
    [
        "For official use only",
        "FOUO",
        "CONFIDENTIAL",
        "Internal use only",
        "Not for public release",
        "Do not distribute",
        "Copyright 2026 Nilgar society. Law enforcement sensitive.",
        "© Lantern House, confidential",
        "Members only",
        "No further dissemination without consent",
        "TLP:PURPLE",
        "Restricted",
        "VS-NfD",
        "صیغۂ راز",
        "سري",
        "Distribution is limited to the parties of the agreement",
        "Eyes only",
        "REL TO KOHSAR",
    ],
)
def test_a_marking_in_words_closes(text):
    for one in (
        sentence(text),
        sentence("Copyright 2026 Nilgar society", name=text),
        sentence("", x_lantern_note=text),
    ):
        assert stated(one).is_at_least_as_strict_as(UNKNOWN.marked(TLP.AMBER_STRICT)), one
        assert not is_notice(one)
        assert handling_of(marked(WHITE1, OWN), {OWN: one}).tlp >= TLP.AMBER_STRICT


def test_words_beside_a_label_only_close():
    assert stated(tlp2("green") | {"name": "TLP:RED"}) == Handling(TLP.RED, PAP.CLEAR)
    assert stated(tlp2("red") | {"name": "TLP:CLEAR"}) == Handling(TLP.RED, PAP.CLEAR)
    unknown = definition(name="TLP:RED", definition_type="lantern")
    assert stated(unknown) is None
    assert handling_of(marked(OWN), {OWN: unknown}).tlp is TLP.RED


@pytest.mark.parametrize(
    "field",
    [
        {"description": "Seen at the bridge. TLP:RED, do not pass on."},
        {"labels": ["bridge", "tlp:red"]},
        {"x_lantern": {"handling": ["TLP RED"]}},
        {"external_references": [{"source_name": "desk", "description": "TLP=RED"}]},
    ],
)
def test_a_label_in_the_words_of_an_object_counts_where_it_is_stricter(field):
    assert handling_of(marked(WHITE1, **field), {}).tlp is TLP.RED
    assert handling_of(marked(RED2, description="once TLP:CLEAR"), {}).tlp is TLP.RED
    assert handling_of(marked(WHITE1, description="The redcap of the tulip"), {}) == OPEN


def test_a_standards_definition_is_known_whatever_else_it_carries():
    dressed = tlp2("red", RED2) | {"x_lantern_order": 4, "name": "TLP:RED", "created_by_ref": "identity--1"}
    dressed["extensions"]["extension-definition--other"] = {"extension_type": "property-extension", "x": "y"}
    bare = definition(RED2, definition_type="statement", definition={"statement": "custom"})
    for one in (dressed, bare):
        assert not contradicts(one)
        assert stated(one) == Handling(TLP.RED, PAP.CLEAR)
    assert contradicts(bare | {"name": "TLP:CLEAR"})
    assert contradicts(definition(RED2, definition_type="tlp", definition={"tlp": "green"}))


def test_what_baham_says_beyond_tlp_is_read_as_it_was_written():
    from datetime import UTC, datetime

    from baham.formats.stix.markings import definitions
    from baham.formats.stix.markings import refs as written_refs

    handling = Handling(
        TLP.GREEN,
        PAP.GREEN,
        frozenset({"kohsar"}),
        frozenset({"nilgar"}),
        frozenset({"screening"}),
        datetime(2026, 12, 1, tzinfo=UTC),
    )
    with_it = {one["id"]: one for one in definitions(handling)}
    read = handling_of(marked(*written_refs(handling)), with_it)
    assert read == handling
    (beyond,) = [one for one in with_it.values() if one["id"] not in PREDEFINED]
    more = {**beyond, "extensions": {**beyond["extensions"], "extension-definition--other": {}}}
    closed = handling_of(marked(*written_refs(handling)), {beyond["id"]: more})
    assert closed.releasable_to == frozenset(), "whatever else it says may restrict"
    (restricting,) = [one for one in with_it.values() if one["id"] not in PREDEFINED]
    broken = {
        **restricting,
        "extensions": {key: {**one, "handling": {"originators": 7}} for key, one in restricting["extensions"].items()},
    }
    assert handling_of(marked(*written_refs(handling)), {broken["id"]: broken}).releasable_to == frozenset()
    assert handling_of(marked(restricting["id"]), with_it).tlp is TLP.AMBER_STRICT  # no TLP is said


def test_a_predefined_id_means_what_the_standard_says_whatever_is_sent_under_it():
    forged = tlp2("clear", RED2)
    assert contradicts(forged)
    assert handling_of(marked(RED2), {RED2: forged}).tlp is TLP.RED
    assert not contradicts(tlp2("red", RED2))
    assert not contradicts(tlp2("clear", OWN))
    assert handling_of(tlp2("red", RED2), {}) == OPEN  # the definition itself is public


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from([*PREDEFINED, OWN, "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["marking_ref", "lang", "extensions", "definition", "tlp", TLP2_EXTENSION, "tlp_2_0", "id", "type"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(ANYTHING, ANYTHING, st.lists(st.sampled_from(sorted(PREDEFINED)), max_size=3))
def test_whatever_is_sent_it_is_read_and_never_opens_more_than_the_strictest_known_mark(whole, parts, known):
    item = {
        "id": "x",
        "object_marking_refs": [*known, *(whole if isinstance(whole, list) else [])],
        "granular_markings": parts,
    }
    handling = handling_of(item, {OWN: {"type": "marking-definition", "extensions": parts, "definition": whole}})
    assert all(handling.tlp >= PREDEFINED[ref] for ref in known)
    assert list(refs({"object_marking_refs": whole, "granular_markings": parts})) is not None
    if not known:
        assert handling.tlp >= TLP.AMBER_STRICT or any(ref in PREDEFINED for ref in whole or [] if isinstance(ref, str))
