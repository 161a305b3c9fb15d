"""Reading the markings of a STIX 2.1 object as handling. What is unknown or not said is AMBER+STRICT: fail closed.

Sources: STIX 2.1 §7.2 (TLP 1 as predefined marking definitions, granular markings); the OASIS extension definition for
TLP 2.0. A statement (a text for people, such as a copyright line) says nothing about who may have the object.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from baham.formats.claims import read_handling
from baham.formats.stix.ids import EXTENSION
from baham.kernel.handling import OPEN, TLP, UNKNOWN, Handling, meet_all

TLP2_EXTENSION: Final = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"

PREDEFINED: Final[Mapping[str, TLP]] = {
    # TLP 1, STIX 2.1 §7.2.1.4. Its WHITE is today's CLEAR.
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": TLP.CLEAR,
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": TLP.GREEN,
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": TLP.AMBER,
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": TLP.RED,
    # TLP 2.0, the objects that OASIS publishes with the extension.
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487": TLP.CLEAR,
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb": TLP.GREEN,
    "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421": TLP.AMBER,
    "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003": TLP.AMBER_STRICT,
    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1": TLP.RED,
}
"""The marking definitions whose ids the standards fix. What an object of such an id says of itself is not asked."""

_HANDLING: Final = {tlp: OPEN if tlp is TLP.CLEAR else Handling(tlp=tlp) for tlp in TLP}
_WORDS: Final = frozenset({"clear", "white", "green", "amber", "amber+strict", "red"})


def refs(item: Mapping[str, Any]) -> Iterator[str | None]:
    """The marking definitions that an object refers to, for the whole and for parts; None for one that is broken."""
    whole = item.get("object_marking_refs") or ()
    parts = item.get("granular_markings") or ()
    for ref in whole if isinstance(whole, list | tuple) else (None,):
        yield ref if isinstance(ref, str) else None
    for part in parts if isinstance(parts, list | tuple) else (None,):
        if not isinstance(part, Mapping):
            yield None
        elif "lang" not in part:  # a granular marking names a language or a marking
            ref = part.get("marking_ref")
            yield ref if isinstance(ref, str) else None


def stated(definition: Mapping[str, Any]) -> Handling | None:
    """What a marking definition says: its TLP as handling; OPEN for a statement; None if it is unknown.

    Baham's own extension (docs/exchange.md) says what TLP cannot: who, whose consent, for what, until when. Any other
    may restrict, and makes the whole unknown.
    """
    known = PREDEFINED.get(str(definition.get("id")))
    if known is not None:
        return _HANDLING[known]
    tlp = _tlp_of(definition)
    if tlp is not None:
        return _HANDLING[tlp]
    if (ours := _ours(definition)) is not None:
        return read_handling({**ours, "tlp": TLP.CLEAR.label})
    return OPEN if definition.get("definition_type") == "statement" and not definition.get("extensions") else None


def contradicts(definition: Mapping[str, Any]) -> bool:
    """Whether an object bears the id of a predefined marking and says something else than the standard does."""
    known = PREDEFINED.get(str(definition.get("id")))
    return known is not None and _tlp_of(definition) is not known


def handling_of(item: Mapping[str, Any], definitions: Mapping[str, Mapping[str, Any]]) -> Handling:
    """The handling of a whole object: the meet of all its markings, those of its parts included.

    `definitions` are the marking definitions that are at hand, by id. An object that nothing marks as a whole with a
    TLP is UNKNOWN, and so is whatever refers to a definition that is not at hand.
    """
    if str(item.get("id")) in PREDEFINED:
        return OPEN
    found = [_of(ref, definitions) for ref in refs(item)]
    whole = item.get("object_marking_refs")
    marked = isinstance(whole, list | tuple) and any(_speaks_of_tlp(ref, definitions) for ref in whole)
    return meet_all(found if marked else [*found, UNKNOWN])


def _of(ref: str | None, definitions: Mapping[str, Mapping[str, Any]]) -> Handling:
    if ref is None:
        return UNKNOWN
    if ref in PREDEFINED:
        return _HANDLING[PREDEFINED[ref]]
    definition = definitions.get(ref)
    return (stated(definition) if definition is not None else None) or UNKNOWN


def _speaks_of_tlp(ref: object, definitions: Mapping[str, Mapping[str, Any]]) -> bool:
    if not isinstance(ref, str):
        return False
    return ref in PREDEFINED or (ref in definitions and _tlp_of(definitions[ref]) is not None)


def _ours(definition: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The restrictions beyond TLP that Baham writes; None where there is more than that, or nothing."""
    extensions = definition.get("extensions")
    if definition.get("type") != "marking-definition" or not isinstance(extensions, Mapping):
        return None
    ours = extensions.get(EXTENSION) if set(extensions) == {EXTENSION} else None
    handling = ours.get("handling") if isinstance(ours, Mapping) else None
    return handling if isinstance(handling, Mapping) else None


def _tlp_of(definition: Mapping[str, Any]) -> TLP | None:
    """The TLP in a marking definition, as of TLP 1 or of the extension (the stricter of both); None if unknown."""
    extensions = definition.get("extensions") or {}
    if definition.get("type") != "marking-definition" or not isinstance(extensions, Mapping):
        return None
    if set(extensions) - {TLP2_EXTENSION}:
        return None
    two, one = extensions.get(TLP2_EXTENSION), definition.get("definition")
    labels = [two.get("tlp_2_0") if isinstance(two, Mapping) else None] if extensions else []
    if definition.get("definition_type") == "tlp":
        labels.append(one.get("tlp") if isinstance(one, Mapping) else None)
    read = [TLP.read(label) for label in labels if isinstance(label, str) and label.lower() in _WORDS]
    return max(read) if read and len(read) == len(labels) else None
