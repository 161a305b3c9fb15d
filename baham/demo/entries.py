"""An entry of an invented list, and the list as the CSV file that its publisher would issue."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

MAPPING = {
    "id": "id",
    "kind": "schema",
    "name": "name",
    "also_known_as": "alias",
    "doubtful_alias": "weakAlias",
    "former_name": "previousName",
    "father_name": "fatherName",
    "birth_date": "birthDate",
    "birth_place": "birthPlace",
    "nationality": "nationality",
    "country": "country",
    "gender": "gender",
    "id_number": "idNumber",
    "passport": "passportNumber",
    "registration": "registrationNumber",
    "type": "type",
    "address": "address",
    "authority": "authority",
    "legal_basis": "legalBasis",
    "listed_on": "listingDate",
    "review_by": "reviewDate",
    "reason": "reason",
    "notes": "notes",
}


@dataclass(slots=True)
class Entry:
    """What a list says of one person, organisation or thing; `values` by the list's own column."""

    id: str
    kind: str
    values: dict[str, list[str]] = field(default_factory=dict)

    def changed(self, **values: list[str]) -> "Entry":
        """A copy in which some columns say something else."""
        return Entry(self.id, self.kind, {**self.values, **values})

    def rows(self) -> list[dict[str, str]]:
        """As many rows as the fullest column has values; the list repeats the id on each."""
        height = max(len(values) for values in self.values.values())
        return [
            {"id": self.id, "kind": self.kind}
            | {column: values[row] for column, values in self.values.items() if row < len(values)}
            for row in range(height)
        ]


def write(path: Path, entries: list[Entry]) -> Path:
    """The list as CSV, by id."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(MAPPING), restval="", lineterminator="\n")
        writer.writeheader()
        for entry in sorted(entries, key=lambda one: one.id):
            writer.writerows(entry.rows())
    return path
