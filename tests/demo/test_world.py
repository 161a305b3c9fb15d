"""What is in the demonstration world."""

import hashlib
import json
import re
import unicodedata
from datetime import UTC, datetime, timedelta

from baham.demo import prepare
from baham.demo.geography import DISTRICTS, PLACES, PROVINCES, as_geojson
from baham.demo.names import FAMILIES, MEN, WOMEN
from baham.platform.accounts.roles import Role
from tests.support import commands

FORBIDDEN = re.compile(
    r"religio|\bsect\b|sectarian|ethnic|ideolog|caste|tribe|creed|\bstrike\b|danger|threat level|risk score"
    r"|مذہب|مسلک|فرق[ہے]|عقیدہ|نسلی|قبیل",
    re.I,
)


def test_every_role_is_filled_and_two_people_review(world):
    roles = [role for (role,) in world.rows("SELECT role FROM accounts_rolegrant WHERE until IS NULL")]
    assert set(roles) == {role.value for role in Role}
    assert roles.count("reviewer") == 2
    offices = world.rows("SELECT COUNT(DISTINCT organisation_id) FROM accounts_user")[0][0]
    assert offices >= 6
    assert {code for (code,) in world.rows("SELECT DISTINCT language FROM accounts_user")} == {"en", "ur", "ps"}


def test_lists_have_versions_that_differ(world):
    for name, least in (("national", 3), ("varand", 2)):
        versions = world.rows(
            "SELECT added, changed, removed, entities FROM ledger_version v"
            " JOIN ledger_dataset d ON d.id = v.dataset_id"
            " WHERE d.name = ? ORDER BY number",
            name,
        )
        assert len(versions) >= least
        for added, changed, removed, entities in versions[1:]:
            assert added and changed and removed
            assert 200 < entities < 500


def test_an_entry_came_back(world):
    kinds = world.rows(
        "SELECT GROUP_CONCAT(kind) FROM (SELECT entity_id, kind FROM ledger_change ORDER BY version_id)"
        " GROUP BY entity_id"
    )
    assert ("added,removed,added",) in kinds


def test_lists_say_who_publishes_them_and_how_to_contest_them(world):
    for row in world.rows("SELECT title, publisher, licence, review_route FROM ledger_dataset"):
        assert all(row), row
    # What a partner gave is graded claim by claim, never as a list.
    ungraded = world.rows("SELECT name FROM ledger_dataset WHERE grade = '' OR scheme = ''")
    assert ungraded == [("from-nilgar",)]
    title, tlp, grade = world.rows("SELECT title, tlp, grade FROM ledger_dataset WHERE name = 'kohsar-desk'")[0]
    assert (title, tlp, grade) == ("Kohsar CTD desk statements", 2, "B2")


def test_both_scripts_and_odd_values(world):
    names = [value for (value,) in world.rows("SELECT value FROM ledger_statement WHERE prop = 'name'")]
    arabic = sum("ARABIC" in unicodedata.name(name[0], "") for name in names)
    assert arabic > 300
    assert len(names) - arabic > 300
    flags = {word for (f,) in world.rows("SELECT DISTINCT flags FROM ledger_statement") for word in f.split()}
    assert {"bidi", "formula", "partial", "approximate", "several", "interval", "unread"} <= flags


def test_lists_agree_and_contradict(world):
    verdicts = dict(world.rows("SELECT verdict, COUNT(*) FROM ledger_judgement WHERE retracted_at IS NULL GROUP BY 1"))
    assert set(verdicts) == {"same", "different", "unsure"}
    assert world.rows("SELECT COUNT(*) FROM ledger_judgement WHERE retracted_at IS NOT NULL") == [(1,)]


def test_matters_open_half_signed_overdue_and_decided(world):
    items = world.rows(
        "SELECT kind, outcome, due_at, (SELECT COUNT(*) FROM review_signature s WHERE s.item_id = i.id), evidence, tlp"
        " FROM review_item i WHERE kind NOT IN"
        " ('review-due', 'agreement', 'outgoing', 'outgoing-plain', 'scope', 'access', 'reassess-plain')"
    )
    now = datetime.fromtimestamp((world.home / prepare.MARKER).stat().st_mtime, UTC)  # when the world was made
    due = [datetime.fromisoformat(at).replace(tzinfo=UTC) for _, outcome, at, *_ in items if not outcome]
    assert 14 <= len(items) <= 18
    assert sum(outcome != "" for _, outcome, *_ in items) >= 6
    assert sum(at < now for at in due) == 1
    assert any(timedelta(minutes=10) < at - now < timedelta(minutes=20) for at in due)
    assert sum(not outcome and signed == 1 for _, outcome, _, signed, *_ in items) == 2
    assert sum(kind == "same-entity" for kind, *_ in items) == 2
    assert all(json.loads(evidence) for *_, evidence, _ in items)
    outcomes = [outcome for kind, outcome, *_ in items if outcome and kind == "match"]
    assert outcomes.count("different") > len(outcomes) / 2


def test_review_dates_are_kept_but_for_one_that_was_left_lying(world):
    rows = world.rows(
        "SELECT e.key, i.outcome, i.due_at FROM review_item i JOIN ledger_entity e ON e.id = i.entity_id"
        " WHERE i.kind = 'review-due'"
    )
    assert {outcome for _key, outcome, _due in rows} == {"extend", "lapse", ""}
    now = datetime.now(UTC)
    late = [key for key, outcome, due in rows if not outcome and datetime.fromisoformat(due).replace(tzinfo=UTC) < now]
    assert late == ["N-2197"]


def test_who_was_cleared_stays_silent_in_this_world(world):
    assert world.rows("SELECT COUNT(*) FROM screening_clearing WHERE since IS NOT NULL")[0][0] >= 4


def test_one_record_shows_everything_a_chain_can_show(world):
    for table, least in (("gradegiven", 6), ("handlinggiven", 3), ("basisgiven", 1), ("stancetaken", 4)):
        assert world.rows(f"SELECT COUNT(*) FROM ledger_{table}")[0][0] >= least
    assert world.rows("SELECT confidence FROM ledger_basisgiven") == [("moderate",)]
    given = world.rows("SELECT originators, purposes, expires FROM ledger_handlinggiven WHERE expires IS NOT NULL")
    assert "Kohsar Provincial CTD" in given[0][0]
    members = world.rows(
        "SELECT COUNT(*) FROM ledger_entity WHERE canonical_id ="
        " (SELECT canonical_id FROM ledger_entity WHERE key = 'K-0418')"
    )
    assert members == [(3,)]


def test_the_log_runs_forward_in_time_and_is_intact(world):
    times = [at for (at,) in world.rows("SELECT at FROM audit_entry ORDER BY number")]
    assert times == sorted(times)
    assert {event for (event,) in world.rows("SELECT DISTINCT event FROM audit_entry")} >= {
        "consultation",
        "collection",
    }
    done = commands.run(world.home, "baham", "audit", "verify")
    assert done.returncode == 0, done.stderr


def test_no_word_that_has_no_place_here(world):
    for question in (
        "SELECT value FROM ledger_statement",
        "SELECT title FROM review_item",
        "SELECT reason FROM review_signature",
        "SELECT reason FROM ledger_judgement",
        "SELECT reason FROM ledger_gradegiven",
        "SELECT reason || evidence FROM ledger_stancetaken",
        "SELECT title || justification FROM audit_entry",
        "SELECT name || name_local FROM accounts_organisation",
        "SELECT title || publisher FROM ledger_dataset",
        "SELECT reason || evidence FROM sharing_outcome",
        "SELECT verified FROM rights_request",
        "SELECT title FROM release_scope",
        "SELECT CAST(raw AS TEXT) FROM sharing_stored",
    ):
        for (text,) in world.rows(question):
            assert not FORBIDDEN.search(text), text
    assert world.rows("SELECT SUM(left_out) FROM ledger_version") == [(0,)]


def test_names_are_written_once_in_each_script():
    for table in (MEN, WOMEN, FAMILIES):
        assert len({latin for latin, _ in table}) == len({arabic for _, arabic in table}) == len(table)


def test_the_map_is_whole():
    edges = {
        frozenset(pair) for area in PROVINCES for pair in zip(area.ring, (*area.ring[1:], area.ring[0]), strict=True)
    }
    assert len(edges) < sum(len(area.ring) for area in PROVINCES)  # neighbours share their borders
    assert len(PROVINCES) == 6
    assert {place.province for place in PLACES} == {area.name for area in PROVINCES}
    assert len(as_geojson()["features"]) == len(PROVINCES) + len(DISTRICTS) + len(PLACES)
    for area in PROVINCES:
        assert all(_inside(place.at, area.ring) for place in PLACES if place.province == area.name), area.name


def _inside(point: tuple[float, float], ring: tuple[tuple[float, float], ...]) -> bool:
    x, y = point
    crossings = 0
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


def digest(world) -> str:
    """All statements but the two that go by the calendar."""
    rows = world.rows(
        "SELECT e.key, s.prop, s.value, s.original, s.since, s.until, s.flags FROM ledger_statement s"
        " JOIN ledger_entity e ON e.id = s.entity_id WHERE s.prop NOT IN ('listingDate', 'reviewDate') ORDER BY s.id"
    )
    return hashlib.sha256(repr(rows).encode()).hexdigest()
