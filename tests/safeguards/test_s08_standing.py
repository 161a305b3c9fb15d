"""S-08: suspect, convicted, victim and witness are kept apart; a victim never leaves in a watch list."""

import pytest

from baham.engines.names import Query
from baham.kernel.handling import Audience
from baham.kernel.release import About, Terms, Why, rule
from baham.kernel.standing import Standing
from baham.platform.ledger.models import StandingGiven
from baham.platform.ledger.standing import CannotMark, about, give_standing
from baham.platform.release.feed import publish
from baham.platform.release.models import Holding
from baham.platform.screening import index
from baham.platform.screening.services import screen
from tests.kernel.test_release import OPEN_CLAIM
from tests.platform.release.conftest import *  # noqa: F403
from tests.platform.release.conftest import WHY
from tests.support.people import actor

pytestmark = pytest.mark.django_db
APART = [Standing.VICTIM, Standing.WITNESS, Standing.CONTACT]


@pytest.mark.parametrize("standing", list(Standing))
def test_every_standing_is_one_of_its_own_and_only_three_may_be_watched_for(standing):
    watch = Terms("p", Audience.NAMED, "x", frozenset({"x"}), fields=None, trusted=True, watch_list=True)
    from datetime import UTC, datetime

    ruling = rule(OPEN_CLAIM, watch, datetime.now(UTC), About(standing=standing))
    assert ruling.leaves == (standing not in APART)
    assert ruling.leaves or ruling.why is Why.STANDING


@pytest.mark.parametrize("standing", APART)
def test_who_is_set_apart_matches_nothing_and_leaves_in_no_watch_list(ledger, partner, agree, standing):
    index.build()
    found = [hit.entity.key for hit in screen([Query("Zarghun Talband")])[0]]
    assert found == ["k-1"]
    give_standing(ledger["k-1"], standing, actor(), WHY)
    assert screen([Query("Zarghun Talband")])[0] == []
    post = partner("post")
    agree(post, standing=True, watch_list=True)
    publish(actor(), post, "screening")
    assert Holding.objects.exists() and not Holding.objects.filter(entity=ledger["k-1"]).exists()


def test_the_standing_is_kept_with_its_past_and_a_reason(ledger):
    give_standing(ledger["k-1"], Standing.SUSPECT, actor(), WHY)
    give_standing(ledger["k-1"], Standing.WITNESS, actor(), WHY)
    assert [one.standing for one in StandingGiven.objects.all()] == ["suspect", "witness"]
    assert about([ledger["k-1"]])[ledger["k-1"].pk].standing is Standing.WITNESS
    with pytest.raises(CannotMark):
        give_standing(ledger["k-1"], Standing.SUSPECT, actor(), "short")


def test_who_is_a_victim_by_one_record_is_a_victim_by_all_that_are_judged_the_same(ledger):
    from baham.platform.ledger.models import Entity
    from baham.platform.ledger.resolve import judge

    judge(ledger["k-1"], ledger["k-2"], "same", actor(), WHY)
    give_standing(ledger["k-2"], Standing.VICTIM, actor(), WHY)
    give_standing(ledger["k-1"], Standing.SUSPECT, actor(), WHY)
    known = about(list(Entity.objects.filter(key__in=["k-1", "k-2"])))
    assert {one.standing for one in known.values()} == {Standing.VICTIM}


def test_people_say_it_on_a_page_and_a_source_stays_a_source_unseen(ledger):
    from baham.kernel.standing import Protected
    from baham.platform.accounts.roles import Role
    from tests.support.people import person, signed_in

    client, page = signed_in(person(Role.REVIEWER)), f"/entity/{ledger['k-1'].pk}/standing/"
    give_standing(ledger["k-1"], Standing.UNKNOWN, actor(), WHY, [Protected.SOURCE])
    assert signed_in(person(Role.ANALYST)).get(page).status_code == 403, "who is set apart matches nothing"
    said = {"standing": "victim", "protected": ["minor"], "reason": WHY}
    for wrong in ({"standing": "guilty"}, {"standing": ""}, {"reason": "short"}):
        assert client.post(page, {**said, **wrong}).status_code == 400
    assert client.post(page, said).status_code == 302
    last = StandingGiven.objects.last()
    assert (last.standing, last.protected) == ("victim", ["minor", "source"])
    shown = client.get(page).content.decode()
    assert 'value="victim" required checked' in shown and 'value="source"' not in shown
    assert ">Victim" in client.get(f"/entity/{ledger['k-1'].pk}/").content.decode()
    assert client.get(f"/entity/{ledger['k-4'].pk}/standing/").status_code == 403, "an organisation has none"


def test_no_page_around_a_restricted_record_opens_but_for_redress_and_oversight(ledger, agency, officers):
    from baham.platform.ledger.standing import restrict
    from tests.support.people import signed_in

    restrict(ledger["k-1"], actor(), WHY)
    client, pk = signed_in(officers[1]), ledger["k-1"].pk
    for page in ("", "standing/", "release/", "recall/", "originators/?partner=daryab&purpose=analysis"):
        answer = client.get(f"/entity/{pk}/{page}")
        assert answer.status_code == 403 and "Zarghun" not in answer.content.decode(), page
