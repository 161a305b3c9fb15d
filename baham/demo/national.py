"""The National list of Sarvan: who is on it, and what its three versions say."""

from dataclasses import dataclass
from random import Random

from baham.demo.entries import Entry
from baham.demo.geography import PLACES
from baham.demo.names import Names, respelled
from baham.platform.world.history import Calendar

AUTHORITY = "Home Department, Kohsar"
ACTS = ("Public Safety Act 2009, s. 11", "Public Safety Act 2009, s. 14", "قانونِ تحفظِ عامہ ۲۰۰۹ء، دفعہ ۱۱")
REASONS = (
    "Named in case file {n} of Kohsar Provincial CTD; the case is before the district court of Rudabar.",
    "Said in case file {n} to have passed money for a proscribed group; the account has been asked about.",
    "Wanted as a witness and suspect in case file {n}; has not appeared before the court.",
    "Convicted in case {n}, district court of Markaz City; the sentence has been served, the listing is under review.",
    "مقدمہ نمبر {n} میں نام آیا؛ مقدمہ ضلعی عدالت رودابار میں زیرِ سماعت ہے۔",
    "مقدمہ نمبر {n} کے مطابق ایک کالعدم گروہ کے لیے رقم منتقل کی؛ تفصیل عدالت کے ریکارڈ میں ہے۔",
)
NOTES = (
    "Address as of the last census; not checked since.",
    "Photograph on file with the authority; not part of this list.",
    "پتہ پرانا ہے؛ تصدیق باقی ہے۔",
    "Father’s name from the district register.",
    "Has asked for review; hearing not yet fixed.",
    "نظرِ ثانی کی درخواست موصول ہو چکی ہے۔",
)
_BODIES = (
    ("Exchange", "صرافہ", "Company"),
    ("Trading Company", "ٹریڈنگ کمپنی", "Company"),
    ("Transport", "ٹرانسپورٹ", "Company"),
    ("Brothers Traders", "برادرز ٹریڈرز", "Company"),
    ("Relief Trust", "ریلیف ٹرسٹ", "Organization"),
    ("Circle", "حلقہ", "Organization"),
    ("Press", "پریس", "Company"),
    ("Front", "محاذ", "Organization"),
)
_TOTAL = 432
_ORGANISATIONS, _THINGS = 52, 18


@dataclass(frozen=True, slots=True)
class National:
    """The list's three versions, and the people on it for whoever lists the same people differently."""

    versions: tuple[list[Entry], list[Entry], list[Entry]]

    @property
    def people(self) -> list[Entry]:
        return [entry for entry in self.versions[2] if entry.kind == "Person"]


def compose(chance: Random, calendar: Calendar, loaded: tuple[int, ...]) -> National:
    """The list as it was so many days ago, three times over; `loaded` are those days."""
    numbers = sorted(chance.sample(range(2001, 2501), _TOTAL))
    heroes = {entry.id: entry for entry in heroes_of(calendar)}
    names = Names(chance)
    names.used |= {entry.values["name"][0] for entry in heroes.values()}
    entries = {
        f"N-{number}": _stranger(f"N-{number}", position, chance, names, calendar)
        for position, number in enumerate(numbers)
    }
    entries |= heroes
    strangers = sorted(set(entries) - set(heroes))
    late, gone = chance.sample(strangers, 17), chance.sample(strangers, 26)
    late_two, late_three = late[:14], late[14:]
    gone = [key for key in gone if key not in late]
    gone_two, back, gone_three = gone[:6], gone[6], gone[7:9]
    for keys, days in ((late_two, loaded[1]), (late_three, loaded[2])):
        for key in keys:
            _list_on(entries[key], calendar, days + 2)
    first = {key: entry for key, entry in entries.items() if key not in late}
    second = {key: entry for key, entry in entries.items() if key not in {*late_three, *gone_two, back}}
    for key in chance.sample(sorted(set(second) - set(late) - set(gone) - set(heroes)), 12):
        second[key] = _amended(second[key], chance, calendar)
    third = {
        key: entry
        for key, entry in (second | {k: entries[k] for k in (*late_three, back)}).items()
        if key not in gone_three
    }
    for key in chance.sample(sorted(set(third) - set(late) - set(gone) - set(heroes)), 5):
        third[key] = _amended(third[key], chance, calendar)
    return National((list(first.values()), list(second.values()), list(third.values())))


def _stranger(key: str, position: int, chance: Random, names: Names, calendar: Calendar) -> Entry:
    """An entry like many: a person, every eighth an organisation, here and there a vessel or vehicle."""
    if position % 24 == 5:
        entry = _thing(key, chance)
    elif position % 8 == 3:
        entry = _organisation(key, chance, names)
    else:
        entry = _person(key, chance, names)
    entry.values |= {
        "authority": [AUTHORITY if chance.random() < 0.7 else "Daryab CTD"],
        "legal_basis": [chance.choice(ACTS)],
        "reason": [chance.choice(REASONS).format(n=f"{chance.randint(2014, 2024)}/{chance.randint(3, 240)}")],
    }
    if chance.random() < 0.25:
        entry.values["notes"] = [chance.choice(NOTES)]
    _list_on(entry, calendar, chance.randint(240, 2300))
    return entry


def _person(key: str, chance: Random, names: Names) -> Entry:
    woman = chance.random() < 0.08
    name, father, home = names.woman() if woman else names.man(), names.father(), chance.choice(PLACES)
    values = {
        "name": [name.latin, name.arabic],
        "father_name": [father.latin, father.arabic][: chance.choice((1, 2))],
        "gender": ["female" if woman else "male"],
        "nationality": ["Sarvan" if chance.random() < 0.9 else "Varand"],
        "birth_date": [birth_date(chance)],
        "birth_place": [f"{home.name}, {home.province}"],
    }
    if chance.random() < 0.1:
        values["name"] = [name.arabic]
    if chance.random() < 0.45:
        values["also_known_as"] = [respelled(name.latin, chance)]
    if chance.random() < 0.2:
        values["doubtful_alias"] = [f"{name.latin.split()[0]} {chance.choice(('Ustad', 'Driver', 'of ' + home.name))}"]
    if chance.random() < 0.4:
        values["id_number"] = [id_number(chance)]
    if chance.random() < 0.2:
        values["passport"] = [f"SRV {chance.randint(100000, 999999)}"]
    if chance.random() < 0.5:
        values["address"] = [_address(chance)]
    return Entry(key, "Person", values)


def _organisation(key: str, chance: Random, names: Names) -> Entry:
    word, local, kind = chance.choice(_BODIES)
    name = names.man()
    family, family_local = name.latin.split()[-1], name.arabic.split()[-1]
    home = chance.choice(PLACES)
    values = {
        "name": [f"{family} {word}, {home.name}", f"{family_local} {local}، {home.name_local}"],
        "country": ["Sarvan"],
        "address": [_address(chance)],
    }
    if kind == "Company":
        values["registration"] = [f"{home.province[:3].upper()}-{chance.randint(1000, 9999)}"]
    if chance.random() < 0.4:
        values["also_known_as"] = [f"{respelled(family, chance)} {word}"]
    return Entry(key, kind, values)


def _thing(key: str, chance: Random) -> Entry:
    if chance.random() < 0.5:
        word = chance.choice(("Moj", "Nasim", "Sahil", "Mahtab"))
        number = f"DRB-{chance.randint(200, 999):04d}"
        return Entry(
            key,
            "Vessel",
            {
                "name": [f"{word}-e Daryab {chance.randint(2, 9)}"],
                "registration": [number],
                "country": ["Sarvan"],
                "type": ["fishing boat"],
            },
        )
    plate = f"{chance.choice(('KSR', 'DRB', 'NLG', 'MRK'))}-{chance.randint(1000, 9999)}"
    return Entry(
        key,
        "Vehicle",
        {
            "name": [f"Pick-up {plate}"],
            "registration": [plate],
            "country": ["Sarvan"],
            "type": ["pick-up"],
        },
    )


def birth_date(chance: Random) -> str:
    """A birth date, as lists really have them."""
    year, month, day = chance.randint(1952, 2003), chance.randint(1, 12), chance.randint(1, 28)
    return chance.choice(
        (
            f"{year}-{month:02d}-{day:02d}",
            f"{year}-{month:02d}-{day:02d}",
            f"{day}.{month}.{year}",
            f"{year}",
            f"{year}-00-00",
            f"circa {year}",
            f"{year} or {year + chance.randint(1, 3)}",
            f"solar year {year - 621}",
            f"between {year} and {year + 2}",
        )
    )


def id_number(chance: Random) -> str:
    return f"{chance.choice((61, 62, 71, 81))}-{chance.randint(0, 9999):04d}-{chance.randint(0, 9999):04d}"


def _address(chance: Random) -> str:
    place = chance.choice(PLACES)
    return chance.choice(
        (
            f"House {chance.randint(1, 90)}, Street {chance.randint(1, 12)}, {place.name}, {place.province}",
            f"near {place.name}, {place.province}",
            f"مکان {chance.randint(1, 90)}، {place.name_local}",
        )
    )


def _list_on(entry: Entry, calendar: Calendar, ago: int) -> None:
    """Listed so many days ago, for two years at a time."""
    terms = ago // 730 + 1
    entry.values["listed_on"] = [calendar.day(ago).isoformat()]
    entry.values["review_by"] = [calendar.day(ago - 730 * terms).isoformat()]


def _amended(entry: Entry, chance: Random, calendar: Calendar) -> Entry:
    """The entry as a later version has it: better known, or renewed."""
    if entry.kind != "Person":
        return entry.changed(notes=["Registration checked with the provincial register; unchanged."])
    return chance.choice(
        (
            entry.changed(address=[_address(chance)]),
            entry.changed(birth_date=[*entry.values["birth_date"], birth_date(chance)]),
            entry.changed(
                also_known_as=[*entry.values.get("also_known_as", []), respelled(entry.values["name"][0], chance)]
            ),
            entry.changed(
                notes=["اندراج کی تجدید کی گئی؛ وجہ فائل میں درج ہے۔"], review_by=[calendar.day(-700).isoformat()]
            ),
        )
    )


def heroes_of(calendar: Calendar) -> list[Entry]:
    """The entries that the world's open matters are about. Their details are chosen, not drawn."""
    from baham.demo.heroes import HEROES

    made = []
    for key, kind, ago, values in HEROES:
        entry = Entry(key, kind, {column: list(said) for column, said in values.items()})
        entry.values.setdefault("authority", [AUTHORITY])
        entry.values.setdefault("legal_basis", [ACTS[0]])
        _list_on(entry, calendar, ago)
        made.append(entry)
    # One listing ran out three days ago and was not renewed: what that means is on its page.
    made[-1].values["review_by"] = [calendar.day(3).isoformat()]
    return made
