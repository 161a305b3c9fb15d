"""Numbers in names: `22nd`, `twenty-second`, `XXII`, `۲۲` and `بائیس` are one number, brought to the digits 22.

The words are in `numbers.txt`; Roman numerals to 999. A word that is also a name or an ordinary word (`Xi`, `سی`)
counts as a number only beside what says so: a word of bodies, another number, or a word such as `No.`.
"""

import re
from functools import lru_cache
from pathlib import Path

from .bodies import USUAL
from .forms import is_form
from .skeleton import one_form

_AND = ("and", "و")
# Abdul Wahid and Abdul Ahad are called after the One.
_BEFORE_NAMES = frozenset(
    ["abd", "abdul", "abdal", "abdel", "abdol", "abdoul", "abdu", "abu", "عبد", "عبدال", "ابو", "ابن", "بن"]
)
_HUNDRED, _THOUSAND = -100, -1000


def _table() -> tuple[dict[str, int], frozenset[str]]:
    """Each word with its number (below zero: so many times what stands before), and the words that may be another."""
    found: dict[str, int] = {}
    doubtful = set[str]()
    for line in Path(__file__).with_name("numbers.txt").read_text(encoding="utf-8").splitlines():
        if line and line[0] != "#":
            number, *words = line.split()
            value = -int(number[1:]) if number[0] == "x" else int(number)
            found.update((word.rstrip("?"), value) for word in words)
            doubtful.update(word[:-1] for word in words if word[-1] == "?")
    return found, frozenset(doubtful)


_VALUES, _DOUBTFUL = _table()
_ROMAN = re.compile(r"(?=[ivxlcd])(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})")
_ROMAN_VALUE = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
# Words and names that are spelled as numerals are: numbers only at the end of the name of a body.
_NO_NUMERALS = frozenset(
    re.findall(r"\w+", "dix div civ dil lil mix mil lix lid did cd dc cv dv cc ci di li cl dl cx lv dx xl xc lx mi")
)
_IN_BODIES = frozenset(["vi", "xi", "i", "v", "x", "xl", "lx", "xc"])
_IN_FRONT = frozenset(["vi", "xi", "v", "x"])
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|واں|ویں|وان|وين|م|ام|[йяе]|ая|ый|ой|го)")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\d{3})*")
_CODE = re.compile(r"([a-z]+)(\d+)|(\d+)([a-z]+)")
_ENDINGS = frozenset(["st", "nd", "rd", "th"])
_MARKS = frozenset(
    one_form(w)
    for w in ["no", "nr", "num", "number", "numero", "nomer", "nomor", "نمبر", "شماره", "رقم", "نومره", "شمیره"]
)


def in_digits(words: list[str], body: bool) -> list[str]:
    """The words with every number in digits, without leading zeros. `body`: whether some word says that this is the
    name of a body. Letters and digits written together are two words (`TR55` is `TR 55`); `No.` before a number goes.
    """
    if len(words) < 2:
        return words if not words or words[0].isalpha() else _apart(words[0])
    if not any(map(_may_count, words)):
        return words
    words = _together(words)
    out: list[str] = []
    i = 0
    while i < len(words):
        value, used = _number(words, i, body)
        if used:
            if out and one_form(out[-1]) in _MARKS:
                out.pop()
            out.append(str(value))
        else:
            out.extend(_apart(words[i]))
            if out[-1].isdigit() and len(out) > 1 and one_form(out[-2]) in _MARKS:
                del out[-2]
        i += max(used, 1)
        if out[-1].isdigit() and i < len(words) and words[i] in _ENDINGS:
            i += 1
    return out


def _together(words: list[str]) -> list[str]:
    """The words with a number in one that is written in groups of three digits (`1 000`, `1.250`)."""
    out: list[str] = []
    for word in words:
        if len(word) == 3 and word.isdecimal() and out and _GROUPED.fullmatch(out[-1]):
            out[-1] += word
        else:
            out.append(word)
    return out


@lru_cache(maxsize=1 << 15)
def _may_count(word: str) -> bool:
    """Whether there is anything of a number in a word, whatever stands beside it."""
    return not word.isalpha() or _ROMAN.fullmatch(word) is not None or _value(word, True)[1] is not None


def _apart(word: str) -> list[str]:
    """A word that holds digits: the number that it is an ordinal of, or letters and number."""
    if word.isalpha():
        return [word]
    if word.isdecimal():
        return [word.lstrip("0") or "0"]
    if found := _ORDINAL.fullmatch(word):
        return [found[1].lstrip("0") or "0"]
    if found := _CODE.fullmatch(word):
        return [part.lstrip("0") or "0" if part.isdecimal() else part for part in found.groups() if part]
    return [word]


def _number(words: list[str], i: int, body: bool) -> tuple[int, int]:
    """The number that begins at word i and how many words it takes; (0, 0) where none does."""
    if i and words[i - 1] in _BEFORE_NAMES:
        return 0, 0
    if (roman := _roman(words, i, body)) is not None:
        return roman, 1
    if (digits := _digit_by_digit(words, i)) is not None:
        return digits
    sure = body or (i > 0 and (words[i - 1].isdigit() or one_form(words[i - 1]) in _MARKS))
    total, current, used, known = 0, 0, 0, 0
    for k in range(i, len(words)):
        word = words[k]
        if used and word in _AND:
            continue
        spelled, value = _value(word, bool(used))
        grown = None if value is None else _grow(current, value)
        if value is None or grown is None:
            break
        known += 1
        sure = sure or spelled not in _DOUBTFUL
        total, current = (total + grown, 0) if value == _THOUSAND else (total, grown)
        used = k - i + 1
    return (total + current, used) if used and (sure or known > 1) else (0, 0)


def _digit_by_digit(words: list[str], i: int) -> tuple[int, int] | None:
    """The number that is spelled digit by digit (`One Zero One`) from word i on, and its words; None for another."""
    said: list[str] = []
    for word in words[i:]:
        spelled, value = (word, None) if word.isdigit() else _value(word, False)
        if value is None or not 0 <= value < 10 or spelled in _DOUBTFUL:
            break
        said.append(str(value))
    return (int("".join(said)), len(said)) if len(said) > 1 else None


def _value(word: str, inside: bool) -> tuple[str, int | None]:
    """A word as it is in the table, and its number, if it is one. `inside`: after a word of the same number."""
    if word.isascii():
        return word, int(word) if inside and word.isdigit() and len(word) == 1 else _VALUES.get(word)
    word = one_form(word)
    for spelled in (word, word.removeprefix("و") if inside else word):
        for plain in (spelled, spelled.removeprefix("ال")):
            if (value := _VALUES.get(plain)) is not None:
                return plain, value
    return word, None


def _grow(current: int, value: int) -> int | None:
    """The number so far with the next word's value; None where that word does not go on with it."""
    small = current % 100
    if value == _THOUSAND:
        return max(current, 1) * 1000
    if value == _HUNDRED:
        return max(current, 1) * 100 if current < 10 else None
    if value >= 100:
        return value if current == 0 else None
    if small == 0:
        return current + value
    if value < 10 and small >= 20 and small % 10 == 0:
        return current + value  # twenty two
    if small < 10 and value % 10 == 0 and value:
        return current + value  # اثنان وعشرون, خمسة عشر
    return None


def _roman(words: list[str], i: int, body: bool) -> int | None:
    word = words[i]
    if not word.isascii() or not _ROMAN.fullmatch(word):
        return None
    if word in _IN_BODIES or len(word) < 2 or word in _NO_NUMERALS:
        # "Fund V" and "XI Brigade", and not "Malcolm X", "Xi Jinping" or "Li Trading".
        sure = word in _IN_BODIES and len(word) > 1
        if not body or not ((i > 0 and (sure or _ends(words, i))) or (i == 0 and _leads(words))):
            return None
    values = [_ROMAN_VALUE[letter] for letter in word]
    return sum(-v if any(after > v for after in values[k + 1 : k + 2]) else v for k, v in enumerate(values))


def _leads(words: list[str]) -> bool:
    """Whether the first word is a numeral before the name of a body: no word or name is spelled so, or it is short and
    a usual word follows."""
    return words[0] in _IN_FRONT and (len(words) > 2 or one_form(words[1]) in USUAL)


def _ends(words: list[str], i: int) -> bool:
    """Whether word i follows a usual word and nothing but a legal form follows it."""
    return one_form(words[i - 1]) in USUAL and (i + 1 == len(words) or is_form(words[i + 1], True))
