"""Search by what is not shown: letter by letter, through every parameter of every door, and by every act that ends."""

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from baham.kernel.handling import PAP, TLP, Handling
from baham.kernel.standing import Standing
from baham.platform.clients.services import revoke
from baham.platform.ledger import resolve, standing
from baham.platform.ledger.models import Dataset, Entity, Statement
from baham.platform.release.models import Agreement, OriginatorWord, Partner
from baham.platform.release.partners import add_partner, end_partner
from baham.platform.screening import index
from tests.platform.clients.test_handling import OPEN, WHY, agreed_with, mark
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor

pytestmark = pytest.mark.django_db
SHUT = Handling(TLP.RED, PAP.RED)
HIDDEN = {"alias": "Ostravin Quellmar", "notes": "Seen with Drumlanrig beyond Qorvat ferry", "idNumber": "77-1402-9931"}


@pytest.fixture
def person(ledger, tmp_path):
    """A record with a shown name and hidden values."""
    own = {**PEOPLE[0], "alias": HIDDEN["alias"], "notes": HIDDEN["notes"], "id_number": HIDDEN["idNumber"]}
    load_rows(tmp_path, [own, *PEOPLE[1:]])
    index.build()
    for prop in HIDDEN:
        mark(ledger["k-1"], SHUT, prop=prop)
    return ledger["k-1"]


def asked_by(words):
    """One question to every door that finds, with every parameter that narrows, sorts or counts."""
    whole = {"q": words, "limit": 50}
    yield "/yente/search/default", {**whole, "fuzzy": "false"}
    for more in (
        {},
        {"schema": "Person"},
        {"sort": "caption:desc"},
        {"sort": "last_change:asc"},
        {"filter_op": "AND"},
        {"filter": f"properties.alias:{words}"},
        {"filter": f"properties.notes:{words}"},
        {"filter": f"identifiers:{words}"},
        {"topics": words},
        {"countries": words},
        {"datasets": "home-dept"},
        {"facets": "identifiers"},
        {"facets": "schema"},
        {"changed_since": "1990-01-01"},
        {"offset": "1"},
        {"exclude_schema": "Company"},
        {"include_dataset": "home-dept"},
        {"exclude_dataset": "open-list"},
    ):
        yield "/yente/search/default", {**whole, "fuzzy": "true", **more}
    for prop in ("alias", "notes", "idNumber"):
        yield "/yente/statements", {"canonical_id": "home-dept:k-1", "prop": prop, "value": words}
        yield "/yente/statements", {"entity_id": words, "prop": prop}
    yield f"/yente/entities/{words}", {}
    yield f"/yente/entities/home-dept:{words}", {}


def answers(bank, words):
    told = []
    for address, parameters in asked_by(words):
        answer = bank.get(address, **parameters)
        told.append((answer.status_code, answer.content if answer.status_code == 200 else b""))
    return told


@pytest.mark.long
@pytest.mark.parametrize("value", HIDDEN.values())
def test_no_door_answers_otherwise_for_a_hidden_value_than_for_one_that_nobody_bears(bank, person, value):
    """Whole, by a word, and by its first letters."""
    for piece in {value, value.split()[-1], value[:3]}:
        nothing = "Zq" + "x" * max(1, len(piece) - 2)
        assert answers(bank, piece) == answers(bank, nothing), piece


def test_a_hidden_value_moves_no_match(bank, person):
    def results(**asked):
        return json.dumps(bank.match("default", "Person", "?limit=20&cutoff=0.3", **asked)["results"])

    plain = results(name=["Zarghun Talband"])
    for number in (HIDDEN["idNumber"], "12-3456-7890"):
        assert results(name=["Zarghun Talband"], idNumber=[number]).count("home-dept:k-1") == plain.count(
            "home-dept:k-1"
        )
    assert results(name=["Ostravin Quellmar"]) == "[]"


def test_a_birth_date_that_is_kept_back_keeps_nobody_from_being_found(bank, ledger):
    """Whether a name is found with one year and not with another would tell the year."""
    mark(ledger["k-1"], SHUT, prop="birthDate")
    years = [str(year) for year in range(1930, 2005, 5)]
    found = {year: bank.match(name=["Zarghun Talband"], birthDate=[year])["results"] for year in years}
    assert {len(results) for results in found.values()} == {1}
    assert len({one[0]["score"] for one in found.values()}) == 1


def test_what_is_hidden_takes_no_place_and_is_not_counted(bank, tmp_path, ledger, monkeypatch):
    from baham.platform.clients.yente import searching

    rows = [{**PEOPLE[0], "id": f"h-{n}", "alias": "", "id_number": f"9-{n}"} for n in range(30)]
    load_rows(tmp_path, [*PEOPLE, *rows])
    index.build()
    for one in Entity.objects.filter(key__startswith="h-"):
        mark(one, SHUT)
    monkeypatch.setattr(searching, "MOST", 2)
    monkeypatch.setattr(searching, "_PAGE", 2)
    told = bank.get("/yente/search/default", q="zarghun").json()
    assert told["total"] == {"value": 1, "relation": "eq"}
    answer = bank.match("default", "Person", "?limit=1", name=["Zarghun Talband"])
    assert [one["id"] for one in answer["results"]] == ["home-dept:k-1"] and answer["total"]["value"] == 1


def test_the_key_of_a_hidden_record_leads_nowhere(bank, ledger, tmp_path):
    load_rows(tmp_path, [{**PEOPLE[0], "id": "secret-9"}], name="second")
    hidden = Entity.objects.get(dataset__name="second")
    index.build()
    mark(hidden, SHUT)
    for pair in ((hidden, ledger["k-1"]), (ledger["o-2"], ledger["o-1"])):
        resolve.judge(*pair, "same", actor(), "Both lists give the same number of a passport.")
    for address in ("entities/second:secret-9", "entities/secret-9", "entities/secret-9/adjacent"):
        assert bank.get(f"/yente/{address}").status_code == 404, address
    for name in ("canonical_id", "entity_id"):
        assert bank.get("/yente/statements", **{name: "second:secret-9"}).json()["results"] == []
    before = bank.match(name=["Zarghun Talband"])["results"]
    left_out = bank.match("default", "Person", "?exclude_entity_ids=second:secret-9", name=["Zarghun Talband"])
    assert left_out["results"] == before
    assert "secret-9" not in json.dumps(before)


def test_an_end_that_is_hidden_is_named_nowhere(bank, ledger):
    """Neither in a tie nor in search, filter, facet or statements."""
    mark(ledger["o-2"], SHUT)
    tie = Statement.objects.filter(value="o-2", until=None).select_related("entity").first()
    assert tie is not None
    for address in (
        f"entities/open-list:{tie.entity.key}",
        f"entities/open-list:{tie.entity.key}?nested=false",
        f"entities/open-list:{tie.entity.key}/adjacent",
        f"statements?canonical_id=open-list:{tie.entity.key}",
        "entities/open-list:o-1",
        "search/default?limit=50",
        "search/default?schema=Thing&limit=50",
    ):
        assert '"o-2"' not in bank.get(f"/yente/{address}").content.decode(), address
    found = bank.get("/yente/search/default", filter=f"properties.{tie.prop}:o-2", schema=tie.entity.schema).json()
    assert found["total"]["value"] == 0


# ---- ending narrows


def everything(bank):
    """All values that a program may have, over every record."""
    told = []
    for entity in Entity.objects.select_related("dataset"):
        answer = bank.get("/yente/statements", canonical_id=f"{entity.dataset.name}:{entity.key}", limit=5000)
        if answer.status_code == 200:
            told += [(row["entity_id"], row["prop"], row["value"]) for row in answer.json()["results"]]
    return set(told)


ENDINGS = {
    "ending the partner": lambda partner, entity: end_partner(actor(), partner, WHY),
    "the agreement is over": lambda partner, entity: Agreement.objects.update(
        ends=timezone.now() - timedelta(seconds=1)
    ),
    "restricting": lambda partner, entity: standing.restrict(entity, actor(), WHY),
    "marking more strictly": lambda partner, entity: mark(entity, SHUT, prop="name"),
    "a victim": lambda partner, entity: standing.give_standing(entity, Standing.VICTIM, actor(), WHY),
    "a list that is no longer screened": lambda partner, entity: Dataset.objects.filter(name="home-dept").update(
        screened=False
    ),
    "an originator that refuses": lambda partner, entity: OriginatorWord.objects.create(
        originator="Kohsar CTD",
        entity=entity,
        partner=partner,
        purpose="screening",
        asked_by="x",
        agrees=False,
        at=timezone.now(),
    ),
}
READERS = {
    "nobody's partner": None,
    "a liaison partner": {"kind": "liaison", "trusted": False},
    "a trusted partner without an agreement": {"kind": "agency", "trusted": True},
    "a standing agreement on names": {"fields": ["name"], "tlp": TLP.AMBER},
    "a standing agreement on one list": {"datasets": ["open-list"], "fields": None},
    "a standing agreement for another purpose": {"purposes": ["analysis"], "fields": None},
    "a standing agreement that goes to CLEAR": {"tlp": TLP.CLEAR, "fields": None},
    "one that is not standing": {"standing": False, "fields": ["name"]},
}


@pytest.mark.long
@pytest.mark.parametrize("reader", READERS)
def test_nothing_that_ends_opens_anything(bank, ledger, reader):
    Dataset.objects.update(grade="B2", scheme="admiralty-6x6")
    mark(ledger["k-1"], Handling(TLP.AMBER, PAP.GREEN), prop="idNumber")
    mark(ledger["k-2"], OPEN[0])
    own = Handling(TLP.GREEN, PAP.GREEN, originators=frozenset({bank.client.organisation.name}))
    mark(ledger["k-1"], own, prop="fatherName")
    given, partner = READERS[reader], None
    if given and "kind" in given:
        partner = add_partner(actor(), "bank", "The bank", given["kind"], trusted=given["trusted"], reason=WHY)[0]
        Partner.objects.filter(pk=partner.pk).update(organisation=bank.client.organisation)
    elif given:
        partner = agreed_with(bank, **given)
    before = everything(bank)
    for act, end in ENDINGS.items():
        with transaction.atomic():
            if partner is not None or act not in ("ending the partner", "an originator that refuses"):
                end(partner, ledger["k-1"])
                assert everything(bank) <= before, (act, reader)
            transaction.set_rollback(True)


def test_a_second_partnership_that_ends_does_not_bring_back_the_first(bank, ledger):
    agreed_with(bank, fields=None)
    later, _secret = add_partner(actor(), "second", "Second", "liaison", reason=WHY)
    Partner.objects.filter(pk=later.pk).update(organisation=bank.client.organisation)
    assert everything(bank) == set()
    end_partner(actor(), later, WHY)
    assert everything(bank) == set()


def test_a_revoked_key_opens_nothing(bank, ledger):
    assert everything(bank)
    revoke(actor(), bank.client, WHY)
    assert everything(bank) == set()
