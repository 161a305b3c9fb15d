"""Values as FollowTheMoney's types take them, and what they do not take as a note in words.

A country is a code of FollowTheMoney's own, a date a prefix of ISO 8601 (no interval, nothing open to one side), a
gender one of three words. `followthemoney` 4.11 checks each value of an entity (`Schema.validate`) by the rules of
https://followthemoney.tech/explorer/types/; a test compares the types and the longest values with theirs.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from ipaddress import ip_address

from baham.kernel.statement import Statement

Fit = Callable[[Statement, str], tuple[list[str], bool]]
"""How a value of one type fits: what is taken in its place, and whether that says all of it."""

_OF_TYPE = {
    "name": "abbreviation alias companiesMentioned name namesMentioned peopleMentioned previousName weakAlias",
    "country": "birthCountry citizenship country detectedCountry flag jurisdiction mainCountry nationality pastFlags",
    "text": "biography description indexText notes purpose reason summary",
    "url": "alephUrl opencorporatesUrl programUrl publisherUrl sourceUrl website wikipediaUrl",
    "identifier": "accountId accountNumber authorityId bic bikCode brightQueryId brightQueryOrgId bvdId cageCode "
    "callSign cikCode coatoCode crsNumber cryptoAddress dunsCode figiCode fnsCode giiNumber googlePlaceId iban "
    "ibanMentioned icaoCode idNumber imoNumber innCode ipoCode irsCode isin isinCode jibCode kppCode leiCode "
    "licenseNumber mbsCode mmsi npiCode number ogrnCode okpoCode okvedCode osmId passportNumber permId "
    "personalNumber pfrNumber programId publicKey registrationNumber ricCode sayariId serialNumber "
    "socialSecurityNumber swiftBic taxNumber ticker uniqueEntityId unscId uscCode vatCode voenCode wikidataId",
    "topic": "topics",
    "address": "address full location locationMentioned",
    "entity": "addressEntity agent asset associate bank beneficiary beneficiaryAccount client contract controlled "
    "controller creditor debtor director employee employer entity holder involved issuer member object operator "
    "organization organizer owner parent payer payerAccount person post predecessor project proof relative riskSource "
    "subject successor",
    "date": "balanceDate birthDate buildDate closingDate createdAt creationDate date deathDate declarationDate "
    "deregistrationDate dissolutionDate electionDate endDate inceptionDate incorporationDate issueDate listingDate "
    "maturityDate maxBalanceDate modifiedAt nameChangeDate openingDate periodEnd periodStart registrationDate "
    "retrievedAt startDate",
    "email": "email emailMentioned",
    "phone": "phone phoneMentioned",
    "gender": "gender",
    "number": "amount amountEur amountUsd balance capital deadweightTonnage duration grossRegisteredTonnage height "
    "latitude longitude maxBalance numberOfSeats tonnage weight",
    "language": "detectedLanguage spokenLanguage",
    "ip": "ipAddress ipMentioned",
}
TYPES = {prop: kind for kind, props in _OF_TYPE.items() for prop in props.split()}
"""What type the values of a property are; `string` for all others."""
LONGEST = {
    "name": 384,
    "country": 16,
    "text": 65_000,
    "url": 4_096,
    "string": 1_024,
    "identifier": 64,
    "topic": 64,
    "address": 250,
    "entity": 200,
    "date": 32,
    "email": 250,
    "phone": 64,
    "gender": 16,
    "number": 250,
    "language": 16,
    "ip": 64,
}
"""The longest value of each type, in characters."""
_TOPICS = (
    "asset.frozen corp.clone corp.disqual corp.offshore corp.public corp.shell crime crime.boss crime.cyber "
    "crime.env crime.fin crime.fraud crime.terror crime.theft crime.traffick crime.traffick.drug "
    "crime.traffick.human crime.war debarment export.control export.control.linked export.risk fin fin.adivsor "
    "fin.bank fin.fund forced.labor geo.risk gov gov.admin gov.executive gov.financial gov.head gov.igo "
    "gov.judicial gov.legislative gov.muni gov.national gov.religion gov.security gov.soe gov.state invest.ban "
    "invest.risk mare.detained mare.shadow mare.sts mil poi pol.party pol.union reg.action reg.warn rel "
    "role.acct role.act role.civil role.diplo role.journo role.judge role.lawyer role.lobby role.oligarch "
    "role.pep role.pep.frmr role.pep.intl role.pep.natl role.pol role.rca role.spy sanction sanction.control "
    "sanction.counter sanction.linked wanted"
)
TOPICS = frozenset(_TOPICS.split())
_LANGUAGES = (
    "afr amh ara aze bel ben bos bul cat ces cnr dan deu ell eng est fas fil fin fra gle heb hin hrv hun hye "
    "ind isl ita jpn kan kat kaz khm kir kor lao lav lit ltz mkd mlt mon msa mul mya nep nld nor pol por pus "
    "ron rus sin slk slv spa sqi srp swa swe tam tel tgk tgl tha tuk tur ukr urd uzb vie zho"
)
LANGUAGES = frozenset(_LANGUAGES.split())
_GENDERS = {
    **dict.fromkeys(("male", "m", "man", "masculin", "мужской", "مرد", "ذكر"), "male"),
    **dict.fromkeys(("female", "f", "woman", "féminin", "женский", "عورت", "زن", "أنثى"), "female"),
    **dict.fromkeys(("other", "o", "divers"), "other"),
}
_NOT_EXACT = frozenset({"approximate", "before", "after", "interval", "unread"})
_DATE = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ]([01]\d|2[0-3])(?::[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?)?(?:Z|\+00:?00)?)?)?)?",
    re.ASCII,
)
_LISTED = re.compile(r"\s*(?:[,;/]|\band\b|\(\s*[a-z]\s*\)|\(i{1,3}\))\s*", re.I)
_ENTITY_ID = re.compile(r"[0-9a-zA-Z](?:[0-9a-zA-Z.-]*[0-9a-zA-Z])?", re.ASCII)
_EMAIL = re.compile(r"[\w!#$%&'*+/=^`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}", re.I | re.A)
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}", re.ASCII)
_IN_A_NUMBER = re.compile(r"[\s().-]+")


def fitting(said: Statement) -> tuple[list[str], bool]:
    """The values that FollowTheMoney takes in the place of this statement's, and whether they say all that it says.

    What they do not say belongs in a note (`in_words`). Values that mean several countries are several codes.
    """
    kind = TYPES.get(said.prop, "string")
    value = said.value.strip()
    made, whole = _FITS[kind](said, value) if kind in _FITS else ([value], True)
    fit = [one for one in made if one and len(one) <= LONGEST[kind]]
    return fit, whole and bool(fit) and len(fit) == len(made)


def in_words(said: Statement) -> str:
    """A statement that has no place of its own, as a note: `birthDate: circa 1970`."""
    written = said.original_value or said.value
    doubt = [flag for flag in said.flags if flag in ("approximate", "before", "after")]
    more = f" ({', '.join(doubt)})" if doubt and written == said.value else ""
    return f"{said.prop}: {written}{more}"[: LONGEST["text"]]


def is_entity_id(key: str) -> bool:
    """Whether FollowTheMoney takes this as the id of an entity that others point to."""
    return len(key) <= LONGEST["entity"] and _ENTITY_ID.fullmatch(key) is not None


def _date(said: Statement, value: str) -> tuple[list[str], bool]:
    """Exact to what it says. Of an approximate one the year, which a note says is approximate; no bounds, no spans."""
    found = _DATE.fullmatch(value)
    if found is None or not _in_calendar(*found.group(1, 2, 3)):
        return [], False
    vague = _NOT_EXACT.intersection(said.flags)
    if vague - {"approximate"}:
        return [], False
    return ([found[1]], False) if vague else ([value.replace(" ", "T").removesuffix("Z")], True)


def _in_calendar(year: str, month: str | None, day: str | None) -> bool:
    try:
        return date(int(year), int(month or 1), int(day or 1)).year >= 1000
    except ValueError:
        return False


def _country(said: Statement, value: str) -> tuple[list[str], bool]:
    if code := _code(value):
        return [code[0]], code[1]
    parts = [part for part in _LISTED.split(value) if part.strip(" .")] if len(value) <= LONGEST["address"] else []
    codes = [code for part in parts if (code := _code(part.strip(" .")))]
    return list(dict.fromkeys(code for code, _ in codes)), len(codes) == len(parts) > 0 and all(one for _, one in codes)


@lru_cache(4096)
def _code(value: str) -> tuple[str, bool] | None:
    """FollowTheMoney's code for a country, and whether it is that country and not just a part of it."""
    from rigour.territories import lookup_territory  # two seconds the first time, so only when a country needs it

    found = lookup_territory(value) if 2 <= len(value) <= 100 else None
    if found is None or found.ftm_country is None:
        return None
    return str(found.ftm_country), found.code == found.ftm_country


def _gender(said: Statement, value: str) -> tuple[list[str], bool]:
    word = _GENDERS.get(value.casefold())
    return ([word], True) if word else ([], False)


def _url(said: Statement, value: str) -> tuple[list[str], bool]:
    from rigour.urls import clean_url

    found = None if any(char.isspace() for char in value) else clean_url(value)
    return ([value], True) if found else ([], False)


def _email(said: Statement, value: str) -> tuple[list[str], bool]:
    return ([value], True) if _EMAIL.fullmatch(value) else ([], False)


def _phone(said: Statement, value: str) -> tuple[list[str], bool]:
    """Only with the country's number in front: without it nobody can dial it from elsewhere."""
    bare = _IN_A_NUMBER.sub("", value)
    return ([bare], True) if _PHONE.fullmatch(bare) else ([], False)


def _word(known: frozenset[str]) -> Fit:
    def fit(said: Statement, value: str) -> tuple[list[str], bool]:
        word = value.lower()
        return ([word], True) if word in known else ([], False)

    return fit


def _ip(said: Statement, value: str) -> tuple[list[str], bool]:
    try:
        return [str(ip_address(value))], True
    except ValueError:
        return [], False


def _address(said: Statement, value: str) -> tuple[list[str], bool]:
    line = " ".join(value.split())
    return ([line], True) if line.strip(" ,") else ([], False)


def _name(said: Statement, value: str) -> tuple[list[str], bool]:
    return ([value], True) if value.strip("\"' ") else ([], False)


def _entity(said: Statement, value: str) -> tuple[list[str], bool]:
    return ([value], True) if is_entity_id(value) else ([], False)


_FITS: dict[str, Fit] = {
    "date": _date,
    "country": _country,
    "gender": _gender,
    "url": _url,
    "email": _email,
    "phone": _phone,
    "topic": _word(TOPICS),
    "language": _word(LANGUAGES),
    "ip": _ip,
    "address": _address,
    "name": _name,
    "entity": _entity,
}
