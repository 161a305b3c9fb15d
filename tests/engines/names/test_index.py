"""The index: screening agrees with comparing, files are whole or refused, a killed build leaves the old index."""

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import typeof

import baham.engines.names as names
from baham.engines.names import DEFAULT_THRESHOLD, IndexDamaged, NameIndex, Query, Subject, compare, seek

from .conftest import LIST

WORDS = """Zarghun Talband Haji Gul Agha Gulagha Mirwandi Muhammad Khan Blue Lantern Trading Varpo Old Moth
    Quilstane زرغون تلبند Dost Kharoti خروټی M. bin"""
BY_ID = {s.id: s for s in LIST}


def ids(index: NameIndex, name: str, **more: object) -> list[str]:
    return [h.id for h in index.screen([Query(name)], **more)[0]]  # type: ignore[arg-type]


def test_the_public_names_exist() -> None:
    assert all(hasattr(names, name) for name in names.__all__)


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("zarghun talband", "s1"),
        ("زرغون تلبند", "s1"),
        ("Gulagha Mirwandi", "s2"),
        ("Shaista Dewa Khattakai", "s4"),
        ("Blue Lantern Trading", "s5"),
        ("Old Moth", "s6"),
        ("Dost Warengal Kharotai", "s10"),
        ("Talbandzai, Zarghun", "s1"),
    ],
)
def test_listed_people_are_found(index: NameIndex, name: str, id: str) -> None:
    assert ids(index, name)[:1] == [id]


def test_answers_come_in_the_order_of_the_questions(index: NameIndex) -> None:
    asked = [Query("Gul Agha Mirwandi"), Query("nobody Whatsoever"), Query(""), Query("Zarghun Talband")] * 200
    found = index.screen(asked)
    assert [[h.id for h in hits] for hits in found[:4]] == [["s2"], [], [], ["s1"]] and found[:4] * 200 == found


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=5).map(" ".join),
    st.sampled_from([None, "1968", "1955", "1980-01-01", "1961"]),
    st.sampled_from([None, "P44102277", "X1"]),
    st.sampled_from([None, "Torak Shinwar", "Khan"]),
)
def test_screen_and_compare_are_one_scorer(
    index: NameIndex, name: str, birth: str | None, number: str | None, father: str | None
) -> None:
    query = Query(name, birth_date=birth, id_number=number, father_name=father)
    hits = index.screen([query], limit=10, threshold=0.3)[0]
    for hit in hits:
        other = compare(query, BY_ID[hit.id])
        assert hit.score == pytest.approx(other.score, abs=1e-6)
        assert (hit.verdict, hit.name, hit.evidence) == (other.verdict, other.name, other.evidence)
    missed = {s.id for s in LIST if compare(query, s).score > 0.5} - {h.id for h in hits}
    assert not missed


def test_a_second_factor_finds_the_right_one_of_many_namesakes(tmp_path: Path) -> None:
    many = [Subject(f"n{y}", ("Muhammad Khan",), birth_dates=(str(y),)) for y in range(1930, 2005)]
    found = NameIndex.build(many, tmp_path / "i").screen([Query("Mohammad Khan", birth_date="1987-04-01")], limit=1)
    assert [(h.id, h.verdict) for h in found[0]] == [("n1987", "probable")]


def test_identifiers_find_a_subject_whatever_its_name(index: NameIndex) -> None:
    [hit] = index.screen([Query("Someone Else", id_number="p 44102277")])[0]
    assert hit.id == "s1" and hit.verdict == "possible"


def test_within_limits_by_mask_and_by_id(index: NameIndex) -> None:
    mask = np.zeros(len(index), dtype=np.bool_)
    mask[6] = True
    assert ids(index, "Muhammad Khan") == ["s3", "s7"]
    assert (
        ids(index, "Muhammad Khan", within=mask) == ["s7"] == ids(index, "Muhammad Khan", within={"s7", "s1", "none"})
    )
    assert ids(index, "Muhammad Khan", within=set()) == [] == ids(index, "Zarghun Talband", within=mask)
    with pytest.raises(ValueError, match="within"):
        ids(index, "x", within=np.zeros(3, dtype=np.bool_))


def test_schema_limits(index: NameIndex) -> None:
    assert index.screen([Query("Blue Lantern Trading", schema="Person")])[0] == []
    assert [h.id for h in index.screen([Query("Blue Lantern Trading", schema="Organization")])[0]] == ["s5"]


def test_limit_and_threshold(index: NameIndex) -> None:
    assert len(ids(index, "Muhammad Khan", limit=1)) == 1 and ids(index, "Muhammad Khan", limit=0) == []
    assert all(h.score >= DEFAULT_THRESHOLD for h in index.screen([Query("Muhammad Khan")])[0])
    assert ids(index, "Zarghun Talband", threshold=0.999) == []


def test_an_empty_list_and_subjects_without_names(tmp_path: Path) -> None:
    empty = NameIndex.build([], tmp_path / "empty")
    assert len(empty) == 0 and empty.screen([Query("Zarghun"), Query("", id_number="12345")]) == [[], []]
    bare = NameIndex.build([Subject("a", ()), Subject("b", ("...",), identifiers=("AB 1234",))], tmp_path / "bare")
    assert bare.screen([Query("Zarghun"), Query("Zarghun", id_number="AB1234")])[0] == []


def test_a_list_of_any_size_is_one_type_for_compiled_code(tmp_path: Path) -> None:
    """Another type is compiled anew: a minute, at the first question after the last entry is gone."""
    sizes = [NameIndex.build(LIST[:n], tmp_path / str(n)) for n in (0, 1, len(LIST))]
    for one in sizes:
        one.screen([Query("Zarghun Talband")])
    assert len({str(typeof(one._list)) for one in sizes}) == 1 and len(seek.answer.signatures) == 1


def test_subjects_come_back_as_given(index: NameIndex) -> None:
    assert [index.subject(i) for i in range(len(index))] == list(LIST)
    assert index.row("s4") == 3 and index.row("absent") is None and index.counts["subjects"] == len(LIST)


def test_building_twice_gives_the_same_files(tmp_path: Path) -> None:
    a, b = (NameIndex.build(LIST, tmp_path / n) for n in "ab")
    left, right = (json.loads((tmp_path / n / "meta.json").read_text())["files"] for n in "ab")
    assert left == right and a.screen([Query("Muhammad Khan")]) == b.screen([Query("Muhammad Khan")])


def test_an_id_that_comes_twice_is_refused_and_the_old_index_stays(tmp_path: Path) -> None:
    NameIndex.build(LIST, tmp_path / "i")
    with pytest.raises(ValueError, match="number 2 "):
        NameIndex.build([Subject("a", ("X Y",)), Subject("a", ("Z W",))], tmp_path / "i")
    assert len(NameIndex.open(tmp_path / "i")) == len(LIST)
    assert len(list((tmp_path / "i").iterdir())) == 2


def test_an_open_index_outlives_its_replacement(tmp_path: Path) -> None:
    old = NameIndex.build(LIST, tmp_path / "i")
    second = NameIndex.open(tmp_path / "i")
    NameIndex.build([Subject("new", ("Torak Shinwar",))], tmp_path / "i")
    assert ids(old, "Zarghun Talband") == ids(second, "Zarghun Talband") == ["s1"]
    assert ids(NameIndex.open(tmp_path / "i"), "Torak Shinwar") == ["new"]


def test_every_missing_or_cut_file_is_refused(tmp_path: Path) -> None:
    NameIndex.build(LIST, tmp_path / "i")
    [folder] = (tmp_path / "i").glob("g-*")
    for file in sorted(folder.iterdir()):
        whole = file.read_bytes()
        file.write_bytes(whole[:-1])
        with pytest.raises(IndexDamaged, match=file.name):
            NameIndex.open(tmp_path / "i")
        file.unlink()
        with pytest.raises(IndexDamaged, match="is missing"):
            NameIndex.open(tmp_path / "i")
        file.write_bytes(whole)
    NameIndex.open(tmp_path / "i").verify()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 99}', '{"format": 1, "files": {}}', "\x00\xff"])
def test_a_meta_file_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    NameIndex.build(LIST[:2], tmp_path / "i")
    (tmp_path / "i" / "meta.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(IndexDamaged):
        NameIndex.open(tmp_path / "i")


def test_an_altered_byte_is_found_and_so_is_absence(tmp_path: Path) -> None:
    index = NameIndex.build(LIST, tmp_path / "i")
    [file] = (tmp_path / "i").glob("g-*/records.bin")
    data = bytearray(file.read_bytes())
    data[10] ^= 1
    file.write_bytes(data)
    with pytest.raises(IndexDamaged, match="checksum"):
        index.verify()
    with pytest.raises(IndexDamaged, match="checksum"):
        NameIndex.open(tmp_path / "i")
    with pytest.raises(IndexDamaged, match=r"meta\.json is missing"):
        NameIndex.open(tmp_path / "nowhere")


def test_no_damaged_index_crashes_or_loses_a_hit_without_a_word(tmp_path: Path) -> None:
    """10,000 by DAMAGED_INDEXES=10000."""
    chance = random.Random(20)
    asked = [Query(name) for name in ("Zarghun Talband", "Gulagha Mirwandi", "Old Moth", "Dost Warengal Kharotai")]
    expected = NameIndex.build(LIST, tmp_path / "i").screen(asked)
    files = sorted(path for path in (tmp_path / "i").rglob("*") if path.is_file() and path.stat().st_size)
    told = 0
    count = int(os.environ.get("DAMAGED_INDEXES", "300"))
    for _ in range(count):
        file = chance.choice(files)
        whole = file.read_bytes()
        data, at = bytearray(whole), chance.randrange(len(whole))
        match chance.randrange(5):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at : at + 4096] = bytes(len(data[at : at + 4096]))
            case 2:
                del data[at:]
            case 3:
                data[at : at + 64] = chance.randbytes(len(data[at : at + 64]))
            case 4:
                data += chance.randbytes(9)
        file.write_bytes(data)
        try:
            assert NameIndex.open(tmp_path / "i").screen(asked) == expected
        except IndexDamaged:
            told += 1
        file.write_bytes(whole)
    assert told > 0.7 * count
    NameIndex.open(tmp_path / "i").verify()


_ENDLESS = """
import sys
from baham.engines.names import NameIndex, Subject
def subjects():
    n = 0
    while True:
        n += 1
        if n == 2000:
            print("running", flush=True)
        yield Subject(str(n), ("Torak Number",))
NameIndex.build(subjects(), sys.argv[1])
"""


def test_a_build_killed_midway_leaves_the_old_index(tmp_path: Path) -> None:
    NameIndex.build(LIST, tmp_path / "i")
    child = subprocess.Popen(
        [sys.executable, "-c", _ENDLESS, str(tmp_path / "i")],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert child.stdout and child.stdout.readline() == b"running\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert list((tmp_path / "i").glob(".building-*"))
    assert ids(NameIndex.open(tmp_path / "i"), "Zarghun Talband") == ["s1"]
    NameIndex.build(LIST[:3], tmp_path / "i")
    assert not list((tmp_path / "i").glob(".building-*")) and len(list((tmp_path / "i").glob("g-*"))) == 1


def test_the_stream_is_read_once_and_lazily(tmp_path: Path) -> None:
    def stream() -> Iterator[Subject]:
        yield from (Subject(str(n), (f"Zarghun Talband {n}",)) for n in range(50))

    assert len(NameIndex.build(stream(), tmp_path / "i")) == 50


def _ask_elsewhere(path: str) -> list[str]:
    return [h.id for h in NameIndex.open(path).screen([Query("Zarghun Talband")])[0]]


def test_another_process_reads_the_same_files(tmp_path: Path) -> None:
    NameIndex.build(LIST, tmp_path / "i")
    before = {f: f.stat().st_mtime_ns for f in (tmp_path / "i").rglob("*")}
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(_ask_elsewhere, [str(tmp_path / "i")] * 2) == [["s1"]] * 2
    assert {f: f.stat().st_mtime_ns for f in (tmp_path / "i").rglob("*")} == before


def test_long_and_repetitive_names_take_bounded_work(index: NameIndex) -> None:
    begun = time.monotonic()
    index.screen(
        [Query("Muhammad Khan " * 2000), Query("z" * 100_000), Query("a b c d e f " * 9000), Query("明" * 50_000)]
    )
    assert time.monotonic() - begun < 10


def test_schemata_without_end_are_not_kept(index: NameIndex) -> None:
    for n in range(600):
        assert index.screen([Query("Zarghun Talband", schema=f"Made{n}")]) == [[]]
    assert len(index._fits) <= 256
