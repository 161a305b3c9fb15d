"""Words in the names of bodies: legal forms, usual words, places and numbers. Written from general knowledge.

Two usual words, or two places, are two, however alike they are spelled (Estonia and Ethiopia): each has a number, as
the names of the lexicon have.
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.split()))


FORMS = frozenset(
    _words(
        """ag inc ltd llc gmbh srl ooo zao oao ao jsc ojsc cjsc pjsc spzoo plc corp corporation co company ab nv bv kg
        oy pte pty pvt sarl incorporated limited lp llp kk sdn bhd fze fzco fzc est sal sas spa aps psc wll gp akg"""
    )
)
"""Legal forms, in the short forms that rigour brings them to, and in words: nearly without weight."""

_USUAL = _words(
    """group holding holdings international global general trading trade industries industrial industry bank banking
    foundation organization organisation association committee council institute institution university centre center
    national state islamic development construction constructors investment investments engineering services service
    enterprise enterprises management import export shipping marine maritime lines transport logistics energy oil gas
    petroleum petrochemical steel technology technologies systems solutions commercial agency ministry department
    government of and for de la del y et und brothers sons partners capital fund exchange money charity relief aid trust
    railway railroad insurance securities airlines aviation motors electric electronics chemical medical"""
)
USUAL = frozenset(_USUAL)
"""Words that many bodies bear: they say little, and still tell two bodies apart."""

_PLACES = _words(
    """afghanistan albania algeria america angola argentina armenia australia austria azerbaijan bahrain bangladesh
    belarus belgium bolivia bosnia brazil britain bulgaria cambodia canada chile china colombia congo croatia cuba
    cyprus denmark ecuador egypt england eritrea estonia ethiopia europe finland france germany ghana greece hungary
    iceland indonesia iran iraq ireland italy japan kazakhstan kenya korea kosovo kuwait kyrgyzstan laos latvia lebanon
    liberia libya lithuania luxembourg macedonia malaysia mali malta mexico moldova mongolia morocco mozambique myanmar
    nepal netherlands nicaragua niger nigeria norway oman pakistan palestine panama paraguay peru philippines poland
    portugal qatar romania russia rwanda senegal serbia singapore slovakia slovenia somalia spain sudan sweden
    switzerland syria taiwan tajikistan tanzania thailand tunisia turkey turkmenistan uganda ukraine uruguay uzbekistan
    venezuela vietnam yemen zambia zimbabwe dubai kabul tehran london moscow karachi lahore peshawar quetta kandahar"""
)
NUMBERED = {word: 30_000 + k for k, word in enumerate(_USUAL)} | {word: 40_000 + k for k, word in enumerate(_PLACES)}
"""The number of each usual word and place; two numbers are two words. Above those of the lexicon."""

_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_DIGITS = {
    **{word: str(n) for n, word in enumerate(_ONES)},
    **{word: str(10 * n) for n, word in enumerate(_TENS, start=2)},
    **{word: str(n) for n, word in enumerate(_ORDINALS, start=1)},
    **{word: str(n) for n, word in enumerate(("ii", "iii", "iv"), start=2)},
    **{word: str(n) for n, word in enumerate(("vi", "vii", "viii", "ix"), start=6)},
    **{f"{n}{'st' if n == 1 else 'nd' if n == 2 else 'rd' if n == 3 else 'th'}": str(n) for n in range(1, 11)},
    "fourty": "40", "intl": "international",
}  # fmt: skip


def in_digits(words: list[str]) -> list[str]:
    """Number words and Roman numerals as digits, where other words stand beside them; forty four as 44."""
    if len(words) < 2 or _DIGITS.keys().isdisjoint(words):
        return words
    out: list[str] = []
    for word in words:
        digits = _DIGITS.get(word, word)
        tens = out and out[-1].isdigit() and len(out[-1]) == 2 and out[-1][1] == "0"
        if tens and digits.isdigit() and len(digits) == 1 and digits != "0":
            out[-1] = out[-1][0] + digits
        else:
            out.append(digits)
    return out
