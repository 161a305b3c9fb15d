"""Matters for journeys: each puts one of its own before the reviewers, so that none stands in another's way."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count

from tests.journeys.desk import Desk

REASON = "The father's name and the day of birth differ; the card was seen."
SECOND_REASON = "I have seen the same card and agree with the first."


_BORN = (date(1991, 6, 2) + timedelta(days=day) for day in count())
"""A day of birth for each: who was cleared in one journey makes no hit in the next."""


def propose(at_desk: Callable[[str], Desk], user: str, name: str = "Zarghun Talband") -> str:
    """Screen a name, put its first hit before the reviewers, and return the address of the matter."""
    desk = at_desk(user)
    desk.screen(name, birth_date=next(_BORN).isoformat())
    desk.go(desk.find('form[action="/review/propose/"] button').first.click)
    return desk.path


def sign(desk: Desk, matter: str, choice: str, reason: str) -> None:
    """Choose, write why, and record."""
    desk.open(matter)
    desk.find(f"input[name=choice][value={choice}]").check()
    desk.labelled("Reason, in your own words").fill(reason)
    desk.press("Record decision")
