"""What may hide in a value that came from elsewhere, and how it is shown without doing harm.

Values are stored as they stood. What is odd about them is said beside them as a flag, and they are disarmed on the way
out: on a page, in a terminal, in a spreadsheet.
"""

import re
import unicodedata

# Unicode UAX #9 explicit directional marks: they can make a line read as something that it is not (CVE-2021-42574).
BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# A spreadsheet runs a cell that begins with one of these (OWASP, CSV injection). Full-width forms fold to the same.
FORMULA_STARTS = frozenset("=+-@\t\r＝＋－＠")
_CELLS = re.compile(r"([;|\t\n\r])")
"""What ends a cell in one locale or another, beside the comma."""
_KEPT_CONTROLS = frozenset("\n\t\u200c\u200d")  # line ends; the joiners that Persian, Urdu and Pashto spelling needs

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") and char not in _KEPT_CONTROLS


def flags(value: str) -> tuple[str, ...]:
    """What is odd about a value, as stable words: `bidi`, `control`, `formula`, `replacement`. Empty if nothing is."""
    if value.isascii() and value.isprintable() and value[:1] not in FORMULA_STARTS:
        return ()
    found = []
    if any(char in BIDI_CONTROLS for char in value):
        found.append("bidi")
    if any(_is_control(char) and char not in BIDI_CONTROLS for char in value):
        found.append("control")
    if looks_like_formula(value):
        found.append("formula")
    if "\ufffd" in value:
        found.append("replacement")
    return tuple(found)


def storable(value: str) -> str:
    """The value with what no database holds (NUL, lone surrogates) replaced by U+FFFD, which `flags` then reports."""
    if value.isascii() and "\0" not in value:
        return value
    return "".join("\ufffd" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in value)


def looks_like_formula(value: str) -> bool:
    """Whether a spreadsheet might run the value. A telephone or plain number with a sign is not a formula."""
    if value[:1] not in FORMULA_STARTS:
        return False
    rest = value[1:].replace(" ", "").replace("-", "").replace("(", "").replace(")", "")
    return not (value[0] in "+-" and rest.replace(".", "", 1).isdigit())


def visible(value: str) -> str:
    """The value with every hidden control written out as ⟨U+202E⟩, for pages and terminals."""
    if (value.isascii() and value.isprintable()) or not any(_is_control(char) for char in value):
        return value
    return "".join(f"⟨U+{ord(char):04X}⟩" if _is_control(char) else char for char in value)


def for_spreadsheet(value: str) -> str:
    """The value as a cell that no spreadsheet will run: hidden controls written out, a formula behind an apostrophe.

    Where a spreadsheet separates by semicolons or tabs, as in many locales, it ends the cell there and does not see the
    quotes around it; so what follows such a separator is looked at as a cell of its own.
    """
    return "".join(_disarmed(part) for part in _CELLS.split(visible(value)))


def _disarmed(cell: str) -> str:
    return f"'{cell}" if looks_like_formula(cell.lstrip(' "')) else cell


def isolated(value: str) -> str:
    """The value between isolates (UAX #9 FSI, PDI), so that its direction cannot reorder the line around it."""
    return f"{FIRST_STRONG_ISOLATE}{visible(value)}{POP_ISOLATE}"


def script_of(value: str) -> str:
    """The script that most letters of the value belong to: `Arab`, `Latn`, `Cyrl`, `Hans`, … or `Zyyy` (ISO 15924)."""
    counts: dict[str, int] = {}
    for char in value:
        if char.isalpha():
            word = unicodedata.name(char, "").split(" ", 1)[0]
            counts[word] = counts.get(word, 0) + 1
    if not counts:
        return "Zyyy"
    return _SCRIPTS.get(max(counts, key=lambda word: counts[word]), "Zzzz")


_SCRIPTS = {
    "ARABIC": "Arab",
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "CJK": "Hani",
    "HANGUL": "Hang",
    "HEBREW": "Hebr",
    "GREEK": "Grek",
    "DEVANAGARI": "Deva",
    "GEORGIAN": "Geor",
    "ARMENIAN": "Armn",
    "KATAKANA": "Kana",
    "HIRAGANA": "Hira",
    "THAI": "Thai",
    "BENGALI": "Beng",
    "GURMUKHI": "Guru",
    "FULLWIDTH": "Latn",
}
