"""The client that users of yente have, from PyPI and unchanged, against a real `baham serve` on loopback."""

import asyncio
import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.house import House, serving
from tests.support import commands
from tests.support.browser import ROOT
from tests.support.ftm import ENTITIES
from tests.support.lists import write

yente_client = pytest.importorskip("yente_client", reason="yente-client is not installed")
from yente_client.entities import Person  # noqa: E402
from yente_client.exceptions import (  # noqa: E402
    APIError,
    AuthenticationError,
    BadRequestError,
    NotFoundError,
    RateLimitError,
)


@dataclass(frozen=True)
class Service:
    """A running service, with a key, and with one that may ask two names a minute."""

    house: House
    key: str
    slow_key: str

    @property
    def address(self) -> str:
        return f"{self.house.address}/yente"

    def client(self, key: str = "") -> "yente_client.Client":
        return yente_client.Client(api_key=key or self.key, base_url=self.address, app_name="acceptance")


@pytest.fixture(scope="module")
def service(begin, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = begin(tmp_path_factory.mktemp("service"))

    def run(*words: str) -> str:
        done = commands.run(home, "baham", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    own = home / "open.ftm.json"
    own.write_text("".join(json.dumps(entity, ensure_ascii=False) + "\n" for entity in ENTITIES), encoding="utf-8")
    run("sources", "load", str(write(home / "home.csv")), "--name", "home-dept", "--title", "Home Department list")
    run("sources", "load", str(own), "--name", "open-list", "--title", "Open list")
    key = run("clients", "add", "bank", "--organisation", "Daryab Commercial Bank", "--reason", "Screens its customers")
    slow = run("clients", "add", "kiosk", "--organisation", "Border post Torsang", "--rate", "2")
    with serving(home, {}) as house:
        yield Service(house, key, slow)


def test_health_and_readiness_need_no_key(service):
    with yente_client.Client(base_url=service.address) as nobody:
        assert nobody.healthz().status == "ok"
        assert nobody.readyz().status == "ok"
        with pytest.raises(AuthenticationError) as refused:
            nobody.datasets()
    assert refused.value.status_code == 401


def test_catalog_and_algorithms(service):
    with service.client() as client:
        listing, again = client.datasets(), client.datasets()
        algorithms = client.algorithms()
    assert [dataset.name for dataset in listing.datasets if dataset.load] == ["home-dept", "open-list"]
    assert listing.datasets[0].children == ["home-dept", "open-list"]
    assert listing.current == ["home-dept", "open-list"]
    assert listing == again  # the second time with 304
    assert (algorithms.best, algorithms.default) == ("baham", "best")
    assert algorithms.algorithms[0].docs["features"]["name.only"]


def test_match(service):
    with service.client() as client:
        found = client.match(Person(name="Tarvok Zelmani", birthDate="1971-02-03"), limit=3, threshold=0.7)
        other_script = client.match(Person(name="زرغون تلبند"))
        nobody = client.match(Person(name="Wendelin Ohlmeier"))
        narrow = client.match(Person(name="Tarvok Zelmani"), datasets=["home-dept"])
        both = client.match(Person(name="Tarvok Zelmani"), datasets=["home-dept", "open-list"])
        excluded = client.match(Person(name="Tarvok Zelmani"), exclude_entities=["o-1"])
        topics = client.match(Person(name="Tarvok Zelmani"), topics=["role.pep"])
    assert found.top.id == "open-list:o-1"
    assert found.top.match
    assert found.top.datasets == ["open-list"]
    assert found.top.contributing_explanations["birth_date.same_day"].candidate == "1971-02-03"
    assert (found.total.value, found.limit) == (1, 3)
    assert found.query["properties"]["name"] == ["Tarvok Zelmani"]
    assert other_script.top.caption == "Zarghun Talband"
    assert other_script.top.explanations["name.only"].score < 0
    assert not nobody.results
    assert not narrow.results
    assert both.top.id == "open-list:o-1"
    assert not excluded.results
    assert not topics.results


def test_match_iter(service):
    names = {"a": "Zarghun Talband", "b": "Mirwais Khorvash", "c": "Nobody Atall", "d": "Spogmai Nilgari"}
    with service.client() as client:
        answers = dict(client.match_iter(((key, Person(name=name)) for key, name in names.items()), workers=4))
    assert {key: answer.top.caption if answer.top else None for key, answer in answers.items()} == {
        "a": "Zarghun Talband",
        "b": "Mirwais Khorvash",
        "c": None,
        "d": "Spogmai Nilgari",
    }


def test_search(service):
    with service.client() as client:
        found = client.search("zelmani", facets=["countries", "datasets", "schema"])
        page = client.search("zelmani", limit=1, offset=1)
        narrowed = client.search(
            "zelmani", topics=["sanction"], schema="Person", filter=["properties.birthDate:1971-02-03"]
        )
        alike = client.search("زرغون تلبند", fuzzy=True, datasets=["home-dept"])
        nothing = client.search("wendelin")
        ordered = client.search("", sort=["caption:desc"], limit=2, schema="Person")
    assert [entity.caption for entity in found.results] == ["Tarvok Zelmani", "Livra Zelmani"]
    assert (found.total.value, found.total.relation) == (2, "eq")
    assert found.facets["datasets"].values[0].label == "Open list"
    assert [entity.caption for entity in page.results] == ["Livra Zelmani"]
    assert (page.total.value, page.limit, page.offset) == (2, 1, 1)
    assert [entity.id for entity in narrowed.results] == ["open-list:o-1"]
    assert [entity.caption for entity in alike.results] == ["Zarghun Talband"]
    assert nothing.total.value == 0
    assert [entity.caption for entity in ordered.results] == ["Zarghun Talband", "Tarvok Zelmani"]


def test_fetch_and_adjacent(service):
    with service.client() as client:
        whole = client.fetch("open-list:o-1")
        bare = client.fetch("o-1", nested=False)
        around = client.adjacent("open-list:o-1")
        family = client.adjacent("open-list:o-1", prop="familyPerson", limit=5)
        with pytest.raises(NotFoundError):
            client.fetch("open-list:o-999")
        with pytest.raises(NotFoundError):
            client.adjacent("open-list:o-1", prop="birthDate")
    assert whole.properties["sanctions"][0].properties["authority"] == ["Home Department, Kohsar"]
    assert whole.properties["ownershipOwner"][0].properties["asset"][0].caption == "Orvane Lantern Trading"
    assert whole.properties["familyPerson"][0].properties["relative"][0].caption == "Livra Zelmani"
    assert bare.id == "open-list:o-1"  # led there from the id of its source
    assert "sanctions" not in bare.properties
    assert set(around.adjacent) == {"sanctions", "familyPerson", "ownershipOwner"}
    assert family.total.value == 1
    assert family.results[0].properties["relative"][0].id == "open-list:o-2"


def test_statements(service):
    with service.client() as client:
        of_entity = client.statements(canonical_id="open-list:o-1", limit=100)
        alias = client.statements(canonical_id="open-list:o-1", prop="alias")
        by_source = client.statements(entity_id="o-1", dataset="open-list", sort=["prop:desc"], limit=1, offset=1)
        with pytest.raises(BadRequestError):
            client.statements(dataset="open-list")
    assert of_entity.total.value == len(of_entity.results) == 6
    assert [(said.value, said.prop_type, said.dataset) for said in alias.results] == [
        ("ترووک زلمانی", "name", "open-list")
    ]
    assert by_source.total.value == 6
    assert by_source.results[0].prop == "passportNumber"


def test_mistakes_are_answered_as_the_client_expects(service):
    with service.client() as client:
        with pytest.raises(NotFoundError, match="no-such-list"):
            client.match(Person(name="Tarvok Zelmani"), datasets=["no-such-list"])
        with pytest.raises(BadRequestError, match="no name"):
            client.match(Person(birthDate="1971"))
        with pytest.raises(BadRequestError, match="1971-02-31"):
            client.match(Person(name="Tarvok Zelmani", birthDate="1971-02-31"))
        with pytest.raises(BadRequestError, match="algorithm"):
            client.match(Person(name="Tarvok Zelmani"), algorithm="logic-v1")
        with pytest.raises(APIError) as refused:
            client.match(Person(name="Tarvok Zelmani"), limit=100_000)
    assert refused.value.status_code == 422
    with service.client("baham_00000000_" + "x" * 43) as stranger, pytest.raises(AuthenticationError):
        stranger.match(Person(name="Tarvok Zelmani"))


def test_who_asks_too_fast_is_told_when_to_go_on(service):
    with service.client(service.slow_key) as client, pytest.raises(RateLimitError) as refused:
        for _ in range(4):
            client.match(Person(name="Tarvok Zelmani"))
    assert 1 <= refused.value.retry_after <= 60


def test_the_async_client(service):
    async def ask() -> tuple:
        async with yente_client.AsyncClient(api_key=service.key, base_url=service.address) as client:
            return await asyncio.gather(
                client.healthz(),
                client.readyz(),
                client.datasets(),
                client.algorithms(),
                client.match(Person(name="Tarvok Zelmani")),
                client.search("zelmani"),
                client.fetch("open-list:o-1"),
                client.adjacent("open-list:o-1"),
                client.adjacent("open-list:o-1", prop="sanctions"),
                client.statements(canonical_id="open-list:o-1"),
            )

    health, ready, datasets, algorithms, match, search, entity, around, sanctions, statements = asyncio.run(ask())
    assert health.status == ready.status == "ok"
    assert {"home-dept", "open-list"} <= {dataset.name for dataset in datasets.datasets}
    assert algorithms.best == "baham"
    assert match.top.id == search.results[0].id == entity.id == around.entity.id == "open-list:o-1"
    assert sanctions.total.value == 1
    assert statements.total.value == 6


def yente_cli(service: Service, *words: str, fails: int = 0) -> str:
    environment = {"PATH": os.environ["PATH"], "OPENSANCTIONS_API_KEY": service.key, "YENTE_BASE_URL": service.address}
    command = Path(sys.executable).with_name("yente-cli")
    done = subprocess.run([str(command), *words], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == fails, done.stderr + done.stdout
    return done.stdout if not fails else done.stderr


def test_the_command_line_client(service, tmp_path):
    status = json.loads(yente_cli(service, "status", "-f", "json"))
    assert status["summary"] == {"total": 2, "current": 2, "stale": 0}
    assert status["api"]["readiness"]["status"] == "ok"
    matched = json.loads(yente_cli(service, "match", "-s", "Person", "-p", "name=Tarvok Zelmani", "-f", "json"))
    assert matched["results"][0]["id"] == "open-list:o-1"
    assert json.loads(yente_cli(service, "search", "zelmani", "-f", "json"))["total"]["value"] == 2
    assert json.loads(yente_cli(service, "fetch", "open-list:o-1", "-f", "json"))["caption"] == "Tarvok Zelmani"
    assert "no-such-list" in yente_cli(service, "search", "x", "-d", "no-such-list", fails=3)
    customers, out = tmp_path / "customers.csv", tmp_path / "out.csv"
    customers.write_text("number,customer,born\n1,زرغون تلبند,1984\n2,Nobody Atall,\n3,Tarvok Zelmani,1971-02-30\n")
    yente_cli(
        service,
        "screen",
        str(customers),
        str(out),
        "-s",
        "Person",
        "-i",
        "customer=name",
        "-i",
        "born=birthDate",
        "--include-empty",
        "--explanation",
        fails=5,
    )  # 5: some rows could not be asked
    rows = {row["number"]: row for row in csv.DictReader(out.read_text(encoding="utf-8").splitlines())}
    assert rows["1"]["match_caption"] == "Zarghun Talband"
    assert "birth_date.same_year" in rows["1"]["match_explanation"]
    assert not rows["2"]["match_id"]
    assert "1971-02-30" in rows["3"]["match_error"]


def test_the_log_names_the_program_and_its_purpose_and_no_name_that_it_asked(service):
    asked = service.house.row("SELECT count(*), min(purpose) FROM audit_entry WHERE actor='client:bank'")
    assert asked[0] > 10
    assert asked[1] == "screening"
    detail = service.house.row("SELECT detail FROM audit_entry WHERE act='screened' AND actor='client:bank' LIMIT 1")
    assert set(json.loads(detail[0])) == {"names", "hits", "entities"}
    for word in ("Wendelin", "wendelin", "Ohlmeier"):
        found = service.house.row(
            "SELECT count(*) FROM audit_entry WHERE title LIKE ? OR subject LIKE ? OR detail LIKE ?", *[f"%{word}%"] * 3
        )
        assert found == (0,), word
    assert "endelin" not in (service.house.home / "serve.log").read_text()


def test_a_refusal_does_not_cost_the_connection(service):
    """A server that answers before it has read the question drops the connection, and the next question with it."""
    import httpx

    body = {"queries": {"q": {"schema": "Person", "properties": {"name": ["Zarghun Talband"] * 2_000}}}}
    with httpx.Client(base_url=service.address) as http:
        for _ in range(5):
            for headers in (
                {},
                {"Authorization": f"ApiKey {service.slow_key}"},
                {"Authorization": f"ApiKey {service.key}"},
            ):
                assert http.post("/match/no-such-list", json=body, headers=headers).status_code in (401, 404, 429)


@pytest.mark.parametrize("language", ["sh", "python"])
def test_the_examples_of_the_documentation_run(service, language):
    """docs/screening-service.md, as a reader would try it: with the address and a key in two variables."""
    if language == "sh" and shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    examples = re.findall(
        rf"^```{language}\n(.*?)^```", (ROOT / "docs" / "screening-service.md").read_text(), re.M | re.S
    )
    assert len(examples) == {"sh": 2, "python": 1}[language]
    environment = {"PATH": os.environ["PATH"], "BAHAM": service.house.address, "KEY": service.key}
    said = ""
    for example in examples:
        command = ["bash", "-euc", example] if language == "sh" else [sys.executable, "-c", example]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        said += done.stdout
    assert "Zarghun Talband" in said
    assert "birth_date.same_year" in said
    if language == "sh":
        assert '"reference": "c-17"' in said
        assert "Orvane Lantern Trading" in said
