"""The policy once more, from the words of docs/sharing.md, taxii.md, overlap.md and screening-service.md, and from
nothing that decides. It reads what was drawn (`policies.World`) and the bytes that were written."""

import hashlib
import uuid
from typing import TYPE_CHECKING, Any

from benchmarks.sharing.leaks.exits import Written, opened
from benchmarks.sharing.leaks.policies import SECRET, STAFF, World

if TYPE_CHECKING:
    from benchmarks.sharing.leaks.__main__ import Found

CLEAR, GREEN, AMBER, STRICT, RED = range(5)
_APART = ("victim", "witness", "contact")


def judge(world: World, what: Written, found: "Found") -> None:
    """Hold what was written against the policy."""
    text = opened(what.text)
    found.empty[what.exit] += not what.text
    found.leaks.update(f"{what.exit}: {word} of ours" for word in (STAFF, SECRET) if word in text)
    if what.kind == "stored":
        _posted(world, what, text, found)
        return
    if what.kind == "overlap":
        _keys(world, text, found)
        return
    free: set[int] = set()
    for sid, one in world.statements.items():
        if what.asked is not None and sid not in what.asked:
            continue
        found.checks += 1
        why, there = forbidden(world, sid, what), one.value in text
        if not why:
            free.add(one.entity_id)
        found.left[what.exit] += there
        found.kept[what.exit] += not why and not there
        if there and why:
            found.leaks[f"{what.exit}: {why}"] += 1
    if what.kind != "recall" and what.asked is None:
        _unknown(world, what, text, free, found)


def _unknown(world: World, what: Written, text: str, free: set[int], found: "Found") -> None:
    """Of a record of which nothing may leave, nothing leaves that it is known by: its key, the ids of what is said."""
    for sid, one in world.statements.items():
        if one.entity_id in free:
            continue
        known = f"{one.entity.dataset.name}:{one.entity.key}"
        if one.prop == "name" and (known in text or f'"{one.entity.key}"' in text):
            found.leaks[f"{what.exit}: the key of a record of which nothing may leave"] += 1
        if one.prop == "name" and _guessable(known) in text:
            found.leaks[f"{what.exit}: an id that anybody makes of the key of a record of which nothing may leave"] += 1
        if sid in text:
            found.leaks[f"{what.exit}: the id of a statement on a record of which nothing may leave"] += 1


def _guessable(known: str) -> str:
    from baham.formats.stix import NAMESPACE

    digest = hashlib.sha1(NAMESPACE.bytes + f"entity:{known}".encode(), usedforsecurity=False).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def forbidden(world: World, sid: str, what: Written) -> str:
    """Why a value should have stayed; empty where one of the purposes lets it go."""
    reasons = [_forbidden(world, sid, what, purpose) for purpose in what.purposes or ("",)]
    return "" if "" in reasons else reasons[0]


def _forbidden(world: World, sid: str, what: Written, purpose: str) -> str:
    one, agreement, partner = world.statements[sid], world.agreement, world.partner
    dataset, handling = one.entity.dataset, world.handling.get(sid, one.entity.dataset.handling)
    person = facts(world, one.entity_id)
    agreed = bool(agreement.approved_at) and agreement.begins <= world.now < agreement.ends
    trusted, standing = partner.trusted, agreed and agreement.standing
    signed = what.signed or (what.kind == "held" and sid in world.given_out)
    reach, limit, acts = partner.audience, agreement.tlp, agreement.pap
    fields, lists = agreement.fields, agreement.datasets
    known = {str(partner.party), *world.given}
    watched = agreement.watch_list or what.kind in ("screening", "public")
    purposes: Any = agreement.purposes
    if what.kind == "public":
        agreed = standing = trusted = True
        reach, limit, acts, fields, lists, known, purposes = CLEAR, CLEAR, 0, None, [], set(), [purpose]
    elif what.kind == "screening" and trusted and not (standing and agreed):
        # A program stands in the community where nothing else was agreed; what was signed still narrows it.
        if agreement.approved_at:
            reach, limit, acts = min(1, reach), min(GREEN, limit), min(1, acts)
        else:
            reach, limit, acts, fields, lists, purposes = 1, GREEN, 1, None, [], [purpose]
        agreed = standing = True
        known = {partner.organisation.name, str(partner.party)}  # by either a marking names this partner
    one_signature = what.kind == "recall"  # that of whoever recalls; what takes one may leave as a release by one too
    agrees = (signed or one_signature) and (one.entity_id, purpose) in world.agreed
    words = {"Kohsar CTD"} if agrees else set()
    if what.kind != "screening" and trusted and int(handling.tlp) >= STRICT and what.signed:
        reach = RED  # two people named this partner
    two = int(handling.tlp) >= STRICT or bool(person["protected"]) or not trusted
    rules = {
        "no agreement in force": not agreed,
        "purpose not agreed": purpose not in purposes,
        "its list is not in the agreement": bool(lists) and dataset.name not in lists,
        "no longer said": sid in world.ended,
        "it came from them": str(partner.party) in world.through.get(sid, ()) and what.kind != "public",
        "recalled": sid in world.recalled,
        "restricted": person["restricted"],
        "set apart": watched and bool(person["standings"] & {*_APART}),
        "protected": not trusted and (bool(person["protected"]) or bool(person["standings"] & {"victim", "witness"})),
        "shows the source": sid in world.shown or "source" in person["protected"],
        "expired": handling.expires is not None and handling.expires <= world.now,
        "does not reach them": int(handling.tlp) > reach,
        "beyond the agreement": int(handling.tlp) > limit,
        "releasable to others": handling.releasable_to is not None and not handling.releasable_to & known,
        "given for other purposes": handling.purposes is not None and purpose not in handling.purposes,
        "originator has not agreed": bool(handling.originators - words),
        "may not be acted on": int(handling.pap) > acts,
        "field not agreed": fields is not None and one.prop not in fields,
        "fields not named": fields is None and not trusted,
        "ungraded": int(handling.tlp) > CLEAR and not dataset.grade and sid not in world.graded,
        "not signed": not signed and what.kind != "keys" and (two or not (standing or one_signature)),
    }
    return ", ".join(why for why, holds in rules.items() if holds)


def facts(world: World, entity: int) -> dict[str, Any]:
    """What is held on a person: of all records that were judged to be that person, taken together."""
    several = world.cluster[entity]
    return {
        "standings": {world.standing[one] for one in several if one in world.standing},
        "protected": {word for one in several for word in world.protected.get(one, ())},
        "restricted": any(one in world.restricted for one in several),
    }


def _posted(world: World, what: Written, text: str, found: "Found") -> None:
    """Objects that another party posted."""
    agreement, partner = world.agreement, world.partner
    leaves = partner.trusted and agreement.standing and agreement.approved_at
    in_force = agreement.begins <= world.now < agreement.ends
    for name, one in world.objects.items():
        found.checks += 1
        tlp = {"TLP:CLEAR": CLEAR, "TLP:GREEN": GREEN, "TLP:AMBER": AMBER, "TLP:RED": RED}.get(one["tlp"], STRICT)
        rules = {
            "nothing leaves to them by itself": not (leaves and in_force),
            "waits for a person": one["moderated"],
            "takes two signatures": tlp >= STRICT,
            "does not reach them": tlp > partner.audience,
            "beyond the agreement": tlp > agreement.tlp,
        }
        why, there = ", ".join(why for why, holds in rules.items() if holds), name in text
        found.left[what.exit] += there
        found.kept[what.exit] += not why and not there
        if there and why:
            found.leaks[f"{what.exit}: {why}"] += 1


def _keys(world: World, text: str, found: "Found") -> None:
    """Keys of overlap checks: of a name and a year that both may leave, and of nobody who is set apart."""
    from baham.engines.overlap.keys import skeleton

    by: dict[int, dict[str, list[Any]]] = {}
    for one in world.statements.values():
        by.setdefault(one.entity_id, {}).setdefault(one.prop, []).append(one)
    what = Written("overlap keys", "", ("screening",), kind="keys")
    for entity, said in by.items():
        person = facts(world, entity)
        never = person["protected"] or person["restricted"] or person["standings"] & {*_APART}
        for name in [*said.get("name", ()), *said.get("alias", ())]:
            for born in said.get("birthDate", ()):
                found.checks += 2
                whys = [why for one in (name, born) if (why := forbidden(world, one.sid_hex, what))]
                there = f"n|{skeleton(name.value)}|{born.value[:4]}" in text
                allowed = not never and not whys
                found.left["overlap keys"] += there
                found.kept["overlap keys"] += allowed and not there
                if there and not allowed:
                    found.leaks[f"overlap keys: {'set apart' if never else whys[0]}"] += 1
    for one in world.statements.values():
        found.checks += 1
        if one.value in text:
            found.leaks["overlap keys: a value as it stands"] += 1
