"""A verifiable oblivious pseudorandom function: RFC 9497, suite ristretto255-SHA512, mode VOPRF.

The asker has inputs, the holder a secret. The asker learns F(secret, input) of each input and nothing about the secret;
the holder learns how many there were. A proof shows that all were computed with the secret of one public key.
`tests/engines/overlap` holds this against the test vectors of the RFC (Appendix A.1.2).

    asker   state, request = blind(inputs)
    holder  response = evaluate(secret, request);  proof = prove(secret, public, request, response)
    asker   outputs = finalize(state, response, proof, public)
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from . import group
from .group import ELEMENT, SCALAR, BadElement

OUTPUT = 64
"""Bytes of an output (Nh of the suite)."""
_CONTEXT = b"OPRFV1-\x01-ristretto255-SHA512"
_HASH_TO_GROUP = b"HashToGroup-" + _CONTEXT
_HASH_TO_SCALAR = b"HashToScalar-" + _CONTEXT
_DERIVE = b"DeriveKeyPair" + _CONTEXT
_MOST_INPUT = 2**16 - 1


class BadProof(ValueError):
    """The holder did not answer with the secret of its public key, or something was changed on the way."""


@dataclass(frozen=True, slots=True)
class Blinded:
    """What the asker keeps until the answer is there: the inputs and the scalar that hides each."""

    inputs: tuple[bytes, ...]
    blinds: bytes


def expand_message(message: bytes, tag: bytes, size: int = group.UNIFORM) -> bytes:
    """expand_message_xmd with SHA-512 (RFC 9380 §5.3.1), `size` up to 64 bytes."""
    ending = bytes([*tag, len(tag)])
    first = hashlib.sha512(bytes(128) + message + size.to_bytes(2, "big") + b"\0" + ending).digest()
    return hashlib.sha512(first + b"\1" + ending).digest()[:size]


def hash_to_group(inputs: Sequence[bytes], threads: int = 1) -> bytes:
    """The element of each input (RFC 9497 §4.1). BadElement for an input longer than 65,535 bytes."""
    if any(len(one) > _MOST_INPUT for one in inputs):
        raise BadElement(f"an input is longer than {_MOST_INPUT} bytes")
    return group.from_uniform(b"".join([expand_message(one, _HASH_TO_GROUP) for one in inputs]), threads)


def hash_to_scalar(message: bytes, tag: bytes = _HASH_TO_SCALAR) -> bytes:
    """The scalar of a message (RFC 9497 §4.1)."""
    return group.reduce(expand_message(message, tag))


def derive_key(seed: bytes, info: bytes = b"") -> tuple[bytes, bytes]:
    """(secret, public) of a seed of 32 bytes (RFC 9497 §3.2.1)."""
    for counter in range(256):
        secret = hash_to_scalar(seed + len(info).to_bytes(2, "big") + info + bytes([counter]), _DERIVE)
        if any(secret):
            return secret, group.multiply_base(secret)
    raise BadElement("no key comes of this seed")


def blind(inputs: Sequence[bytes], threads: int = 1, *, blinds: bytes | None = None) -> tuple[Blinded, bytes]:
    """Hide each input behind a random scalar of its own (§3.3.1). `blinds` is given by tests alone."""
    hidden = group.random_scalars(len(inputs)) if blinds is None else blinds
    request = group.multiply(hidden, hash_to_group(inputs, threads), threads)
    return Blinded(tuple(inputs), hidden), request


def evaluate(secret: bytes, request: bytes, threads: int = 1) -> bytes:
    """The holder's part (§3.3.2). Raises BadElement where the request holds what is no element."""
    return group.multiply(secret, request, threads)


def prove(secret: bytes, public: bytes, request: bytes, response: bytes, *, nonce: bytes | None = None) -> bytes:
    """That every element of `response` is that of `request` times the secret of `public` (§2.2.1), in 64 bytes."""
    combined = _combine(_weights(public, request, response), request)
    evaluated = group.multiply(secret, combined)
    nonce = group.random_scalars(1) if nonce is None else nonce
    challenge = _challenge(public, combined, evaluated, group.multiply_base(nonce), group.multiply(nonce, combined))
    return challenge + group.scalar_subtract(nonce, group.scalar_multiply(challenge, secret))


def verify(proof: bytes, public: bytes, request: bytes, response: bytes) -> None:
    """Raise BadProof unless the proof shows what `prove` says (§2.2.2)."""
    challenge, answer = proof[:SCALAR], proof[SCALAR:]
    if len(request) != len(response) or not (group.is_scalar(challenge) and group.is_scalar(answer)):
        raise BadProof("the proof is no proof: it has another length than the request, or holds what is no scalar")
    try:
        group.check(public)
        weights = _weights(public, request, response)
        combined, evaluated = _combine(weights, request), _combine(weights, response)
        made = _challenge(
            public,
            combined,
            evaluated,
            group.add(group.multiply_base(answer), group.multiply(challenge, public)),
            group.add(group.multiply(answer, combined), group.multiply(challenge, evaluated)),
        )
    except BadElement as error:
        raise BadProof(f"the proof cannot be checked: {error}") from error
    if made != challenge:
        raise BadProof("the answer was not made with the key that the holder has published")


def unblind(state: Blinded, response: bytes, threads: int = 1) -> bytes:
    """The elements behind the outputs: each of the response times the inverse of its blind. BadElement."""
    if group.count(response) != len(state.inputs):
        raise BadElement(f"{group.count(response)} elements answer {len(state.inputs)} inputs")
    return group.multiply(group.invert(state.blinds), response, threads)


def outputs_of(inputs: Sequence[bytes], elements: bytes) -> list[bytes]:
    """The outputs, 64 bytes each, of inputs and the elements that belong to them (§3.3.1, Finalize)."""
    size = ELEMENT.to_bytes(2, "big")
    return [
        hashlib.sha512(
            len(one).to_bytes(2, "big") + one + size + elements[ELEMENT * i : ELEMENT * (i + 1)] + b"Finalize"
        ).digest()
        for i, one in enumerate(inputs)
    ]


def finalize(
    state: Blinded, request: bytes, response: bytes, proof: bytes, public: bytes, threads: int = 1
) -> list[bytes]:
    """The outputs, once the proof has been found good (§3.3.2). Raises BadProof, BadElement."""
    verify(proof, public, request, response)
    return outputs_of(state.inputs, unblind(state, response, threads))


def outputs(secret: bytes, inputs: Sequence[bytes], threads: int = 1) -> list[bytes]:
    """What the holder computes of its own inputs (§3.3.1, Evaluate)."""
    return outputs_of(inputs, group.multiply(secret, hash_to_group(inputs, threads), threads))


def _weights(public: bytes, request: bytes, response: bytes) -> bytes:
    """One weight for each pair, of which none can be known before all pairs are (§2.2.1, ComputeComposites)."""
    tag = b"Seed-" + _CONTEXT
    seed = hashlib.sha512(_sized(public) + _sized(tag)).digest()
    return b"".join(
        [
            hash_to_scalar(
                _sized(seed)
                + i.to_bytes(2, "big")
                + _sized(request[ELEMENT * i : ELEMENT * (i + 1)])
                + _sized(response[ELEMENT * i : ELEMENT * (i + 1)])
                + b"Composite"
            )
            for i in range(group.count(request))
        ]
    )


def _combine(weights: bytes, elements: bytes) -> bytes:
    return group.total(group.multiply(weights, elements))


def _challenge(*elements: bytes) -> bytes:
    return hash_to_scalar(b"".join(map(_sized, elements)) + b"Challenge")


def _sized(value: bytes) -> bytes:
    return len(value).to_bytes(2, "big") + value
