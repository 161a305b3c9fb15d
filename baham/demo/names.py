"""Names of people who do not exist: common given names of the region with invented family names, in both scripts.

No family name here belongs to anybody, and none says where a family stands in society; that is why they were invented.
"""

from dataclasses import dataclass
from random import Random

MEN = (
    ("Zarghun", "زرغون"),
    ("Mirwais", "میرویس"),
    ("Torbaz", "تورباز"),
    ("Gulab", "گلاب"),
    ("Shahbaz", "شہباز"),
    ("Sarfraz", "سرفراز"),
    ("Nadir", "نادر"),
    ("Rashid", "رشید"),
    ("Kamran", "کامران"),
    ("Farhad", "فرہاد"),
    ("Jamshed", "جمشید"),
    ("Khurram", "خرم"),
    ("Bakhtiar", "بختیار"),
    ("Dilawar", "دلاور"),
    ("Sikandar", "سکندر"),
    ("Aimal", "ایمل"),
    ("Humayun", "ہمایوں"),
    ("Arsalan", "ارسلان"),
    ("Bahram", "بہرام"),
    ("Behzad", "بہزاد"),
    ("Gulzar", "گلزار"),
    ("Hashmat", "حشمت"),
    ("Jahangir", "جہانگیر"),
    ("Kashif", "کاشف"),
    ("Naveed", "نوید"),
    ("Nisar", "نثار"),
    ("Parvez", "پرویز"),
    ("Rafiq", "رفیق"),
    ("Saleem", "سلیم"),
    ("Shafiq", "شفیق"),
    ("Tariq", "طارق"),
    ("Waheed", "وحید"),
    ("Yawar", "یاور"),
    ("Zahir", "ظاہر"),
    ("Daler", "دلیر"),
    ("Sohrab", "سہراب"),
    ("Rustam", "رستم"),
    ("Qaiser", "قیصر"),
    ("Murad", "مراد"),
    ("Faridun", "فریدون"),
)
WOMEN = (
    ("Spogmai", "سپوږمۍ"),
    ("Gulalai", "ګلالۍ"),
    ("Palwasha", "پلوشه"),
    ("Zarmina", "زرمینه"),
    ("Nargis", "نرگس"),
    ("Shabnam", "شبنم"),
    ("Mahjabin", "مہ جبین"),
    ("Rukhsana", "رخسانہ"),
)
FAMILIES = (
    ("Talband", "تلبند"),
    ("Khorvash", "خوروش"),
    ("Rudabari", "روداباری"),
    ("Torsangi", "تورسنگی"),
    ("Nilgari", "نیلگری"),
    ("Barvand", "بروند"),
    ("Tirvash", "تیروش"),
    ("Nilband", "نیلبند"),
    ("Sangvar", "سنگور"),
    ("Darvakh", "درواخ"),
    ("Zaravan", "زراون"),
    ("Korband", "کوربند"),
    ("Lashvar", "لشور"),
    ("Mirvand", "میروند"),
    ("Rogand", "روگند"),
    ("Sarkand", "سرکند"),
    ("Shorband", "شوربند"),
    ("Tavrand", "تاورند"),
    ("Ulvand", "الوند"),
    ("Warzhan", "ورژن"),
    ("Gavrand", "گاورند"),
    ("Jalvash", "جلوش"),
    ("Kamvash", "کاموش"),
    ("Dilvar", "دلور"),
    ("Pulvash", "پلوش"),
    ("Regvand", "ریگوند"),
)

_LATIN = (
    ("oo", "u"),
    ("u", "oo"),
    ("ee", "i"),
    ("ai", "ay"),
    ("v", "w"),
    ("gh", "g"),
    ("q", "k"),
    ("kh", "x"),
    ("w", "v"),
    ("and", "und"),
    ("sh", "ch"),
    ("aj", "adj"),
    ("z", "zz"),
    ("i", "y"),
    ("ah", "a"),
)
_ARABIC = (("ی", "ي"), ("ک", "ك"), ("ہ", "ه"), ("گ", "ګ"), ("ں", "ن"))


@dataclass(frozen=True, slots=True)
class Name:
    """A full name in both scripts."""

    latin: str
    arabic: str


class Names:
    """Composes names, each full name once, from one stream of chance."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.used = chance, set[str]()

    def man(self) -> Name:
        return self._person(MEN)

    def woman(self) -> Name:
        return self._person(WOMEN)

    def father(self) -> Name:
        """A father's name as papers have it: a given name, sometimes two."""
        parts = [self.chance.choice(MEN) for _ in range(self.chance.choice((1, 1, 2)))]
        return _joined(list(dict.fromkeys(parts)))

    def _person(self, given: tuple[tuple[str, str], ...]) -> Name:
        while True:
            parts = [self.chance.choice(given)]
            if given is MEN and self.chance.random() < 0.45:
                parts.append(self.chance.choice([one for one in MEN if one != parts[0]]))
            made = _joined([*parts, self.chance.choice(FAMILIES)])
            if made.latin not in self.used:
                self.used.add(made.latin)
                return made


def _joined(parts: list[tuple[str, str]]) -> Name:
    return Name(" ".join(part[0] for part in parts), " ".join(part[1] for part in parts))


def respelled(latin: str, chance: Random) -> str:
    """The name as another clerk would have written it in Latin letters."""
    fitting = [pair for pair in _LATIN if pair[0] in latin[1:]]
    for old, new in chance.sample(fitting, min(len(fitting), chance.choice((1, 2)))):
        latin = latin[0] + latin[1:].replace(old, new, 1)
    return latin


def across_the_border(arabic: str) -> str:
    """The name in the letters that offices in Varand use."""
    for old, new in _ARABIC:
        arabic = arabic.replace(old, new)
    return arabic
