"""Made-up persons by the million, for the scale of an index: seeded, streamed, nobody in particular.

Names are drawn part by part from faker's names of ten countries (and, where the public data is at hand, from yente's
made-up persons); each part also exists in a few other spellings, and one person's two or three names differ in them.
"""

import csv
import random
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from faker import Faker

from baham.engines.names import Subject

from . import lists, perturb

_LOCALES = ("en_PK", "fa_IR", "ar_SA", "tr_TR", "en_IN", "uz_UZ", "az_AZ", "en_US", "fr_FR", "ru_RU")
_SPELLINGS = 4
Pool = list[tuple[str, ...]]


@lru_cache(maxsize=1)
def pools(seed: int = 3) -> tuple[Pool, Pool]:
    """The parts of names, each as a tuple of its spellings, in Latin and in other scripts; common ones stand often."""
    counts: Counter[str] = Counter()
    for locale in _LOCALES:
        faker = Faker(locale)
        faker.seed_instance(seed)
        for _ in range(3000):
            counts.update(word for word in f"{faker.first_name()} {faker.last_name()}".split() if len(word) > 1)
    file = lists.ROOT / "names" / "yente_negatives_global.csv"
    if file.exists():
        with file.open(encoding="utf-8") as handle:
            for row in csv.DictReader(handle):
                counts.update(word for word in row["full_name"].split() if len(word) > 1)
    latin: Pool = []
    other: Pool = []
    rng = random.Random(seed)
    for word, count in counts.items():
        spellings = {word: None}
        if word.isascii():
            for _ in range(_SPELLINGS * 2):
                changed = rng.choice((perturb.translit, perturb.regional))([word], rng)
                if changed and len(changed) == 1 and len(spellings) < _SPELLINGS:
                    spellings[changed[0]] = None
        # How often it was drawn, flattened: otherwise a few given names would make up the whole list.
        (latin if word.isascii() else other).extend([tuple(spellings)] * min(count, 40))
    return latin, other


def people(n: int, seed: int = 5) -> Iterator[Subject]:
    """n persons, the first m of which are the same for every n; two or three names each."""
    latin, other = pools()
    rng = random.Random(seed)
    for i in range(n):
        pool = latin if rng.random() < 0.85 else other
        parts = [pool[int(rng.random() * len(pool))] for _ in range(2 + (rng.random() < 0.5) + (rng.random() < 0.1))]
        names = [
            " ".join(part[int(rng.random() * len(part)) if k else 0] for part in parts)
            for k in range(2 + (rng.random() < 0.4))
        ]
        yield Subject(f"made-{i}", tuple(dict.fromkeys(names)))


def queries(n: int, subjects: list[Subject], seed: int = 9) -> list[str]:
    """n different names to ask: half are changed names of the subjects, half of made-up persons of another draw."""
    rng = random.Random(seed)
    changes = (perturb.translit, perturb.regional, perturb.typo, perturb.order, perturb.drop_token)
    out: dict[str, None] = {}
    strangers = people(n, seed=seed * 1000 + 1)
    while len(out) < n:
        if rng.random() < 0.5:
            words = perturb.words(rng.choice(rng.choice(subjects).names))
            changed = rng.choice(changes)(words, rng) if len(words) > 1 else None
            out[" ".join(changed or words)] = None
        else:
            out[next(strangers).names[0]] = None
    return list(out)
