"""Screening on several cores gives the bytes of one, in the order of the file; whatever dies, nothing is half-written and
nobody is left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baham.engines.fairness import population
from baham.platform import environment
from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.jobs.models import Job, State
from baham.platform.jobs.running import Handle, Stopped
from baham.platform.screening import index, processes, snapshot, work
from baham.platform.screening.queries import open_queries, read_queries
from baham.platform.screening.snapshot import CannotRun
from tests.support import commands
from tests.support.lists import PEOPLE, load_rows, write
from tests.support.people import person, signed_in

ROOT = Path(__file__).resolve().parents[3]
BROKEN = 7_001


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still live."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(folder.name))
    return found


def until(true, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[list[dict[str, str]], Path]:
    """A list of made-up persons, and a file of ten thousand names of whom the 7,001st cannot be read."""
    turn = population(lists=1, listed=20, ways=2, strangers=500).rounds[0]
    listed = [
        {"id": s.id, "name": s.names[0], "alias": ";".join(s.names[1:]), "birth_date": "1970"} for s in turn.listed
    ]
    asked = [
        # Most are quick to answer: they are like nobody.
        {"id": str(i), "name": f"Qwxyz Vbnm{i % 50}" if i % 10 else turn.asked[i // 10].name, "birth_date": ""}
        for i in range(10_000)
    ]
    for row in asked[::50]:
        row["birth_date"] = "1970"
    asked[17] = {"id": "same", "name": "Mirwais Khorvash", "birth_date": "1979-05-02"}
    asked[BROKEN - 1] = {"id": "broken", "name": "Zarghun Talband", "birth_date": "1984-02-31"}
    asked[9_000] = {"id": "cross", "name": "زرغون تلبند", "birth_date": ""}
    return listed, write(tmp_path_factory.mktemp("made") / "asked.csv", asked)


def baham(home: Path, *words: str, **more) -> subprocess.Popen:
    given = {"PATH": os.environ["PATH"], "BAHAM_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    return subprocess.Popen(
        [sys.executable, "-m", "baham", *words],
        cwd=home.parent,
        env=given,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **more,
    )


def ran(home: Path, *words: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    done = commands.run(home, "baham", *words, cwd=home.parent)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def desk(made, begin, tmp_path_factory) -> Path:
    """A data folder of its own, for commands: two lists, the second a layer over the first."""
    folder = tmp_path_factory.mktemp("desk")
    begin(folder / "home")
    for name, rows in (("made-up", made[0]), ("home-dept", PEOPLE)):
        done = ran(folder / "home", "sources", "load", str(write(folder / f"{name}.csv", rows)), "--name", name)
        assert done[0] == 0, done
    return folder / "home"


def test_the_bytes_are_those_of_one_process_and_the_broken_row_is_told(desk, made):
    results = {}
    for jobs in ("1", "2", "3"):
        out = desk.parent / f"{jobs}.jsonl"
        code, told, said = ran(desk, "screen", str(made[1]), "--jobs", jobs, "--out", str(out), "--limit", "3")
        assert (code, told) == (1, ""), said
        errors = out.with_name(f"{jobs}.jsonl.errors.jsonl")
        results[jobs] = out.read_bytes(), errors.read_bytes(), said.replace(str(errors), "")
    assert results["1"] == results["2"] == results["3"]
    lines, errors, said = results["2"]
    assert f"line {BROKEN + 1}, field birth_date" in said and len(said.splitlines()) == 1
    assert json.loads(errors)["id"] == "broken"
    rows = [json.loads(line) for line in lines.splitlines()]
    assert len(rows) == 9_999 and [row["id"] for row in rows[16:19]] == ["16", "same", "18"]
    assert sum(bool(row["hits"]) for row in rows) > 300
    assert not list(desk.glob("cores-*")), "nothing is left behind"


@pytest.fixture
def under_way(desk, made):
    """A command with two workers that has taken 6,000 names and waits for more; and where it writes."""
    out = desk.parent / "under-way.jsonl"
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell runs us in the background
    command = baham(
        desk, "screen", "-", "--jobs", "2", "--out", str(out), stdin=subprocess.PIPE, start_new_session=True
    )
    lines = made[1].read_text().splitlines(keepends=True)
    command.stdin.writelines(lines[:6_001])
    command.stdin.flush()
    until(lambda: len(children(command.pid)) == 2)
    yield command, out, lines[6_001:]
    signal.signal(signal.SIGINT, before)
    command.kill()
    command.communicate()


def nothing_is_left(desk: Path, out: Path, workers: list[int]) -> None:
    until(lambda: not any(Path("/proc", str(pid)).exists() for pid in workers), 10)
    assert not list(out.parent.glob(out.name + "*")) and not list(desk.glob("cores-*"))


def test_a_worker_that_is_killed_ends_the_run_with_one_line_and_no_output(desk, under_way):
    command, out, rest = under_way
    workers = children(command.pid)
    os.kill(workers[0], signal.SIGKILL)
    _, said = command.communicate("".join(rest))
    assert command.returncode == 2
    assert said == (
        "baham: a worker process was killed (SIGKILL); memory may have run out. "
        "Run this again, with fewer at a time (--jobs, BAHAM_SCREEN_JOBS)\n"
    )
    nothing_is_left(desk, out, workers)


def test_ctrl_c_ends_the_workers(desk, under_way):
    command, out, _ = under_way
    workers = children(command.pid)
    os.killpg(command.pid, signal.SIGINT)  # as a terminal sends it: to all that are in the foreground
    _, said = command.communicate()
    assert command.returncode not in (0, 1) and "Traceback" not in said, said
    nothing_is_left(desk, out, workers)


def test_workers_of_a_killed_run_end_by_themselves_and_the_next_run_sweeps(desk, under_way):
    command, out, _ = under_way
    workers = children(command.pid)
    command.kill()
    command.communicate()
    until(lambda: not any(Path("/proc", str(pid)).exists() for pid in workers), 10)
    assert not out.exists() and list(desk.glob("cores-*"))
    names = desk.parent / "one.csv"
    names.write_text("id,name\n1,Zarghun Talband\n")
    again = ran(desk, "screen", str(names), "--jobs", "2", "--out", str(out))
    assert again[0] == 0, again
    assert json.loads(out.read_text())["hits"]
    out.unlink()
    nothing_is_left(desk, out, [])


def test_a_damaged_index_is_told_and_built_anew(desk, made):
    part = next((desk / "index" / (desk / "index" / "current").read_text() / "names").glob("g-*/name_tokens.arr"))
    part.write_bytes(part.read_bytes() + b"more")
    code, _, said = ran(desk, "screen", str(made[1]), "--jobs", "2")
    assert code == 1 and "name_tokens.arr: has" in said and "1 of 10000 rows" in said, said


def test_jobs_is_not_for_spark_and_at_least_one(desk):
    for words, reason in (
        (("--engine", "spark", "--jobs", "2"), "--jobs is for --engine local"),
        (("--jobs", "0"), ""),
    ):
        code, _, said = ran(desk, "screen", "none.csv", *words)
        assert code == 2 and reason in said


def test_a_file_is_long_from_so_many_rows_and_none_is_lost():
    for rows in (0, 1, processes.WORTH - 1, processes.WORTH, processes.WORTH + 1):
        is_long, again = processes.is_long(range(rows))
        assert is_long == (rows >= processes.WORTH) and list(again) == list(range(rows))


def test_a_long_file_is_screened_on_all_cores_without_being_asked(desk):
    command = baham(desk, "screen", "-", stdin=subprocess.PIPE)
    try:
        command.stdin.write("id,name\n" + "1,Qwxyz Vbnm\n" * (processes.WORTH + 4_000))
        command.stdin.flush()
        cores = min(environment.cores(), 8)
        until(lambda: len(children(command.pid)) >= (cores if cores > 1 else 0))
    finally:
        command.kill()
        command.communicate()


def test_cores_are_those_that_the_process_may_use():
    assert 1 <= environment.cores() <= len(os.sched_getaffinity(0))


@pytest.fixture
def asked(made, tmp_path, db):
    """The rows of the file, against the list loaded into this test's ledger; called anew for each reading."""
    load_rows(tmp_path, made[0], name="made-up")
    index.build()
    files = []

    def rows():
        files.append(open_queries(made[1]))
        return read_queries(files[-1], "asked.csv")

    yield rows
    for file in files:
        file.close()


def test_a_run_answers_from_the_index_that_it_began_with_and_is_silent_on_whom_the_ledger_delists(
    asked, made, tmp_path
):
    """With workers as with one process: a list that is loaded meanwhile changes nothing but what is delisted."""
    alone = [line for line, _ in work.screened(asked(), 5)]
    hit = {found["entity"] for line in alone[600:] for found in json.loads(line)["hits"]}
    gone = min(hit, key=lambda key: int(key.rsplit("-")[-1]))
    with processes.workers(2) as running:
        results = work.screened(asked(), 5, find=running.find, ahead=running.ahead)
        several = [next(results)[0]]
        kept = [row for row in made[0] if row["id"] != gone]
        load_rows(tmp_path, [*kept, {"id": "new", "name": json.loads(alone[9_500])["name"]}], name="made-up")
        index.build(whole=True)
        several += [line for line, _ in results]
    now = [line for line, _ in work.screened(asked(), 5)]

    def entities(lines: list[str], start: int) -> set[str]:
        return {found["entity"] for line in lines[start:] for found in json.loads(line)["hits"]}

    # What was answered before the load stays; of the batches after it, nobody is shown who is in force no more.
    assert len(several) == len(alone) and several[:500] == alone[:500]
    assert entities(several, 600) == hit - {gone} and gone not in entities(now, 0)
    assert "new" not in entities(several, 0) and "new" in entities(now, 0)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_in_the_console_on_several_cores(
    asked, made, settings, monkeypatch, django_capture_on_commit_callbacks, jobs
):
    settings.SCREEN_JOBS = jobs
    monkeypatch.setattr(processes, "WORTH", 9_000)
    client = signed_in(person(Role.ANALYST))
    upload = SimpleUploadedFile("asked.csv", made[1].read_bytes())
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/screen/file/", {"file": upload})
    job = Job.objects.get()
    assert (job.state, job.result["names"], job.result["errors"]) == (State.DONE, 9_999, 1)
    alone = "".join(line for line, _ in work.screened(asked(), 5))
    assert work.results_of(job)[0].read_text() == alone
    assert not list(index.folder().parent.glob("cores-*"))


def test_a_job_that_is_stopped_or_loses_a_worker_ends_its_workers(asked, made, settings, monkeypatch):
    settings.SCREEN_JOBS = 2
    others = set(children(os.getpid()))  # of other tests in this process
    monkeypatch.setattr(processes, "WORTH", 9_000)
    user = person(Role.ANALYST)
    for lost in (False, True):
        copy = settings.HOME / "upload.csv"
        copy.write_bytes(made[1].read_bytes())
        job = Job.objects.create(
            kind="screen", title="asked.csv", owner=user.username, given={"path": str(copy), "limit": 5}
        )
        seen: list[int] = []

        def report(self, done, total=None, lost=lost, seen=seen):
            if done < 1_000:
                return
            seen[:] = seen or set(children(os.getpid())) - others
            if not lost:
                raise Stopped
            os.kill(seen[0], signal.SIGKILL)

        monkeypatch.setattr(Handle, "report", report)
        from baham.platform.jobs.running import run

        run(str(job.pk))
        job.refresh_from_db()
        assert job.state == (State.FAILED if lost else State.STOPPED)
        assert ("a worker process was killed (SIGKILL)" in job.message) == lost
        assert len(seen) == 2 and set(children(os.getpid())) <= others
        assert 1_000 <= job.result["names"] < 9_999 and Entry.objects.filter(act="screened").exists()
        assert len(work.results_of(job)[0].read_text().splitlines()) == job.result["names"]


def test_workers_hold_to_one_generation(asked):
    with processes.workers(1) as running:
        opened = index.current()
        assert list(running.find(opened, [], 5, None, None)) == []
        with pytest.raises(ValueError, match="began with"):
            running.find(index.Opened(opened.names, opened.datasets, "another"), [], 5, None, None)
    with pytest.raises(CannotRun, match="run this again"), processes.workers(1) as running:
        running.find(index.Opened(opened.names, opened.datasets, "gone"), [], 5, None, None)


def test_what_goes_wrong_in_a_worker_is_one_line(asked, monkeypatch):
    others = set(children(os.getpid()))

    def take(generation: str, target: Path) -> None:
        snapshot.take(generation, target)
        part = next(target.glob("base/g-*/name_tokens.arr"))
        part.unlink()  # the link alone: the index in use is whole

    monkeypatch.setattr(processes, "take", take)
    with pytest.raises(CannotRun, match=r"a worker process failed: IndexDamaged: .*name_tokens.arr: is missing"):
        with processes.workers(1) as running:
            list(work.screened(asked(), 5, find=running.find, ahead=running.ahead))
    assert set(children(os.getpid())) <= others and work.screened(asked(), 5)
