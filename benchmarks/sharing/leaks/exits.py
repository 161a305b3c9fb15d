"""What is written at each exit: the bytes, as whoever receives them has them, and under which rules they went out."""

import base64
import json
import random
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.sharing.leaks.policies import STAFF, WHY, World

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
TLP_MARKS = {
    "TLP:CLEAR": "94868c89-83c2-464b-929b-a1a8aa3c8487",
    "TLP:GREEN": "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "TLP:AMBER": "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "TLP:AMBER+STRICT": "939a9414-2ddd-4d32-a0cd-375ea402b003",
    "TLP:RED": "e828b379-4e03-4974-9ac4-e53a884c97c1",
}


@dataclass
class Written:
    """What was written at one exit. `purposes` are those of which one has to allow a value; `signed`, that two people
    signed it; `kind`, under which rules it went out (`oracle.RULES`); `asked`, the statements that were asked
    about, where that is not all."""

    exit: str
    text: str
    purposes: tuple[str, ...] = ("screening",)
    signed: bool = False
    kind: str = "partner"
    asked: frozenset[str] | None = None


def written(world: World, home: Path, chance: random.Random) -> Iterator[Written]:
    """Every exit of the list of exits, one after the other; each with what the partner holds by then."""
    yield from _screening(world)
    yield _searched(world, chance)
    yield from _taxii_ledger(world)
    yield from _taxii_stored(world, chance)
    yield _posted_again(world, chance)
    yield _overlap(world, home)
    yield from _files(world, home, chance.choice(["stix", "misp", "ftm", "statements"]), None)
    for form in ("stix", "misp", "ftm", "statements"):
        yield from _files(world, home, form, world.partner)
    _forget(world)
    yield from _feed_and_pack(world, home)
    _forget(world)
    yield from _release(world, home, chance)
    yield from _recall(world, chance)


def opened(text: str, depth: int = 2) -> str:
    """A text with all that is in base64 inside it beside it, as far down as messages are wrapped."""
    if not depth:
        return text
    inside = []
    for one in _BASE64.findall(text):
        padded, other = one + "=" * (-len(one) % 4), b"-_" if set("-_") & set(one) else None
        with suppress(ValueError):
            inside.append(base64.b64decode(padded, altchars=other).decode())
    return "\n".join([text, *(opened(one, depth - 1) for one in inside)])


def _forget(world: World) -> None:
    """As if nothing had been given yet."""
    from baham.platform.release.models import Channel, Holding, Message

    for model in (Holding, Message, Channel):
        model._default_manager.filter(partner=world.partner).delete()


def _screening(world: World) -> Iterator[Written]:
    from django.test import Client as Browser

    browser, headers = Browser(), {"Authorization": f"ApiKey {world.client_key}"}
    said: list[str] = []
    ids = sorted({(one.entity.dataset.name, one.entity.key) for one in world.statements.values()})
    for dataset, key in ids:
        for address in (
            f"entities/{dataset}:{key}",
            f"statements?canonical_id={dataset}:{key}",
            f"entities/{dataset}:{key}/adjacent",
        ):
            answer = browser.get(f"/yente/{address}", headers=headers)
            # What was asked with comes back with the answer; it is no word of ours.
            said.append(
                answer.content.decode().replace(f"{dataset}:{key}", "(asked)")
                if answer.status_code != 200
                else answer.content.decode()
            )
    names = [one.value for one in world.statements.values() if one.prop == "name"]
    asked = {str(n): {"schema": "Person", "properties": {"name": [name]}} for n, name in enumerate(names)}
    answer = browser.post("/yente/match/default", json.dumps({"queries": asked}), "application/json", headers=headers)
    found = json.loads(answer.content).get("responses", {}) if answer.status_code == 200 else {}
    # What was asked with stands in the evidence; the asker knew it.
    said += [json.dumps(one.get("results", [])).replace(names[int(n)], "(asked)") for n, one in found.items()]
    yield Written("screening", "\n".join(said), kind="screening")


_NAMES = ("name", "alias", "fatherName")
_PROBES = 12
"""Values that are searched for in one round."""


def _searched(world: World, chance: random.Random) -> Written:
    """Search as an oracle: what finds a record, by whole values, their words and beginnings, with each parameter that
    finds, narrows or counts. What was found by is what stands here; the records' own words are left out."""
    from django.test import Client as Browser

    browser, headers = Browser(), {"Authorization": f"ApiKey {world.client_key}"}
    by_record = {(one.entity.dataset.name, one.entity.key): one.entity_id for one in world.statements.values()}
    names = {f"{dataset}:{key}": entity for (dataset, key), entity in by_record.items()}
    probes = chance.sample(sorted(world.statements), min(_PROBES, len(world.statements)))

    def finds(one: Any, address: str, parameters: dict[str, Any]) -> bool:
        answer = browser.get(f"/yente/{address}", parameters, headers=headers)
        told = answer.json() if answer.status_code == 200 else {}
        rows = (names.get(row.get("canonical_id", row["id"])) for row in told.get("results", []))
        counted = (value["name"] for facet in told.get("facets", {}).values() for value in facet["values"])
        return bool(world.cluster[one.entity_id] & {*rows}) or one.value in counted

    def asked(one: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        word, known = chance.choice(one.value.split()), f"{one.entity.dataset.name}:{one.entity.key}"
        for words in (one.value, word, word[:-1]):
            yield "search/default", {"q": words, "limit": 50, "facets": ["identifiers", "schema"]}
            if one.prop not in _NAMES:  # by a name another one of the same person may be found
                yield "search/default", {"q": words, "limit": 50, "fuzzy": "true", "sort": "caption"}
        yield "search/default", {"filter": f"properties.{one.prop}:{one.value}", "limit": 50}
        yield "search/default", {"filter": f"identifiers:{one.value}", "limit": 50}
        yield "statements", {"canonical_id": known, "prop": one.prop, "value": one.value}
        yield "statements", {"entity_id": known, "value": one.value}

    said = [world.statements[sid] for sid in probes]
    found = [one.value for one in said if any(finds(one, *question) for question in asked(one))]
    return Written("search", "\n".join(found), kind="screening", asked=frozenset(probes))


def _posted_again(world: World, chance: random.Random) -> Written:
    """Posting as an oracle: objects of others are posted again, as they are and otherwise, each beside one of an id
    that nobody has. Where the two are answered differently, its name stands here."""
    from baham.measures.sharing.taxii.models import Collection, Stored

    browser, headers = _reader(world)
    told = []
    for shelf in Collection.objects.filter(title__startswith="Posts"):
        address = f"/taxii2/drawn/collections/{shelf.pk}/objects/"
        for row in Stored.objects.filter(collection=shelf).order_by("seq"):
            item = json.loads(bytes(row.raw))
            change = chance.choice([{}, {"modified": "2026-06-01T00:00:00.000Z"}, {"description": "another"}])
            answers = []
            for number in (item["id"], f"identity--{_uuid(chance)}"):
                body = json.dumps({"objects": [{**item, **change, "id": number}]})
                media = "application/taxii+json;version=2.1"
                answer = browser.post(address, body, content_type=media, headers=headers)
                said = answer.content.decode().replace(number, "(asked)")
                answers.append(re.sub(r'"(id|request_timestamp)": ?"[^(][^"]*"', "", said))
            if answers[0] != answers[1]:
                told.append(item["name"])
    return Written("taxii posts", "\n".join(told), tuple(world.agreement.purposes), kind="stored")


def _reader(world: World) -> tuple[Any, dict[str, str]]:
    from django.test import Client as Browser

    basic = "Basic " + base64.b64encode(f"{world.partner.name}:{world.secret}".encode()).decode()
    return Browser(), {"Authorization": basic, "Accept": "application/taxii+json;version=2.1"}


def _pages(world: World, address: str) -> str:
    browser, headers = _reader(world)
    found, following = [], {"limit": "5"}
    while True:
        answer = browser.get(f"/taxii2/{address}", following, headers=headers)
        assert answer.status_code == 200, answer.content
        found.append(answer.content.decode())
        page = answer.json()
        if not page.get("more"):
            return "\n".join(found)
        following["next"] = page["next"]


def _taxii_ledger(world: World) -> Iterator[Written]:
    from baham.measures.sharing.taxii import arrange
    from baham.platform.audit.services import Actor

    by = Actor(STAFF)
    root = arrange.add_root(by, "drawn", "Drawn")
    shelf = arrange.add_collection(by, root, "Ledger", shelf="ledger")
    arrange.give_access(by, shelf, world.partner, can_read=True)
    address, purposes = f"drawn/collections/{shelf.pk}", tuple(world.agreement.purposes)
    yield Written("taxii manifest", _pages(world, f"{address}/manifest/"), purposes)
    yield Written("taxii ledger", _pages(world, f"{address}/objects/"), purposes)


def _taxii_stored(world: World, chance: random.Random) -> Iterator[Written]:
    """Objects that another party posted, under every mark of TLP and none, of a standing and a moderated collection."""
    from baham.measures.sharing.taxii import arrange, posting
    from baham.measures.sharing.taxii.models import Collection, Root
    from baham.platform.audit.services import Actor
    from baham.platform.release.models import Partner

    by, other = Actor(STAFF), Partner.objects.get(name="otherparty")
    said = []
    for moderated in (False, True):
        shelf = arrange.add_collection(by, Root.objects.get(slug="drawn"), f"Posts {moderated}", moderated=moderated)
        assert isinstance(shelf, Collection)
        for one in (world.partner, other):
            arrange.give_access(by, shelf, one, can_read=True, can_write=True)
        objects = []
        for number in range(8):
            name, mark = f"Posted{moderated:d}{number}object", chance.choice([*TLP_MARKS, "", "TLP:UNHEARD"])
            world.objects[name] = {"tlp": mark, "moderated": moderated}
            marks = (
                [f"marking-definition--{TLP_MARKS.get(mark, '11111111-1111-4111-8111-111111111111')}"] if mark else []
            )
            objects.append(
                {
                    "type": "identity",
                    "spec_version": "2.1",
                    "name": name,
                    "id": f"identity--{_uuid(chance)}",
                    "created": "2026-05-01T00:00:00.000Z",
                    "modified": "2026-05-01T00:00:00.000Z",
                    **({"object_marking_refs": marks} if marks else {}),
                }
            )
        posting.post(other, shelf, json.dumps({"objects": objects}).encode())
        said.append(_pages(world, f"drawn/collections/{shelf.pk}/objects/"))
    yield Written("taxii stored", "\n".join(said), tuple(world.agreement.purposes), kind="stored")


def _uuid(chance: random.Random) -> str:
    import uuid

    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def _overlap(world: World, home: Path) -> Written:
    from baham.measures.sharing.overlap.prepare import CannotPrepare, prepare
    from baham.platform.accounts.purposes import Purpose
    from baham.platform.audit.services import Actor

    folder = home / "overlap" / "prepared"
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(CannotPrepare):
        prepare(Actor(STAFF, Purpose("screening", "an order")), world.partner)
    text = "\n".join(path.read_text() for path in folder.glob("*.jsonl")) if folder.is_dir() else ""
    return Written("overlap keys", text, kind="overlap")


def _files(world: World, home: Path, form: str, partner: Any, then: bool = False) -> Iterator[Written]:
    from baham.platform.audit.services import Actor
    from baham.platform.release.export import export
    from baham.platform.release.partners import CannotChange

    to = home / "files"
    shutil.rmtree(to, ignore_errors=True)
    with suppress(CannotChange):
        export(Actor(STAFF), to, form, partner=partner, purpose="screening")
    text = "\n".join(path.read_text() for path in sorted(to.rglob("*")) if path.is_file()) if to.is_dir() else ""
    name = f"file {form}" + (" after a release" if then else "") if partner else "file for everybody"
    yield Written(name, text, kind="held" if then else "partner" if partner else "public")


def _messages(world: World, *kinds: str) -> str:
    from baham.platform.release import channel, handing

    return "\n".join(
        json.dumps(handing.wire(world.partner, one))
        for one in channel.messages(world.partner)
        if not kinds or one.kind in kinds
    )


def _feed_and_pack(world: World, home: Path) -> Iterator[Written]:
    from baham.formats import pack
    from baham.measures.sharing import packs
    from baham.platform.audit.services import Actor
    from baham.platform.release.feed import publish
    from baham.platform.release.partners import CannotChange

    with suppress(CannotChange):
        publish(Actor(STAFF), world.partner, "screening")
    yield Written("feed", _messages(world))
    path = home / "one.baham"
    try:
        packs.build(Actor(STAFF), world.partner, path)
        text = pack_text(pack.decrypt(path.read_bytes(), world.opens))
    except pack.BadPack:
        text = ""
    yield Written("pack", text)


def pack_text(inside: Any) -> str:
    """All that is in a decrypted pack."""
    import io
    import zipfile

    data = inside if isinstance(inside, bytes) else bytes(inside)
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        return "\n".join(files.read(name).decode() for name in files.namelist())


def _release(world: World, home: Path, chance: random.Random) -> Iterator[Written]:
    """Put forward, signed and sent. Between the two, now and then, something is closed."""
    from baham.platform.audit.services import Actor
    from baham.platform.ledger.models import Entity
    from baham.platform.ledger.standing import CannotMark, restrict
    from baham.platform.release.partners import CannotChange
    from baham.platform.release.releases import put_forward, send

    entities = list(Entity.objects.order_by("pk"))
    try:
        made = put_forward(Actor(STAFF), world.partner, entities, purpose="analysis", case="question 7", note="")
        if chance.random() < 0.3:
            last = chance.choice(entities)
            try:
                restrict(last, Actor(STAFF), WHY)
                world.restricted.add(last.pk)
            except CannotMark:
                pass
        send(made, Actor(STAFF))
    except CannotChange:
        pass
    text = _messages(world, "release")
    yield Written("release", text, ("analysis",), signed=True)
    yield Written("notices", _messages(world, "ended", "grade"), ("analysis",), signed=True)
    world.given_out = {sid for sid, one in world.statements.items() if one.value in opened(text)}
    yield from _files(world, home, chance.choice(["stix", "misp", "ftm", "statements"]), world.partner, then=True)


def _recall(world: World, chance: random.Random) -> Iterator[Written]:
    """Some of what the partner holds is taken back; what is true instead goes with it, as far as it may."""
    from baham.platform.audit.services import Actor
    from baham.platform.ledger.models import Statement
    from baham.platform.release import recalls

    held = sorted(world.given_out - world.recalled)
    wrong = {sid: world.statements[sid].entity_id for sid in chance.sample(held, min(3, len(held)))}
    if wrong:
        said = Statement.objects.filter(entity__in=wrong.values(), until=None)
        right = [one.sid_hex for one in said if one.sid_hex not in wrong]
        recalls.recall(Actor(f"{STAFF}recalls"), wrong, "error", "It was another person’s.", correction=right)
        world.recalled |= wrong.keys()
    purposes = tuple(world.agreement.purposes[:1])
    # Nobody but whoever recalled signed what goes out with it.
    yield Written("recall", _messages(world, "recall"), purposes, kind="recall")
    yield Written("messages after it", _messages(world, "release"), ("analysis",), signed=True)
