"""Packs: what is carried by hand is taken in once, in order, whole, in time, and by whom it is for."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baham.formats import dsse, pack
from baham.kernel.log import Frontier
from baham.measures.sharing import heads, packs
from baham.measures.sharing.models import Received
from baham.platform.ledger.models import Entity
from baham.platform.release import channel
from baham.platform.release.identity import ours
from baham.platform.release.models import Channel, Message
from baham.platform.release.partners import add_key
from tests.measures.sharing.conftest import Other, claim
from tests.platform.release.test_releases import propose, sign
from tests.support.people import actor

pytestmark = pytest.mark.django_db
SOON = datetime.now(UTC) + timedelta(days=30)


def packed(other: Other, *messages, before=(), receiver=None, to=None, key=None, expires=SOON, tree=None) -> bytes:
    """A pack that the other party makes of these messages, after those `before`."""
    frontier = Frontier()
    frontier.extend(channel.message_leaf(one["envelope"]) for one in before)
    return pack.build(
        sender=other.party,
        receiver=receiver or ours().party,
        made=datetime.now(UTC),
        expires=expires,
        before=tree or frontier,
        messages=messages,
        key=key or other.key,
        recipients=[to or ours().age_recipient],
    )


def put(tmp_path, data: bytes):
    path = tmp_path / "one.baham"
    path.write_bytes(data)
    return path


def test_a_pack_brings_what_a_sync_would(other, nilgar, tmp_path):
    first, second = other.releases(claim()), other.recalls(claim().id)
    path = put(tmp_path, packed(other, first, second))
    partner, done = packs.open_pack(actor(), path)
    assert partner == nilgar and (done.messages, done.accepted) == (2, 1)
    assert Received.objects.get().state == "recalled"


def test_a_pack_that_overlaps_brings_only_what_is_new(other, nilgar, tmp_path):
    one, two, three = (
        other.releases(claim()),
        other.releases(claim("1984", "birthDate")),
        other.releases(claim("A", "alias")),
    )
    packs.open_pack(actor(), put(tmp_path, packed(other, one, two)))
    _partner, done = packs.open_pack(actor(), put(tmp_path, packed(other, two, three, before=[one])))
    assert done.messages == 1 and channel.head(nilgar, channel.IN).size == 3


def refused(tmp_path, data: bytes, match: str) -> None:
    before = (Message.objects.count(), Received.objects.count(), Entity.objects.count())
    with pytest.raises(pack.BadPack, match=match):
        packs.open_pack(actor(), put(tmp_path, data))
    assert before == (Message.objects.count(), Received.objects.count(), Entity.objects.count())


def test_what_was_opened_or_is_older_is_refused(other, nilgar, tmp_path):
    one, two = other.releases(claim()), other.releases(claim("1984", "birthDate"))
    packs.open_pack(actor(), put(tmp_path, packed(other, one, two)))
    refused(tmp_path, packed(other, one, two), "heard before")
    refused(tmp_path, packed(other, one), "older pack")


def test_a_gap_is_named(other, nilgar, tmp_path):
    one, two = other.releases(claim()), other.releases(claim("1984", "birthDate"))
    refused(tmp_path, packed(other, two, before=[one]), "messages 0 to 0 are missing")


def test_another_past_is_refused(other, nilgar, tmp_path):
    one, two = other.releases(claim()), other.releases(claim("1984", "birthDate"))
    packs.open_pack(actor(), put(tmp_path, packed(other, one)))
    refused(tmp_path, packed(other, two, before=[other.releases(claim("X", "alias"))]), "another past")


@pytest.mark.parametrize(
    ("more", "match"),
    [
        (lambda other: {"expires": datetime.now(UTC) - timedelta(days=1)}, "ran out"),
        (lambda other: {"receiver": "11111111-1111-4111-8111-111111111111"}, "another party"),
        (lambda other: {"key": Ed25519PrivateKey.generate()}, "known here"),
        (lambda other: {"to": _stranger()}, "not encrypted to"),
        (lambda other: {"tree": Frontier(4, [b"x" * 32, b"y" * 32])}, "does not hold"),
    ],
)
def test_a_pack_that_is_not_for_us_or_not_in_time(other, nilgar, tmp_path, more, match):
    refused(tmp_path, packed(other, other.releases(claim()), **more(other)), match)


def _stranger() -> str:
    from pyrage import x25519

    return str(x25519.Identity.generate().to_public())


def test_a_stranger_is_told(tmp_path, db):
    stranger = Other()
    refused(tmp_path, packed(stranger, stranger.releases(claim())), "no partner here")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_flipped_byte_anywhere_is_refused(other, nilgar, tmp_path, where, bit):
    whole = bytearray(packed(other, other.releases(claim())))
    whole[int(where * len(whole))] ^= 1 << bit
    refused(tmp_path, bytes(whole), "damaged, or was not encrypted")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_byte_flipped_inside_before_it_was_encrypted_is_refused(other, nilgar, tmp_path, where, bit):
    from pyrage import encrypt, x25519

    inside = bytearray(pack.decrypt(packed(other, other.releases(claim())), ours().age_secret))
    inside[int(where * len(inside))] ^= 1 << bit
    keys = {dsse.key_id(other.key.public_key().public_bytes_raw()): other.key.public_key().public_bytes_raw()}
    again = bytes(encrypt(bytes(inside), [x25519.Recipient.from_str(ours().age_recipient)]))
    try:
        held = pack.read(pack.decrypt(again, ours().age_secret), keys, receiver=ours().party, now=datetime.now(UTC))
    except pack.BadPack:
        return
    # A flip in what no reader looks at (a zip's times and attributes) changes nothing that was signed.
    assert held.messages and held.root == held.root_at(held.last)


@given(junk=st.binary(max_size=400))
def test_junk_is_no_pack(junk):
    with pytest.raises(pack.BadPack):
        pack.read(junk, {}, receiver="x", now=datetime.now(UTC))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("metadata.json", junk)
        archive.writestr("messages.jsonl", junk)
    with pytest.raises(pack.BadPack):
        pack.read(made.getvalue(), {}, receiver="x", now=datetime.now(UTC))


def test_our_own_pack_holds_what_was_not_confirmed_and_the_receipt_comes_back(
    ledger, other, nilgar, officers, tmp_path
):
    from pyrage import x25519

    theirs = x25519.Identity.generate()
    add_key(actor(), nilgar, "encrypt", str(theirs.to_public()))
    sign(propose(nilgar, ledger["k-1"]), officers[0])
    path = tmp_path / "for-nilgar.baham"
    made = packs.build(actor(), nilgar, path)
    assert (made.first, made.last) == (0, 1)
    inside = pack.decrypt(path.read_bytes(), str(theirs))
    held = pack.read(inside, {ours().key_id: ours().public}, receiver=other.party, now=datetime.now(UTC))
    assert [one["kind"] for one in held.messages] == ["release"] and held.root == channel.head(nilgar).root
    packs.open_receipt(nilgar, confirming(other, 1, channel.head(nilgar).root))
    assert channel.witnessed(nilgar) == 1
    with pytest.raises(pack.BadPack, match="nothing"):
        packs.build(actor(), nilgar, path)
    sign(propose(nilgar, ledger["k-2"]), officers[0])
    assert packs.build(actor(), nilgar, path).first == 1


def confirming(other: Other, size: int, root: str, **more) -> str:
    said = {
        "version": 1,
        "from": other.party,
        "to": ours().party,
        "at": "2026-01-01T00:00:00Z",
        "direction": "in",
        "size": size,
        "root": root,
        **more,
    }
    return json.dumps(dsse.sign(channel.payload_type(heads.HEAD), said, [other.key]))


def test_a_receipt_for_what_was_never_said_is_refused(ledger, other, nilgar, officers):
    sign(propose(nilgar, ledger["k-1"]), officers[0])
    root = channel.head(nilgar).root
    for text in (
        "{}",
        "x",
        confirming(other, 2, root),
        confirming(other, 1, "00" * 32),
        confirming(Other(), 1, root),
        confirming(other, 1, root, direction="out"),
    ):
        with pytest.raises(pack.BadPack):
            packs.open_receipt(nilgar, text)
    assert not Channel.objects.get(direction="out").witnessed


def test_a_pack_needs_a_key_to_encrypt_to(ledger, nilgar, officers, tmp_path):
    sign(propose(nilgar, ledger["k-1"]), officers[0])
    with pytest.raises(pack.BadPack, match="no key to encrypt"):
        packs.build(actor(), nilgar, tmp_path / "x")
    assert not (tmp_path / "x").exists()
