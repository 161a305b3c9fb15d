"""What `people.py` draws: keepers, markings, standings, matters, readers, and the address of every page."""

import csv
import random
import uuid
from collections.abc import Mapping
from datetime import timedelta
from itertools import count, product
from pathlib import Path
from typing import Any

from benchmarks.sharing.leaks.people import PLACES, Reader, World
from benchmarks.sharing.leaks.policies import LAW, LISTS, PEOPLE, STAFF, WHY, word

_ROLES = ("list_officer", "analyst", "reviewer", "release_officer", "oversight", "auditor", "administrator")
_NOT_PAGES = frozenset(
    {
        "exchange_deliver",
        "exchange_head",
        "exchange_messages",
        "exchange_witness",
        "monitoring",
        "taxii",
        "yente",
        "healthz",
    }
)
"""Doors for programs; `exits.py` has them."""
_NUMBER = count(1)
_ROWS = 20
"""Of a record, each with an alias, a number and a note."""


def load(home: Path) -> None:
    """The lists: records with many values, each of which stands once in all of them and is part of no other."""
    from baham.platform.audit.services import Actor
    from baham.platform.cases.registry import WORKFLOWS
    from baham.platform.ledger.load import load as load_list
    from baham.platform.screening import index

    if not any(one.code == "looked-into" for one in WORKFLOWS):
        WORKFLOWS.append(_workflow())
    number = count(1)
    for name in LISTS:
        path = home / f"{name}-people.csv"
        with path.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["id", "name", "alias", "id_number", "notes"])
            for at, row in product(range(PEOPLE), range(_ROWS)):
                n = next(number)
                named = f"{word(n)} {word(n + 400)}" if row == 0 else ""
                rows.writerow(
                    [
                        f"key{name[0]}{at}x",
                        named,
                        f"{word(n + 800)} {word(n + 1200)}",
                        f"61-{n:04}-{7 * n:06}",
                        f"notes{n:04}q",
                    ]
                )
        load_list(
            path,
            name,
            Actor(STAFF),
            about={"publisher": f"publisher of {name}", "grade": "B2", "scheme": "admiralty-6x6"},
        )
    index.build()


def _workflow() -> Any:
    """A kind of case that names a record, which whoever reads the case may know of or not."""
    from baham.platform.cases.workflow import End, Field, Kind, Move, State, Workflow

    return Workflow(
        "looked-into",
        "Looked into",
        1,
        states=[State("open", "Open", edits=("record",)), End("done", "Done")],
        moves=[Move("close", "Close", "open", "done", act="review.decide")],
        open_act="review.see",
        see_act="review.see",
        fields=[Field("record", "Record", Kind.RECORD)],
    )


def draw(chance: random.Random, readers: int) -> World:
    """One world with its readers."""
    from django.utils import timezone

    from baham.platform.accounts.models import Organisation
    from baham.platform.ledger.models import Dataset, Entity, Statement

    now = timezone.now()
    places = {
        name: Organisation.objects.get_or_create(name=name, defaults={"audience": near})[0] for name, near in PLACES
    }
    Organisation.objects.filter(name__in=places).update(audience=1)
    for name, near in PLACES:
        Organisation.objects.filter(name=name).update(audience=near)
    for dataset in Dataset.objects.all():
        dataset.tlp = chance.choice([0, 0, 1, 1, 2, 2, 3, 4])
        dataset.keeper = places.get(chance.choice(["", "Desk of Kohsar", "Desk of Kohsar", "Bank of Daryab"]))
        dataset.save()
    statements = {one.sid_hex: one for one in Statement.objects.filter(until=None).select_related("entity__dataset")}
    world = World(now, statements)
    for dataset in Dataset.objects.select_related("keeper"):
        world.keepers[dataset.pk] = dataset.keeper.name if dataset.keeper else ""
        world.tlps[dataset.pk] = dataset.tlp
    _circles(chance, world)
    _marks(chance, world)
    _records(chance, world, list(Entity.objects.select_related("dataset").order_by("pk")))
    world.readers = [_reader(chance, places) for _ in range(readers)]
    world.pages = _pages(chance, world)
    return world


def _circles(chance: random.Random, world: World) -> None:
    """Two places are partners; of two circles each holds one of them, both, or another party; one may have lapsed."""
    from django.utils import timezone

    from baham.platform.audit.services import Actor
    from baham.platform.release import scopes
    from baham.platform.release.models import Partner, Scope
    from baham.platform.release.partners import add_partner

    by = Actor(STAFF)
    titles = {"bank": "Bank of Daryab", "forum": "Forum of Nilkot", "strangers": "Strangers"}
    partners = {title: add_partner(by, name, title, "agency", reason=WHY)[0] for name, title in titles.items()}
    ended = chance.choice([None, None, *list(titles.values())[:2]])
    for number in range(2):
        members = chance.sample(sorted(partners), chance.randint(1, 2))
        item = scopes.put_forward(by, f"Circle {number}", [partners[one] for one in members], world.now + timedelta(9))
        scopes.decided(item, "sign", Actor("second"), WHY)
        uuid_of = item.proposal["scope"]
        lapsed = chance.random() < 0.2
        if lapsed:
            Scope.objects.filter(uuid=uuid_of).update(until=timezone.now() - timedelta(1))
        world.circles[uuid_of] = frozenset() if lapsed else frozenset(members) - {ended}
    for title, partner in partners.items():
        world.circles[str(partner.party)] = frozenset({title} - {ended})
    if ended:
        Partner.objects.filter(title=ended).update(ended_at=world.now)


def _marks(chance: random.Random, world: World) -> None:
    from baham.platform.ledger.models import HandlingGiven, SourceShown

    names = [*(name for name, _near in PLACES), *sorted(world.circles)]
    for sid in sorted(world.statements):
        if chance.random() < 0.35:
            mark = {
                "tlp": chance.choice([0, 1, 1, 2, 2, 3, 4]),
                "pap": chance.randint(0, 3),
                "releasable_to": chance.choice([None, None, None, chance.sample(names, 2)]),
                "originators": chance.choice([[], [], [], [chance.choice(names)], ["somebody else"]]),
                "purposes": chance.choice([None, None, None, ["analysis", "review"], ["screening"]]),
                "expires": chance.choice([None, None, None, world.now - timedelta(1), world.now + timedelta(9)]),
            }
            HandlingGiven.objects.create(sid=sid, by=STAFF, reason=WHY, at=world.now, **mark)
            world.marks[sid] = mark
        if chance.random() < 0.03:
            SourceShown.objects.create(sid=sid, by=STAFF, reason=WHY, at=world.now)
            world.shown.add(sid)


def _records(chance: random.Random, world: World, entities: list[Any]) -> None:
    from baham.kernel.standing import Protected, Standing
    from baham.platform.audit.services import Actor
    from baham.platform.ledger.models import Entity
    from baham.platform.ledger.resolve import judge
    from baham.platform.ledger.standing import give_standing, restrict
    from baham.platform.review.services import propose

    by = Actor(STAFF)
    for one in entities:
        drawn = chance.random()
        if drawn < 0.12:
            given = chance.choice([Standing.VICTIM, Standing.SUSPECT, Standing.CONTACT])
            guarded = [Protected.MINOR] if chance.random() < 0.5 else []
            give_standing(one, given, by, WHY, guarded)
            world.standing[one.pk] = given.value
            if guarded:
                world.protected.add(one.pk)
        elif drawn < 0.2:
            restrict(one, by, WHY)
            world.restricted.add(one.pk)
    for _ in range(2):
        left, right = chance.sample(entities, 2)
        if left.dataset_id != right.dataset_id:
            judge(left, right, "same", by, WHY)
    canonical = dict(Entity.objects.values_list("pk", "canonical_id"))
    world.cluster = {pk: {other for other, of in canonical.items() if of == own} for pk, own in canonical.items()}
    for one in chance.sample(entities, 4):
        words, asker = f"Question{next(_NUMBER):05}q", chance.choice([name for name, _near in PLACES])
        said = [value for value in world.statements.values() if value.entity_id == one.pk]
        evidence = [
            {
                "feature": "name",
                "direction": "for",
                "weight": "weak",
                "query": "Zq",
                "listed": value.value,
                "code": "",
                "text": "",
                "alignment": [],
            }
            for value in said
        ]
        item = propose(
            "match",
            words,
            proposed_by=Actor("somebody"),
            proposal={"name": "Somebody asked"},
            evidence=evidence,
            entity=one,
            asker=asker,
        )
        world.titles[words] = (item, asker, "somebody")


def _reader(chance: random.Random, places: Mapping[str, Any]) -> Reader:
    from django.test import Client

    from baham.platform.accounts.models import RoleGrant, User

    number, place = next(_NUMBER), chance.choice(PLACES)
    clearance = chance.choice([0, 1, 2, 3, 3, 3, 4])
    user = User.objects.create(
        username=f"reader{number}", full_name=f"Reader {number}", organisation=places[place[0]], clearance=clearance
    )
    user.organisation.refresh_from_db()
    RoleGrant.objects.create(user=user, role=chance.choice(_ROLES), granted_by="draw")
    browser = Client()
    browser.force_login(user)
    purpose, case = chance.choice([kind.code for kind in user.purposes] or [""]), f"case{number:05}q"
    if purpose:
        session = browser.session
        session["purpose"] = {"code": purpose, "case": case}
        session.save()
    return Reader(browser, user, place[0], place[1], clearance, purpose, case)


def _pages(chance: random.Random, world: World) -> dict[str, list[str]]:
    """The addresses of every page by its name. Raises KeyError for one that nobody here knows how to open."""
    from django.urls import get_resolver, reverse
    from django.urls.resolvers import URLPattern

    from baham.platform.ledger.models import Version
    from baham.platform.review.models import Item

    pks = sorted({one.entity_id for one in world.statements.values()})
    several = chance.sample(pks, 5)
    made = _made(chance, world)
    items = list(Item.objects.order_by("-pk").values_list("pk", flat=True)[:9])
    versions = list(Version.objects.select_related("dataset"))
    arguments: dict[str, list[list[Any]]] = {
        "entity": [[pk] for pk in pks],
        "chain": [[one.entity_id, sid] for sid, one in chance.sample(sorted(world.statements.items()), 8)],
        "source": [[one.dataset.name] for one in versions],
        "version": [[one.dataset.name, one.number] for one in versions],
        "matter": [[pk] for pk in items],
        "job": [[uuid.UUID(int=1)]],
        "release": [[made["release"]]],
        "partner": [["daryab"]],
        "inbox": [["daryab"]],
        "recall": [[1]],
        "lead": [[1]],
        "letter_shown": [[1]],
        "access_request": [[made["request"]]],
        "examination": [[made["examination"]]],
        "erasure": [[made["erasure"]]],
        "offered": [[made["offered"]]],
        "case": [[made["case"]]],
        "case_begin": [["looked-into"]],
        "case_letter": [[1]],
        "screen_results": [[uuid.UUID(int=1)]],
        "screen_download": [[uuid.UUID(int=1)]],
    }
    arguments |= {
        name: [[pk] for pk in several]
        for name in ("release_propose", "take_back", "standing", "originators", "erase", "restriction")
    }
    posted = {
        "partner_trust",
        "case_write",
        "case_move",
        "case_hand_over",
        "judge",
        "retract",
        "screen_file",
        "propose",
        "withdraw_clearing",
        "letter",
        "job_stop",
        "client_renew",
        "client_revoke",
        "audit_verify",
        "access_answer",
        "examination_letter",
    }
    queries = {
        "originators": ["?partner=daryab&purpose=analysis"],
        "entity": ["", "?on=2999-01-01"],
        "release_propose": ["", "?partner=daryab&purpose=analysis&case=1"],
        "review": ["", "?show=decided"],
        "version": ["", "?kind=added"],
    }
    found: dict[str, list[str]] = {}

    def walk(patterns: list[Any]) -> None:
        for pattern in patterns:
            if not isinstance(pattern, URLPattern):
                walk(pattern.url_patterns)
            elif pattern.lookup_str.startswith("baham.") and pattern.name not in _NOT_PAGES | posted:
                if pattern.pattern.converters:
                    places = [reverse(pattern.name, args=given) for given in arguments[pattern.name]]
                else:
                    places = [reverse(pattern.name)]
                found[pattern.name] = [place + query for place in places for query in queries.get(pattern.name, [""])]

    walk(get_resolver().url_patterns)
    return found


def _made(chance: random.Random, world: World) -> dict[str, int]:
    """A release, a request with its examination and an erasure that wait, each about a record."""
    from baham.kernel.handling import PAP, TLP, Audience
    from baham.platform.audit.services import Actor
    from baham.platform.cases.models import Case
    from baham.platform.ledger.models import Entity, Offered
    from baham.platform.release.agreements import put_forward
    from baham.platform.release.models import Agreement
    from baham.platform.release.partners import CannotChange, add_partner
    from baham.platform.release.releases import put_forward as propose_release
    from baham.platform.rights import erasure, oversight, requests

    by, entities = Actor(STAFF), list(Entity.objects.select_related("dataset").order_by("pk"))
    case = Case.objects.create(
        workflow="looked-into",
        version=1,
        state="open",
        title="case",
        given={"record": chance.choice(entities).pk},
        opened_by=STAFF,
        owner=None,
    )
    partner, _secret = add_partner(by, "daryab", "Daryab", "agency", trusted=True, reason=WHY, audience=Audience.NAMED)
    agreement = put_forward(
        by,
        partner,
        fields=None,
        legal_basis=LAW,
        purposes=["analysis"],
        standing=True,
        ends=world.now + timedelta(days=300),
        tlp=TLP.RED,
        pap=PAP.RED,
    )
    Agreement.objects.filter(pk=agreement.pk).update(approved_by="second", approved_at=world.now)
    release = 0
    for one in chance.sample(entities, len(entities)):
        try:
            release = propose_release(by, partner, [one], purpose="analysis", case="case", note="note").pk
            break
        except CannotChange:
            continue
    pk = chance.choice(entities).pk
    asked = requests.ask(
        by,
        entities=[pk],
        asked={"name": "Somebody"},
        verified="passport seen",
        received_on=(world.now - timedelta(days=300)).date(),
    )
    examined = oversight.bring(asked, by)
    gone = erasure.put_forward(by, chance.choice(entities), "order", "A court ordered it; the order is on file.")
    pks = [one.pk for one in chance.sample(entities, 6)]
    offered = Offered.objects.create(
        dataset_name=chance.choice(LISTS),
        path="/nowhere/file.csv",
        file_name="file.csv",
        by=STAFF,
        effect={"ending": pks[:3], "changing": pks[3:], "silenced": 3, "changed": 3, "why": ["ending"]},
    )
    return {
        "case": case.pk,
        "offered": offered.pk,
        "release": release or 1,
        "request": asked.pk,
        "examination": examined.pk,
        "erasure": gone.pk,
    }
