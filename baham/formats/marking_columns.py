"""Columns of a table that speak of handling (`tlp`, `marking`, `classification`, …), in whatever format the table is.

No format knows all the names that offices give to such a column. What it says and closes becomes a `marking` of the
entity, which is held against the list when it is loaded; what it says and opens changes nothing.
"""

import re
from collections.abc import Iterable, Mapping

from baham.formats.marking_words import closes, labels
from baham.kernel.entity import Entity
from baham.kernel.handling import OPEN

_MARKINGS = re.compile(
    r"(?:.*_)?(?:tlp|pap|markings?|handling|classification|caveats?|dissemination|distribution|sensitivity|releasability)"
    r"(?:_.*)?"
)
_IN_OTHER_WORDS = re.compile(
    "tags?|labels?|keywords?|secrecy|security|privacy|confidential(?:ity)?|releas(?:e|able|able to)|einstufung|"
    "vertraulichkeit|"
    "gizlilik(?: derecesi)?|clasificaci[oó]n|confidentialit[eé]|гриф(?: секретности)?|секретность|درجہ بندی|رازداری|"
    "طبقه بندی|طبقه‌بندی|محرمیت|محرمانگی|تصنيف|السرية|سرية|محرمتیا",
    re.I,
)
"""What such a column is called elsewhere, alone: these words are parts of many other headers."""
_NO = frozenset({"no", "n", "false", "0", "none", "nobody", "نہیں", "نه"})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def marking_columns(header: Iterable[str]) -> list[str]:
    """Those columns of a header that are named after handling."""
    return [
        column
        for column in header
        if _MARKINGS.fullmatch(word_of(column))
        or _IN_OTHER_WORDS.fullmatch(" ".join(re.split(r"[\s_]+", column.strip())))
    ]


def add_markings(entity: Entity, row: Mapping[str, str], columns: Iterable[str], line: int) -> None:
    """What these columns of a row say that closes, as markings of the entity."""
    for column in columns:
        if not (written := row[column].strip()):
            continue
        named = next((name for name in ("tlp", "pap") if name in word_of(column).split("_")), "")
        if word_of(column).startswith("releas") and written.lower() in _NO:
            named, written = "", "not releasable"
        said = written if not named or named in written.lower() else f"{named.upper()}:{written}"
        if closes(said) != OPEN:
            entity.add("marking", said, original=written, record=f"line {line}", at=column)


def add_labels(entity: Entity, row: Mapping[str, str], columns: Iterable[str], line: int) -> None:
    """The labels (TLP, PAP) that stand in cells which are not read otherwise, as markings of the entity."""
    for column in columns:
        if (written := row[column].strip()) and labels(written) != OPEN:
            entity.add("marking", written, original=written, record=f"line {line}", at=column)


def word_of(column: str) -> str:
    """The header of a column as words: `birthDate` and `Birth date` are `birth_date`."""
    return re.sub(r"[^a-z0-9]+", "_", _CAMEL.sub("_", column).lower()).strip("_")
