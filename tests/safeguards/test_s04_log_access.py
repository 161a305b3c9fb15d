"""S-04: the log is open to auditors alone and feeds no search, list or graph."""

from pathlib import Path

import pytest

from baham.platform.accounts.roles import Role
from tests.support.people import person, signed_in

BAHAM = Path(__file__).resolve().parents[2] / "baham"
MAY_READ_ENTRIES = {"platform/audit", "platform/ledger/views.py", "platform/rights/held_log.py"}
"""The auditor's room; a record's own page, which shows its readers who read it last; and what the person concerned and
oversight are told of who read and handled it (S-13, S-14)."""


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_other_roles_are_refused(ledger, role):
    client = signed_in(person(role))
    assert client.get("/audit/").status_code == 403
    assert client.post("/audit/verify/").status_code == 403


def test_the_auditor_reads_the_log_and_no_records(ledger):
    client = signed_in(person(Role.AUDITOR))
    assert client.get("/audit/").status_code == 200
    assert client.get(f"/entity/{ledger['k-1'].pk}/").status_code == 403
    assert client.get("/search/?q=zarghun").status_code == 403


def test_what_stands_in_the_log_is_not_found_by_search(ledger):
    client = signed_in(person(Role.ANALYST))
    client.post("/purpose/", {"code": "analysis", "case": "ruby-lantern"})
    assert "No record has all these words" in client.get("/search/?q=ruby-lantern").content.decode()


def test_no_other_code_reads_entries():
    for path in BAHAM.rglob("*.py"):
        place = str(path.relative_to(BAHAM))
        if not any(place.startswith(allowed) for allowed in MAY_READ_ENTRIES):
            assert "Entry.objects" not in path.read_text(), place
