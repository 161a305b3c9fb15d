"""From a name as someone wrote it to the tokens the engine compares.

Bounded work whatever arrives: at most MAX_CHARS characters are read and MAX_TOKENS tokens of MAX_TOKEN letters
kept.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from rigour.names import replace_org_types_compare
from rigour.text.translit import ascii_text

from . import bodies, forms
from .frequency import bits
from .lexicon import Known, abbreviated, known, syllable_number
from .numbers import in_digits
from .skeleton import is_arabic, keys_of, one_form

MAX_CHARS = 400
MAX_TOKENS = 10
MAX_TOKEN = 32
MAX_ACRONYM = 7

KINDS = PLAIN, TITLE, PREFIX, KUNYA, FORM, NUMBER, ACRONYM = 0, 1, 2, 3, 4, 5, 6
_TITLE_BITS = 1.0
_FORM_BITS = 0.7
_USUAL_BITS = 5.0
_PLACE_BITS = 6.0
_SYLLABLE_BITS = 6.0
_PREFIX_BITS = 1.5
_KUNYA_SHARE = 0.7


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LOOKALIKE = str.maketrans(
    "аеорсухіјѕԁһАВЕКМНОРСТХІЈЅαοερνικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxijsdhABEKMHOPCTXIJSaoepvikABEZHIKMNOPTYX"
)
# With the vowel signs of the scripts of India and Thailand, which are no letters by themselves.
_WORD = re.compile(r"(?:[^\W_]|[\u0900-\u0963\u0966-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])+")
# "Ign0r1nt": a digit between letters is a letter in disguise.
_LETTER_FOR = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "9": "g"}
# Han characters and Hangul syllables.
_SYLLABLE = re.compile("([\u3400-\u9fff\uac00-\ud7a3])")
_DIGIT_FOR_LETTER = re.compile("(?<=[a-z])[0134579](?=[a-z])")
_LETTER = re.compile(r"[^\W\d_]")
_LATIN_LETTER = re.compile("[a-zA-Z]")
# Letters with points between them are one word: "a.b.c."
_LETTERS = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}[^\W\d_]\.?(?!\w)")
# "45,807" is a number; "s/o" is son of.
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_COUNTRIES = {
    "united states of america": "usa",
    "united states": "usa",
    "u.s.a.": "usa",
    "u.s.": "usa",
    "united kingdom": "uk",
    "u.k.": "uk",
    "united arab emirates": "uae",
    "u.a.e.": "uae",
}
_COUNTRY = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _COUNTRIES))})(?!\w)")
# "GmbH and Co. KG" is one form as "GmbH & Co. KG" is.
_AND_CO = re.compile(r"(?<!\w)and (?=co(?!\w))")
_FORM_BEHIND = re.compile("([\u0400-\u04ff]{3,})(gmbh|llc|ltd|limited|inc|corp|plc)")
# The Persian "of", written as a letter of its own: Lashkar-e-Taiba.
_EZAFE = re.compile(r"(?<=\w\w)-[ei](?=[\s-])")
_CHILD_OF = re.compile(r"(?<!\w)[sdwSDW]/[oO](?!\w)\.?")
_APOSTROPHES = "'’‘`ʿʾʼʻ´ˈ′"
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")

_TITLES = _words(
    """haji hajji hajj haj alhaj alhaji mullah mulla mollah molla maulvi maulavi molvi moulvi mawlawi maulawi
    mowlawi mawlavi mawlana maulana moulana mulana qari ghari hafiz hafez shaikh sheikh shaykh sheik cheikh dr
    doctor eng engineer ing gen general colonel col major maj capt captain lt lieutenant brig brigadier mr mrs
    ms miss professor prof ustad ustaz ustadh imam ayatollah hojatoleslam akhund akhond akhand sahib saheb sir
    sardar malik mufti qazi hazrat maalim moalim mualim hj hji alh sh shk hfz hf mvi molv mst mstt musammat engr
    adv brg sgt drs tgk"""
) | _words(
    """حاجی حاجي الحاج حاج ملا مولوی مولوي مولانا قاری قاري حافظ شیخ شيخ الشیخ الشيخ دکتر دكتور ڈاکٹر مفتی استاد
    انجینئر جنرال آخوند اخوند صاحب قاضی سردار حضرت امام آیت"""
)
# At the end of a name these are more often a family name than a title.
_FAMILY = _words("malik sheikh shaikh shaykh sheik cheikh sardar qazi mufti imam hafiz hafez") | _words(
    "ملک شیخ شيخ سردار قاضی مفتی امام حافظ"
)
_DROPPED = _words("the bin ibn ben bint binti binte ould wuld al el ul ur as-") | _words("بن ابن بنت آل ال ولد و")
_SUN = _words("ar as ash ad at az an us ush ud ut uz un er es")
_PARTICLES = _DROPPED | _SUN
# The article written together with what follows: "Almadani", "Azzawahiri".
_AL_JOINED = re.compile(r"^(?:[ae]l(?=[^aeioul])|a(?P<sun>sh|[stzdrn])(?=(?P=sun)))(?P<rest>[a-z]{4,})$")
# What lists put behind a name in the same field.
_NOTE = re.compile(
    r"(?<=\w)\W+(?:born\s+(?:on\s+|in\s+|circa\s+|c\.\s*)?\d|(?:date|place|year) of birth|d\.?o\.?b\b"
    r"|passport\s+(?:no|n°|number)|nationality\s*:).*",
    re.DOTALL,
)
_KUNYAS = _words("abu abou abo aboo abi umm um oum ابو أبو ابی أبي ابي ام أم")
_ABD_JOINED = re.compile(
    r"^abd(?:(?:u|e|a|o|oo|ou)(?:l|r(?=r)|s(?=s)|n(?=n)|z(?=z)|d(?=d)|t(?=t))|[aeiou]{1,2}(?=[rszn]))(?P<rest>[a-z]{3,})$"
)
_MUHAMMAD_JOINED = re.compile(r"^(?P<first>m[uo]ham+[ae]d)(?P<rest>(?!i$|ov|zad)[a-z]{3,})$")
_ABD_WORDS = _words("""abd abdul abdal abdel abdol abdoul abdool abdur abdus abdush abdun abduz abdud abdi abed""")
_ALLAH = _words("allah ullah ollah ulla alla elah ulah الله اللہ اللّه الّله")
_ALLAH_TAIL = re.compile(r"(?:[aeou]|ou|oo)?ll?ah?$")
_DIN = _words("din deen dine dean uddin udin eddin eddine الدین الدين")
_UR_NEXT = _words("rahman rehman rahim haq haque islam karim hasan amin huda hoda qadir aziz")
_AL_KEEP = _words("الله اللہ الیاس الياس الهام الطاف الف الما البا")


class Token(NamedTuple):
    """One comparable part of a name: `text` as shown to people, three keys, whether Arabic script, its kind, its
    bits, and the numbers of the known names it is a spelling of (0: none)."""

    text: str
    key: str
    sound: str
    skeleton: str
    arabic: bool
    kind: int
    bits: float
    name: int = 0
    other: int = 0


def clean(name: str) -> str:
    """The name with one form for each letter: NFKC, no invisible or vowel marks, no lone surrogates, case folded."""
    text = name[:MAX_CHARS]
    if text.isascii():
        return text.translate(_SHOWN).casefold()
    text = unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode("utf-8"))[:MAX_CHARS]
    # Twice, because folding case may leave a form that is not yet composed (the Turkish dotted capital I).
    return unicodedata.normalize("NFKC", text.translate(_SHOWN).casefold()).translate(_SHOWN)[:MAX_CHARS]


class _Shown(dict[int, int | None]):
    """A table for str.translate that drops what is not seen and makes digits of every script 0 to 9. It learns each
    character when it first comes by."""

    def __missing__(self, code: int) -> int | None:
        char = chr(code)
        dropped = char == "ـ" or char in _APOSTROPHES or _invisible(char)
        digit = unicodedata.decimal(char, None)
        self[code] = None if dropped else code if digit is None else ord(str(digit))
        return self[code]


def _invisible(char: str) -> bool:
    category = unicodedata.category(char)
    if category in ("Cf", "Co", "Cs", "Cn") or (category == "Cc" and char not in "\t\n\r"):
        return True
    # Marks of Arabic and Hebrew are optional in writing; those of Indian scripts are vowels and stay.
    return category == "Mn" and ("\u0590" <= char <= "\u08ff" or "\u0300" <= char <= "\u036f")


_SHOWN = _Shown()


@lru_cache(maxsize=1 << 16)
def tokenise(name: str) -> tuple[Token, ...]:
    """The comparable tokens of a name in reading order; empty when the name has no letter.

    Titles, kunya and Abd- markers stay as tokens of low weight; particles (al, bin) go; "Gul-ud-Din" and
    "Hafiz Ullah" join.
    """
    words = _latinise(_short_forms(_without_notes(clean(name))))
    if not _LETTER.search(" ".join(words)):
        return ()
    words, body = _codes(words), _is_body(words)
    parts = _compounds(in_digits(words, body))
    if body:
        parts = [(word, _in_bodies(word, kind)) for word, kind in parts]
    if all(kind in (TITLE, PREFIX, FORM) for _, kind in parts):
        parts = [(word, PLAIN) for word, _ in parts]
    out: list[Token] = []
    for word, kind in parts:
        token = _token(word[:MAX_TOKEN], kind)
        if token.key:
            out.append(token)
    if len(out) > MAX_TOKENS:
        # Rare parts identify; the weakest of a very long name are let go, order kept.
        keep = sorted(sorted(range(len(out)), key=lambda i: (-out[i].bits, i))[:MAX_TOKENS])
        out = [out[i] for i in keep]
    if body and len(out) < MAX_TOKENS and (letters := _initials(out)):
        out.append(_token(letters, ACRONYM))
    return tuple(out)


def _in_bodies(word: str, kind: int) -> int:
    """The kind of a word in the name of a body: *of* says nothing, and *General Company* is no officer."""
    if kind == PLAIN and one_form(word) in bodies.LITTLE:
        return FORM
    return PLAIN if kind == TITLE and one_form(word) in bodies.USUAL else kind


def _initials(tokens: list[Token]) -> str:
    """The first letters of the words of a body's name; "" for fewer than three or more than MAX_ACRONYM."""
    words = [t.text for t in tokens if t.kind == PLAIN or (t.kind == FORM and t.text in bodies.USUAL)]
    letters = "".join(word[0] for word in words)
    return letters if 3 <= len(letters) <= MAX_ACRONYM and letters.isascii() and letters.isalpha() else ""


def _without_notes(text: str) -> str:
    """The name alone, where a list wrote more into its field ("..., born 1 Jan. 1953 (passport no. ...)")."""
    if any(c.isdigit() for c in text) or ":" in text:
        return _NOTE.sub("", text)
    return text


def _short_forms(text: str) -> str:
    """Legal forms of companies in one short form ("joint stock company", "gesellschaft mit..."), & as and."""
    text = replace_org_types_compare(forms.without_phrases(_AND_CO.sub("& ", text))).replace("&", " and ")
    if "united" in text or "u." in text:
        text = _COUNTRY.sub(lambda m: _COUNTRIES[m[0]], text)
    if "," in text:
        text = _THOUSANDS.sub("", text)
    if "/" in text:
        text = _CHILD_OF.sub(" bin ", text).replace("в/ч", "войсковая часть")
    if "-" in text:
        text = _EZAFE.sub(" ", text)
    if "." not in text:
        return text
    return _LETTERS.sub(lambda m: m[0].replace(".", ""), text)


def _is_body(words: list[str]) -> bool:
    """Whether a word or a legal form says that this is the name of a body."""
    return len(words) > 1 and (bodies.says_so(words) or any(forms.is_form(word, False) for word in words))


def _codes(words: list[str]) -> list[str]:
    """Letters that stand alone are one word where they are an abbreviation (`Q R V`): three or more, or two that have
    only a number, a legal form or a usual word beside them; two before a name are initials of a person."""
    if not any(len(word) == 1 for word in words):
        return words
    out: list[str] = []
    i = 0
    while i < len(words):
        end = i
        while end < len(words) and _is_letter(words[end]):
            end += 1
        others = words[:i] + words[end:]
        if end - i > 2 or (end - i == 2 and all(map(_says_little, others))):
            out.append("".join(words[i:end]))
            i = end
        else:
            out.append(words[i])
            i += 1
    return out


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha() and word != "و" and not _SYLLABLE.match(word)


def _says_little(word: str) -> bool:
    return word.isdigit() or forms.is_form(word, True) or one_form(word) in bodies.USUAL


def _latinise(text: str) -> list[str]:
    words: list[str] = []
    for word in _WORD.findall(text)[: MAX_TOKENS * 4]:
        if word.isascii() and word.isalpha():
            words.append(word)
        else:
            words.extend(_in_letters(word))
    return [forms.apart(word) for word in words] if len(words) < MAX_TOKENS * 4 else words


@lru_cache(maxsize=1 << 15)
def _in_letters(word: str) -> tuple[str, ...]:
    """A word in Latin or Arabic letters; it may come to several words, or to none."""
    if word.isascii():
        return (_DIGIT_FOR_LETTER.sub(lambda m: _LETTER_FOR[m[0]], word),)
    if is_arabic(word):
        return tuple(_split_scripts(word))
    if found := _FORM_BEHIND.fullmatch(word):
        return (*_in_letters(found[1]), found[2])
    if _SYLLABLE.search(word):
        # Each is a part of its own, told apart as written: one more stroke is another name.
        return tuple(w for run in _SYLLABLE.split(word) if run for w in _syllables(run))
    if _LATIN_LETTER.search(word):
        word = word.translate(_LOOKALIKE)
        bare = "".join([c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)])
        if bare.isascii() and bare.isalnum():
            return (bare.lower(),)  # letters that only bear marks: as ICU has them, in a fiftieth of its time
    return tuple(_WORD.findall(_APOSTROPHE.sub("", ascii_text(word)).lower().replace("-", "")))


def _syllables(run: str) -> tuple[str, ...]:
    return (run,) if _SYLLABLE.fullmatch(run) else _in_letters(run)


def _spoken(text: str) -> str:
    """Han characters or Hangul syllables in Latin letters; Korean as names are usually written (Kim Jong Un), not by
    the Revised Romanisation (Gim Jeong Eun)."""
    sound = "".join(c for c in ascii_text(text).lower() if c.isascii() and c.isalnum())
    if "\uac00" <= text[0] <= "\ud7a3":
        sound = sound.replace("eo", "o").replace("eu", "u")
        ends = {"g": "k", "d": "t", "b": "p"}
        sound = ends.get(sound[:1], sound[:1]) + sound[1:]
        sound = sound[:-1] + ends.get(sound[-1:], sound[-1:]) if not sound.endswith("ng") else sound
    return sound


def _split_scripts(word: str) -> list[str]:
    """A word that changes between Arabic and other letters midway is two words."""
    if all("\u0600" <= c <= "\u06ff" for c in word):
        return [word]
    runs = ["".join(r) for r in _runs(word)]
    return [w for r in runs for w in ([r] if is_arabic(r) else _WORD.findall(ascii_text(r).lower()))]


def _runs(word: str) -> list[list[str]]:
    runs: list[list[str]] = []
    for char in word:
        if runs and is_arabic(runs[-1][-1]) == is_arabic(char):
            runs[-1].append(char)
        else:
            runs.append([char])
    return runs


def _compounds(words: list[str]) -> list[tuple[str, int]]:
    out: list[tuple[str, int]] = []
    i = 0
    while i < len(words):
        word, following = words[i], words[i + 1] if i + 1 < len(words) else ""
        if word in _KUNYAS and following:
            out.append(("ابو" if is_arabic(word) else "abu", PREFIX))
            if following in _DROPPED and i + 2 < len(words):
                i += 1
                following = words[i + 1]
            out.append((_strip_al(following), KUNYA))
            i += 2
        elif (word in _ABD_WORDS or word in ("عبد", "عبدال") or _is_abd(word, following)) and following:
            i += 1
            if following in _PARTICLES and i + 1 < len(words) and words[i] not in _ALLAH:
                i += 1
            if words[i] in _ALLAH:
                out.append(("عبدالله" if is_arabic(word) else "abdullah", PLAIN))
            else:
                out.append(("عبد" if is_arabic(word) else "abd", PREFIX))
                out.append((_strip_al(words[i]), PLAIN))
            i += 1
        elif following in _ALLAH:
            out.append((_tail(word) + ("الله" if is_arabic(word) else "ullah"), PLAIN))
            i += 2
        elif (following in _DIN or (following in _PARTICLES and words[i + 2 : i + 3] and words[i + 2] in _DIN)) and (
            word not in _DROPPED and word not in _SUN and word not in _TITLES
        ):
            out.append((word + ("الدین" if is_arabic(word) else "uddin"), PLAIN))
            i += 2 if following in _DIN else 3
        else:
            # What follows matters to few words; the others are looked at once, whatever follows.
            if word not in _SUN and word[-2:] not in ("ul", "ur"):
                following = following and "…"
            out.extend(_single(word, following, bool(out) or bool(following), not out or not following))
            i += 1
    return out


def _is_abd(word: str, following: str) -> bool:
    """Whether this is short for Abdul ("Ab. Karim"), and not the legal form of a company."""
    return word == "ab" and known(keys_of(following)[0], is_arabic(following)).number > 0


def _tail(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "ui" and word.isascii() else word


@lru_cache(maxsize=1 << 16)
def _single(word: str, following: str, company: bool, at_an_end: bool) -> list[tuple[str, int]]:
    if word.isdigit():
        return [(word, NUMBER)]
    if company and word in _DROPPED:
        return []
    if word in _SUN and following[:1] == word[-1]:
        return []
    if company and forms.is_form(word, at_an_end):
        return [(word, FORM)]
    if company and word in _TITLES and (following or word not in _FAMILY):
        return [(word, TITLE)]
    if is_arabic(word):
        if word.startswith("عبدال") and len(word) > 7 and word[5:] not in ("له", "لہ", "لة"):
            return [("عبد", PREFIX), (word[5:], PLAIN)]
        return [(_strip_al(word), PLAIN)]
    if (
        (joined := _ABD_JOINED.match(word))
        and not _ALLAH_TAIL.fullmatch(joined["rest"])
        and joined["rest"] not in ("lah", "ahi")
    ):
        return [("abd", PREFIX), (joined["rest"], PLAIN)]
    if (joined := _MUHAMMAD_JOINED.match(word)) and not _ALLAH_TAIL.fullmatch(joined["rest"]):
        return [(joined["first"], PLAIN), (joined["rest"], PLAIN)]
    if (joined := _AL_JOINED.match(word)) and _follows_al(word, joined["rest"]):
        return [(joined["rest"], PLAIN)]
    if word[-2:] in ("ul", "ur") and len(word) > 4 and following in _UR_NEXT:
        return [(word[:-2], PLAIN)]
    return [(word, PLAIN)]


def _follows_al(word: str, rest: str) -> bool:
    """Whether the rest is a name by itself, and the whole is none."""
    if known(keys_of(word)[0], False).number:
        return False
    return known(keys_of(rest)[0], False).number > 0 or (len(rest) > 4 and rest[-1] == "i")


def _strip_al(word: str) -> str:
    if word.startswith("ال") and len(word) > 4 and word not in _AL_KEEP:
        return word[2:]
    return word


@lru_cache(maxsize=1 << 17)
def _token(word: str, kind: int) -> Token:
    arabic = is_arabic(word)
    syllable = _SYLLABLE.fullmatch(word) is not None
    # "지 ud-Din" comes here as one word of two scripts.
    key, sound, skeleton = keys_of(word if arabic or word.isascii() else _spoken(word))
    found = Known(syllable_number(key), 0.0) if syllable else abbreviated(word) or known(key, arabic)
    if not found.number and (usual := bodies.NUMBERED.get(one_form(word))):
        found = Known(usual, found.share)
    weight = bits(key, skeleton, arabic, found.share)
    if syllable:
        weight = min(weight, _SYLLABLE_BITS)
    if kind == TITLE:
        weight = _TITLE_BITS
    elif kind == PREFIX:
        weight = _PREFIX_BITS
    elif kind == KUNYA:
        weight *= _KUNYA_SHARE
    elif kind == FORM:
        weight = _FORM_BITS
    elif one_form(word) in bodies.USUAL:
        weight = min(weight, _USUAL_BITS)
    elif one_form(word) in bodies.PLACES:
        weight = min(weight, _PLACE_BITS)
    return Token(word, key, sound, skeleton, arabic, kind, weight, found.number, found.other)
