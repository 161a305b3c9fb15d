"""Claims, seals and envelopes: what is written is read again, and what was tampered with is told, never read."""

import json
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from baham.formats import claims, dsse, sealed
from baham.formats.canonical import canonical
from baham.kernel.basis import Basis, BasisKind, Confidence
from baham.kernel.claim import FACT, Claim, Hand
from baham.kernel.grade import Grade, Scheme
from baham.kernel.handling import PAP, TLP, Handling
from baham.kernel.statement import Place, Statement
from tests.kernel.test_handling import HANDLINGS

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)
WHOLE = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC))
STATEMENTS = st.builds(
    Statement,
    TEXT,
    TEXT,
    TEXT,
    TEXT,
    TEXT,
    lang=st.none() | TEXT,
    original_value=st.none() | TEXT,
    canonical_id=TEXT,
    origin=st.none() | TEXT,
    external=st.booleans(),
    place=st.builds(Place, TEXT, TEXT),
    quality=TEXT,
    flags=st.lists(TEXT, max_size=3).map(tuple),
)
GRADES = st.none() | st.builds(
    Grade,
    st.just(Scheme.ADMIRALTY),
    st.sampled_from("ABCDEF"),
    st.sampled_from("123456"),
    TEXT,
    st.none() | WHOLE,
    TEXT,
)
BASES = st.just(FACT) | st.builds(
    Basis, st.just(BasisKind.ASSESSMENT), TEXT, st.dates(date(1990, 1, 1)), st.sampled_from(Confidence)
)
HANDS = st.builds(Hand, TEXT, TEXT, WHOLE.map(lambda at: at.isoformat()), TEXT)
CLAIMS = st.builds(
    Claim,
    STATEMENTS,
    HANDLINGS.map(
        lambda h: Handling(
            h.tlp, h.pap, h.releasable_to, h.originators, h.purposes, h.expires and h.expires.replace(microsecond=0)
        )
    ),
    GRADES,
    BASES,
    st.lists(HANDS, max_size=3).map(tuple),
)


@given(CLAIMS)
def test_a_claim_is_read_as_it_was_written(claim):
    written = claims.write(claim)
    assert claims.read(json.loads(canonical(written))) == claim
    assert claims.read(written).id == claim.id


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
_PATHS = ("statement", "handling", "grade", "basis", "chain")


@given(
    CLAIMS,
    st.sampled_from(_PATHS),
    st.text(max_size=10) | st.sampled_from(["value", "tlp", "code", "kind", "id", "place"]),
    JSON,
)
def test_whatever_is_put_into_a_claim_it_is_read_or_refused(claim, part, key, junk):
    written = claims.write(claim)
    if isinstance(written[part], dict):
        written[part][key] = junk
    else:
        written[part] = junk
    try:
        claims.read(written)
    except claims.BadClaim as error:
        assert str(error)


@given(JSON)
def test_junk_is_refused(junk):
    with pytest.raises(claims.BadClaim):
        claims.read(junk)


@given(JSON)
def test_a_marking_that_is_not_understood_never_opens(junk):
    handling = claims.read_handling({"tlp": "TLP:CLEAR", "pap": "PAP:CLEAR", "a new restriction": junk})
    assert handling.releasable_to == frozenset() and handling.tlp >= TLP.AMBER_STRICT
    assert claims.read_handling(junk if not isinstance(junk, dict) else None).tlp >= TLP.AMBER_STRICT
    assert claims.read_handling({"tlp": "TLP:CLEAR", "pap": "PAP:CLEAR", "purposes": 7}).pap is PAP.RED


def test_an_id_that_does_not_belong_to_the_words_is_refused():
    written = claims.write(Claim(Statement("e", "Person", "name", "Zarghun Talband", "desk")))
    written["statement"]["value"] = "Somebody Else"
    with pytest.raises(claims.BadClaim, match=r"statement\.id"):
        claims.read(written)


@given(st.lists(st.tuples(CLAIMS, st.booleans()), min_size=1, max_size=6))
def test_a_seal_holds_with_parts_withheld_and_breaks_with_one_changed(given_claims):
    made = sealed.seal(given_claims)
    assert sealed.unseal(made.parts, made.root) == [claim for claim, shown in given_claims if shown]
    shown = [claim.id for claim, is_shown in given_claims if is_shown]
    if shown:
        rest = sealed.withhold(made.parts, shown[:1])
        assert [claim.id for claim in sealed.unseal(rest, made.root)] == [sid for sid in shown if sid != shown[0]]
        changed = json.loads(json.dumps(made.parts))
        next(part for part in changed if "claim" in part)["claim"]["basis"] = None
        with pytest.raises(sealed.BadSeal):
            sealed.unseal(changed, made.root)
    with pytest.raises(sealed.BadSeal):
        sealed.unseal(made.parts[:-1], made.root)


@given(JSON)
def test_parts_that_are_none_are_told(junk):
    with pytest.raises(sealed.BadSeal):
        sealed.unseal([junk], "00" * 32)


def test_an_envelope_opens_for_the_key_that_signed_it_and_for_no_other():
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    public, strange = (k.public_key().public_bytes_raw() for k in (key, other))
    envelope = dsse.sign("application/x", {"b": 1, "a": "ا"}, [key])
    opened = dsse.verify("application/x", envelope, {dsse.key_id(public): public})
    assert opened.json() == {"a": "ا", "b": 1} and opened.signers == (dsse.key_id(public),)
    with pytest.raises(dsse.BadSignature, match="known here"):
        dsse.verify("application/x", envelope, {dsse.key_id(strange): strange})
    with pytest.raises(dsse.BadSignature, match="known here"):  # a key under somebody else's id
        dsse.verify("application/x", envelope, {dsse.key_id(public): strange})
    with pytest.raises(dsse.BadSignature, match="not a 'application/y'"):
        dsse.verify("application/y", envelope, {dsse.key_id(public): public})


@given(JSON)
def test_an_envelope_that_is_none_is_told(junk):
    for broken in (
        junk,
        {"payloadType": "t", "payload": junk, "signatures": []},
        {"payloadType": "t", "payload": "", "signatures": junk},
    ):
        with pytest.raises(dsse.BadSignature):
            dsse.verify("t", broken, {})


@pytest.mark.parametrize("value", [1.5, {1: 2}, 2**60, {"a": object()}, "\ud800"])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(ValueError):
        canonical(value)


def test_the_canonical_form_is_that_of_rfc_8785():
    """The example of §3.2.3: keys in the order of their UTF-16 code units."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\xf6"]
    expected = ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical(dict.fromkeys(keys, 0)))) == expected
    assert (
        canonical({"b": [True, None, 7], "a": '\x1f\n"\\/é'})
        == '{"a":"\\u001f\\n\\"\\\\/é","b":[true,null,7]}'.encode()
    )
