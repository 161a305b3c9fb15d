"""Circles: two people sign a list, its members are told, and a list that is not its keeper's holds nobody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from baham.formats import dsse
from baham.kernel.clock import utc_text
from baham.kernel.handling import PAP, TLP, Handling
from baham.kernel.release import Why
from baham.measures.sharing import inbox
from baham.platform.accounts.models import Role
from baham.platform.audit.services import Actor
from baham.platform.ledger import annotate
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.release import channel, scopes
from baham.platform.release.agreements import scopes_of
from baham.platform.release.models import Partner, Scope
from baham.platform.release.partners import CannotChange
from baham.platform.release.releases import preview
from baham.platform.review.services import CannotDecide, decide
from tests.measures.sharing.conftest import Other, known, nilgar, other  # noqa: F401
from tests.platform.release.conftest import WHY
from tests.platform.release.test_releases import statement
from tests.support.people import actor, person, signed_in

pytestmark = pytest.mark.django_db


def soon(days: int = 30):
    return timezone.now() + timedelta(days=days)


@pytest.fixture
def circle(agency, officers) -> Scope:
    """A circle that holds the agency, in force."""
    item = scopes.put_forward(Actor("ulvand"), "Northern circle", [agency], soon())
    decide(item, officers[1], Actor("noor"), "sign", WHY)
    return Scope.objects.get()


def test_it_takes_two_people_and_the_members_are_told(agency, liaison, officers):
    item = scopes.put_forward(Actor("ulvand"), "Northern circle", [agency], soon())
    assert not Scope.objects.exists()
    with pytest.raises(CannotDecide):
        decide(item, officers[0], Actor("ulvand"), "sign", WHY)
    decide(item, officers[1], Actor("noor"), "sign", WHY)
    made = Scope.objects.get()
    assert scopes.members_of(made) == {str(agency.party)} and made.number == 1
    assert str(made.uuid) in scopes_of(agency) and str(made.uuid) not in scopes_of(liaison)
    told = channel.payload_of(channel.messages(agency)[-1])
    assert told["list"]["payloadType"] == channel.payload_type("scope") and channel.head(liaison).size == 0


def test_what_is_releasable_to_a_circle_goes_to_its_members_alone(ledger, agency, liaison, circle):
    name = statement(ledger["k-1"], "name")
    only = Handling(TLP.AMBER, PAP.GREEN, releasable_to=frozenset({str(circle.uuid)}))
    annotate.handle(name, only, actor(), WHY)
    for partner, goes in ((agency, True), (liaison, False)):
        _gate, outgoing = preview(partner, [ledger["k-1"]], "analysis")
        assert (name.sid_hex in {one.claim.id for one in outgoing.leaves}) is goes
    why = {one.claim.id: one.ruling.why for one in outgoing.stays}
    assert why[name.sid_hex] is Why.SCOPE


def test_in_the_console_a_circle_opens_to_its_members_people_alone(ledger, agency, liaison, circle):
    """By the id of the circle in the marking, while the organisation is a partner and the circle holds it."""
    name = statement(ledger["k-1"], "name")
    annotate.handle(name, Handling(TLP.GREEN, PAP.GREEN, releasable_to=frozenset({str(circle.uuid)})), actor(), WHY)

    def reads(partner) -> bool:
        user = person(Role.ANALYST, f"of-{partner.name}-{timezone.now().timestamp()}")
        user.organisation = partner.organisation
        view = NeedToKnow(user, "analysis").look([ledger["k-1"]])[ledger["k-1"].pk]
        return name.pk not in view.closed

    assert reads(agency) and not reads(liaison)
    Partner.objects.filter(pk=agency.pk).update(ended_at=timezone.now())
    assert not reads(agency)


def test_whoever_is_taken_out_is_told_and_gets_no_more(agency, liaison, circle, officers):
    item = scopes.put_forward(Actor("ulvand"), "Northern circle", [liaison], soon(), circle)
    decide(item, officers[1], Actor("noor"), "sign", WHY)
    circle.refresh_from_db()
    assert circle.number == 2 and str(circle.uuid) not in scopes_of(agency)
    assert [message.kind for message in channel.messages(agency)] == ["scope", "scope"]


@pytest.mark.parametrize(
    "change",
    [
        lambda scope: setattr(scope, "envelope", {**scope.envelope, "payload": "e30="}),
        lambda scope: setattr(scope, "until", timezone.now() - timedelta(seconds=1)),
        lambda scope: setattr(scope, "keeper", "11111111-1111-4111-8111-111111111111"),
        lambda scope: setattr(scope, "uuid", "11111111-1111-4111-8111-111111111112"),
    ],
)
def test_a_list_that_was_altered_or_is_out_of_date_holds_nobody(circle, agency, change):
    change(circle)
    circle.save()
    assert scopes.members_of(Scope.objects.get(pk=circle.pk)) == frozenset()
    assert str(circle.uuid) not in scopes_of(agency)


def test_members_written_beside_the_signature_count_for_nothing(circle, agency, liaison):
    Scope.objects.update(members=[str(agency.party), str(liaison.party)])
    assert str(circle.uuid) not in scopes_of(liaison) and str(circle.uuid) in scopes_of(agency)


@pytest.mark.parametrize("more", [{"title": " "}, {"members": []}, {"until": soon(-1)}])
def test_a_circle_needs_a_title_members_and_an_end(agency, more):
    given = {"title": "Northern", "members": [agency], "until": soon(), **more}
    with pytest.raises(CannotChange):
        scopes.put_forward(Actor("ulvand"), given["title"], given["members"], given["until"])


def listed(other: Other, **more) -> dict:  # noqa: F811
    payload = {
        "version": 1,
        "scope": str(scopes.id_of(other.party, "theirs")),
        "nonce": "theirs",
        "title": "Their circle",
        "number": 1,
        "keeper": other.party,
        "members": [other.party],
        "until": utc_text(soon()),
        **more,
    }
    return other.says("scope", {"list": dsse.sign(channel.payload_type("scope"), payload, [other.key])})


def test_a_partner_keeps_a_circle_and_its_list_comes_with_its_messages(other, nilgar):  # noqa: F811
    inbox.hear(nilgar, listed(other))
    assert scopes.members_of(Scope.objects.get()) == {other.party}
    inbox.hear(nilgar, listed(other, number=2, members=[]))
    assert scopes.members_of(Scope.objects.get()) == frozenset()


@pytest.mark.parametrize(
    "more",
    [
        {"keeper": "33333333-3333-4333-8333-333333333333"},
        {"number": 0},
        {"number": True},
        {"members": ["all"]},
        {"members": None},
        {"until": "tomorrow"},
        {"title": ""},
        {"scope": "x"},
        {"version": 2},
    ],
)
def test_what_is_no_list_is_refused_and_changes_nothing(other, nilgar, more):  # noqa: F811
    with pytest.raises(inbox.Refused):
        inbox.hear(nilgar, listed(other, **more))
    assert not Scope.objects.exists()


def test_nobody_signs_a_list_for_a_circle_that_another_keeps(ledger, other, nilgar):  # noqa: F811
    """A value is marked for a circle whose list is not held here; its id is known to whoever was given the value."""
    known_by_its_marking = str(scopes.id_of("33333333-3333-4333-8333-333333333333", "inner"))
    for nonce in ("inner", "theirs", ""):
        with pytest.raises(inbox.Refused):
            inbox.hear(nilgar, listed(other, scope=known_by_its_marking, nonce=nonce))
    assert not Scope.objects.exists() and known_by_its_marking not in scopes_of(nilgar)


def test_of_two_lists_that_wait_the_older_does_not_undo_the_newer(agency, liaison, officers, circle):
    older = scopes.put_forward(Actor("ulvand"), "Northern circle", [agency, liaison], soon(), circle)
    newer = scopes.put_forward(Actor("ulvand"), "Northern circle", [agency], soon(), circle)
    page = signed_in(officers[1]).get("/sharing/circles/").content.decode()
    assert page.count("Replaces") == 2 and str(circle.uuid) in page
    decide(newer, officers[1], Actor("noor"), "sign", WHY)
    with pytest.raises(CannotChange, match="another list"):
        decide(older, officers[1], Actor("noor"), "sign", WHY)
    circle.refresh_from_db()
    assert circle.number == 2 and str(circle.uuid) not in scopes_of(liaison)
    decide(older, officers[1], Actor("noor"), "refuse", WHY)


def test_a_name_that_means_another_elsewhere_opens_nothing(ledger, agency):
    """What another installation calls *daryab* is another daryab; our own officers choose the party by its id."""
    name = statement(ledger["k-1"], "name")
    for to, goes in (("daryab", False), ("Daryab", False), (str(agency.party), True)):
        annotate.handle(name, Handling(TLP.AMBER, PAP.GREEN, releasable_to=frozenset({to})), actor(), WHY)
        _gate, outgoing = preview(agency, [ledger["k-1"]], "analysis")
        assert (name.sid_hex in {one.claim.id for one in outgoing.leaves}) is goes, to
    assert (str(agency.party), "Daryab") in scopes.circles()


def test_an_older_list_and_anothers_circle_are_refused(other, nilgar, circle):  # noqa: F811
    inbox.hear(nilgar, listed(other, number=3))
    for wire in (
        listed(other, number=3, title="Again"),
        listed(other, number=2),
        listed(other, scope=str(circle.uuid)),
    ):
        with pytest.raises(inbox.Refused):
            inbox.hear(nilgar, wire)
    circle.refresh_from_db()
    assert circle.title == "Northern circle" and Scope.objects.get(title="Their circle").number == 3


def test_the_page_from_proposal_to_signature(agency, officers):
    first, second = (signed_in(user) for user in officers)
    assert "There is no circle yet." in first.get("/sharing/circles/").content.decode()
    asked = {"title": "Northern circle", "members": ["daryab"], "days": "90", "scope": ""}
    assert second.post("/sharing/circles/", asked).status_code == 403, "a reviewer manages no partners"
    assert first.post("/sharing/circles/", {**asked, "members": []}).status_code == 400
    assert first.post("/sharing/circles/", {**asked, "scope": "no uuid"}).status_code == 400
    assert first.post("/sharing/circles/", asked).status_code == 302
    assert "/sharing/circles/#m" in second.get("/review/").content.decode()
    page = second.get("/sharing/circles/").content.decode()
    matter = page.split('name="matter" value="')[1].split('"')[0]
    sign = {"matter": matter, "choice": "sign", "reason": WHY}
    assert second.post("/sharing/circles/", {**sign, "reason": "short"}).status_code == 400
    assert second.post("/sharing/circles/", sign).status_code == 302
    assert "Daryab" in first.get("/sharing/circles/").content.decode() and Scope.objects.get().number == 1
