"""The group ristretto255 (RFC 9496), many elements at a time, as libsodium computes it.

Elements and scalars are 32 bytes each and lie one after the other in `bytes`; nothing here is an object. The arithmetic
is libsodium's, through the package `rbcl` (the extra `psi`); none is done in Python. Every element that is read is
checked: an encoding that is not canonical, and the identity, are refused (BadElement). The interpreter is let go while
libsodium computes, so threads use several cores.
"""

import ctypes
import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

ELEMENT = SCALAR = 32
"""Bytes of an element, and of a scalar."""
UNIFORM = 64
"""Uniform bytes from which an element or a scalar is made."""
IDENTITY = bytes(ELEMENT)
ONE = (1).to_bytes(SCALAR, "little")
_ORDER = 2**252 + 27742317777372353535851937790883648493
"""How many elements the group has (RFC 9496 §4)."""
_WORTH = 64
"""Elements for which a thread is worth starting."""


class Missing(Exception):
    """The extra `psi` is not installed: one line that says what to do."""


class BadElement(ValueError):
    """Bytes that are no element of the group, or the identity where none may be; no scalar, or zero."""


class _Sodium:
    """libsodium's functions on addresses. They write to the first, and answer 0 where the input was good."""

    def __init__(self) -> None:
        library = _library()
        int_ = ctypes.c_int

        def function(name: str, addresses: int) -> Callable[..., int]:
            found: Any = getattr(library, name)
            found.argtypes, found.restype = [ctypes.c_void_p] * addresses, int_
            made: Callable[..., int] = found
            return made

        self.from_hash = function("crypto_core_ristretto255_from_hash", 2)
        self.multiply = function("crypto_scalarmult_ristretto255", 3)
        self.multiply_base = function("crypto_scalarmult_ristretto255_base", 2)
        self.add = function("crypto_core_ristretto255_add", 3)
        self.subtract = function("crypto_core_ristretto255_sub", 3)
        self.is_valid = function("crypto_core_ristretto255_is_valid_point", 1)
        self.scalar_reduce = function("crypto_core_ristretto255_scalar_reduce", 2)
        self.scalar_invert = function("crypto_core_ristretto255_scalar_invert", 2)
        self.scalar_multiply = function("crypto_core_ristretto255_scalar_mul", 3)
        self.scalar_add = function("crypto_core_ristretto255_scalar_add", 3)
        self.scalar_subtract = function("crypto_core_ristretto255_scalar_sub", 3)


def _library() -> Any:
    """libsodium as `rbcl` brings it. It writes the library to a file in the temporary folder to load it and leaves it
    there; once it is loaded, the file is taken away."""
    try:
        import rbcl
        from rbcl import _sodium as loader
    except ImportError as error:
        raise Missing("private overlap checks need libsodium: pip install 'baham[psi]'") from error
    path = str(loader._name)
    if Path(path).parent == Path(tempfile.gettempdir()):
        Path(path).unlink(missing_ok=True)
    return rbcl._sodium


@cache
def _sodium() -> _Sodium:
    return _Sodium()


def _at(buffer: Any) -> int:
    """The address of a buffer that is not moved while it lives."""
    return ctypes.addressof(buffer)


def _input(given: bytes) -> Any:
    return (ctypes.c_char * len(given)).from_buffer_copy(given) if given else ctypes.create_string_buffer(1)


def _output(size: int) -> Any:
    return ctypes.create_string_buffer(max(size, 1))


def count(elements: bytes) -> int:
    """How many elements (or scalars) these bytes are. Raises BadElement where they are no whole number of them."""
    if len(elements) % ELEMENT:
        raise BadElement(f"{len(elements)} bytes are no whole number of elements")
    return len(elements) // ELEMENT


def _each(work: Callable[[int], int], many: int, threads: int) -> None:
    """Do the work for 0 … many-1, in stretches on threads. BadElement names the first for which it fails."""

    def stretch(start: int, end: int) -> int | None:
        for i in range(start, end):
            if work(i):
                return i
        return None

    if threads <= 1 or many < 2 * _WORTH:
        failed = [stretch(0, many)]
    else:
        size = -(-many // threads)
        with ThreadPoolExecutor(threads) as pool:
            failed = list(pool.map(lambda start: stretch(start, min(many, start + size)), range(0, many, size)))
    bad = [i for i in failed if i is not None]
    if bad:
        raise BadElement(f"number {min(bad)} of {many} is no element of the group, or the identity")


def from_uniform(uniform: bytes, threads: int = 1) -> bytes:
    """One element for every 64 uniform bytes (RFC 9496 §4.3.4, the map that RFC 9380 App. B names for hashing)."""
    sodium, many = _sodium(), len(uniform) // UNIFORM
    if many * UNIFORM != len(uniform):
        raise BadElement(f"{len(uniform)} bytes are no whole number of {UNIFORM}")
    given, made = _input(uniform), _output(many * ELEMENT)
    source, target = _at(given), _at(made)
    _each(lambda i: sodium.from_hash(target + ELEMENT * i, source + UNIFORM * i), many, threads)
    return bytes(made.raw[: many * ELEMENT])


def multiply(scalars: bytes, elements: bytes, threads: int = 1) -> bytes:
    """Each element times its scalar, or all times one. BadElement for one that is not canonical or the identity."""
    sodium, many = _sodium(), count(elements)
    if len(scalars) not in (SCALAR, many * SCALAR):
        raise BadElement(f"{count(scalars)} scalars for {many} elements")
    step = SCALAR if len(scalars) == many * SCALAR else 0
    factors, given, made = _input(scalars), _input(elements), _output(many * ELEMENT)
    by, source, target = _at(factors), _at(given), _at(made)
    _each(lambda i: sodium.multiply(target + ELEMENT * i, by + step * i, source + ELEMENT * i), many, threads)
    return bytes(made.raw[: many * ELEMENT])


def multiply_base(scalars: bytes, threads: int = 1) -> bytes:
    """The generator times each scalar. BadElement for zero."""
    sodium, many = _sodium(), count(scalars)
    factors, made = _input(scalars), _output(many * ELEMENT)
    by, target = _at(factors), _at(made)
    _each(lambda i: sodium.multiply_base(target + ELEMENT * i, by + SCALAR * i), many, threads)
    return bytes(made.raw[: many * ELEMENT])


def add_each(ones: bytes, others: bytes, threads: int = 1) -> bytes:
    """Each element plus the one in the same place of the others. BadElement."""
    return _pairs(_sodium().add, ones, others, threads)


def subtract_each(ones: bytes, others: bytes, threads: int = 1) -> bytes:
    """Each element less the one in the same place of the others. BadElement."""
    return _pairs(_sodium().subtract, ones, others, threads)


def _pairs(act: Callable[..., int], ones: bytes, others: bytes, threads: int) -> bytes:
    many = count(ones)
    if len(ones) != len(others):
        raise BadElement(f"{count(others)} elements for {many}")
    left, right, made = _input(ones), _input(others), _output(many * ELEMENT)
    first, second, target = _at(left), _at(right), _at(made)
    _each(lambda i: act(target + ELEMENT * i, first + ELEMENT * i, second + ELEMENT * i), many, threads)
    return bytes(made.raw[: many * ELEMENT])


def add(*elements: bytes) -> bytes:
    """The sum of single elements; the identity counts as one here. BadElement."""
    return total(b"".join(elements))


def total(elements: bytes) -> bytes:
    """The sum of many elements, the identity for none. BadElement for one that is no element."""
    sodium, many = _sodium(), count(elements)
    if not many:
        return IDENTITY
    given, made = _input(elements), _output(ELEMENT)
    source, target = _at(given), _at(made)
    ctypes.memmove(target, source, ELEMENT)
    for i in range(1, many):
        if sodium.add(target, target, source + ELEMENT * i):
            raise BadElement(f"number {i} of {many} is no element of the group")
    return bytes(made.raw[:ELEMENT])


def weighted(weights: Sequence[int], elements: bytes, bits: int) -> bytes:
    """The sum of the elements, each times its weight of 0 to 2**bits - 1, by Pippenger's buckets: one addition an
    element and 2 * 2**bits more. BadElement for one that is no element."""
    sodium, many = _sodium(), count(elements)
    given, buckets, sums = _input(elements), _output(ELEMENT << bits), _output(2 * ELEMENT)
    source, pile, running = _at(given), _at(buckets), _at(sums)
    for i in range(many):
        at = pile + ELEMENT * weights[i]
        if sodium.add(at, at, source + ELEMENT * i):
            raise BadElement(f"number {i} of {many} is no element of the group")
    for weight in range((1 << bits) - 1, 0, -1):
        sodium.add(running, running, pile + ELEMENT * weight)
        sodium.add(running + ELEMENT, running + ELEMENT, running)
    return bytes(sums.raw[ELEMENT:])


def check(elements: bytes) -> None:
    """Raise BadElement unless all are canonical encodings of elements other than the identity."""
    sodium, many = _sodium(), count(elements)
    given = _input(elements)
    source = _at(given)
    for i in range(many):
        if elements[ELEMENT * i : ELEMENT * (i + 1)] == IDENTITY or sodium.is_valid(source + ELEMENT * i) != 1:
            raise BadElement(f"number {i} of {many} is no element of the group, or the identity")


def random_scalars(many: int) -> bytes:
    """Scalars from 1 to the order less 1, uniform, of the operating system's randomness."""
    made = _output(many * SCALAR)
    given = _input(os.urandom(many * UNIFORM))
    sodium, source, target = _sodium(), _at(given), _at(made)
    for i in range(many):
        sodium.scalar_reduce(target + SCALAR * i, source + UNIFORM * i)
    scalars = bytes(made.raw[: many * SCALAR])
    # A zero has a chance of 2**-252: whoever sees one has a broken source of randomness.
    if any(scalars[i : i + SCALAR] == IDENTITY for i in range(0, len(scalars), SCALAR)):
        raise BadElement("the source of randomness gives zeros")
    return scalars


def random_elements(many: int, threads: int = 1) -> bytes:
    """Elements of which nobody knows anything."""
    return from_uniform(os.urandom(many * UNIFORM), threads)


def reduce(uniform: bytes) -> bytes:
    """64 bytes, little-endian, modulo the order of the group (RFC 9497 §4.1, HashToScalar)."""
    made, given = _output(SCALAR), _input(uniform)
    _sodium().scalar_reduce(_at(made), _at(given))
    return bytes(made.raw[:SCALAR])


def is_scalar(scalar: bytes) -> bool:
    """Whether these are 32 bytes of a scalar below the order."""
    return len(scalar) == SCALAR and int.from_bytes(scalar, "little") < _ORDER


def scalar_multiply(one: bytes, other: bytes) -> bytes:
    """The product of two scalars."""
    return _scalars("scalar_multiply", one, other)


def scalar_add(one: bytes, other: bytes) -> bytes:
    """The sum of two scalars."""
    return _scalars("scalar_add", one, other)


def scalar_subtract(one: bytes, other: bytes) -> bytes:
    """The difference of two scalars."""
    return _scalars("scalar_subtract", one, other)


def _scalars(name: str, one: bytes, other: bytes) -> bytes:
    made, left, right = _output(SCALAR), _input(one), _input(other)
    getattr(_sodium(), name)(_at(made), _at(left), _at(right))
    return bytes(made.raw[:SCALAR])


def invert(scalars: bytes) -> bytes:
    """The inverse of each scalar: one inversion and three products each (Montgomery's trick). BadElement for zero."""
    sodium, many = _sodium(), count(scalars)
    given, before, made, rest = _input(scalars), _output(many * SCALAR), _output(many * SCALAR), _output(SCALAR)
    source, prefix, target, running = _at(given), _at(before), _at(made), _at(rest)
    if not many:
        return b""
    ctypes.memmove(prefix, ONE, SCALAR)
    for i in range(1, many):
        sodium.scalar_multiply(prefix + SCALAR * i, prefix + SCALAR * (i - 1), source + SCALAR * (i - 1))
    end = SCALAR * (many - 1)
    sodium.scalar_multiply(running, prefix + end, source + end)
    if sodium.scalar_invert(running, running) or not any(rest.raw[:SCALAR]):
        raise BadElement("zero has no inverse")
    for i in range(many - 1, -1, -1):
        sodium.scalar_multiply(target + SCALAR * i, running, prefix + SCALAR * i)
        sodium.scalar_multiply(running, running, source + SCALAR * i)
    return bytes(made.raw[: many * SCALAR])
