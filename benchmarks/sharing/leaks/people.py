"""People as exits: random markings × random readers × every page that exists. `python -m benchmarks.sharing.leaks
--people`

Each round draws markings, keepers, standings, restrictions, judgements, matters and readers at random, opens every
address of the console for each reader, and searches what was answered for every value held. What is found there is held
against the rule written out again from the words of docs/need-to-know.md. A page that nobody here knows how to open is
a fault, so that no new one is passed over. A round is rolled back.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.sharing.leaks.__main__ import Found

CLEAR, GREEN, AMBER, STRICT, RED = range(5)
COMMUNITY, CLIENT, ORGANISATION, NAMED = 1, 2, 3, 4
PLACES = (
    ("Desk of Kohsar", ORGANISATION),
    ("Post at Torsang", ORGANISATION),
    ("Bank of Daryab", CLIENT),
    ("Forum of Nilkot", COMMUNITY),
)
READERS = 7
_VULNERABLE = ("victim", "witness", "contact")
_LETTERS = 6
"""Of a word, how many are asked for in a search, so that the question holds no whole value."""


@dataclass
class Reader:
    """Somebody who reads, with the browser in which they are signed in."""

    browser: Any
    user: Any
    place: str
    near: int
    clearance: int
    purpose: str
    case: str


@dataclass
class World:
    """What was drawn, as plain facts: the rule below reads these and nothing else."""

    now: Any
    statements: dict[str, Any]
    keepers: dict[int, str] = field(default_factory=dict)
    tlps: dict[int, int] = field(default_factory=dict)
    marks: dict[str, Any] = field(default_factory=dict)
    standing: dict[int, str] = field(default_factory=dict)
    protected: set[int] = field(default_factory=set)
    restricted: set[int] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    circles: dict[str, frozenset[str]] = field(default_factory=dict)
    """Of sharing groups and parties, by UUID: the places that are of them now."""
    cluster: dict[int, set[int]] = field(default_factory=dict)
    readers: list[Reader] = field(default_factory=list)
    titles: dict[str, tuple[Any, str, str]] = field(default_factory=dict)
    """Of matters: their words, the matter, who asked, and who put them forward."""
    pages: dict[str, list[str]] = field(default_factory=dict)


def closed(world: World, reader: Reader, one: Any) -> str:
    """Why a statement is not for a reader; empty where it is."""
    dataset, cluster = one.entity.dataset_id, world.cluster[one.entity_id]
    keeper = world.keepers[dataset]
    theirs = dict(PLACES).get(keeper, ORGANISATION) < ORGANISATION
    own = reader.place == keeper if keeper else reader.near == ORGANISATION
    near = (ORGANISATION if own else COMMUNITY) if theirs else reader.near
    mark = world.marks.get(one.sid_hex)
    tlp = mark["tlp"] if mark else world.tlps[dataset]
    if cluster & world.restricted and reader.purpose not in ("redress", "oversight"):
        return "restricted"
    if tlp > reader.clearance:
        return "beyond the clearance"
    if near < ORGANISATION:
        if cluster & world.protected or any(world.standing.get(pk) in _VULNERABLE for pk in cluster):
            return "protected"
        if one.sid_hex in world.shown:
            return "shows its source"
    if (NAMED if own and reader.clearance == RED else near) < tlp:
        return "does not reach them"
    if mark is None:
        return ""
    if mark["expires"] is not None and mark["expires"] <= world.now:
        return "expired"
    if mark["purposes"] is not None and reader.purpose not in mark["purposes"]:
        return "other purposes"
    if own:
        return ""
    named = mark["releasable_to"]
    if named is not None and not any(reader.place in {one, *world.circles.get(one, ())} for one in named):
        return "for others"
    agreed = {reader.place, *([keeper] if named is not None else [])}
    return "originator" if set(mark["originators"]) - agreed else ""


def run(home: Any, wanted: int, seed: int = 11, readers: int = READERS) -> "Found":
    """Rounds until so many decisions (a reader and a value) were held against the rule."""
    from django.conf import settings
    from django.db import transaction

    from benchmarks.sharing.leaks.__main__ import Found
    from benchmarks.sharing.leaks.people_world import draw, load

    load(home)
    settings.BULK_READS, settings.REQUIRE_MFA = 10**9, False
    chance, found = random.Random(seed), Found()
    while found.checks < wanted:
        with transaction.atomic():
            world = draw(chance, readers)
            for reader in world.readers:
                judge(world, reader, chance, found)
            transaction.set_rollback(True)
        found.rounds += 1
    return found


def judge(world: World, reader: Reader, chance: random.Random, found: "Found") -> None:
    """Open everything for one reader, and hold what is there against the rule."""
    why = {sid: closed(world, reader, one) for sid, one in world.statements.items()}
    seen: set[str] = set()
    for page, address, text in opened(world, reader, chance):
        # Oversight reads all that is held on who asked for it (docs/need-to-know.md, the one exception).
        exempt = page in ("examination", "access_request") and reader.user.may("oversight.examine")
        for sid, one in world.statements.items():
            if one.value in text:
                seen.add(sid)
                if why[sid] and not exempt:
                    found.leaks[f"{page}: {why[sid]}"] += 1
        if page in ("search", "screen"):
            _only_by_what_is_open(world, why, page, address, text, found)
        if page != "audit":
            others = (other.case for other in world.readers if other.user.pk != reader.user.pk)
            found.leaks.update(f"{page}: another's case number" for case in others if case in text)
        for words, (item, asker, by) in world.titles.items():
            if words in text and not _reaches(world, reader, item, asker, by):
                found.leaks[f"{page}: a matter of others"] += 1
    for sid, one in world.statements.items():
        found.checks += 1
        may = not why[sid] and reader.user.may("record.read") and one.prop != "birthDate"
        found.left["pages"] += may and sid in seen
        found.kept["pages"] += may and sid not in seen


def _only_by_what_is_open(world: World, why: dict[str, str], page: str, asked: str, text: str, found: "Found") -> None:
    """A record is found only by words that may be read, or by a name that may be."""
    for pk in {int(pk) for pk in re.findall(r"/entity/(\d+)/\"", text)}:
        may = [one for sid, one in world.statements.items() if one.entity_id == pk and not why[sid]]
        words = [word.casefold() for one in may for word in re.split(r"[\s-]+", one.value)]
        if not any(word.startswith(asked.casefold()) for word in words) and not any(
            one.prop in ("name", "alias") for one in may
        ):
            found.leaks[f"{page}: found by what is closed"] += 1


def _reaches(world: World, reader: Reader, item: Any, asker: str, by: str) -> bool:
    """Whether a matter is the reader's: their place asked, they put it forward, or they decide for the keeper."""
    keeper = world.keepers[item.entity.dataset_id]
    if reader.near == ORGANISATION:
        keeps = dict(PLACES).get(keeper, ORGANISATION) == ORGANISATION
    else:
        keeps = keeper == reader.place
    decides = reader.user.may("review.decide") and keeps
    return reader.place == asker or reader.user.username == by or decides or reader.user.may("oversight.examine")


def opened(world: World, reader: Reader, chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """Every page of the console as this reader has it: (page, what was asked, its text)."""
    for page, addresses in world.pages.items():
        for address in addresses:
            yield page, address, _text(reader.browser.get(address))
    for one in chance.sample(sorted(world.statements.values(), key=lambda one: one.pk), 12):
        asked = re.split(r"[\s-]+", one.value)[0][:_LETTERS]
        yield "search", asked, _text(reader.browser.get("/search/", {"q": asked}))
    if reader.user.may("screen.run"):
        names = [one for one in world.statements.values() if one.prop in ("name", "alias")]
        for one in chance.sample(names, 6):
            name = one.value.replace("a", "e", 1) if "a" in one.value else one.value.replace("i", "e", 1)
            if name != one.value:
                yield "screen", name, _text(reader.browser.post("/screen/", {"name": name}))


def _text(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return unescape(content.decode(errors="replace"))
