"""Monitored subjects: asked about once, held against what changes, told of once, forgotten in time."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from baham.engines.names import NameIndex
from baham.kernel.handling import PAP, TLP, Handling
from baham.platform.audit.models import Entry
from baham.platform.clients import sweeping
from baham.platform.clients.models import Alert, Client, Sweep, Watched
from baham.platform.clients.monitoring import expire
from baham.platform.jobs.models import Job, State
from baham.platform.ledger import annotate
from baham.platform.ledger.models import Statement
from baham.platform.review.models import Item
from baham.platform.screening import cleared, index
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor

pytestmark = pytest.mark.django_db
NEW = {"id": "n-1", "name": "Ostravin Quellmar", "birth_date": "1970-05-04", "nationality": "sv"}
SUBJECTS, ALERTS = "/api/monitoring/subjects", "/api/monitoring/alerts"


def subject(reference, name, *, birth=True, **more):
    known = {"birthDate": ["1970-05-04"]} if birth else {}
    return {"reference": reference, "schema": "Person", "properties": {"name": [name], **known, **more}}


def watch(program, *subjects, status=200):
    answer = program.post(SUBJECTS, {"subjects": list(subjects)})
    assert answer.status_code == status, answer.content
    return answer.json()


def alerts(program, after=0):
    answer = program.get(ALERTS, after=after)
    assert answer.status_code == 200, answer.content
    return answer.json()


def told(program, after=0):
    return [(one["reference"], one["state"], one["entity_id"]) for one in alerts(program, after)["results"]]


def test_a_new_listing_makes_one_alert_and_one_matter(bank, tmp_path):
    watch(bank, subject("c-1", "Ostravin Quelmar"), subject("c-2", "Somebody Else"))
    load_rows(tmp_path, [*PEOPLE, NEW])
    counts = sweeping.sweep()
    assert (counts.versions, counts.scored, counts.subjects, counts.alerts) == (1, 1, 2, 1)
    body = alerts(bank)
    assert [(one["reference"], one["state"], one["entity_id"]) for one in body["results"]] == [
        ("c-1", "open", "home-dept:n-1")
    ]
    result = body["results"][0]["result"]
    assert (result["caption"], result["verdict"], result["match"]) == ("Ostravin Quellmar", "probable", True)
    assert result["evidence"]
    assert result["datasets"] == ["home-dept"]
    matter = Item.objects.get()
    assert (matter.kind, matter.asker, matter.entity.key) == ("match", "Daryab Commercial Bank", "n-1")
    assert (matter.proposal["name"], matter.proposal["birth_date"]) == ("Ostravin Quelmar", "1970-05-04")
    assert body["results"][0]["review"] == {"outcome": None, "decided_at": None}
    assert alerts(bank, body["next"])["results"] == []


def test_a_second_sweep_and_the_same_evidence_say_nothing_twice(bank, tmp_path):
    watch(bank, subject("c-1", "Ostravin Quellmar"))
    load_rows(tmp_path, [*PEOPLE, NEW])
    sweeping.sweep()
    assert sweeping.sweep().versions == 0
    load_rows(tmp_path, [*PEOPLE, {**NEW, "notes": "a note that is not compared"}])
    counts = sweeping.sweep()
    assert (counts.scored, counts.alerts, counts.withdrawn) == (1, 0, 0)
    assert len(alerts(bank)["results"]) == Item.objects.count() == 1


def test_newer_evidence_replaces_an_alert(bank, tmp_path):
    watch(bank, subject("c-1", "Ostravin Quellmar", idNumber=["7-7-7-7"]))
    load_rows(tmp_path, [*PEOPLE, NEW])
    sweeping.sweep()
    last = alerts(bank)["next"]
    load_rows(tmp_path, [*PEOPLE, {**NEW, "id_number": "7777"}])
    sweeping.sweep()
    assert [(one["state"], one["why"]) for one in alerts(bank, last)["results"]] == [
        ("withdrawn", sweeping.REPLACED),
        ("open", ""),
    ]
    assert "identifier.same" in alerts(bank, last)["results"][1]["result"]["explanations"]


def test_a_delisting_withdraws_and_a_new_listing_on_the_same_evidence_opens_again(bank, tmp_path):
    watch(bank, subject("c-1", "Ostravin Quellmar"))
    load_rows(tmp_path, [*PEOPLE, NEW])
    sweeping.sweep()
    last = alerts(bank)["next"]
    load_rows(tmp_path, [*PEOPLE, {**NEW, "id": "n-2", "name": "Quite Different"}])
    assert sweeping.sweep().withdrawn == 1
    body = alerts(bank, last)
    assert [(one["state"], one["why"], one["result"]) for one in body["results"]] == [
        ("withdrawn", sweeping.DELISTED, None)
    ]
    load_rows(tmp_path, [*PEOPLE, {**NEW, "notes": "back again"}])
    sweeping.sweep()
    assert told(bank, body["next"]) == [("c-1", "open", "home-dept:n-1")]
    assert Alert.objects.count() == 1


def test_a_change_that_makes_it_another_withdraws(bank, tmp_path):
    watch(bank, subject("c-1", "Ostravin Quellmar"))
    load_rows(tmp_path, [*PEOPLE, NEW])
    sweeping.sweep()
    load_rows(tmp_path, [*PEOPLE, {**NEW, "name": "Belisaun Torhallow", "birth_date": "1931"}])
    sweeping.sweep()
    assert [(one["state"], one["why"]) for one in alerts(bank)["results"]] == [("withdrawn", sweeping.NO_LONGER)]


def test_what_was_listed_before_anybody_was_watched_is_not_swept(bank, tmp_path):
    watch(bank, subject("c-1", "Zarghun Talband"))
    assert sweeping.sweep().versions == 0
    load_rows(tmp_path, [*PEOPLE, NEW])
    assert sweeping.sweep().scored == 1


def test_many_subjects_and_one_new_listing_cost_what_the_change_costs(ledger, program, tmp_path, monkeypatch):
    """1,000 subjects, a list of 300: one entry is new, and one entry is what the subjects are held against."""
    bank = program(rate=5_000)
    rows = [{"id": f"r-{n}", "name": f"Tarlun Ovast{n:03}", "birth_date": str(1930 + n % 60)} for n in range(300)]
    load_rows(tmp_path, rows, name="large")
    for start in range(0, 1_000, 100):
        watch(bank, *[subject(f"c-{n}", f"Belisaun Torhal{n:04}", birth=False) for n in range(start, start + 100)])
    watch(bank, subject("c-500", "Ostravin Quellmar"))
    indexed: list[str] = []
    build = NameIndex.build.__func__

    def counted(cls, subjects, path):
        def passing():
            for one in subjects:
                indexed.append(one.id)
                yield one

        return build(cls, passing(), path)

    monkeypatch.setattr(NameIndex, "build", classmethod(counted))
    load_rows(tmp_path, [*rows, NEW], name="large")
    counts = sweeping.sweep()
    assert (counts.scored, counts.subjects, counts.alerts) == (1, 1_000, 1)
    assert len(indexed) == 1
    assert told(bank) == [("c-500", "open", "large:n-1")]


def test_each_client_hears_of_its_own_subjects_and_lists(ledger, program, tmp_path):
    bank, post, narrow = program(), program("post", "Border post Torsang"), program("narrow", scope=["open-list"])
    watch(bank, subject("c-1", "Ostravin Quellmar"))
    watch(post, subject("t-9", "Somebody Else"))
    watch(narrow, subject("x", "Ostravin Quellmar"))
    watch(bank, {**subject("c-3", "Ostravin Quellmar"), "datasets": ["open-list"]})
    load_rows(tmp_path, [*PEOPLE, NEW])
    sweeping.sweep()
    assert told(bank) == [("c-1", "open", "home-dept:n-1")]
    assert told(post) == told(narrow) == []
    assert [one["reference"] for one in post.get(SUBJECTS).json()["results"]] == ["t-9"]
    assert post.delete(f"{SUBJECTS}/c-1").status_code == 404
    assert Watched.objects.filter(client=bank.client).count() == 2


def test_a_client_whose_key_was_ended_makes_no_alerts(bank, tmp_path):
    watch(bank, subject("c-1", "Ostravin Quellmar"))
    Client.objects.update(revoked_at=timezone.now())
    load_rows(tmp_path, [*PEOPLE, NEW])
    assert sweeping.sweep().alerts == 0
    assert not Item.objects.exists()


def test_withdrawing_forgets_the_subject_and_its_alerts(bank, tmp_path):
    watch(bank, subject("a/b c", "Ostravin Quellmar"))
    load_rows(tmp_path, [*PEOPLE, NEW])
    sweeping.sweep()
    assert bank.delete(f"{SUBJECTS}/a%2Fb%20c").status_code == 200
    assert not Watched.objects.exists()
    assert not Alert.objects.exists()
    assert Item.objects.count() == 1
    assert Entry.objects.get(act="stopped watching").event == "erasure"
    assert bank.delete(f"{SUBJECTS}/a%2Fb%20c").status_code == 404


def test_an_expired_subject_is_neither_swept_nor_kept(bank, tmp_path):
    watch(bank, subject("c-1", "Ostravin Quellmar"), subject("c-2", "Somebody Else"))
    Watched.objects.filter(reference="c-1").update(expires_at=timezone.now() - timedelta(seconds=1))
    load_rows(tmp_path, [*PEOPLE, NEW])
    counts = sweeping.sweep()
    assert (counts.expired, counts.subjects, counts.alerts) == (1, 1, 0)
    assert [one.reference for one in Watched.objects.all()] == ["c-2"]
    entry = Entry.objects.get(act="forgot watched subjects")
    assert (entry.event, entry.detail) == ("erasure", {"names": 1})
    assert expire() == 0


def test_how_long_a_subject_may_be_watched(bank, settings):
    body = watch(bank, {**subject("c-1", "Z Quellmar"), "expires": "2999-01-01"}, status=400)
    assert "at most 365" in body["detail"]
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    body = watch(bank, {**subject("c-1", "Z Quellmar"), "expires": day})
    assert body["subjects"][0]["expires_at"][:10] == day
    settings.MONITOR_DAYS = 10
    watch(bank, {**subject("c-1", "Z Quellmar"), "expires": day}, status=400)


def test_a_subject_is_replaced_under_its_reference(bank, tmp_path):
    watch(bank, subject("c-1", "Ostravin Quellmar"))
    load_rows(tmp_path, [*PEOPLE, NEW])
    sweeping.sweep()
    last = alerts(bank)["next"]
    watch(bank, subject("c-1", "Ostravin Quellmar"))  # the same again: nothing happens
    assert alerts(bank, last)["results"] == []
    watch(bank, subject("c-1", "Belisaun Torhallow"))
    body = alerts(bank, last)["results"]
    assert [(one["state"], "match it anew" in one["why"]) for one in body] == [("withdrawn", True)]
    assert Watched.objects.count() == 1


def test_only_what_a_question_is_made_of_is_kept(bank):
    watch(bank, subject("c-1", "Ostravin Quellmar", religion=["none of ours"], notes=["a note"], ethnicity=["x"]))
    kept = Watched.objects.get()
    assert set(kept.properties) == {"name", "birthDate"}
    assert "none of ours" not in json.dumps(bank.get(SUBJECTS).json())


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 422),
        ({"subjects": []}, 422),
        ({"subjects": "x"}, 422),
        ({"subjects": [1]}, 400),
        ({"subjects": [{"schema": "Person", "properties": {"name": ["Z"]}}]}, 400),
        ({"subjects": [{**subject("r" * 201, "Z")}]}, 400),
        ({"subjects": [{**subject(" ", "Z")}]}, 400),
        ({"subjects": [{**subject("r", "Z"), "threshold": "high"}]}, 400),
        ({"subjects": [{**subject("r", "Z"), "threshold": float("nan")}]}, 400),
        ({"subjects": [{**subject("r", "Z"), "threshold": 0.1}]}, 400),
        ({"subjects": [{**subject("r", "Z"), "datasets": ["no-such"]}]}, 404),
        ({"subjects": [{**subject("r", "Z"), "expires": "soon"}]}, 400),
        ({"subjects": [{**subject("r", "Z"), "expires": "2026-02-31"}]}, 400),
        ({"subjects": [subject("r", "Z", birthDate=["1970-02-31"])]}, 400),
        ({"subjects": [subject(str(n), "Z") for n in range(101)]}, 400),
    ],
)
def test_a_subject_that_cannot_be_watched_is_refused_in_one_line(bank, body, status):
    answer = bank.post(SUBJECTS, body if isinstance(body, str) else json.dumps(body))
    assert (answer.status_code, bool(answer.json()["detail"])) == (status, True)
    assert not Watched.objects.exists()


def test_of_several_the_good_ones_are_watched(bank):
    body = watch(bank, subject("c-1", "Ostravin Quellmar"), {"reference": "c-2"}, subject("c-3", "Livra Zelmani"))
    assert [(one["reference"], one["status"]) for one in body["subjects"]] == [("c-1", 200), ("c-2", 400), ("c-3", 200)]
    assert body["subjects"][1]["detail"]
    listing = bank.get(SUBJECTS, limit=1).json()
    assert (listing["total"], [one["reference"] for one in listing["results"]]) == (2, ["c-1"])
    rest = bank.get(SUBJECTS, after=listing["next"]).json()
    assert ([one["reference"] for one in rest["results"]], rest["next"]) == (["c-3"], None)


def test_a_value_that_a_client_may_not_have_makes_no_alert_and_does_not_leave_in_one(bank, tmp_path):
    watch(bank, subject("c-1", "Ostravin Quellmar"), subject("c-2", "The Ferryman Of Ost", birth=False))
    load_rows(tmp_path, [*PEOPLE, {**NEW, "alias": "The Ferryman Of Ost"}])
    alias = Statement.objects.get(prop="alias", value="The Ferryman Of Ost")
    annotate.handle(alias, Handling(TLP.AMBER, PAP.CLEAR), actor(), "The originator asks that this goes no further.")
    sweeping.sweep()
    assert told(bank) == [("c-1", "open", "home-dept:n-1")]
    assert "Ferryman" not in json.dumps(alerts(bank))


def test_what_is_closed_after_an_alert_does_not_leave_late(bank, tmp_path):
    watch(bank, subject("c-1", "Ostravin Quellmar"))
    load_rows(tmp_path, [*PEOPLE, NEW])
    sweeping.sweep()
    for statement in Statement.objects.filter(entity__key="n-1"):
        annotate.handle(
            statement, Handling(TLP.RED, PAP.RED), actor(), "The originator asks that this goes no further."
        )
    body = alerts(bank)["results"]
    assert [(one["state"], one["result"], one["entity_id"]) for one in body] == [("withheld", None, None)]


def test_reading_alerts_is_logged_with_whom_they_showed(bank, tmp_path):
    watch(bank, subject("c-1", "Ostravin Quellmar"))
    load_rows(tmp_path, [*PEOPLE, NEW])
    sweeping.sweep()
    alerts(bank)
    entry = Entry.objects.get(act="read alerts")
    entity = Alert.objects.get().entity
    assert (entry.actor, entry.detail) == ("client:bank", {"hits": 1, "entities": [entity.canonical_id]})
    assert Entry.objects.get(act="watches").detail == {"names": 1}


def test_a_load_starts_the_sweep_as_a_job(bank, tmp_path, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        load_rows(tmp_path, [*PEOPLE, {**NEW, "id": "n-0", "name": "Nobody Watched Yet"}])
    assert not Job.objects.filter(kind="monitor").exists()
    watch(bank, subject("c-1", "Ostravin Quellmar"))
    with django_capture_on_commit_callbacks(execute=True):
        load_rows(tmp_path, [*PEOPLE, NEW])
    job = Job.objects.get(kind="monitor")
    assert (job.state, job.owner) == (State.DONE, "system:monitoring")
    assert (job.result["alerts"], job.result["scored"], job.done, job.total) == (1, 2 - 1, 1, 1)


def test_two_sweeps_at_once_say_nothing_twice(bank, tmp_path, monkeypatch):
    watch(bank, subject("c-1", "Ostravin Quellmar"))
    load_rows(tmp_path, [*PEOPLE, NEW])
    pairs = sweeping._pairs

    def overtaken(*given):
        found = pairs(*given)
        monkeypatch.setattr(sweeping, "_pairs", pairs)
        assert sweeping.sweep().alerts == 1  # the other one is faster
        return found

    monkeypatch.setattr(sweeping, "_pairs", overtaken)
    assert sweeping.sweep().alerts == 0
    assert Alert.objects.count() == Item.objects.count() == 1
    assert Sweep.objects.get().position == 0


def test_cut_off_in_the_middle_it_goes_on_where_it_was(bank, tmp_path, monkeypatch):
    monkeypatch.setattr(sweeping, "PORTION", 2)
    watch(bank, *[subject(f"c-{n}", "Ostravin Quellmar") for n in range(7)])
    load_rows(tmp_path, [*PEOPLE, NEW])
    for _cut in range(3):
        seen = iter([None])

        def cut(done, total, seen=seen):
            if next(seen, "cut") == "cut":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            sweeping.sweep(cut)
        assert Alert.objects.count() == Item.objects.count()
        if Alert.objects.count() >= 6:
            break
    sweeping.sweep()
    assert sorted(one["reference"] for one in alerts(bank)["results"]) == [f"c-{n}" for n in range(7)]
    assert Alert.objects.count() == Item.objects.count() == 7


def test_a_worker_that_starts_takes_up_what_a_crash_cut_off(bank, tmp_path, django_capture_on_commit_callbacks):
    from baham.platform.jobs.running import hourly

    watch(bank, subject("c-1", "Ostravin Quellmar"))
    load_rows(tmp_path, [*PEOPLE, NEW])
    Job.objects.create(kind="monitor", title="monitoring", owner="system:monitoring", state=State.FAILED)
    with django_capture_on_commit_callbacks(execute=True):
        hourly()
    assert told(bank) == [("c-1", "open", "home-dept:n-1")]


def test_a_cleared_pair_stays_silent_until_there_is_new_evidence(bank, tmp_path):
    """Safeguard S-20, for programs: neither a match nor an alert on the evidence that people cleared."""
    watch(bank, subject("c-1", "Ostravin Quellmar"))
    load_rows(tmp_path, [*PEOPLE, NEW])
    sweeping.sweep()
    last, matter = alerts(bank)["next"], Item.objects.get()
    cleared.remember(
        matter.entity,
        matter.proposal,
        actor(),
        "The passport shows another father and place.",
        matter=matter.pk,
        organisation="Daryab Commercial Bank",
        second_person=False,
    )
    index.build()
    assert bank.found(name=["Ostravin Quellmar"], birthDate=["1970-05-04"]) == []
    load_rows(tmp_path, PEOPLE)
    sweeping.sweep()
    load_rows(tmp_path, [*PEOPLE, NEW])
    assert sweeping.sweep().alerts == 0
    load_rows(tmp_path, [*PEOPLE, {**NEW, "alias": "Ostravin Quellmar Sahib"}])
    assert sweeping.sweep().alerts == 1
    assert [one["state"] for one in alerts(bank, last)["results"]] == ["open"]  # the same alert, open again
