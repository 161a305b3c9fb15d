"""Whoever is closed after a set was handed over is asked about no more: the epoch ends at once and is made anew."""

import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

import pytest

pytest.importorskip("rbcl", reason="the extra psi is not installed")

from baham.kernel.handling import PAP, TLP, Handling
from baham.kernel.standing import Protected, Standing
from baham.measures.sharing.models import PreparedKey, PreparedSet
from baham.measures.sharing.overlap import epochs, offered, prepared, stopping
from baham.measures.sharing.overlap.book import Book
from baham.measures.sharing.overlap.folder import folder, keep
from baham.measures.sharing.overlap.prepare import kept_back, prepare
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.services import Actor
from baham.platform.ledger import annotate, touches
from baham.platform.ledger.models import Dataset, Entity, Statement
from baham.platform.ledger.resolve import judge
from baham.platform.ledger.standing import give_standing, lift, restrict
from baham.platform.ledger.touches import TOUCHED
from baham.platform.release.recalls import recall
from tests.platform.release.conftest import WHY
from tests.platform.rights.conftest import signers  # noqa: F401
from tests.platform.rights.test_erasure import ask
from tests.platform.rights.test_erasure import sign as sign_erasure
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor

pytestmark = pytest.mark.django_db(transaction=True)
ZARGHUN = b"n|tlbnd+zrGn|1984"
ASKER = Actor("ulvand", Purpose("screening", "C-7"))


@pytest.fixture
def epoch(ready, home):
    """The holder's book with an open epoch made of what was prepared for the partner."""
    chosen = ready()
    prepare(ASKER, chosen)
    book = Book(folder(home) / "holder.sqlite3")
    epochs.make(book, folder(home), prepared.path_of(folder(home), "varand"), datetime.now(UTC))
    return book


def keys_now(home) -> set[bytes]:
    """What was made anew for the holder; nothing where no file is there."""
    path = prepared.path_of(folder(home), "varand")
    return set(prepared.read(path)[1]) if path.exists() else set()


def recalled(entity) -> None:
    statement = Statement.objects.get(entity=entity, prop="birthDate")
    recall(actor(), {statement.sid_hex: entity.pk}, "error", WHY)


def marked(entity) -> None:
    for statement in Statement.objects.filter(entity=entity, prop="name"):
        annotate.handle(statement, Handling(TLP.RED, PAP.RED), actor(), WHY)


CLOSES = {
    "restricted": lambda entity: restrict(entity, actor(), WHY),
    "a victim": lambda entity: give_standing(entity, Standing.VICTIM, actor(), WHY),
    "a child": lambda entity: give_standing(entity, Standing.SUSPECT, actor(), WHY, [Protected.MINOR]),
    "recalled": recalled,
    "marked RED": marked,
    "delisted": lambda entity: load_rows(Path(mkdtemp()), PEOPLE[1:]),
}


@pytest.mark.parametrize("closes", CLOSES)
def test_whoever_is_closed_is_answered_for_no_more(epoch, ledger, home, closes):
    CLOSES[closes](ledger["k-1"])
    assert not epoch.epochs() and not list((folder(home) / "epochs").iterdir())
    left = keys_now(home)
    assert ZARGHUN not in left and len(left) == 2, "the others can be asked about again"


def test_an_erasure_ends_the_sets_that_the_person_stands_in(epoch, ledger, home, signers):  # noqa: F811
    keep(folder(home) / "prepared" / "varand.refused", b"n|tlbnd+zrGn|1984\n")
    assert sign_erasure(ask(ledger["k-1"]), signers).state == "done"
    assert not epoch.epochs() and ZARGHUN not in keys_now(home)
    assert not PreparedKey.objects.filter(entity=ledger["k-1"].pk).exists()
    assert not list((folder(home) / "prepared").glob("*.refused")), "what a version before this had left"


def test_a_namesake_who_is_set_apart_takes_the_key_out_too(epoch, home):
    load_rows(home, [{"id": "x-1", "name": "زرغون تلبند", "birth_date": "1984-03-01"}], name="desk")
    give_standing(Entity.objects.get(key="x-1"), Standing.WITNESS, actor(), WHY)
    assert not epoch.epochs() and ZARGHUN not in keys_now(home)


def test_who_is_judged_to_be_one_with_a_victim(epoch, ledger, home):
    load_rows(home, [{"id": "x-2", "name": "Khan Talband", "birth_date": "1960"}], name="desk")
    other = Entity.objects.get(key="x-2")
    give_standing(other, Standing.VICTIM, actor(), WHY)
    assert len(epoch.epochs()) == 1
    judge(ledger["k-1"], other, "same", actor(), WHY)
    assert not epoch.epochs() and ZARGHUN not in keys_now(home)


def test_what_closes_nothing_of_the_set_ends_no_epoch(epoch, ledger, home):
    load_rows(home, [{"id": "x-3", "name": "Palwasha Orband", "birth_date": "1991"}], name="desk")
    restrict(Entity.objects.get(key="x-3"), actor(), WHY)
    give_standing(ledger["k-1"], Standing.SUSPECT, actor(), WHY)
    assert len(epoch.epochs()) == 1 and not keys_now(home)
    assert PreparedSet.objects.get().seen == touches.last(), "and is not looked at again"


def test_who_is_let_in_again_is_in_the_next_set(epoch, ledger, home):
    lift(restrict(ledger["k-1"], actor(), WHY), actor(), WHY)
    prepare(ASKER, PreparedSet.objects.get().partner)
    assert ZARGHUN in keys_now(home)


def test_a_crash_before_anybody_looked_is_made_good_within_the_hour(epoch, ledger, home, monkeypatch):
    monkeypatch.setattr("baham.platform.ledger.touches.TOUCHED", [])
    restrict(ledger["k-1"], actor(), WHY)
    assert len(epoch.epochs()) == 1, "the process died when it had committed"
    offered.hourly()
    assert not epoch.epochs() and ZARGHUN not in keys_now(home)
    assert offered.look in TOUCHED


def test_who_is_closed_while_the_set_is_made_is_not_in_it(ready, ledger, home, monkeypatch):
    chosen, write = ready(), prepared.content

    def late(terms, keys):
        monkeypatch.setattr(prepared, "content", write)
        restrict(ledger["k-1"], actor(), WHY)
        return write(terms, keys)

    monkeypatch.setattr(prepared, "content", late)
    prepare(ASKER, chosen)
    assert ZARGHUN not in keys_now(home) and len(keys_now(home)) == 2


def test_a_stop_holds_while_the_epoch_is_being_made(ready, home, monkeypatch):
    """A set of 100,000 keys takes half a minute; whoever ends the partnership then has ended it."""
    prepare(ASKER, ready())
    book, at = Book(folder(home) / "holder.sqlite3"), folder(home)
    computed, derive = [], epochs.oprf.derive_key

    def slow(*given):
        thread = threading.Thread(target=lambda: computed.append(stopping.close("varand")))
        thread.start()
        thread.join()
        return derive(*given)

    monkeypatch.setattr(epochs.oprf, "derive_key", slow)
    with pytest.raises(epochs.Withdrawn):
        epochs.make(book, at, prepared.path_of(at, "varand"), datetime.now(UTC))
    assert computed == [0] and not book.epochs()
    assert not (at / "epochs").exists() or not list((at / "epochs").iterdir())


def test_what_is_prepared_while_an_epoch_is_being_made_of_the_old_is_not_lost(ready, home, monkeypatch):
    chosen = ready()
    prepare(ASKER, chosen)
    book, at, derive = Book(folder(home) / "holder.sqlite3"), folder(home), epochs.oprf.derive_key

    def slow(*given):
        monkeypatch.setattr(epochs.oprf, "derive_key", derive)
        prepare(ASKER, chosen)
        return derive(*given)

    monkeypatch.setattr(epochs.oprf, "derive_key", slow)
    with pytest.raises(epochs.Withdrawn):
        epochs.make(book, at, prepared.path_of(at, "varand"), datetime.now(UTC))
    assert prepared.path_of(at, "varand").exists() and epochs.make(
        book, at, prepared.path_of(at, "varand"), datetime.now(UTC)
    )


def test_all_by_which_a_protected_person_may_be_asked_about_is_kept_back(ready, home):
    names = [
        f"Gulalai {part}"
        for part in (
            "Rudabari",
            "Kabrani",
            "Varandi",
            "Nilkoti",
            "Daryabi",
            "Kohsari",
            "Zarmini",
            "Palwashi",
            "Orbandi",
            "Marjani",
        )
    ]
    load_rows(
        home,
        [
            {"id": "x-4", "name": names[0], "birth_date": "1990", "passport": "AB1234567"},
            {"id": "x-5", "name": "Torpekai Marjan", "birth_date": "1950/1970"},
        ],
        name="desk",
    )
    Dataset.objects.update(tlp=int(TLP.AMBER), grade="B2", scheme="admiralty-6x6")
    for prop, value in [*(("alias", name) for name in names[1:]), ("nationality", "pk"), ("nationality", "af")]:
        one = Statement.objects.filter(entity__key="x-4").first()
        one.pk, one.sid, one.prop, one.value = None, os.urandom(20), prop, value
        one.save()
    for key in ("x-4", "x-5"):
        give_standing(Entity.objects.get(key=key), Standing.VICTIM, actor(), WHY)
    from baham.engines.overlap import keys

    def row(name, born, number="", land=""):
        papers = [keys.Document(number)] if number else []
        return set(map(keys.bare, keys.asked(keys.Person([name], [born], papers, [land] if land else []))))

    never = kept_back()
    for name in names:
        assert row(name, "1990") & never, name
    assert row("Somebody Else", "1930", "AB 1234567", "af") & never
    assert row("Torpekai Marjan", "1962") & never, "known to twenty years"
    assert not row("Torpekai Marjan", "1990") & never
