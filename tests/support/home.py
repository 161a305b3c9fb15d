"""A whole installation on disk in which one invented person leaves a trace wherever a person can: for the tests of
erasure. Run in a process of its own: `python -m tests.support.home STAGE FOLDER`, with BAHAM_HOME set."""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

WHY = "An invented reason that is long enough to stand."
GONE = {
    "id": "unm-4711",
    "name": "Zmarghalay Unmistakan",
    "alias": "زمرغلے انمسٹاکن",
    "birth_date": "1951-11-23",
    "father_name": "Gulabistan Verfremdet",
    "nationality": "sv",
    "id_number": "77-8812-4431-9",
    "notes": "Mends lanterns in Quenchabad",
    "address": "Lane 93, Quenchabad Lampenhof",
}
STAYS = {
    "id": "stay-0815",
    "name": "Mirwais Khorvashan",
    "alias": "میرویس خوروشان",
    "birth_date": "1979-05-02",
    "father_name": "Torbazak Palwand",
    "nationality": "sv",
    "id_number": "61-0447-2215-3",
    "notes": "Sells kites in Nilgarabad",
    "address": "Lane 11, Nilgarabad Drachengasse",
}
BOTH = (GONE, STAYS)
LIST = "home-dept"


def rows(**more: str) -> list[dict[str, str]]:
    return [{**one, **more} for one in BOTH]


def file_of(folder: Path, name: str, people: list[dict[str, str]]) -> Path:
    from tests.support.lists import write

    return write(folder / name, people)


def users() -> dict[str, Any]:
    """People by their names, made the first time."""
    from baham.platform.accounts.models import User
    from baham.platform.accounts.roles import Role
    from tests.support.people import person

    roles = {
        "noor": Role.REVIEWER,
        "rustam": Role.REVIEWER,
        "baraan": Role.LIST_OFFICER,
        "lashvar": Role.ANALYST,
        "ulvand": Role.RELEASE_OFFICER,
        "auditor": Role.AUDITOR,
        "oversight": Role.OVERSIGHT,
    }
    return {name: User.objects.filter(username=name).first() or person(role, name) for name, role in roles.items()}


def browser(name: str, purpose: str = "") -> Any:
    from tests.support.people import signed_in

    made = signed_in(users()[name])
    if purpose:
        session = made.session
        session["purpose"] = {"code": purpose, "case": "R 7"}
        session.save()
    return made


def upload(page: Any, address: str, path: Path, **more: str) -> None:
    with path.open("rb") as file:
        answer = page.post(address, {"file": file, **more})
    assert answer.status_code == 302, answer.content.decode()[:2_000]


def bring(page: Any, path: Path, **more: str) -> None:
    """A file becomes the next version of a list: looked at, agreed on by a second person where it stops, in force."""
    from baham.platform.audit.services import Actor
    from baham.platform.ledger.models import Offered
    from baham.platform.review.models import Item
    from baham.platform.review.services import decide

    upload(page, "/sources/", path, **more)
    one = Offered.objects.latest("pk")
    address = f"/sources/offered/{one.pk}/"
    if not one.effect.get("why"):
        assert page.post(address, {"act": "load"}).status_code == 302
        return
    assert page.post(address, {"act": "ask", "reason": WHY}).status_code == 302
    decide(Item.objects.get(kind="version", outcome=""), users()["noor"], Actor("noor"), "force", WHY)


def matter(person: dict[str, str], entity: Any, choice: str) -> None:
    """A hit at a border post, decided by two people."""
    from baham.platform.audit.services import Actor
    from baham.platform.review.services import decide, propose

    asked = (
        {name: person[name] for name in ("name", "birth_date", "id_number")}
        if choice == "same"
        else {"name": "Zmarghal Anmishtakan"}
    )
    item = propose(
        "match",
        f"{asked['name']} at the gate",
        proposed_by=Actor("lashvar"),
        entity=entity,
        proposal={**asked, "verdict": "probable"},
        asker="Border post Torsang",
        evidence=[
            {
                "feature": "name",
                "direction": "for",
                "query": asked["name"],
                "listed": person["name"],
                "weight": 1,
                "code": "x",
                "text": person["alias"],
            }
        ],
    )
    for user in ("noor", "rustam")[: 2 if choice == "same" else 1]:
        decide(
            item, users()[user], Actor(user), choice, f"{person['name']}, son of {person['father_name']}: seen by me"
        )


def fill(folder: Path) -> None:
    """Leave a trace of both in every room."""
    from django.utils import timezone

    from baham.kernel.standing import Standing
    from baham.platform.audit.services import Actor
    from baham.platform.clients.services import add_client
    from baham.platform.ledger import annotate, expiry, resolve, standing
    from baham.platform.ledger.models import Dataset, Entity, Statement
    from baham.platform.release import agreements, releases
    from baham.platform.release.partners import add_partner
    from baham.platform.review.services import decide
    from tests.support.people import actor

    people = users()
    officer, analyst = browser("baraan"), browser("lashvar")
    bring(officer, file_of(folder, "one.csv", rows()), name=LIST, title="Home Department list", tlp="0")
    partner = add_partner(actor(), "daryab", "Daryab", "agency", trusted=True, reason=WHY)[0]
    Dataset.objects.update(tlp=0, grade="B2", scheme="admiralty-6x6")
    signed = agreements.put_forward(
        Actor("ulvand"),
        partner,
        purposes=["analysis", "screening"],
        fields=None,
        legal_basis="An invented act, s. 4",
        ends=timezone.now() + timedelta(days=9),
        standing=True,
    )
    decide(signed.matter, people["noor"], Actor("noor"), "sign", WHY)
    _client, key = add_client(actor(), "bank", "Daryab Commercial Bank")
    (folder / "key").write_text(key.text)
    for person in BOTH:
        entity = Entity.objects.get(dataset__name=LIST, key=person["id"])
        watch(folder, person, person["id"])
        value = Statement.objects.get(entity=entity, prop="name", value=person["name"])
        for page in (
            f"/entity/{entity.pk}/",
            f"/entity/{entity.pk}/statement/{value.sid_hex}/",
            "/search/?q=" + person["name"],
        ):
            assert analyst.get(page).status_code == 200, page
        about = f"{person['name']} of {person['address']} is meant here"
        annotate.grade(value, "A1", Actor("lashvar"), about)
        annotate.take_stance(value, "supports", Actor("lashvar"), about, person["notes"])
        standing.give_standing(entity, Standing.SUSPECT, Actor("lashvar"), about)
        expiry.extend(entity.dataset, Actor("baraan"), about, entity=entity)
        assert analyst.post("/screen/", {"name": person["name"], "id_number": person["id_number"]}).status_code == 200
        matter(person, entity, "same")
        matter(person, entity, "different")
        made = releases.put_forward(
            Actor("ulvand"),
            partner,
            [entity],
            purpose="analysis",
            case="DL 7",
            note=f"On {person['name']}, as you asked",
        )
        decide(made.matter, people["noor"], Actor("noor"), "send", about)
    left, right = Entity.objects.filter(dataset__name=LIST).order_by("pk")[:2]
    resolve.judge(left, right, "different", Actor("lashvar"), f"{GONE['name']} and {STAYS['name']} differ in all.")
    upload(
        analyst,
        "/screen/file/",
        file_of(
            folder,
            "asked.csv",
            [
                {"id": "q1", "name": GONE["name"], "birth_date": GONE["birth_date"]},
                {"id": "q2", "name": STAYS["name"], "birth_date": STAYS["birth_date"]},
            ],
        ),
    )
    # A new version of the list: who is watched raises an alert, which two people find to be so.
    bring(officer, file_of(folder, "two.csv", rows(nationality="pk")), name=LIST)
    confirm_alerts()
    assert browser("noor").get("/review/").status_code == 200


def watch(folder: Path, person: dict[str, str], reference: str) -> None:
    from django.test import Client

    key = (folder / "key").read_text()
    subject = {
        "reference": reference,
        "schema": "Person",
        "properties": {"name": [person["name"]], "birthDate": [person["birth_date"]]},
    }
    answer = Client().post(
        "/api/monitoring/subjects",
        {"subjects": [subject]},
        content_type="application/json",
        headers={"Authorization": f"ApiKey {key}"},
    )
    assert answer.status_code in (200, 201), answer.content


def confirm_alerts() -> None:
    from baham.platform.audit.services import Actor
    from baham.platform.clients.models import Alert
    from baham.platform.review.services import decide

    alerts = list(Alert.objects.filter(state="open"))
    assert {one.reference for one in alerts} >= {one["id"] for one in BOTH}
    for alert in alerts:
        for user in ("noor", "rustam"):
            decide(alert.matter, users()[user], Actor(user), "same", WHY)


def found_by(folder: Path) -> None:
    """Print who is found, and by which way."""
    from django.test import Client

    from baham.platform.clients.models import Alert
    from baham.platform.clients.sweeping import sweep

    analyst, key, told = browser("lashvar"), (folder / "key").read_text(), {}
    headers = {"Authorization": f"ApiKey {key}"}
    for person in BOTH:
        name = person["name"]
        page = analyst.post("/screen/", {"name": name, "id_number": person["id_number"]})
        body = {"queries": {"q": {"schema": "Person", "properties": {"name": [name]}}}}
        api = Client().post("/yente/match/default", body, content_type="application/json", headers=headers)
        searched = Client().get("/yente/search/default", {"q": name}, headers=headers)
        told[person["id"]] = {
            "page": bool(page.context["found"]),
            "yente match": bool(api.json()["responses"]["q"]["results"]),
            "yente search": bool(searched.json()["results"]),
            "search": any(
                one.caption == name
                for one in [
                    *(r for r in analyst.get("/search/", {"q": name}).context["results"]),
                    *analyst.get("/search/", {"q": name}).context["alike"],
                ]
            ),
        }
    versions = len(list(folder.glob("again-*.csv")))
    nationality = ("ir", "sv")[versions % 2]
    for person in BOTH:
        watch(folder, person, f"new {person['id']}")
    again = file_of(folder, f"again-{versions}.csv", rows(nationality=nationality))
    bring(browser("baraan"), again, name=LIST)
    sweep()
    told_of = set(Alert.objects.filter(state="open").values_list("reference", flat=True))
    for person in BOTH:
        told[person["id"]]["watch"] = f"new {person['id']}" in told_of
        gone = Client().delete(f"/api/monitoring/subjects/new {person['id']}", headers=headers)
        assert gone.status_code in (200, 204), gone.content
    sys.stdout.write(f"{json.dumps(told)}\n")


def sign(folder: Path) -> None:
    """Two people sign the erasure that waits, on its page."""
    from baham.platform.rights.models import Erasure

    one = Erasure.objects.get(state="proposed")
    for name in ("noor", "baraan"):
        page = browser(name, "redress").get(f"/rights/erasures/{one.pk}/")
        assert page.status_code == 200 and GONE["name"] in page.content.decode()
        answer = browser(name, "redress").post(f"/rights/erasures/{one.pk}/", {"choice": "erase", "reason": WHY})
        assert answer.status_code == 302, answer.content.decode()
    one.refresh_from_db()
    sys.stdout.write(f"{one.state}\n")


def let_go(folder: Path) -> None:
    """Every hold on the person is lifted."""
    from baham.platform.audit.services import Actor
    from baham.platform.review.models import Item
    from baham.platform.review.services import decide

    holds = list(Item.objects.filter(kind="release", outcome=""))
    for item in holds:
        decide(item, users()["noor"], Actor("noor"), "lifted", WHY)
    sys.stdout.write(f"{len(holds)}\n")


def after(folder: Path) -> None:
    """The pages stand when it is done, and the log shows who read the record before."""
    from baham.platform.audit.models import Entry
    from baham.platform.ledger.models import Entity
    from baham.platform.rights.models import Erasure

    one = Erasure.objects.get()
    gone = one.entity
    pages = [
        f"/rights/erasures/{one.pk}/",
        "/rights/erasures/",
        f"/entity/{gone.pk}/",
        "/review/?show=decided",
        f"/entity/{gone.pk}/erase/",
    ]
    pages += [f"/review/{pk}/" for pk in gone.matters.values_list("pk", flat=True)]
    for page in pages:
        answer = browser("noor", "redress").get(page)
        assert answer.status_code in (200, 302), (page, answer.status_code)
        assert GONE["name"] not in answer.content.decode(), page
    reads = Entry.objects.filter(subject=f"entity:{gone.pk}", act="read")
    log = browser("auditor").get("/audit/", {"subject": f"entity:{gone.pk}"}).content.decode()
    current = Entity.objects.get(pk=gone.pk).current
    told = {"reads": reads.count(), "shown": "lashvar" in log, "current": current, "state": one.state, "note": one.note}
    sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    from baham.platform.boot import boot

    boot()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    {"fill": fill, "found": found_by, "sign": sign, "let-go": let_go, "after": after}[sys.argv[1]](Path(sys.argv[2]))
