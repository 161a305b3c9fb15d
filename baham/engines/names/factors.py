"""The second factors: what besides the name speaks for or against. Each gives one Evidence and a shift in
log-odds.

Absent on either side is silence, not agreement. Religion, sect, ethnicity, ideology and photographs are not
read at all.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from rapidfuzz.distance import OSA

from .dates import Span, in_words, parse
from .normalise import tokenise
from .score import compare_names
from .types import Direction, Evidence, Query, Subject, Weight

Factor = tuple[Evidence, float]
# What stops a "probable": see `judge.verdict_of`. Log-odds are set by judgement, not fitted: no labelled
# second factors exist.
_SHIFT = {
    ("for", "strong"): 2.5,
    ("for", "moderate"): 1.5,
    ("for", "weak"): 0.4,
    ("against", "strong"): -2.0,
    ("against", "moderate"): -1.0,
    ("against", "weak"): -0.4,
}
_PERSONS = {"person"}
_BODIES = {"organization", "company", "publicbody", "organisation"}
_OPEN = {"thing", "legalentity", ""}
_FATHER_SAYS_LITTLE = 6.0


def schemas_agree(query: str | None, subject: str) -> bool:
    """Whether a thing of one FollowTheMoney schema may be one of the other; an unnamed or general schema
    agrees with all."""
    left, right = (query or "").casefold(), subject.casefold()
    if left == right or left in _OPEN or right in _OPEN:
        return "person" not in (left, right) or not {left, right} & {"vessel", "vehicle", "airplane"}
    return left in _BODIES and right in _BODIES


def normal_identifier(value: str) -> str:
    """Letters and digits only, upper case; digits of any script become 0-9."""
    text = unicodedata.normalize("NFKC", value[:64].encode("utf-8", "ignore").decode()).upper()
    return "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in text if c.isalnum())


def second_factors(query: Query, subject: Subject) -> list[Factor]:
    """Every comparison both sides allow, in a fixed order: identifier, birth date, father, nationality, address."""
    found = (
        _identifier(query, subject),
        _birth_date(query, subject),
        _father(query, subject),
        _nationality(query, subject),
        _address(query, subject),
    )
    return [factor for factor in found if factor is not None]


def _say(feature: str, direction: Direction, weight: Weight, code: str, text: str, query: str, subject: str) -> Factor:
    shift = _SHIFT.get((direction, weight), 0.0)
    return Evidence(feature, direction, weight, code, text, query, subject), shift


def _identifier(query: Query, subject: Subject) -> Factor | None:
    wanted = normal_identifier(query.id_number or "")
    if len(wanted) < 4 or not subject.identifiers:
        return None
    for listed in subject.identifiers:
        if normal_identifier(listed) == wanted:
            text = "The identity number is the same."
            return _say("identifier", "for", "strong", "identifier.same", text, query.id_number or "", listed)
    # People hold several documents: a different number says little.
    text = "The identity number is none of those listed; a person can hold several."
    listed = ", ".join(subject.identifiers[:3])
    return _say("identifier", "against", "weak", "identifier.different", text, query.id_number or "", listed)


def _birth_date(query: Query, subject: Subject) -> Factor | None:
    asked, today = parse(query.birth_date or ""), date.today()
    if asked is None or asked.first > today:
        return None
    # What was not read, and a birth that is still to come, says nothing.
    spans = [(span, listed) for listed in subject.birth_dates if (span := parse(listed)) and span.first <= today]
    if not spans:
        return None
    judged = [(_judge(asked, span), listed) for span, listed in spans]
    (direction, weight, code, text), listed = max(judged, key=lambda j: _SHIFT.get((j[0][0], j[0][1]), 0.0))
    return _say("birth_date", direction, weight, code, text, in_words(query.birth_date or ""), in_words(listed))


def _judge(a: Span, b: Span) -> tuple[Direction, Weight, str, str]:
    if a.is_open or b.is_open or a.approximate or b.approximate:
        return _judge_inexact(a, b)
    if a.first <= b.last and b.first <= a.last:
        if "years" in (a.precision, b.precision):
            return "for", "weak", "birth_date.within", "The birth date falls within a span of several years."
        if a.precision == b.precision == "day":
            return "for", "strong", "birth_date.same_day", "The birth date is the same day."
        if "year" in (a.precision, b.precision):
            return "for", "moderate", "birth_date.same_year", "The birth year is the same; one side gives no more."
        return "for", "moderate", "birth_date.same_month", "The birth month is the same; one side gives no more."
    if a.precision == b.precision == "day" and a.first.year == b.first.year:
        if (a.first.month, a.first.day) == (b.first.day, b.first.month):
            text = "Day and month are exchanged; this may be one date written two ways."
            return "for", "weak", "birth_date.swapped", text
        return "against", "weak", "birth_date.same_year_only", "The year agrees but not the day."
    gap = _gap(a, b)
    if gap <= 1:
        return "against", "weak", "birth_date.near", "The birth dates differ by about a year."
    if gap <= 4:
        return "against", "moderate", "birth_date.years_apart", f"The birth dates are {gap} years apart."
    return "against", "strong", "birth_date.far_apart", f"The birth dates are {gap} years apart."


def _judge_inexact(a: Span, b: Span) -> tuple[Direction, Weight, str, str]:
    """Where a source says that its date is approximate or open, nothing within what that leaves possible speaks
    against, and what agrees says little."""
    gap = _gap(a, b)
    if gap <= 0 and (a.is_open or b.is_open):
        text = "A birth date is only said to be before or after; the other lies within what that leaves open."
        return "neutral", "weak", "birth_date.open", text
    if gap <= 0:
        text = "A birth date is known approximately; the two agree within what that leaves open."
        return "for", "weak", "birth_date.approximate", text
    text = f"A birth date is known approximately, and the other is {gap} years beyond what that leaves open."
    return "against", "weak" if gap <= 1 else "moderate", "birth_date.beyond", text


def _gap(a: Span, b: Span) -> int:
    """Years between what one and what the other leaves possible; 0 or less where they meet."""
    return max(b.years[0] - a.years[1], a.years[0] - b.years[1])


def _father(query: Query, subject: Subject) -> Factor | None:
    asked = tokenise(query.father_name or "")
    listed = [(tokenise(name), name) for name in subject.father_names]
    listed = [(tokens, name) for tokens, name in listed if tokens]
    if not asked or not listed:
        return None
    weights = [token.bits for token in asked]
    aligned = [compare_names(asked, tokens) for tokens, _ in listed]
    shares = [
        sum(w for w, like in zip(weights, one.likeness, strict=True) if like >= 0.85) / sum(weights) for one in aligned
    ]
    best = max(range(len(listed)), key=lambda k: shares[k])
    name, bits = listed[best][1], aligned[best].bits
    if shares[best] >= 0.6:
        if bits >= _FATHER_SAYS_LITTLE:
            text = "The father's name agrees."
            return _say("father_name", "for", "moderate", "father_name.same", text, query.father_name or "", name)
        text = "The father's name agrees, but it is a common name and says little."
        return _say("father_name", "for", "weak", "father_name.same_common", text, query.father_name or "", name)
    if shares[best] >= 0.3:
        text = "The father's name agrees in part."
        return _say("father_name", "neutral", "weak", "father_name.partly", text, query.father_name or "", name)
    text = "The father's name is different."
    return _say("father_name", "against", "moderate", "father_name.different", text, query.father_name or "", name)


@lru_cache(maxsize=4096)
def country_code(value: str) -> str:
    """A country as a lower-case code where it is known, else the text, case folded."""
    text = value.strip()[:80].casefold()
    if len(text) == 2 and text.isascii():
        return text
    from rigour.territories import lookup_territory  # two seconds the first time, so only when a name needs it

    found = lookup_territory(text)
    return str(found.code) if found is not None else text


def _nationality(query: Query, subject: Subject) -> Factor | None:
    asked = (query.nationality or "").strip()
    listed = [country for country in subject.countries if country.strip()]
    if not asked or not listed:
        return None
    shown = ", ".join(listed[:5])
    if any(c.casefold() == asked.casefold() for c in listed) or country_code(asked) in {
        country_code(c) for c in listed
    }:
        text = "The country agrees, as it does for millions of people."
        return _say("nationality", "for", "weak", "nationality.same", text, asked, shown)
    text = "The country is none of those listed; a person can hold several nationalities."
    return _say("nationality", "against", "weak", "nationality.different", text, asked, shown)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DULL = _words("""street road st rd city village district province area house no near of the and town region""")


def _places(text: str) -> set[str]:
    words = re.findall(r"[^\W_]+", " ".join(t.key for t in tokenise(text)))
    return {w for w in words if len(w) > 2 and w not in _DULL}


def _address(query: Query, subject: Subject) -> Factor | None:
    asked = _places(query.address or "")
    if not asked or not subject.addresses:
        return None
    listed = max(subject.addresses, key=lambda a: (_shared(asked, _places(a)), a))
    if _shared(asked, _places(listed)) >= 0.5:
        text = "The addresses share their places."
        return _say("address", "for", "weak", "address.similar", text, query.address or "", listed)
    text = "The addresses differ; people move."
    return _say("address", "neutral", "weak", "address.different", text, query.address or "", listed)


def _shared(asked: Iterable[str], listed: Sequence[str] | set[str]) -> float:
    words = list(asked)
    near = sum(any(OSA.normalized_similarity(w, other) >= 0.8 for other in listed) for w in words)
    return near / max(len(words), 1)
