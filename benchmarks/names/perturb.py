"""How one name comes to be written in another way: rules of romanisation, slips of the hand, titles and by-names.

Written from general knowledge, not from the engine's rules; but the same people wrote both, so the classes made with
them flatter the engine. Each function takes the words of a name in reading order and gives words, or None where it has
nothing to change.
"""

import random
import re

Words = list[str]

# (what is found, the ways to write it); one of them is drawn.
_SIMPLE: list[tuple[str, tuple[str, ...]]] = [
    (r"^m[ou]ham+[ae]d$", ("muhammad", "mohammed", "mohamed", "mohammad", "muhammed", "mohamad", "mohamet")),
    (r"^ahm[ae]d$", ("ahmad", "ahmed", "ahmet")),
    (r"^m[ae]hm(?:u|oo|ou)d$", ("mahmud", "mahmood", "mahmoud", "mehmood")),
    (r"^h[ua]s+[ae]*[iye]+n$", ("hussein", "hussain", "husain", "husayn", "hossein", "hussien")),
    (r"^y[ou]+s+[ue]+f$", ("yusuf", "yousef", "yousuf", "yusif", "youssef", "yousaf")),
    (r"^[ou]+s+am+a$", ("usama", "osama", "oussama", "usamah")),
    (r"^[ou]+(?:th|s)m[ae]n$", ("usman", "osman", "uthman", "ousmane")),
    (r"^[ou]mar$", ("omar", "umar", "omer", "umer")),
    (r"^abd[aeou]+l(?=..)", ("abdul", "abdel", "abdal", "abdoul", "abd al-", "abd el-", "abdu l")),
    (r"(?<=..)[aeou]+l+ah?$", ("ullah", "ollah", "allah", "ulla", " ullah", "-ullah", "oullah")),
    (r"(?<=..)[aeou-]*d+[ie]+ne?$", ("uddin", " ud-din", "eddine", " al-din", "oddin", "uddeen", "-ud-din")),
    (r"q", ("k", "q", "gh")),
    (r"k(?!h)", ("k", "q")),
    (r"ee", ("i", "ee", "ie")),
    (r"(?<=[^aeiou])i(?=[^aeiou])", ("ee", "i", "e")),
    (r"oo", ("u", "oo", "ou")),
    (r"ou", ("u", "oo", "ou")),
    (r"(?<=[^aeiou])u(?=[^aeiou])", ("oo", "u", "ou", "o")),
    (r"dh", ("d", "dh", "z")),
    (r"th", ("t", "th", "s")),
    (r"kh", ("kh", "h", "ch", "k")),
    (r"gh", ("gh", "g")),
    (r"sh", ("sh", "ch", "sch")),
    (r"j", ("j", "dj", "g")),
    (r"dj", ("j", "dj")),
    (r"w", ("w", "v", "ou")),
    (r"v", ("v", "w")),
    (r"ai|ay|ei|ey", ("ai", "ay", "ei", "ey", "ae")),
    (r"y$", ("y", "i", "iy")),
    (r"(?<=..)i$", ("i", "y", "ee", "iy")),
    (r"(?<=..)ah?$", ("a", "ah", "eh")),
    (r"(?<=[^aeiou])a(?=[^aeiou]+$)", ("a", "e")),
    (r"aa", ("a", "aa")),
    (r"([bdfklmnrstz])\1", (r"\1", r"\1\1")),
    (r"(?<=[aeiou])([dlmnrs])(?=[aeiou])", (r"\1", r"\1\1")),
    (r"z", ("z", "s", "dh")),
    (r"(?<=.)e(?=.)", ("e", "i", "a")),
]
# Roman Urdu and Pashto: long vowels written twice, e for short a, w for v, the many spellings of one Persian ending.
_REGIONAL: list[tuple[str, tuple[str, ...]]] = [
    (r"^m[ou]ham+[ae]d$", ("mohd", "muhamad", "muhammad", "mohammad", "mohammed", "md", "mohamad")),
    (r"^ahm[ae]d$", ("ahmad", "ahmed", "ehmad", "ahmaad")),
    (r"^r[ae]hm[ae]+n$", ("rehman", "rahman", "rahmaan", "rehmaan", "raehman")),
    (r"^s[ay]+[iye]*d$", ("saeed", "said", "syed", "sayed", "saeid", "sayyid", "sayid")),
    (r"^h[ua]s+[ae]*[iye]+n$", ("hussain", "husain", "hosain", "hussayn")),
    (r"^abd[aeou]+l(?=..)", ("abdul", "abd ul ", "abdal", "abdul ", "abdol")),
    (r"(?<=..)[aeou]+l+ah?$", ("ullah", "ulla", "ulah", "ollah", " ullah", "allah", "oullah")),
    (r"(?<=..)[aeou-]*d+[ie]+ne?$", ("uddin", "ud din", " ud din", "uddeen", "oddin", "udin")),
    (r"z[ae]+i$|zay$|zoy$", ("zai", "zay", "zoi", "zei", "zaey")),
    (r"^gh?ul", ("gul", "gull", "gol", "gwal")),
    (r"jan$", ("jan", "jaan", "djan")),
    (r"khan$", ("khan", "khaan", "kan")),
    (r"^sh[ae]+h", ("shah", "shaah", "sha")),
    (r"q", ("k", "q")),
    (r"ph|f", ("f", "ph")),
    (r"w", ("w", "v")),
    (r"v", ("w", "v")),
    (r"z", ("z", "s", "j")),
    (r"dh|zh", ("z", "dh", "zh", "g")),
    (r"(?<=[^aeiou])a(?=[^aeiou]+[aeiou])", ("a", "aa", "e")),
    (r"^i(?=[^aeiou])", ("i", "e")),
    (r"^e(?=[^aeiou])", ("i", "e")),
    (r"(?<=[^aeiou])i(?=[^aeiou])", ("i", "ee", "e")),
    (r"(?<=[^aeiou])u(?=[^aeiou])", ("u", "oo", "o")),
    (r"oo|ou", ("u", "oo", "o")),
    (r"ee", ("i", "ee")),
    (r"(?<=..)i$", ("i", "ee", "y", "e")),
    (r"(?<=..)ah?$", ("a", "ah", "aa")),
    (r"(?<=[^aeiou])a(?=[^aeiou]$)", ("a", "aa", "e")),
    (r"(?<=.)que?$", ("q", "que", "k")),
    (r"([bdfklmnrstz])\1", (r"\1", r"\1\1")),
    (r"kh", ("kh", "k", "kh")),
    (r"ai|ay", ("ai", "ay", "e", "ae")),
    (r"sh", ("sh", "kh", "sh", "s")),
]
_TITLES = """Haji Hajji Mullah Mulla Maulvi Mawlawi Qari Hafiz Sheikh Shaikh Dr Ustad Engineer Malik Mufti"""
_KUNYAS = """Abu Abou Abo"""
_SONS = """Hamza Talha Zubair Yahya Musa Khalid Bilal Saad Anas Usama Yasir Ammar Zaid Harith Idris Sufyan"""
_NISBAS = """Kandahari Qandahari Kabuli Herati Afghani Peshawari Lahori Multani Karachvi Quettawi Swati Bajauri
Waziri Baluchi Sindhi Punjabi Kashmiri al-Baghdadi al-Masri al-Shami al-Iraqi al-Libi al-Tunisi al-Yemeni
al-Turki al-Kurdi Khorasani Bukhari Samarkandi al-Hindi al-Pakistani Badakhshi Nangarhari Kunari Logari Ghaznavi"""
_NEAR = {
    "a": "sqz",
    "b": "vgn",
    "c": "xvd",
    "d": "sfe",
    "e": "wrd",
    "f": "dgr",
    "g": "fht",
    "h": "gjy",
    "i": "uok",
    "j": "hku",
    "k": "jli",
    "l": "kop",
    "m": "nj",
    "n": "bmh",
    "o": "ipl",
    "p": "ol",
    "q": "wa",
    "r": "etf",
    "s": "adw",
    "t": "ryg",
    "u": "yij",
    "v": "cbf",
    "w": "qes",
    "x": "zcs",
    "y": "tuh",
    "z": "xa",
}


def words(name: str) -> Words:
    """A listed name as words in reading order: "LAST, First" is turned round; what stands in brackets goes."""
    text = re.sub(r"\([^)]*\)|[\"“”«»]", " ", name)
    last, comma, first = text.partition(",")
    return (f"{first} {last}" if comma and first.strip() else text.replace(",", " ")).split()


def drop_token(name: Words, rng: random.Random) -> Words | None:
    """One part left out of three or more."""
    if len(name) < 3:
        return None
    gone = rng.randrange(len(name))
    return [w for i, w in enumerate(name) if i != gone]


def order(name: Words, rng: random.Random) -> Words | None:
    """The parts in another order."""
    if len(name) < 2:
        return None
    shuffled = name[:]
    while shuffled == name and len({*name}) > 1:
        rng.shuffle(shuffled)
    return shuffled if shuffled != name else None


def translit(name: Words, rng: random.Random) -> Words | None:
    """Another romanisation: one to three of the simple rules."""
    return _rewrite(name, rng, _SIMPLE)


def regional(name: Words, rng: random.Random) -> Words | None:
    """Another romanisation as Urdu and Pashto speakers write."""
    return _rewrite(name, rng, _REGIONAL)


def typo(name: Words, rng: random.Random) -> Words | None:
    """One slip (two in one of four long names): letters swapped, lost, doubled or struck beside."""
    letters = sum(len(w) for w in name)
    out = name
    for _ in range(2 if letters >= 14 and rng.random() < 0.25 else 1):
        out = _slip(out, rng)
    return out if out != name else None


def translit_typo(name: Words, rng: random.Random) -> Words | None:
    """Another romanisation, and a slip in it."""
    changed = rng.choice((translit, regional))(name, rng)
    return typo(changed, rng) if changed else None


def titled(name: Words, rng: random.Random) -> Words:
    """A title or a kunya put before the name."""
    if rng.random() < 0.5:
        return [rng.choice(_TITLES.split()), *name]
    return [rng.choice(_KUNYAS.split()), rng.choice(_SONS.split()), *name]


def nisba(name: Words, rng: random.Random) -> Words | None:
    """A by-name of origin put after the name."""
    added = rng.choice([n for n in _NISBAS.split() if n.lower() not in " ".join(name).lower()])
    return [*name, added]


def _rewrite(name: Words, rng: random.Random, rules: list[tuple[str, tuple[str, ...]]]) -> Words | None:
    spelled = [w.lower() for w in name]
    wanted = rng.choice((1, 2, 2, 3))
    for _attempt in range(40):
        i = rng.randrange(len(spelled))
        pattern, ways = rng.choice(rules)
        if not re.search(pattern, spelled[i]):
            continue
        new = re.sub(pattern, rng.choice(ways), spelled[i], count=1)
        if new != spelled[i] and len(new) > 1:
            spelled[i] = new
            wanted -= 1
            if not wanted:
                break
    out = " ".join(spelled).split()
    return [w.capitalize() for w in out] if out != [w.lower() for w in name] else None


def _slip(name: Words, rng: random.Random) -> Words:
    long = [i for i, w in enumerate(name) if len(w) >= 4 and w.isalpha()]
    if not long:
        return name
    at = rng.choice(long)
    word, k = name[at], rng.randrange(1, len(name[at]) - 1)
    near = rng.choice(_NEAR.get(word[k].lower(), "e"))
    changed = rng.choice(
        (
            word[:k] + word[k + 1] + word[k] + word[k + 2 :],
            word[:k] + word[k + 1 :],
            word[:k] + word[k] + word[k:],
            word[:k] + near + word[k + 1 :],
        )
    )
    return [*name[:at], changed, *name[at + 1 :]]
