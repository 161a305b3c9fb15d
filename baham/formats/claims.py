"""Claims as JSON: what packs carry, what partners exchange, and the leaf of each in Merkle trees.

`write` gives an object of texts, truth values, lists and nothing else, so that it has one canonical form (RFC 8785);
`read` gives back the claim, or says which field is wrong. A marking that is missing or not understood closes.
"""

import hashlib
import re
from datetime import date, datetime
from typing import Any

from baham.formats.canonical import canonical
from baham.kernel.basis import Basis, BasisKind, Confidence
from baham.kernel.claim import FACT, Claim, Hand
from baham.kernel.clock import utc_text
from baham.kernel.grade import Grade, Scheme
from baham.kernel.handling import PAP, TLP, UNKNOWN, Handling
from baham.kernel.statement import Place, Statement, statement_id

_LONGEST = 100_000
"""Characters in one value. A longer one is a document, and documents do not travel as statements."""
_MOST_HANDS = 100
_UNSTORABLE = re.compile("[\ud800-\udfff\0]")


class BadClaim(ValueError):
    """What was received is no claim. The text names the field and what is wrong with it."""


def write(claim: Claim) -> dict[str, Any]:
    """The claim as JSON; `read` gives it back."""
    said = claim.statement
    return {
        "statement": {
            **said.as_row(),
            "place": [said.place.record, said.place.field],
            "quality": said.quality,
            "flags": list(said.flags),
        },
        "handling": write_handling(claim.handling),
        "grade": _write_grade(claim.grade),
        "basis": _write_basis(claim.basis),
        "chain": [
            {"party": hand.party, "name": hand.name, "at": hand.at, "signature": hand.signature} for hand in claim.chain
        ],
    }


def read(given: Any) -> Claim:
    """Read what `write` writes. Raises BadClaim."""
    claim = _object(given, "claim")
    return Claim(
        _read_statement(_object(claim.get("statement"), "statement")),
        read_handling(claim.get("handling")),
        _read_grade(claim.get("grade")),
        _read_basis(claim.get("basis")),
        _read_chain(claim.get("chain")),
    )


def leaf(claim: dict[str, Any], salt: bytes) -> bytes:
    """The Merkle leaf of a claim in its JSON form: SHA-256(0x00 ‖ salt ‖ canonical form), after RFC 9162 §2.1.1.

    The salt (16 random bytes) keeps whoever has the leaf alone from guessing what it stands for.
    """
    return hashlib.sha256(b"\x00" + salt + canonical(claim)).digest()


def hand_message(claim: Claim, party: str, at: str) -> bytes:
    """What a party signs when it passes a claim on: the statement, the hands before it, itself, and the moment."""
    before = [[hand.party, hand.at, hand.signature] for hand in claim.chain if hand.party != party]
    return canonical({"statement": claim.id, "before": before, "party": party, "at": at})


def write_handling(handling: Handling) -> dict[str, Any]:
    """The handling as JSON."""
    return {
        "tlp": handling.tlp.label,
        "pap": handling.pap.label,
        "releasable_to": None if handling.releasable_to is None else sorted(handling.releasable_to),
        "originators": sorted(handling.originators),
        "purposes": None if handling.purposes is None else sorted(handling.purposes),
        "expires": None if handling.expires is None else utc_text(handling.expires),
    }


_HANDLING = frozenset({"tlp", "pap", "releasable_to", "originators", "purposes", "expires"})


def read_handling(given: Any) -> Handling:
    """Read what `write_handling` writes. What is missing or not understood closes: nobody else may have it."""
    if not isinstance(given, dict):
        return UNKNOWN
    closed = not given.keys() <= _HANDLING
    tlp, pap = (given.get(name) for name in ("tlp", "pap"))
    try:
        made = Handling(
            TLP.read(tlp if isinstance(tlp, str) else None),
            PAP.read(pap if isinstance(pap, str) else None),
            _read_set(given.get("releasable_to"), "releasable_to"),
            _read_set(given.get("originators"), "originators") or frozenset(),
            _read_set(given.get("purposes"), "purposes"),
            _read_moment(given.get("expires"), "handling.expires"),
        )
    except BadClaim:
        closed, made = True, UNKNOWN
    return made.meet(Handling(TLP.AMBER_STRICT, PAP.RED, frozenset())) if closed else made


def _read_statement(row: dict[str, Any]) -> Statement:
    texts = {
        name: _text(row.get(name), f"statement.{name}") for name in ("entity_id", "schema", "prop", "value", "dataset")
    }
    optional = {
        name: _text(row[name], f"statement.{name}") if row.get(name) is not None else None
        for name in ("canonical_id", "lang", "original_value", "origin", "first_seen", "last_seen")
    }
    external = row.get("external", False)
    if not isinstance(external, bool):
        raise BadClaim("statement.external is to be true or false")
    place, flags = row.get("place") or ["", ""], row.get("flags") or []
    if not (isinstance(place, list) and len(place) == 2):
        raise BadClaim("statement.place is to be two texts")
    if not isinstance(flags, list):
        raise BadClaim("statement.flags is to be a list")
    made = statement_id(texts["dataset"], texts["entity_id"], texts["prop"], texts["value"], external, optional["lang"])
    if row.get("id", made) != made:
        raise BadClaim("statement.id does not belong to what the statement says")
    return Statement(
        texts["entity_id"],
        texts["schema"],
        texts["prop"],
        texts["value"],
        texts["dataset"],
        **optional,
        external=external,
        place=Place(*(_text(part, "statement.place", True) for part in place)),
        quality=_text(row.get("quality", ""), "statement.quality", True),
        flags=tuple(_text(flag, "statement.flags") for flag in flags),
        id=made,
    )


def _write_grade(grade: Grade | None) -> dict[str, Any] | None:
    if grade is None:
        return None
    return {
        "scheme": grade.scheme.value,
        "code": grade.code,
        "by": grade.by,
        "reason": grade.reason,
        "at": None if grade.at is None else utc_text(grade.at),
    }


def _read_grade(given: Any) -> Grade | None:
    if given is None:
        return None
    row = _object(given, "grade")
    code = _text(row.get("code"), "grade.code")
    try:
        scheme = Scheme(_text(row.get("scheme"), "grade.scheme"))
        return Grade(
            scheme,
            code[:1],
            code[1:],
            _text(row.get("by", ""), "grade.by", True),
            _read_moment(row.get("at"), "grade.at"),
            _text(row.get("reason", ""), "grade.reason", True),
        )
    except BadClaim:
        raise
    except ValueError:
        raise BadClaim(f"grade.code: {code[:20]!r} is not a grade of its scheme") from None


def _write_basis(basis: Basis) -> dict[str, Any]:
    return {
        "kind": basis.kind.value,
        "author": basis.author,
        "on": basis.on.isoformat() if basis.on else None,
        "confidence": basis.confidence.value if basis.confidence else None,
    }


def _read_basis(given: Any) -> Basis:
    if given is None:
        return FACT
    row = _object(given, "basis")
    try:
        on, confidence = row.get("on"), row.get("confidence")
        return Basis(
            BasisKind(_text(row.get("kind"), "basis.kind")),
            _text(row.get("author", ""), "basis.author", True),
            None if on is None else date.fromisoformat(_text(on, "basis.on")),
            None if confidence is None else Confidence(_text(confidence, "basis.confidence")),
        )
    except BadClaim:
        raise
    except ValueError as error:
        raise BadClaim(f"basis: {error}") from None


def _read_chain(given: Any) -> tuple[Hand, ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or len(given) > _MOST_HANDS:
        raise BadClaim(f"chain is to be a list of at most {_MOST_HANDS} hands")
    made = []
    for row in given:
        hand = _object(row, "chain")
        _read_moment(hand.get("at") or None, "chain.at")
        more = (_text(hand.get(name, ""), f"chain.{name}", True) for name in ("name", "at", "signature"))
        made.append(Hand(_text(hand.get("party"), "chain.party"), *more))
    return tuple(made)


def _object(given: Any, name: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadClaim(f"{name} is to be an object")
    return given


def _text(given: Any, name: str, may_be_empty: bool = False) -> str:
    if not isinstance(given, str) or not (given or may_be_empty):
        raise BadClaim(f"{name} is to be a text")
    if len(given) > _LONGEST:
        raise BadClaim(f"{name} is longer than {_LONGEST} characters")
    if _UNSTORABLE.search(given):
        raise BadClaim(f"{name} holds half a character or a zero")
    return given


def _read_set(given: Any, name: str) -> frozenset[str] | None:
    if given is None:
        return None
    if not isinstance(given, list):
        raise BadClaim(f"handling.{name} is to be a list")
    return frozenset(_text(item, f"handling.{name}") for item in given)


def _read_moment(given: Any, name: str) -> datetime | None:
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(_text(given, name))
    except ValueError:
        raise BadClaim(f"{name} is not a moment (ISO 8601)") from None
    if moment.tzinfo is None:
        raise BadClaim(f"{name} has no time zone")
    return moment
