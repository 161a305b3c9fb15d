"""A feed of MISP events is a folder: written, read again, and named exactly where it is broken."""

import hashlib

import pytest

from baham.formats import BadInput, misp
from tests.formats.made_claims import WORLD, as_json, counted
from tests.formats.test_misp import US, back, written


def test_a_feed_is_a_folder(tmp_path):
    first, second = written(WORLD), as_json(misp.event(WORLD[:3], producer=US, key="other", info="Other"))
    misp.feed.write(tmp_path / "feed", [first, second])
    assert {path.name for path in (tmp_path / "feed").iterdir()} == {
        "manifest.json",
        "hashes.csv",
        f"{first['Event']['uuid']}.json",
        f"{second['Event']['uuid']}.json",
    }
    read = list(misp.feed.read(tmp_path / "feed"))
    assert read == [first, second]
    assert counted([item for event in read for item in back(event)]) == counted(WORLD + WORLD[:3])
    digest = hashlib.md5(b"Belmur Ostrand").hexdigest()
    assert f"{digest},{first['Event']['uuid']}\n" in (tmp_path / "feed" / "hashes.csv").read_text()
    other = tmp_path / "feed" / "package.json"
    other.write_text("{}")
    misp.feed.write(tmp_path / "feed", [second])
    assert other.read_text() == "{}", "what is not of the feed is left alone"
    other.unlink()
    assert list(misp.feed.read(tmp_path / "feed")) == [second]
    assert not (tmp_path / "feed" / f"{first['Event']['uuid']}.json").exists()


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        ('{"../../etc/passwd": {}}', "is no UUID"),
        ("[]", "is to be an object"),
        ("{", "line 1: is not JSON"),
        ('{"00000000-0000-4000-8000-000000000001": {}}', "there is no such file"),
        (b"\xe9", "is not UTF-8"),
        ('{"a": ' + "[" * 100_000, "is nested too deep"),
        ('{"a": ' + "[" * 50 + "]" * 50 + "}", "is nested more than 32"),
        ('{"a": ' + "9" * 5000 + "}", "is not JSON that can be read"),
        ("", "the file is empty"),
    ],
)
def test_a_broken_feed_is_one_line(manifest, says, tmp_path):
    (tmp_path / "manifest.json").write_bytes(manifest if isinstance(manifest, bytes) else manifest.encode())
    with pytest.raises(BadInput) as caught:
        list(misp.feed.read(tmp_path))
    assert says in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_very_large_event_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(misp.feed, "EVENT_CAP", 1000)
    misp.feed.write(tmp_path, [written(WORLD)])
    with pytest.raises(BadInput, match="longer than 1,000 bytes"):
        list(misp.feed.read(tmp_path))
