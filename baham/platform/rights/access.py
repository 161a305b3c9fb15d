"""What is held on a person: a plain registry of the places where it may be, each with the way to find it.

A person is one or more entities of the ledger (with all that people judged the same), and a subject as asked: a name
with what tells its bearers apart, for somebody who was checked and is on no list. Every model with a field about
somebody else than staff is covered by an entry; a test fails for one that is not (tests/safeguards/test_s13_access.py).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from baham.formats.naming import names_said
from baham.kernel.dates import span
from baham.kernel.schema import Kind, kind_of
from baham.platform.ledger.models import Entity
from baham.platform.marks import western, words_of
from baham.platform.rights.people import by_office
from baham.platform.rights.telling import Thing
from baham.platform.screening.cleared import FACTS, folded

IDENTIFYING = ("birth_date", "father_name", "id_number")
"""What tells the bearers of a name apart; by the name alone nobody is told anything of anybody."""
_PROPERTIES = {"birth_date": "birthDate", "father_name": "fatherName"}


class NotHeld(ValueError):
    """Nobody can be found like this. The text says what to mend."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whose data are looked for. `members` are all records judged to be theirs; `asked` are their own words."""

    members: tuple[Entity, ...] = ()
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def pks(self) -> list[int]:
        return [entity.pk for entity in self.members]

    @property
    def keys(self) -> list[str]:
        return sorted({entity.key for entity in self.members})

    def is_meant(self, given: Mapping[str, Any]) -> bool:
        """Whether a subject as asked ({"name", "birth_date", …}) is this person: the same name, one fact that tells its
        bearers apart the same, and none that differs. Letters and digits count however they are written, and a date
        that is known less well does not differ from one within it."""
        own = _own(tuple(self.asked.items()))
        if not own["name"] or own["name"] != _read("name", given):
            return False
        known = [(fact, own[fact], theirs) for fact in FACTS if own[fact] and (theirs := _read(fact, given))]
        return all(mine == theirs or _meet(fact, mine, theirs) for fact, mine, theirs in known) and any(
            mine == theirs for fact, mine, theirs in known if fact in IDENTIFYING
        )

    def is_described(self, properties: Mapping[str, Iterable[str]]) -> bool:
        """Whether an entity in the properties of FollowTheMoney is this person, on the same terms."""
        names = names_said((prop, value) for prop, values in properties.items() for value in values)
        numbers = [one for prop, values in properties.items() if kind_of(prop) is Kind.IDENTIFIER for one in values]
        facts = {fact: [*properties.get(prop, ())] for fact, prop in _PROPERTIES.items()}
        return any(
            self.is_meant({"name": name, fact: value})
            for name in names
            for fact, values in {**facts, "id_number": numbers}.items()
            for value in values
        )


@dataclass(frozen=True, slots=True)
class Held:
    """One entry of the registry: what it is called, the models it covers (`app.Model`), and how things are found."""

    code: str
    title: Any
    covers: tuple[str, ...]
    find: Callable[[Concerned], Iterable[Thing]]


HELD: list[Held] = []
"""Every place where something about a person may be, in the order of the report. Each part adds its own when ready."""


@lru_cache(maxsize=64)
def _own(asked: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """What whoever asks said, as it is compared: read once, and held against everybody."""
    return {fact: _read(fact, dict(asked)) for fact in ("name", *FACTS)}


def _read(fact: str, given: Mapping[str, Any]) -> str:
    """One of the facts of a subject as it is compared; empty for none."""
    text = str(given.get(fact) or "")
    if fact == "birth_date":
        return western(text).strip()
    found = words_of(text)
    return "".join(found) if fact == "id_number" else " ".join(sorted(found) if fact == "name" else found)


def _meet(fact: str, mine: str, theirs: str) -> bool:
    """Whether two dates may be the same day."""
    one, other = (span(text) if fact == "birth_date" else None for text in (mine, theirs))
    return one is not None and other is not None and one[0] <= other[1] and other[0] <= one[1]


def concerned(entities: Sequence[int | str] = (), asked: Mapping[str, str] | None = None) -> Concerned:
    """Find whose data are meant: entities by number, or by `dataset/key`. Raises NotHeld.

    `asked` needs more than a name: by the name alone somebody would be told of its other bearers.
    """
    given = {name: str(value).strip() for name, value in (asked or {}).items() if name in ("name", *FACTS) and value}
    canonical = [_entity(one).canonical_id for one in entities]
    if given.get("name") and not canonical and not any(folded(name, given.get(name)) for name in IDENTIFYING):
        raise NotHeld("Beside the name, give a birth date, the father’s name or a number: a name has other bearers.")
    if not canonical and not given.get("name"):
        raise NotHeld("Name a record, or the person with a birth date, the father’s name or a number.")
    members = Entity.objects.filter(canonical_id__in=canonical).select_related("dataset").order_by("pk")
    return Concerned(tuple(members), given)


def _entity(named: int | str) -> Entity:
    text = str(named).strip()
    dataset, slash, key = text.partition("/")
    if slash:
        found = Entity.objects.filter(dataset__name=dataset, key=key).first()
    else:
        found = Entity.objects.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None
    if found is None:
        raise NotHeld(f"There is no record {text}. Give its number, or its list and key: LIST/KEY")
    return found


def gather(person: Concerned) -> list[Thing]:
    """All that is held on a person, in the order of the registry; nothing is redacted yet (`telling.tell_all`)."""
    return by_office(thing for entry in HELD for thing in entry.find(person))
