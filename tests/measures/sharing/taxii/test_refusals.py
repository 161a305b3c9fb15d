"""What is refused, with which status and reason; and that nothing has changed then."""

import json

import pytest

from baham.measures.sharing.taxii import border, moments
from baham.measures.sharing.taxii.models import Collection, Marking, Status, Stored
from baham.platform.audit.models import Entry
from tests.measures.sharing.taxii import world
from tests.measures.sharing.taxii.world import MEDIA, objects_of, stix


def in_days(days: float) -> str:
    return moments.write(moments.now() + int(days * moments.DAY))


def refusal(answer) -> str:
    """The reason of the one object that was not taken."""
    assert answer.status_code == 202, answer.content
    told = answer.json()
    assert told["failure_count"] == 1, told
    return told["failures"][0]["message"]


BAD = {
    "not an object": (7, "not an object"),
    "no id": ({"type": "identity"}, "`id`"),
    "an id of upper case": ({**stix(number=1), "id": "identity--AAAAAAAA-0000-4000-8000-000000000001"}, "`id`"),
    "an id with a line break": ({**stix(number=1), "id": stix(number=1)["id"] + "\n"}, "`id`"),
    "an id with digits of another script": (
        {**stix(number=1), "id": "identity--" + "٠" * 8 + "-0000-4000-8000-000000000001"},
        "`id`",
    ),
    "an endless id": ({"type": "a" * 400, "id": "a" * 400 + "--00000000-0000-4000-8000-000000000001"}, "`id`"),
    "another type": ({**stix(number=1), "type": "location"}, "`type`"),
    "a bundle": ({"type": "bundle", "id": stix("bundle", 1)["id"], "objects": []}, "bundle"),
    "STIX 2.0 where 2.1 is taken": ({**stix(number=1), "spec_version": "2.0"}, "takes 2.1"),
    "no version, which means 2.0": ({k: v for k, v in stix(number=1).items() if k != "spec_version"}, "takes 2.1"),
    "a version that does not exist": ({**stix(number=1), "spec_version": "9.9"}, "takes 2.1"),
    "a version that is no text": ({**stix(number=1), "spec_version": [2.1]}, "takes 2.1"),
    "a moment that is none": (stix(number=1, modified="yesterday"), "`modified`"),
    "the thirteenth month": (stix(number=1, modified="2026-13-01T00:00:00Z"), "`modified`"),
    "a moment that is a number": ({**stix(number=1), "created": 5}, "`created`"),
    "changed before it was made": (stix(number=1, created="2026-05-02T00:00:00Z"), "before `created`"),
    "changed and never made": ({k: v for k, v in stix(number=1).items() if k != "created"}, "no `created`"),
    "before time began": (stix(number=1, created="1960-01-01T00:00:00Z", modified="1960-01-01T00:00:00Z"), "1970"),
    "a clock two days ahead": (stix(number=1, modified=in_days(2)), "set yours"),
    "a creator that is none": (stix(number=1, created_by_ref="somebody"), "`created_by_ref`"),
    "a creator that is a list": (stix(number=1, created_by_ref=["identity--1"]), "`created_by_ref`"),
    "half a character": (stix(number=1, name="\ud800"), "half a character"),
    "a megabyte": (stix(number=1, name="x" * 1_000_001), "bytes"),
    "deeper than anybody needs": (stix(number=1, x=json.loads("[" * 60 + "]" * 60)), "deeper"),
    "a forged mark of the standard": (
        {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": world.RED,
            "created": "2026-05-01T00:00:00.000Z",
            "definition_type": "tlp",
            "definition": {"tlp": "white"},
        },
        "standard's own",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_an_object_that_is_not_taken_and_those_beside_it_that_are(kohsar, shared, name):
    bad, word = BAD[name]
    answer = kohsar.post(shared, stix(number=70), bad, stix(number=71))
    assert word in refusal(answer)
    assert answer.json()["success_count"] == 2
    assert Stored.objects.count() == 2
    assert kohsar.get(f"exchange/status/{answer.json()['id']}/").json() == answer.json()


def test_a_clock_that_is_an_hour_ahead_is_taken(kohsar, shared):
    assert kohsar.post(shared, stix(number=1, modified=in_days(0.04))).json()["success_count"] == 1


NOT_ENVELOPES = {
    "nothing": (b"", 400),
    "not JSON": (b"{objects: []}", 422),
    "not text": (b"\xff\xfe\x00", 422),
    "an object alone": (json.dumps(stix(number=1)).encode(), 422),
    "no objects": (b'{"objects": []}', 422),
    "a list": (b"[]", 422),
    "objects that are none": (b'{"objects": {}}', 422),
    "a number": (b"7", 422),
    "not a number": (b'{"objects": [NaN]}', 422),
    "endless": (b'{"objects": [1e999]}', 202),
    "nested without end": (b'{"objects":' + b"[" * 200_000 + b"]" * 200_000 + b"}", 422),
    "an endless number": (b'{"objects":[' + b"9" * 10_000 + b"]}", 422),
    "too many": (json.dumps({"objects": [{}] * 5_001}).encode(), 413),
}


@pytest.mark.parametrize("name", NOT_ENVELOPES)
def test_a_request_that_cannot_be_read(kohsar, shared, name):
    body, status = NOT_ENVELOPES[name]
    answer = kohsar.send(objects_of(shared), body)
    assert answer.status_code == status, answer.content
    if status != 202:
        assert answer.json()["http_status"] == str(status)
        assert answer.json()["description"]
        assert not Status.objects.exists()
    assert not Stored.objects.exists()


def test_fifty_megabytes_are_refused_and_nothing_is_kept(kohsar, shared):
    answer = kohsar.send(objects_of(shared), b'{"objects": ["' + b"x" * 50_000_000 + b'"]}')
    assert answer.status_code == 413
    assert "10,000,000" in answer.json()["description"]
    assert not Status.objects.exists()


def test_media_types(kohsar, shared):
    assert kohsar.get("", accept="text/html").status_code == 406
    assert kohsar.get("", accept="application/taxii+json;version=2.0").status_code == 406
    assert kohsar.get("", accept="application/taxii+json; version=2.1, text/html").status_code == 200
    assert kohsar.get("", accept="application/taxii+json").status_code == 200
    assert kohsar.get("", accept="*/*").status_code == 200
    body = json.dumps({"objects": [stix(number=1)]}).encode()
    assert kohsar.send(objects_of(shared), body, "application/json").status_code == 415
    assert kohsar.send(objects_of(shared), body, "application/taxii+json;version=2.0").status_code == 415
    assert kohsar.send(objects_of(shared), body, **{"Content-Encoding": "gzip"}).status_code == 415
    assert not Stored.objects.exists()


def test_who_is_nobody_learns_nothing(kohsar, shared):
    from django.test import Client

    for address in ("", "exchange/", objects_of(shared), "nowhere/"):
        for login in (
            {},
            {"Authorization": "Basic !!"},
            {"Authorization": "Bearer x"},
            {"Authorization": kohsar.basic[:-4] + "AAAA"},
        ):
            answer = Client().get(f"/taxii2/{address}", headers=login)
            assert answer.status_code == 401
            assert answer["WWW-Authenticate"].startswith("Basic ")
            assert answer["Content-Type"] == MEDIA
            assert shared.title not in answer.content.decode()


def test_a_partner_that_was_ended(kohsar, shared):
    from baham.platform.release.partners import end_partner
    from tests.support.people import actor

    end_partner(actor(), kohsar.partner, "The partnership has ended for good reasons.")
    assert kohsar.get("").status_code == 403


def test_addresses_and_methods_that_do_not_exist(kohsar, shared):
    for address in (
        "nowhere/",
        "exchange/nothing/",
        "exchange/collections/nothing/",
        f"{objects_of(shared)}x/y/z/",
        "exchange/status/1/",
        f"exchange/collections/{'0' * 36}/",
    ):
        assert kohsar.get(address).status_code == 404, address
    answer = kohsar.delete(objects_of(shared))
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, POST"


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "many"},
        {"limit": "٣"},
        {"added_after": "today"},
        {"added_after": ""},
        {"match[id]": ""},
        {"match[type]": "a,,b"},
        {"match[version]": "newest"},
        {"match[colour]": "red"},
        {"unknown": "1"},
        {"match[id]": ",".join(f"a--{n}" for n in range(600))},
        {"match[id]": "x\0y"},
        {"next": ""},
        {"next": "1.1~forged"},
        {"added_after": "9999-99-99T00:00:00Z"},
        {"match[version]": "0000-01-01T00:00:00Z"},
    ],
)
def test_a_query_that_is_not_understood(kohsar, shared, query):
    answer = kohsar.get(objects_of(shared), **query)
    assert answer.status_code == 400, answer.content
    assert answer.json()["description"]


def test_a_filter_said_twice(kohsar, shared):
    answer = kohsar.get(f"{objects_of(shared)}?limit=1&limit=2")
    assert answer.status_code == 400


def test_next_is_good_for_the_reader_the_address_and_the_filters_that_it_was_given_for(kohsar, nilgar, shared):
    other = world.collection(kohsar, nilgar)
    kohsar.post(shared, *(stix(number=n) for n in range(5)))
    going_on = nilgar.get(objects_of(shared), limit=2).json()["next"]
    assert nilgar.get(objects_of(shared), limit=3, next=going_on).status_code == 200
    assert kohsar.get(objects_of(shared), limit=2, next=going_on).status_code == 400
    assert nilgar.get(objects_of(other), limit=2, next=going_on).status_code == 400
    assert nilgar.get(f"exchange/collections/{shared.pk}/manifest/", next=going_on).status_code == 400
    assert nilgar.get(objects_of(shared), limit=2, next=going_on, **{"match[type]": "identity"}).status_code == 400
    for forged in (
        "1.1",
        going_on[:-1],
        going_on[:12] + ("A" if going_on[12] != "A" else "B") + going_on[13:],
        f"x{going_on}",
    ):
        assert nilgar.get(objects_of(shared), limit=2, next=forged).status_code == 400, forged


def test_one_version_is_one_content(kohsar, shared):
    kohsar.post(shared, stix(number=1))
    again = kohsar.post(shared, dict(reversed(stix(number=1).items())))  # another order of keys is the same object
    assert again.json()["success_count"] == 1
    assert "before" in again.json()["successes"][0]["message"]
    assert "conflicts" in refusal(kohsar.post(shared, stix(number=1, name="Something else")))
    twice = kohsar.post(shared, stix(number=2), stix(number=2, name="Something else"))
    assert "conflicts" in refusal(twice)
    assert Stored.objects.count() == 2
    assert kohsar.get(f"{objects_of(shared)}{stix(number=1)['id']}/").json()["objects"] == [stix(number=1)]


def test_what_has_no_versions_cannot_be_changed(kohsar, shared):
    kohsar.post(shared, world.observable(1))
    assert kohsar.post(shared, world.observable(1)).json()["success_count"] == 1
    assert "conflicts" in refusal(kohsar.post(shared, world.observable(1, "other@example.org")))
    versioned = {**world.observable(1), "created": "2026-05-01T00:00:00Z", "modified": "2026-05-01T00:00:00Z"}
    assert "no versions" in refusal(kohsar.post(shared, versioned))


def test_nobody_changes_or_revokes_what_another_posted(kohsar, nilgar, shared):
    kohsar.post(shared, stix(number=1))
    later = stix(number=1, modified="2026-06-01T00:00:00.000Z", revoked=True)
    assert "Another party" in refusal(nilgar.post(shared, later))
    assert nilgar.delete(f"{objects_of(shared)}{later['id']}/").status_code == 403
    assert nilgar.post(shared, stix(number=1)).json()["success_count"] == 1  # it is there already, as it is
    assert kohsar.post(shared, later).json()["success_count"] == 1
    assert nilgar.get(f"{objects_of(shared)}{later['id']}/").json()["objects"] == [later]


def test_the_creator_of_an_object_stays_its_creator(kohsar, shared):
    first, other = stix(number=50)["id"], stix(number=51)["id"]
    kohsar.post(shared, stix(number=1, created_by_ref=first))
    changed = stix(number=1, created_by_ref=other, modified="2026-06-01T00:00:00.000Z")
    assert "created_by_ref" in refusal(kohsar.post(shared, changed))
    kept = stix(number=1, created_by_ref=first, modified="2026-06-01T00:00:00.000Z")
    assert kohsar.post(shared, kept).json()["success_count"] == 1


def test_what_was_removed_is_served_to_nobody_and_not_taken_in_again(kohsar, nilgar, shared):
    old, new = stix(number=1), stix(number=1, modified="2026-05-02T00:00:00.000Z")
    kohsar.post(shared, old, new)
    address = f"{objects_of(shared)}{old['id']}/"
    assert kohsar.delete(address, f"?match[version]={new['modified']}").status_code == 200
    assert nilgar.get(address).json()["objects"] == [old]
    assert "removed" in refusal(kohsar.post(shared, new))
    assert kohsar.delete(address).status_code == 200
    assert nilgar.get(address).status_code == 404
    assert kohsar.delete(address).status_code == 404
    assert nilgar.ids(shared) == []
    assert Stored.objects.count() == 2  # kept, so that it is known
    assert Entry.objects.filter(event="erasure", actor="partner:kohsar").count() == 2
    newest = stix(number=1, modified="2026-05-03T00:00:00.000Z")
    assert kohsar.post(shared, newest).json()["success_count"] == 1


def test_the_first_the_last_and_all_versions_are_removed(kohsar, shared):
    versions = [stix(number=1, modified=f"2026-05-0{n}T00:00:00.000Z") for n in range(1, 6)]
    kohsar.post(shared, *versions)
    address = f"{objects_of(shared)}{versions[0]['id']}/"

    def left() -> list[str]:
        return kohsar.get(f"{address}versions/").json()["versions"]

    kohsar.delete(address, "?match[version]=first")
    assert left() == [one["modified"] for one in versions[1:]]
    kohsar.delete(address, "?match[version]=last,2026-05-03T00:00:00.000Z")
    assert left() == ["2026-05-02T00:00:00.000Z", "2026-05-04T00:00:00.000Z"]
    kohsar.delete(address, "?match[version]=all")
    assert kohsar.get(f"{address}versions/").status_code == 404


def test_who_may_only_read_and_who_may_only_post(kohsar, nilgar, shared):
    from baham.measures.sharing.taxii.arrange import give_access
    from tests.support.people import actor

    give_access(actor(), shared, nilgar.partner, can_read=True)
    give_access(actor(), shared, kohsar.partner, can_write=True)
    assert nilgar.post(shared, stix(number=1)).status_code == 403
    assert kohsar.post(shared, stix(number=1)).status_code == 202
    assert kohsar.get(objects_of(shared)).status_code == 403
    assert kohsar.delete(f"{objects_of(shared)}{stix(number=1)['id']}/").status_code == 403
    assert nilgar.ids(shared) == [stix(number=1)["id"]]


def test_a_flood_is_stopped_and_told_when_to_go_on(db):
    slow = world.partner("slow", rate=10)
    shared = world.collection(slow)
    assert slow.post(shared, *(stix(number=n) for n in range(8))).status_code == 202
    answer = slow.post(shared, *(stix(number=n) for n in range(10, 18)))
    assert answer.status_code == 429
    assert 30 <= int(answer["Retry-After"]) <= 40
    assert Stored.objects.count() == 8
    assert Status.objects.count() == 1
    for _ in range(2):
        assert slow.send(objects_of(shared), b"x" * 5_000).status_code == 422
    assert slow.send(objects_of(shared), b"not an envelope").status_code == 429
    assert slow.get(objects_of(shared)).status_code == 429


@pytest.mark.parametrize("address", ["", "exchange/", "exchange/collections/", "{}", "{}manifest/", "{}objects/"])
def test_every_request_counts_and_beyond_the_rate_no_page_is_made(db, address, monkeypatch):
    from baham.measures.sharing.taxii import views

    slow = world.partner("slow", rate=1)
    shared = world.collection(slow)
    place = address.format(objects_of(shared).removesuffix("objects/"))
    made = []
    true = views.shelf_of
    monkeypatch.setattr(views, "shelf_of", lambda *given: made.append(given) or true(*given))
    assert [slow.get(place).status_code for _ in range(4)] == [200, 429, 429, 429]
    assert len(made) <= 1


def test_the_border_alone_takes_whatever_it_is_given(db):
    from hypothesis import given, settings
    from hypothesis import strategies as st

    words = st.sampled_from(
        [
            "id",
            "type",
            "spec_version",
            "created",
            "modified",
            "created_by_ref",
            "object_marking_refs",
            "granular_markings",
            "extensions",
            "objects",
        ]
    )
    values = st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=20)
        | st.sampled_from(["identity", "2.1", stix(number=1)["id"], "2026-05-01T00:00:00Z", "\ud800"]),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words | st.text(max_size=5), inner, max_size=6),
        max_leaves=12,
    )

    @given(
        st.lists(values | st.dictionaries(words, values, max_size=8).map(lambda d: {**stix(number=1), **d}), max_size=4)
    )
    @settings(max_examples=150)
    def sorted_out(objects):
        good, bad = border.sort_out(objects, (21,), moments.now())
        assert len(good) + len(bad) == len(objects)
        assert all(failure.why for failure in bad)
        assert all(json.loads(posted.raw)["id"] == posted.id for posted in good)

    sorted_out()


def test_bytes_of_any_kind_change_nothing_that_they_should_not(kohsar, shared):
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    whole = json.dumps({"objects": [stix(number=1)]}).encode()

    @given(
        st.binary(max_size=60)
        | st.integers(1, len(whole) - 1).map(lambda n: whole[:n])
        | st.tuples(st.integers(0, len(whole) - 1), st.binary(min_size=1, max_size=3)).map(
            lambda cut: whole[: cut[0]] + cut[1] + whole[cut[0] + len(cut[1]) :]
        )
    )
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def sent(body):
        before = Stored.objects.count()
        answer = kohsar.send(objects_of(shared), body)
        assert answer.status_code in (202, 400, 413, 422), answer.content
        stored = Stored.objects.count() - before
        new = [one for one in answer.json().get("successes", []) if "message" not in one]
        assert stored == (len(new) if answer.status_code == 202 else 0)

    sent()
    assert Collection.objects.count() == 1
    assert Marking.objects.count() <= 4
