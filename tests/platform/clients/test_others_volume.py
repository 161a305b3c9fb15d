"""What an organisation is told counts nothing of others: alert numbers, places to go on from, whether the index lags."""

import base64
import json

import pytest
from django.http import QueryDict

from baham.kernel.handling import TLP
from baham.measures.sharing.taxii import filters
from baham.measures.sharing.taxii.filters import OBJECTS, BadFilter, Place
from baham.platform import opaque
from baham.platform.clients import sweeping
from baham.platform.clients.models import Alert, Watched
from baham.platform.ledger.models import Dataset
from baham.platform.screening import index
from tests.platform.clients.test_monitoring import ALERTS, NEW, SUBJECTS, alerts, subject, watch
from tests.support.lists import PEOPLE, load_rows

pytestmark = pytest.mark.django_db
SECOND = {"id": "n-2", "name": "Dorvan Keshmiral", "birth_date": "1970-05-04"}


@pytest.fixture
def post(program, ledger):
    """Another organisation's program."""
    return program("post", "Nilgar Post Bank")


def test_alert_numbers_are_counted_for_each_program_alone(bank, post, tmp_path):
    watch(bank, *(subject(f"c-{n}", "Ostravin Quellmar") for n in range(5)))
    watch(post, subject("p-1", "Dorvan Keshmiral"))
    load_rows(tmp_path, [*PEOPLE, NEW, SECOND])
    sweeping.sweep()
    assert [one["number"] for one in alerts(bank)["results"]] == [1, 2, 3, 4, 5]
    assert [one["number"] for one in alerts(post)["results"]] == [1]
    load_rows(tmp_path, PEOPLE)  # both are delisted: taken back under new numbers
    sweeping.sweep()
    told = alerts(post, after=1)
    assert [(one["number"], one["state"]) for one in told["results"]] == [(2, "withdrawn")] and told["next"] == 2


def test_a_number_is_not_given_twice_though_its_subject_is_forgotten(bank, tmp_path):
    watch(bank, subject("c-1", "Ostravin Quellmar"))
    load_rows(tmp_path, [*PEOPLE, NEW])
    sweeping.sweep()
    bank.delete(f"{SUBJECTS}/c-1")
    assert not Alert.objects.exists()
    watch(bank, subject("c-2", "Dorvan Keshmiral"))
    load_rows(tmp_path, [*PEOPLE, NEW, SECOND])
    sweeping.sweep()
    assert [one["number"] for one in bank.get(ALERTS, after=1).json()["results"]] == [2]


def test_where_the_next_page_of_subjects_begins_tells_no_row(bank, post):
    watch(post, *(subject(f"p-{n}", "Z") for n in range(9)))
    watch(bank, subject("c-1", "Z"), subject("c-2", "Z"))
    following = bank.get(SUBJECTS, limit=1).json()["next"]
    row = Watched.objects.get(reference="c-1").pk
    assert str(row) not in json.dumps(following) or not following.isdecimal()
    assert [one["reference"] for one in bank.get(SUBJECTS, after=following).json()["results"]] == ["c-2"]
    assert post.get(SUBJECTS, after=following).status_code == 400, "it is another's"
    for wrong in ("7", "x", following[:-3], "é"):
        assert bank.get(SUBJECTS, after=wrong).status_code == 400


def test_next_of_taxii_tells_no_row_and_is_good_for_its_question_alone():
    wanted = filters.read(QueryDict("limit=5"), OBJECTS)
    words = {filters.mark(Place(1_700_000_000_000_000, 4_711), "scope", wanted) for _ in range(9)}
    assert len(words) == 9, "the same place is another word each time"
    for word in words:
        plain = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
        assert b"4711" not in plain and (4_711).to_bytes(8, "big") not in plain and "4711" not in word
        assert filters.place_of(word, "scope", wanted) == Place(1_700_000_000_000_000, 4_711)
        for scope, other in (("another", wanted), ("scope", filters.read(QueryDict("match[type]=x"), OBJECTS))):
            with pytest.raises(BadFilter):
                filters.place_of(word, scope, other)


@pytest.mark.parametrize("numbers", [(0,), (2**63 - 1, 1), (-1, 0, 5)])
def test_an_opaque_word_comes_back_and_an_altered_one_does_not(numbers):
    word = opaque.hide(numbers, "here")
    assert opaque.reveal(word, "here", len(numbers)) == numbers
    for wrong in (word[:-1], "A" + word[1:] if word[0] != "A" else "B" + word[1:], "", word + "AA", "~"):
        with pytest.raises(ValueError, match="not given here"):
            opaque.reveal(wrong, "here", len(numbers))
    with pytest.raises(ValueError, match="not given here"):
        opaque.reveal(word, "here", len(numbers) + 1)


def test_the_catalog_does_not_tell_that_another_list_was_loaded(bank, tmp_path):
    before = bank.get("/yente/catalog").json()
    load_rows(tmp_path, PEOPLE, name="hidden")
    Dataset.objects.filter(name="hidden").update(tlp=int(TLP.RED))
    assert index.is_stale() and bank.get("/yente/catalog").json() == before
    assert before["index_stale"] is False and before["outdated"] == []
    load_rows(tmp_path, [*PEOPLE, NEW])
    told = bank.get("/yente/catalog").json()
    assert told["index_stale"] is True and told["outdated"] == ["home-dept"] and "open-list" in told["current"]
