"""One way to write a value as bytes, so that a signature over it means the same everywhere.

RFC 8785 (JSON Canonicalization Scheme) for what Baham signs: texts, whole numbers, truth values, nothing, lists and
objects. Numbers with a fraction are refused: nothing that is signed needs one, and no two languages print them alike.
"""

import json
from typing import Any

_EXACT = 2**53
"""Whole numbers beyond this are not the same number in every JSON reader (RFC 8785 §3.2.2.3, RFC 7493 §2.2)."""
_LEAVES = frozenset({str, bool, type(None)})
_SORTING = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False, sort_keys=True)
_KEEPING = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(value: Any) -> bytes:
    """The value as RFC 8785 writes it, in UTF-8. Raises ValueError for what has no canonical form."""
    text = _SORTING.encode(value) if _has_plain_keys(value) else _KEEPING.encode(_ordered(value))
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("a text holds half a character (a lone surrogate)") from error


def _has_plain_keys(value: Any) -> bool:
    """Whether every order of its keys is the same one: those of ASCII, as in all that Baham writes itself. Raises
    ValueError for what has no canonical form. One loop, because thousands of claims are written at a time."""
    plain, waiting = True, [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            try:
                plain = all(map(str.isascii, one)) and plain
            except TypeError as error:
                raise ValueError("an object's keys are texts") from error
            waiting += [item for item in one.values() if type(item) not in _LEAVES]
        elif isinstance(one, (list, tuple)):
            waiting += [item for item in one if type(item) not in _LEAVES]
        elif isinstance(one, int):
            if abs(one) > _EXACT:
                raise ValueError(f"{one} is too large to be the same number everywhere")
        elif one is not None and not isinstance(one, str):
            raise ValueError(f"{type(one).__name__} has no canonical form")
    return plain


def _ordered(value: Any) -> Any:
    """The same with its keys ordered by their UTF-16 code units (RFC 8785 §3.2.3), which differs from Python's order
    beyond U+FFFF."""
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if isinstance(value, dict):
        in_order = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return {key: _ordered(value[key]) for key in in_order}
    return value
