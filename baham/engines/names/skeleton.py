"""The keys of one token: a folded spelling, a sound key and a consonant skeleton.

The skeleton is shared by Latin and by Arabic, Persian, Urdu and Pashto letters, so one person written in two
scripts meets without a model. Capital letters are sounds that take two Latin letters: S=sh, C=ch, X=kh, G=gh.
Deliberate merges: p with b (Arabic has no p), th with s and dh with z (ث is s in Persian and Urdu, ذ is z),
final h is silent, w and y count only at the start.
"""

import re

_DIGRAPHS = (
    ("tsch", "C"),
    ("tch", "C"),
    ("sch", "S"),
    ("chh", "C"),
    ("ch", "C"),
    ("sh", "S"),
    ("kh", "X"),
    ("gh", "G"),
    ("th", "s"),
    ("dh", "z"),
    ("zh", "z"),
    ("dz", "z"),
    ("dj", "j"),
    ("ph", "f"),
    ("ck", "k"),
)
_DIGRAPH = re.compile("|".join(a for a, _ in _DIGRAPHS))
_DIGRAPH_OF = dict(_DIGRAPHS)
_SOFT_C = re.compile("c(?=[eiy])")
_REPEAT = re.compile(r"(.)\1+")
_LATIN_SOUND = str.maketrans(
    {"a": "", "e": "y", "i": "y", "o": "w", "u": "w", "v": "w", "p": "b", "q": "k", "c": "k", "x": "ks"}
)
_FOLD = (
    (re.compile("tsch|tch"), "ch"),
    (re.compile("sch"), "sh"),
    (re.compile("ph"), "f"),
    (re.compile("ck|q"), "k"),
    (re.compile("c(?=[eiy])"), "s"),
    (re.compile("c(?!h)"), "k"),
    (re.compile("x"), "ks"),
    (re.compile("dj"), "j"),
    (re.compile("dz|dh|zh"), "z"),
    (re.compile("th"), "t"),
    (re.compile("gh"), "g"),
    (re.compile("oo|ou|o"), "u"),
    (re.compile("ee"), "i"),
    (re.compile("v"), "w"),
    (re.compile("(?<=.)y"), "i"),
)
_CODE = re.compile("[b-df-hj-np-tv-xz]{2,4}")
_APART = re.compile(r"\(\?.*?\)")
# Which texts a word must have for a pattern to be worth trying; most words have few of them, and to look costs little.
_FOLD_WHERE = [(tuple(_APART.sub("", pattern.pattern).split("|")), pattern, put) for pattern, put in _FOLD]
_ULLAH = re.compile("[aeou]+l+ah?$")
_UDDIN = re.compile(r"(?<=..)(?:[aeou]|oo|ou|i)?[ld]?d+(?:i|ee|y)ne?$")
_ARABIC_LETTER = re.compile("[\u0600-\u06ff]")
# Xi and Hsi: one Chinese sound in two romanisations.
_CHINESE = re.compile("^(?:x|hs)(?=[aeiou])")
_FINAL_H = re.compile("(?<=[aeiou])h$")

_ARABIC = {
    "ا": "a",
    "آ": "a",
    "أ": "a",
    "إ": "a",
    "ٱ": "a",
    "ع": "a",
    "ء": "",
    "ب": "b",
    "پ": "p",
    "ڤ": "w",
    "ت": "t",
    "ط": "t",
    "ټ": "t",
    "ٹ": "t",
    "ث": "s",
    "ج": "j",
    "چ": "C",
    "څ": "s",
    "ځ": "z",
    "ح": "h",
    "خ": "X",
    "د": "d",
    "ډ": "d",
    "ڈ": "d",
    "ذ": "z",
    "ر": "r",
    "ړ": "r",
    "ڑ": "r",
    "ز": "z",
    "ژ": "z",
    "ږ": "g",
    "س": "s",
    "ص": "s",
    "ش": "S",
    "ښ": "S",
    "ض": "z",
    "ظ": "z",
    "غ": "G",
    "ف": "f",
    "ق": "k",
    "ک": "k",
    "ك": "k",
    "ڪ": "k",
    "گ": "g",
    "ګ": "g",
    "ڭ": "n",
    "ل": "l",
    "ڵ": "l",
    "م": "m",
    "ن": "n",
    "ں": "n",
    "ڼ": "n",
    "و": "w",
    "ؤ": "w",
    "ۆ": "w",
    "ۇ": "w",
    "ه": "h",
    "ہ": "h",
    "ۀ": "h",
    "ۂ": "h",
    "ۃ": "h",
    "ة": "h",
    "ھ": "h",
    "ە": "h",
    "ي": "y",
    "ی": "y",
    "ى": "y",
    "ې": "y",
    "ۍ": "y",
    "ئ": "y",
    "ے": "y",
    "ۓ": "y",
    "ێ": "y",
}
_ARABIC_SOUND = str.maketrans(_ARABIC)
# Do-chashmi he marks an aspirate, which Latin writes th, dh, kh, gh, ph, ch: give it the sound those digraphs get.
_ASPIRATE = (("تھ", "ث"), ("ٹھ", "ث"), ("دھ", "ذ"), ("ڈھ", "ذ"), ("کھ", "خ"), ("گھ", "غ"), ("پھ", "ف"), ("چھ", "چ"))
# Letters that are written one way or another, in one form.
_ONE_FORM = str.maketrans("يىكةۀہھأإآٱؤئے", "ییکههههااااویی")
_KEY_OF = str.maketrans({"S": "sh", "C": "ch", "X": "kh", "G": "g"})


def is_arabic(token: str) -> bool:
    """True where the token is written in letters of the Arabic script."""
    return not token.isascii() and _ARABIC_LETTER.search(token) is not None


def one_form(word: str) -> str:
    """A word of the Arabic script with one form for letters that are written one way or another: for looking it up."""
    return word.translate(_ONE_FORM)


def keys_of(word: str) -> tuple[str, str, str]:
    """(spelled, sound, skeleton) of a lower-case word in either script, endings -ullah and -uddin in one form."""
    if is_arabic(word):
        word = word.replace("\u200c", "")
        joined = len(word) > 5 and word.endswith(("الدین", "الدين"))
        return arabic_keys(word[:-5] + "دین" if joined else word)
    if len(word) >= 6 and word.isalpha():
        if _ULLAH.search(word):
            word = _ULLAH.sub("ulah", word)
        elif word.endswith(("din", "deen", "dine", "ddin")):
            word = _UDDIN.sub("udin", word)
    return latin_keys(word)


def latin_keys(token: str) -> tuple[str, str, str]:
    """(folded, sound, skeleton) of a lower-case ASCII token; all three are ASCII and may be empty."""
    if token[:1] in ("x", "h"):
        token = _CHINESE.sub("s", token)
    plain = _REPEAT.sub(r"\1", token) if not token.isdigit() else token
    folded = _FINAL_H.sub("", token)
    for needed, pattern, put in _FOLD_WHERE:
        for text in needed:
            if text in folded:
                folded = pattern.sub(put, folded)
                break
    if not token.isdigit():
        folded = _REPEAT.sub(r"\1", folded)
    sound = _SOFT_C.sub("s", _DIGRAPH.sub(lambda m: _DIGRAPH_OF[m.group()], plain)).translate(_LATIN_SOUND)
    if _CODE.fullmatch(token):
        return folded, sound, token  # letters that stand for words: v is not w there, nor q k
    first_is_consonant = plain[:1] in ("w", "v", "y")
    return folded, *_finish(sound, first_is_consonant)


def arabic_keys(token: str) -> tuple[str, str, str]:
    """(spelled, sound, skeleton) of a token in the Arabic script; `spelled` keeps every letter, long vowels too."""
    for pair, letter in _ASPIRATE:
        token = token.replace(pair, letter)
    letters = _REPEAT.sub(r"\1", token.translate(_ARABIC_SOUND))
    letters = "".join(c for c in letters if c.isascii() and c.isalnum())
    spelled = letters.translate(_KEY_OF)
    return spelled, *_finish(letters.replace("p", "b").replace("a", ""), letters[:1] in ("w", "y"))


def _finish(sound: str, first_is_consonant: bool) -> tuple[str, str]:
    if len(sound) > 1 and sound.endswith("h"):
        sound = sound[:-1]
    head = sound[:1] if first_is_consonant else sound[:1].replace("w", "").replace("y", "")
    return sound, head + sound[1:].replace("w", "").replace("y", "")
