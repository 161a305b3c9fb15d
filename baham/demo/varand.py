"""Varand's proscribed list: partly the same people as Sarvan's, spelled and dated otherwise, partly its own."""

from random import Random

from baham.demo.entries import Entry
from baham.demo.geography import VARAND
from baham.demo.heroes import VARAND as HEROES
from baham.demo.names import Names, across_the_border, respelled
from baham.demo.national import birth_date
from baham.platform.world.history import Calendar

AUTHORITY = "Ministry of Interior, Varand"
_BASIS = ("Order 14 of the Ministry of Interior", "Order 31 of the Ministry of Interior")
_REASONS = (
    "Entered on the order of the Ministry of Interior; the file is with the court of Darvan.",
    "Entered at the request of a neighbouring state.",
    "Sought for questioning in the matter of transfers without records.",
)
_SHARED, _OWN = 46, 214


def compose(
    chance: Random, calendar: Calendar, national: list[Entry], loaded: tuple[int, ...]
) -> tuple[list[Entry], list[Entry]]:
    """The list's two versions. `national` are the people whom both countries may list."""
    heroes = [_hero(*hero, calendar) for hero in HEROES]
    taken = {hero.id for hero in heroes}
    keys = [f"V-{number:04d}" for number in sorted(chance.sample(range(101, 600), _SHARED + _OWN))]
    keys = [key for key in keys if key not in taken]
    shared = chance.sample([entry for entry in national if entry.values["name"][0].isascii()], _SHARED)
    names = Names(chance)
    names.used |= {entry.values["name"][0] for entry in national}
    origins = dict(zip(chance.sample(keys, _SHARED), shared, strict=True))
    entries = {
        key: _as_seen_there(key, origins[key], chance) if key in origins else _own(key, chance, names) for key in keys
    }
    for entry in entries.values():
        entry.values |= {
            "authority": [AUTHORITY],
            "legal_basis": [chance.choice(_BASIS)],
            "reason": [chance.choice(_REASONS)],
            "listed_on": [calendar.day(chance.randint(260, 1900)).isoformat()],
        }
    late, gone = chance.sample(keys, 9), chance.sample(keys, 14)
    for key in late:
        entries[key].values["listed_on"] = [calendar.day(loaded[1] + 3).isoformat()]
    gone = [key for key in gone if key not in late][:4]
    second = {key: entry for key, entry in entries.items() if key not in gone}
    for key in chance.sample(sorted(set(second) - set(late)), 8):
        second[key] = second[key].changed(birth_date=[birth_date(chance)])
    first = [entry for key, entry in entries.items() if key not in late]
    return [*first, *heroes], [*second.values(), *heroes]


def _hero(key: str, kind: str, ago: int, said: dict[str, tuple[str, ...]], calendar: Calendar) -> Entry:
    entry = Entry(key, kind, {column: list(values) for column, values in said.items()})
    entry.values |= {
        "authority": [AUTHORITY],
        "legal_basis": [_BASIS[0]],
        "listed_on": [calendar.day(ago).isoformat()],
    }
    return entry


def _as_seen_there(key: str, entry: Entry, chance: Random) -> Entry:
    """Somebody whom Sarvan lists too: another spelling, often another date, never the identity number."""
    latin, *arabic = entry.values["name"]
    values = {"name": [respelled(latin, chance), *map(across_the_border, arabic)], "nationality": ["Sarvan"]}
    if chance.random() < 0.6:
        values["father_name"] = [respelled(entry.values["father_name"][0], chance)]
    values["birth_date"] = entry.values["birth_date"] if chance.random() < 0.5 else [birth_date(chance)]
    if passport := entry.values.get("passport"):
        values["passport"] = passport
    return Entry(key, "Person", values)


def _own(key: str, chance: Random, names: Names) -> Entry:
    name, place = names.man(), chance.choice(VARAND)
    if chance.random() < 0.12:
        family, local = name.latin.split()[-1], across_the_border(name.arabic.split()[-1])
        return Entry(
            key,
            "Company",
            {"name": [f"{family} Trade, {place}", f"شركت {local}"], "country": ["Varand"], "address": [place]},
        )
    values = {
        "name": [respelled(name.latin, chance), across_the_border(name.arabic)],
        "birth_date": [birth_date(chance)],
        "nationality": ["Varand"],
        "birth_place": [place],
    }
    if chance.random() < 0.5:
        values["father_name"] = [names.father().latin]
    if chance.random() < 0.3:
        values["passport"] = [f"VRD {chance.randint(100000, 999999)}"]
    return Entry(key, "Person", values)
