"""Keys: alike across scripts and spellings, never a bare name, never more than eight; messages as they travel."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baham.engines.overlap.keys import MOST, Document, Person, asked, fold_number, held, skeleton, version
from baham.engines.overlap.session import Answer, BadMessage, Closing, Knock, Offer, Request, pack, unpack

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zarghun Talband", "زرغون تلبند"),
        ("Gulalai Rudabari", "ګلالۍ رودباري"),
        ("Talband, Zarghun", "Zarghun Talband"),
        ("Mohd Aly Khaan", "محمد علی خان"),
        ("Haji Abdul Rahman Torbaz", "عبدالرحمان تورباز"),
        ("Sayed Yousaf Shah", "شاہ سید یوسف"),
        ("MIRWAIS  KHORVASH", "Mīrwais Khorvash"),
        ("Chaudhry Usman", "چوہدری عثمان"),
    ],
)
def test_one_name_in_two_writings_is_one_skeleton(one, other):
    assert skeleton(one) == skeleton(other) != ""


@pytest.mark.parametrize(("one", "other"), [("Mahmud Ali", "Muhammad Ali"), ("Hasan Talband", "Husain Talband")])
def test_two_names_stay_two(one, other):
    assert skeleton(one) != skeleton(other)


def test_a_bare_name_and_one_part_give_no_key():
    assert held(Person(["Zarghun Talband"])) == asked(Person(["Zarghun Talband"])) == []
    assert held(Person(["Zarghun"], ["1984"])) == []
    assert held(Person(["Haji Zarghun"], ["1984"])) == [], "a title is no second part"
    assert held(Person(["Zarghun Talband"], ["1970/1984"])) == [], "a birth known to fifteen years says too little"
    assert held(Person([""], ["1984"])) == []


def test_the_asker_looks_a_year_around_and_the_holder_does_not():
    person = Person(["Zarghun Talband"], ["1984-05-02"])
    assert held(person) == [b"n|tlbnd+zrGn|1984"]
    assert sorted(asked(person)) == [b"n|tlbnd+zrGn|%d" % year for year in (1983, 1984, 1985)]


def test_documents_stand_with_their_kind_and_country():
    written = [Document("AB 123-4567", "passport", "Afghanistan"), Document("۱۲۳۴۵-۱۲۳۴۵۶۷-۱")]
    assert held(Person([], documents=written)) == [b"d|passport|af|ab1234567", b"d|national-id|pk|1234512345671"]
    assert fold_number("۱۲۳٤-٥ a") == "12345a"
    bare = Person([], documents=[Document("AB1234567")], countries=["pk"])
    assert held(bare) == [], "a number without a kind says nothing by itself"
    assert asked(bare) == [b"d|passport|pk|ab1234567", b"d|national-id|pk|ab1234567"]
    assert asked(Person([], documents=[Document("12", "passport", "pk")])) == [], "too short to identify"
    assert held(Person([], documents=[Document("AB1234567", "passport")], countries=["pk", "af"])) == []


def test_never_more_than_eight():
    person = Person(
        [f"Zarghun Talband{chr(97 + n)}" for n in range(6)], ["1984", "1990"], [Document("AB1234567", "passport", "pk")]
    )
    assert len(held(person)) == len(asked(person)) == MOST
    assert held(person)[0].startswith(b"d|")


@settings(max_examples=150)
@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=30), st.text(max_size=20))
def test_any_text_gives_keys_that_stand_apart(name, born, number, country):
    person = Person([name], [born], [Document(number, "passport", country)], [country])
    for key in (*held(person), *asked(person)):
        kind, *rest = key.decode().split("|")
        assert (kind, len(rest)) in (("n", 2), ("d", 3))
    assert held(person) == held(person)


def test_keys_are_those_of_every_process():
    code = "from baham.engines.overlap.keys import *; print(held(Person(['Zarghun Talband'], ['1984'])), version())"
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        ).stdout
        for seed in ("1", "2")
    }
    assert said == {f"[b'n|tlbnd+zrGn|1984'] {version()}\n"}


NOW = "2026-11-23T08:00:00Z"
MESSAGES = [
    Knock("darya", "kohsar", NOW, bytes(16)),
    Offer("kohsar", "darya", "e1", bytes(32), NOW, NOW, "1-abc", "screening", "keys", 1024, 184, b"filter"),
    Request("darya", "kohsar", "e1", NOW, bytes(16), "screening", bytes(32), bytes(32), "keys", bytes(64)),
    Answer("kohsar", "e1", NOW, bytes(32), bytes(64), 0, 184, bytes(64)),
    Closing("darya", "kohsar", "e1", NOW, bytes(32), bytes(64)),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda one: type(one).__name__)
def test_a_message_comes_back_as_it_went(message):
    header, body = unpack(pack(json.dumps(message.header()).encode(), message.content))
    assert type(message).read(header, body) == message
    assert type(message).read(header, body).digest == message.digest


@pytest.mark.parametrize("message", MESSAGES, ids=lambda one: type(one).__name__)
def test_every_field_that_lacks_or_is_of_another_kind_is_named(message):
    for name in message.header():
        for wrong in (None, [], {}, True, "", "§", -1, 1.5, "x" * 301, "zz"):
            header = {**message.header(), name: wrong}
            if header == message.header():
                continue
            try:
                read = type(message).read(header, message.content)
            except BadMessage:
                continue
            assert read != message, (name, wrong)
        lacking = {key: value for key, value in message.header().items() if key != name}
        with pytest.raises(BadMessage):
            type(message).read(lacking, message.content)
    with pytest.raises(BadMessage):
        type(message).read({**message.header(), "more": "x"}, message.content)
    with pytest.raises(BadMessage):
        type(message).read(message.header(), message.content + b"x")


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_bytes_that_are_no_message_are_refused(noise):
    for given_bytes in (noise, b"BAHAMOV1" + noise, pack(noise, noise)):
        try:
            header, body = unpack(given_bytes)
        except BadMessage:
            continue
        for message in MESSAGES:
            with pytest.raises(BadMessage):
                type(message).read(header, body)


@pytest.mark.parametrize("cut", [0, 7, 8, 11, 12, 40])
def test_a_message_cut_off_is_refused(cut):
    whole = pack(json.dumps(MESSAGES[1].header()).encode(), MESSAGES[1].content)
    with pytest.raises(BadMessage):
        header, body = unpack(whole[:cut])
        Request.read(header, body)
    header, body = unpack(whole[:-1])
    with pytest.raises(BadMessage):
        Request.read(header, body)
