"""Pages of sharing and of the release room, as those who work with them go through them."""

import pytest

from baham.measures.sharing import inbox
from baham.measures.sharing.models import Outcome, Received
from baham.platform.accounts.roles import Role
from baham.platform.ledger.models import GradeGiven, Statement
from baham.platform.release.models import Agreement, Holding, Recall, Release
from tests.measures.sharing.conftest import claim
from tests.platform.release.conftest import LAW, WHY
from tests.platform.release.test_releases import propose, sign
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db


def text(answer):
    return " ".join(answer.content.decode().split())


def test_nothing_yet_says_what_would_be_here(db):
    page = text(signed_in(person(Role.ANALYST, "tirvash")).get("/sharing/"))
    assert "There is no partner yet." in page and "baham partners add" in page


def test_from_the_record_to_the_signature(ledger, liaison, officers):
    analyst = signed_in(person(Role.ANALYST, "tirvash"))
    entity = ledger["k-1"].pk
    assert f"/entity/{entity}/release/" in text(analyst.get(f"/entity/{entity}/"))
    asked = {"partner": "varand", "purpose": "analysis", "case": "question of 4 November", "note": ""}
    preview = text(analyst.get(f"/entity/{entity}/release/", asked))
    assert "Zarghun Talband" in preview and "Not on the agreement’s list of fields" in preview
    assert "61-0447-2215" not in preview.split("What stays")[0]
    name = Statement.objects.get(entity=entity, prop="name").sid_hex
    assert f'value="{name}" id="s1" checked' in preview and preview.count(" checked") == 1, "names first"
    assert analyst.post(f"/entity/{entity}/release/", asked).status_code == 400 and not Release.objects.exists()
    made = analyst.post(f"/entity/{entity}/release/", {**asked, "statement": [name]})
    page = f"/sharing/releases/{Release.objects.get().pk}/"
    assert made.url == page and "Sign and send" not in text(analyst.get(page))
    officer = signed_in(officers[0])
    assert "Sign and send" in text(officer.get(page)) and page in text(officer.get("/review/"))
    short = officer.post(page, {"choice": "send", "reason": "short"})
    assert short.status_code == 400 and not Holding.objects.exists()
    officer.post(page, {"choice": "send", "reason": WHY})
    assert Release.objects.get().state == "sent" and Holding.objects.exists()
    chain = text(analyst.get(f"/entity/{entity}/"))
    assert "Varand" in chain  # the chain says who has received it


def test_an_agreement_is_put_forward_by_one_and_signed_by_another(partner, officers):
    partner("varand", "liaison")
    first, second = (signed_in(user) for user in officers)
    asked = {
        "purposes": ["analysis"],
        "fields_text": "name birthDate",
        "tlp": "2",
        "pap": "1",
        "legal_basis": LAW,
        "days": "90",
    }
    page = "/sharing/partners/varand/"
    assert first.post(page, {**asked, "fields_text": ""}).status_code == 400  # a partner who is not trusted
    assert first.post(page, {**asked, "fields_text": "name; drop"}).status_code == 400
    assert first.post(page, asked).status_code == 302
    assert first.post(page, {"choice": "sign", "reason": WHY}).status_code == 400
    assert not Agreement.objects.get().in_force
    assert second.post(page, {"choice": "sign", "reason": WHY}).status_code == 302
    assert Agreement.objects.get().in_force and Agreement.objects.get().fields == ["birthDate", "name"]


def test_who_may_not_manage_puts_no_agreement_forward(partner, officers):
    partner("varand", "liaison")
    asked = {"purposes": ["analysis"], "fields_text": "name", "tlp": "2", "pap": "1", "legal_basis": LAW, "days": "90"}
    assert signed_in(officers[1]).post("/sharing/partners/varand/", asked).status_code == 403
    assert not Agreement.objects.exists()


def test_taking_back_shows_whom_it_reaches(ledger, agency, officers):
    sign(propose(agency, ledger["k-1"]), officers[0])
    officer, entity = signed_in(officers[0]), ledger["k-1"].pk
    page = text(officer.get(f"/entity/{entity}/recall/"))
    assert "Daryab" in page
    name = Statement.objects.filter(entity=entity, prop="name").get()
    nothing = officer.post(f"/entity/{entity}/recall/", {"ground": "error", "why": WHY})
    assert nothing.status_code == 400 and not Recall.objects.exists()
    other = Statement.objects.filter(entity=ledger["k-2"]).first()
    answer = officer.post(
        f"/entity/{entity}/recall/", {"statement": [name.sid_hex, other.sid_hex], "ground": "error", "why": WHY}
    )
    made = Recall.objects.get()
    assert made.count == 1 and answer.url == f"/sharing/recalls/{made.pk}/"
    assert "1 receiver has not answered yet" in text(officer.get(answer.url))


def test_quarantine_is_read_graded_and_looked_into(other, varand):
    inbox.hear(varand, other.releases(claim(), claim("<b>1984</b>", "birthDate")))
    analyst = signed_in(person(Role.ANALYST, "tirvash"))
    page = "/sharing/inbox/varand/"
    shown = text(analyst.get(page))
    assert "Orband Khelzai" in shown and "&lt;b&gt;1984" in shown and "1 independent origin" in shown
    rows = list(Received.objects.order_by("pk"))
    accept = {"key": "v-7", "claim": [rows[0].pk], "grade": "D4", "reason": WHY, "act": "accept"}
    assert analyst.post(page, {**accept, "grade": "Z9"}).status_code == 400
    assert analyst.post(page, {**accept, "claim": []}).status_code == 400
    assert analyst.post(page, accept).status_code == 302
    assert analyst.post(page, {**accept, "claim": [rows[1].pk], "act": "refuse"}).status_code == 302
    assert sorted(Received.objects.values_list("state", flat=True)) == ["accepted", "refused"]
    assert [str(one) for one in GradeGiven.objects.all()] == ["D4"]
    held = {"act": "found", "claim": rows[0].pk, "kind": "corroborated", "reason": WHY, "evidence": ""}
    assert analyst.post(f"{page}?show=accepted", held).status_code == 302
    assert Outcome.objects.get().kind == "corroborated" and "Track record" in text(analyst.get(page))
    partner_page = text(analyst.get("/sharing/partners/varand/"))
    assert "Track record" in partner_page and "Quarter by quarter" in partner_page
    reader = signed_in(person(Role.OVERSIGHT, "zaravan"))
    assert reader.get(page).status_code == 200 and reader.post(page, accept).status_code == 403


def test_the_exchange_opens_for_partners_alone(client, partner):
    from baham.platform.release.partners import add_partner
    from tests.support.people import actor

    _made, secret = add_partner(actor(), "nilgar", "Nilgar CTD", "agency", trusted=True, reason=WHY)
    assert client.get("/exchange/head").status_code == 401
    basic = {"Authorization": "Basic " + __import__("base64").b64encode(f"nilgar:{secret}".encode()).decode()}
    assert client.get("/exchange/head", headers=basic).json()["out"]["signatures"]
    assert client.get("/exchange/messages?from=x", headers=basic).status_code == 400
    assert client.post("/exchange/head", headers=basic).status_code == 405
    assert client.get("/exchange/head?from=0", headers=basic).json()["proof"] == []
    assert client.get("/exchange/head?from=x", headers=basic).status_code == 400
    for body in (b"", b"[", b"[]", b"7", b'{"kind":"release"}'):
        answer = client.post("/exchange/deliver", body, content_type="application/json", headers=basic)
        assert answer.status_code == 422 and answer.json()["detail"]
        assert client.post("/exchange/witness", body, content_type="application/json", headers=basic).status_code == 422


def test_a_matter_that_is_a_release_is_read_on_its_own_page(ledger, agency, officers):
    made = propose(agency, ledger["k-1"])
    officer = signed_in(officers[0])
    assert officer.get(f"/review/{made.matter_id}/").url == f"/sharing/releases/{made.pk}/"
    assert (
        officer.post(f"/review/{made.matter_id}/", {"choice": "send", "reason": WHY}).url
        == f"/sharing/releases/{made.pk}/"
    )
    assert not Holding.objects.exists()


def test_what_left_is_shown_after_the_partnership_has_ended_and_names_read_there_are_counted(ledger, agency, officers):
    from baham.platform.audit.models import Reading
    from baham.platform.release.partners import end_partner
    from tests.support.people import actor

    made = sign(propose(agency, ledger["k-1"]), officers[0])
    end_partner(actor(), agency, WHY)
    officer = signed_in(officers[0])
    page = text(officer.get(f"/sharing/releases/{made.pk}/"))
    assert "Zarghun Talband" in page and "0 statements left" not in page
    Reading.objects.all().delete()
    assert "Zarghun Talband" in text(officer.get("/sharing/partners/daryab/"))
    assert Reading.objects.filter(record=f"entity:{ledger['k-1'].pk}").exists()


def relayed(other, origin, number):
    """A claim whose first hand is another party's, signed."""
    return origin.hand_on(claim(f"Alias {number}", "alias"))


def test_the_inbox_asks_as_often_for_many_signed_claims_as_for_few(
    other, varand, partner, django_assert_max_num_queries
):
    from tests.measures.sharing.conftest import Other, known

    origin = Other("Markaz Desk")
    known(origin, partner("markaz"))
    analyst = signed_in(person(Role.ANALYST, "baraan"))
    inbox.hear(varand, other.releases(*(relayed(other, origin, number) for number in range(60))))
    analyst.get("/sharing/inbox/varand/")
    with django_assert_max_num_queries(30):
        page = text(analyst.get("/sharing/inbox/varand/"))
    assert "1 independent origin" in page and page.count('name="claim"') == 60


def test_claims_of_one_record_are_shown_page_by_page(other, varand):
    analyst = signed_in(person(Role.ANALYST, "baraan"))
    inbox.hear(varand, other.releases(*(claim(f"Alias {number}", "alias") for number in range(130))))
    page = text(analyst.get("/sharing/inbox/varand/"))
    assert page.count('name="claim"') == 100 and "?key=v-7" in page and "130" in page
    second = text(analyst.get("/sharing/inbox/varand/?key=v-7&page=2"))
    assert second.count('name="claim"') == 30
    last = list(Received.objects.order_by("pk").values_list("pk", flat=True))
    decided = {"key": "v-7", "claim": last, "grade": "D4", "reason": WHY, "act": "accept"}
    answer = analyst.post("/sharing/inbox/varand/?key=v-7", decided)
    assert analyst.get(answer.url).url == "/sharing/inbox/varand/"
