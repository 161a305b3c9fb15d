"""Names of organisations: `python -m benchmarks.names.organisations [--side tune]` (a minute; needs the lists).

All organisations of the lists are indexed but for a quarter of those of the side, whose names are the strangers: real
names of bodies that are not listed. Asked are real aliases, taken out of their entity, and names changed by rules:
another legal form, a part left out, another order, slips of the hand, words abbreviated.
"""

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import blake2b

from faker import Faker

from baham.engines.names import DEFAULT_THRESHOLD, NameIndex, Query
from baham.engines.names.types import Subject

from . import lists, perturb
from .cases import SIDES, bearers_of, gold_of, sides_of
from .lists import same
from .measure import Share, wilson

RATE = 0.05
MOST = 400
MADE_UP = 800
MIX = {"heldout_alias": 4, "drop_token": 2, "order": 1, "typo": 2, "legal_form": 2, "abbreviated": 1}
"""The shares of the classes in "all"."""
_FORMS = [
    "LTD",
    "LLC",
    "INC",
    "CO",
    "CORP",
    "COMPANY",
    "LIMITED",
    "CORPORATION",
    "GMBH",
    "SRL",
    "PLC",
    "JSC",
    "OOO",
    "PTE",
    "PVT",
    "SA",
    "AG",
    "BV",
]
_SHORT = {
    "COMPANY": "CO",
    "LIMITED": "LTD",
    "CORPORATION": "CORP",
    "INTERNATIONAL": "INTL",
    "INDUSTRIES": "IND",
    "GENERAL": "GEN",
    "TRADING": "TRDG",
    "ENGINEERING": "ENG",
    "ORGANIZATION": "ORG",
    "FOUNDATION": "FDN",
    "GROUP": "GRP",
    "SERVICES": "SVCS",
    "TECHNOLOGY": "TECH",
    "COMMUNICATIONS": "COMMS",
    "MANAGEMENT": "MGMT",
    "DEVELOPMENT": "DEV",
    "NATIONAL": "NATL",
    "INVESTMENT": "INV",
    "ASSOCIATION": "ASSN",
    "BROTHERS": "BROS",
    "UNIVERSITY": "UNIV",
    "INSTITUTE": "INST",
}
Words = list[str]


class Bodies:
    """The list as it is indexed, the questions (class, name, ids that answer it), and the names of strangers."""

    def __init__(self, side: str) -> None:
        whole = [subject for subject in lists.listed() if subject.schema == "Organization"]
        bearers = bearers_of(whole)
        side_of = sides_of(whole, bearers)
        here = [s for s in whole if side_of[s.id] == side]
        kin = _groups(here, bearers)
        away = {s.id for s in here if blake2b(kin[s.id].encode(), digest_size=1).digest()[0] % 4 == 0}
        self.listed = {s.id: s for s in whole if s.id not in away}
        self.questions: list[tuple[str, str, frozenset[str]]] = []
        rng = random.Random(f"bodies {side}")
        listed = [s for s in here if s.id not in away]
        for kind in MIX:
            asked = 0
            for subject in rng.sample(listed, len(listed)):
                if asked < MOST and (name := self._question(kind, subject, rng)):
                    self.questions.append((kind, name, gold_of(subject, name, bearers) & self.listed.keys()))
                    asked += 1
        held = {_bare(n) for s in self.listed.values() for n in (*s.names, *s.weak_names)}
        self.strangers = [s.names[0] for s in here if s.id in away and _bare(s.names[0]) not in held]
        self.strangers += _made_up(side)

    def _question(self, kind: str, subject: Subject, rng: random.Random) -> str:
        if kind == "heldout_alias":
            current = self.listed[subject.id]
            rest = {same(n) for n in (*current.weak_names, current.names[0])}
            aliases = [n for n in current.names[1:] if len(same(n)) > 1 and same(n) not in rest]
            if not aliases:
                return ""
            taken = rng.choice(aliases)
            kept = tuple(n for n in current.names if same(n) != same(taken))
            self.listed[subject.id] = replace(current, names=kept)
            return taken
        words = subject.names[0].upper().replace(",", " ").split()
        changed = _CHANGES[kind](words, rng) if len(words) > 1 and subject.names[0].isascii() else None
        return " ".join(changed or ())


def _bare(name: str) -> frozenset[str]:
    """The words of a name without legal forms: bodies that differ in those alone are no strangers."""
    return frozenset(word for word in same(name) if word.upper() not in _FORMS)


def _made_up(side: str) -> list[str]:
    """Names of companies that nobody bears, of ten countries, by faker."""
    made = Faker(["en_US", "en_GB", "en_IN", "de_DE", "fr_FR", "es_MX", "it_IT", "tr_TR", "nl_NL", "id_ID"])
    made.seed_instance(SIDES.index(side))
    return list(dict.fromkeys(made.company() for _ in range(MADE_UP)))


def _groups(subjects: list[Subject], bearers: dict[tuple[str, ...], frozenset[str]]) -> dict[str, str]:
    """One word for all entities that share a name, so that none is a stranger while its double is listed."""
    found: dict[str, str] = {}
    for subject in subjects:
        gold = gold_of(subject, subject.names[0], bearers)
        found[subject.id] = min(found.get(i, min(gold)) for i in gold)
        found.update(dict.fromkeys(gold, found[subject.id]))
    return found


def _drop(words: Words, rng: random.Random) -> Words | None:
    at = [i for i, w in enumerate(words) if w not in _FORMS and not any(map(str.isdigit, w)) and len(w) > 1]
    if len(at) < 3:
        return None
    gone = rng.choice(at)
    return words[:gone] + words[gone + 1 :]


def _order(words: Words, rng: random.Random) -> Words | None:
    cut = rng.randrange(1, len(words))
    return words[cut:] + words[:cut] if len(words) > 2 else None


def _typo(words: Words, rng: random.Random) -> Words | None:
    return perturb.typo([w.lower() for w in words], rng) if all(w.isalpha() for w in words) else None


def _legal_form(words: Words, rng: random.Random) -> Words | None:
    bare = [w for w in words if w.strip(".") not in _FORMS]
    return [*bare, rng.choice(_FORMS)] if len(bare) > 1 else None


def _abbreviated(words: Words, rng: random.Random) -> Words | None:
    changed = [_SHORT.get(w, w) for w in words]
    return changed if changed != words else None


_CHANGES: dict[str, Callable[[Words, random.Random], Words | None]] = {
    "drop_token": _drop,
    "order": _order,
    "typo": _typo,
    "legal_form": _legal_form,
    "abbreviated": _abbreviated,
}


def measured(bodies: Bodies, index: NameIndex) -> Iterator[tuple[str, Share, Share]]:
    """Each class: recall among the first five at a false-positive rate of RATE, and at the default threshold; last the
    rate of false positives at the default."""
    ask = [Query(name, schema="Organization") for _, name, _ in bodies.questions]
    false = index.screen([Query(n, schema="Organization") for n in bodies.strangers], limit=1, threshold=0.0)
    tops = sorted((hits[0].score if hits else 0.0 for hits in false), reverse=True)
    threshold = tops[int(RATE * len(tops))]
    score = [
        max((hit.score for hit in hits if hit.id in gold), default=-1.0)
        for hits, (_, _, gold) in zip(index.screen(ask, limit=5, threshold=0.0), bodies.questions, strict=True)
    ]
    print(f"{len(bodies.strangers):,} strangers; FPR {RATE} at {threshold:.3f}")
    for kind in MIX:
        of = [s for s, (k, _, _) in zip(score, bodies.questions, strict=True) if k == kind]
        yield (
            kind,
            wilson(sum(s > threshold for s in of), len(of)),
            wilson(sum(s >= DEFAULT_THRESHOLD for s in of), len(of)),
        )
    yield "false positives", wilson(0, 0), wilson(sum(t >= DEFAULT_THRESHOLD for t in tops), len(tops))


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.names.organisations", description=__doc__)
    options.add_argument("--side", choices=SIDES, default="report")
    bodies = Bodies(options.parse_args().side)
    with tempfile.TemporaryDirectory() as folder:
        index = NameIndex.build(bodies.listed.values(), folder)
        rows = list(measured(bodies, index))
    for kind, fixed, default in rows:
        print(f"{kind:<18}{fixed!s:>22}{default!s:>22}")
    whole = sum(MIX.values())
    for title, at in (("all, at the rate", 1), ("all, at the default", 2)):
        print(f"{title:<22}{sum(MIX[row[0]] / whole * row[at].value for row in rows if row[0] in MIX):.3f}")


if __name__ == "__main__":
    main()
