"""`baham taxii` as its users type it, and the server as `baham serve` runs it."""

import json
from pathlib import Path

import pytest

from baham.measures.sharing.taxii.client import Taxii
from tests.journeys.house import serving
from tests.measures.sharing.taxii.world import stix
from tests.support.commands import run

WHY = "Read by two people and found in order."


def baham(home: Path, *words: str, fails: int = 0) -> str:
    done = run(home, "baham", *words)
    assert done.returncode == fails, done.stdout + done.stderr
    assert not fails or len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr if fails else done.stdout.strip()


@pytest.fixture(scope="module")
def home(begin, tmp_path_factory) -> Path:
    return begin(tmp_path_factory.mktemp("taxii"))


def test_from_nothing_to_an_accepted_object(home):
    secret = baham(
        home,
        "partners",
        "add",
        "kohsar",
        "--title",
        "Kohsar bureau",
        "--kind",
        "agency",
        "--trusted",
        "--reason",
        "A partner in a test, with a reason long enough.",
    )
    number = baham(home, "taxii", "add", "Networks", "--root", "exchange", "--alias", "networks")
    assert "already" in baham(home, "taxii", "add", "Networks", "--root", "exchange", "--alias", "networks", fails=2)
    baham(home, "taxii", "access", "networks", "kohsar", "--read", "--post")
    assert "no list 'nowhere'" in baham(
        home, "taxii", "add", "Ours", "--root", "exchange", "--ledger", "--dataset", "nowhere", fails=2
    )
    baham(home, "taxii", "add", "Ours", "--root", "ours", "--alias", "ours", "--ledger")
    assert "Nobody posts" in baham(home, "taxii", "access", "ours", "kohsar", "--read", "--post", fails=2)
    assert "\tOurs\tledger\tall lists" in baham(home, "taxii", "list")
    assert "no partner" in baham(home, "taxii", "access", "networks", "nobody", "--read", fails=2)
    assert "no collection" in baham(home, "taxii", "access", "nothing", "kohsar", fails=2)
    with serving(home, {}) as house:
        there = Taxii(f"{house.address}/taxii2/", "kohsar", secret)
        (root,) = there.roots()
        (collection,) = there.collections(root)
        assert collection.id == number
        assert there.post(collection, [stix(number=n) for n in range(1, 4)]).waiting == 3
        assert "3 wait" in baham(home, "taxii", "list")
        lines = [line.split("\t") for line in baham(home, "taxii", "waiting", "networks").splitlines()]
        assert [json.loads(line[2]) for line in lines] == [stix(number=n) for n in range(1, 4)]
        assert "20 characters" in baham(home, "taxii", "accept", "networks", lines[0][0], "--reason", "ok", fails=2)
        assert baham(home, "taxii", "accept", number, lines[0][0], lines[1][0], "--reason", WHY) == "2 objects accepted"
        assert baham(home, "taxii", "reject", number, lines[2][0], "--reason", WHY) == "1 objects refused"
        assert "do not wait" in baham(home, "taxii", "accept", number, lines[2][0], "--reason", WHY, fails=1)
        (page,) = there.pages(collection)
        assert page.objects == [stix(number=1), stix(number=2)]
        assert house.row(
            "SELECT count(*) FROM audit_entry WHERE event='consultation' AND subject=?", f"collection:{number}"
        ) == (1,)
        baham(home, "taxii", "access", "networks", "kohsar", "--none")
        assert there.roots() == []
    assert baham(home, "audit", "verify").count("\n") == 0
