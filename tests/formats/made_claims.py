"""Claims for property tests, and a few hand-made ones. Every person, body and ship in them is invented."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from baham.formats import claims as wire
from baham.kernel.basis import Basis, BasisKind, Confidence
from baham.kernel.claim import Claim, Hand
from baham.kernel.grade import Grade, Scheme
from baham.kernel.handling import PAP, TLP, Handling
from baham.kernel.schema import SCHEMATA
from baham.kernel.statement import Place, Statement

SAMPLES = st.sampled_from(
    [
        "Belmur Ostrand",
        "بلمور اوسترند",
        "=cmd|' /C calc'!A0",
        "\u202eevil",
        'a,b;"c"\nd',
        "1970",
        "1970-02-03",
        "AF",
        "af",
        "Testland",
        "person@ost.example",
        "https://ost.example/list",
        "uses",
        "e-1",
        "e-2",
        "<b>&amp;</b>",
        "   x   ",
    ]
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)
VALUES = st.one_of(SAMPLES, TEXTS)
SMALL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=10)
PROPS = st.sampled_from(
    [
        "name",
        "alias",
        "weakAlias",
        "birthDate",
        "nationality",
        "country",
        "passportNumber",
        "idNumber",
        "address",
        "notes",
        "position",
        "email",
        "sourceUrl",
        "addressEntity",
        "holder",
        "entity",
        "owner",
        "asset",
        "person",
        "relative",
        "member",
        "organization",
        "subject",
        "object",
        "role",
        "startDate",
        "endDate",
        "full",
        "city",
        "username",
        "service",
        "imoNumber",
        "publicKey",
        "unheardOf",
    ]
)
MOMENTS = st.integers(0, 2_000_000_000).map(
    lambda seconds: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
DAYS = st.integers(0, 20_000).map(lambda days: date(1990, 1, 1) + timedelta(days=days))
TIMES = st.one_of(
    st.none(),
    MOMENTS.map(lambda at: at.replace(tzinfo=None).isoformat()),
    DAYS.map(date.isoformat),
    st.just("some time ago"),
)
NAMES = st.frozensets(st.sampled_from(["north-desk", "south-desk", "border-post", "lantern-foundation"]), max_size=2)

SCHEMAS = st.sampled_from([*SCHEMATA, "UserAccount", "Event", "Payment", "BankAccount", "Robot"])

handlings = st.builds(
    Handling,
    st.sampled_from(TLP),
    st.sampled_from(PAP),
    st.none() | NAMES,
    NAMES,
    st.none() | NAMES,
    st.none() | MOMENTS,
)


@st.composite
def grades(draw: st.DrawFn) -> Grade:
    scheme = draw(st.sampled_from(Scheme))
    code = draw(st.sampled_from(sorted(scheme.sources))), draw(st.sampled_from(sorted(scheme.information)))
    return Grade(scheme, *code, draw(SMALL), draw(st.none() | MOMENTS), draw(SMALL))


bases = st.one_of(
    st.just(Basis()), st.builds(Basis, st.just(BasisKind.ASSESSMENT), TEXTS, DAYS, st.sampled_from(Confidence))
)
hands = st.builds(Hand, TEXTS, SMALL, st.just("") | MOMENTS.map(wire.utc_text), SMALL)
statements = st.builds(
    Statement,
    entity_id=st.sampled_from(["e-1", "e-2", "e-3"]) | TEXTS,
    schema=SCHEMAS,
    prop=PROPS | TEXTS,
    value=VALUES,
    dataset=st.sampled_from(["tl-one", "tl-two"]) | TEXTS,
    lang=st.none() | st.sampled_from(["en", "ur", "ps"]),
    original_value=st.none() | VALUES,
    canonical_id=st.none() | st.sampled_from(["e-1", "c-1"]),
    origin=st.none() | VALUES,
    first_seen=TIMES,
    last_seen=TIMES,
    external=st.booleans(),
    place=st.builds(Place, SMALL, SMALL),
    quality=SMALL,
    flags=st.lists(st.sampled_from(["partial", "bidi", "formula"]), max_size=2).map(tuple),
)
claims = st.builds(Claim, statements, handlings, st.none() | grades(), bases, st.lists(hands, max_size=3).map(tuple))


@st.composite
def worlds(draw: st.DrawFn) -> list[Claim]:
    """Claims whose entities each have one schema, as they mostly do."""
    schemata = {name: draw(SCHEMAS) for name in ("e-1", "e-2", "e-3")}
    drawn = draw(st.lists(claims, min_size=1, max_size=10))
    return [
        replace(
            claim,
            statement=replace(
                claim.statement, schema=schemata.get(claim.statement.entity_id, "Person"), canonical_id=None, id=""
            ),
        )
        for claim in drawn
    ]


many_claims = st.lists(claims, min_size=1, max_size=10) | worlds()


def said(schema: str, entity: str, prop: str, value: str, **more: Any) -> Claim:
    """One claim, marked GREEN unless `more` says otherwise; `more` is what a Statement or a Claim takes."""
    on_claim = {name: more.pop(name) for name in ("handling", "grade", "basis", "chain") if name in more}
    on_claim.setdefault("handling", Handling(TLP.GREEN, PAP.CLEAR))
    more.setdefault("first_seen", "2031-01-02T03:04:05")
    more.setdefault("last_seen", "2031-02-03T04:05:06")
    return Claim(Statement(entity, schema, prop, value, "tl-one", **more), **on_claim)


WORLD = [
    said(
        "Person", "p-1", "name", "Belmur Ostrand", grade=Grade(Scheme.ADMIRALTY, "B", "2", "desk", None, "seen twice")
    ),
    said("Person", "p-1", "alias", "بلمور اوسترند", lang="ur", grade=Grade(Scheme.ADMIRALTY, "C", "3")),
    said(
        "Person",
        "p-1",
        "birthDate",
        "1970",
        original_value="circa 1970",
        flags=("approximate",),
        grade=Grade(Scheme.ADMIRALTY, "B", "2"),
    ),
    said("Person", "p-1", "nationality", "af", grade=Grade(Scheme.ADMIRALTY, "A", "1")),
    said(
        "Person",
        "p-1",
        "email",
        "bel@ost.example",
        grade=Grade(Scheme.ADMIRALTY, "A", "1"),
        handling=Handling(
            TLP.AMBER,
            PAP.AMBER,
            frozenset({"north-desk"}),
            frozenset({"lantern-foundation"}),
            frozenset({"screening"}),
            datetime(2035, 1, 1, tzinfo=UTC),
        ),
    ),
    said(
        "Person",
        "p-1",
        "position",
        "Ferryman",
        grade=Grade(Scheme.ADMIRALTY, "A", "4"),
        basis=Basis(BasisKind.ASSESSMENT, "desk", date(2031, 3, 4), Confidence.LOW),
        chain=(Hand("lantern-foundation", "Lantern"),),
    ),
    said("Person", "p-2", "name", "Livra Ostrand"),
    said("Organization", "o-1", "name", "Lantern Guild"),
    said("Company", "o-2", "name", "Ostern Ferries"),
    said("Vessel", "v-1", "name", "MV Ostern Light"),
    said("Vessel", "v-1", "imoNumber", "IMO9900001"),
    said("Vehicle", "v-2", "registrationNumber", "OX-17"),
    said("Address", "a-1", "full", "1 Lock Lane, Ost"),
    said("Address", "a-1", "country", "pk"),
    said("Address", "a-2", "full", "2 Lock Lane, Ost"),
    said("Address", "a-2", "country", "Testland"),
    said("Passport", "d-1", "holder", "p-1"),
    said("Passport", "d-1", "number", "QX778899"),
    said("Sanction", "s-1", "entity", "p-1"),
    said("Sanction", "s-1", "authority", "Lantern Council"),
    said("Family", "f-1", "person", "p-1"),
    said("Family", "f-1", "relative", "p-2"),
    said("Membership", "m-1", "member", "p-1"),
    said("Membership", "m-1", "organization", "o-1"),
    said("Membership", "m-1", "startDate", "2029-05-01"),
    said("Membership", "m-1", "endDate", "2030-05-01"),
    said("Ownership", "w-1", "owner", "p-1"),
    said("Ownership", "w-1", "asset", "v-1"),
    said("Directorship", "w-2", "director", "p-2"),
    said("UnknownLink", "u-1", "subject", "o-1"),
    said("UnknownLink", "u-1", "object", "o-2"),
    said("UnknownLink", "u-1", "role", "uses"),
    said("Occupancy", "u-2", "holder", "p-2"),
    said("UserAccount", "n-1", "username", "bel70"),
    said("BankAccount", "b-1", "iban", "XX00000000000000000000"),
    said("CryptoWallet", "k-1", "publicKey", "1AAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    said("Event", "i-1", "name", "Fire at the lock"),
]


def as_json(items: Any) -> Any:
    """What is left after a trip through JSON text, as a file or a wire would have it."""
    return json.loads(json.dumps(items, ensure_ascii=False))


def counted(items: list[Claim]) -> Counter[Claim]:
    """Claims as they may be compared whatever their order."""
    return Counter(items)
