"""One way to write a value as bytes, so that a signature over it means the same everywhere.

RFC 8785 (JSON Canonicalization Scheme) for what Baham signs: texts, whole numbers, truth values, nothing, lists and
objects. Numbers with a fraction are refused: nothing that is signed needs one, and no two languages print them alike.
"""

import json
from typing import Any

_EXACT = 2**53
"""Whole numbers beyond this are not the same number in every JSON reader (RFC 8785 §3.2.2.3, RFC 7493 §2.2)."""


def canonical(value: Any) -> bytes:
    """The value as RFC 8785 writes it, in UTF-8. Raises ValueError for what has no canonical form."""
    try:
        return json.dumps(_ordered(value), separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError("a text holds half a character (a lone surrogate)") from error


def _ordered(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > _EXACT:
            raise ValueError(f"{value} is too large to be the same number everywhere")
        return value
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("an object's keys are texts")
        # RFC 8785 §3.2.3 orders keys by their UTF-16 code units, which differs from Python's order beyond U+FFFF.
        return {
            key: _ordered(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        }
    raise ValueError(f"{type(value).__name__} has no canonical form")
