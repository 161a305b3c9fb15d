"""JSON objects whose keys are there once: of two values under one key json keeps the last, and the first is gone."""

from typing import Any


class KeyTwice(ValueError):
    """A key stands twice in one object; the text is the key."""


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of its pairs, for `json.loads(…, object_pairs_hook=once)`. Raises KeyTwice."""
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [key for key, _ in pairs]
        raise KeyTwice(next(key for key in keys if keys.count(key) > 1))
    return made
