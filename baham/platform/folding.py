"""Text brought to one form for finding: case and accents off, Arabic-script letters that are written alike together."""

import re
import unicodedata

_LIKE = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ې": "ی",
        "ۍ": "ی",
        "ئ": "ی",
        "ك": "ک",
        "ګ": "گ",
        "ة": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ۀ": "ه",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ؤ": "و",
        "ـ": None,
        "\u200c": " ",
        "\u200d": None,
    }
)
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The text as it is looked for: NFKD without marks, case-folded, Arabic-script look-alikes brought together."""
    if text.isascii():
        return text.lower()
    bare = unicodedata.normalize("NFKD", text.translate(_LIKE))
    return "".join(char for char in bare if not unicodedata.combining(char)).casefold().translate(_LIKE)


def words(text: str) -> list[str]:
    """The words of a text, folded, in their order."""
    return _WORD.findall(fold(text))
