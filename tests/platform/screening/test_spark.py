"""`baham screen --engine spark` gives the bytes that `--engine local` gives, and says in one line why it cannot.

The tests marked spark start a real Spark (`make spark` and Java) in processes of their own.
"""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.commands import run
from tests.support.lists import PEOPLE, write

ROOT = Path(__file__).resolve().parents[3]
PYTHON = Path(os.environ.get("BAHAM_SPARK_PYTHON", ROOT / ".venv-spark" / "bin" / "python"))
MISSING = f"no Spark at {PYTHON} (make spark)" if not PYTHON.exists() else "no Java" if not shutil.which("java") else ""
needs_spark = pytest.mark.skipif(bool(MISSING), reason=MISSING)
SAID_BY_JAVA = ("WARNING: Using incubator", "Setting ", "To adjust ", "Using Spark's default", "WARN", "ERROR")


def baham(home: Path, *words: str, python: Path | str = sys.executable, **more: str) -> subprocess.CompletedProcess:
    environment = {"PATH": os.environ["PATH"], "BAHAM_HOME": str(home), "PYTHONPATH": str(ROOT), **more}
    return subprocess.run(
        [str(python), "-m", "baham", *words], cwd=home.parent, env=environment, capture_output=True, text=True
    )


def said(done: subprocess.CompletedProcess) -> list[str]:
    """What is on stderr but for Spark's own greeting."""
    return [line for line in done.stderr.splitlines() if not line.startswith(SAID_BY_JAVA)]


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A data folder with two lists, and a file of six thousand names in a mixed order, some with more than a name."""
    from baham.engines.fairness import population

    folder = tmp_path_factory.mktemp("spark")
    turn = population(lists=1, listed=20, ways=2, strangers=500).rounds[0]
    made = [{"id": s.id, "name": s.names[0], "alias": ";".join(s.names[1:]), "birth_date": "1970"} for s in turn.listed]
    asked = [
        {"id": str(i), "name": one.name, "birth_date": "1970" if i % 5 == 0 else ""} for i, one in enumerate(turn.asked)
    ]
    asked.insert(17, {"id": "same", "name": "Mirwais Khorvash", "birth_date": "1979-05-02"})
    asked.insert(4000, {"id": "cross", "name": "زرغون تلبند", "birth_date": ""})
    asked.append({"id": "new", "name": "Torialay Sahak", "birth_date": ""})
    write(folder / "asked.csv", asked)
    for name, rows in (("home-dept", PEOPLE), ("made-up", made)):
        done = baham(folder / "home", "sources", "load", str(write(folder / f"{name}.csv", rows)), "--name", name)
        assert done.returncode == 0, done.stderr
    return folder / "home"


def screened(home: Path, engine: str, *words: str, **more: str) -> tuple[bytes, subprocess.CompletedProcess]:
    out = home.parent / f"{engine}.jsonl"
    out.unlink(missing_ok=True)
    python = PYTHON if engine == "spark" else sys.executable
    done = baham(home, "screen", "asked.csv", "--engine", engine, "--out", str(out), *words, python=python, **more)
    return out.read_bytes() if out.exists() else b"", done


@pytest.mark.spark
@needs_spark
def test_the_bytes_are_the_same_and_what_is_delisted_is_silent(home):
    here, done = screened(home, "local", "--limit", "3")
    assert done.returncode == 0, done.stderr
    there, done = screened(home, "spark", "--limit", "3")
    assert done.returncode == 0, done.stderr
    assert there == here and said(done) == []
    rows = [json.loads(line) for line in there.splitlines()]
    assert len(rows) == 5943 and [row["id"] for row in rows][16:19] == ["16", "same", "17"]
    assert sum(bool(row["hits"]) for row in rows) > 300
    assert not list(home.glob("spark-*")), "nothing is left behind"

    # A new version of the list is a layer over the index; workers put the two together as is done here.
    more = [*PEOPLE, {"id": "k-5", "name": "Toryalai Sahak", "alias": "توریالی سهاک"}]
    done = baham(home, "sources", "load", str(write(home.parent / "more.csv", more)), "--name", "home-dept")
    assert done.returncode == 0, done.stderr
    assert list((home / "index").glob("*/base")), "the change became a layer"
    # The entry goes out of force while the index files still hold it: the ledger decides, here as there.
    with sqlite3.connect(home / "baham.sqlite3") as ledger:
        changed = ledger.execute("UPDATE ledger_entity SET current = 0 WHERE key = 'k-2'").rowcount
    assert changed == 1
    asked = ("--limit", "3", "--dataset", "home-dept", "--threshold", "0.4")
    here, _ = screened(home, "local", *asked)
    there, done = screened(home, "spark", *asked, PYSPARK_SUBMIT_ARGS="--master local[1] pyspark-shell")
    assert there == here
    found = {hit["entity"] for line in there.splitlines() for hit in json.loads(line)["hits"]}
    assert {"k-1", "k-5"} <= found and "k-2" not in found


@pytest.mark.spark
@needs_spark
def test_hosts_of_their_own_get_the_index_and_give_the_same_bytes(home):
    here, _ = screened(home, "local")
    hosts = {
        "PYSPARK_SUBMIT_ARGS": "--master local-cluster[2,1,1024] pyspark-shell",
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_WORKER_DIR": str(home.parent / "work"),
    }
    there, done = screened(home, "spark", **hosts)
    assert done.returncode == 0, done.stderr
    assert there == here


@pytest.mark.spark
@needs_spark
def test_a_worker_that_fails_is_one_line_and_no_output(home, tmp_path):
    broken = tmp_path / "desk" / "home"
    shutil.copytree(home, broken)
    (broken.parent / "asked.csv").write_bytes((home.parent / "asked.csv").read_bytes())
    # Workers start an interpreter that is not there.
    there, done = screened(broken, "spark", PYSPARK_PYTHON=str(tmp_path / "no-python"))
    assert done.returncode == 2 and there == b""
    assert [line for line in said(done) if line.startswith("baham: Spark gave up: ")]
    assert not list(broken.parent.glob("*.part")) and not list(broken.glob("spark-*"))


@pytest.fixture
def small(begin, tmp_path) -> Path:
    """A data folder with one list, for what is refused before anything is screened."""
    home = begin(tmp_path / "home")
    (tmp_path / "asked.csv").write_text("id,name\n1,Zarghun Talband\n")
    assert (
        run(home, "baham", "sources", "load", str(write(tmp_path / "list.csv")), "--name", "home-dept").returncode == 0
    )
    return home


def test_without_pyspark_one_line_says_what_to_install(small):
    done = baham(small, "screen", "asked.csv", "--engine", "spark")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "baham: pyspark is not installed; install Baham with its extra: pip install 'baham[spark]'\n"


@pytest.fixture
def pyspark_found(monkeypatch):
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())


@pytest.mark.parametrize(
    ("version", "reason"),
    [(None, "there is no Java here"), ("1.8.0_392", "is Java 8; Spark needs 17"), ("11.0.2", "is Java 11")],
)
def test_without_a_java_that_will_do_one_line_says_so(tmp_path, monkeypatch, pyspark_found, version, reason):
    from baham.platform.screening import spark

    if version:
        java = tmp_path / "bin" / "java"
        java.parent.mkdir()
        java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
        java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(spark.CannotRun, match=reason):
        spark.check()


def test_a_java_that_will_do_is_taken(tmp_path, monkeypatch, pyspark_found):
    from baham.platform.screening import spark

    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"21.0.1\" 2023-10-17' >&2\n")
    java.chmod(0o755)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    spark.check()


@pytest.fixture
def closed() -> str:
    """An address of this machine where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return f"127.0.0.1:{port}"


@pytest.mark.parametrize(
    "words",
    ["--master spark://{} pyspark-shell", "--conf spark.master='spark://{}' pyspark-shell", "--master=spark://{}"],
)
def test_a_master_that_does_not_answer_is_told_at_once(monkeypatch, closed, words):
    from baham.platform.screening import spark

    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", words.format(closed))
    with pytest.raises(spark.CannotRun, match=rf"the Spark master does not answer: {closed} \(connection refused\)"):
        spark.look_for_master()
    # Of several masters, one is enough.
    with socket.create_server(("127.0.0.1", 0)) as master:
        several = f"{closed},127.0.0.1:{master.getsockname()[1]}"
        monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", words.format(several))
        spark.look_for_master()


def test_a_master_of_the_configuration_files_is_looked_for_and_others_are_not(monkeypatch, tmp_path, closed):
    from baham.platform.screening import spark

    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "spark-defaults.conf").write_text(f"# spark.master yarn\nspark.master   spark://{closed}\n")
    spark.look_for_master()  # nothing is configured
    for name, value in (("SPARK_HOME", tmp_path), ("SPARK_CONF_DIR", tmp_path / "conf")):
        with monkeypatch.context() as set_:
            set_.setenv(name, str(value))
            with pytest.raises(spark.CannotRun, match=closed):
                spark.look_for_master()
            set_.setenv("PYSPARK_SUBMIT_ARGS", "--master yarn pyspark-shell")
            spark.look_for_master()
            set_.delenv("PYSPARK_SUBMIT_ARGS")
            set_.setenv("PYSPARK_GATEWAY_PORT", "1")  # under spark-submit, whose master is not known here
            spark.look_for_master()
    for odd in ("spark://nowhere.invalid:7077", "spark://127.0.0.1", "spark://127.0.0.1:port"):
        monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", f"--master {odd} pyspark-shell")
        with pytest.raises(spark.CannotRun, match="does not answer"):
            spark.look_for_master()


@pytest.mark.spark
@needs_spark
def test_a_master_that_is_not_there_is_one_line_and_no_output(home, closed):
    there, done = screened(home, "spark", PYSPARK_SUBMIT_ARGS=f"--master spark://{closed} pyspark-shell")
    assert done.returncode == 2 and there == b""
    assert done.stderr == f"baham: the Spark master does not answer: {closed} (connection refused)\n"
    assert not list(home.glob("spark-*")) and not list(home.parent.glob("*.part"))


def test_another_engine_is_refused(small):
    done = baham(small, "screen", "asked.csv", "--engine", "abacus")
    assert done.returncode == 2 and done.stderr == "baham: --engine 'abacus': only local and spark are there\n"


def test_what_a_killed_run_left_is_swept_and_a_living_one_s_is_not(tmp_path):
    from baham.platform.screening.snapshot import sweep

    (tmp_path / f"spark-{os.getpid()}-alive").mkdir()
    (tmp_path / "spark-4194999-dead").mkdir()
    sweep(tmp_path, "spark")
    assert [path.name for path in tmp_path.glob("spark-*")] == [f"spark-{os.getpid()}-alive"]


def test_the_reason_is_found_in_what_java_and_python_say():
    from baham.platform.screening.spark import _cause

    java = Exception(
        "An error occurred.\n: org.apache.spark.SparkException: no such master\n\tat org.apache.Thing(X:1)"
    )
    assert _cause(java) == "SparkException: no such master"
    python = Exception(
        "Job aborted.\n: org.apache.spark.SparkException: Job aborted\nTraceback (most recent call last):\n"
        "baham.engines.names.types.IndexDamaged: /x/index: is truncated\n\n\tat org.apache.Thing"
    )
    assert _cause(python) == "IndexDamaged: /x/index: is truncated"
    assert _cause(ValueError("")) == "ValueError"
