"""The kinds of matters, as a plain list. A measure adds its own kind when its app is ready."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from baham.platform.audit.services import Actor
from baham.platform.ledger.resolve import judge
from baham.platform.review.models import Item


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer, what it is called, and what follows from it."""

    code: str
    label: str
    consequence: str


@dataclass(frozen=True, slots=True)
class Kind:
    """What is asked, what may be answered, and what an answer does.

    `adverse` are the answers that take something from somebody; with `four_eyes` they need two people. `apply` runs in
    the transaction of the deciding signature.
    """

    code: str
    title: str
    question: str
    choices: tuple[Choice, ...]
    four_eyes: bool
    adverse: frozenset[str]
    apply: Callable[[Item, str, Actor, str], None]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(choice.code for choice in self.choices)


def _nothing_further(item: Item, choice: str, actor: Actor, reason: str) -> None:
    """The answer itself is the outcome: whoever asked acts on it."""


def _judge_entities(item: Item, choice: str, actor: Actor, reason: str) -> None:
    judge(item.entity, item.other, choice, actor, reason)


KINDS = [
    Kind(
        "match", _("Screening hit"), _("Is this the person on the list?"),
        (
            Choice("same", _("Same person"), _("Confirms the hit. A second officer must agree before it stands.")),
            Choice("different", _("Not the same"), _("Ends the matter at once; whoever asked is told so.")),
            Choice("unsure", _("Cannot tell yet"), _("Ends the matter without a finding and without effect.")),
        ),
        four_eyes=True, adverse=frozenset({"same"}), apply=_nothing_further,
    ),
    Kind(
        "same-entity", _("Two records"), _("Do these two records describe the same?"),
        (
            Choice("same", _("The same"), _("Shows both under one heading. It can be taken back.")),
            Choice("different", _("Different"), _("Keeps them apart, and says so on both.")),
            Choice("unsure", _("Cannot tell yet"), _("Leaves both as they are, with your reason beside them.")),
        ),
        four_eyes=False, adverse=frozenset(), apply=_judge_entities,
    ),
]  # fmt: skip


def kind_of(item: Item) -> Kind:
    """The kind of a matter. KeyError for one that no installed part knows."""
    return {kind.code: kind for kind in KINDS}[item.kind]
