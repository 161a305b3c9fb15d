"""Statements, entities, grades, basis, decisions, text and time."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baham.kernel.basis import Basis, BasisKind, Confidence
from baham.kernel.clock import FixedClock, SystemClock, utc_text
from baham.kernel.decision import Decision, may_decide, outcome
from baham.kernel.entity import Entity
from baham.kernel.grade import Grade, Scheme
from baham.kernel.schema import is_a, is_matchable, is_person
from baham.kernel.statement import COLUMNS, Statement, statement_id
from baham.kernel.text import flags, for_spreadsheet, isolated, script_of, storable, visible


def test_the_id_is_ftms():
    """Computed once with followthemoney 4.11.2, Statement.make_key."""
    assert statement_id("un", "un-1", "name", "Zarghun") == "1213b5b341df1ac6a8c6dab33d79e9a6025e6aa5"
    assert statement_id("un", "un-1", "name", "زرغون", True, "ps") == "e241d8ee367277acc784332b32771c8163811360"


def test_a_statement_has_ftms_columns_and_one_id_for_one_saying():
    one = Statement("k-1", "Person", "name", "Zarghun Talband", "home-dept", quality="good")
    again = Statement("k-1", "Person", "name", "Zarghun Talband", "home-dept", flags=("bidi",))
    assert one.id == again.id
    assert tuple(one.as_row()) == COLUMNS
    assert one.as_row()["canonical_id"] == "k-1"
    assert one.id != Statement("k-1", "Person", "name", "Zarghun Talband", "home-dept", lang="ps").id
    assert one.id != Statement("k-1", "Person", "name", "Zarghun Talband", "home-dept", external=True).id


@pytest.mark.parametrize("missing", ["entity_id", "schema", "prop", "value", "dataset"])
def test_a_statement_needs_its_parts(missing):
    parts = {"entity_id": "k-1", "schema": "Person", "prop": "name", "value": "Z", "dataset": "d", missing: ""}
    with pytest.raises(ValueError, match=missing):
        Statement(**parts)


def test_an_entity_keeps_each_value_once_and_what_it_may_not_store_not_at_all():
    entity = Entity("k-1", "Person", "d")
    entity.add("name", " Zarghun ")
    entity.add("name", "Zarghun")
    entity.add("religion", "anything")
    entity.add("alias", "")
    entity.add("alias", None)
    assert (entity.values("name"), len(entity), entity.left_out) == (["Zarghun"], 1, 1)
    assert entity.caption == "Zarghun"
    assert Entity("k-2", "Person", "d").caption == "k-2"


@given(st.text())
def test_any_text_can_be_added_and_stored(value):
    entity = Entity("k-1", "Person", "d")
    entity.add("name", value)
    for statement in entity:
        statement.value.encode()
        assert "\0" not in statement.value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Zarghun", ()),
        ("abc\u202edef", ("bidi",)),
        ("a\x07b", ("control",)),
        ("=1+1", ("formula",)),
        ("+92 300 1234", ()),
        ("-5", ()),
        ("@x", ("formula",)),
        ("\ufffd", ("replacement",)),
        ("زرغون\u200cخان", ()),
        ("＝A1", ("formula",)),
    ],
)
def test_flags(value, expected):
    assert flags(value) == expected


@given(st.text())
def test_what_is_shown_hides_nothing_and_runs_nowhere(value):
    assert "bidi" not in flags(visible(value))
    assert "control" not in flags(visible(value))
    assert "formula" not in flags(for_spreadsheet(value))
    assert visible(visible(value)) == visible(value)
    storable(value).encode()


def test_isolated_and_scripts():
    assert isolated("a\u202eb") == "\u2068a⟨U+202E⟩b\u2069"
    assert [script_of(text) for text in ("زرغون", "Zarghun", "Зарғун", "123", "زرغون a")] == [
        "Arab",
        "Latn",
        "Cyrl",
        "Zyyy",
        "Arab",
    ]


def test_grades_keep_their_scheme():
    assert Grade.parse(" b2 ").words == ("usually reliable", "probably true")
    assert Grade.parse("X4", Scheme.EUROPOL).words[0] == "reliability cannot be assessed"
    for wrong, scheme in (
        ("B", Scheme.ADMIRALTY),
        ("G1", Scheme.ADMIRALTY),
        ("B5", Scheme.EUROPOL),
        ("D1", Scheme.EUROPOL),
    ):
        with pytest.raises(ValueError):
            Grade.parse(wrong, scheme)
    assert Grade.parse("C3") != Grade.parse("C3", Scheme.EUROPOL)


def test_an_assessment_names_its_author_day_and_confidence():
    assert Basis().kind is BasisKind.FACT
    Basis(BasisKind.ASSESSMENT, "noor", date(2026, 11, 1), Confidence.LOW)
    with pytest.raises(ValueError):
        Basis(BasisKind.ASSESSMENT, "noor", date(2026, 11, 1))


AT = datetime(2026, 11, 1, tzinfo=UTC)
LONG = "The register names another father."


def test_a_decision_needs_a_person_a_choice_and_a_reason():
    assert may_decide(choice="same", choices=("same",), reason=LONG, by="noor").allowed
    assert not may_decide(choice="same", choices=("same",), reason=LONG, by="").allowed
    assert not may_decide(choice="else", choices=("same",), reason=LONG, by="noor").allowed
    assert not may_decide(choice="same", choices=("same",), reason="   short   \n" * 1, by="noor").allowed
    assert not may_decide(choice="same", choices=("same",), reason=" x" * 9, by="noor").allowed


def test_four_eyes():
    first = Decision("same", LONG, "noor", AT)
    same = {"choice": "same", "choices": ("same", "different"), "reason": LONG, "four_eyes": True}
    assert not may_decide(by="noor", proposed_by="noor", **same).allowed
    assert not may_decide(by="noor", earlier=(first,), **same).allowed
    assert may_decide(by="halim", earlier=(first,), proposed_by="noor", **same).allowed
    adverse = frozenset({"same"})
    assert outcome((), four_eyes=True, adverse=adverse) is None
    assert outcome((first,), four_eyes=True, adverse=adverse) is None
    assert outcome((first, Decision("same", LONG, "halim", AT)), four_eyes=True, adverse=adverse) == "same"
    assert outcome((first, Decision("same", LONG, "noor", AT)), four_eyes=True, adverse=adverse) is None
    assert outcome((first, Decision("different", LONG, "halim", AT)), four_eyes=True, adverse=adverse) == "different"
    assert outcome((first,), four_eyes=False, adverse=adverse) == "same"


def test_schemata():
    assert is_a("Company", "LegalEntity")
    assert not is_a("Vessel", "LegalEntity")
    assert is_person("LegalEntity"), "a list that does not say may mean a person"
    assert is_person("Unheard")
    assert not is_person("Vessel")
    assert is_matchable("Vessel")
    assert not is_matchable("Address")


def test_clocks():
    clock = FixedClock(AT)
    clock.advance(hours=1)
    assert utc_text(clock.now()) == "2026-11-01T01:00:00Z"
    assert SystemClock().now().tzinfo is UTC
    with pytest.raises(ValueError, match="zone"):
        utc_text(datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a\n=1", "a\n'=1"),
        ('a;"=1"', 'a;\'"=1"'),
        ("a; +92 300 1", "a; +92 300 1"),
        ("=1", "'=1"),
        ("Tor Baz; Torsang", "Tor Baz; Torsang"),
    ],
)
def test_a_formula_behind_a_separator_of_another_locale_is_disarmed_too(value, cell):
    assert for_spreadsheet(value) == cell
