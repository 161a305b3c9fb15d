"""How a listed person's name comes to be written when somebody asks for them: a few rules of respelling and slips.

Written for this benchmark from general knowledge of romanisation; the matcher knows none of it.
"""

import random
import re

_RULES: list[tuple[str, tuple[str, ...]]] = [
    ("^muhammad$|^mohammed$", ("Mohammad", "Mohamed", "Muhammed", "Mohamad")),
    ("^ahmad$|^ahmed$", ("Ahmed", "Ahmad")),
    ("ullah$", ("ollah", "ulla", "allah")),
    ("^abdul ", ("Abdal ", "Abd al-", "Abdel ")),
    ("oo|ou", ("u", "o")),
    ("ee", ("i", "e")),
    ("q", ("k",)),
    ("kh", ("h", "k")),
    ("gh", ("g",)),
    ("sh", ("ch", "s")),
    ("j", ("dj", "zh")),
    ("w", ("v",)),
    ("v", ("w",)),
    ("ai|ay", ("ei", "ae", "ey")),
    ("y$", ("i", "ie")),
    ("i$", ("y", "ee")),
    ("a$", ("ah", "eh")),
    ("ah$", ("a",)),
    (r"([bdfklmnrstz])\1", (r"\1",)),
    ("(?<=[aeiou])([lmnrs])(?=[aeiou])", (r"\1\1",)),
    ("(?<=[^aeiou])u(?=[^aeiou])", ("oo", "o")),
    ("(?<=[^aeiou])i(?=[^aeiou])", ("ee", "e")),
    ("f", ("ph",)),
    ("(?<=[^aeiou])a(?=[^aeiou]+$)", ("e",)),
    ("c(?=[aou])", ("k",)),
    ("ch", ("tch", "c")),
    ("z", ("s",)),
    ("ch$", ("k",)),
    ("(?<=[^aeiou])o(?=[^aeiou])", ("u", "oo")),
    ("(?<=[^aeiou])e(?=[^aeiou])", ("i", "a")),
    ("k(?!h)", ("q", "c")),
]
_LETTERS = "aeinorstlm"


def respelled(parts: list[str], rng: random.Random) -> list[str]:
    """One or two respellings; the same where no rule applies."""
    out = parts[:]
    wanted = rng.choice((1, 1, 2))
    for _attempt in range(40):
        i, (pattern, ways) = rng.randrange(len(out)), rng.choice(_RULES)
        changed = re.sub(pattern, rng.choice(ways), out[i].lower(), count=1)
        if changed != out[i].lower():
            out[i] = changed.title()
            wanted -= 1
            if not wanted:
                break
    return out


def mistyped(parts: list[str], rng: random.Random) -> list[str]:
    """One letter lost, doubled, swapped or wrong, never the first."""
    out = parts[:]
    long = [i for i, part in enumerate(out) if len(part) > 3]
    if not long:
        return out
    i = rng.choice(long)
    word, k = out[i], rng.randrange(1, len(out[i]) - 1)
    out[i] = rng.choice(
        (
            word[:k] + word[k + 1 :],
            word[:k] + word[k] + word[k:],
            word[:k] + word[k + 1] + word[k] + word[k + 2 :],
            word[:k] + rng.choice(_LETTERS) + word[k + 1 :],
        )
    )
    return out


def shortened(parts: list[str], rng: random.Random) -> list[str]:
    """A part left out of three or more."""
    if len(parts) < 3:
        return respelled(parts, rng)
    gone = rng.randrange(len(parts))
    return [part for i, part in enumerate(parts) if i != gone]


def reordered(parts: list[str], rng: random.Random) -> list[str]:
    """The last part first."""
    return [*parts[-1:], *parts[:-1]]
