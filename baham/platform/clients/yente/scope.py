"""Which datasets a client asks about: those it may know of, less what the question leaves out.

A dataset that a client may not know of is answered as one that is not there.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from baham.kernel.handling import PAP, Audience, Handling, Permission, Reader
from baham.platform.clients.models import Client
from baham.platform.clients.yente.errors import Problem
from baham.platform.ledger.models import Dataset

COLLECTION = "default"
"""yente's name for everything at once."""


def reader_of(client: Client) -> Reader:
    """A client stands in the community: until the release gateway exists, it is given no more than TLP:GREEN."""
    return Reader(client.organisation.name, Audience.COMMUNITY, client.purpose)


def may_have(handling: Handling, reader: Reader, now: datetime | None = None) -> Permission:
    """Whether a client may have what is under this handling. Whoever screens acts on the answer, so PAP counts too."""
    if handling.pap > PAP.GREEN:
        return Permission(False, f"{handling.pap.label} does not allow to act on it")
    return handling.permits(reader, now or timezone.now())


def known_to(client: Client) -> list[Dataset]:
    """The datasets that this client may ask about, by name."""
    reader = reader_of(client)
    screened = Dataset.objects.filter(screened=True, review_by__gte=timezone.localdate()).order_by("name")
    return [
        dataset
        for dataset in screened
        if (not client.scope or dataset.name in client.scope) and may_have(dataset.handling, reader).allowed
    ]


def asked_about(client: Client, name: str, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> list[Dataset]:
    """The datasets of a question. Raises Problem for one that is not there, and where none is left.

    `include` narrows a collection, as in yente. Of single lists yente's client sends the first as `name` and the others
    as `include`, and means all of them; so it is read here.
    """
    known = {dataset.name: dataset for dataset in known_to(client)}
    for wanted in (*([] if name == COLLECTION else [name]), *include):
        if wanted not in known and wanted != COLLECTION:
            raise Problem(404, f"There is no dataset {wanted!r} that this key may ask about.")
    chosen = set(known) if name == COLLECTION else {name}
    wanted_too = set(known) if COLLECTION in include else set(include)
    if wanted_too:
        chosen = chosen & wanted_too or chosen | wanted_too
    left = [known[one] for one in sorted(chosen - set(exclude))]
    if not left:
        raise Problem(400, "No dataset is left to ask about.")
    return left
