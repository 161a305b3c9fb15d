"""FollowTheMoney's schemata and their properties, as far as Baham writes them.

FollowTheMoney's tools stop at the first property that their model does not know, so a file for them may hold none. The
names are those of followthemoney 4.11 (a test compares them). What Baham never stores (`kernel.schema.LEFT_OUT`) is
not here, and so is never written either.
"""

from collections.abc import Iterable
from functools import cache

_MODEL: dict[str, tuple[str, str]] = {
    "Thing": (
        "",
        "name alias previousName weakAlias country summary notes description sourceUrl publisher publisherUrl "
        "alephUrl wikipediaUrl wikidataId keywords topics address addressEntity program programId proof riskSource "
        "indexText createdAt modifiedAt retrievedAt",
    ),
    "LegalEntity": (
        "Thing",
        "abbreviation email phone website legalForm incorporationDate dissolutionDate taxStatus status sector "
        "classification registrationNumber idNumber taxNumber licenseNumber vatCode jurisdiction mainCountry "
        "opencorporatesUrl bvdId sayariId brightQueryId brightQueryOrgId uscCode icijId okpoCode innCode ogrnCode "
        "okvedCode leiCode dunsCode uniqueEntityId npiCode swiftBic parent",
    ),
    "Person": (
        "LegalEntity",
        "title firstName secondName middleName fatherName motherName lastName nameSuffix birthDate birthPlace "
        "birthCountry deathDate position biography nationality citizenship passportNumber socialSecurityNumber gender "
        "height weight eyeColor hairColor appearance profession education spokenLanguage",
    ),
    "Organization": ("LegalEntity", "cageCode permId imoNumber giiNumber"),
    "Asset": ("Thing Value", ""),
    "Value": ("", "amount currency amountUsd amountEur"),
    "Company": (
        "Asset Organization",
        "capital voenCode coatoCode irsCode ipoCode cikCode jibCode mbsCode caemCode kppCode okopfCode fnsCode "
        "fssCode bikCode pfrNumber oksmCode isinCode ticker ricCode",
    ),
    "PublicBody": ("Organization", ""),
    "Vehicle": ("Asset", "registrationNumber type model owner operator buildDate registrationDate deregistrationDate"),
    "Vessel": (
        "Vehicle",
        "imoNumber crsNumber flag registrationPort navigationArea tonnage grossRegisteredTonnage deadweightTonnage "
        "nameChangeDate callSign pastFlags pastTypes mmsi",
    ),
    "Airplane": ("Vehicle", "serialNumber icaoCode manufacturer"),
    "CryptoWallet": (
        "Thing Value",
        "publicKey cryptoAddress privateKey accountId creationDate currencySymbol blockchain managingExchange holder "
        "balance balanceDate custodyType",
    ),
    "Security": (
        "Asset",
        "isin registrationNumber ticker figiCode issuer issueDate maturityDate type classification collateral",
    ),
    "BankAccount": (
        "Asset",
        "bankName accountNumber iban bic bank accountType openingDate closingDate balance balanceDate maxBalance "
        "maxBalanceDate bankAddress",
    ),
    "Address": (
        "Thing",
        "full remarks postOfficeBox street street2 city postalCode region state latitude longitude osmId googlePlaceId",
    ),
    "Position": ("Thing", "organization inceptionDate dissolutionDate subnationalArea numberOfSeats"),
    "UserAccount": ("Thing", "owner service email phone username password ipAddress"),
    "Interval": (
        "",
        "startDate endDate date summary description recordId sourceUrl proof publisher publisherUrl alephUrl "
        "namesMentioned indexText modifiedAt retrievedAt",
    ),
    "Interest": ("Interval", "role status"),
    "Analyzable": (
        "",
        "detectedLanguage detectedCountry namesMentioned peopleMentioned companiesMentioned ibanMentioned ipMentioned "
        "locationMentioned phoneMentioned emailMentioned",
    ),
    "Event": ("Thing Analyzable Interval", "location important organizer involved"),
    "Sanction": (
        "Interval",
        "entity authority authorityId unscId program programId programUrl provisions status duration reason country "
        "listingDate",
    ),
    "Identification": ("Interval", "holder type country number authority"),
    "Passport": ("Identification", "passportNumber surname givenName birthDate birthPlace gender personalNumber"),
    "Family": ("Interval", "person relative relationship"),
    "Associate": ("Interval", "person associate relationship"),
    "Membership": ("Interest", "member organization"),
    "Ownership": (
        "Interest",
        "owner asset percentage sharesCount sharesValue sharesCurrency sharesType legalBasis ownershipType",
    ),
    "Directorship": ("Interest", "director organization secretary"),
    "Occupancy": (
        "Interval",
        "holder post declarationDate electionDate periodStart periodEnd constituency politicalGroup status",
    ),
    "Employment": ("Interest", "employer employee"),
    "Control": ("Interest", "controller controlled controlType legalBasis"),
    "Representation": ("Interest", "agent client"),
    "Succession": ("Interest", "predecessor successor"),
    "Debt": ("Interval Value", "debtor creditor"),
    "Payment": (
        "Interval Value",
        "sequenceNumber transactionNumber purpose programme payer payerAccount beneficiary beneficiaryAccount "
        "contract project",
    ),
    "UnknownLink": ("Interest", "subject object"),
}


@cache
def properties(schema: str) -> frozenset[str]:
    """The properties that an entity of this schema may have, its parents' with its own. None for an unknown schema."""
    if schema not in _MODEL:
        return frozenset()
    parents, own = _MODEL[schema]
    return frozenset(own.split()).union(*(properties(parent) for parent in parents.split()))


@cache
def ancestors(schema: str) -> frozenset[str]:
    """The schema and all that it is a special case of. One that is not known is only itself."""
    parents = _MODEL[schema][0].split() if schema in _MODEL else ()
    return frozenset({schema}).union(*(ancestors(parent) for parent in parents))


def schema_of(schemata: Iterable[str]) -> str:
    """The one schema of an entity of which its sources use several: the most special one that all agree with.

    Where they contradict each other (a Person, says one, a Company, the other) it is what both have in common.
    """
    given = set(schemata)
    return _one_of(frozenset(given)) if len(given) != 1 else given.pop()


@cache
def _one_of(given: frozenset[str]) -> str:
    for candidate in sorted(given):
        if given <= ancestors(candidate):
            return candidate
    shared = frozenset.intersection(*(ancestors(schema) for schema in given)) if given else frozenset()
    special = [name for name in shared if not any(name in ancestors(other) for other in shared - {name})]
    return min(special, default="Thing")
