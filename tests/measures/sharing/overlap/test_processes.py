"""Two installations, each with its own data, and the holder in a process of its own between them, on loopback."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, closing
from itertools import product
from pathlib import Path

import pytest

pytest.importorskip("rbcl", reason="the extra psi is not installed")

from tests.support import commands
from tests.support.lists import write

ROOT = Path(__file__).resolve().parents[4]
WORDS = [f"{a}a{b}a{c}an".title() for a, b, c in product("bdfgjlmnrst", repeat=3)]
HELD = [
    {"id": "k-1", "name": "Zarghun Talband", "birth_date": "1984", "nationality": "sv"},
    {"id": "victim-1", "name": "Spogmai Nilgari", "birth_date": "1991", "nationality": "sv"},
    *({"id": f"m-{n}", "name": f"Mirwais {word}", "birth_date": str(1940 + n % 60)} for n, word in enumerate(WORDS)),
]
ASKED = [
    {"id": "1", "name": "زرغون تلبند", "birth_date": "1985", "nationality": "sv"},
    {"id": "2", "name": "Spogmai Nilgari", "birth_date": "1991", "nationality": "sv"},
    {"id": "3", "name": "Gulalai Rudabari", "birth_date": "1970", "nationality": "sv"},
    {"id": "4", "name": "Zarghun Talband"},
]


def environment(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "BAHAM_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "BAHAM_REQUIRE_MFA": "0",
    }


def run(home: Path, *words: str) -> subprocess.CompletedProcess:
    return commands.run(home, *words, cwd=home.parent, BAHAM_REQUIRE_MFA="0")


def good(done: subprocess.CompletedProcess) -> str:
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Served:
    """`baham overlap serve` over a home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()

    def start(self) -> None:
        words = [sys.executable, "-m", "baham", "overlap", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            words,
            env=environment(self.home),
            cwd=self.home.parent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5)
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the holder does not answer")

    def kill(self) -> None:
        """kill -9, all of it at once: the server and what it started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def requests(self) -> list[sqlite3.Row]:
        with closing(sqlite3.connect(self.home / "overlap" / "holder.sqlite3")) as db:
            db.row_factory = sqlite3.Row
            return db.execute("SELECT * FROM request ORDER BY rowid").fetchall()


@pytest.fixture(scope="module")
def two(begin, tmp_path_factory):
    """(Kohsar's home, which holds; Daryab's home, which asks), agreed with each other, and Kohsar prepared."""
    base = tmp_path_factory.mktemp("two")
    kohsar, daryab = begin(base / "kohsar"), begin(base / "daryab")
    module = "tests.measures.sharing.overlap.installation"
    cards = {home: good(run(home, module, "card")) for home in (kohsar, daryab)}
    good(run(kohsar, module, "agree", cards[daryab], str(write(base / "held.csv", HELD))))
    good(run(daryab, module, "agree", cards[kohsar]))
    said = good(run(kohsar, "baham", "overlap", "prepare", "other", "--purpose", "screening", "--case", "order 9"))
    assert "keys of 1,332 persons" in said and "left out: 1 victim" in said
    return kohsar, daryab


@pytest.fixture(scope="module")
def served(two):
    made = Served(two[0])
    for _ in range(200):  # the epoch of what was prepared is made when the holder starts
        if list((two[0] / "overlap" / "epochs").glob("*.secret")):
            break
        time.sleep(0.05)
    yield made
    made.kill()


def ask(home: Path, served: Served, rows=ASKED, **more) -> subprocess.CompletedProcess:
    file = write(home.parent / "asked.csv", rows)
    return run(
        home,
        "baham",
        "overlap",
        "ask",
        str(file),
        "--partner",
        "other",
        "--purpose",
        "screening",
        "--case",
        "C-7",
        "--url",
        served.url,
    )


def test_from_one_installation_to_the_other(two, served):
    """A lead for whom both hold, in another script and a year apart; none for the victim, whom only Kohsar knows as one."""
    done = ask(two[1], served)
    assert done.returncode == 1, "one row has no compound key"
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["1"]
    assert "no compound key, so not asked about: 4" in done.stderr
    with closing(sqlite3.connect(two[1] / "baham.sqlite3")) as asker:
        assert asker.execute("SELECT reference, matter_id FROM sharing_lead").fetchall() == [("1", None)]
    good(run(two[1], "baham", "audit", "verify"))
    log = good(run(two[0], "baham", "overlap", "log"))
    assert "other\t16 places\tscreening" in log and "answered" in log
    row = served.requests()[0]
    assert row["answered"], "the server says when a reply has left"
    commitment = bytes(row["commitment"]).hex()
    opened = two[1].parent / "opened.json"
    opened.write_text(good(run(two[1], "baham", "overlap", "open", commitment, "--place", "3")))
    examined = good(run(two[0], "baham", "overlap", "examine", str(opened)))
    assert examined.startswith("holds: place 3") and bytes(row["digest"]).hex() in examined
    opened.write_text(opened.read_text().replace('"C-7"', '"C-8"').replace('"index": 3', '"index": 4'))
    assert run(two[0], "baham", "overlap", "examine", str(opened)).returncode == 1


def test_killed_in_the_middle_of_a_request_the_quota_is_neither_lost_nor_doubled(two, served):
    """The holder is killed while it computes: the request is charged and not answered. The asker sends the very same
    letter again, and gets its answer from the holder that was started anew, without being charged a second time."""
    rows = [{"id": str(n), "name": f"Qwxyz {word}", "birth_date": "1970"} for n, word in enumerate(WORDS[:330])]
    file = write(two[1].parent / "many.csv", rows)
    asking = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "baham",
            "overlap",
            "ask",
            str(file),
            "--partner",
            "other",
            "--purpose",
            "screening",
            "--case",
            "C-9",
            "--url",
            served.url,
        ],
        env=environment(two[1]),
        cwd=two[1].parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(30_000):
        if len(served.requests()) > 1:
            break
        time.sleep(0.001)
    served.kill()
    _, taken = served.requests()
    assert (taken["places"], taken["answered"]) == (1_024, "")
    served.start()
    out, said = asking.communicate(timeout=60)
    assert (asking.returncode, out) == (0, ""), said
    _, answered = served.requests()
    assert (answered["digest"], answered["places"]) == (taken["digest"], 1_024)
    assert answered["answered"]


def test_nothing_in_the_holders_folder_names_anybody(two, served):
    for path in (two[0] / "overlap").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"tlbnd" not in content and b"Talband" not in content, path


def test_stopping_a_partner_destroys_its_keys(two, served):
    said = good(run(two[0], "baham", "overlap", "stop", "other"))
    assert "1 epochs ended" in said
    assert list((two[0] / "overlap" / "epochs").iterdir()) == []
    done = ask(two[1], served)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1 and "no open epoch" in done.stderr


def test_bad_words_are_refused_in_one_line(two, served):
    for words in (
        ["prepare", "nobody", "--purpose", "screening"],
        ["prepare", "other", "--purpose", "redress"],
        ["stop", "../x"],
        ["examine", "/nowhere"],
        ["ask", "/nowhere.csv", "--partner", "other", "--purpose", "screening", "--case", "C"],
    ):
        done = run(two[1], "baham", "overlap", *words)
        assert (done.returncode, done.stdout, len(done.stderr.strip().splitlines())) == (2, "", 1), (words, done.stderr)


def test_slow_letters_hold_up_nobody(two, served):
    """Twenty letters that come a byte at a time, from anybody: whoever sends a whole one is answered all the while."""
    with ExitStack() as lines:
        for _ in range(20):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", served.port)))
            line.sendall(b"POST /overlap HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{served.url}/overlap", b"{}", timeout=30)
        with refused.value as said:
            assert said.code == 400
