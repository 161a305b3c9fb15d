"""One way to write a value as bytes, so that a signature over it means the same everywhere.

RFC 8785 (JSON Canonicalization Scheme) for what Baham signs: texts, whole numbers, truth values, nothing, lists and
objects. Numbers with a fraction are refused: nothing that is signed needs one, and no two languages print them alike.
"""

import json
from typing import Any

_EXACT = 2**53
"""Whole numbers beyond this are not the same number in every JSON reader (RFC 8785 §3.2.2.3, RFC 7493 §2.2)."""
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
        if one is None or isinstance(one, str | bool):
            continue
        if isinstance(one, dict):
            for key in one:
                if not isinstance(key, str):
                    raise ValueError("an object's keys are texts")
                plain = plain and key.isascii()
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one
        elif not isinstance(one, int):
            raise ValueError(f"{type(one).__name__} has no canonical form")
        elif abs(one) > _EXACT:
            raise ValueError(f"{one} is too large to be the same number everywhere")
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
