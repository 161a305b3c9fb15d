"""Whose list a list is, asked when a file is put in force and not only when it was brought; and what a page of a file
that failed tells to somebody who may not read everybody of the list."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baham.formats import BadInput
from baham.kernel.handling import TLP, Audience
from baham.platform.accounts.roles import Role
from baham.platform.jobs.models import Job, State
from baham.platform.jobs.running import run
from baham.platform.ledger import offered
from baham.platform.ledger.load import load
from baham.platform.ledger.models import Dataset, Entity, Offered
from tests.support.lists import PEOPLE, load_rows, write
from tests.support.people import actor, office, person, signed_in

pytestmark = pytest.mark.django_db
MANY = [{"id": f"n-{n}", "name": f"Lantern {'abcdefghij'[n % 10]}{n}"} for n in range(40)]


def of(name, place, audience=Audience.COMMUNITY):
    """A list officer of another organisation."""
    user = person(Role.LIST_OFFICER, name)
    user.organisation = office(place, audience)
    user.save()
    return user


@pytest.fixture
def two(tmp_path):
    return of("zabreh", "Zeta Post"), of("bahram", "Bank of Rudabar")


def test_who_is_quicker_does_not_get_the_others_entries(tmp_path, two):
    """Both look at a file for the same name, which is nobody's yet; then each puts theirs in force."""
    files = []
    for user, rows in zip(two, (MANY, [*MANY, {"id": "own", "name": "Tarvok Zelmani"}]), strict=True):
        path = write(tmp_path / f"{user.username}.csv", rows)
        tlp = TLP.CLEAR if user is two[0] else TLP.RED
        one = offered.offer(path, "shared", actor(user.username), file_name="list.csv", tlp=tlp)
        files.append(offered.look(one, actor(user.username)))
    offered.put_in_force(files[0], actor(two[0].username))
    with pytest.raises(BadInput, match="the name of the list is taken"):
        offered.put_in_force(files[1], actor(two[1].username))
    assert not Entity.objects.filter(key="own").exists() and Entity.objects.count() == 40
    assert Dataset.objects.get().keeper == two[0].organisation


def test_within_one_organisation_a_file_brought_for_red_is_not_put_into_an_open_list(tmp_path):
    first, second = write(tmp_path / "1.csv", MANY), write(tmp_path / "2.csv", [*MANY, *PEOPLE[:1]])
    waits = offered.offer(second, "shared", actor("lala"), file_name="2.csv", tlp=TLP.RED)
    load(first, "shared", actor(), about={"tlp": TLP.CLEAR})
    with pytest.raises(BadInput, match="is handled TLP:CLEAR, not TLP:RED"):
        offered.put_in_force(waits, actor("lala"))
    assert Entity.objects.count() == 40


@pytest.mark.parametrize("name", ["from-varand", "from-", "un", "ofac"])
def test_the_names_of_partners_and_publishers_are_taken(tmp_path, two, name):
    path = write(tmp_path / "own.csv", MANY)
    with pytest.raises(BadInput, match="taken"):
        load(path, name, actor(two[0].username))
    given = {"name": name, "tlp": "0", "file": SimpleUploadedFile("own.csv", path.read_bytes())}
    answer = signed_in(two[0]).post("/sources/", given)
    assert answer.status_code == 400 and "This name is taken" in answer.content.decode()
    assert not Dataset.objects.exists() and not Offered.objects.exists()


def test_the_operator_loads_a_publishers_file_and_not_into_anothers_list(tmp_path, two):
    load(write(tmp_path / "1.csv", MANY), "un", actor())
    Dataset.objects.update(keeper=two[0].organisation)  # as if its name had been taken before names were reserved
    with pytest.raises(BadInput, match="would be kept by Zeta Post"):
        load(write(tmp_path / "2.csv", [*MANY, *PEOPLE[:1]]), "un", actor())


def test_the_page_of_a_load_that_stopped_names_nobody(tmp_path):
    load_rows(tmp_path, MANY, name="lamps")
    path = write(tmp_path / "cut.csv", MANY[:3])
    one = offered.offer(path, "lamps", actor("barvand"), file_name="cut.csv")
    Offered.objects.filter(pk=one.pk).update(effect={"before": 40})  # looked at before the list had changed
    job = Job.objects.create(kind="load", title="cut.csv", owner="barvand", given={"offered": one.pk})
    run(str(job.pk))
    job.refresh_from_db()
    assert job.state == State.FAILED and "37 of 40" in job.message
    assert "Lantern" not in job.message


def test_a_file_that_was_not_looked_at_is_not_put_in_force(tmp_path):
    officer = signed_in(person(Role.LIST_OFFICER, "barvand"))
    one = offered.offer(write(tmp_path / "own.csv", MANY), "lamps", actor("barvand"), file_name="own.csv")
    answer = officer.post(f"/sources/offered/{one.pk}/", {"act": "load"})
    assert answer.status_code == 400 and "has not been looked at yet" in answer.content.decode()
    assert not Job.objects.exists()
    assert 'value="load"' not in officer.get(f"/sources/offered/{one.pk}/").content.decode()
