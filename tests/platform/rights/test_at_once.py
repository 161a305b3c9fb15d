"""Two people at the same moment. SQLite has one writer, so these ask PostgreSQL."""

import time as clock
from collections.abc import Callable
from threading import Barrier, Event, Thread

import pytest
from django.db import connection

from baham.platform.accounts.models import User
from baham.platform.accounts.roles import Role
from baham.platform.audit.services import Actor
from baham.platform.ledger.models import Statement
from baham.platform.release import recalls
from baham.platform.release.releases import put_forward
from baham.platform.review.services import decide
from baham.platform.rights import oversight, requests
from baham.platform.rights.models import Examination
from tests.platform.release.conftest import agency, agree, officers, partner  # noqa: F401
from tests.support.people import actor, person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
WHY = "An invented reason that is long enough."
ASKED = {"name": "Zarghun Talband", "birth_date": "1984"}


def together(*acts: Callable[[], object]) -> list[str]:
    """What became of acts that are done at the same moment, each in a thread: "ok", or the fault in words."""
    found = ["never ended"] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            act()
            found[number] = "ok"
        except Exception as error:
            found[number] = f"{type(error).__name__}: {error}"
        finally:
            connection.close()

    threads = [Thread(target=run, args=one) for one in enumerate(acts)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    return found


def test_two_grounds_at_once_are_not_agreed_on(ledger, signers, monkeypatch):
    one = requests.ask(actor("barvand"), entities=[ledger["k-1"].pk], asked=ASKED, verified="passport seen")
    true, both = requests._grounds, Barrier(2)

    def slow(*given):
        both.wait(10)
        return true(*given)

    monkeypatch.setattr(requests, "_grounds", slow)

    def sign(name: str, ground: str) -> Callable[[], object]:
        user = User.objects.get(username=name)
        return lambda: requests.decide_on(one, one.matter, user, Actor(name), "refuse", WHY, ground=ground)

    came = together(sign("hamida", "a"), sign("baraan", "d"))
    one.refresh_from_db()
    assert sorted(word[:12] for word in came) == ["CannotDecide", "ok"], came
    assert one.is_open and one.words.count() == 1


def test_an_answer_comes_before_oversight_once(ledger, signers):
    one = requests.ask(actor("barvand"), entities=[ledger["k-1"].pk], asked=ASKED, verified="passport seen")
    for user in (signers[0], person(Role.REVIEWER, "halim")):
        requests.decide_on(one, one.matter, user, Actor(user.username), "refuse", WHY, ground="a")
    one.refresh_from_db()
    both = Barrier(2)

    def bring() -> None:
        both.wait(10)
        oversight.bring(one, actor())

    assert together(bring, bring) == ["ok", "ok"]
    assert Examination.objects.count() == 1


def test_a_recall_and_a_release_to_the_same_partner_do_not_stop_each_other(
    ledger,
    agency,  # noqa: F811
    officers,  # noqa: F811
    monkeypatch,  # noqa: F811
):
    def proposed(key: str):
        return put_forward(Actor("ulvand"), agency, [ledger[key]], purpose="analysis", case="question 4")

    decide(proposed("k-1").matter, officers[1], Actor("noor"), "send", WHY)
    waits = proposed("k-2")
    said = Statement.objects.filter(entity=ledger["k-1"], prop="name").first()
    true, told = recalls.touch, Event()

    def slow(entities):
        told.set()
        clock.sleep(1.5)
        return true(entities)

    monkeypatch.setattr(recalls, "touch", slow)

    def send() -> None:
        told.wait(10)
        decide(waits.matter, officers[1], Actor("noor"), "send", WHY)

    came = together(lambda: recalls.recall(actor(), {said.sid_hex: said.entity_id}, "error", WHY), send)
    assert came == ["ok", "ok"]
