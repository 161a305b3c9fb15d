"""What a program may not have does not leave: no value, no evidence, no score, no count, and no word that it exists."""

import json
from datetime import UTC, datetime

import pytest

from baham.kernel.handling import PAP, TLP, Handling
from baham.kernel.standing import Standing
from baham.platform.ledger import annotate, standing
from baham.platform.ledger.models import Dataset, Statement
from tests.support.people import actor
from tests.support.words import plain

pytestmark = pytest.mark.django_db
WHY = "The originator asks that this goes no further."
CLOSED = [
    Handling(TLP.AMBER, PAP.CLEAR),
    Handling(TLP.AMBER_STRICT, PAP.CLEAR),
    Handling(TLP.RED, PAP.CLEAR),
    Handling(TLP.CLEAR, PAP.AMBER),
    Handling(TLP.CLEAR, PAP.RED),
    Handling(TLP.CLEAR, PAP.CLEAR, releasable_to=frozenset({"Another Bank"})),
    Handling(TLP.CLEAR, PAP.CLEAR, releasable_to=frozenset()),
    Handling(TLP.CLEAR, PAP.CLEAR, purposes=frozenset({"analysis"})),
    Handling(TLP.GREEN, PAP.GREEN, originators=frozenset({"Daryab CTD"})),
    Handling(TLP.GREEN, PAP.GREEN, expires=datetime(2020, 1, 1, tzinfo=UTC)),
    Handling(),
]
OPEN = [
    Handling(TLP.CLEAR, PAP.CLEAR),
    Handling(TLP.GREEN, PAP.GREEN),
    Handling(TLP.GREEN, PAP.CLEAR, releasable_to=frozenset({"Daryab Commercial Bank"})),
    Handling(TLP.GREEN, PAP.CLEAR, purposes=frozenset({"screening", "review"})),
    Handling(TLP.GREEN, PAP.CLEAR, originators=frozenset({"Daryab Commercial Bank"})),
    Handling(TLP.CLEAR, PAP.CLEAR, expires=datetime(2999, 1, 1, tzinfo=UTC)),
]


def mark(entity, handling, **which):
    for statement in Statement.objects.filter(entity=entity, **which):
        annotate.handle(statement, handling, actor(), WHY)


def everything(program, key="home-dept:k-1", words="zarghun", name="Zarghun Talband"):
    """All that the interface says of an entity, asked in every way there is, as one text."""
    answers = [
        program.post(
            "/yente/match/default?cutoff=0", {"queries": {"q": {"schema": "Person", "properties": {"name": [name]}}}}
        ),
        program.get("/yente/search/default", q=words, facets=["countries", "identifiers", "datasets", "schema"]),
        program.get("/yente/search/default", q="", limit=500, facets=["countries", "identifiers"]),
        program.get(f"/yente/entities/{key}"),
        program.get(f"/yente/entities/{key}", nested="false"),
        program.get(f"/yente/entities/{key}/adjacent"),
        program.get("/yente/statements", canonical_id=key, limit=500),
    ]
    for answer in answers:
        assert answer.status_code in (200, 404), answer.content
    results = [answer.json() for answer in answers]
    for one in results[0]["responses"].values():
        del one["query"]  # the program's own words
    import json

    return json.dumps(results, ensure_ascii=False)


@pytest.mark.parametrize("handling", CLOSED)
def test_a_value_that_a_program_may_not_have_does_not_leave(bank, ledger, handling):
    mark(ledger["k-1"], handling, prop="alias")
    mark(ledger["k-1"], handling, prop="idNumber")
    said = everything(bank) + everything(bank, words="61 0447 2215")
    assert "Zarghun Talband" in said
    assert "زرغون" not in said
    assert "0447" not in plain(said)


def test_what_nobody_has_graded_leaves_only_where_it_is_public(bank, ledger):
    """S-10: what is unverified is not shared."""
    mark(ledger["k-1"], Handling(TLP.GREEN, PAP.GREEN), prop="alias")
    assert "زرغون تلبند" not in everything(bank)
    alias = Statement.objects.get(entity=ledger["k-1"], prop="alias")
    annotate.grade(alias, "C3", actor(), WHY)
    assert "زرغون تلبند" in everything(bank)


def test_a_restricted_record_and_a_victim_leave_nothing(bank, ledger):
    """S-08, S-12: whoever screens with what leaves would stop them."""
    assert "Zarghun" in everything(bank)
    held = standing.restrict(ledger["k-1"], actor(), WHY)
    assert "Zarghun" not in everything(bank)
    standing.lift(held, actor(), WHY)
    assert "Zarghun" in everything(bank)
    standing.give_standing(ledger["k-1"], Standing.VICTIM, actor(), WHY)
    assert "Zarghun" not in everything(bank)


@pytest.mark.parametrize("handling", OPEN)
def test_a_value_that_a_program_may_have_leaves(bank, ledger, handling):
    Dataset.objects.update(grade="B2", scheme="admiralty-6x6")
    mark(ledger["k-1"], handling, prop="alias")
    assert "زرغون تلبند" in everything(bank)
    assert bank.found(name=["زرغون تلبند"]) == ["home-dept:k-1"]


def test_what_a_list_says_no_longer_is_not_told_while_the_index_still_has_it(bank, ledger):
    """Between a load and the index that is built of it; the evidence of a hit would say what was ended."""
    Dataset.objects.update(tlp=int(TLP.GREEN), pap=int(PAP.CLEAR), grade="B2", scheme="admiralty-6x6")
    assert bank.found(name=["زرغون تلبند"]) == ["home-dept:k-1"]
    ended = Statement.objects.filter(entity=ledger["k-1"], prop__in=("alias", "idNumber"))
    ended.update(until=2)
    answer = json.dumps(bank.match(name=["Zarghun Talband"], idNumber=["61-0447-2216"]), ensure_ascii=False)
    assert "Zarghun Talband" in answer and "زرغون" not in answer and "61-0447-2215" not in answer


def test_a_name_that_is_kept_back_finds_nobody(bank, ledger):
    mark(ledger["k-2"], Handling(TLP.AMBER, PAP.CLEAR), prop="name")
    statement = Statement.objects.get(entity=ledger["k-1"], prop="alias")
    Statement.objects.filter(pk=statement.pk).update(value="Ostravin Quellmar")
    assert everything(bank, key="home-dept:k-2", words="mirwais", name="Mirwais Khorvash").count("Mirwais") == 0
    assert bank.found(name=["Mirwais Khorvash"]) == []
    assert bank.get("/yente/search/default", q="mirwais").json()["total"]["value"] == 0


def test_search_does_not_find_by_what_it_does_not_show(bank, ledger):
    assert bank.get("/yente/search/default", q="0447").json()["total"]["value"] == 1
    mark(ledger["k-1"], Handling(TLP.AMBER, PAP.CLEAR), prop="idNumber")
    found = bank.get("/yente/search/default", q="0447").json()
    assert (found["total"]["value"], found["results"]) == (0, [])
    assert bank.get("/yente/search/default", q="zarghun").json()["total"]["value"] == 1


def test_a_number_that_is_kept_back_neither_finds_nor_raises_a_score(bank, ledger):
    alone = bank.match(name=["Zarghun Talband"])["results"][0]
    mark(ledger["k-1"], Handling(TLP.AMBER, PAP.CLEAR), prop="idNumber")
    asked = bank.match(name=["Zarghun Talband"], idNumber=["61-0447-2215"])["results"][0]
    assert "identifier" not in str(asked["explanations"])
    assert asked["score"] == alone["score"]
    assert asked["verdict"] == "possible"
    assert bank.found(name=["Entirely Different"], idNumber=["61-0447-2215"]) == []


@pytest.mark.parametrize(
    "handling",
    [h for h in CLOSED if h.releasable_to is None and not h.originators and h.expires is None and h.purposes is None],
)
def test_a_list_above_green_is_as_if_it_were_not_there(bank, handling):
    Dataset.objects.filter(name="home-dept").update(tlp=handling.tlp, pap=handling.pap)
    assert "Zarghun" not in everything(bank)
    assert "home-dept" not in bank.get("/yente/catalog").content.decode()
    assert bank.match("home-dept", name=["Zarghun Talband"]).status_code == 404
    assert bank.found(name=["Tarvok Zelmani"]) == ["open-list:o-1"]


def test_one_value_of_a_closed_list_may_be_opened_and_still_does_not_leave_alone(bank, ledger):
    """The list as a whole is withheld: a single open value in it would tell that the list has this person."""
    Dataset.objects.filter(name="home-dept").update(tlp=TLP.AMBER)
    mark(ledger["k-1"], Handling(TLP.CLEAR, PAP.CLEAR), prop="name")
    assert "Zarghun" not in everything(bank)


def test_an_entity_without_a_name_that_may_be_given_is_not_given(bank, ledger):
    mark(ledger["k-1"], Handling(TLP.RED, PAP.CLEAR), prop__in=["name", "alias"])
    said = everything(bank)
    assert "k-1" not in said
    assert "Tor Baz" not in said


def test_the_newest_marking_is_in_force(bank, ledger):
    mark(ledger["k-1"], Handling(TLP.RED, PAP.CLEAR), prop="alias")
    mark(ledger["k-1"], Handling(TLP.CLEAR, PAP.CLEAR), prop="alias")
    assert "زرغون" in everything(bank)
    mark(ledger["k-1"], Handling(TLP.RED, PAP.CLEAR), prop="alias")
    assert "زرغون" not in everything(bank)


def test_a_tie_to_an_entity_that_is_kept_back_does_not_show_it(bank, ledger):
    mark(ledger["o-2"], Handling(TLP.RED, PAP.CLEAR))
    said = everything(bank, key="open-list:o-1", words="zelmani", name="Tarvok Zelmani")
    assert "Tarvok" in said
    assert "Livra" not in said


def test_a_sanction_that_is_kept_back_is_not_beside_its_person(bank, ledger):
    mark(ledger["s-1"], Handling(TLP.RED, PAP.CLEAR))
    assert "sanctions" not in bank.get("/yente/entities/open-list:o-1").json()["properties"]


def test_what_is_kept_back_is_not_what_others_are_held_against(bank, ledger, tmp_path):
    from baham.platform.ledger import resolve
    from baham.platform.ledger.models import Entity
    from tests.support.lists import PEOPLE, load_rows

    load_rows(tmp_path, [{**PEOPLE[0], "birth_date": "1951"}], name="second")
    other = Entity.objects.get(dataset__name="second")
    resolve.judge(ledger["k-1"], other, "same", actor(), "Both lists give the same number of a passport.")
    row = bank.get("/yente/statements", canonical_id="home-dept:k-1", prop="birthDate", dataset="home-dept").json()[
        "results"
    ][0]
    assert row["chain"]["contradicts"] == [{"dataset": "second", "value": "1951"}]
    Dataset.objects.filter(name="second").update(tlp=TLP.AMBER)
    row = bank.get("/yente/statements", canonical_id="home-dept:k-1", prop="birthDate").json()["results"][0]
    assert row["chain"]["contradicts"] == []
    assert "second" not in everything(bank)


def agreed_with(bank, **more):
    """The bank is a trusted partner with a standing agreement."""
    from datetime import timedelta

    from django.utils import timezone

    from baham.platform.release.models import Agreement
    from baham.platform.release.partners import add_partner

    made, _secret = add_partner(actor(), "bank", "The bank", "agency", trusted=True, reason=WHY)
    type(made).objects.filter(pk=made.pk).update(organisation=bank.client.organisation)
    Agreement.objects.create(
        **{
            "partner": made,
            "purposes": ["screening"],
            "standing": True,
            "tlp": TLP.AMBER,
            "legal_basis": "An invented act",
            "made_by": "barvand",
            "approved_by": "noor",
            "approved_at": timezone.now(),
            "begins": timezone.now() - timedelta(days=1),
            "ends": timezone.now() + timedelta(days=9),
            **more,
        }
    )
    return made


def test_a_list_that_the_agreement_does_not_name_is_not_there(bank, ledger):
    mark(ledger["k-1"], OPEN[0])
    agreed_with(bank, datasets=["home-dept"])
    assert "Zarghun Talband" in everything(bank)
    from baham.platform.release.models import Agreement

    other = Dataset.objects.exclude(name="home-dept").first()
    Agreement.objects.update(datasets=[other.name])
    assert "Zarghun Talband" not in everything(bank)
    assert bank.get("/yente/entities/home-dept:k-1").status_code == 404


@pytest.mark.parametrize("standing_agreement", [True, False])
def test_what_came_from_them_is_not_said_back_to_them(bank, ledger, standing_agreement):
    from django.utils import timezone

    from baham.platform.ledger.models import CameThrough

    mark(ledger["k-1"], OPEN[0])
    partner = agreed_with(bank, standing=standing_agreement)
    said = Statement.objects.get(entity=ledger["k-1"], prop="idNumber")
    assert said.value in everything(bank)
    hands = [{"party": str(partner.party), "name": "", "at": "2026-01-01T00:00:00Z", "signature": ""}]
    CameThrough.objects.create(sid=said.sid_hex, by="noor", at=timezone.now(), hands=hands)
    assert said.value not in plain(everything(bank)) and "Zarghun Talband" in everything(bank)
