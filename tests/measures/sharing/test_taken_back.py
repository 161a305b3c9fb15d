"""What partners take back: their own word, whichever way it comes; by law its words too."""

from dataclasses import replace

import pytest

from baham.measures.sharing import inbox, quarantine
from baham.measures.sharing.models import Received
from baham.platform.ledger.models import Dataset, Entity, GradeGiven, Statement
from baham.platform.release.partners import CannotChange
from tests.measures.sharing.conftest import Other, claim, known
from tests.measures.sharing.test_inbox import values
from tests.platform.release.conftest import WHY
from tests.support.people import actor
from tests.support.words import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def markaz(partner, agree):
    """A second party, which is trusted, as a partner."""
    second = Other("Markaz Desk")
    made = partner("markaz")
    agree(made)
    return second, known(second, made)


def test_nobody_makes_true_words_of_others_impossible_by_taking_them_back(other, varand, markaz):
    """An attack: say what another will say, take it back while it waits, and the other's own word is refused."""
    second, trusted = markaz
    inbox.hear(varand, other.releases(claim()))
    inbox.hear(varand, other.recalls(claim().id))
    assert inbox.hear(trusted, second.releases(claim())).accepted == 1
    assert inbox.hear(varand, other.releases(claim())).refused == {"recalled before": 1}
    relayed = other.hand_on(replace(claim(), statement=replace(claim().statement, dataset="another-desk", id="")))
    assert inbox.hear(trusted, second.releases(relayed)).refused == {"recalled before": 1}, "their word, by another way"


def test_nobody_keeps_a_line_of_our_lists_from_leaving_by_taking_it_back_first(other, varand, agency, tmp_path):
    """An attack: the very id of a line that our list will have, given and taken back before it is loaded."""
    from baham.kernel.statement import Statement as Said
    from baham.platform.release.releases import preview
    from tests.support.lists import load_rows

    line = replace(claim(), statement=Said("k-1", "Person", "name", "Zarghun Talband", "home-dept"))
    inbox.hear(varand, other.releases(line))
    inbox.hear(varand, other.recalls(line.id))
    load_rows(tmp_path)
    Dataset.objects.update(tlp=2, pap=1, grade="B2", scheme="admiralty-6x6")
    assert Statement.objects.filter(sid=bytes.fromhex(line.id), entity__key="k-1").exists()
    _gate, outgoing = preview(agency, [Entity.objects.get(key="k-1")], "analysis")
    assert line.id in {claim.id for claim in outgoing.claims}


def test_what_we_took_back_does_not_come_in_through_quarantine(ledger, other, varand):
    from tests.platform.release.test_recalls import take_back

    father = Statement.objects.get(entity=ledger["k-1"], prop="fatherName")
    inbox.hear(varand, other.releases(claim(father.value, "fatherName", "k-1"), claim("A", "alias", "k-1")))
    take_back(father, ground="identity")
    wrong, right = Received.objects.order_by("pk")
    with pytest.raises(CannotChange, match="taken back"):
        quarantine.accept(actor("noor"), [wrong, right], "B2", WHY)
    assert not Dataset.objects.filter(name="from-varand").exists()
    assert quarantine.accept(actor("noor"), [right], "B2", WHY) == 1


def test_what_our_own_list_says_by_now_does_not_come_in_through_quarantine(other, varand, tmp_path):
    from baham.kernel.statement import Statement as Said
    from tests.support.lists import load_rows

    line = replace(claim(), statement=Said("k-1", "Person", "name", "Zarghun Talband", "home-dept"))
    inbox.hear(varand, other.releases(line))
    load_rows(tmp_path)
    with pytest.raises(CannotChange, match="own source"):
        quarantine.accept(actor("noor"), list(Received.objects.all()), "B2", WHY)


def held_words():
    """Every word that is kept of what partners gave, wherever."""
    from baham.platform.ledger.models import CameThrough

    kept = [
        *Received.objects.values_list("claim", "entity_key", "about", "reason"),
        *Statement.objects.filter(entity__dataset__name__startswith="from-").values_list("value", "original"),
        *Entity.objects.filter(dataset__name__startswith="from-").values_list("key", "caption", "text"),
        *GradeGiven.objects.values_list("reason"),
        *CameThrough.objects.values_list("hands"),
    ]
    return plain(" ".join(str(one) for one in kept))


@pytest.mark.parametrize("before", ["", "ended", "recalled"])
def test_what_a_partner_takes_back_by_law_is_emptied(other, nilgar, before):
    inbox.hear(nilgar, other.releases(claim(), claim("1984", "birthDate"), claim("Tashgar", "name", "v-8")))
    if before == "ended":
        inbox.hear(nilgar, other.says("ended", {"statements": [claim().id, claim("1984", "birthDate").id]}))
    if before == "recalled":
        inbox.hear(nilgar, other.recalls(claim().id))
    inbox.hear(nilgar, other.recalls(claim().id, claim("1984", "birthDate").id, ground="legal"))
    kept = held_words()
    assert "Orband" not in kept and "1984" not in kept and "v-7" not in kept and "Tashgar" in kept
    assert Received.objects.filter(partner=nilgar).count() == 3
    assert inbox.hear(nilgar, other.releases(claim())).refused == {"recalled before": 1}


def test_taken_back_by_law_a_part_goes_and_the_rest_and_what_our_list_says_stays(ledger, other, nilgar, tmp_path):
    from baham.kernel.statement import Statement as Said

    twin = replace(claim(), statement=Said("k-9", "Person", "name", "Zarghun Talband", "home-dept"))
    inbox.hear(nilgar, other.releases(twin, claim(), claim("1984", "birthDate")))
    from tests.support.lists import PEOPLE, load_rows

    load_rows(tmp_path, [*PEOPLE, {"id": "k-9", "name": "Zarghun Talband"}])
    inbox.hear(nilgar, other.recalls(twin.id, claim("1984", "birthDate").id, ground="legal"))
    assert values() == ["Orband Khelzai"] and "1984" not in held_words()
    ours = Entity.objects.get(dataset__name="home-dept", key="k-9")
    assert ours.caption == "Zarghun Talband" and ours.statements.filter(until=None).exists()
    assert Entity.objects.get(key="v-7").caption == "Orband Khelzai"
