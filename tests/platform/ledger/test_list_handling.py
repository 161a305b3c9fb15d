"""How a list is handled: asked for, told before anything changes, and changed with a reason."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baham.kernel.handling import PAP, TLP
from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.jobs.models import Job
from baham.platform.ledger.datasets import CannotSet, set_handling
from baham.platform.ledger.load import Looked, load
from baham.platform.ledger.models import Dataset, Entity, Offered, Touch
from tests.support.lists import load_rows, write
from tests.support.people import actor, person, signed_in

pytestmark = pytest.mark.django_db
WHY = "The board decided so on this day."
ROWS = [{"id": "w-1", "name": "Tarvok Zelmani", "colour": "red", "shoe": "44"}]


def test_a_preview_tells_who_may_have_it_and_which_columns_are_not_read(tmp_path):
    with pytest.raises(Looked) as looked:
        load(write(tmp_path / "own.csv", ROWS), "own", actor(), about={"tlp": TLP.AMBER_STRICT}, look=True)
    told = looked.value.effect.as_json()
    assert told["tlp"] == "TLP:AMBER+STRICT" and told["unread"] == ["colour", "shoe"]


def test_a_list_is_handled_otherwise_with_a_reason_and_judged_anew(tmp_path):
    load_rows(tmp_path)
    before = dict(Touch.objects.values_list("entity", "at"))
    set_handling("home-dept", TLP.AMBER, PAP.GREEN, actor(), WHY)
    after = dict(Touch.objects.values_list("entity", "at"))
    assert Dataset.objects.get().handling.tlp is TLP.AMBER
    assert len(after) == Entity.objects.count() and all(after[one] > before[one] for one in before)
    entry = Entry.objects.latest("number")
    assert entry.act == "handled as TLP:AMBER" and entry.justification == WHY
    assert entry.detail["was"] == ["TLP:CLEAR", "PAP:CLEAR"]
    for name, reason in (("absent", WHY), ("home-dept", "so")):
        with pytest.raises(CannotSet):
            set_handling(name, TLP.CLEAR, None, actor(), reason)


def test_the_page_asks_who_may_have_a_new_list_and_shows_it_before_force(tmp_path, django_capture_on_commit_callbacks):
    officer = signed_in(person(Role.LIST_OFFICER, "barvand"))
    path = write(tmp_path / "own.csv", ROWS)

    def send(**more):
        given = {"name": "own", "file": SimpleUploadedFile("own.csv", path.read_bytes()), **more}
        with django_capture_on_commit_callbacks(execute=True):
            return officer.post("/sources/", given)

    refused = send()
    assert refused.status_code == 400 and "Say who may have the new list." in refused.content.decode()
    assert not Offered.objects.exists()
    send(tlp=str(int(TLP.GREEN)))
    job = Job.objects.get(kind="look")
    page = officer.get(job.result["preview"]).content.decode()
    assert "TLP:GREEN" in page and "colour" in page and "shoe" in page
    with django_capture_on_commit_callbacks(execute=True):
        officer.post(job.result["preview"], {"act": "load"})
    assert Dataset.objects.get(name="own").handling.tlp is TLP.GREEN
