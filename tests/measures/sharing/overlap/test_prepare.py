"""Who may be asked about: chosen beside the ledger, under the agreement, without the protected; counted, not named."""

import json
import stat
from datetime import UTC, datetime

import pytest
from django.utils import timezone

pytest.importorskip("rbcl", reason="the extra psi is not installed")

from baham.engines.overlap.keys import held
from baham.kernel.handling import TLP
from baham.kernel.standing import Protected, Standing
from baham.measures.sharing.overlap import epochs, prepared
from baham.measures.sharing.overlap.book import Book
from baham.measures.sharing.overlap.folder import folder
from baham.measures.sharing.overlap.prepare import CannotPrepare, kept_back, person_of, prepare
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.models import Entry
from baham.platform.audit.services import Actor
from baham.platform.ledger.models import Dataset, Entity
from baham.platform.ledger.resolve import judge
from baham.platform.ledger.standing import give_standing, restrict
from tests.platform.release.conftest import WHY
from tests.support.lists import load_rows
from tests.support.people import actor

pytestmark = pytest.mark.django_db
ZARGHUN = b"n|tlbnd+zrGn|1984"
ASKER = Actor("ulvand", Purpose("screening", "C-7"))


def keys_for(partner_, home) -> set[bytes]:
    prepare(ASKER, partner_)
    return set(prepared.read(prepared.path_of(folder(home), partner_.name))[1])


def test_the_holder_is_handed_compound_keys_and_the_terms(ready, home):
    chosen = ready()
    made = prepare(ASKER, chosen)
    path = prepared.path_of(folder(home), "varand")
    terms, keys = prepared.read(path)
    assert ZARGHUN in keys and made.keys == len(keys)
    assert (terms.daily, terms.share, terms.purpose, terms.mode) == (256, 0.05, "screening", "keys")
    assert terms.asker == str(chosen.party) and len(terms.signers) == 1
    assert terms.ends <= chosen.agreements.last().ends.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not any(b"Zarghun" in key for key in keys)


def test_no_bare_name_and_no_organisation(ready, home):
    """k-4 is an organisation; a person without birth date and document gives no key."""
    load_rows(home, [{"id": "b-1", "name": "Gulalai Rudabari"}], name="bare")
    Dataset.objects.update(tlp=int(TLP.AMBER), grade="B2", scheme="admiralty-6x6")
    made = prepare(ASKER, ready())
    assert made.left_out["no compound key"] == 1
    assert (made.persons, made.keys) == (3, 3)


MARKS = {
    "minor": lambda entity: give_standing(entity, Standing.SUSPECT, actor(), WHY, [Protected.MINOR]),
    "journalist": lambda entity: give_standing(entity, Standing.UNKNOWN, actor(), WHY, [Protected.JOURNALIST]),
    "asylum": lambda entity: give_standing(entity, Standing.UNKNOWN, actor(), WHY, [Protected.ASYLUM]),
    "source": lambda entity: give_standing(entity, Standing.UNKNOWN, actor(), WHY, [Protected.SOURCE]),
    "victim": lambda entity: give_standing(entity, Standing.VICTIM, actor(), WHY),
    "witness": lambda entity: give_standing(entity, Standing.WITNESS, actor(), WHY),
    "contact": lambda entity: give_standing(entity, Standing.CONTACT, actor(), WHY),
    "restricted": lambda entity: restrict(entity, actor(), WHY),
}


@pytest.mark.parametrize("mark", MARKS)
def test_who_is_protected_is_never_in_the_set(ready, ledger, home, mark):
    MARKS[mark](ledger["k-1"])
    keys = keys_for(ready(), home)
    assert ZARGHUN not in keys and len(keys) == 2


def test_not_even_for_a_trusted_partner(agency, agree, ledger, home):
    import base64

    from baham.platform.release.partners import add_key

    add_key(actor(), agency, "sign", base64.b64encode(bytes(range(32))).decode())
    agree(agency, overlap_daily=64, overlap_share=1.0)
    assert ZARGHUN in keys_for(agency, home)
    give_standing(ledger["k-1"], Standing.VICTIM, actor(), WHY)
    assert ZARGHUN not in keys_for(agency, home)


def test_not_under_another_record_of_the_same_person_nor_of_a_namesake(ready, home):
    """Protection holds for everybody who was judged the same; and a key shared with a protected person is left out."""
    load_rows(
        home,
        [
            {"id": "x-1", "name": "زرغون تلبند", "birth_date": "1984-03-01"},
            {"id": "x-2", "name": "Khan Talband", "birth_date": "1960"},
        ],
        name="desk",
    )
    Dataset.objects.update(tlp=int(TLP.AMBER), grade="B2", scheme="admiralty-6x6")
    namesake, other = Entity.objects.get(key="x-1"), Entity.objects.get(key="x-2")
    give_standing(namesake, Standing.VICTIM, actor(), WHY)
    chosen = ready()
    assert ZARGHUN not in keys_for(chosen, home), "the listed namesake has the same key"
    judge(other, namesake, "same", actor(), WHY)
    assert ZARGHUN not in keys_for(chosen, home)
    assert not any(b"|1960" in key for key in keys_for(chosen, home)), "judged the same as a victim"
    assert {ZARGHUN} <= kept_back()


def test_the_log_has_the_numbers_and_not_who(ready, ledger, home):
    give_standing(ledger["k-1"], Standing.VICTIM, actor(), WHY)
    chosen = ready()
    prepare(ASKER, chosen)
    entry = Entry.objects.order_by("-number")[0]
    assert (entry.event, entry.act, entry.purpose, entry.case) == (
        "disclosure",
        "prepared overlap checks",
        "screening",
        "C-7",
    )
    assert entry.detail["left_out"] == {"victim, witness or contact": 1}
    assert (entry.detail["persons"], entry.detail["keys"]) == (2, 2)
    assert "k-1" not in json.dumps(entry.detail) and "Zarghun" not in json.dumps(entry.detail)


def test_only_what_the_agreement_names_makes_a_key(ready, home):
    assert not any(key.startswith(b"n|") for key in keys_for(ready(fields=["idNumber"]), home))


def test_what_is_marked_too_high_makes_no_key(ready, home):
    Dataset.objects.update(tlp=int(TLP.RED))
    assert keys_for(ready(), home) == set()


def test_other_lists_than_the_agreements_make_no_key(ready, home):
    load_rows(home, [{"id": "o-1", "name": "Gulalai Rudabari", "birth_date": "1990"}], name="other")
    Dataset.objects.update(tlp=int(TLP.AMBER), grade="B2", scheme="admiralty-6x6")
    assert keys_for(ready(datasets=["other"]), home) == {b"n|gll+rdbr|1990"}


def test_without_an_agreement_nothing_is_prepared(ready, liaison, home):
    for more, said in (
        ({"overlap_daily": 0}, "allows no overlap checks"),
        ({"purposes": ["analysis"]}, "does not cover the purpose screening"),
    ):
        ready(**more)
        with pytest.raises(CannotPrepare, match=said):
            prepare(ASKER, liaison)
    ready()
    with pytest.raises(CannotPrepare, match="neither keys nor count"):
        prepare(ASKER, liaison, "names")
    liaison.agreements.update(ends=timezone.now())
    with pytest.raises(CannotPrepare, match="no agreement in force"):
        prepare(ASKER, liaison)
    ready()
    liaison.keys.update(revoked_at=timezone.now())
    with pytest.raises(CannotPrepare, match="no key of varand is pinned"):
        prepare(ASKER, liaison)
    assert not (folder(home) / "prepared").exists()


def test_aliases_of_low_quality_make_no_key():
    person = person_of([("name", "Zarghun Talband"), ("weakAlias", "Tor Baz"), ("birthDate", "1984"), ("notes", "x")])
    assert held(person) == [ZARGHUN]


@pytest.mark.django_db(transaction=True)
def test_whoever_is_ended_or_has_another_agreement_asks_no_more(ready, home):
    from baham.platform.release.partners import end_partner

    chosen = ready()
    for act in (lambda: ready(overlap_daily=16), lambda: end_partner(actor(), chosen, WHY)):
        prepare(ASKER, chosen)
        book = Book(folder(home) / "holder.sqlite3")
        epochs.make(book, folder(home), prepared.path_of(folder(home), "varand"), datetime.now(UTC))
        prepare(ASKER, chosen)
        assert len(book.epochs()) == 1 and list((folder(home) / "epochs").iterdir())
        act()
        assert not book.epochs() and not list((folder(home) / "epochs").iterdir())
        assert not prepared.path_of(folder(home), "varand").exists()


def test_who_is_listed_by_parts_of_a_name_is_asked_about_as_by_the_whole():
    whole = person_of([("name", "Zarghun Talband"), ("birthDate", "1984")])
    parts = person_of([("firstName", "Zarghun"), ("lastName", "Talband"), ("birthDate", "1984")])
    assert parts == whole
