"""The oblivious PRF against the test vectors of RFC 9497, Appendix A.1.2 (ristretto255-SHA512, VOPRF), and its algebra."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("rbcl", reason="the extra psi is not installed")

from baham.engines.overlap import group, oprf

SEED, INFO = b"\xa3" * 32, b"test key"
SECRET = "e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909"
PUBLIC = "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e"
BLIND = "64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706"
OTHER_BLIND = "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e"
FIRST_OUTPUT = (
    "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7d"
    "a4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c"
)
SECOND_OUTPUT = (
    "8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60"
    "356f4610bf816f27afdd84f47719e480906d27ecd994985890e5f539e7ea74b6"
)
VECTORS = {
    "1, one input": (
        ["00"],
        BLIND,
        "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",
        "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e",
        "ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd06"
        "6d4346421d17bf5117a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d",
        "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e",
        [FIRST_OUTPUT],
    ),
    "2, one input": (
        ["5a" * 17],
        BLIND,
        "cc0b2a350101881d8a4cba4c80241d74fb7dcbfde4a61fde2f91443c2bf9ef0c",
        "60a59a57208d48aca71e9e850d22674b611f752bed48b36f7a91b372bd7ad468",
        "401a0da6264f8cf45bb2f5264bc31e109155600babb3cd4e5af7d181a2c9dc0a"
        "67154fabf031fd936051dec80b0b6ae29c9503493dde7393b722eafdf5a50b02",
        "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e",
        [SECOND_OUTPUT],
    ),
    "3, a batch of two": (
        ["00", "5a" * 17],
        BLIND + OTHER_BLIND,
        "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945"
        "90a0145ea9da29254c3a56be4fe185465ebb3bf2a1801f7124bbbadac751e654",
        "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e"
        "cc5ac221950a49ceaa73c8db41b82c20372a4c8d63e5dded2db920b7eee36a2a",
        "cc203910175d786927eeb44ea847328047892ddf8590e723c37205cb74600b0a"
        "5ab5337c8eb4ceae0494c2cf89529dcf94572ed267473d567aeed6ab873dee08",
        "419c4f4f5052c53c45f3da494d2b67b220d02118e0857cdbcf037f9ea84bbe0c",
        [FIRST_OUTPUT, SECOND_OUTPUT],
    ),
}
BYTES = bytes.fromhex


def test_the_key_of_the_vectors():
    assert oprf.derive_key(SEED, INFO) == (BYTES(SECRET), BYTES(PUBLIC))


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("name", VECTORS)
def test_the_vectors_of_the_rfc(name, threads):
    inputs, blinds, request, response, proof, nonce, outputs = VECTORS[name]
    state, asked = oprf.blind([BYTES(one) for one in inputs], threads, blinds=BYTES(blinds))
    assert asked.hex() == request
    answered = oprf.evaluate(BYTES(SECRET), asked, threads)
    assert answered.hex() == response
    assert oprf.prove(BYTES(SECRET), BYTES(PUBLIC), asked, answered, nonce=BYTES(nonce)).hex() == proof
    found = oprf.finalize(state, asked, answered, BYTES(proof), BYTES(PUBLIC), threads)
    assert [one.hex() for one in found] == outputs
    assert oprf.outputs(BYTES(SECRET), state.inputs) == found


def test_expanding_a_message_as_rfc_9380_has_it():
    """RFC 9380, Appendix K.3 (expand_message_xmd with SHA-512), the outputs of 32 bytes."""
    tag = b"QUUX-V01-CS02-with-expander-SHA512-256"
    expected = {
        b"": "6b9a7312411d92f921c6f68ca0b6380730a1a4d982c507211a90964c394179ba",
        b"abc": "0da749f12fbe5483eb066a5f595055679b976e93abe9be6f0f6318bce7aca8dc",
        b"abcdef0123456789": "087e45a86e2939ee8b91100af1583c4938e0f5fc6c9db4b107b83346bc967f58",
    }
    for message, wanted in expected.items():
        assert oprf.expand_message(message, tag, 32).hex() == wanted


INPUTS = st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=6, unique=True)


@settings(max_examples=25)
@given(INPUTS, st.binary(min_size=32, max_size=32))
def test_asked_obliviously_or_computed_directly_the_output_is_one(inputs, seed):
    secret, public = oprf.derive_key(seed)
    state, request = oprf.blind(inputs)
    response = oprf.evaluate(secret, request)
    proof = oprf.prove(secret, public, request, response)
    assert oprf.finalize(state, request, response, proof, public) == oprf.outputs(secret, inputs)


@settings(max_examples=20)
@given(st.integers(1, 2**252), st.integers(1, 2**252), st.binary(min_size=64, max_size=64))
def test_the_algebra_of_the_group(a, b, uniform):
    one, other = (n.to_bytes(32, "little") for n in (a, b))
    element = group.from_uniform(hashlib.sha512(uniform).digest())
    assert group.multiply(one, group.multiply(other, element)) == group.multiply(
        group.scalar_multiply(one, other), element
    )
    both = group.scalar_add(one, other)
    assert group.add(group.multiply(one, element), group.multiply(other, element)) == group.multiply(both, element)
    assert group.multiply(group.invert(one), group.multiply(one, element)) == element
    assert group.scalar_subtract(both, other) == group.scalar_multiply(one, group.ONE)
    assert group.invert(one + other) == group.invert(one) + group.invert(other)


def test_two_requests_for_one_input_have_nothing_in_common():
    _, one = oprf.blind([b"n|a+b|1984"])
    _, other = oprf.blind([b"n|a+b|1984"])
    assert one != other


@pytest.fixture
def exchange():
    secret, public = oprf.derive_key(bytes(32))
    state, request = oprf.blind([b"one", b"two", b"three"])
    response = oprf.evaluate(secret, request)
    return secret, public, state, request, response, oprf.prove(secret, public, request, response)


def test_an_answer_of_another_key_is_found(exchange):
    _, public, state, request, _, _ = exchange
    other, other_public = oprf.derive_key(b"\1" * 32)
    answered = oprf.evaluate(other, request)
    for proof in (oprf.prove(other, other_public, request, answered), oprf.prove(other, public, request, answered)):
        with pytest.raises(oprf.BadProof):
            oprf.finalize(state, request, answered, proof, public)


def test_one_element_of_another_key_is_found(exchange):
    secret, public, state, request, response, _ = exchange
    other, _ = oprf.derive_key(b"\1" * 32)
    mixed = response[:64] + oprf.evaluate(other, request[64:])
    with pytest.raises(oprf.BadProof):
        oprf.finalize(state, request, mixed, oprf.prove(secret, public, request, mixed), public)


@pytest.mark.parametrize("place", [0, 31, 32, 63])
def test_a_changed_proof_is_found(exchange, place):
    _, public, state, request, response, proof = exchange
    changed = bytearray(proof)
    changed[place] ^= 1
    with pytest.raises(oprf.BadProof):
        oprf.finalize(state, request, response, bytes(changed), public)


@pytest.mark.parametrize("proof", [b"", b"\0" * 63, b"\xff" * 64, b"\0" * 64])
def test_what_is_no_proof_is_refused(exchange, proof):
    _, public, state, request, response, _ = exchange
    with pytest.raises(oprf.BadProof):
        oprf.finalize(state, request, response, proof, public)


def test_answers_in_another_order_are_found(exchange):
    _, public, state, request, response, proof = exchange
    with pytest.raises(oprf.BadProof):
        oprf.finalize(state, request, response[32:64] + response[:32] + response[64:], proof, public)


# RFC 9496, Appendix A.2: encodings that are not canonical, negative, not square, or lead to a zero.
NO_ELEMENTS = [
    "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "00" * 32,
]


@pytest.mark.parametrize("bad", NO_ELEMENTS)
def test_what_is_no_element_is_refused_wherever_it_stands(bad):
    good = group.random_elements(2)
    for request in (BYTES(bad), BYTES(bad) + good, good + BYTES(bad)):
        with pytest.raises(group.BadElement):
            oprf.evaluate(group.ONE, request)
        with pytest.raises(group.BadElement):
            group.check(request)
    with pytest.raises(group.BadElement):
        oprf.evaluate(group.ONE, group.random_elements(200) + BYTES(bad), threads=2)


@pytest.mark.parametrize("size", [1, 31, 33, 63])
def test_bytes_that_are_no_whole_number_of_elements_are_refused(size):
    with pytest.raises(group.BadElement):
        oprf.evaluate(group.ONE, bytes(size))


def test_zero_is_no_scalar_to_hide_behind():
    with pytest.raises(group.BadElement):
        group.invert(group.ONE + bytes(32))
    with pytest.raises(group.BadElement):
        group.multiply(bytes(32), group.random_elements(1))
    with pytest.raises(group.BadElement):
        group.multiply_base(bytes(32))


def test_threads_change_nothing():
    inputs = [hashlib.sha256(bytes([i])).digest() for i in range(200)]
    assert oprf.outputs(BYTES(SECRET), inputs, threads=2) == oprf.outputs(BYTES(SECRET), inputs)
