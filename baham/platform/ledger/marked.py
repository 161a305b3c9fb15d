"""What is marked in a file is no open list: a label in any value stops a load that would open it."""

from collections.abc import Iterable
from pathlib import Path

from baham.formats import BadInput
from baham.formats.marking_words import closes, labels
from baham.kernel.entity import Entity
from baham.kernel.handling import TLP, Handling
from baham.platform.ledger.models import Dataset


def check(path: Path, dataset: Dataset, batch: Iterable[Entity]) -> None:
    """BadInput, which names the place, for a value whose words mark it more strictly than the list is handled."""
    handled = dataset.handling
    for entity in batch:
        for statement in entity:
            said = (closes if statement.prop == "marking" else labels)(statement.value)
            if not handled.is_at_least_as_strict_as(Handling(said.tlp, said.pap)):
                label = said.tlp.label if said.tlp is not TLP.CLEAR else said.pap.label
                problem = f"is marked {label} in words, and the list is {handled.tlp.label}: it is to come in otherwise"
                raise BadInput(path, problem, field=f"{statement.place} ({entity.id})")
