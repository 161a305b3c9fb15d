"""Grades and handling as MISP tags and distribution, and back.

Sources: MISP/misp-taxonomies (tlp v10, PAP v3, admiralty-scale v5) and MISP's distribution levels. A tag that speaks of
handling and is not understood closes; a tag that speaks of something else says nothing of handling.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from baham.formats.marking_words import CLOSED, closes, labels
from baham.formats.stix.markings import in_words
from baham.kernel.grade import Grade, Scheme
from baham.kernel.handling import OPEN, PAP, TLP, UNKNOWN, Handling

_HANDLING = frozenset(
    {
        "euci",
        "nato",
        "dni-ism",
        "iep",
        "iep2-policy",
        "iep2-reference",
        "acs-marking",
        "data-classification",
        "fr-classif",
        "de-vs",
        "classification",
    }
)
"""Taxonomies that say how a thing is to be handled, and which nobody here understands."""

_OWN, _COMMUNITY, _CONNECTED, _ALL, _GROUP, _INHERIT = "0", "1", "2", "3", "4", "5"
_DISTRIBUTIONS = {
    _OWN: Handling(TLP.AMBER_STRICT, PAP.CLEAR),
    _COMMUNITY: Handling(TLP.AMBER, PAP.CLEAR),
    _CONNECTED: Handling(TLP.GREEN, PAP.CLEAR),
    _ALL: OPEN,
    _INHERIT: OPEN,
}
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OURS = "baham:handling"
"""The machine tag that says that there is more to a claim's handling than TLP and PAP."""
_RELIABILITY = re.compile(r'admiralty-scale:source-reliability="([a-f])"')
_CREDIBILITY = re.compile(r'admiralty-scale:information-credibility="([1-6])"')


def of(handling: Handling, grade: Grade | None = None) -> list[dict[str, Any]]:
    """The tags for a claim: TLP, PAP, the Admiralty grade as letter and digit, and whether TLP does not say all."""
    return [{"name": name} for name in _names(handling, grade)]


@lru_cache(4096)
def _names(handling: Handling, grade: Grade | None) -> list[str]:
    names = [handling.tlp.label.lower(), handling.pap.label]
    if is_restricted(handling):
        names.append(f'{OURS}="restricted"')
    if grade is not None and grade.scheme is Scheme.ADMIRALTY:
        names.append(f'admiralty-scale:source-reliability="{grade.reliability.lower()}"')
        names.append(f'admiralty-scale:information-credibility="{grade.credibility}"')
    return names


@lru_cache(4096)
def distribution(handling: Handling, group: str = "") -> str:
    """How far MISP itself carries it: RED stays, AMBER and AMBER+STRICT go to the sharing group (its UUID) if there is
    one, and so does what is releasable to that group alone.

    What TLP does not say otherwise (originator control, purposes, other recipients) MISP cannot hold to, so it stays.
    """
    if handling.tlp is TLP.RED:
        return _OWN
    if group and handling == Handling(handling.tlp, handling.pap, frozenset({group})):
        return _GROUP
    if is_restricted(handling):
        return _OWN
    if handling.tlp >= TLP.AMBER:
        return _GROUP if group else _OWN
    return _CONNECTED if handling.tlp is TLP.GREEN else _ALL


def is_restricted(handling: Handling) -> bool:
    """Whether there is more to it than TLP and PAP."""
    return handling != Handling(handling.tlp, handling.pap)


def words(handling: Handling) -> str:
    """The handling in a sentence, where tags do not say all of it."""
    return in_words(handling) if is_restricted(handling) else ""


def read(names: Iterable[str], reaches: Iterable[Handling] = ()) -> Handling:
    """The handling that tags and distribution levels say. Without a tag of TLP it is AMBER+STRICT, of PAP it is RED."""
    result, seen = OPEN, set()
    for name in names:
        taxonomy, _, word = name.partition(":")
        taxonomy = taxonomy.strip().lower()
        if taxonomy == "tlp":
            seen.add("tlp")
            # `ex:chr` narrows and `unclear` says nothing; TLP.read closes both, and whoever set them is asked.
            result &= Handling(TLP.read(word), PAP.CLEAR)
        elif taxonomy == "pap":
            seen.add("pap")
            result &= Handling(TLP.CLEAR, PAP.read(word))
        elif taxonomy in _HANDLING or name.startswith(OURS):
            result &= CLOSED
        else:
            # A machine tag of another taxonomy speaks of other things; a tag of somebody's own may be a marking.
            result &= labels(name) if word else closes(name)
    for one in reaches:
        result &= one
    if "tlp" not in seen:
        result &= UNKNOWN
    return result if "pap" in seen else result & Handling(TLP.CLEAR, PAP.RED)


def spoken(holder: Mapping[str, Any]) -> Handling:
    """The strictest label in the words of an event, object, attribute or reference; OPEN where there is none. A value
    is content and a name, and is asked as well: whoever writes TLP:RED there means it."""
    result = OPEN
    for name in ("info", "comment", "description", "value"):
        text = holder.get(name)
        if isinstance(text, str):
            result &= labels(text)
    return result


def reach(holder: Mapping[str, Any]) -> Handling:
    """The handling that the distribution of an event, object or attribute says; none is said where there is none.

    A sharing group is its UUID, which is a scope whose members are known here or are nobody. One that has only a number
    is a group of the other server, and is nobody. A level that MISP does not have closes.
    """
    said = holder.get("distribution")
    # A number that came through a program with floating points, or a boolean of one, is a level all the same.
    given = str(int(said)) if isinstance(said, bool | float) and said in (0, 1, 2, 3, 4, 5) else str(said).strip()
    if given != _GROUP:
        return OPEN if given == "None" else _DISTRIBUTIONS.get(given, CLOSED)
    group = holder.get("SharingGroup")
    uuid = str(group.get("uuid")).lower() if isinstance(group, Mapping) else ""
    return Handling(TLP.AMBER, PAP.CLEAR, frozenset({uuid}) if _UUID.fullmatch(uuid) else frozenset())


def grade(names: Iterable[str], by: str = "") -> Grade | None:
    """The Admiralty grade that tags say, if they say both halves of one and no other. MISP's g is no grade of it."""
    listed = [name.lower() for name in names]
    letters = {found[1] for name in listed if (found := _RELIABILITY.fullmatch(name))}
    digits = {found[1] for name in listed if (found := _CREDIBILITY.fullmatch(name))}
    if len(letters) != 1 or len(digits) != 1:
        return None
    return Grade(Scheme.ADMIRALTY, letters.pop().upper(), digits.pop(), by)
