"""Screening over the ledger: what is in force is found, what is delisted is not, whatever the index file says."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baham.engines.names import Query, storage
from baham.platform.accounts.roles import Role
from baham.platform.jobs.models import Job, State
from baham.platform.jobs.running import Handle, Stopped
from baham.platform.ledger.models import Dataset, Entity
from baham.platform.screening import index, work
from baham.platform.screening.services import NoIndex, screen
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor, person, signed_in

pytestmark = pytest.mark.django_db


def keys(*names: str, **more) -> list[list[str]]:
    return [[found.entity.key for found in hits] for hits in screen([Query(name) for name in names], **more)]


def test_a_listed_name_is_found_in_both_scripts(tmp_path):
    load_rows(tmp_path)
    index.build()
    assert keys("Zarghun Talband", "زرغون تلبند", "Zarghoon Talbund")[0][0] == "k-1"
    assert all(hits[:1] == ["k-1"] for hits in keys("Zarghun Talband", "زرغون تلبند", "Zarghoon Talbund"))


def test_who_is_delisted_stops_matching_with_the_transaction_and_not_with_the_next_build(tmp_path):
    load_rows(tmp_path)
    index.build()
    load_rows(tmp_path, PEOPLE[1:])
    assert index.is_stale()
    assert keys("Zarghun Talband") == [[]]


def test_a_list_that_is_no_longer_screened_does_not_match(tmp_path):
    load_rows(tmp_path)
    index.build()
    Dataset.objects.update(screened=False)
    assert keys("Zarghun Talband") == [[]]


def test_scope_and_limit(tmp_path):
    load_rows(tmp_path)
    load_rows(tmp_path, [{**PEOPLE[0], "id": "s-1"}], name="sahran")
    index.build()
    assert sorted(keys("Zarghun Talband")[0]) == ["k-1", "s-1"]
    assert keys("Zarghun Talband", datasets=["sahran"]) == [["s-1"]]
    assert len(keys("Zarghun Talband", limit=1)[0]) == 1
    with pytest.raises(KeyError):
        keys("Zarghun Talband", datasets=["nowhere"])


def test_without_a_list_there_is_nothing_to_screen_against():
    with pytest.raises(NoIndex, match="baham sources load"):
        keys("Zarghun Talband")
    index.build()
    with pytest.raises(NoIndex):
        keys("Zarghun Talband")


def test_an_index_is_built_once_for_one_state_of_the_ledger(tmp_path):
    load_rows(tmp_path)
    first = index.build()
    assert index.build() == first
    assert not index.is_stale()
    load_rows(tmp_path, PEOPLE[:2])
    assert index.build() != first
    # What changed is a layer over the first; asked for, all is built anew and the rest removed.
    assert {path.name for path in index.folder().iterdir() if path.is_dir()} == {first, index.generation()}
    whole = index.build(whole=True)
    assert [path.name for path in index.folder().iterdir() if path.is_dir()] == [whole] and not index.is_stale()


def test_with_forty_lists_in_force_one_more_is_noticed_and_one_less(tmp_path):
    """The word for the state of the ledger covers every list, however many there are."""
    for number in range(40):
        load_rows(tmp_path, [{"id": "k", "name": "Gulalai Rudabari"}], name=f"list-{number}")
    last = Dataset.objects.order_by("pk").last()
    Dataset.objects.filter(pk=last.pk).update(screened=False)
    first = index.build()
    assert len(keys("Gulalai Rudabari", limit=50)[0]) == 39
    Dataset.objects.filter(pk=last.pk).update(screened=True)
    assert index.is_stale()
    # No version was loaded, so there is no change to lay over the old index: all is built anew.
    second = index.build()
    assert len(keys("Gulalai Rudabari", limit=50)[0]) == 40
    load_rows(tmp_path, [{"id": "k", "name": "Gulalai Rudabari", "alias": "Gulalay"}], name="list-7")
    third = index.build()
    assert index.files_of(third).keys() == {"base", "layer", "replaced"}, "a change is a layer with forty lists too"
    Dataset.objects.filter(pk=last.pk).update(screened=False)
    assert index.is_stale()
    assert len({len(name.partition("-")[2]) for name in (first, second, third)}) == 1


def test_an_index_of_another_format_is_none_until_it_is_built_anew(tmp_path, monkeypatch):
    """As after an upgrade: nothing breaks, it is stale, and the next build makes all of it."""
    load_rows(tmp_path)
    monkeypatch.setattr(storage, "FORMAT", storage.FORMAT - 1)
    index.build()
    monkeypatch.undo()
    assert index.is_stale() and index.current() is None
    with pytest.raises(NoIndex):
        keys("Zarghun Talband")
    name = index.build()
    assert keys("Zarghun Talband") == [["k-1"]] and not index.is_stale()
    assert [path.name for path in index.folder().iterdir() if path.is_dir()] == [name]


def test_an_index_named_as_earlier_versions_named_it_is_built_anew(tmp_path):
    load_rows(tmp_path)
    name = index.build()
    old = f"{name.partition('-')[0]}-d{Dataset.objects.get().pk}"
    (index.folder() / name).rename(index.folder() / old)
    (index.folder() / "current").write_text(old)
    assert index.is_stale() and keys("Zarghun Talband") == [["k-1"]]
    load_rows(tmp_path, PEOPLE[1:])
    assert index.files_of(index.build()).keys() == {"base"} and not index.is_stale()
    assert keys("Mirwais Khorvash") == [["k-2"]]


def test_only_what_can_be_matched_is_indexed(tmp_path):
    load_rows(tmp_path, [*PEOPLE, {"id": "k-7", "name": "Canal Road", "schema": "Address"}])
    assert {subject.id for _, subject in index.subjects()} == {
        str(entity.pk) for entity in Entity.objects.exclude(key="k-7")
    }


@pytest.fixture
def analyst(tmp_path):
    load_rows(tmp_path)
    index.build()
    return signed_in(person(Role.ANALYST))


def test_a_file_from_upload_to_download(analyst, django_capture_on_commit_callbacks):
    upload = SimpleUploadedFile("names.csv", "id,name\nb,زرغون تلبند\na,Nobody Atall\n".encode())
    with django_capture_on_commit_callbacks(execute=True):
        address = analyst.post("/screen/file/", {"file": upload}).url
    job = Job.objects.get()
    assert (job.state, job.result["names"], job.result["with_hits"], job.done) == (State.DONE, 2, 1, 2)
    assert "1 of 2 names" in analyst.get(address).content.decode()
    page = analyst.get(f"/screen/results/{job.pk}/").content.decode()
    assert "Zarghun Talband" in page
    assert "Nobody Atall" not in page
    rows = [
        json.loads(line)
        for line in b"".join(analyst.get(f"/screen/results/{job.pk}/download/").streaming_content).splitlines()
    ]
    assert [row["id"] for row in rows] == ["b", "a"]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"one,two\n1,2\n", b"id,name\n1,\n"])
def test_a_file_that_cannot_be_read_is_refused_by_its_field(analyst, content):
    answer = analyst.post("/screen/file/", {"file": SimpleUploadedFile("names.csv", content, "text/csv")})
    assert answer.status_code == 400
    assert not Job.objects.exists()
    assert not list((index.folder().parent / "uploads").glob("*"))


def test_a_broken_row_is_told_beside_the_results_of_the_others(analyst, django_capture_on_commit_callbacks):
    content = "id,name,birth_date\n1,Zarghun Talband,1984\n2,=cmd(),1984-02-31\n3,=HYPERLINK(1) Khorvash,\n"
    with django_capture_on_commit_callbacks(execute=True):
        address = analyst.post("/screen/file/", {"file": SimpleUploadedFile("names.csv", content.encode())}).url
    job = Job.objects.get()
    assert (job.state, job.result["names"], job.result["errors"], job.done) == (State.DONE, 2, 1, 3)
    assert "1 row could not be read." in analyst.get(address).content.decode()
    page = analyst.get(f"/screen/results/{job.pk}/").content.decode()
    assert 'there is no such day: <bdi dir="ltr">1984-02-31</bdi>' in page and "Zarghun Talband" in page

    def fetched(kind: str) -> str:
        answer = analyst.get(f"/screen/results/{job.pk}/download/?as={kind}")
        return b"".join(answer.streaming_content).decode("utf-8-sig")

    assert json.loads(fetched("errors")) == {
        "id": "2",
        "line": 3,
        "field": "birth_date",
        "error": "there is no such day: 1984-02-31",
    }
    table = list(csv.DictReader(io.StringIO(fetched("csv"))))
    assert [(row["id"], row["hits"], row["entity"]) for row in table] == [("1", "1", "k-1"), ("3", "0", "")]
    assert table[0]["verdict"] == "probable" and int(table[0]["for"]) >= 2
    assert table[1]["name"] == "'=HYPERLINK(1) Khorvash", "no spreadsheet runs it"


def test_a_file_of_which_no_row_can_be_read_fails_with_its_first_line(analyst, django_capture_on_commit_callbacks):
    rows = "".join(f"{number},\n" for number in range(30))
    upload = SimpleUploadedFile("names.csv", f"id,name\n{rows}".encode())
    assert analyst.post("/screen/file/", {"file": upload}).status_code == 400
    assert not Job.objects.exists()


def test_a_stopped_job_keeps_what_it_has_done(analyst, tmp_path, monkeypatch):
    monkeypatch.setattr(work, "BATCH", 2)
    path = tmp_path / "names.csv"
    path.write_text("id,name\n" + "".join(f"{number},Zarghun Talband\n" for number in range(9)))
    job = Job.objects.create(kind="screen", title="names.csv", owner="analyst", state=State.RUNNING)
    handle = Handle(job)

    def report(done, total):
        if done == 5:
            raise Stopped

    monkeypatch.setattr(handle, "report", report)
    with pytest.raises(Stopped):
        work.screen_file(handle, {"path": str(path), "limit": 5}, actor("analyst"))
    results = (work.results_folder() / f"{job.pk}.jsonl").read_text().splitlines()
    assert len(results) == 5
    assert job.result["names"] == 5


def test_asking_to_stop_is_heard_at_the_next_report(analyst):
    job = Job.objects.create(kind="screen", title="names.csv", owner="analyst", state=State.RUNNING)
    assert analyst.post(f"/job/{job.pk}/stop/").status_code == 302
    with pytest.raises(Stopped):
        Handle(job).report(3, 9)
    job.refresh_from_db()
    assert (job.done, job.total) == (3, 9)


def test_an_unreadable_date_is_asked_about_by_its_field(analyst):
    answer = analyst.post("/screen/", {"name": "Zarghun", "birth_date": "sometime"})
    assert answer.status_code == 400
    assert "Write one date" in answer.content.decode()


@pytest.mark.parametrize("name", ["x", "٣٣", "😀", "\u202ez", "Z" * 400, "' OR 1=1 --", "<script>"])
def test_odd_names_are_answered(analyst, name):
    answer = analyst.post("/screen/", {"name": name})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().split("</head>")[1]


def test_many_threads_get_the_same_answers_while_the_index_is_swapped(tmp_path):
    """The web server answers from several threads; each opens what is in use and none sees another's half."""
    from concurrent.futures import ThreadPoolExecutor

    load_rows(tmp_path)
    index.build()
    names = ["Zarghun Talband", "زرغون تلبند", "Mirwais Khorvash", "Spogmai Nilgari"] * 10

    def ask(name):
        index._open.clear()
        return [hit.id for hit in index.current().names.screen([Query(name)], limit=3)[0]]

    alone = [ask(name) for name in names]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, names)) == alone


def test_a_new_listing_is_found_through_a_layer_without_building_the_list_again(tmp_path):
    load_rows(tmp_path)
    base = index.build()
    files = {path: path.stat().st_mtime_ns for path in (index.folder() / base).rglob("*")}
    load_rows(tmp_path, [*PEOPLE, {**PEOPLE[0], "id": "new-1", "name": "Varpo Quilstane"}])
    assert keys("Varpo Quilstane") == [[]]
    layer = index.build()
    assert keys("Varpo Quilstane") == [["new-1"]] and keys("Zarghun Talband")[0][0] == "k-1"
    assert {path: path.stat().st_mtime_ns for path in (index.folder() / base).rglob("*")} == files
    assert len(index.current().names.layer) == 1 and (index.folder() / layer / "base").read_text() == base


def test_a_layer_whose_base_is_gone_is_built_anew_and_not_stumbled_over(tmp_path):
    load_rows(tmp_path)
    base = index.build()
    load_rows(tmp_path, PEOPLE[:2])
    assert index.build() != base
    (index.folder() / base / "datasets").unlink()
    load_rows(tmp_path, PEOPLE)
    whole = index.build()
    assert [path.name for path in index.folder().iterdir() if path.is_dir()] == [whole]
    assert keys("Zarghun Talband")[0][0] == "k-1"
