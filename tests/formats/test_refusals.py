"""What no format takes: each is refused in one clear line that names the file, and line and field if any."""

import gzip
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from baham.formats import FORMATS, BadInput, by_name, detect
from tests.formats.conftest import EU, FILES, FTM, MAPPING, SDN, TARGETS, UN, read

NAMES = [found.name for found in FORMATS]


def refused(name: str, path: Path, **options: object) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read(name, path, **options)
    error = caught.value
    assert len(str(error).splitlines()) == 1
    assert str(path) in str(error)
    return error


@pytest.mark.parametrize("name", NAMES)
def test_its_own_file_is_detected_by_content(name, given):
    _, content = FILES[name]
    path = given(content, "download.tmp")
    assert detect(path).name == name
    assert by_name(name).info(path).companions == ()
    assert list(detect(path).read(path, "test"))


@pytest.mark.parametrize("name", NAMES)
def test_a_byte_order_mark_changes_nothing(name, given):
    _, content = FILES[name]
    plain = [list(entity) for entity in read(name, given(content))]
    marked = given(b"\xef\xbb\xbf" + content.encode())
    assert detect(marked).name == name
    assert [list(entity) for entity in read(name, marked)] == plain


@pytest.mark.parametrize("name", NAMES)
def test_reading_twice_says_the_same(name, given):
    path = given(FILES[name][1])
    assert [list(entity) for entity in read(name, path)] == [list(entity) for entity in read(name, path)]


@pytest.mark.parametrize("name", NAMES)
def test_utf16_is_refused_by_name(name, given):
    assert "UTF-16" in refused(name, given(FILES[name][1].encode("utf-16"))).problem


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (gzip.compress(b"id,name\n1,A\n", mtime=0), "gzip archive: unpack it first"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG picture"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "JPEG picture"),
        (b"\xef\xbb\xbf", ""),
        (b"\n\n\n", ""),
        (b"\xff" * 40, ""),
        (b"\x00" * 40, ""),
    ],
)
def test_what_is_no_text_is_refused(name, content, says, given):
    assert says in refused(name, given(content)).problem


@pytest.mark.parametrize("name", NAMES)
def test_no_file_no_reading(name, tmp_path, given, monkeypatch):
    assert "no such file" in refused(name, tmp_path / "absent.csv").problem
    assert "folder" in refused(name, tmp_path).problem
    path = tmp_path / "zipped.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "id,name\n")
    assert "zip archive" in refused(name, path).problem

    def denied(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert "Permission denied" in refused(name, given_bytes(tmp_path)).problem


def given_bytes(folder: Path) -> Path:
    import os

    path = folder / "locked.csv"
    handle = os.open(path, os.O_CREAT | os.O_WRONLY)
    os.write(handle, b"id,name\n")
    os.close(handle)
    return path


def test_a_pipe_is_not_waited_for(tmp_path):
    import os

    os.mkfifo(tmp_path / "pipe")
    assert "regular" in refused("csv_mapping", tmp_path / "pipe").problem


@pytest.mark.parametrize("name", NAMES)
def test_bytes_that_are_not_utf8_name_their_line(name, given):
    lines = FILES[name][1].encode().split(b"\n")
    lines[1] = lines[1][:12] + b"\xe9" + lines[1][12:]
    assert refused(name, given(b"\n".join(lines))).line == 2


@pytest.mark.parametrize("name", NAMES)
def test_a_huge_line_is_refused_without_being_loaded(name, tmp_path):
    beginning = {"un_xml": UN.split("ZARTOK")[0], "ftm_json": FTM[:60]}.get(name, FILES[name][1].split("\n")[0] + '\n"')
    path = tmp_path / "huge.csv"
    with path.open("wb") as stream:
        stream.write(beginning.encode())
        for _ in range(100):
            stream.write(b"A" * (1024 * 1024))
    tracemalloc.start()
    begun = time.monotonic()
    error = refused(name, path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.line is not None
    assert "long" in error.problem
    assert peak < 24 * 1024 * 1024
    assert time.monotonic() - begun < 5


def test_a_quote_that_is_never_closed_does_not_take_the_file(tmp_path):
    path = tmp_path / "open.csv"
    with path.open("w") as stream:
        stream.write('id,name\n1,"Belmur\n')
        for number in range(400_000):
            stream.write(f"{number},a name of some length\n")
    error = refused("csv_mapping", path)
    assert (error.line, "quote" in error.problem) == (2, True)


@pytest.mark.parametrize(
    ("name", "before", "row", "after"),
    [
        (
            "un_xml",
            "<CONSOLIDATED_LIST>",
            "<INDIVIDUAL><DATAID>{}</DATAID><FIRST_NAME>A</FIRST_NAME><COMMENTS1>{pad}</COMMENTS1></INDIVIDUAL>\n",
            "</CONSOLIDATED_LIST>",
        ),
        ("ofac_csv", "", '{},"A",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"{pad}"\n', ""),
        ("ftm_json", "", '{{"id":"e{}","schema":"Person","properties":{{"notes":["{pad}"]}}}}\n', ""),
        ("targets_simple", TARGETS.split("\n")[0] + "\n", "e{},Person,{pad},,,,,,,,,,,,,\n", ""),
        ("csv_mapping", "id,name\n", "{},{pad}\n", ""),
        ("eu_csv", "celex,programKey,startDate,schema,name,notes\n", "c,p,1.1.2031,Person,A{},{pad}\n", ""),
    ],
)
def test_memory_does_not_grow_with_the_file(name, before, row, after, tmp_path):
    """A file of 10 MB is read within a few: what is kept of each row is a number of 8 bytes in a set."""
    path = tmp_path / "large"
    count = 2000
    pad = "x" * 5000
    with path.open("w") as stream:
        stream.write(before)
        for number in range(count):
            stream.write(row.format(number, pad=pad))
        stream.write(after)
    assert path.stat().st_size > 10_000_000
    tracemalloc.start()
    found = sum(1 for _ in by_name(name).read(path, "test"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == count
    assert peak < 4_000_000


@pytest.mark.parametrize(
    ("name", "content", "line", "field"),
    [
        ("eu_csv", EU.replace("startDate", "begin"), 1, "startDate"),
        ("eu_csv", EU.replace("LegalEntity", ""), 3, "schema"),
        ("eu_csv", EU.rstrip("\n")[:-4], 3, "passportNumber"),
        ("eu_csv", EU + EU.split("\n")[2] + "\n", None, None),
        ("ofac_csv", SDN.replace("40,", "x,", 1), 2, "ent_num"),
        ("ofac_csv", SDN.replace("52,", "40,", 1), 3, "ent_num"),
        ("ofac_csv", SDN[:60], 1, None),
        ("ofac_csv", "36,A,individual\n", 1, "Program"),
        ("targets_simple", TARGETS.replace("Q-1", ""), 2, "id"),
        ("targets_simple", TARGETS.split("\n")[0] + "\n", None, None),
        ("csv_mapping", MAPPING.replace("2;", "1;").replace("1;Belmur Ostrand;Boat", "3;Belmur Ostrand;Boat"), 4, "id"),
        ("csv_mapping", "id,nom\n1,A\n", 1, "name"),
        ("csv_mapping", "name" + ",c" * 200_000 + "\n", 1, None),
        ("csv_mapping", "id,name,name\n1,A,B\n", 1, "name"),
        ("csv_mapping", "id,name\n1,A\n\n1,A,B\n", 4, None),
        ("csv_mapping", "id,name\n1,\n", 2, "name"),
        ("csv_mapping", "id,schema,name\n1,Person,A\n1,Vessel,B\n", 3, "schema"),
        ("csv_mapping", 'id,name\n1,"A\n', 2, None),
        ("un_xml", UN.replace("900002", "900001"), None, "DATAID"),
        ("un_xml", UN.replace("900002", "nine"), None, "DATAID"),
        ("un_xml", UN[:900], None, None),
        ("un_xml", "<CONSOLIDATED_LIST></CONSOLIDATED_LIST>", None, None),
        ("un_xml", "<OTHER></OTHER>", 1, None),
        ("un_xml", UN.replace("UTF-8", "ISO-8859-1"), 1, "encoding"),
    ],
)
def test_what_is_wrong_is_named(name, content, line, field, given):
    error = refused(name, given(content))
    assert line is None or error.line == line
    assert field is None or error.field == field


BOMB = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "declared",
    [
        BOMB,
        '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE l SYSTEM "http://list.example/l.dtd">',
        "<!DOCTYPE l>",
    ],
)
def test_documents_types_and_entities_are_refused(declared, given):
    content = UN.replace("<CONSOLIDATED_LIST", declared + "\n<CONSOLIDATED_LIST", 1).replace("ZARTOK", "&b;")
    error = refused("un_xml", given(content))
    assert error.line == 2
    assert "refused" in error.problem


@pytest.mark.parametrize(
    "content",
    [
        "<CONSOLIDATED_LIST>" + "<A>" * 5000,
        "<CONSOLIDATED_LIST><INDIVIDUAL>" + "<A/>" * 60_000 + "</INDIVIDUAL></CONSOLIDATED_LIST>",
        "<CONSOLIDATED_LIST><!--" + "x" * 3_000_000 + "--></CONSOLIDATED_LIST>",
        '<CONSOLIDATED_LIST a="' + "x" * 3_000_000 + '"></CONSOLIDATED_LIST>',
        "<CONSOLIDATED_LIST><INDIVIDUAL>" + ("<A>" + "x" * 900_000 + "</A>") * 6 + "</INDIVIDUAL></CONSOLIDATED_LIST>",
    ],
)
def test_xml_has_a_cap_on_everything(content, given):
    assert "than" in refused("un_xml", given(content)).problem


def test_an_error_is_one_line_whatever_the_file_says(given):
    error = BadInput("a\nb\u202e.csv", "bad\r\nvalue\u2028\x1b[31m", line=3, field="na\nme")
    assert str(error) == "a b⟨U+202E⟩.csv, line 3, field na me: bad⟨U+000D⟩ value ⟨U+001B⟩[31m"
    assert (error.file, error.line, error.field) == ("a\nb\u202e.csv", 3, "na\nme")


def test_an_unknown_format_is_refused_with_the_known_ones():
    with pytest.raises(BadInput, match="un_xml, eu_fsf_xml"):
        by_name("wordperfect")


def test_a_text_of_no_format_is_refused_with_the_known_ones(given):
    with pytest.raises(BadInput, match="csv_mapping"):
        detect(given("Dear all,\nplease find attached"))
