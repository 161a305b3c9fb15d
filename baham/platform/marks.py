"""How a person's numbers, and the keys of their records, are found in text, however they were written there.

A number is found grouped or not, with any separators, in any digits, and only where it is whole: not inside a longer
number, and not in what a machine wrote (a moment, a hash, an id). A short one, which others may bear, and a key that
says no list count where they are the whole text; a key with its list (`list/key`, `list:key`) anywhere.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property

from baham.platform.folding import fold, words

LEAST = 5
"""Below this many letters and digits, nothing is a number that tells people apart."""
CERTAIN = 7
"""From this many on, a number names its bearer wherever it stands."""
_BETWEEN = r"[\W_]{0,4}"
_GLUE = "-\u00ad\u2010-\u2015\u2212."
"""What joins groups of digits into one number; what stands before or after it with a digit belongs to it."""
_NOT_AFTER = rf"(?<![0-9])(?<![0-9][{_GLUE}])"
_NOT_BEFORE = rf"(?![0-9])(?![{_GLUE}][0-9])"
_MACHINE = re.compile(
    r"(?<![0-9a-z-])(?:"
    r"[0-9a-f]{32,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?(?:[t ]\d\d:?\d\d(?::?\d\d)?(?:[.,]\d+)?)?(?:z|[+-]\d\d:?\d\d)?"
    r"|(?:19|20)\d{6}t\d{4,6}z?"
    r")(?![0-9a-z-])"
)
"""Hashes, UUIDs, days and moments, in folded text."""


def western(text: str) -> str:
    """The text with the digits of every script as 0 to 9."""
    return text if text.isascii() else "".join(str(unicodedata.decimal(char, char)) for char in text)


def folded(text: str) -> str:
    """The text as it is looked through, its digits of any script as 0 to 9."""
    return fold(western(text))


def words_of(text: str) -> list[str]:
    """The words of a text, folded, digits of any script as 0 to 9."""
    return words(western(text))


class Marks:
    """The numbers of a person and the (dataset, key) of their records, made ready for looking."""

    def __init__(self, numbers: Iterable[str], keys: Iterable[tuple[str, str]]) -> None:
        compact = {number for one in numbers if len(number := "".join(words_of(one))) >= LEAST}
        self._certain = {number: _number(number) for number in compact if len(number) >= CERTAIN}
        self._short = frozenset(compact - self._certain.keys())
        self._keys = {(folded(dataset).strip(), folded(key).strip()) for dataset, key in keys}

    def says(self, text: str) -> bool:
        """Whether the text has a number or a key of the person."""
        return self.is_short(text) or self.is_certain(text)

    def is_short(self, text: str) -> bool:
        """Whether the whole text is a number of theirs that others may bear as well."""
        return bool(self._short) and "".join(words_of(_MACHINE.sub(" x ", folded(text)))) in self._short

    def is_certain(self, text: str) -> bool:
        """Whether the text has what nobody else bears."""
        if not self._certain and not self._keys:
            return False
        read = folded(text)
        return self._has_key(read) or self._has_number(read)

    def _has_number(self, read: str) -> bool:
        joined = "".join(words(read))
        found = [pattern for number, pattern in self._certain.items() if number in joined]
        if not found:
            return False
        said = _MACHINE.sub(" x ", read)
        return any(pattern.search(said) for pattern in found)

    def _has_key(self, read: str) -> bool:
        if read.strip() in self._whole_keys:
            return True
        return any(key in read for _dataset, key in self._keys) and any(one.search(read) for one in self._key_patterns)

    @cached_property
    def _whole_keys(self) -> frozenset[str]:
        return frozenset(key for _dataset, key in self._keys if _tells(key, LEAST))

    @cached_property
    def _key_patterns(self) -> list[re.Pattern[str]]:
        alone = {key for _dataset, key in self._keys if _tells(key, CERTAIN)}
        shown = [re.escape(key) for key in sorted(alone)]
        shown += [f"{re.escape(dataset)}[/:]{re.escape(key)}" for dataset, key in sorted(self._keys)]
        return [re.compile(rf"(?<![\w-]){one}(?![\w-])") for one in shown]


def _number(number: str) -> re.Pattern[str]:
    """Where a number stands whole. A letter right beside digits ends them (`CNIC61…`), a digit does not."""
    before = _NOT_AFTER if number[0].isdigit() else r"(?<![^\W_])"
    after = _NOT_BEFORE if number[-1].isdigit() else r"(?![^\W_])"
    return re.compile(f"{before}{_BETWEEN.join(map(re.escape, number))}{after}")


def _tells(key: str, least: int) -> bool:
    """Whether a key names its record without its list: numbers alone are counted in every list."""
    compact = "".join(words(key))
    return len(compact) >= least and any(c.isdigit() for c in compact) and any(c.isalpha() for c in compact)
