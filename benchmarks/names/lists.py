"""The public lists as subjects to index: OFAC 2021, UN 2026, EU 881/2002 and 753/2011; persons and all others.

They are real persons' names, so they are read in place (BAHAM_REALDATA, else ../shared/data) and never copied.
"""

import csv
import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from defusedxml.ElementTree import parse as parse_xml
from rapidfuzz.utils import default_process

from baham.engines.names.types import Subject

ROOT = Path(os.environ.get("BAHAM_REALDATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
_OFAC_SCHEMATA = {"individual": "Person", "vessel": "Vessel", "aircraft": "Airplane"}
_EU = ("eu_32002R0881_isil_alqaida.csv", "eu_32011R0753_afghanistan.csv")


def same(name: str) -> tuple[str, ...]:
    """What makes two written names the same here: their words without case and punctuation, in any order."""
    return tuple(sorted(default_process(name).split()))


def listed() -> list[Subject]:
    """Every entry of the lists, with names and aliases as published (weak where the publisher says so)."""
    return [*united_nations(), *ofac(), *european_union()]


def original_script() -> dict[str, str]:
    """The name in its original script of each UN person that has one, by subject id; `listed` leaves it out."""
    return {
        f"un-{node.findtext('DATAID')}": text
        for node in _un("INDIVIDUAL")
        if (text := (node.findtext("NAME_ORIGINAL_SCRIPT") or "").strip())
    }


def ofac() -> Iterator[Subject]:
    """OFAC's SDN list with its alias file."""
    found: dict[str, tuple[str, list[str], list[str]]] = {}
    for row in _rows("ofac_sdn_2021-07-07.csv"):
        if len(row) > 2:
            found[row[0]] = (_OFAC_SCHEMATA.get(row[2].strip(), "Organization"), [row[1]], [])
    for row in _rows("ofac_alt_2021-07-07.csv"):
        if len(row) > 3 and row[0] in found:
            found[row[0]][1 if "weak" not in row[4] else 2].append(row[3])
    for i, (schema, names, weak) in found.items():
        yield Subject(f"ofac-{i}", tuple(names), schema, weak_names=tuple(weak))


def united_nations() -> Iterator[Subject]:
    """The UN Security Council's consolidated list: persons and groups."""
    for tag, schema in (("INDIVIDUAL", "Person"), ("ENTITY", "Organization")):
        for node in _un(tag):
            parts = [node.findtext(f"{n}_NAME") for n in ("FIRST", "SECOND", "THIRD", "FOURTH")]
            names, weak = [" ".join(p.strip() for p in parts if p and p.strip())], []
            for alias in node.iter(f"{tag}_ALIAS"):
                if text := (alias.findtext("ALIAS_NAME") or "").strip():
                    (weak if alias.findtext("QUALITY") == "Low" else names).append(text)
            yield Subject(f"un-{node.findtext('DATAID')}", tuple(names), schema, weak_names=tuple(weak))


def european_union() -> Iterator[Subject]:
    """The two EU annexes; several aliases stand in one cell, parted by semicolons."""
    for file in _EU:
        with (ROOT / "lists" / file).open(encoding="utf-8-sig", newline="") as handle:
            for number, row in enumerate(csv.DictReader(handle)):
                names = [row["name"].strip(), *_cell(row["alias"]), *_cell(row["previousName"])]
                schema = "Person" if row["schema"] == "Person" else "Organization"
                weak = tuple(_cell(row["weakAlias"]))
                yield Subject(f"eu-{file[3:13]}-{number}", tuple(n for n in names if n), schema, weak_names=weak)


def _cell(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(";") if part.strip()]


def _rows(name: str) -> Iterable[list[str]]:
    text = (ROOT / "lists" / name).read_text(encoding="utf-8", errors="replace").replace("\x1a", "")
    return csv.reader(io.StringIO(text))


def _un(tag: str) -> Iterable:  # type: ignore[type-arg]
    return parse_xml(ROOT / "lists" / "un_consolidated_2026-02-27.xml").getroot().iter(tag)
