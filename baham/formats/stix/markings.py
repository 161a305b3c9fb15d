"""Handling as STIX markings, and back.

TLP 2.0 is written through its extension (oasis-open/cti-stix-common-objects, tlp-2.0: five objects of fixed ids); what
TLP cannot say (permissible actions, who may have it, whose consent it takes, for what, until when) is a statement that
people read, with Baham's extension beside it that machines read. What is not marked, or marked with what nobody here
understands, closes: the reading of a marking never opens anything. Sources: STIX 2.1 §7.2 (TLP 1 as predefined marking
definitions, granular markings); the OASIS extension definition for TLP 2.0.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from baham.formats import marking_words
from baham.formats.canonical import canonical
from baham.formats.claims import read_handling, write_handling
from baham.formats.marking_words import CLOSED
from baham.formats.stix.ids import EPOCH, EXTENSION, object_id
from baham.kernel.handling import OPEN, PAP, TLP, UNKNOWN, Handling

TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
TLP_CREATED = "2022-10-01T00:00:00.000Z"

TLP_MARKINGS = {
    TLP.CLEAR: "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    TLP.GREEN: "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    TLP.AMBER: "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    TLP.AMBER_STRICT: "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    TLP.RED: "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}
TLP_OF = {marking: tlp for tlp, marking in TLP_MARKINGS.items()} | {
    # TLP 1, which STIX 2.1 §7.2.1.4 predefines. Read, never written.
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": TLP.CLEAR,
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": TLP.GREEN,
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": TLP.AMBER,
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": TLP.RED,
    # What OpenCTI uses for the label that TLP 1 did not have, as a sentence.
    "marking-definition--826578e1-40ad-459f-bc73-ede076f81f37": TLP.AMBER_STRICT,
}
"""Which label a marking is, by its id, which the standards fix. What an object of such an id says is not asked."""
_WORDS = frozenset({"clear", "white", "green", "amber", "amber+strict", "red"})
_NO_WORDS = frozenset(
    {
        "type",
        "id",
        "spec_version",
        "created",
        "modified",
        "created_by_ref",
        "definition_type",
        "extensions",
        "object_marking_refs",
        "granular_markings",
    }
)
_DEFINES = ("marking-definition", "extension-definition")


def refs(handling: Handling) -> list[str]:
    """The ids of the markings that say this handling: its TLP and, if anything more restricts, the restrictions."""
    return [TLP_MARKINGS[handling.tlp], *([_restriction_id(handling)] if _restricts(handling) else [])]


def definitions(handling: Handling) -> Iterable[dict[str, Any]]:
    """The marking-definition objects behind `refs`. They are nobody's: whoever says the same uses the same object."""
    yield tlp_definition(handling.tlp)
    if _restricts(handling):
        yield {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": _restriction_id(handling),
            "created": EPOCH,
            "name": "Restrictions beyond TLP",
            "definition_type": "statement",
            "definition": {"statement": in_words(handling)},
            "extensions": {EXTENSION: {"extension_type": "property-extension", "handling": _beyond(handling)}},
        }


def tlp_definition(tlp: TLP) -> dict[str, Any]:
    """The marking-definition of a TLP 2.0 label, as its specification fixes it."""
    word = tlp.label.removeprefix("TLP:").lower()
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": TLP_MARKINGS[tlp],
        "created": TLP_CREATED,
        "name": tlp.label,
        "extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": word}},
    }


def named(found: Mapping[str, Any]) -> Iterator[str | None]:
    """The marking definitions that an object refers to, for the whole and for parts; None for one that is broken."""
    whole, parts = found.get("object_marking_refs") or (), found.get("granular_markings") or ()
    for ref in whole if isinstance(whole, list | tuple) else (None,):
        yield ref if isinstance(ref, str) else None
    for part in parts if isinstance(parts, list | tuple) else (None,):
        if not isinstance(part, Mapping):
            yield None
        elif "lang" not in part:  # a granular marking names a language or a marking
            ref = part.get("marking_ref")
            yield ref if isinstance(ref, str) else None


def read(found: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> Handling:
    """The handling that an object's markings say: the meet of all. `known` are the marking definitions at hand, by id.

    Markings on single properties count for the whole object, which can only close, and so does a label in its words.
    What says no TLP for the whole is `UNKNOWN`; where nothing says a PAP, it is PAP:RED, except with TLP:CLEAR. A
    standard's own definition is public.
    """
    if found.get("type", "marking-definition") == "marking-definition" and str(found.get("id")) in TLP_OF:
        return OPEN
    result = in_text(found)
    for ref in named(found):
        result &= _read_one(ref, known)
    whole = found.get("object_marking_refs")
    said = {part for ref in whole for part in _says(ref, known)} if isinstance(whole, list | tuple) else set()
    if "tlp" not in said:
        result &= Handling(TLP.AMBER_STRICT, PAP.CLEAR)
    return result if "pap" in said else result & Handling(TLP.CLEAR, PAP.RED)


def in_text(found: Mapping[str, Any]) -> Handling:
    """The strictest label that stands in the words of an object (its description, its labels, a vendor's field)."""
    if found.get("type") in _DEFINES:
        return OPEN
    return marking_words.strictest(marking_words.texts_in(found, _NO_WORDS))


def stated(definition: Mapping[str, Any]) -> Handling | None:
    """What a marking definition says by itself, None if it is not understood. Its PAP is PAP:CLEAR where it says none.

    What its name, its sentence and a vendor's fields say counts as well (`marking_words`). A sentence of whose work
    something is says nothing of handling; one that nobody here understands is `UNKNOWN`, until a person has read it.
    """
    known = TLP_OF.get(str(definition.get("id")))
    if known is not None:
        return Handling(known, PAP.CLEAR)
    if (ours := _ours(definition)) is not None:
        return read_handling({"tlp": TLP.CLEAR.label, **ours})
    words, _ = _in_words(definition)
    tlp = _tlp_of(definition)
    if tlp is not None:
        return Handling(tlp, PAP.CLEAR) & (words or OPEN)
    is_sentence = definition.get("definition_type") == "statement" and not definition.get("extensions")
    return (words or UNKNOWN) if is_sentence else None


def is_notice(definition: Mapping[str, Any]) -> bool:
    """Whether a marking definition is a sentence for people that says nothing of handling: whose work something is."""
    sentence = definition.get("definition_type") == "statement" and "extensions" not in definition
    return sentence and str(definition.get("id")) not in TLP_OF and stated(definition) == OPEN


def _in_words(definition: Mapping[str, Any]) -> tuple[Handling | None, frozenset[str]]:
    return marking_words.of_definition(marking_words.texts_in(definition, _NO_WORDS))


def contradicts(definition: Mapping[str, Any]) -> bool:
    """Whether an object bears the id of a standard's marking and names another label than the standard does. What
    else it carries (a vendor's fields, extensions) is no contradiction: it is read by its id."""
    known = TLP_OF.get(str(definition.get("id")))
    if known is None:
        return False
    extensions, one = definition.get("extensions"), definition.get("definition")
    two = extensions.get(TLP_EXTENSION) if isinstance(extensions, Mapping) else None
    given = [part.get(name) for part, name in ((two, "tlp_2_0"), (one, "tlp")) if isinstance(part, Mapping)]
    said = [label for label in given if label is not None]
    if any(not isinstance(label, str) or label.lower() not in _WORDS or TLP.read(label) is not known for label in said):
        return True
    words, labelled = _in_words(definition)
    return "tlp" in labelled and words is not None and words.tlp is not known


def _read_one(ref: str | None, known: Mapping[str, Mapping[str, Any]]) -> Handling:
    if ref in TLP_OF:
        return Handling(TLP_OF[ref], PAP.CLEAR)
    definition = known.get(ref) if ref is not None else None
    if definition is None:
        return CLOSED
    said = stated(definition)
    return said if said is not None else CLOSED & (_in_words(definition)[0] or OPEN)


def _says(ref: object, known: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Which parts of handling a marking states. A set of restrictions of ours states every part but TLP."""
    if not isinstance(ref, str):
        return []
    tlp = TLP_OF[ref] if ref in TLP_OF else _tlp_of(known.get(ref, {}))
    if tlp is None and known.get(ref, {}).get("definition_type") == "statement" and _ours(known[ref]) is None:
        return sorted(_in_words(known[ref])[1])
    if tlp is not None:
        # PAP is a thing of its own: who says TLP alone has said nothing of it, except that what is for all is for all.
        return ["tlp", "pap"] if tlp is TLP.CLEAR else ["tlp"]
    return ["pap"] if _ours(known.get(ref, {})) is not None else []


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
    if set(extensions) - {TLP_EXTENSION}:
        return None
    two, one = extensions.get(TLP_EXTENSION), definition.get("definition")
    labels = [two.get("tlp_2_0") if isinstance(two, Mapping) else None] if extensions else []
    if definition.get("definition_type") == "tlp":
        labels.append(one.get("tlp") if isinstance(one, Mapping) else None)
    read = [TLP.read(label) for label in labels if isinstance(label, str) and label.lower() in _WORDS]
    return max(read) if read and len(read) == len(labels) else None


def _beyond(handling: Handling) -> dict[str, Any]:
    written = write_handling(handling)
    del written["tlp"]
    return written


def _restricts(handling: Handling) -> bool:
    return handling != OPEN


@lru_cache(4096)
def _restriction_id(handling: Handling) -> str:
    return object_id("marking-definition", "handling:" + canonical(_beyond(handling)).decode())


def in_words(handling: Handling) -> str:
    """All but TLP, in sentences, for readers in systems that know nothing of it."""
    said = [f"Permissible actions {handling.pap.label}."]
    if handling.releasable_to is not None:
        said.append(f"Releasable only to: {_listed(handling.releasable_to)}.")
    if handling.originators:
        said.append(f"Originator control: each further release needs the agreement of {_listed(handling.originators)}.")
    if handling.purposes is not None:
        said.append(f"Only for: {_listed(handling.purposes)}.")
    if handling.expires is not None:
        said.append(f"The permission ends on {write_handling(handling)['expires']}.")
    return " ".join(said)


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "nobody"
