"""Requests of persons concerned, and what people made of their partners' word, in the demonstration world."""

import json
from datetime import datetime


def test_one_request_was_answered_in_part_one_refused_and_one_waits(world):
    rows = world.rows("SELECT id, answer, grounds, kept, content IS NOT NULL FROM rights_request ORDER BY id")
    assert [(answer, json.loads(grounds)) for _pk, answer, grounds, *_more in rows] == [
        ("part", {"reader": "b", "recipient": "b"}),
        ("refuse", {"whole": "a"}),
        ("", {}),
    ]
    first, second = (json.loads(kept) for _pk, _answer, _grounds, kept, _has in rows[:2])
    assert first["reader"] and first["recipient"] and second["whole"]
    assert [has for *_row, has in rows] == [1, 1, 0]
    for pk, answer, *_more in rows[:2]:
        signed = world.rows('SELECT "by" FROM rights_word WHERE request_id = ? AND choice = ? ORDER BY id', pk, answer)
        assert signed == [("noor",), ("halim",)]
        assert world.rows("SELECT COUNT(*) FROM rights_givenout WHERE request_id = ?", pk) == [(1,)]
    assert world.rows("SELECT COUNT(*) FROM rights_request WHERE due_on < received_on") == [(0,)]


def test_the_partial_answer_tells_something_and_nobody_by_name(world):
    (content,) = world.rows("SELECT content FROM rights_request WHERE answer = 'part'")[0]
    assert json.loads(content)["items"] > 20
    for name in ("noor", "halim", "tirvash", "Varand, Ministry"):
        assert f'"{name}"' not in content


def test_the_refusal_is_before_oversight_without_a_finding(world):
    rows = world.rows(
        "SELECT r.answer, e.brought_by, e.opened_by, e.finding, e.due_on FROM rights_examination e"
        " JOIN rights_request r ON r.id = e.request_id"
    )
    assert [row[:4] for row in rows] == [("refuse", "person", "zaravan", "")]
    assert datetime.fromisoformat(rows[0][4]) > datetime.now()


def test_two_claims_of_nilgar_were_looked_into_in_two_quarters(world):
    rows = world.rows(
        'SELECT o.kind, o.at, o."by" FROM sharing_outcome o JOIN sharing_received r ON r.id = o.received_id'
        " JOIN release_partner p ON p.id = r.partner_id WHERE p.name = 'nilgar' ORDER BY o.id"
    )
    assert [(kind, by) for kind, _at, by in rows] == [("contradicted", "tirvash"), ("corroborated", "tirvash")]
    moments = [datetime.fromisoformat(at) for _kind, at, _by in rows]
    assert len({(at.year, (at.month - 1) // 3) for at in moments}) == 2


def test_a_circle_with_nilgar_in_it_was_signed_by_two_people_and_told_to_it(world):
    ((members, envelope, pk),) = world.rows("SELECT members, envelope, id FROM release_scope")
    ((party, partner),) = world.rows("SELECT party, id FROM release_partner WHERE name = 'nilgar'")
    assert [one.replace("-", "") for one in json.loads(members)] == [str(party).replace("-", "")]
    assert json.loads(envelope)["signatures"] and pk
    ((by, signed),) = world.rows(
        'SELECT i.proposed_by, s."by" FROM review_item i JOIN review_signature s ON s.item_id = i.id'
        " WHERE i.kind = 'scope'"
    )
    assert (by, signed) == ("ulvand", "noor")
    kinds = world.rows("SELECT kind FROM release_message WHERE partner_id = ? AND direction = 'out'", partner)
    assert ("scope",) in kinds


def test_what_nilgar_posted_waits_for_a_person(world):
    rows = world.rows(
        "SELECT s.type, s.state, p.name FROM sharing_stored s JOIN release_partner p ON p.id = s.owner_id ORDER BY seq"
    )
    assert [kind for kind, *_row in rows] == ["identity", "identity", "email-addr", "relationship"]
    assert {row[1:] for row in rows} == {(1, "nilgar")}


def test_what_the_recall_brought_up_was_decided_within_its_time(world):
    ((outcome, due, closed, by),) = world.rows(
        'SELECT i.outcome, i.due_at, i.closed_at, s."by" FROM review_item i'
        " JOIN review_signature s ON s.item_id = i.id WHERE i.kind = 'reassess-plain'"
    )
    assert (outcome, by) == ("stands", "noor") and closed < due
    # It was brought up because it rested on the father's name; it stands, and so the two records are one still.
    assert world.rows("SELECT COUNT(DISTINCT canonical_id) FROM ledger_entity WHERE key IN ('K-0418', 'N-2207')") == [
        (1,)
    ]
