"""The entity: all that is said about one person, organisation or thing, by one source or by several."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from baham.kernel.dates import read_dates
from baham.kernel.schema import LEFT_OUT, Kind, is_person, kind_of
from baham.kernel.statement import Place, Statement
from baham.kernel.text import flags as text_flags
from baham.kernel.text import storable

_PARTS = ("firstName", "secondName", "middleName", "lastName", "matronymic")
_CAPTION_ORDER = ("name", "alias", "previousName", "weakAlias", "abbreviation", "registrationNumber", "idNumber")


@dataclass(slots=True)
class Entity:
    """Statements under one id. Adding the same value twice keeps one; nothing is overwritten.

    `left_out` counts the values that were offered and refused because Baham does not store them (`schema.LEFT_OUT`).
    """

    id: str
    schema: str
    dataset: str
    statements: dict[str, Statement] = field(default_factory=dict)
    left_out: int = 0

    def add(
        self,
        prop: str,
        value: str | None,
        *,
        original: str | None = None,
        lang: str | None = None,
        record: str = "",
        at: str = "",
        quality: str = "",
        flags: tuple[str, ...] = (),
    ) -> None:
        """Add one value as it stood; an empty one is passed over. `at` is the field in which it stood."""
        if value is None or not (value := value.strip()):
            return
        if prop in LEFT_OUT:
            self.left_out += 1
            return
        value = storable(value)
        original = None if original is None else storable(original)
        odd = tuple(dict.fromkeys((*flags, *text_flags(original or value))))
        said = Statement(
            self.id,
            self.schema,
            prop,
            value,
            self.dataset,
            lang=lang,
            original_value=original,
            place=Place(record, at),
            quality=quality,
            flags=odd,
        )
        self.statements.setdefault(said.id, said)

    def add_date(self, prop: str, written: str | None, *, record: str = "", at: str = "", quality: str = "") -> None:
        """Add the dates a field holds, read as far as they can be; an unreadable one is kept as it stood, flagged."""
        for reading in read_dates(written or ""):
            self.add(
                prop,
                reading.value or written,
                original=written if reading.value != written else None,
                record=record,
                at=at,
                quality=quality,
                flags=reading.flags,
            )

    def values(self, prop: str) -> list[str]:
        """The values of one property, in the order in which they were added."""
        return [said.value for said in self.statements.values() if said.prop == prop]

    def of_kind(self, kind: Kind) -> list[str]:
        """The values of all properties of a kind, each once."""
        return list(dict.fromkeys(said.value for said in self.statements.values() if kind_of(said.prop) is kind))

    @property
    def caption(self) -> str:
        return caption(self.id, ((said.prop, said.value) for said in self.statements.values()))

    @property
    def is_person(self) -> bool:
        return is_person(self.schema)

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.statements.values())

    def __len__(self) -> int:
        return len(self.statements)


def caption(entity_id: str, properties: Iterable[tuple[str, str]]) -> str:
    """What to call an entity in one line: its first name, else that made of the parts of a name, else alias, … else its
    id."""
    best: dict[str, str] = {}
    for prop, value in properties:
        best.setdefault(prop, value)
    if "name" not in best and (parts := [best[prop] for prop in _PARTS if prop in best]):
        return " ".join(parts)
    return next((best[prop] for prop in _CAPTION_ORDER if prop in best), entity_id)
