"""Whose list a list is: who may bring its next version, and who may take its name."""

from pathlib import Path

from baham.formats import BadInput
from baham.kernel.handling import TLP
from baham.platform.accounts.models import User
from baham.platform.audit.services import Actor
from baham.platform.ledger.given import is_given
from baham.platform.ledger.models import Dataset
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.ledger.publishers import BY_NAME

_TAKEN = "the name of the list is taken; choose another one"


def check(path: Path, dataset: Dataset, actor: Actor, tlp: object) -> None:
    """Whether somebody may load a file into this list, now that it is known whose it is: between the page that asked
    and the load another may have made it. `tlp` is how the file was brought to be handled, None where nobody said.

    The terminal is the operator's and loads for whomever it serves. Raises BadInput.
    """
    user = User.objects.filter(username=actor.name).select_related("organisation").first()
    if is_given(dataset.name):
        raise BadInput(path, _TAKEN)
    if user is not None and not may_load(dataset, NeedToKnow(user, "")):
        raise BadInput(path, _TAKEN)
    if dataset.name in BY_NAME and dataset.keeper is not None and not dataset.keeper.is_operators:
        raise BadInput(path, f"the publisher's list would be kept by {dataset.keeper}, whose list is called so")
    if tlp is not None and dataset.tlp != tlp:
        now, asked = dataset.handling.tlp.label, TLP(int(str(tlp))).label
        problem = f"the list is there already and is handled {now}, not {asked}; to change that: baham sources handle"
        raise BadInput(path, problem)


def may_load(dataset: Dataset, reader: NeedToKnow) -> bool:
    """Whether this person's side keeps the list, and it is none that the operator fetches from its publisher."""
    return reader.keeps(dataset) and may_name(dataset.name, reader)


def may_name(name: str, reader: NeedToKnow) -> bool:
    """Whether this person may call a list so: what partners give, and the lists that are fetched from publishers, are
    the operator's."""
    return not is_given(name) and (name not in BY_NAME or reader.user.is_operators)
