"""A declaration is checked when it is made; its graph has a hash and a drawing; days are counted as on a calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baham.platform.cases.clocks import due_on, every_day, spent, working
from baham.platform.cases.workflow import CLOCK, BadWorkflow, Clock, End, Move, State, diagram
from tests.platform.cases.conftest import lantern

FLOW = lantern()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"states": [*FLOW.states, State("lost", "Lost")]}, "nothing leads to lost"),
        ({"moves": [*FLOW.moves, Move("again", "Again", "lapsed", "draft", act="x")]}, "lapsed is an end"),
        (
            {"moves": [one for one in FLOW.moves if one.to not in ("lapsed", "refused")], "clocks": []},
            "nothing leads to refused",
        ),
        ({"moves": [*FLOW.moves, Move("x", "X", "draft", "nowhere", act="x")]}, "there is no state nowhere"),
        ({"moves": [*FLOW.moves, Move("x", "X", "draft", "proposed")]}, "a person makes it by an act"),
        ({"moves": [*FLOW.moves, Move("x", "X", "draft", "proposed", act="x", by=CLOCK)]}, "by an act, or the clock"),
        ({"moves": [*FLOW.moves, Move("x", "X", "draft", "proposed", act="x", needs=("y",))]}, "there is no field y"),
        ({"moves": [*FLOW.moves, Move("x", "X", "draft", "proposed", act="x", apart=("y",))]}, "there is no move y"),
        ({"moves": [*FLOW.moves, Move("edit", "X", "draft", "proposed", act="x")]}, "a move is not called edit"),
        ({"clocks": [Clock("c", "C", ("draft",), 3, then="lapse")]}, "where lapse does not begin"),
        ({"clocks": [Clock("c", "C", ("proposed",), 3, then="order")]}, "no move of the clock"),
        ({"clocks": [Clock("c", "C", ("proposed",), 3, then="nowhere")]}, "nowhere is no move of the clock"),
        ({"clocks": [Clock("c", "C", ("draft",), "weeks")]}, "there is no field weeks"),
        ({"states": [End("draft", "Draft"), *FLOW.states[1:]]}, "is no end"),
        ({"was": {"draft": "proposed"}}, "a state that is no more"),
    ],
)
def test_what_contradicts_itself_is_refused_and_named(change, says):
    with pytest.raises(BadWorkflow, match=says):
        lantern(**change)


def test_another_graph_has_another_hash_and_another_title_does_not():
    assert lantern().graph == FLOW.graph
    assert lantern(moves=[*FLOW.moves[1:], FLOW.moves[0]]).graph == FLOW.graph
    stricter = [Move("propose", "Propose", "draft", "proposed", act="lantern.order", needs=()), *FLOW.moves[1:]]
    assert lantern(moves=stricter).graph != FLOW.graph


def test_it_draws_itself():
    drawn = diagram(FLOW)
    assert drawn.startswith("stateDiagram-v2\n    [*] --> draft\n")
    assert "proposed --> in-force : Order (lantern.order)" in drawn
    assert "suspended --> lapsed : Lapse (the clock)" in drawn


days = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(days, st.integers(0, 120), st.frozensets(days, max_size=30), st.frozensets(st.integers(0, 6), max_size=6))
def test_a_clock_runs_out_when_the_days_that_count_are_used_up(start, budget, holidays, weekend):
    for counts in (every_day, working(holidays, weekend)):
        end = due_on(start, budget, counts)
        assert spent(start, end, counts) == budget
        assert budget == 0 or spent(start, end - timedelta(days=1), counts) == budget - 1


@given(days, st.integers(1, 60), st.integers(0, 59), st.frozensets(days, max_size=20))
def test_standing_still_costs_nothing(start, budget, first, holidays):
    """A clock that runs for some days, stands still for a week and runs on has the same days in all."""
    counts = working(holidays, frozenset({5, 6}))
    first = min(first, budget - 1)
    stopped = due_on(start, first, counts)
    again = stopped + timedelta(days=7)
    end = due_on(again, budget - spent(start, stopped, counts), counts)
    assert spent(start, stopped, counts) + spent(again, end, counts) == budget
