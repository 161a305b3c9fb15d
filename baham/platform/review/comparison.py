"""Subject and entry side by side: every field of both, with what agrees, what differs and what is missing on one side.

What the engine said when the hit was proposed stands beside what the ledger says now. Both sides are shown as people
wrote them; the engine's own tokens (case folded, spellings joined) only say which parts belong together.
"""

import unicodedata
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from baham.kernel.schema import Kind, kind_of
from baham.kernel.text import script_of
from baham.platform.ledger.chain import Chain, chain_of
from baham.platform.ledger.models import Entity
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.ledger.record import Value, read
from baham.platform.review.models import Item
from baham.platform.screening.services import against_first

AGREES, DIFFERS, ONLY_ASKED, ONLY_LISTED, NOTHING = "for", "against", "only asked", "only listed", "none"
_NAMES = frozenset({Kind.NAME, Kind.WEAK_NAME})
_MOST_NAMES = 40
_RUN = 3
"""Words that one token of the engine may stand for, at the most: *Abd al-Rahman*."""


@dataclass(frozen=True, slots=True)
class Row:
    """A field that is compared: the feature of the evidence, the query's field, the entry's properties."""

    feature: str
    asked: str
    props: tuple[str, ...]


ROWS = (
    Row(
        "identifier",
        "id_number",
        (
            "idNumber",
            "passportNumber",
            "registrationNumber",
            "taxNumber",
            "imoNumber",
            "mmsi",
            "callSign",
            "licenseNumber",
            "socialSecurityNumber",
            "publicKey",
        ),
    ),
    Row("birth_date", "birth_date", ("birthDate", "incorporationDate")),
    Row("father_name", "father_name", ("fatherName",)),
    Row("nationality", "nationality", ("nationality", "citizenship", "country", "jurisdiction", "flag")),
    Row("address", "address", ("address", "birthPlace", "deathPlace")),
)
_COMPARED = {prop for row in ROWS for prop in row.props}


@dataclass(frozen=True, slots=True)
class Said:
    """One value of one side. Listed ones have their chain, and the source's own word for their quality."""

    text: str
    lang: str = ""
    prop: str = ""
    chain: Chain | None = None
    quality: str = ""
    weak: bool = False

    @property
    def script(self) -> str:
        return script_of(self.text)


@dataclass(slots=True)
class Field:
    """One field on both sides, what it says about “the same”, and the evidence that says it."""

    feature: str
    asked: list[Said]
    listed: list[Said]
    evidence: list[dict[str, Any]] = field(default_factory=list)
    main: str = ""
    """The property that needs no further word beside its value."""

    @property
    def reading(self) -> str:
        """`for`, `against`, `only asked`, `only listed` or `none`; what speaks against weighs first."""
        directions = {evidence["direction"] for evidence in self.evidence}
        if DIFFERS in directions:
            return DIFFERS
        if AGREES in directions:
            return AGREES
        if self.asked and not self.listed:
            return ONLY_ASKED
        return ONLY_LISTED if self.listed and not self.asked else NOTHING


@dataclass(frozen=True, slots=True)
class Part:
    """One part of two names beside each other, as written; `alike` is the engine's likeness from 0 to 1.

    `asked_marks` and `listed_marks` cut the two into pieces (text, differs) where they are of one script.
    """

    asked: str
    listed: str
    alike: float
    asked_marks: tuple[tuple[str, bool], ...]
    listed_marks: tuple[tuple[str, bool], ...]

    @property
    def reading(self) -> str:
        if not self.asked or not self.listed:
            return "one side"
        return "same" if self.alike >= 0.995 else "alike" if self.alike >= 0.7 else "differs"


@dataclass(slots=True)
class Script:
    """The names of both sides in one script, and the best pair of them part by part."""

    code: str
    asked: list[Said]
    listed: list[Said]
    parts: list[Part] = field(default_factory=list)

    @property
    def marked(self) -> bool:
        """Whether anything that differs is marked in the parts."""
        return any(differs for part in self.parts for _text, differs in (*part.asked_marks, *part.listed_marks))

    @property
    def label(self) -> str | Promise:
        return SCRIPTS.get(self.code, _("Other scripts"))


SCRIPTS: dict[str, str | Promise] = {"Latn": _("Latin script"), "Arab": _("Arabic script")}


@dataclass(slots=True)
class Comparison:
    """Both sides as the page of a matter shows them."""

    scripts: list[Script]
    names: Field
    fields: list[Field]
    """The names among them, what speaks against first and the weightier before the lighter."""
    more: list[tuple[str, list[Said]]]
    """What else the entry says, by property: nothing of it was compared."""


def compare(item: Item, reader: NeedToKnow) -> Comparison:
    """The comparison of a matter that has an entry, as far as the reader may know it. The queries are those of reading
    the record, of each side once."""
    assert item.entity is not None
    listed = _values(item.entity, reader)
    asked = _values(item.other, reader) if item.other is not None else _asked(item.proposal)
    by_feature: dict[str, list[dict[str, Any]]] = {}
    for evidence in item.evidence:
        by_feature.setdefault(str(evidence["feature"]), []).append(evidence)
    told = against_first(by_feature.get("name", []) + by_feature.get("schema", []))
    names = Field("name", _names(asked), _names(listed), told, "name")
    fields = [
        Field(row.feature, _of(asked, row), _of(listed, row), by_feature.get(row.feature, []), row.props[0])
        for row in ROWS
    ]
    fields = sorted((one for one in (names, *fields) if one.asked or one.listed or one.evidence), key=_weightiest)
    return Comparison(_by_script(names, item), names, fields, _more(listed))


def _weightiest(one: Field) -> tuple[int, int]:
    """Where a field stands on the page."""
    order, weights = {DIFFERS: 0, AGREES: 1}, {"strong": 0, "moderate": 1, "weak": 2}
    told = [weights.get(evidence["weight"], 3) for evidence in one.evidence if evidence["direction"] == one.reading]
    return order.get(one.reading, 2), min(told, default=3)


def _values(entity: Entity, reader: NeedToKnow) -> list[Said]:
    """What an entry itself says; what other lists say of the same person is a click away on its page."""
    known = read(entity, reader)
    return [_said(value) for value in known.values if value.statement.entity_id == entity.pk]


def _said(value: Value) -> Said:
    statement = value.statement
    weak = kind_of(statement.prop) is Kind.WEAK_NAME
    return Said(statement.shown, statement.lang or "", statement.prop, chain_of(value), statement.quality, weak)


def _asked(proposal: dict[str, Any]) -> list[Said]:
    """What was given of the subject, under the properties that an entry would have it under."""
    fields = {"name": "name", **{row.asked: row.props[0] for row in ROWS}}
    return [Said(str(proposal[name]), prop=prop) for name, prop in fields.items() if proposal.get(name)]


def _names(values: list[Said]) -> list[Said]:
    """All names and aliases, those that the list itself calls weak last."""
    names = [value for value in values if kind_of(value.prop) in _NAMES]
    return sorted(names, key=lambda name: name.weak)[:_MOST_NAMES]


def _of(values: list[Said], row: Row) -> list[Said]:
    return [value for value in values if value.prop in row.props]


def _more(values: list[Said]) -> list[tuple[str, list[Said]]]:
    rest: dict[str, list[Said]] = {}
    for value in values:
        if kind_of(value.prop) not in _NAMES and value.prop not in _COMPARED:
            rest.setdefault(value.prop, []).append(value)
    return list(rest.items())


def _by_script(names: Field, item: Item) -> list[Script]:
    """The names of both sides, script by script: Latin, Arabic, then others."""
    groups: dict[str, Script] = {}
    for side in ("asked", "listed"):
        for name in getattr(names, side):
            code = name.script if name.script in SCRIPTS else "other"
            getattr(groups.setdefault(code, Script(code, [], [])), side).append(name)
    ordered = sorted(groups.values(), key=lambda group: [*SCRIPTS, "other"].index(group.code))
    matched = next((one for one in item.evidence if one["feature"] == "name" and one.get("alignment")), None)
    for group in ordered:
        _align(group, names, matched)
    return ordered


def _align(group: Script, names: Field, matched: dict[str, Any] | None) -> None:
    """Lay the best pair of a script part by part: as the engine matched it, else as it compares the two now."""
    if not group.listed or not names.asked:
        return
    if matched is not None and any(name.text == matched["listed"] for name in group.listed):
        asked, listed, pairs = matched["query"], matched["listed"], matched["alignment"]
    else:
        from baham.engines.names import Query, Subject
        from baham.engines.names import compare as engine

        asked = (group.asked or names.asked)[0].text
        hit = engine(Query(asked), Subject("", tuple(name.text for name in group.listed)))
        found = next((evidence for evidence in hit.evidence if evidence.alignment), None)
        if found is None:
            return
        listed, pairs = found.subject, [list(pair) for pair in found.alignment]
    left = as_written(asked, [pair[0] for pair in pairs])
    right = as_written(listed, [pair[1] for pair in pairs])
    for one, other, pair, before in zip(left, right, pairs, [["", "", 0.0], *pairs], strict=False):
        joined = group.parts and ((pair[0] and pair[0] == before[0]) or (pair[1] and pair[1] == before[1]))
        if joined:  # *Tor Baz* beside *Torbaz*: one token of the one side is two of the other
            last = group.parts.pop()
            group.parts.append(part(_and(last.asked, one), _and(last.listed, other), max(last.alike, float(pair[2]))))
        else:
            group.parts.append(part(one, other, float(pair[2])))


def _and(one: str, other: str) -> str:
    """Two parts as one; the same part once."""
    return one if one == other or not other else f"{one} {other}"


def part(asked: str, listed: str, alike: float) -> Part:
    """Two parts beside each other, with what differs marked where both are of one script."""
    if asked and listed and script_of(asked) == script_of(listed):
        return Part(asked, listed, alike, *_marked(asked, listed))
    return Part(asked, listed, alike, ((asked, False),), ((listed, False),))


def _marked(one: str, other: str) -> tuple[tuple[tuple[str, bool], ...], tuple[tuple[str, bool], ...]]:
    left, right = [], []
    for kind, a, b, c, d in SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False).get_opcodes():
        if one[a:b]:
            left.append((one[a:b], kind != "equal"))
        if other[c:d]:
            right.append((other[c:d], kind != "equal"))
    return tuple(left), tuple(right)


def as_written(name: str, tokens: list[str]) -> list[str]:
    """The engine's tokens of a name as they were written in it: *Mohammad* for `mohammad`, *Hafiz Ullah* for
    `hafizullah`.

    Each token takes the run of words it is most like; one that was written in another script takes the word in its
    place. A token that nothing fits stays as the engine has it.
    """
    words = name.split()
    free = [True] * len(words)
    bare = [_bare(word) for word in words]
    out = list(tokens)
    wanted = [place for place, token in enumerate(tokens) if token]
    for place in sorted(wanted, key=lambda one: -len(tokens[one])):
        if out[place] != tokens[place]:
            continue
        best, run = 0.55, None
        for start in range(len(words)):
            for end in range(start + 1, min(start + _RUN, len(words)) + 1):
                if not all(free[start:end]):
                    break
                like = SequenceMatcher(None, "".join(bare[start:end]), _bare(tokens[place]), autojunk=False).ratio()
                if like > best:
                    best, run = like, (start, end)
        if run is not None:
            written = " ".join(words[run[0] : run[1]])
            # The engine names a joined token once for each part it stands beside.
            out = [written if token == tokens[place] else kept for token, kept in zip(tokens, out, strict=True)]
            free[run[0] : run[1]] = [False] * (run[1] - run[0])
    left = [place for place in wanted if out[place] == tokens[place] and not _stands_in(tokens[place], bare)]
    rest = [word for word, unused in zip(words, free, strict=True) if unused]
    if len(left) == len(rest):
        for place, word in zip(left, rest, strict=True):
            out[place] = word
    return out


def _stands_in(token: str, words: list[str]) -> bool:
    return _bare(token) in words


def _bare(word: str) -> str:
    """Letters and digits alone, case folded, without marks."""
    text = unicodedata.normalize("NFKD", word).casefold()
    return "".join(char for char in text if char.isalnum())
