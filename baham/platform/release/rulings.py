"""The rule of release for rows of the ledger, without making a claim of each: for exits that answer in milliseconds.

Most statements of an answer share handling, property and grade, and nothing is held on their entity; such ones are
asked about once. The answers are those of `kernel.release.rule`, because it gives them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from baham.kernel.chunks import in_chunks
from baham.kernel.claim import Claim
from baham.kernel.grade import Grade, Scheme
from baham.kernel.handling import PAP, TLP, Audience, Handling
from baham.kernel.release import NOTHING_KNOWN, About, Ruling, Terms, Why, rule
from baham.kernel.statement import Statement as Said
from baham.platform.ledger.models import CameThrough, Entity, GradeGiven, HandlingGiven, Statement, handling_of
from baham.platform.ledger.standing import about
from baham.platform.release.tombstones import recalled_among

ANY_GRADE = Grade(Scheme.ADMIRALTY, "F", "6")
"""Stands for any grade: the rule asks whether there is one."""


def community_terms(organisation: str, purpose: str) -> Terms:
    """What a program may have whose organisation has no agreement: what the community may have, to match against."""
    return Terms(
        organisation,
        Audience.COMMUNITY,
        purpose,
        frozenset({purpose}),
        fields=None,
        acts=PAP.GREEN,
        limit=TLP.GREEN,
        trusted=True,
        watch_list=True,
    )


def ruled(
    terms: Terms, said: Sequence[Statement], owners: Mapping[int, Entity], now: datetime, party: str = ""
) -> dict[int, Ruling]:
    """The ruling on each of these statements, by its row. `owners` are their entities, with datasets. What came from
    `party`, or through it, is not said back to it."""
    sids = [statement.sid_hex for statement in said]
    handlings, graded = _marked(sids)
    known, recalled = about(list(owners.values()), sids), recalled_among(sids)
    theirs = _through(party, said, sids, owners) if party else frozenset()
    asked: dict[tuple[Handling, str, bool], Ruling] = {}
    answers: dict[int, Ruling] = {}
    for statement, sid in zip(said, sids, strict=True):
        owner = owners[statement.entity_id]
        if statement.pk in theirs:
            answers[statement.pk] = Ruling(Why.THEIRS, "it came from them, or through them")
            continue
        handling = handling_of(owner.dataset, handlings.get(sid, ()))
        has_grade = bool(owner.dataset.grade) or any(one.counts_in(owner.dataset) for one in graded.get(sid, ()))
        held = known[owner.pk]
        if sid in recalled or sid in held.shows_source or _is_known(held):
            facts = About(held.standing, held.protected, held.restricted, held.shows_source, recalled)
            answers[statement.pk] = rule(_claim(handling, statement.prop, has_grade, sid), terms, now, facts)
            continue
        key = (handling, statement.prop, has_grade)
        if key not in asked:
            asked[key] = rule(_claim(handling, statement.prop, has_grade), terms, now, NOTHING_KNOWN)
        answers[statement.pk] = asked[key]
    return answers


def _is_known(held: About) -> bool:
    return (held.standing, held.protected, held.restricted) != (
        NOTHING_KNOWN.standing,
        NOTHING_KNOWN.protected,
        NOTHING_KNOWN.restricted,
    )


def _claim(handling: Handling, prop: str, has_grade: bool, sid: str = "") -> Claim:
    return Claim(Said("-", "Thing", prop, "-", "-", id=sid or "-"), handling, ANY_GRADE if has_grade else None)


def _through(
    party: str, said: Sequence[Statement], sids: Sequence[str], owners: Mapping[int, Entity]
) -> frozenset[int]:
    """The statements, by their row, that came through the hands of a party."""
    hands: dict[str, list[CameThrough]] = {}
    for some in in_chunks(sids):
        for came in CameThrough.objects.filter(sid__in=some):
            hands.setdefault(came.sid, []).append(came)
    found = set()
    for statement, sid in zip(said, sids, strict=True):
        counts = [came for came in hands.get(sid, ()) if came.counts_in(owners[statement.entity_id].dataset)]
        if counts and any(hand["party"] == party for hand in counts[-1].hands):
            found.add(statement.pk)
    return frozenset(found)


def _marked(sids: Sequence[str]) -> tuple[dict[str, list[HandlingGiven]], dict[str, list[GradeGiven]]]:
    handlings: dict[str, list[HandlingGiven]] = {}
    graded: dict[str, list[GradeGiven]] = {}
    for some in in_chunks(sids):
        for given in HandlingGiven.objects.filter(sid__in=some):
            handlings.setdefault(given.sid, []).append(given)
        for grade in GradeGiven.objects.filter(sid__in=some):
            graded.setdefault(grade.sid, []).append(grade)
    return handlings, graded
