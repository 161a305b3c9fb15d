"""yente's API as it is on the wire: batches, scopes, errors, the log. The client itself is in test_yente_client.py."""

import json
from urllib.parse import quote

import pytest
from django.db import OperationalError

from baham.engines.names import DEFAULT_THRESHOLD
from baham.platform.audit.models import Entry
from baham.platform.clients.yente.catalog import FEATURES
from baham.platform.ledger import resolve
from baham.platform.ledger.models import Dataset
from baham.platform.screening import index
from tests.support.ftm import ENTITIES, load_ftm
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor

pytestmark = pytest.mark.django_db


def batch(program, **queries):
    return program.post("/yente/match/default", {"queries": queries})


def of(name, schema="Person", **more):
    return {"schema": schema, "properties": {"name": [name], **more}}


def test_a_broken_query_has_its_own_status_and_the_others_are_answered(bank):
    body = batch(
        bank,
        good=of("Zarghun Talband"),
        nameless={"schema": "Person", "properties": {"birthDate": ["1984"]}},
        unknown=of("X Y", "Wizard"),
        shapeless=[1, 2],
        impossible=of("Zarghun Talband", birthDate=["1984-02-31"]),
        also_good=of("Mirwais Khorvash"),
        sanction=of("Z", "Sanction"),
        nested=of("Z", notes=[{"a": 1}]),
    ).json()
    status = {key: answer["status"] for key, answer in body["responses"].items()}
    assert status == {
        "good": 200,
        "nameless": 400,
        "unknown": 400,
        "shapeless": 400,
        "impossible": 400,
        "also_good": 200,
        "sanction": 400,
        "nested": 400,
    }
    assert body["responses"]["good"]["results"][0]["caption"] == "Zarghun Talband"
    assert body["responses"]["also_good"]["results"][0]["caption"] == "Mirwais Khorvash"
    assert "properties.name" in body["responses"]["nameless"]["detail"]
    assert "1984-02-31" in body["responses"]["impossible"]["detail"]
    assert all(answer["results"] == [] for key, answer in body["responses"].items() if status[key] == 400)
    entry = Entry.objects.get(act="screened")
    assert (entry.actor, entry.purpose, entry.case, entry.recipient) == (
        "client:bank",
        "screening",
        "bank",
        "Daryab Commercial Bank",
    )
    assert (entry.detail["names"], entry.detail["hits"]) == (2, 2)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("{", 400),
        ("[]", 422),
        ("null", 422),
        ("{}", 422),
        ('{"queries": []}', 422),
        ('{"queries": {}}', 400),
        ('{"queries": {"a": null}}', 400),
        ("[" * 100_000, 400),
        (b"\xff\xfe", 400),
        ('{"queries": {"a": {"schema": "Person", "properties": {"name": ["Z"]}}}, "config": {"x": 1}}', 400),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_in_one_line(bank, body, status):
    answer = bank.post("/yente/match/default", body)
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert not Entry.objects.filter(act="screened").exists()


def test_what_json_would_pass_over_is_refused(bank):
    """Of two values under one key the last is kept: a name would go unasked. NaN is no JSON."""
    body = '{"queries": {"q": {"schema": "Person", "properties": {"name": ["Zarghun Talband"], "name": ["X Y"]}}}}'
    answer = bank.post("/yente/match/default", body)
    assert answer.status_code == 400 and "'name' is there twice" in answer.json()["detail"]
    body = '{"queries": {"q": {"schema": "Person", "properties": {"name": [NaN]}}}}'
    assert bank.post("/yente/match/default", body).status_code == 400


def test_too_many_and_too_much(bank):
    queries = {str(number): of("Zarghun Talband") for number in range(101)}
    assert bank.post("/yente/match/default", {"queries": queries}).status_code == 400
    assert bank.post("/yente/match/default", "x" * (6 * 1024 * 1024)).status_code == 413
    assert bank.post("/yente/match/default", {"queries": {"q": of("x" * 10_001)}}).status_code == 400


def test_what_is_not_an_object_of_weights_has_no_effect_and_that_is_said(bank):
    body = {"queries": {"q": of("Zarghun Talband")}, "weights": {"name.alike": 0.1}}
    weighted = bank.post("/yente/match/default", body).json()
    assert weighted["ignored"] == ["weights"]
    plain = batch(bank, q=of("Zarghun Talband")).json()
    assert weighted["responses"] == plain["responses"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?threshold=2", 422),
        ("?threshold=nan", 422),
        ("?limit=-1", 422),
        ("?limit=x", 422),
        ("?algorithm=logic-v1", 400),
        ("?algorithm=BAHAM", 200),
        ("?changed_since=yesterday", 422),
        ("?changed_since=2026-02-31", 422),
        ("?changed_since=2020-01-01T00:00", 200),
        ("?" + "&".join(["exclude_entity_ids=x"] * 51), 422),
        ("?include_dataset=nowhere", 404),
        ("?exclude_dataset=home-dept&exclude_dataset=open-list", 400),
        ("?unknown=parameter", 200),
    ],
)
def test_parameters(bank, query, status):
    assert bank.post(f"/yente/match/default{query}", {"queries": {"q": of("Zarghun Talband")}}).status_code == status


def test_threshold_cutoff_and_limit(bank):
    weak = {"name": ["Zarghun Talvandi"]}
    hit = bank.match(query="?threshold=0.99&cutoff=0.3", **weak)["results"][0]
    assert hit["score"] < 0.99
    assert hit["match"] is False
    assert bank.match(query=f"?threshold={hit['score']}&cutoff=0.3", **weak)["results"][0]["match"] is True
    assert bank.match(query="?cutoff=0.99&threshold=0.99", **weak)["results"] == []
    default = bank.match(name=["Zarghun Talband"])["results"][0]
    assert default["match"] == (default["score"] >= DEFAULT_THRESHOLD)
    nothing = bank.match(query="?limit=0", name=["Zarghun Talband"])
    assert (nothing["results"], nothing["total"]) == ([], {"value": 1, "relation": "eq"})


def test_each_result_carries_verdict_and_what_speaks_against(bank):
    result = bank.match(name=["Zarghun Talband"])["results"][0]
    assert result["verdict"] == "possible"  # a name alone is never more
    assert result["evidence"][0]["direction"] == "against"
    assert result["explanations"]["name.only"]["score"] < 0
    assert set(result["explanations"]) == set(result["features"]) <= set(FEATURES)
    sure = bank.match(name=["Zarghun Talband"], fatherName=["Tor Baz"], birthDate=["1984"])["results"][0]
    assert sure["verdict"] == "probable"


def test_every_code_of_the_engine_is_documented():
    import re
    from pathlib import Path

    import baham.engines.names as engine

    source = "".join(path.read_text() for path in Path(engine.__file__).parent.glob("*.py"))
    codes = set(
        re.findall(r'"((?:name|schema|identifier|birth_date|father_name|nationality|address)\.[a-z_]+)"', source)
    )
    assert codes
    assert codes <= set(FEATURES)


def test_names_in_parts_and_several_values(bank):
    assert bank.found(firstName=["Zarghun"], lastName=["Talband"]) == ["home-dept:k-1"]
    assert bank.found(name=["Somebody Else", "Zarghun Talband"]) == ["home-dept:k-1"]
    assert bank.found(alias=["زرغون تلبند"]) == ["home-dept:k-1"]
    several = bank.match(name=["Zarghun Talband"], birthDate=["1950", "1984"], passportNumber=["X-1", "61-0447-2215"])
    codes = set(several["results"][0]["explanations"])
    assert {"birth_date.same_year", "identifier.same"} & codes
    assert "birth_date.far_apart" not in codes
    assert bank.match(name="Zarghun Talband", birthDate=1984)["results"][0]["verdict"] == "probable"


@pytest.mark.parametrize(("props", "last"), [("name", "Zarghun Talband"), ("idNumber", "61-0447-2215")])
def test_no_name_and_no_number_is_passed_over(bank, props, last):
    """However far behind it stands; and what is more than is asked about is refused."""
    others = [f"Nobody Known {n}" for n in range(51)]
    assert bank.found(**{"name": ["Nobody Known"], props: [*others[:49], last]}) == ["home-dept:k-1"]
    answer = bank.post(
        "/yente/match/default",
        {"queries": {"q": {"schema": "Person", "properties": {"name": ["Nobody Known"], props: others}}}},
    )
    assert answer.status_code == 400 and "at most 50" in answer.content.decode()


def test_an_identity_number_finds_whoever_bears_it(bank):
    assert bank.found(name=["Entirely Different"], idNumber=["6104472215"]) == ["home-dept:k-1"]


def test_a_key_reaches_its_own_lists_and_others_are_as_if_not_there(ledger, program):
    small = program("small", scope=["home-dept"])
    assert [dataset["name"] for dataset in small.get("/yente/catalog").json()["datasets"]] == ["default", "home-dept"]
    assert small.found(name=["Tarvok Zelmani"]) == []
    assert small.found(name=["Zarghun Talband"]) == ["home-dept:k-1"]
    assert small.match("open-list", name=["Tarvok Zelmani"]).status_code == 404
    assert small.match("open-list", name=["X"]).json() == json.loads(
        small.match("no-such", name=["X"]).content.decode().replace("no-such", "open-list")
    )
    assert small.get("/yente/entities/open-list:o-1").status_code == 404
    assert small.get("/yente/search/default", q="zelmani").json()["total"]["value"] == 0
    assert small.get("/yente/statements", canonical_id="open-list:o-1").json()["results"] == []


def test_a_list_that_is_not_screened_is_not_there(bank):
    Dataset.objects.filter(name="open-list").update(screened=False)
    assert bank.found(name=["Tarvok Zelmani"]) == []
    assert bank.get("/yente/entities/open-list:o-1").status_code == 404


def test_what_is_past_its_review_date_is_not_there(bank, ledger):
    """Safeguard S-11, for programs: of an entry, and of a whole list."""
    from datetime import timedelta

    from django.utils import timezone

    from baham.platform.ledger.models import Entity

    Entity.objects.filter(key="k-1").update(review_by=timezone.localdate() - timedelta(days=1))
    assert bank.found(name=["Zarghun Talband"]) == []
    assert bank.get("/yente/entities/home-dept:k-1").status_code == 404
    assert bank.get("/yente/search/default", q="zarghun").json()["total"]["value"] == 0
    Dataset.objects.filter(name="open-list").update(review_by=timezone.localdate() - timedelta(days=1))
    assert bank.found(name=["Tarvok Zelmani"]) == []
    assert bank.match("open-list", name=["Tarvok Zelmani"]).status_code == 404


def test_who_is_delisted_is_gone_at_once(bank, tmp_path):
    load_rows(tmp_path, PEOPLE[1:])
    assert index.is_stale()
    assert bank.found(name=["Zarghun Talband"]) == []
    assert bank.get("/yente/entities/home-dept:k-1").status_code == 404
    assert bank.get("/yente/search/default", q="zarghun").json()["results"] == []
    assert bank.get("/yente/catalog").json()["index_stale"] is True


def test_records_judged_the_same_are_one_entity(bank, ledger, tmp_path):
    load_ftm(
        tmp_path,
        [{**ENTITIES[0], "id": "z-9", "properties": {"name": ["Zarghun Talband"], "birthDate": ["1985"]}}],
        name="other-list",
    )
    index.build()
    assert len(bank.found(name=["Zarghun Talband"])) == 2
    from baham.platform.ledger.models import Entity

    resolve.judge(ledger["k-1"], Entity.objects.get(key="z-9"), "same", actor(), "Both lists give the same passport.")
    found = bank.match(name=["Zarghun Talband"])["results"]
    assert [(one["id"], one["datasets"], one["referents"]) for one in found] == [
        ("home-dept:k-1", ["home-dept", "other-list"], ["k-1", "other-list:z-9", "z-9"])
    ]
    assert found[0]["properties"]["birthDate"] == ["1984", "1985"]
    answer = bank.get("/yente/entities/other-list:z-9", nested="false")
    assert (answer.status_code, answer.url) == (308, "/yente/entities/home-dept%3Ak-1?nested=false")
    rows = bank.get("/yente/statements", canonical_id="z-9", prop="birthDate").json()["results"]
    assert {(row["dataset"], row["value"]) for row in rows} == {("home-dept", "1984"), ("other-list", "1985")}
    assert rows[0]["chain"]["contradicts"]


def test_a_key_that_two_lists_use_is_asked_about(bank, tmp_path):
    load_rows(tmp_path, [PEOPLE[0]], name="second")
    answer = bank.get("/yente/entities/k-1")
    assert answer.status_code == 404
    assert "home-dept:k-1, second:k-1" in answer.json()["detail"]


def test_a_chain_comes_out_through_statements(bank, ledger):
    from datetime import date

    from baham.platform.ledger import annotate
    from baham.platform.ledger.models import Statement

    said = Statement.objects.get(entity=ledger["k-1"], prop="fatherName")
    annotate.grade(said, "B2", actor("s-noor"), "The register of 1991 says so, independently.")
    annotate.assess(said, date(2026, 9, 3), "moderate", actor("s-noor"), "From an interview, not from a document.")
    annotate.take_stance(
        said, "contradicts", actor("s-noor"), "The school register says otherwise.", "register of 1991"
    )
    row = bank.get("/yente/statements", canonical_id="home-dept:k-1", prop="fatherName").json()["results"][0]
    chain = row["chain"]
    assert row["id"] == said.sid_hex
    assert chain["publisher"] == "Home Department, Kohsar"
    assert (chain["document"]["record"], chain["document"]["field"]) == (said.record, said.field)
    assert len(chain["document"]["sha256"]) == 64
    assert chain["grade"] == {"code": "B2", "scheme": "admiralty-6x6", "given_to": "value"}
    assert chain["basis"] == {"kind": "assessment", "on": "2026-09-03", "confidence": "moderate"}
    assert [(stance["kind"], stance["evidence"]) for stance in chain["stances"]] == [
        ("contradicts", "register of 1991")
    ]
    assert chain["handling"]["tlp"] == "TLP:CLEAR"
    assert "s-noor" not in json.dumps(row)
    assert "school register" not in json.dumps(row)


def test_reading_an_entity_shows_on_its_record_who_read_it(bank, ledger):
    bank.get("/yente/entities/home-dept:k-1")
    entry = Entry.objects.get(subject=f"entity:{ledger['k-1'].pk}")
    assert (entry.actor, entry.event, entry.purpose, entry.title) == (
        "client:bank",
        "consultation",
        "screening",
        "Zarghun Talband",
    )
    assert entry.detail["entities"] == [ledger["k-1"].pk]


def test_search_writes_no_words_into_the_log(bank):
    bank.get("/yente/search/default", q="zarghun talband")
    entry = Entry.objects.get(act="searched")
    assert "zarghun" not in entry.canonical().decode().lower()
    assert len(entry.detail["entities"]) == 1


@pytest.mark.parametrize("query", ["schema=Wizard", "filter=x", "filter=nothing:1", "sort=danger", "sort=caption:up"])
def test_a_search_that_cannot_be_done_says_why(bank, query):
    answer = bank.get(f"/yente/search/default?q=zarghun&{query}")
    assert answer.status_code == 400
    assert answer.json()["detail"]


@pytest.mark.parametrize("query", ["facets=danger", "filter_op=XOR", "limit=501", "offset=-1", "changed_since=x"])
def test_search_parameters_out_of_range(bank, query):
    assert bank.get(f"/yente/search/default?q=zarghun&{query}").status_code == 422


def test_search_filters(bank):
    def found(**more):
        return [one["id"] for one in bank.get("/yente/search/default", **{"q": "zelmani", **more}).json()["results"]]

    assert found() == ["open-list:o-1", "open-list:o-2"]
    assert found(countries="sv") == ["open-list:o-1"]
    assert found(topics=["sanction", "role.rca"]) == ["open-list:o-1", "open-list:o-2"]
    assert found(topics=["sanction", "role.rca"], filter_op="AND") == []
    assert found(exclude_schema="Person") == []
    assert found(exclude_dataset="open-list") == []
    assert found(changed_since="2999-01-01") == []
    assert found(q="zelm") == ["open-list:o-1", "open-list:o-2"]
    assert found(q="") and len(found(q="", schema="Company")) == 1


def test_other_methods_and_addresses(bank):
    assert bank.get("/yente/match/default").status_code == 405
    assert bank.get("/yente/match/default").json()["detail"]
    assert bank.post("/yente/search/default", {}).status_code == 405
    assert bank.post("/yente/updatez", {}).status_code == 403
    assert bank.get("/yente/nothing/here").status_code == 404
    assert bank.get(f"/yente/entities/{quote('ü' * 300)}").status_code == 404
    assert bank.get("/yente/openapi.json").json()["paths"]["/yente/match/{dataset}"]


def test_before_a_list_is_loaded(program):
    empty = program()
    assert empty.get("/yente/healthz").status_code == 200
    assert empty.get("/yente/readyz").status_code == 503
    assert empty.get("/yente/catalog").json()["current"] == []
    assert empty.match(name=["Zarghun Talband"]).status_code == 400


def test_a_list_without_an_index_is_not_ready(program, tmp_path):
    load_rows(tmp_path)
    asker = program()
    assert asker.get("/yente/readyz").status_code == 503
    answer = asker.match(name=["Zarghun Talband"])
    assert answer.status_code == 503
    assert "no list to screen against" in answer.json()["detail"]


def test_a_busy_database_asks_for_patience_and_a_fault_says_nothing_more(bank, monkeypatch, caplog):
    def busy(*args, **more):
        raise OperationalError("database is locked")

    monkeypatch.setattr("baham.platform.clients.yente.reaching.screen", busy)
    answer = bank.match(name=["Zarghun Talband"])
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")

    def broken(*args, **more):
        raise RuntimeError("inner state")

    monkeypatch.setattr("baham.platform.clients.yente.reaching.screen", broken)
    answer = bank.match(name=["Zarghun Talband"])
    assert answer.status_code == 500
    assert "inner state" not in answer.content.decode()
    assert "Zarghun" not in caplog.text


@pytest.mark.parametrize(
    ("properties", "field"),
    [
        ({"name": ["!!"]}, "properties.name"),
        ({"name": ["Zarghun Talband", "4410"]}, "properties.name"),
        ({"name": ["Zarghun Talband"], "birthDate": ["1984-02-30"]}, "properties.birthDate"),
        ({"name": ["Zarghun Talband"], "birthDate": ["31.4.1984"]}, "properties.birthDate"),
        ({"name": ["Zarghun Talband"], "birthDate": ["2991-01-01"]}, "properties.birthDate"),
        ({"name": ["Zarghun Talband"], "birthDate": ["1984", "one day"]}, "properties.birthDate"),
    ],
)
def test_what_the_command_line_refuses_the_api_refuses_with_its_field(bank, properties, field):
    answer = bank.match(**properties)
    assert answer.status_code == 400 and answer.json()["detail"].startswith(field)


def test_a_name_without_a_letter_may_be_asked_beside_an_identity_number(bank):
    assert bank.match(name=["4410"], passportNumber=["61-0447-2215"])["status"] == 200


def test_a_date_asked_with_is_as_exact_as_it_was_written(bank):
    found = bank.match(name=["Zarghun Talband"], birthDate=["about 1981"])["results"][0]
    assert "birth_date.approximate" in {one["code"] for one in found["evidence"]}


def test_parts_of_a_name_are_asked_beside_the_name(bank):
    parts = {"firstName": ["Zarghun"], "lastName": ["Talband"]}
    assert bank.found(name=["Z. T."], **parts) == bank.found(name=["Zarghun Talband"]) != []
