"""medallion's own test-suite against our server: OASIS's reference implementation says what its users expect.

Runs where its repository was fetched (`make medallion`), or where BAHAM_MEDALLION names a checkout of it; no package of it
holds its tests. Its fixture data is loaded into our tables.
"""

import json
import os
import subprocess
import sys
import uuid
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from baham.kernel.handling import UNKNOWN
from baham.measures.sharing.taxii import arrange, border, moments
from baham.measures.sharing.taxii.marked import marking_of
from baham.measures.sharing.taxii.models import Collection, Root, State, Status, Stored
from baham.platform.release.models import Partner
from tests.measures.sharing.taxii import world
from tests.support.people import actor

ROOT = Path(__file__).resolve().parents[4]
CHECKOUT = os.environ.get("BAHAM_MEDALLION") or str(ROOT / ".medallion")
NOT_OURS = {
    "test_server_discovery[memory]": "expects the addresses that stand in medallion's fixture; ours are under /taxii2/",
    "test_no_config": "medallion's own configuration",
    "test_default_taxii_no_taxii_section": "medallion's own configuration",
    "test_default_userpass_no_auth_section": "medallion's own configuration",
    "test_default_backend_no_backend_section": "medallion's own configuration",
    "test_save_to_file[memory]": "medallion's memory backend writes itself to a file",
    "test_status_cleanup[memory]": "reaches into medallion's memory backend",
    "test_get_or_add_objects_422[memory]": "expects the words of medallion's error; ours says what to mend",
    "test_object_pagination_changing_params_400[memory]": "expects the words of medallion's error; ours says what to mend",
}
"""Tests that do not apply to another server, and why (docs/taxii.md tells the same)."""
ALONE = ("test_delete_objects_version[memory]", "test_delete_objects_spec_version[memory]")
"""Tests that post again what a test before them removed. Ours is not taken in again, so each gets a server of its own."""


def load(fixture: dict[str, Any], partner: Partner) -> None:
    """medallion's fixture as our rows. The partner posted all of it, so that it may read and remove it."""
    marking = marking_of(UNKNOWN)
    for slug, content in fixture.items():
        if slug == "/discovery":
            continue
        about = content["information"]
        root = arrange.add_root(actor(), slug, about["title"], about["description"])
        for one in content["collections"]:
            made = arrange.add_collection(
                actor(),
                root,
                one["title"],
                number=uuid.UUID(one["id"]),
                moderated=False,
                description=one.get("description", ""),
                specs=(20, 21),
            )
            arrange.give_access(actor(), made, partner, can_read=one["can_read"], can_write=one["can_write"])
            _objects(made, one, partner, marking)
        for status in content["status"]:
            _status(root, status, partner, marking)


def _objects(collection: Collection, one: dict[str, Any], partner: Partner, marking: int) -> None:
    lines = {(line["id"], line["version"]): moments.read(line["date_added"]) for line in one["manifest"]}
    versions: dict[str, int] = {}
    checked = [border.check(item, (20, 21), moments.now()) for item in one["objects"]]
    for posted in checked:
        versions[posted.id] = max(versions.get(posted.id, 0), posted.version)
    for posted in checked:
        _row(
            collection,
            posted,
            lines[posted.id, posted.version_text],
            partner,
            marking,
            State.ACCEPTED,
            superseded=posted.version < versions[posted.id],
        )


def _row(
    collection: Collection,
    posted: border.Posted,
    added: int,
    partner: Partner,
    marking: int,
    state: State,
    post: Status | None = None,
    superseded: bool = False,
) -> None:
    Stored.objects.create(
        collection=collection,
        stix_id=posted.id,
        type=posted.type,
        spec=posted.spec,
        version=posted.version,
        version_text=posted.version_text,
        added=added,
        state=state,
        superseded=superseded,
        marking_id=marking,
        owner=partner,
        post=post,
        creator=posted.creator,
        digest=posted.digest,
        raw=posted.raw,
    )


def _status(root: Root, status: dict[str, Any], partner: Partner, marking: int) -> None:
    made = Status.objects.create(
        uuid=_uuid(status["id"]),
        root=root,
        partner=partner,
        at=moments.read(status["request_timestamp"]),
        known=[[one["id"], one["version"]] for one in status["successes"]],
        failures=[[one["id"], one["version"], one["message"]] for one in status["failures"]],
    )
    waiting = Collection.objects.get(root=root, pk="472c94ae-3113-4e3e-a4dd-a9f4ac7471d4")
    for one in status["pendings"]:
        item = {
            "type": one["id"].split("--")[0],
            "id": one["id"],
            "created": one["version"],
            "modified": one["version"],
            "spec_version": "2.1",
        }
        posted = border.check(item, (21,), moments.now())
        _row(waiting, posted, moments.now(), partner, marking, State.WAITING, made)


def _uuid(text: str) -> uuid.UUID:
    return uuid.UUID(text)


@pytest.mark.skipif(not Path(CHECKOUT).is_dir(), reason="medallion's repository is not here: run `make medallion`")
@pytest.mark.parametrize("alone", ["", *ALONE])
def test_the_suite_of_the_reference_server(live_server, tmp_path, alone):
    knocker = world.partner("admin")
    fixture = Path(CHECKOUT) / "medallion" / "test" / "data" / "default_data.json"
    load(json.loads(fixture.read_text(encoding="utf-8")), knocker.partner)
    passed, failed, said = _run(live_server.url, knocker.secret, tmp_path / "report.xml", alone)
    assert failed == (set() if alone else set(NOT_OURS)), said
    assert len(passed) == (1 if alone else 69)


def _run(url: str, secret: str, report: Path, alone: str) -> tuple[set[str], set[str], str]:
    """The names of the tests that passed and of those that did not, and what was printed."""
    suite = "medallion/test/test_backends.py"
    which = [f"{suite}::{alone}"] if alone else [suite, *(f"--deselect={suite}::{name}" for name in ALONE)]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "tests.measures.sharing.taxii.medallion_shim",
            "-p",
            "no:django",
            "-p",
            "no:cacheprovider",
            "-W",
            "ignore",
            "-c",
            os.devnull,
            "--rootdir",
            CHECKOUT,
            f"--junitxml={report}",
            "--backends",
            "memory",
            *which,
        ],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=300,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{CHECKOUT}{os.pathsep}{ROOT}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "TAXII_SHIM_URL": url,
            "TAXII_SHIM_LOGIN": f"admin:{secret}",
        },
    )
    said = done.stdout[-6000:] + done.stderr[-3000:]
    assert report.exists(), said
    cases = [case for case in ElementTree.parse(report).iter("testcase") if case.find("skipped") is None]
    failed = {case.get("name", "") for case in cases if list(case.iterfind("failure")) or list(case.iterfind("error"))}
    return {case.get("name", "") for case in cases} - failed, failed, said
