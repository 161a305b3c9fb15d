"""The holder: what it answers and refuses, what it charges, and what is left of an epoch when it is over."""

import json
import os
import stat
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("rbcl", reason="the extra psi is not installed")

from baham.engines.overlap import batch, cardinality, group, oprf, setup
from baham.engines.overlap.group import ELEMENT
from baham.engines.overlap.session import Answer, BadMessage, Closing, Request
from baham.formats.dsse import BadSignature
from baham.kernel.clock import utc_text
from baham.measures.sharing.overlap import prepared
from baham.measures.sharing.overlap.holder import PATH, Holder, application_of
from baham.measures.sharing.overlap.letters import holders_key, opened, received, seal
from tests.measures.sharing.overlap.parties import DARYAB, HELD, KOHSAR, Table, some

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def table(tmp_path) -> Table:
    return Table(tmp_path)


def problem(reply) -> str:
    return json.loads(reply.content)["problem"]


def places_charged(table: Table) -> int:
    return sum(row["places"] for row in table.holder.book.requests())


def test_the_asker_learns_which_of_its_keys_are_held_and_nothing_else(table):
    offer, asked = table.offer(), some(20, start=290)
    assert (offer.entries, offer.left) == (1024, 150), "half of 300 in all is less than 256 a day"
    answer = table.answer(table.say(table.request(offer, asked)))
    found = batch.finish(asked, offer.public, answer.body, answer.proof)
    hits = setup.read(offer.body, offer.entries).find([output for _, output in found])
    assert {place.key for (place, _), hit in zip(found, hits) if hit} == set(HELD[290:])
    assert answer.left == 150 - 64
    row = table.holder.book.requests()[0]
    assert (row["places"], row["purpose"], bytes(row["commitment"])) == (64, "screening", asked.commitment)
    assert row["answered"]


def test_the_holder_writes_down_nothing_by_which_a_key_could_be_known(table):
    """Neither what was asked nor what was found stands anywhere in its folder; what it holds itself is not in the clear."""
    offer, asked = table.offer(), some(10)
    table.say(table.request(offer, asked))
    content = b"".join(path.read_bytes() for path in table.at.rglob("*") if path.is_file())
    assert not any(key in content or key.hex().encode() in content for key in HELD)


def test_everything_in_the_folder_is_for_its_owner_alone(table):
    table.say(table.request(table.offer(), some(3)))
    assert stat.S_IMODE(table.at.stat().st_mode) == 0o700
    for path in table.at.rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077 or path.suffix in (".sqlite3-wal", ".sqlite3-shm"), path


def test_a_request_beyond_the_days_quota_is_refused_and_costs_nothing(tmp_path):
    table = Table(tmp_path, daily=64, share=1.0)
    offer = table.offer()
    assert table.say(table.request(offer, some(64))).status == 200
    reply = table.say(table.request(offer, some(1)))
    assert (reply.status, problem(reply)) == (429, "the request has 16 places, and 0 are left today")
    assert places_charged(table) == 64
    table.clock.advance(days=1)
    assert table.say(table.request(offer, some(1))).status == 200


def test_the_share_of_the_set_holds_over_all_epochs(tmp_path):
    table = Table(tmp_path, share=0.1)
    assert table.offer().left == 30
    assert table.say(table.request(table.offer(), some(16))).status == 200
    table.clock.advance(days=8)
    table.prepare()
    assert table.offer().left == 14
    reply = table.say(table.request(table.offer(), some(16)))
    assert (reply.status, problem(reply)) == (429, "the request has 16 places, and 14 are left in all")


def test_a_replayed_request_and_a_used_nonce_are_refused(table):
    offer, asked = table.offer(), some(3)
    request = table.request(offer, asked)
    assert table.say(request).status == 200
    assert table.say(request).status == 409
    assert table.say(table.request(offer, some(4), nonce=request.nonce)).status == 409
    knock = table.knock()
    assert [table.say(knock).status, table.say(knock).status] == [200, 409]
    assert places_charged(table) == 16


def test_a_crash_in_the_middle_neither_loses_nor_doubles_the_quota(table):
    """The request was taken and charged; the holder dies before the answer is out. The same request is answered then."""
    offer, asked = table.offer(), some(3)
    letter = seal(table.request(offer, asked), table.asker)
    table.holder.answer(letter)  # `sent` is never called: the answer did not leave whole
    assert places_charged(table) == 16
    table.holder = Holder(table.at, table.clock)
    reply = table.holder.answer(letter)
    answer = table.answer(reply)
    assert len(batch.finish(asked, offer.public, answer.body, answer.proof)) == 3
    assert answer.left == 150 - 16 and places_charged(table) == 16
    reply.sent()
    assert table.holder.answer(letter).status == 409


@pytest.mark.parametrize(
    ("other", "status", "said"),
    [
        ({"purpose": "analysis"}, 403, "for the purpose screening"),
        ({"purpose": " "}, 400, "purpose"),
        ({"case": bytes(32)}, 403, "no case"),
        ({"commitment": bytes(32)}, 403, "commits to nothing"),
        ({"mode": "count"}, 403, "mode"),
        ({"epoch": "another"}, 410, "epoch has ended"),
        ({"holder": "somebody-else"}, 403, "another holder"),
        ({"asker": "stranger"}, 403, "no open epoch"),
        ({"at": "2026-11-23T07:40:00Z"}, 403, "was written at"),
        ({"at": "2026-11-23T08:20:00Z"}, 403, "was written at"),
        ({"body": bytes(64)}, 400, "no element"),
        ({"body": b""}, 400, "body"),
        ({"body": bytes(33)}, 400, "body"),
        ({"body": b"\xff" * 32}, 400, "no element"),
    ],
)
def test_what_is_refused_costs_nothing(table, other, status, said):
    reply = table.say(table.request(table.offer(), some(2), **other))
    assert (reply.status, said in problem(reply)) == (status, True), reply.content
    assert table.holder.book.requests() == []


def test_who_signs_with_another_key_is_refused(table):
    request = table.request(table.offer(), some(2))
    assert table.say(request, Ed25519PrivateKey.generate()).status == 403
    letter = received(seal(request, table.asker))
    unsigned = {**letter.envelope, "signatures": []}
    from baham.engines.overlap.session import pack

    assert table.holder.answer(pack(json.dumps({"envelope": unsigned}).encode(), letter.body)).status == 403
    exchanged = pack(json.dumps({"envelope": letter.envelope}).encode(), letter.body[32:] + letter.body[:32])
    assert table.holder.answer(exchanged).status == 400, "the body is bound by the signature"
    assert table.holder.book.requests() == []


def test_an_epoch_ends_and_nothing_of_its_key_is_left(table):
    offer, asked = table.offer(), some(2)
    secret = (table.at / "epochs" / f"{offer.epoch}.secret").read_bytes()
    table.clock.advance(days=7, minutes=1)
    assert table.say(table.request(offer, asked)).status == 403
    assert table.say(table.knock()).status == 403
    table.holder.upkeep()
    assert list((table.at / "epochs").iterdir()) == []
    assert all(secret not in path.read_bytes() for path in table.at.rglob("*") if path.is_file())


def test_a_file_is_overwritten_before_it_is_removed(table, tmp_path):
    """Whoever still has the file open sees zeros: the bytes were overwritten, not merely unlinked."""
    from baham.measures.sharing.overlap.folder import keep, shred

    path = tmp_path / "secret"
    keep(path, b"s" * 32)
    with path.open("rb") as still_open:
        shred(path)
        assert (still_open.read(), path.exists()) == (bytes(32), False)


def test_a_new_epoch_ends_the_one_before_and_its_offer(table):
    old, asked = table.offer(), some(2)
    table.prepare()
    reply = table.say(table.request(old, asked))
    assert (reply.status, "knock for another offer" in problem(reply)) == (410, True)
    assert [path.name for path in (table.at / "epochs").glob("*.secret")] == [f"{table.offer().epoch}.secret"]


def test_outputs_of_two_epochs_have_nothing_in_common(table):
    """What was learnt in one week says nothing in the next: the keys differ."""
    first = table.offer()
    table.prepare()
    second = table.offer()
    assert first.public != second.public and first.body != second.body


def test_the_prepared_file_is_gone_when_the_epoch_stands(table):
    assert list((table.at / "prepared").iterdir()) == []


@pytest.mark.parametrize("cut", [0, 5, 200, -1, -15])
def test_a_prepared_file_that_was_cut_off_makes_no_epoch(table, cut):
    before = table.offer().epoch
    terms = prepared.Terms("daryab", DARYAB, KOHSAR, {}, "screening", "keys", 64, 0.1, "2027-01-01T00:00:00Z", "1-x")
    prepared.write(table.at, terms, HELD)
    path = prepared.path_of(table.at, "daryab")
    path.write_bytes(path.read_bytes()[:cut] if cut != -1 else path.read_bytes().rsplit(b"{", 1)[0])
    table.holder.upkeep()
    assert table.offer().epoch == before
    assert list(path.parent.iterdir()) == [], "its keys are in the clear: nothing of it is kept"


def test_a_file_that_cannot_be_used_keeps_no_other_partner_waiting(table):
    """That of an agreement that has ended was taken away twice, and the rest waited for another turn."""
    before = table.offer().epoch
    ended = prepared.Terms("aaa", DARYAB, KOHSAR, {}, "screening", "keys", 64, 0.1, "2020-01-01T00:00:00Z", "1-x")
    prepared.write(table.at, ended, HELD)
    table.prepare()
    assert table.offer().epoch != before and list((table.at / "prepared").iterdir()) == []


def test_what_is_refused_anyway_is_not_computed_on(tmp_path, monkeypatch):
    """To look at a million elements takes seconds: quota and replay are looked at first."""
    table = Table(tmp_path, daily=16)
    offer, asked = table.offer(), some(2)
    good, many = table.request(offer, asked), table.request(offer, some(20))
    assert table.say(good).status == 200
    looked = []
    monkeypatch.setattr(group, "check", lambda elements: looked.append(len(elements)))
    assert [table.say(one).status for one in (good, many)] == [409, 429]
    assert not looked


def test_a_count_is_written_down_before_what_it_was_made_of_is_destroyed(tmp_path, monkeypatch):
    table = Table(tmp_path, mode="count", share=1.0)
    offer = table.offer()
    wanted = [(key, "C-7") for key in HELD[:4]]
    begun, first = cardinality.begin(wanted)
    request = table.request(offer, some(4), commitment=begun.commitment, body=first)
    answer = table.answer(table.say(request))
    cut = ELEMENT * (len(answer.body) // ELEMENT - answer.own)
    counted, third = cardinality.conclude(begun, answer.body[:cut], answer.body[cut:])
    closing = Closing(DARYAB, KOHSAR, offer.epoch, utc_text(table.clock.now()), request.digest, third)
    killed = monkeypatch.context()
    with killed as dying:
        dying.setattr("baham.measures.sharing.overlap.holder.shred", lambda path: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            table.say(closing)
    assert table.holder.book.request(request.digest)["both"] == counted.both == 4
    table.holder.upkeep()
    assert list((table.at / "counting").iterdir()) == []


def test_a_count_tells_both_sides_how_many_and_no_one_which(tmp_path):
    table = Table(tmp_path, mode="count", share=1.0)
    offer = table.offer()
    assert offer.body == b"", "nothing to ask about later"
    wanted = [(key, "C-7") for key in HELD[:12] + [b"n|nobody+at|%d" % n for n in range(20)]]
    begun, first = cardinality.begin(wanted)
    request = table.request(offer, some(1), commitment=begun.commitment, body=first)
    answer = table.answer(table.say(request))
    many = len(answer.body) // 32 - answer.own
    assert (many, answer.own) == (64, 1024)
    count, third = cardinality.conclude(begun, answer.body[: 32 * many], answer.body[32 * many :])
    assert count.both == 12
    closing = Closing(DARYAB, KOHSAR, offer.epoch, utc_text(table.clock.now()), request.digest, third)
    assert table.say(closing).status == 204
    assert table.say(closing).status == 404, "it is closed once"
    assert table.holder.book.requests()[0]["both"] == 12
    assert list((table.at / "counting").iterdir()) == []
    keys_mode = table.request(offer, some(2), mode="keys")
    assert table.say(keys_mode).status == 403, "who may count may not ask which"


def test_a_power_cut_while_a_count_is_closed_loses_no_count(tmp_path, monkeypatch):
    from baham.measures.sharing.overlap import holder

    table = Table(tmp_path, mode="count", share=1.0)
    offer = table.offer()
    begun, first = cardinality.begin([(key, "C-7") for key in HELD[:12]])
    request = table.request(offer, some(1), commitment=begun.commitment, body=first)
    answer = table.answer(table.say(request))
    many = len(answer.body) // 32 - answer.own
    _count, third = cardinality.conclude(begun, answer.body[: 32 * many], answer.body[32 * many :])
    closing = Closing(DARYAB, KOHSAR, offer.epoch, utc_text(table.clock.now()), request.digest, third)

    def cut(path: Path) -> None:
        path.unlink()
        raise KeyboardInterrupt

    monkeypatch.setattr(holder, "shred", cut)
    with pytest.raises(KeyboardInterrupt):
        table.say(closing)
    assert table.holder.book.requests()[0]["both"] == 12


def test_a_reply_is_trusted_only_through_the_partners_own_key(table):
    reply = received(table.say(table.knock()).content)
    pinned = Ed25519PrivateKey.generate()
    strangers = {"0": pinned.public_key().public_bytes_raw()}
    now = utc_text(table.clock.now())
    for party, keys in ((KOHSAR, strangers), (DARYAB, strangers)):
        with pytest.raises(BadSignature):
            holders_key(reply, party, keys, now)
    with pytest.raises(BadSignature):
        opened(Answer, reply, strangers)


def environ(content: bytes, path: str = PATH, method: str = "POST", length: str | None = None) -> dict:
    return {
        "PATH_INFO": path,
        "REQUEST_METHOD": method,
        "wsgi.input": BytesIO(content),
        "CONTENT_LENGTH": str(len(content)) if length is None else length,
    }


def over_http(table: Table, **request) -> int:
    statuses = []
    body = application_of(table.holder)(environ(**request), lambda status, headers: statuses.append(int(status[:3])))
    json.loads(b"".join(body))
    return statuses[0]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"content": b"", "path": "/"}, 404),
        ({"content": b"", "path": "/overlap/../keys"}, 404),
        ({"content": b"", "method": "GET"}, 405),
        ({"content": b"", "length": ""}, 411),
        ({"content": b"", "length": "-1"}, 411),
        ({"content": b"", "length": "99999999999"}, 413),
        ({"content": b"abc", "length": "10"}, 400),
        ({"content": b""}, 400),
    ],
)
def test_what_is_no_letter_is_refused_over_http(table, request_, status):
    assert over_http(table, **request_) == status


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_comes_is_answered_in_one_line_and_charges_nothing(table, data):
    """Truncated, garbled and invented letters: a status that says so, never a fault, never a charge."""
    good = seal(table.request(table.offer(), some(1)), table.asker)
    how = data.draw(st.sampled_from(["cut", "flip", "noise"]))
    if how == "cut":
        content = good[: data.draw(st.integers(0, len(good) - 1))]
    elif how == "flip":
        at, changed = data.draw(st.integers(0, len(good) - 1)), bytearray(good)
        changed[at] ^= data.draw(st.integers(1, 255))
        content = bytes(changed)
    else:
        content = data.draw(st.binary(max_size=300))
    status = over_http(table, content=content)
    charged = len(table.holder.book.requests())
    assert 400 <= status < 500
    assert charged == 0


def test_a_fault_of_the_holders_own_says_so_and_no_more(table, monkeypatch, caplog):
    monkeypatch.setattr(oprf, "evaluate", lambda *_: 1 / 0)
    assert over_http(table, content=seal(table.request(table.offer(), some(1)), table.asker)) == 500
    assert "could not be answered" in caplog.text


def test_the_holder_knows_no_ledger():
    """Its process imports no Django, no platform room but the settings and the front, and no part of Baham that reads the ledger."""
    code = "import sys, baham.measures.sharing.overlap.holder\nprint('\\n'.join(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    loaded = set(done.stdout.split())
    assert "baham.measures.sharing.overlap.holder" in loaded
    assert not {name for name in loaded if name.split(".")[0] in ("django", "ninja", "allauth", "huey")}
    rooms = {name for name in loaded if name.startswith("baham.platform.")}
    assert rooms == {"baham.platform.environment", "baham.platform.front"}


def test_a_request_is_no_other_message():
    with pytest.raises(BadMessage):
        Request.read({"kind": "x"}, b"")
    assert group.count(bytes(64)) == 2


def test_the_largest_batch_is_a_request_and_one_more_is_none():
    """A million places have their two sums behind them."""
    fields = ("a", "b", "e", "2026-11-23T08:00:00Z", bytes(16), "screening", bytes(32), bytes(32), "keys")
    Request(*fields, body=bytes(ELEMENT * (batch.MOST + batch.CHECKS))).check()
    with pytest.raises(BadMessage):
        Request(*fields, body=bytes(ELEMENT * (batch.MOST + batch.CHECKS + 1))).check()
