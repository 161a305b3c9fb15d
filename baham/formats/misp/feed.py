"""MISP feeds: a folder with one file for each event, a manifest, and the hashes of all values.

MISP fetches a feed from any web server or disk; a partner needs nothing else. The layout is that of MISP's own feeds
(https://www.circl.lu/doc/misp/feed-osint/, MISP/PyMISP examples/feed-generator).
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from baham.formats.errors import BadInput
from baham.formats.reading import MIB, opened

EVENT_CAP = 64 * MIB
EVENTS_CAP = 100_000
DEPTH_CAP = 32
MANIFEST = "manifest.json"
HASHES = "hashes.csv"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_IN_MANIFEST = (
    "Orgc",
    "Tag",
    "info",
    "date",
    "analysis",
    "timestamp",
    "threat_level_id",  # always "undefined" (S-21)
)


def write(folder: Path, events: Iterable[dict[str, Any]]) -> None:
    """Write a whole feed. Each file replaces the old one in one step, the manifest last; events that are not among
    these any more go after that, so that who reads meanwhile finds every file that the manifest names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = _events_of(folder)
    manifest, hashes = {}, []
    for one in events:
        event = one["Event"]
        manifest[event["uuid"]] = {name: event[name] for name in _IN_MANIFEST}
        hashes += [f"{digest},{event['uuid']}\n" for digest in _hashes(event)]
        _replace(folder / f"{event['uuid']}.json", json.dumps(one, ensure_ascii=False))
    _replace(folder / HASHES, "".join(hashes))
    _replace(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False))
    for name in before - manifest.keys():
        (folder / f"{name}.json").unlink(missing_ok=True)


def _events_of(folder: Path) -> set[str]:
    """The events that the feed here names so far: what else lies in the folder is somebody else's."""
    try:
        named = load(folder / MANIFEST)
    except (OSError, BadInput):
        return set()
    return {name for name in named if _UUID.fullmatch(name)}


def read(folder: Path | str) -> Iterator[dict[str, Any]]:
    """The events that the manifest names, one by one. BadInput names the file and what is wrong with it."""
    manifest = load(Path(folder) / MANIFEST)
    if len(manifest) > EVENTS_CAP:
        raise BadInput(Path(folder) / MANIFEST, f"names more than {EVENTS_CAP:,} events")
    for name in manifest:
        if not _UUID.fullmatch(name):
            # A name is a file name here, and one with a path in it would be a file elsewhere.
            raise BadInput(Path(folder) / MANIFEST, "is no UUID", field=name)
        yield load(Path(folder) / f"{name}.json")


def load(path: Path | str) -> dict[str, Any]:
    """One event or manifest from a file. BadInput for what is too large, too deep, or no JSON object."""
    with opened(path) as stream:
        raw = stream.read(EVENT_CAP + 1)
    if len(raw) > EVENT_CAP:
        raise BadInput(path, f"is longer than {EVENT_CAP:,} bytes")
    try:
        found = json.loads(raw)
    except UnicodeDecodeError:
        raise BadInput(path, "is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise BadInput(path, f"is not JSON: {error.msg}", line=error.lineno) from None
    except ValueError as error:
        # A number of more digits than Python turns into one.
        raise BadInput(path, f"is not JSON that can be read: {str(error)[:80]}") from None
    except RecursionError:
        raise BadInput(path, "is nested too deep") from None
    if not isinstance(found, dict):
        raise BadInput(path, "is to be an object")
    _check_depth(path, found)
    return found


def _check_depth(path: Path | str, found: dict[str, Any]) -> None:
    level: list[Any] = [found]
    for _ in range(DEPTH_CAP):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise BadInput(path, f"is nested more than {DEPTH_CAP} deep")


def _hashes(event: dict[str, Any]) -> Iterator[str]:
    """MD5 of each value, by which a MISP that has the feed looks values up without reading every event again."""
    for holder in (event, *event["Object"]):
        for attribute in holder["Attribute"]:
            yield hashlib.md5(attribute["value"].encode(), usedforsecurity=False).hexdigest()


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
