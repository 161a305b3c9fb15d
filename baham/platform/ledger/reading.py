"""How the file of a list is read: as the version in force was, unless somebody says otherwise.

A mapping that is forgotten takes columns away without a word, so a list keeps the mapping that it was loaded with.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from baham.formats import BadInput, Format, by_name, detect
from baham.formats.csv_mapping import FORMAT as TABLE
from baham.formats.csv_mapping import mapping_of
from baham.formats.reading import head_of
from baham.platform.ledger.models import Dataset


def how(
    path: Path, name: str, format_name: str = "", options: Mapping[str, object] | None = None
) -> tuple[Format, dict[str, Any]]:
    """The format and options for a file that is to be a version of the list `name`. Raises BadInput."""
    given: dict[str, Any] = dict(options or {})
    if isinstance(given.get("mapping"), str | Path):
        given["mapping"] = mapping_of(given["mapping"])
    known = Dataset.objects.filter(name=name).exclude(format="").first()
    if format_name:
        layout = by_name(format_name)
    elif "mapping" in given:
        layout = TABLE
    else:
        layout = _as_before(path, known) or detect(path)
    if known is not None and layout.name == known.format:
        given = {**known.options, **given}
    return layout, given


def _as_before(path: Path, known: Dataset | None) -> Format | None:
    """The format of the version in force, where the file may be of it or the list has a mapping of its own."""
    if known is None:
        return None
    try:
        before = by_name(known.format)
    except BadInput:
        return None  # a list that no format made
    return before if known.options or before.sniff(head_of(path), path) else None
