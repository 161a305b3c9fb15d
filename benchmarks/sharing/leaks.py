"""Random policies against every exit: statements that leave and should not have. `python -m benchmarks.sharing.leaks`

Each round draws markings, standings, restrictions, recalls and an agreement at random, and lets everything leave that
leaves, through each exit: signed release, feed, file, screening interface. What left is then held against the policy
written out again here, from the words of the rules and not from their code. One leak ends it with exit code 1.
"""

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

CHECKS = 100_000
WHY = "An invented reason that is long enough."
PARTY, OTHERS = "daryab", ("kohsar", "nilgar", "2b4f7a34-0000-4000-8000-000000000000")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--checks", type=int, default=CHECKS)
    wanted = asked.parse_args().checks
    with tempfile.TemporaryDirectory(prefix="baham-benchmark-") as home:
        os.environ.update(BAHAM_HOME=home, BAHAM_DATABASE_URL="", BAHAM_HOSTS="testserver")
        from baham.platform.boot import boot

        boot()
        return run(Path(home), wanted)


def run(home: Path, wanted: int) -> int:
    from benchmarks.sharing.recalls import load

    load(home, 64, "home-dept")
    chance, checks, rounds = random.Random(11), 0, 0
    left: Counter[str] = Counter()
    leaked: list[str] = []
    while checks < wanted:
        world = draw(chance)
        for name, sids in exits(world).items():
            checks += len(world["statements"])
            left[name] += len(sids)
            for sid in sids:
                if why := forbidden(world, sid, name):
                    leaked.append(f"{name}: {sid[:8]} left although: {why}")
        clear()
        rounds += 1
    print(f"{checks:,} statements judged in {rounds:,} random policies; left by exit: {dict(sorted(left.items()))}")
    print(f"leaks: {len(leaked)} of {checks:,}" + "".join(f"\n  {one}" for one in leaked[:20]))
    return 1 if leaked else 0


def draw(chance: random.Random) -> dict[str, Any]:
    """One policy: what hangs on each statement and entity, and what was agreed."""
    from django.utils import timezone

    from baham.kernel.handling import PAP, TLP, Audience, Handling
    from baham.kernel.standing import Protected, Standing
    from baham.platform.audit.services import Actor
    from baham.platform.ledger.models import Dataset, Entity, GradeGiven, HandlingGiven, SourceShown, Statement
    from baham.platform.ledger.standing import give_standing, restrict
    from baham.platform.release.agreements import put_forward
    from baham.platform.release.models import Agreement, OriginatorWord, Recall
    from baham.platform.release.partners import add_partner
    from baham.platform.release.tombstones import set_stones

    now, by = timezone.now(), Actor("benchmark")
    Dataset.objects.update(tlp=chance.randrange(5), pap=chance.randrange(4), grade=chance.choice(["", "B2", "B2"]),
                           scheme="admiralty-6x6")  # fmt: skip
    trusted = chance.random() < 0.7
    partner, _secret = add_partner(by, PARTY, PARTY, "agency" if trusted else "liaison", trusted=trusted, reason=WHY,
                                   audience=chance.choice(list(Audience)))  # fmt: skip
    fields = chance.choice([None, ["name"], ["name", "birthDate"], []]) if trusted else chance.choice([["name"], []])
    agreement = put_forward(
        by, partner, purposes=chance.sample(["screening", "analysis", "review"], chance.randint(1, 3)), fields=fields,
        legal_basis="an invented law", ends=now + timedelta(days=chance.choice([1, 300])), tlp=chance.choice(list(TLP)),
        pap=chance.choice(list(PAP)), watch_list=chance.random() < 0.3, standing=trusted and chance.random() < 0.8,
    )  # fmt: skip
    if chance.random() < 0.9:
        Agreement.objects.filter(pk=agreement.pk).update(approved_by="c", approved_at=now)
    statements = {one.sid_hex: one for one in Statement.objects.filter(until=None).select_related("entity__dataset")}
    world: dict[str, Any] = {"partner": partner, "agreement": Agreement.objects.get(pk=agreement.pk), "now": now,
                             "statements": statements, "handling": {}, "graded": set(), "shown": set(),
                             "recalled": set(), "standing": {}, "protected": {}, "restricted": set(),
                             "agreed": set()}  # fmt: skip
    for sid in statements:
        if chance.random() < 0.6:
            handling = Handling(
                chance.choice(list(TLP)), chance.choice(list(PAP)), _some(chance, (PARTY, *OTHERS)),
                _some(chance, ("Kohsar CTD", "Nilgar CTD")) or frozenset(), _some(chance, ("screening", "analysis")),
                chance.choice([None, None, now - timedelta(hours=1), now + timedelta(days=1)]),
            )  # fmt: skip
            world["handling"][sid] = handling
            HandlingGiven.objects.create(
                sid=sid, by="b", at=now, tlp=handling.tlp, pap=handling.pap, originators=sorted(handling.originators),
                releasable_to=None if handling.releasable_to is None else sorted(handling.releasable_to),
                purposes=None if handling.purposes is None else sorted(handling.purposes), expires=handling.expires,
            )  # fmt: skip
        if chance.random() < 0.5:
            GradeGiven.objects.create(sid=sid, by="b", at=now, scheme="admiralty-6x6", reliability="C", credibility="3")
            world["graded"].add(sid)
        if chance.random() < 0.05:
            SourceShown.objects.create(sid=sid, by="b", at=now)
            world["shown"].add(sid)
    for entity in Entity.objects.all():
        if chance.random() < 0.3:
            standing, protected = chance.choice(list(Standing)), chance.sample(list(Protected), chance.randint(0, 1))
            give_standing(entity, standing, by, WHY, protected)
            world["standing"][entity.pk], world["protected"][entity.pk] = standing.value, protected
        if chance.random() < 0.1:
            restrict(entity, by, WHY)
            world["restricted"].add(entity.pk)
        if chance.random() < 0.4:
            OriginatorWord.objects.create(originator="Kohsar CTD", entity=entity, partner=partner, purpose="analysis",
                                          asked_by="b", agrees=chance.random() < 0.7, at=now)  # fmt: skip
            if OriginatorWord.objects.latest("pk").agrees:
                world["agreed"].add(entity.pk)
    gone = [sid for sid in statements if chance.random() < 0.05]
    world["recalled"] = set(gone)
    set_stones(Recall.objects.create(ground="error", why=WHY, made_by="b", deadline=now), gone)
    return world


def _some(chance: random.Random, names: tuple[str, ...]) -> frozenset[str] | None:
    return frozenset(name for name in names if chance.random() < 0.5) if chance.random() < 0.3 else None


def exits(world: dict[str, Any]) -> dict[str, list[str]]:
    """What leaves through each exit."""
    from django.utils import timezone

    from baham.platform.audit.services import Actor
    from baham.platform.clients.models import Client
    from baham.platform.clients.yente.release import allowed_statements
    from baham.platform.ledger.models import Entity
    from baham.platform.release.export import _for_partner
    from baham.platform.release.feed import _portions
    from baham.platform.release.gateway import Gate
    from baham.platform.release.releases import preview

    partner, by = world["partner"], Actor("benchmark")
    _gate, signed = preview(partner, list(Entity.objects.order_by("pk")), "analysis")
    feed = [one for portion in _portions(Gate.open(partner, "screening", exit="sync")) for one in portion.leaves]
    file = _for_partner(by, partner, "screening", "statements", lambda done, total: None)
    said = list(world["statements"].values())
    client = Client(name="bank", organisation=partner.organisation, purpose="screening", rate=1, prefix="x",
                    expires_at=timezone.now())  # fmt: skip
    allowed = allowed_statements(client, said, {one.entity_id: one.entity for one in said})
    return {
        "release": [one.claim.id for one in signed.leaves], "feed": [one.claim.id for one in feed],
        "file": [claim.id for claim in file], "screening": [one.sid_hex for one in said if one.pk in allowed],
    }  # fmt: skip


def forbidden(world: dict[str, Any], sid: str, name: str) -> str:
    """Why a statement should have stayed, from the words of the policy; empty where nothing forbids it."""
    from baham.kernel.standing import Protected

    statement, agreement, partner = world["statements"][sid], world["agreement"], world["partner"]
    entity, dataset = statement.entity_id, statement.entity.dataset
    handling = world["handling"].get(sid, dataset.handling)
    signed, purpose = name == "release", "analysis" if name == "release" else "screening"
    community = name == "screening" and partner.trusted and not (agreement.approved_at and agreement.standing)
    reach, limit, acts = (1, 1, 1) if community else (partner.audience, agreement.tlp, agreement.pap)
    fields = None if community else agreement.fields
    trusted = community or partner.trusted
    standing, protected = world["standing"].get(entity, "unknown"), world["protected"].get(entity, [])
    strict = handling.tlp >= 3 or bool(protected) or not trusted
    agreed = {"Kohsar CTD"} if signed and entity in world["agreed"] else set()
    known = {str(partner.party), partner.name, partner.title}
    rules = {
        "no agreement": not community and not agreement.approved_at,
        "purpose not agreed": not community and purpose not in agreement.purposes,
        "purpose not given": handling.purposes is not None and purpose not in handling.purposes,
        "recalled": sid in world["recalled"],
        "restricted": entity in world["restricted"],
        "set apart": (agreement.watch_list or name == "screening") and standing in ("victim", "witness", "contact"),
        "protected": not trusted and (bool(protected) or standing in ("victim", "witness")),
        "shows the source": sid in world["shown"] or Protected.SOURCE in protected,
        "expired": handling.expires is not None and handling.expires <= world["now"],
        "does not reach": int(handling.tlp) > reach,
        "beyond the agreement": int(handling.tlp) > limit,
        "not to them": handling.releasable_to is not None and not handling.releasable_to & known,
        "originator": bool(handling.originators - agreed),
        "acts": int(handling.pap) > acts,
        "field": fields is not None and statement.prop not in fields,
        "ungraded": int(handling.tlp) > 0 and not dataset.grade and sid not in world["graded"],
        "not signed": not signed and (strict or not (community or agreement.standing)),
    }
    return ", ".join(why for why, holds in rules.items() if holds)


def clear() -> None:
    """Take away everything but the list."""
    from baham.platform.ledger import models as ledger
    from baham.platform.release import models as release
    from baham.platform.review.models import Item

    for model in (release.Tombstone, release.Recall, release.Holding, release.OriginatorWord, release.Agreement,
                  release.Partner, Item, ledger.StandingGiven, ledger.Restriction, ledger.SourceShown,
                  ledger.HandlingGiven, ledger.GradeGiven):  # fmt: skip
        model.objects.all().delete()


if __name__ == "__main__":
    sys.exit(main())
