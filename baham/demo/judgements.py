"""What people judged to be one and the same, or not, between the lists. Both lists stay as they are."""

from functools import partial
from typing import NamedTuple

from baham.demo.desk import find
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.services import Actor
from baham.platform.ledger.models import Judgement
from baham.platform.ledger.resolve import judge, retract
from baham.platform.world.history import Calendar, Event


class Word(NamedTuple):
    """One judgement: so many days ago, by whom, on which two entries, and why."""

    ago: int
    by: str
    left: tuple[str, str]
    right: tuple[str, str]
    verdict: str
    reason: str


N, V, K, R = "national", "varand", "kohsar-desk", "registers"
WORDS = (
    Word(
        180,
        "tirvash",
        (N, "N-2044"),
        (V, "V-0142"),
        "same",
        "Same father’s name, and the birth date is the same with day and month exchanged; both name Rudabar.",
    ),
    Word(
        178,
        "tirvash",
        (N, "N-2098"),
        (V, "V-0163"),
        "unsure",
        "Names agree, but neither list gives a father’s name or place that the other has; Varand has been asked.",
    ),
    Word(
        171,
        "halim",
        (N, "N-2190"),
        (V, "V-0177"),
        "same",
        "Same name and town of birth according to the covering letter from Varand.",
    ),
    Word(
        160, "halim", (N, "N-2151"), (V, "V-0188"), "same", "پاسپورٹ نمبر اور تاریخِ پیدائش دونوں فہرستوں میں ایک ہیں۔"
    ),
    Word(
        158,
        "noor",
        (N, "N-2231"),
        (V, "V-0199"),
        "different",
        "About thirteen years apart, another nationality, and the fathers were shown to be different people.",
    ),
    Word(
        140,
        "noor",
        (N, "N-2231"),
        (N, "N-2232"),
        "different",
        "دونوں کے والد کے نام اور پیدائش کے سال مختلف ہیں؛ شناختی نمبر صرف ایک کا ہے۔",
    ),
    Word(
        120,
        "tirvash",
        (N, "N-2311"),
        (V, "V-0240"),
        "same",
        "Both name Markaz and the withdrawn licence; Varand confirmed by letter that it means this firm.",
    ),
    Word(
        65,
        "halim",
        (N, "N-2207"),
        (K, "K-0418"),
        "same",
        "The desk’s file is the file on which the listing rests; father’s name and town of birth agree.",
    ),
    Word(
        64,
        "halim",
        (N, "N-2207"),
        (R, "R-1991-07"),
        "same",
        "Father’s name, village and age in the school register fit the interview; the teacher was asked.",
    ),
    Word(62, "noor", (N, "N-2044"), (K, "K-0402"), "same", "Same birth date and father; the desk cites the listing."),
    Word(
        61,
        "noor",
        (K, "K-0402"),
        (R, "R-2016-02"),
        "same",
        "The deed of 2016 bears the birth date that both the list and the desk have.",
    ),
    Word(
        60,
        "tirvash",
        (N, "N-2197"),
        (R, "R-2011-55"),
        "same",
        "Name, father’s name, village and day of birth agree with the civil register.",
    ),
    Word(
        59,
        "tirvash",
        (N, "N-2119"),
        (K, "K-0431"),
        "unsure",
        "Only the name and the year of birth agree so far; the lawyer’s papers will settle it.",
    ),
)
MISTAKEN = (N, "N-2190"), (V, "V-0177")


def events(calendar: Calendar) -> list[Event]:
    """All judgements, and the one that was taken back."""
    told: list[Event] = [(calendar.at(word.ago, "11:20"), partial(_judge, word)) for word in WORDS]
    told.append((calendar.at(90, "15:05"), _retract))
    return told


def _judge(word: Word) -> None:
    judge(find(*word.left), find(*word.right), word.verdict, _actor(word.by), word.reason)


def _retract() -> None:
    left, right = find(*MISTAKEN[0]), find(*MISTAKEN[1])
    retract(
        Judgement.objects.get(left=left, right=right),
        _actor("noor"),
        "The man listed in Varand was born in 1951; the letter meant somebody else. Twenty-one years lie between them.",
    )


def _actor(username: str) -> Actor:
    return Actor(username, Purpose("analysis", "comparison of lists"))
