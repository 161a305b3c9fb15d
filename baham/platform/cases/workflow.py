"""A workflow as data: what a case may be, who may bring it from one state to another, and when it moves by itself.

    FREEZE = Workflow("freeze", _("Freeze order"), version=1, fields=[...], states=[...], moves=[...], clocks=[...])

A declaration is checked when it is made: every state can be reached, every state that is no end reaches one, an end has
no way out. Codes are what is stored and are never translated; a code is retired, not deleted (`was`). A condition is
never a sentence to be evaluated: what is asked before a move is declared here or is a named function.

The shape follows what registries of cases have learned (HMCTS CCD: events by state, fields by event, access by role);
the pitfalls that it avoids are listed in docs/cases.md.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

CLOCK = "clock"
"""Who makes a move that nobody makes: the clock."""
EDIT, OPEN = "edit", "open"
"""The two acts that are no moves: writing fields, and opening the case. Codes of moves are others."""


class BadWorkflow(ValueError):
    """A declaration that contradicts itself. The text names what, for whoever declares it."""


class Kind(Enum):
    """What may stand in a field."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"
    RECORD = "record"
    """An entity of the ledger, by number."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a case: its code, what it is called, what may stand in it; `personal` where that is about somebody.

    `seen_by` is the act that whoever reads it must be allowed; empty: whoever may see the case.
    """

    code: str
    title: Any
    kind: Kind = Kind.LINE
    choices: Mapping[str, Any] = field(default_factory=dict)
    personal: bool = True
    seen_by: str = ""
    help: Any = ""


@dataclass(frozen=True, slots=True)
class State:
    """Where a case may be. `edits` are the fields that may be written there, by whoever may make a move from it."""

    code: str
    title: Any
    edits: tuple[str, ...] = ()

    @property
    def is_end(self) -> bool:
        return isinstance(self, End)


@dataclass(frozen=True, slots=True)
class End(State):
    """A state that a case does not leave."""


@dataclass(frozen=True, slots=True)
class Move:
    """A step from one state to another: `act` is what whoever makes it must be allowed.

    `needs` are fields that must be filled; `apart` names moves (or `edit`, `open`) whose makers may not make this one;
    `reasons` are the grounds of which one is chosen, and a reason in words is always given by a person. `letter` is
    what is written, `tells` to which parties. `by=CLOCK` is a move that only the clock makes.
    """

    code: str
    title: Any
    start: str | tuple[str, ...]
    to: str
    act: str = ""
    needs: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    reasons: Mapping[str, Any] = field(default_factory=dict)
    letter: str = ""
    tells: tuple[str, ...] = ()
    by: str = ""

    @property
    def starts(self) -> tuple[str, ...]:
        return (self.start,) if isinstance(self.start, str) else self.start


@dataclass(frozen=True, slots=True)
class Clock:
    """A time that runs in some states and stands still in others. `days` is its budget, or the field that holds it.

    `working` counts working days; what the law sets as the utmost runs in every state that is no end and never pauses.
    `remind` are days before the end at which whoever works on the case is reminded; `then` is the move that the clock
    makes at the end.
    """

    code: str
    title: Any
    runs_in: tuple[str, ...]
    days: int | str
    remind: tuple[int, ...] = ()
    then: str = ""
    working: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who is told. `field` holds the organisation's name or the person's; empty: the case's owner."""

    code: str
    title: Any
    field: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: its heading and paragraphs, in which `%(code)s` is a field of the case."""

    code: str
    title: Any
    paragraphs: tuple[Any, ...]


@dataclass(frozen=True)
class Workflow:
    """What one kind of case is. `open_act` is what whoever opens one must be allowed, `see_act` whoever reads."""

    code: str
    title: Any
    version: int
    states: Sequence[State]
    moves: Sequence[Move]
    open_act: str
    see_act: str
    fields: Sequence[Field] = ()
    clocks: Sequence[Clock] = ()
    parties: Sequence[Party] = ()
    letters: Sequence[Letter] = ()
    was: Mapping[str, str] = field(default_factory=dict)
    """States that are no more, and what they are now."""

    def __post_init__(self) -> None:
        for fault in _faults(self):
            raise BadWorkflow(f"{self.code}: {fault}")

    @property
    def first(self) -> State:
        return self.states[0]

    @cached_property
    def _states(self) -> dict[str, State]:
        return {state.code: state for state in self.states}

    @cached_property
    def _moves(self) -> dict[str, Move]:
        return {move.code: move for move in self.moves}

    @cached_property
    def _fields(self) -> dict[str, Field]:
        return {one.code: one for one in self.fields}

    def state(self, code: str) -> State | None:
        """The state of a code, also of one that is no more; None for one that nobody knows: its case stands still."""
        return self._states.get(self.was.get(code, code))

    def move(self, code: str) -> Move | None:
        return self._moves.get(code)

    def field(self, code: str) -> Field:
        return self._fields[code]

    def letter(self, code: str) -> Letter:
        return next(one for one in self.letters if one.code == code)

    def party(self, code: str) -> Party:
        return next(one for one in self.parties if one.code == code)

    def moves_from(self, state: str) -> list[Move]:
        """The moves that begin here, whoever makes them."""
        return [move for move in self.moves if state in move.starts]

    @cached_property
    def graph(self) -> str:
        """A hash of all that decides what may happen: another graph needs another version."""
        moves = sorted(
            [
                one.code,
                sorted(one.starts),
                one.to,
                one.act,
                list(one.needs),
                sorted(one.apart),
                one.by,
                sorted(one.tells),
            ]
            for one in self.moves
        )
        clocks = sorted(
            [one.code, sorted(one.runs_in), one.days, sorted(one.remind), one.then, one.working] for one in self.clocks
        )
        whole = [sorted([one.code, one.is_end] for one in self.states), moves, clocks, self.first.code]
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:16]


def _faults(flow: Workflow) -> Iterable[str]:
    """What contradicts itself, the plainest first."""
    states, fields = {one.code for one in flow.states}, {one.code for one in flow.fields}
    parties, letters = {one.code for one in flow.parties}, {one.code for one in flow.letters}
    if not flow.states or flow.first.is_end:
        yield "the first state is where a case begins, and is no end"
        return
    for what, several in (("state", flow.states), ("move", flow.moves), ("clock", flow.clocks), ("field", flow.fields)):
        codes = [one.code for one in several]
        yield from (f"two {what}s are called {code}" for code in codes if codes.count(code) > 1)
    codes_of_moves = {one.code for one in flow.moves}
    for move in flow.moves:
        if move.code in (EDIT, OPEN):
            yield f"a move is not called {move.code}"
        yield from (f"{move.code}: there is no state {one}" for one in (*move.starts, move.to) if one not in states)
        yield from (f"{move.code}: there is no field {one}" for one in move.needs if one not in fields)
        yield from (
            f"{move.code}: there is no move {one}" for one in move.apart if one not in codes_of_moves | {EDIT, OPEN}
        )
        yield from (f"{move.code}: there is no party {one}" for one in move.tells if one not in parties)
        if move.letter and move.letter not in letters:
            yield f"{move.code}: there is no letter {move.letter}"
        if bool(move.act) == (move.by == CLOCK):
            yield f"{move.code}: a person makes it by an act, or the clock by none"
    for state in flow.states:
        yield from (f"{state.code}: there is no field {one}" for one in state.edits if one not in fields)
    for clock in flow.clocks:
        yield from (f"{clock.code}: there is no state {one}" for one in clock.runs_in if one not in states)
        if isinstance(clock.days, str) and clock.days not in fields:
            yield f"{clock.code}: there is no field {clock.days}"
        ending = flow.move(clock.then)
        if clock.then and (ending is None or ending.by != CLOCK):
            yield f"{clock.code}: {clock.then} is no move of the clock"
        for at in clock.runs_in:
            if ending is not None and at not in ending.starts:
                yield f"{clock.code}: it runs out in {at}, where {clock.then} does not begin"
    for old, new in flow.was.items():
        if old in states or new not in states:
            yield f"was: {old} is to be a state that is no more, and {new} one that is"
    yield from _paths(flow)


def _paths(flow: Workflow) -> Iterable[str]:
    """Every state is reached from the first; every state that is no end reaches one; no end has a way out."""
    ends = {one.code for one in flow.states if one.is_end}
    onward: dict[str, set[str]] = {one.code: set() for one in flow.states}
    for move in flow.moves:
        for start in move.starts:
            onward.get(start, set()).add(move.to)
    for end in sorted(ends):
        if onward[end]:
            yield f"{end} is an end, and something leads out of it"
    reached = _reach({flow.first.code}, onward)
    yield from (f"nothing leads to {one.code}" for one in flow.states if one.code not in reached)
    for state in flow.states:
        if not state.is_end and not _reach({state.code}, onward) & ends:
            yield f"nothing leads from {state.code} to an end"


def _reach(begun: set[str], onward: Mapping[str, set[str]]) -> set[str]:
    reached, front = set(begun), set(begun)
    while front:
        front = {to for one in front for to in onward.get(one, ())} - reached
        reached |= front
    return reached


def diagram(flow: Workflow) -> str:
    """The workflow as a Mermaid state diagram, drawn from the declaration."""
    lines = ["stateDiagram-v2", f"    [*] --> {flow.first.code}"]
    lines += [f"    {one.code} : {one.title}" for one in flow.states]
    for move in flow.moves:
        who = "the clock" if move.by == CLOCK else move.act
        lines += [f"    {start} --> {move.to} : {move.title} ({who})" for start in move.starts]
    lines += [f"    {one.code} --> [*]" for one in flow.states if one.is_end]
    return "\n".join(lines)
