"""The questions: what is asked about listed persons (with the answers), and names of persons who are not listed.

Entities fall into two sides, TUNE and REPORT, by a hash of the group of entities that share a name, so that one person
on three lists is on one side only; a negative falls by a hash of its words. Constants may be chosen on TUNE; what is
published is REPORT.
"""

import csv
import hashlib
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from faker import Faker
from rapidfuzz.distance import JaroWinkler

from baham.engines.names.types import Subject

from . import lists, pakistani, perturb
from .lists import same
from .spellings import Listed

SIDES = ("tune", "report")
# How many of each class a side has at the most (there are 163 and 164 names in Arabic script).
SIZES = {
    "heldout_alias": 500,
    "arabic_script": 300,
    "other_script": 50,
    "drop_token": 250,
    "order": 200,
    "translit": 250,
    "translit_regional": 250,
    "typo": 300,
    "translit_typo": 200,
    "title_kunya": 200,
    "nisba": 200,
}
# The share of each class in "all classes": that of an earlier, exploratory measurement, so that figures compare.
MIX = {
    "heldout_alias": 200,
    "arabic_script": 200,
    "drop_token": 110,
    "order": 90,
    "translit": 75,
    "translit_regional": 75,
    "typo": 130,
    "translit_typo": 80,
    "title_kunya": 70,
    "nisba": 50,
}
# The share of each group of negatives in the overall false-positive rate.
NEGATIVE_MIX = {"global_latin": 35, "global_arabic": 10, "pk_latin": 30, "pk_common_latin": 15, "pk_common_urdu": 10}
NEGATIVE_SIZES = {"global_latin": 1500, "global_arabic": 700, "global_other": 500, "pk_latin": 1200, "pk_common": 3000}
REAL = ("heldout_alias", "arabic_script")
_MADE: dict[str, Callable[[perturb.Words, random.Random], perturb.Words | None]] = {
    "drop_token": perturb.drop_token,
    "order": perturb.order,
    "translit": perturb.translit,
    "translit_regional": perturb.regional,
    "typo": perturb.typo,
    "translit_typo": perturb.translit_typo,
    "title_kunya": perturb.titled,
    "nisba": perturb.nisba,
}


@dataclass(frozen=True, slots=True)
class Case:
    """A name asked, the ids that answer it, its class, its side, and the names in the index that it was made from or
    goes with (for reading errors).

    `alone`: nobody left in the index bears this name, in whatever spelling. `kin`: a part of it is like a part of a
    name that is left (said of held-out aliases; where there is none, no matcher of names can know).
    """

    name: str
    gold: frozenset[str]
    kind: str
    side: str
    source: str
    alone: bool = True
    kin: bool = True


@dataclass(frozen=True, slots=True)
class Negative:
    """The name of somebody who is not listed, its group and its side."""

    name: str
    group: str
    side: str


@dataclass(frozen=True, slots=True)
class World:
    """What is indexed, what is asked, and what should find nobody."""

    subjects: list[Subject]
    cases: list[Case]
    negatives: list[Negative]

    def of(self, side: str) -> tuple[list[Case], list[Negative]]:
        """The cases and negatives of one side."""
        return [c for c in self.cases if c.side == side], [n for n in self.negatives if n.side == side]


def world(seed: int = 1, share: float = 1.0) -> World:
    """The whole: the same for the same seed. `share` below 1 takes that part of every class, for a quick look."""
    listed = lists.listed()
    bearers = bearers_of(listed)
    written = Listed(listed)
    side = sides_of(listed, bearers)
    cases: list[Case] = []
    for which in SIDES:
        rng = random.Random(f"{seed} {which}")
        of_side = [i for i, s in enumerate(listed) if s.schema == "Person" and side[s.id] == which]
        cases += _held_out(listed, of_side, bearers, which, rng, share)
        cases += _original(listed, of_side, bearers, which, rng, share)
    left = bearers_of(listed)
    cases = [replace(c, alone=not left.get(same(c.name))) for c in cases]
    for which in SIDES:
        rng = random.Random(f"{seed} {which} made")
        of_side = [i for i, s in enumerate(listed) if s.schema == "Person" and side[s.id] == which]
        for kind in _MADE:
            cases += _made(kind, listed, of_side, bearers, which, rng, share)
    # Who bears the very name asked, in another spelling, is an answer too; of such names nobody is a stranger either.
    cases = [_with_namesakes(c, written.who(c.name)) for c in cases]
    return World(listed, cases, _negatives(seed, set(bearers), written, share))


def _with_namesakes(case: Case, namesakes: frozenset[str]) -> Case:
    return replace(case, gold=case.gold | namesakes, alone=case.alone and namesakes <= case.gold)


def bearers_of(listed: Iterable[Subject]) -> dict[tuple[str, ...], frozenset[str]]:
    """Who bears each name: ids by the words of the name."""
    found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for subject in listed:
        for name in (*subject.names, *subject.weak_names):
            found[same(name)].add(subject.id)
    return {name: frozenset(ids) for name, ids in found.items()}


def gold_of(subject: Subject, name: str, bearers: dict[tuple[str, ...], frozenset[str]]) -> frozenset[str]:
    """The source, and whoever shares one of its names of two words or more (duplicates across lists are answers, not
    errors), or bears the very name asked."""
    shared = [bearers[same(n)] for n in (*subject.names, *subject.weak_names) if len(same(n)) > 1]
    return frozenset({subject.id}).union(*shared, bearers.get(same(name), frozenset()))


def sides_of(listed: Sequence[Subject], bearers: dict[tuple[str, ...], frozenset[str]]) -> dict[str, str]:
    """The side of each entity: entities that share a name of two words or more stand on one side."""
    parent = {s.id: s.id for s in listed}

    def root(i: str) -> str:
        while parent[i] != i:
            parent[i] = i = parent[parent[i]]
        return i

    for name, ids in bearers.items():
        if len(name) > 1:
            first, *rest = sorted(ids)
            for other in rest:
                a, b = sorted((root(first), root(other)))
                parent[b] = a
    return {i: _side(root(i)) for i in parent}


def _side(text: str) -> str:
    return SIDES[hashlib.blake2b(text.encode(), digest_size=8).digest()[0] % 2]


def _held_out(
    listed: list[Subject],
    of_side: list[int],
    bearers: dict[tuple[str, ...], frozenset[str]],
    side: str,
    rng: random.Random,
    share: float,
) -> list[Case]:
    """Real aliases, taken out of their entity in the index (in place) and asked for."""
    out: list[Case] = []
    for i in rng.sample(of_side, len(of_side)):
        if len(out) >= SIZES["heldout_alias"] * share:
            break
        subject = listed[i]
        rest = {same(n) for n in (*subject.weak_names, subject.names[0])}
        aliases = [n for n in subject.names[1:] if len(same(n)) > 1 and same(n) not in rest]
        if aliases:
            taken = rng.choice(aliases)
            gold = gold_of(subject, taken, bearers)
            listed[i] = replace(subject, names=tuple(n for n in subject.names if same(n) != same(taken)))
            names = (*listed[i].names, *listed[i].weak_names)
            out.append(Case(taken, gold, "heldout_alias", side, " | ".join(names), kin=_kin(taken, names)))
    return out


def _kin(name: str, others: Iterable[str]) -> bool:
    """Whether a part of the name, of three letters or more, is like a part of another (Jaro-Winkler, or consonants)."""
    parts = [part for part in same(name) if len(part) > 2]
    rest = {part for other in others for part in same(other) if len(part) > 2}
    return any(
        JaroWinkler.similarity(one, other) >= 0.85 or _consonants(one) == _consonants(other)
        for one in parts
        for other in rest
    )


def _consonants(part: str) -> str:
    return "".join(c for c in part if c not in "aeiouwyh") or part


def _original(
    listed: list[Subject],
    of_side: list[int],
    bearers: dict[tuple[str, ...], frozenset[str]],
    side: str,
    rng: random.Random,
    share: float,
) -> list[Case]:
    """Names in the original script, which the index does not hold; those that it does hold as an alias are left out."""
    original = lists.original_script()
    out: list[Case] = []
    counts: dict[str, int] = defaultdict(int)
    for i in rng.sample(of_side, len(of_side)):
        subject = listed[i]
        text = original.get(subject.id, "")
        if not text or same(text) in bearers:
            continue
        kind = "arabic_script" if _is_arabic(text) else "other_script"
        counts[kind] += 1
        if counts[kind] <= SIZES[kind] * share:
            out.append(Case(text, gold_of(subject, text, bearers), kind, side, " | ".join(subject.names)))
    return out


def _made(
    kind: str,
    listed: Sequence[Subject],
    of_side: list[int],
    bearers: dict[tuple[str, ...], frozenset[str]],
    side: str,
    rng: random.Random,
    share: float,
) -> list[Case]:
    """One class of changed names: of persons drawn anew, one of their names each. A change that gives a name the index
    holds is no test and is not asked."""
    out: list[Case] = []
    for i in rng.sample(of_side, len(of_side)):
        if len(out) >= round(SIZES[kind] * share):
            break
        subject = listed[i]
        names = [w for n in subject.names if len(w := perturb.words(n)) > 1 and n.isascii()]
        if not names:
            continue
        chosen = rng.choice(names)
        changed = _MADE[kind](chosen, rng)
        text = " ".join(changed or ())
        if changed and (same(text) not in bearers or kind == "order"):
            out.append(Case(text, gold_of(subject, text, bearers), kind, side, " ".join(chosen)))
    return out


def _negatives(seed: int, listed: set[tuple[str, ...]], written: Listed, share: float) -> list[Negative]:
    """Nobody's names, by group: see docs/measuring.md. Those whose words are a listed name's words are left out; of the
    common Pakistani names also those that are a listed name in another spelling."""
    groups: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    with (lists.ROOT / "names" / "yente_negatives_global.csv").open(encoding="utf-8") as handle:
        made = [row["full_name"] for row in csv.DictReader(handle)]
    random.Random(seed).shuffle(made)
    for name in made:
        _put(groups, _group(name), name, listed)
    faker = Faker("en_PK")
    faker.seed_instance(seed)
    for _ in range(4 * NEGATIVE_SIZES["pk_latin"]):
        _put(groups, "pk_latin", faker.name(), listed)
    written_in_urdu = set[str]()
    for latin, urdu in pakistani.people(3 * NEGATIVE_SIZES["pk_common"], seed):
        # Both writings of one name are on one side, and both go where the Latin one is listed; two Latin writings of
        # one Urdu name (Mahmood, Mehmood) are one name.
        free = same(latin) not in listed and same(urdu) not in listed and not written.who(latin)
        if free and urdu not in written_in_urdu:
            written_in_urdu.add(urdu)
            side = _side(" ".join(same(latin)))
            groups["pk_common_latin", side][latin] = None
            groups["pk_common_urdu", side][urdu] = None
    out = []
    for (group, side), names in sorted(groups.items()):
        most = NEGATIVE_SIZES[group.removesuffix("_latin").removesuffix("_urdu") if "common" in group else group]
        out += [Negative(name, group, side) for name in list(names)[: round(most * share)]]
    return out


def _put(groups: dict[tuple[str, str], dict[str, None]], group: str, name: str, listed: set[tuple[str, ...]]) -> None:
    words = same(name)
    if words not in listed and len(words) > 1:
        groups[group, _side(" ".join(words))][name] = None


def _group(name: str) -> str:
    if _is_arabic(name):
        return "global_arabic"
    return "global_latin" if all(c < "ɐ" or not c.isalpha() for c in name) else "global_other"


def _is_arabic(text: str) -> bool:
    return any("\u0600" <= c <= "\u06ff" for c in text)
