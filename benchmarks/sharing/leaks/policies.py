"""One policy at random: what hangs on each statement and record, and what was agreed with the partner who receives."""

import csv
import random
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

LISTS = ("home-dept", "open-list", "quiet-desk")
PEOPLE = 4
"""Of each list."""
PARTY, OTHERS = "daryab", ("kohsar", "nilgar", "2b4f7a34-0000-4000-8000-000000000000")
LAW, WHY = "an invented law", "An invented reason that is long enough."
STAFF = "staffzarif"
"""Begins the name of everybody of ours; no exit has any."""
SECRET = "Wordofours"
"""Begins every reason of ours; no exit has any."""


@dataclass
class World:
    """What was drawn, as plain facts: the oracle reads these and nothing else."""

    partner: Any
    secret: str
    opens: str
    agreement: Any
    client_key: str
    now: datetime
    statements: dict[str, Any]
    handling: dict[str, Any] = field(default_factory=dict)
    graded: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    recalled: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    through: dict[str, set[str]] = field(default_factory=dict)
    standing: dict[int, str] = field(default_factory=dict)
    protected: dict[int, list[str]] = field(default_factory=dict)
    restricted: set[int] = field(default_factory=set)
    agreed: set[tuple[int, str]] = field(default_factory=set)
    cluster: dict[int, set[int]] = field(default_factory=dict)
    circles: set[str] = field(default_factory=set)
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    """Circles that the partner is in now."""
    given_out: set[str] = field(default_factory=set)
    """Statements that a signed release carried."""


def load(home: Path) -> None:
    """The lists. Each value stands once in all of them, so that it is known again wherever it is found."""
    from baham.platform.audit.services import Actor
    from baham.platform.ledger.load import load as load_list
    from baham.platform.screening import index

    number = count(1)
    for name in LISTS:
        path = home / f"{name}.csv"
        with path.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["id", "name", "alias", "birth_date", "id_number", "father_name", "notes"])
            for at in range(PEOPLE):
                n = next(number)
                rows.writerow(
                    [
                        f"key{name[0]}{at}x",
                        f"{word(n)} {word(n + 100)}",
                        f"{word(n + 200)} {word(n + 300)}",
                        f"{1940 + n}-03-{n + 10}",
                        f"61-{n:04}-{7 * n:06}",
                        f"{word(n + 400)} {word(n + 500)}",
                        f"notes{n:04}q",
                    ]
                )
        load_list(
            path,
            name,
            Actor(STAFF),
            about={"publisher": f"publisher of {name}", "tlp": 2, "pap": 1, "grade": "B2", "scheme": "admiralty-6x6"},
        )
    index.build()


def word(number: int) -> str:
    """A name that nobody bears and that is part of no other."""
    made = ""
    for _ in range(4):
        number, at = divmod(number, 12)
        made += "bdgklmnprstv"[at] + "aeiou"[at % 5]
    return f"Q{made}x"


def draw(chance: random.Random) -> World:
    """One policy."""
    from django.utils import timezone

    from baham.kernel.handling import PAP, TLP, Audience
    from baham.platform.audit.services import Actor
    from baham.platform.clients.services import add_client
    from baham.platform.ledger.models import Dataset, Entity, Statement
    from baham.platform.release.agreements import put_forward
    from baham.platform.release.models import Agreement
    from baham.platform.release.partners import add_key, add_partner

    now, by = timezone.now(), Actor(STAFF)
    # Half of the policies are loose as a whole, so that what keeps a value is what hangs on it alone.
    loose = chance.random() < 0.5
    trusted = chance.random() < (0.95 if loose else 0.7)
    for dataset in Dataset.objects.all():
        Dataset.objects.filter(pk=dataset.pk).update(
            tlp=chance.choice([0, 1, 2] if loose else [0, 1, 2, 2, 3, 4]),
            screened=True,
            pap=chance.choice([0, 1, 1, 2] if loose else [0, 1, 2, 3]),
            grade=chance.choice(["", "B2", "B2", "B2"]),
        )
    audiences = [Audience.NAMED] if loose else list(Audience)
    partner, secret = add_partner(
        by,
        PARTY,
        PARTY,
        "agency" if trusted else "liaison",
        trusted=trusted,
        reason=WHY,
        audience=chance.choice(audiences),
    )
    opens = _keys(by, partner, add_key)
    client, key = add_client(by, "checker", PARTY, purpose="screening", rate=100_000)
    type(partner).objects.filter(pk=partner.pk).update(organisation=client.organisation)
    partner.refresh_from_db()
    fields = None if loose else chance.choice([None, ["name", "birthDate"], ["name", "notes"], []])
    agreement = put_forward(
        by,
        partner,
        fields=fields if trusted else fields or ["name", "birthDate", "notes"],
        legal_basis=LAW,
        purposes=chance.sample(["screening", "analysis", "review"], 3 if loose else chance.randint(1, 3)),
        ends=now + timedelta(days=300),
        watch_list=chance.random() < 0.3,
        standing=trusted and chance.random() < 0.9,
        tlp=TLP.RED if loose else chance.choice([TLP.GREEN, TLP.AMBER, TLP.AMBER_STRICT, TLP.RED]),
        pap=PAP.RED if loose else chance.choice([PAP.CLEAR, PAP.GREEN, PAP.AMBER, PAP.RED]),
    )
    Agreement.objects.filter(pk=agreement.pk).update(
        datasets=chance.choice([[], [], [], ["home-dept"], ["home-dept", "open-list"]]),
        overlap_daily=64,
        begins=now + timedelta(days=3) if chance.random() < 0.07 else now - timedelta(days=3),
        overlap_share=1.0,
        **({"approved_by": "second", "approved_at": now} if chance.random() < 0.95 else {}),
    )
    statements = {one.sid_hex: one for one in Statement.objects.filter(until=None).select_related("entity__dataset")}
    world = World(partner, secret, opens, Agreement.objects.get(pk=agreement.pk), key.text, now, statements)
    _circles(chance, world, by)
    _on_statements(chance, world, 0.3 if loose else 0.6)
    _on_records(chance, world, list(Entity.objects.order_by("pk")), by)
    return world


def _keys(by: Any, partner: Any, add_key: Any) -> str:
    import base64

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from pyrage import x25519

    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    add_key(by, partner, "sign", base64.b64encode(public).decode())
    opens = x25519.Identity.generate()
    add_key(by, partner, "encrypt", str(opens.to_public()))
    return str(opens)


def _circles(chance: random.Random, world: World, by: Any) -> None:
    """A circle that we keep, with the partner in it or somebody else, in force or past its day."""
    from baham.platform.release import scopes
    from baham.platform.release.models import Scope
    from baham.platform.release.partners import add_partner

    other, _secret = add_partner(by, "otherparty", "otherparty", "agency", trusted=True, reason=WHY)
    for _ in range(2):
        inside = chance.random() < 0.5
        members = [other, world.partner] if inside else [other]
        item = scopes.put_forward(by, f"circle {chance.randrange(10**6)}", members, world.now + timedelta(days=9))
        scopes.decided(item, "sign", by, WHY)
        number = item.proposal["scope"]
        over = chance.random() < 0.2
        if over:
            Scope.objects.filter(uuid=number).update(until=world.now - timedelta(days=1))
        world.circles.add(number)
        if inside and not over:
            world.given.add(number)


def _on_statements(chance: random.Random, world: World, marked: float) -> None:
    from baham.kernel.handling import PAP, TLP, Handling
    from baham.platform.ledger.models import BasisGiven, CameThrough, GradeGiven, HandlingGiven, SourceShown, Statement

    names = (str(world.partner.party), *OTHERS, *sorted(world.circles))
    for number, (sid, statement) in enumerate(world.statements.items()):
        own = {"sid": sid, "at": world.now, "reason": f"{SECRET}{number}"}
        if chance.random() < marked:
            handling = Handling(
                chance.choice([TLP.CLEAR, TLP.GREEN, TLP.GREEN, TLP.AMBER, TLP.AMBER, TLP.AMBER_STRICT, TLP.RED]),
                chance.choice([PAP.CLEAR, PAP.GREEN, PAP.GREEN, PAP.AMBER, PAP.RED]),
                _some(chance, names),
                _some(chance, ("Kohsar CTD", "Nilgar CTD")) or frozenset(),
                _some(chance, ("screening", "analysis")),
                chance.choice([None, None, None, None, world.now - timedelta(hours=1), world.now + timedelta(days=1)]),
            )
            world.handling[sid] = handling
            HandlingGiven.objects.create(
                **own,
                by=f"{STAFF}marks",
                tlp=handling.tlp,
                pap=handling.pap,
                originators=sorted(handling.originators),
                releasable_to=None if handling.releasable_to is None else sorted(handling.releasable_to),
                purposes=None if handling.purposes is None else sorted(handling.purposes),
                expires=handling.expires,
            )
        if chance.random() < 0.5:
            GradeGiven.objects.create(
                **own, by=f"{STAFF}grades", scheme="admiralty-6x6", reliability="C", credibility="3"
            )
            world.graded.add(sid)
        if chance.random() < 0.2:
            BasisGiven.objects.create(
                **own, by=f"{STAFF}assesses", kind="assessment", on=world.now.date(), confidence="moderate"
            )
        if chance.random() < 0.05:
            SourceShown.objects.create(**own, by=f"{STAFF}shows")
            world.shown.add(sid)
        if chance.random() < 0.2:
            parties = [
                chance.choice([str(world.partner.party), str(uuid.UUID(int=chance.getrandbits(128)))])
                for _ in range(chance.randint(1, 2))
            ]
            hands = [
                {"party": one, "name": "somebody", "at": "2026-01-01T00:00:00Z", "signature": ""} for one in parties
            ]
            CameThrough.objects.create(**own, by=f"{STAFF}takes", hands=hands)
            world.through[sid] = set(parties)
        if chance.random() < 0.05:
            Statement.objects.filter(pk=statement.pk).update(until=statement.since + 1)
            world.ended.add(sid)


def _on_records(chance: random.Random, world: World, entities: list[Any], by: Any) -> None:
    from baham.kernel.standing import Protected, Standing
    from baham.platform.audit.services import Actor
    from baham.platform.ledger.resolve import judge
    from baham.platform.ledger.standing import give_standing, restrict
    from baham.platform.release.models import OriginatorWord, Recall
    from baham.platform.release.tombstones import set_stones

    world.cluster = {entity.pk: {entity.pk} for entity in entities}
    for _ in range(chance.randint(0, 4)):
        one, other = chance.sample(entities, 2)
        judge(one, other, "same", Actor(f"{STAFF}judges"), f"{SECRET} that they are one person.")
        joined = world.cluster[one.pk] | world.cluster[other.pk]
        world.cluster |= dict.fromkeys(joined, joined)
    for entity in entities:
        entity.refresh_from_db()
        if chance.random() < 0.25:
            standing, protected = chance.choice(list(Standing)), chance.sample(list(Protected), chance.randint(0, 1))
            give_standing(entity, standing, Actor(f"{STAFF}stands"), f"{SECRET} on a standing, long enough.", protected)
            world.standing[entity.pk], world.protected[entity.pk] = standing.value, [one.value for one in protected]
        if chance.random() < 0.08:
            restrict(entity, Actor(f"{STAFF}restricts"), f"{SECRET} on a restriction, long enough.")
            world.restricted.add(entity.pk)
        for purpose in ("analysis", "screening"):
            if chance.random() < 0.4:
                agrees = chance.random() < 0.7
                OriginatorWord.objects.create(
                    originator="Kohsar CTD",
                    entity=entity,
                    partner=world.partner,
                    at=world.now,
                    purpose=purpose,
                    asked_by=f"{STAFF}asks",
                    agrees=agrees,
                )
                if agrees:
                    world.agreed.add((entity.pk, purpose))
    world.recalled = {sid for sid in world.statements if chance.random() < 0.05}
    stones = Recall.objects.create(ground="error", why=WHY, made_by=f"{STAFF}recalls", deadline=world.now)
    set_stones(stones, world.recalled)


def _some(chance: random.Random, names: tuple[str, ...]) -> frozenset[str] | None:
    return frozenset(name for name in names if chance.random() < 0.5) if chance.random() < 0.2 else None
