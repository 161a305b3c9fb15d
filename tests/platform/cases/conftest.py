"""A measure's workflow as a test would declare one: an order that is drafted, proposed, given by another person, and lapses."""

import pytest

from baham.platform.accounts.roles import PERMISSIONS, Role
from baham.platform.cases.registry import WORKFLOWS
from baham.platform.cases.workflow import CLOCK, Clock, End, Field, Kind, Letter, Move, Party, State, Workflow
from tests.support.people import person

WHY = "An invented reason that is long enough."
ORDER = ("subject", "basis", "days")


def lantern(**more: object) -> Workflow:
    """An order to keep a lantern lit."""
    declared = {
        "fields": [
            Field("subject", "Keeper of the lantern"),
            Field("basis", "Legal basis"),
            Field("days", "For how many days", Kind.NUMBER, personal=False),
        ],
        "states": [
            State("draft", "Draft", edits=ORDER),
            State("proposed", "Proposed"),
            State("in-force", "In force"),
            State("suspended", "Suspended"),
            End("refused", "Refused"),
            End("lapsed", "Lapsed"),
        ],
        "moves": [
            Move("propose", "Propose", "draft", "proposed", act="lantern.propose", needs=ORDER),
            Move(
                "order",
                "Order",
                "proposed",
                "in-force",
                act="lantern.order",
                apart=("edit", "propose"),
                letter="order",
                tells=("keeper",),
            ),
            Move("refuse", "Refuse", "proposed", "refused", act="lantern.order", reasons={"oil": "No oil"}),
            Move("suspend", "Suspend", "in-force", "suspended", act="lantern.order"),
            Move("resume", "Resume", "suspended", "in-force", act="lantern.order"),
            Move("lapse", "Lapse", ("in-force", "suspended"), "lapsed", by=CLOCK),
        ],
        "clocks": [
            Clock("review", "Review", ("in-force",), days=10, remind=(5, 2), working=True),
            Clock("expiry", "Expiry", ("in-force", "suspended"), days="days", remind=(3,), then="lapse"),
        ],
        "parties": [Party("keeper", "The keeper", "subject")],
        "letters": [Letter("order", "Order", ("%(subject)s keeps the lantern lit for %(days)s days.",))],
    }
    return Workflow(
        "lantern",
        "Lantern order",
        more.pop("version", 1),
        open_act="lantern.propose",
        see_act="lantern.see",
        **{**declared, **more},
    )


ACTS = {
    "lantern.see": frozenset({Role.ANALYST, Role.REVIEWER, Role.LIST_OFFICER}),
    "lantern.propose": frozenset({Role.ANALYST, Role.REVIEWER}),
    "lantern.order": frozenset({Role.REVIEWER}),
}


@pytest.fixture
def flow(monkeypatch) -> Workflow:
    """The workflow as if its measure were switched on."""
    made = lantern()
    for act, roles in ACTS.items():
        monkeypatch.setitem(PERMISSIONS, act, roles)
    WORKFLOWS.append(made)
    yield made
    WORKFLOWS[:] = [one for one in WORKFLOWS if one.code != "lantern"]


@pytest.fixture
def people(db):
    """Who drafts and proposes, and two who may order."""
    return person(Role.ANALYST, "drafter"), person(Role.REVIEWER, "noor"), person(Role.REVIEWER, "halim")
