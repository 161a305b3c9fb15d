"""The keys under which two parties look for one person: what both would write alike, never the bare name.

A key joins the parts of a name to a year of birth, or is the number of a document with its kind and country. Parts of
names are folded as the names engine folds them, so that Urdu, Pashto, Arabic and Latin spellings give one key: the
number of a known name in the lexicon, else the consonants; titles are left out and the order of parts does not count.
Both sides must fold alike: `version` says how, and parties of different versions do not compare.

A key that agrees is a lead. Two people may share one, and one person may be written so that two keys differ
(docs/overlap.md says what is missed).
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baham.engines.names.dates import Span

MOST = 8
"""Keys of one person, at the most."""
_WIDEST_YEARS = 3
"""A birth that is known less well than to so many years joins no name."""
_LEAST_NUMBER = 5
_KINDS = {
    "passport": "passport",
    "passportnumber": "passport",
    "travel": "passport",
    "national-id": "national-id",
    "idnumber": "national-id",
    "cnic": "national-id",
    "nic": "national-id",
    "tazkira": "national-id",
    "tazkera": "national-id",
    "etazkira": "national-id",
    "nationalid": "national-id",
    "driving-licence": "driving-licence",
    "licencenumber": "driving-licence",
}
_CNIC = re.compile(r"\d{5}[-\s]?\d{7}[-\s]?\d")


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its number as written, its kind ("passport", "national-id", "driving-licence"; "" if not known) and
    the code or name of its country ("" if not known)."""

    number: str
    kind: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """What keys are made of. `names` are equals; birth dates are prefixes or intervals as in the names engine."""

    names: Sequence[str]
    birth_dates: Sequence[str] = ()
    documents: Sequence[Document] = ()
    countries: Sequence[str] = ()


@cache
def version() -> str:
    """How keys are made here: the edition of these rules, and of the lexicon of names that they stand on."""
    lexicon = files("baham.engines.names").joinpath("lexicon.txt").read_bytes()
    return f"1-{hashlib.sha256(lexicon).hexdigest()[:12]}"


def held(person: Person) -> list[bytes]:
    """The keys under which a holder is asked about this person: every name with every year that the birth may be."""
    return _first(person, _years(person.birth_dates))


def asked(person: Person) -> list[bytes]:
    """The keys under which an asker looks: also the years before and after, and the kinds that a number may be of."""
    years = _years(person.birth_dates)
    near = [year + step for step in (-1, 1) for year in years]
    return _first(person, list(dict.fromkeys((*years, *near))), guess=True)


def bare(key: bytes) -> bytes:
    """What of a key is the person's own: of a document its number alone, whatever its kind and country are said to be;
    a name and year as they stand."""
    return b"d|" + key.rsplit(b"|", 1)[1] if key.startswith(b"d|") else key


def everything(person: Person) -> set[bytes]:
    """All by which anybody could ask about this person, bare: every name with every year of every span, however wide
    it is and however many they are, and every number."""
    spans = [span for written in person.birth_dates if (span := _span(written))]
    years = {year for span in spans for year in range(span.first.year, span.last.year + 1)}
    skeletons = {found for name in person.names if (found := skeleton(name))}
    numbers = {fold_number(one.number) for one in person.documents}
    return {f"n|{parts}|{year}".encode() for parts in skeletons for year in years} | {
        f"d|{number}".encode() for number in numbers if len(number) >= _LEAST_NUMBER
    }


def _first(person: Person, years: Sequence[int], *, guess: bool = False) -> list[bytes]:
    """Documents before names, and the years as given: what identifies best is kept where there are too many."""
    keys = [key for one in person.documents for key in _of_document(one, person.countries, guess)]
    skeletons = dict.fromkeys(found for name in person.names if (found := skeleton(name)))
    keys += [f"n|{parts}|{year}" for year in years for parts in skeletons]
    return [key.encode() for key in list(dict.fromkeys(keys))[:MOST]]


def skeleton(name: str) -> str:
    """The parts of a name, folded and in one order, joined by +; "" where fewer than two parts would be left."""
    from baham.engines.names.normalise import KUNYA, PLAIN, tokenise

    parts = {
        ("abu-" if token.kind == KUNYA else "") + (f"#{token.name}" if token.name else token.skeleton or token.sound)
        for token in tokenise(name)
        if token.kind in (PLAIN, KUNYA)
    }
    return "+".join(sorted(parts)) if len(parts - {""}) > 1 else ""


def _years(dates: Iterable[str]) -> list[int]:
    spans = [span for written in dates if (span := _span(written))]
    near = [span for span in spans if span.last.year - span.first.year < _WIDEST_YEARS]
    return list(dict.fromkeys(year for span in near for year in range(span.first.year, span.last.year + 1)))


def _span(written: str) -> "Span | None":
    from baham.engines.names.dates import parse

    return parse(written)


def _of_document(one: Document, countries: Sequence[str], guess: bool) -> Iterator[str]:
    """A number whose kind or country is not known says nothing by itself: the holder lets it be, the asker guesses."""
    number = fold_number(one.number)
    if len(number) < _LEAST_NUMBER:
        return
    kind, country = _KINDS.get(re.sub(r"[^a-z-]", "", one.kind.lower()), ""), fold_country(one.country)
    if not kind and _CNIC.fullmatch(_digits(one.number).strip()):
        kind, country = "national-id", "pk"
    kinds = [kind] if kind else ["passport", "national-id"] if guess else []
    lands = [country] if country else list(dict.fromkeys(map(fold_country, countries)))
    if not guess and len(lands) != 1:
        return
    yield from (f"d|{which}|{land}|{number}" for which in kinds for land in lands if land)


def fold_number(written: str) -> str:
    """A number as it is compared: letters and digits alone, digits of every script as 0 to 9."""
    return "".join(char for char in _digits(written).casefold() if char.isalnum())[:64]


def _digits(written: str) -> str:
    text = unicodedata.normalize("NFKC", written[:200])
    return "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in text)


def fold_country(written: str) -> str:
    """A country as it is compared: its code where it is known, else its text, case folded."""
    from baham.engines.names.factors import country_code

    return country_code(unicodedata.normalize("NFKC", written[:100]).strip()).replace("|", " ")
