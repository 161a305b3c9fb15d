"""Markings as people write them: one reader for lists, TAXII, exchange, packs and events.

Programs and people put handling into names, sentences, labels and remarks, and a list that somebody called "for
official use only" is not open because a field is of the wrong type. What is found here only ever closes, with one
exception: a definition that consists of nothing but labels (`TLP:GREEN`) says those. A notice of whose work something
is (copyright, licence, source) says nothing of handling. Sources: FIRST, TLP 2.0 (2022), §3 on how labels are written;
MISP taxonomy PAP.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from baham.kernel.handling import OPEN, PAP, TLP, Handling

CLOSED = Handling(TLP.AMBER_STRICT, PAP.RED, frozenset())
"""What stands in for a marking that is not understood: nobody else may have it."""

_COLOURS = "CLEAR|WHITE|GREEN|AMBER|RED"
_STRICT = r"(?:[\s+_:/&-]*STRICT)?"
_PROTOCOLS = {
    "TLP": r"(?:TLP|TRAFFIC[\s-]+LIGHT[\s-]+PROTOCOL)",
    "PAP": r"(?:PAP|PERMISSIBLE[\s-]+ACTIONS?[\s-]+PROTOCOL)",
}
# `TLP:RED`, `TLP - Red`, `tlp_amber+strict`, `TLP2:RED`, `TLP 2.0: amber strict`, `{"tlp": "red"}`.
_LABELS = {
    name: re.compile(
        rf"(?<![A-Z0-9]){word}(?:[\s:=_V-]*[12](?:[._][01])?(?![0-9]))?[\s:=_\"'(\[/>-]*({_COLOURS})({_STRICT})(?![A-Z])"
    )
    for name, word in _PROTOCOLS.items()
}
_ODD_LABELS = {name: re.compile(rf"(?<![A-Z0-9]){word}\s*[:=]\s*([A-Z][A-Z+_-]*)") for name, word in _PROTOCOLS.items()}
_LIKELY = re.compile(r"tlp|pap|traffic|permissible", re.I)
_UNUSUAL = re.compile("[\u00ad\u200b-\u200f\u2060-\u206f\uff01-\uff5e\U0001d400-\U0001d7ff]")
"""Letters that look like others, and signs that nobody sees."""
_NO_CONTENT = frozenset({"", "CUSTOM", "STATEMENT", "TLP", "PAP", "TLP:", "PAP:", "MARKING", "HANDLING"})

_HANDLING_WORDS = re.compile(
    r"official[\s-]+use|\bfouo\b|\bu//|\bcui\b|controlled unclassified|confidential|\bsecret\b|\brestricted\b|"
    r"\bclassified\b|\bsensitive\b|\binternal\b|\bprivate\b|proprietary|privileged|embargo|"
    r"\bno(?:t| further)?\b[^.]{0,30}\b(?:distribut|disseminat|releas|shar|disclos|publi[cs]|forward|circulat)|"
    r"(?:distribution|dissemination|disclosure|circulation|sharing|release|access)[^.]{0,20}\b(?:limited|restricted|"
    r"prohibited|forbidden|controlled|only)|(?:limited|restricted|controlled)[\s-]+(?:distribution|dissemination|"
    r"circulation|release|access)|need[\s-]to[\s-]know|eyes[\s-]+only|\bnoforn\b|\borcon\b|\brel(?:easable)?\s+to\b|"
    r"law[\s-]+enforcement[\s-]+(?:sensitive|only|use)|(?:members|recipients?|partners|government|police|staff)[\s-]+"
    r"(?:use[\s-]+)?only|only (?:for|to) |\bdo not\b|chatham house|third[\s-]party rule|originator[\s-]+control|"
    r"vs-nfd|gizli|dienstgebrauch|vertraulich|geheim|confidentiel|diffusion|restreint|reservado|confidencial|riservato|"
    r"секретно|служебного|محرمانه|سری|محدود|خفیہ|رازدار|صیغۂ راز|سرکاری استعمال|سري|سرية|سرّي|محرم",
    re.I,
)
_NOTICE = re.compile(
    r"copyright|copyleft|©|\(c\)[^\n]{0,80}?\b(?:19|20)\d\d\b|all rights reserved|licen[cs]e|"
    r"\bcc[\s-]?(?:by|0)\b|creative commons|public domain|trademark|attribution|"
    r"\bterms (?:of|and)\b|\bcourtesy of\b|^\s*(?:source|author|credit)s?\s*:|"
    r"open data|\bapache\b|\bmit\b|\bbsd\b|urheberrecht|tous droits|droits d['’]auteur|derechos|"
    r"حقوق|کاپی رائٹ|авторск",
    re.I,
)


def plain(text: str) -> str:
    """The text in capitals, with the letters that only look different made the same and the unseen ones gone."""
    normal = unicodedata.normalize("NFKC", text[:20_000])
    return "".join(char for char in normal if unicodedata.category(char) != "Cf").upper()


def labels(text: str) -> Handling:
    """The strictest TLP and PAP that stand in a text, whatever else it says; OPEN where none does."""
    if not may_hold_label(text):
        return OPEN
    found, upper = OPEN, plain(text)
    for match in _LABELS["TLP"].finditer(upper):
        found &= Handling(TLP.AMBER_STRICT if match[1] == "AMBER" and match[2] else TLP.read(match[1]), PAP.CLEAR)
    for match in _LABELS["PAP"].finditer(upper):
        found &= Handling(TLP.CLEAR, PAP.read(match[1]))
    return found


def strictest(texts: Iterable[str]) -> Handling:
    """The strictest label that stands in any of these texts."""
    some = list(texts)
    result = OPEN
    if may_hold_label("\n".join(some)):
        for text in some:
            if (found := labels(text)) is not OPEN:
                result &= found
    return result


def may_hold_label(text: str) -> bool:
    """False only where no label stands in the text: a look that costs little, since most texts hold none."""
    return _LIKELY.search(text) is not None or not (text.isascii() or _UNUSUAL.search(text) is None)


def of_definition(texts: Iterable[str]) -> tuple[Handling | None, frozenset[str]]:
    """What a marking says whose texts these are (its name, its sentence, a vendor's fields), and of which protocols it
    is a label. None if it says something that nobody here understands and that no notice explains.
    """
    said, result, strange, notice = set(), OPEN, False, False
    for text in texts:
        upper = plain(text).strip()
        if upper in _NO_CONTENT:
            continue
        result &= labels(text)
        rest = upper
        for name, pattern in _LABELS.items():
            if pattern.search(rest):
                said |= {name.lower()} if pattern.fullmatch(rest.strip(" .!*[](){}")) else set()
                rest = pattern.sub(" ", rest)
        for pattern in _ODD_LABELS.values():
            if pattern.search(rest):
                # A colour that the standard does not have.
                result &= CLOSED
                rest = pattern.sub(" ", rest)
        rest = rest.strip(" .,;:!*/|+-[](){}\"'")
        if rest and _HANDLING_WORDS.search(rest):
            result &= CLOSED
        elif rest and _NOTICE.search(upper):
            notice = True
        elif rest:
            strange = True
    if strange and not notice and not said and result == OPEN:
        return None, frozenset()
    return result, frozenset(said)


def closes(text: str) -> Handling:
    """What a short text of people's own (a tag, a column that is called marking) says: OPEN for what says nothing."""
    said, _ = of_definition([text])
    return OPEN if said is None else said


def texts_in(found: Any, skip: frozenset[str] = frozenset()) -> Iterator[str]:
    """Every text in a JSON value, at any depth; keys in `skip` are passed over on the first level."""
    level: list[Any] = (
        [value for key, value in found.items() if key not in skip] if isinstance(found, Mapping) else [found]
    )
    while level:
        one = level.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            level += one.values()
        elif isinstance(one, list | tuple):
            level += one
