"""The field's file formats, one module each. A format turns a file into kernel entities, one by one.

What is read is never trusted: memory is bounded, every error is a BadInput of one line, and every value keeps the place
where it stood. docs/formats.md describes each.
"""

from pathlib import Path

from baham.formats import (
    csv_mapping,
    eu_csv,
    eu_fsf_xml,
    ftm_json,
    ftm_statements,
    ofac_csv,
    stix,
    targets_simple,
    un_xml,
)
from baham.formats.errors import BadInput
from baham.formats.format import Format, ListInfo
from baham.formats.reading import head_of

FORMATS: list[Format] = [
    un_xml.FORMAT,
    eu_fsf_xml.FORMAT,
    eu_csv.FORMAT,
    targets_simple.FORMAT,
    ofac_csv.FORMAT,
    stix.FORMAT,
    ftm_json.FORMAT,
    ftm_statements.FORMAT,
    # The last: it takes any table that has a name in it.
    csv_mapping.FORMAT,
]

__all__ = ["FORMATS", "BadInput", "Format", "ListInfo", "by_name", "detect"]


def detect(path: Path | str) -> Format:
    """The format of a file, by what is in it. BadInput for a file that cannot be read or that no format fits."""
    head = head_of(path)
    for candidate in FORMATS:
        if candidate.sniff(head, Path(path)):
            return candidate
    raise BadInput(path, f"is in no format that is known; there are {_names()}")


def by_name(name: str) -> Format:
    """The format of this name. BadInput, which names them all, for one that is not there."""
    for candidate in FORMATS:
        if candidate.name == name:
            return candidate
    raise BadInput(name, f"is not the name of a format; there are {_names()}")


def _names() -> str:
    return ", ".join(candidate.name for candidate in FORMATS)
