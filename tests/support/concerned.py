"""An invented person of whom something is held in every place, put there by the services that people use."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.utils import timezone

from baham.kernel.handling import PAP, TLP, Audience, Handling
from baham.kernel.standing import Protected, Standing
from baham.measures.sharing import inbox, quarantine
from baham.measures.sharing.models import PreparedSet, Received
from baham.platform.accounts.models import Organisation, User
from baham.platform.accounts.roles import Role
from baham.platform.audit.services import Actor, consulted
from baham.platform.cases.models import Case, Step, Tell
from baham.platform.clients.models import Alert
from baham.platform.clients.monitoring import read_wanted, watch
from baham.platform.clients.services import add_client
from baham.platform.jobs.models import Job
from baham.platform.ledger import annotate, expiry, resolve, standing
from baham.platform.ledger.models import Dataset, Entity, SourceShown, Statement
from baham.platform.release import agreements, recalls
from baham.platform.release.models import OriginatorWord
from baham.platform.release.partners import add_partner
from baham.platform.release.releases import put_forward
from baham.platform.review import letters, passing
from baham.platform.review.models import Item
from baham.platform.review.services import decide, propose
from baham.platform.rights import erasure
from baham.platform.screening.work import results_of
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor, person

WHY = "An invented reason that is long enough."
ASKED = {"name": "Zarghun Talband", "birth_date": "1984", "id_number": "61-0447-2215"}
STRANGER = {"name": "Zarghon Talbend", "birth_date": "1999-04-02"}
SECRETS = ("Seen by the cook of the house", "The desk’s own observation", "What only Varand may pass on")
"""Values of the person that must not be told: of a source, marked RED, and under originator control."""
OTHERS = (
    "Spogmai Nilgari",
    "Zarghon Talbend",
    "1999-04-02",
    "CUST-77",
    "Palwasha Orband",
    "Noor",
    "noor",
    "Halim",
    "halim",
    "Varand Ministry",
    "Daryab",
)
"""What of other persons, officers and partners must not be told to the person."""


def world(folder: Path) -> Entity:
    """The invented list with k-1 on it, and every kind of thing about k-1; the second person is k-3."""
    rows = [
        {
            **PEOPLE[0],
            "notes": SECRETS[0],
            "phone": SECRETS[1],
            "position": SECRETS[2],
            "program": "P-12",
            "title": "Was mistaken for a trader",
        },
        *PEOPLE[1:],
    ]
    load_rows(folder, rows)
    Dataset.objects.update(tlp=int(TLP.AMBER), pap=int(PAP.GREEN), grade="B2", scheme="admiralty-6x6")
    mine = Entity.objects.get(key="k-1")
    office = Organisation.objects.create(
        name="Kohsar Provincial CTD", name_local="محکمہ کوہسار", audience=Audience.ORGANISATION
    )
    people = {name: person(role, name) for name, role in _STAFF.items()}
    User.objects.update(organisation=office)
    _marked(mine)
    _about(mine)
    _matters(mine, people)
    _given(mine, people)
    _case(mine)
    _clients(mine)
    _from_partners(mine)
    _told_and_led(mine)
    _file(mine, people["noor"])
    erasure.put_forward(actor("barvand"), mine, "not needed", "The listing ended two years ago; nobody contests it.")
    mine.refresh_from_db()
    consulted(Actor("noor", actor(purpose="review").purpose), f"entity:{mine.canonical_id}", str(mine))
    consulted(Actor("noor", actor(purpose="screening").purpose), "search", "talband", entities=[mine.pk])
    return mine


_STAFF = {"noor": Role.REVIEWER, "halim": Role.REVIEWER, "ulvand": Role.RELEASE_OFFICER, "barvand": Role.LIST_OFFICER}


def said(entity: Entity, prop: str) -> Statement:
    return Statement.objects.filter(entity=entity, prop=prop).order_by("pk").first()


def _marked(mine: Entity) -> None:
    SourceShown.objects.create(sid=said(mine, "notes").sid_hex, by="halim", at=timezone.now(), reason=WHY)
    annotate.handle(said(mine, "phone"), Handling(TLP.RED), actor("halim"), WHY)
    annotate.handle(
        said(mine, "position"), Handling(TLP.AMBER, originators=frozenset({"Varand Ministry"})), actor("halim"), WHY
    )
    annotate.grade(said(mine, "title"), "C3", actor("halim"), "Graded so because one other source says it.")
    annotate.assess(said(mine, "title"), date(2026, 3, 1), "moderate", actor("halim"), WHY)
    annotate.take_stance(said(mine, "title"), "contradicts", actor("halim"), "His shop was shut in that year.", "lease")


def _about(mine: Entity) -> None:
    standing.give_standing(
        mine, Standing.SUSPECT, actor("halim"), "Named in first report 12 of 2025.", [Protected.JOURNALIST]
    )
    restriction = standing.restrict(mine, actor("halim"), "He contests his birth date before the court.")
    standing.lift(restriction, actor("halim"), "The court has decided on his birth date.")
    expiry.extend(
        mine.dataset,
        actor("barvand"),
        "Extended since the case is before the court.",
        entity=mine,
        until=timezone.localdate() + timedelta(days=200),
    )
    resolve.judge(mine, Entity.objects.get(key="k-3"), "different", actor("halim"), "Spogmai Nilgari is his neighbour.")


def _matters(mine: Entity, people: dict[str, User]) -> None:
    evidence = [
        {
            "feature": "name",
            "direction": "for",
            "weight": "moderate",
            "query": STRANGER["name"],
            "listed": mine.caption,
            "code": "",
            "text": "",
            "alignment": [],
        }
    ]
    stranger = propose(
        "match",
        "",
        proposed_by=actor("barvand"),
        proposal=STRANGER,
        evidence=evidence,
        entity=mine,
        asker="Rudabar Bank",
    )
    passing.pass_on(stranger, people["barvand"], Actor("barvand"), f"role:{Role.REVIEWER.value}", WHY)
    decide(stranger, people["noor"], Actor("noor"), "different", "Palwasha Orband vouched for the traveller here.")
    letters.make_out(Item.objects.get(pk=stranger.pk), people["noor"], Actor("noor"), "en")
    own = propose(
        "match", "", proposed_by=actor("barvand"), proposal=ASKED, evidence=[], entity=mine, asker="Border post Torsang"
    )
    for name in ("noor", "halim"):
        decide(own, people[name], Actor(name), "same", "His identity card and his brother both say so.")
    propose(
        "match",
        "",
        proposed_by=actor("barvand"),
        proposal={**ASKED, "address": "Rudabar, open matter"},
        evidence=[],
        entity=mine,
    )
    other = propose(
        "match",
        "",
        proposed_by=actor("barvand"),
        proposal={"name": ASKED["name"], "birth_date": "1984", "nationality": "sv"},
        evidence=[],
        entity=Entity.objects.get(key="k-3"),
        asker="Lower court Nilgar",
    )
    decide(other, people["noor"], Actor("noor"), "different", "He is not Spogmai Nilgari, who is a woman.")


def _given(mine: Entity, people: dict[str, User]) -> None:
    partner = add_partner(actor(), "daryab", "Daryab", "agency", reason=WHY, trusted=True)[0]
    made = agreements.put_forward(
        Actor("ulvand"),
        partner,
        purposes=["analysis"],
        fields=None,
        legal_basis="Public Safety Act 2009, s. 40",
        ends=timezone.now() + timedelta(days=90),
    )
    decide(made.matter, people["noor"], Actor("noor"), "sign", WHY)
    release = put_forward(
        Actor("ulvand"), partner, [mine], purpose="analysis", case="question of 4 November", note="For Palwasha Orband"
    )
    decide(release.matter, people["noor"], Actor("noor"), "send", WHY)
    recalls.recall(
        actor("ulvand"), {said(mine, "program").sid_hex: mine.pk}, "error", "The programme was another one’s."
    )
    OriginatorWord.objects.create(
        originator="Varand Ministry",
        entity=mine,
        partner=partner,
        purpose="analysis",
        asked_by="ulvand",
        reason="Varand Ministry wants it back.",
        agrees=False,
        at=timezone.now(),
    )


def _case(mine: Entity) -> None:
    case = Case.objects.create(
        workflow="lantern",
        version=1,
        state="open",
        revision=1,
        title="A case on Zarghun Talband",
        given={"record": mine.pk, "subject": "Zarghun Talband, 61-0447-2215"},
        opened_by="noor",
    )
    step = Step.objects.create(
        case=case, revision=1, move="open", to="open", version=1, by="noor", reason="Zarghun Talband asked for it."
    )
    Tell.objects.create(
        step=step, kind="keeper", party="Zarghun Talband", letter={"given": {"subject": "Zarghun Talband"}}
    )


def _clients(mine: Entity) -> None:
    client = add_client(actor(), "rudabar", "Rudabar Bank", reason=WHY)[0]
    for reference, props in (
        ("CUST-12", {"name": ["Zarghun Talband"], "birthDate": ["1984"]}),
        ("CUST-77", {"name": [STRANGER["name"]], "birthDate": [STRANGER["birth_date"]]}),
    ):
        wanted = read_wanted(client, {"reference": reference, "schema": "Person", "properties": props})
        watched = watch(client, [wanted])[reference]
        Alert.objects.create(
            client=client,
            watched=watched,
            reference=reference,
            entity=mine,
            entity_key=mine.key,
            digest=reference,
            number=watched.pk,
        )


def _from_partners(mine: Entity) -> None:
    from tests.measures.sharing.conftest import Other, claim, known

    other, varand = Other(), add_partner(actor(), "varand", "Varand", "liaison", reason=WHY)[0]
    known(other, varand)
    inbox.hear(
        varand,
        other.releases(
            claim("Zarghun of the ferry", "alias", "k-1"),
            claim("Rudabar quay", "address", "k-1"),
            claim("Palwasha Orband", "name", "v-9"),
        ),
    )
    quarantine.accept(actor("noor"), list(Received.objects.filter(claim__contains="quay")), "D4", WHY)
    theirs = Entity.objects.get(dataset__name="from-varand")
    resolve.judge(mine, theirs, "same", actor("halim"), "The key and the quay are those of his own record.")
    from tests.measures.sharing.taxii import world as taxii

    knocker = taxii.partner("nilgar")
    shelf = taxii.collection(knocker)
    about = taxii.stix("identity", 1, name="Z. T.", description="Carries 61-0447-2215", roles=["61-0447-2215"])
    posted = knocker.post(shelf, about, taxii.stix("identity", 2, name="Palwasha Orband"))
    assert posted.status_code == 202, posted.content


def _told_and_led(mine: Entity) -> None:
    from baham.engines.overlap.keys import Document, Person
    from baham.engines.overlap.session import Hit
    from baham.measures.sharing.overlap import leads
    from baham.measures.sharing.overlap.asking import Outcome, Subject
    from baham.measures.sharing.taxii.models import Collection, Root, Told
    from baham.platform.release.models import Partner

    varand = Partner.objects.get(name="varand")
    about = [Subject("CUST-79", Person([ASKED["name"]], [ASKED["birth_date"]], [Document(ASKED["id_number"])]))]
    leads.keep(
        actor("ulvand"), varand, Outcome([Hit("CUST-79", "name and year of birth")], commitments=["ab" * 32]), about
    )
    _kept_for_an_auditor()
    handed_over = PreparedSet.objects.create(
        partner=varand, purpose="screening", case="C-9", mode="keys", by="ulvand", seen=0
    )
    handed_over.keys.create(digest=1, entity=mine.pk)
    shelf = Collection.objects.create(
        root=Root.objects.create(slug="ledger", title="Ledger"), title="All", shelf="ledger"
    )
    Told.objects.create(
        collection=shelf, partner=varand, entity=mine, stix_id=f"identity--{uuid4()}", digest=b"", shell="{}"
    )


def _kept_for_an_auditor() -> None:
    """A request of an overlap check with the keys of the person, of a namesake and of somebody else."""
    from baham.engines.overlap import keys
    from baham.engines.overlap.commitment import Place, case_digest
    from baham.engines.overlap.session import Request
    from baham.kernel.log import root
    from baham.measures.sharing.overlap import audits
    from baham.measures.sharing.overlap.folder import folder

    asked = [
        keys.Person([ASKED["name"]], ["1984"], [keys.Document(ASKED["id_number"], "national-id", "pk")]),
        keys.Person([ASKED["name"]], ["1999"]),
        keys.Person(["Palwasha Orband"], ["1984"]),
    ]
    places = [
        Place(bytes([n]) * 16, key, "C-9", b"\1" * 32)
        for n, key in enumerate(key for one in asked for key in keys.asked(one))
    ]
    request = Request(
        "ours",
        "varand",
        "epoch",
        "2026-11-01T00:00:00Z",
        bytes(16),
        "screening",
        case_digest(bytes(16), "C-9"),
        root([one.leaf for one in places]),
        "keys",
        b"",
    )
    audits.keep(folder(), "varand", request, places, bytes(16))


def _file(mine: Entity, user: User) -> None:
    job = Job.objects.create(kind="screen", title="staff of the mill.csv", owner=user.username, state="done")
    rows = [
        {
            "id": "CUST-77",
            "name": STRANGER["name"],
            "hits": [{"entity": "k-1", "dataset": "home-dept", "verdict": "possible"}],
        },
        {"id": "CUST-78", "name": "Palwasha Orband", "hits": []},
    ]
    results_of(job)[0].write_text("".join(json.dumps(row) + "\n" for row in rows) + '{"id": "still being wri')


def values(told: Any) -> set[str]:
    """Every text in a structure."""
    if isinstance(told, dict):
        return set().union(*(values(one) for one in told.values())) if told else set()
    if isinstance(told, list):
        return set().union(*(values(one) for one in told)) if told else set()
    return {told} if isinstance(told, str) else set()
