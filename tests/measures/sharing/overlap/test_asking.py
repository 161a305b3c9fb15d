"""The asker: leads and nothing but leads, protected persons left out before anything is encrypted, wrong answers found."""

import base64
import json
from threading import Thread
from time import sleep
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.utils import timezone

pytest.importorskip("rbcl", reason="the extra psi is not installed")

from baham.engines.overlap import cardinality, oprf
from baham.engines.overlap.keys import Document, Person
from baham.engines.overlap.session import Request
from baham.kernel.clock import SystemClock
from baham.kernel.standing import Standing
from baham.measures.sharing.overlap import asking, audits
from baham.measures.sharing.overlap.asking import CannotAsk, Subject
from baham.measures.sharing.overlap.folder import folder
from baham.measures.sharing.overlap.holder import application_of
from baham.measures.sharing.overlap.letters import received
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.models import Entry
from baham.platform.audit.services import Actor
from baham.platform.ledger.models import Entity, Statement
from baham.platform.ledger.standing import give_standing
from baham.platform.release.identity import ours
from baham.platform.release.partners import add_key
from baham.platform.review.models import Item
from tests.measures.sharing.overlap.parties import KOHSAR, Table, public
from tests.platform.release.conftest import WHY
from tests.support.people import actor

pytestmark = pytest.mark.django_db
ASKER = Actor("ulvand", Purpose("screening", "C-7"))
HELD = [b"n|tlbnd+zrGn|1985", b"d|passport|pk|ab1234567"]
SUBJECTS = [
    Subject("1", Person(["زرغون تلبند"], ["1984"])),
    Subject("2", Person(["Gulalai Rudabari"], ["1990"], [Document("AB 123 4567", "passport", "pk")])),
    Subject("3", Person(["Mirwais Khorvash"], ["1979-05-02"])),
    Subject("4", Person(["Zarghun Talband"])),
]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def _served(holder):
    """A holder behind a plain WSGI server, which says as the front does when an answer has gone out."""
    answered = application_of(holder)

    def application(environ, start):
        body = answered(environ, start)
        yield from body
        body.sent()

    return application


@pytest.fixture
def held(home, tmp_path, partner, agree):
    """Serves a holder of Kohsar on loopback, in a thread, with these keys; gives (table, partner, url)."""
    servers = []

    def make(keys=HELD, **more):
        made = partner("kohsar", party=KOHSAR)
        agree(made, overlap_daily=256, overlap_share=1.0)
        table = Table(
            tmp_path / "other", keys=list(keys), clock=SystemClock(), asker=ours().signing_key, **{"share": 1.0, **more}
        )
        table.prepare(asker=ours().party)
        add_key(actor(), made, "sign", base64.b64encode(public(table.installation)).decode())
        server = make_server("127.0.0.1", 0, _served(table.holder), handler_class=_Quiet)
        servers.append(server)
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return table, made, f"http://127.0.0.1:{server.server_port}"

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


MANY = [b"n|aa+bb|%d" % year for year in range(1000, 2000)]


def last(outcomes):
    return list(outcomes)[-1]


def test_leads_for_what_both_hold_and_the_rows_that_could_not_be_asked_about(held):
    table, partner_, url = held()
    outcome = last(asking.ask(ASKER, partner_, url, SUBJECTS))
    assert [(lead.id, lead.key) for lead in sorted(outcome.leads, key=lambda lead: lead.id)] == [
        ("1", "name and year of birth"),
        ("2", "document"),
    ]
    assert outcome.without_key == ["4"] and outcome.beyond_quota == []
    assert "nothing follows by itself" in asking.lead_as_json(outcome.leads[0], "kohsar")["note"]
    assert [row["places"] for row in table.holder.book.requests()] == [16]
    for _ in range(100):  # it is written down once the reply has left
        if table.holder.book.requests()[0]["answered"]:
            return
        sleep(0.02)
    raise AssertionError("the request was answered and is not written down as such")


def test_a_lead_changes_nothing_here(held):
    _, partner_, url = held()
    before = (Entity.objects.count(), Statement.objects.count(), Item.objects.count())
    assert last(asking.ask(ASKER, partner_, url, SUBJECTS)).leads
    assert (Entity.objects.count(), Statement.objects.count(), Item.objects.count()) == before


def test_asking_is_logged_with_purpose_case_and_commitment_and_without_names(held):
    _, partner_, url = held()
    outcome = last(asking.ask(ASKER, partner_, url, SUBJECTS))
    asked, found = Entry.objects.order_by("-number")[1], Entry.objects.order_by("-number")[0]
    assert {(one.event, one.purpose, one.case, one.subject) for one in (asked, found)} == {
        ("combination", "screening", "C-7", "partner:kohsar")
    }
    assert found.detail["commitments"] == outcome.commitments and found.detail["leads"] == 2
    assert "Zarghun" not in json.dumps([asked.detail, found.detail], ensure_ascii=False)


def test_protected_persons_are_not_asked_about(held, ledger):
    """k-1 is Zarghun Talband, 1984: a victim by our own records, in whatever script somebody asks."""
    give_standing(ledger["k-1"], Standing.VICTIM, actor(), WHY)
    table, partner_, url = held()
    outcome = last(asking.ask(ASKER, partner_, url, SUBJECTS))
    assert [lead.id for lead in outcome.leads] == ["2"] and outcome.left_out == 1
    kept = b"".join(path.read_bytes() for path in (folder() / "asked").iterdir())
    assert b"tlbnd" not in kept, "left out before anything was committed to or encrypted"


def test_a_holder_that_answers_with_another_key_is_found(held, monkeypatch):
    table, partner_, url = held()
    other, _ = oprf.derive_key(bytes(32))
    true = oprf.evaluate
    monkeypatch.setattr(oprf, "evaluate", lambda secret, *rest: true(other, *rest))
    with pytest.raises(CannotAsk, match="answered wrongly"):
        last(asking.ask(ASKER, partner_, url, SUBJECTS))
    assert Entry.objects.order_by("-number")[0].detail["leads"] == 0


def test_a_holder_whose_key_nobody_vouches_for_is_not_believed(held):
    table, partner_, url = held()
    table.prepare(asker=ours().party, delegation={})
    with pytest.raises(CannotAsk, match="vouches"):
        last(asking.ask(ASKER, partner_, url, SUBJECTS))
    partner_.keys.update(revoked_at=timezone.now())
    with pytest.raises(CannotAsk, match="pinned"):
        last(asking.ask(ASKER, partner_, url, SUBJECTS))


def test_an_offer_of_another_edition_of_keys_is_refused(held):
    table, partner_, url = held()
    table.prepare(asker=ours().party, keys="1-other")
    with pytest.raises(CannotAsk, match="same version of Baham"):
        last(asking.ask(ASKER, partner_, url, SUBJECTS))


def test_requests_are_cut_to_what_is_left_and_the_rest_is_told(held):
    _, partner_, url = held(HELD + MANY, daily=32)
    people = [
        Subject(str(n), Person(["Zarghun Talband", f"Qwxyz Vbnm{chr(97 + n)}"], [str(1900 + 4 * n)])) for n in range(20)
    ]
    *_, outcome = asking.ask(ASKER, partner_, url, people)
    assert (outcome.places, len(outcome.commitments)) == (32, 2)
    assert outcome.beyond_quota and set(outcome.beyond_quota) < {one.id for one in people}


def test_only_how_many_where_that_was_agreed(held):
    table, partner_, url = held(mode="count")
    outcome = last(asking.ask(ASKER, partner_, url, SUBJECTS))
    assert (outcome.both, outcome.leads) == (2, [])
    assert [row["both"] for row in table.holder.book.requests()] == [2]


def test_what_is_not_agreed_is_not_asked(held, agree):
    table, partner_, url = held()
    for who, said in (
        (Actor("x"), "purpose and the case"),
        (Actor("x", Purpose("screening", " ")), "purpose and the case"),
        (Actor("x", Purpose("redress", "C-7")), "does not cover"),
    ):
        with pytest.raises(CannotAsk, match=said):
            last(asking.ask(who, partner_, url, SUBJECTS))
    agree(partner_, overlap_daily=0)
    with pytest.raises(CannotAsk, match="no agreement in force"):
        last(asking.ask(ASKER, partner_, url, SUBJECTS))
    assert table.holder.book.requests() == []


def test_an_offer_that_cannot_be_used_is_told_in_one_line(held, monkeypatch):
    """Signed by the holder, and still nothing that a filter or a public key could be."""
    table, partner_, url = held()
    epoch = next((table.at / "epochs").glob("*.set"))
    good = epoch.read_bytes()
    for content in (b"", good[:-1], bytes(len(good)), b"\xff" * len(good)):
        epoch.write_bytes(content)
        with pytest.raises(CannotAsk, match="cannot be used"):
            last(asking.ask(ASKER, partner_, url, SUBJECTS))
    assert table.holder.book.requests() == []


def test_a_count_answered_with_what_is_no_element_is_told_in_one_line(held, monkeypatch):
    table, partner_, url = held(mode="count")
    monkeypatch.setattr(
        cardinality, "respond_elements", lambda own, first, *_: (first[:-32] + b"\xff" * 32, first * 64)
    )
    with pytest.raises(CannotAsk, match="answered wrongly"):
        last(asking.ask(ASKER, partner_, url, SUBJECTS))


def test_a_redirect_is_not_followed(held):
    """A letter goes to the address that was agreed, and to no other."""

    def elsewhere(environ, start):
        start("307 Temporary Redirect", [("Location", "http://127.0.0.1:9/overlap"), ("Content-Length", "0")])
        return [b""]

    _, partner_, _ = held()
    server = make_server("127.0.0.1", 0, elsewhere, handler_class=_Quiet)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    with pytest.raises(CannotAsk, match="HTTP 307"):
        last(asking.ask(ASKER, partner_, f"http://127.0.0.1:{server.server_port}", SUBJECTS))
    server.shutdown()
    server.server_close()


def test_what_was_asked_is_kept_for_a_year_and_not_for_ever(held):
    _, partner_, url = held()
    last(asking.ask(ASKER, partner_, url, SUBJECTS))
    kept = next((folder() / "asked").iterdir())
    assert audits.forget(folder(), kept.stat().st_mtime + 365 * 86_400) == 0
    assert audits.forget(folder(), kept.stat().st_mtime + 367 * 86_400) == 1
    assert not kept.exists()


@pytest.mark.parametrize("url", ["http://kohsar.example", "ftp://127.0.0.1", "", "file:///etc/passwd"])
def test_only_https_leaves_the_machine(held, url):
    _, partner_, _ = held()
    with pytest.raises(CannotAsk, match="https|names no machine"):
        last(asking.ask(ASKER, partner_, url, SUBJECTS))


def test_a_holder_that_cannot_be_reached_is_told_in_one_line(held, monkeypatch):
    monkeypatch.setattr(asking, "_WAIT", 0.01)
    _, partner_, _ = held()
    with pytest.raises(CannotAsk, match="refused"):
        last(asking.ask(ASKER, partner_, "http://127.0.0.1:9", SUBJECTS))


def test_a_connection_lost_in_the_middle_is_tried_again_and_charged_once(held, monkeypatch):
    table, partner_, url = held()
    monkeypatch.setattr(asking, "_WAIT", 0.01)
    true, broken = table.holder.answer, []

    def breaking(content):
        reply = true(content)
        if not broken and received(content).kind == Request.kind:
            broken.append(1)
            raise ConnectionResetError("the cable")
        return reply

    monkeypatch.setattr(table.holder, "answer", breaking)
    outcome = last(asking.ask(ASKER, partner_, url, SUBJECTS))
    assert len(outcome.leads) == 2 and broken
    assert [row["places"] for row in table.holder.book.requests()] == [16]


def test_an_auditor_opens_what_was_asked(held):
    table, partner_, url = held()
    outcome = last(asking.ask(ASKER, partner_, url, SUBJECTS))
    commitment = outcome.commitments[0]
    seen = [audits.examine(json.loads(json.dumps(audits.opening(folder(), commitment, place)))) for place in range(16)]
    assert all(one.checked.good for one in seen)
    assert {one.key for one in seen} >= {"n|tlbnd+zrGn|1984", "d|passport|pk|ab1234567", ""}
    digest = bytes(table.holder.book.requests()[0]["digest"]).hex()
    assert {one.request for one in seen} == {digest}, "the same request stands in the holder's book"
    lie = audits.opening(folder(), commitment, next(i for i, one in enumerate(seen) if one.key))
    true = dict(lie)
    for other in ({"place": [*lie["place"][:2], "C-8", *lie["place"][3:]]}, {"case_salt": "00" * 16}):
        assert not audits.examine({**true, **other}).checked.good
    for bad in ({}, [], {"request": {}}, {**lie, "place": [1]}, {**lie, "elements": "00"}, {**lie, "index": "x"}, None):
        with pytest.raises(audits.BadOpening):
            audits.examine(bad)
    for name, place in (("0" * 16, 0), (commitment, 16), ("../../x", 0), ("", 0)):
        with pytest.raises(audits.BadOpening):
            audits.opening(folder(), name, place)


def test_an_epoch_that_ends_between_offer_and_request(held, monkeypatch):
    table, partner_, url = held()
    true = asking._find

    def late(*arguments):
        table.prepare(asker=ours().party)
        yield from true(*arguments)

    monkeypatch.setattr(asking, "_find", late)
    with pytest.raises(CannotAsk, match="the epoch has ended"):
        last(asking.ask(ASKER, partner_, url, SUBJECTS))
    assert table.holder.book.requests() == []


def test_more_keys_than_a_request_holds_are_asked_in_portions():
    from baham.engines.overlap import batch
    from baham.measures.sharing.overlap.asking import _fitting

    assert _fitting(batch.MOST + 1, 1 << 40) == batch.MOST
    assert _fitting(3 * batch.MOST, batch.MOST) == batch.MOST - 1_024, "its two sums do not fit any more"
    assert _fitting(3, 15) == 0
