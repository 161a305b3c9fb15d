"""Making API roots and collections, and saying which partner may use them. People do so; partners cannot."""

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction

from baham.measures.sharing.taxii.models import Access, Collection, Root
from baham.measures.sharing.taxii.posting import MEDIA
from baham.measures.sharing.taxii.shelves import SHELVES, STORED
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger.models import Dataset
from baham.platform.release.models import Partner


class CannotArrange(ValueError):
    """The root, collection or access cannot be made like this. The text says what to mend."""


@transaction.atomic
def add_root(actor: Actor, slug: str, title: str, description: str = "") -> Root:
    """Make an API root at `/taxii2/<slug>/`. Raises CannotArrange."""
    _check(slug, title)
    if Root.objects.filter(slug=slug).exists():
        raise CannotArrange(f"There is an API root {slug!r} already.")
    made = Root.objects.create(slug=slug, title=title, description=description)
    record(actor, Event.SYSTEM, "made an API root", f"root:{slug}", title=title)
    return made


@transaction.atomic
def add_collection(
    actor: Actor,
    root: Root,
    title: str,
    *,
    alias: str = "",
    description: str = "",
    owner: Partner | None = None,
    moderated: bool = True,
    specs: tuple[int, ...] = (21,),
    number: UUID | None = None,
    shelf: str = "stored",
    datasets: Sequence[str] = (),
) -> Collection:
    """Make a collection. What partners post to a `moderated` one waits until a person accepts it. CannotArrange.

    `owner` is a partner who may remove anything from it, and whose posts never wait. `specs` are the versions of STIX
    that it takes: 20, 21. `shelf` says where its objects come from: what partners post, or ("ledger") our own ledger,
    of which `datasets` are the lists in it; without any it has all that an agreement names.
    """
    _check(alias or "no-alias", title)
    if alias and Collection.objects.filter(root=root, alias=alias).exists():
        raise CannotArrange(f"There is a collection {alias!r} in this API root already.")
    if number is not None and Collection.objects.filter(pk=number).exists():
        raise CannotArrange("There is a collection of this id already.")
    if not specs or set(specs) - set(MEDIA):
        raise CannotArrange("A collection takes STIX 2.1 (21), 2.0 (20), or both.")
    if shelf not in SHELVES:
        raise CannotArrange(f"The objects of a collection come from one of these: {', '.join(SHELVES)}.")
    if shelf == STORED and datasets:
        raise CannotArrange("Lists are named for a collection of the ledger alone.")
    if shelf != STORED and (owner is not None or specs != (21,)):
        raise CannotArrange("A collection of the ledger is nobody's, and is STIX 2.1.")
    if missing := sorted(set(datasets) - set(Dataset.objects.values_list("name", flat=True))):
        raise CannotArrange(f"There is no list {missing[0]!r}; see `baham sources list`.")
    made = Collection.objects.create(
        root=root,
        title=title,
        description=description,
        alias=alias or None,
        owner=owner,
        moderated=moderated,
        shelf=shelf,
        datasets=sorted(set(datasets)),
        media_types=[MEDIA[spec] for spec in sorted(specs)],
        **({"id": number} if number else {}),
    )
    record(
        actor,
        Event.SYSTEM,
        "made a collection",
        f"collection:{made.pk}",
        title=title,
        moderated=moderated,
        owner=owner.name if owner else "",
        shelf=shelf,
        datasets=made.datasets,
    )
    return made


@transaction.atomic
def give_access(
    actor: Actor, collection: Collection, partner: Partner, *, can_read: bool = False, can_write: bool = False
) -> Access:
    """Say what a partner may do with a collection; it replaces what was said before. With neither it is only named.
    CannotArrange."""
    if can_write and collection.shelf != STORED:
        raise CannotArrange("Nobody posts to a collection of the ledger; it can be read.")
    access, _new = Access.objects.update_or_create(
        collection=collection, partner=partner, defaults={"can_read": can_read, "can_write": can_write}
    )
    record(
        actor,
        Event.SYSTEM,
        "gave access to a collection",
        f"collection:{collection.pk}",
        title=collection.title,
        recipient=partner.title,
        partner=partner.name,
        can_read=can_read,
        can_write=can_write,
    )
    return access


@transaction.atomic
def take_access(actor: Actor, collection: Collection, partner: Partner) -> None:
    """From now on the partner does not learn that the collection exists."""
    Access.objects.filter(collection=collection, partner=partner).delete()
    record(
        actor,
        Event.SYSTEM,
        "took access to a collection",
        f"collection:{collection.pk}",
        title=collection.title,
        recipient=partner.title,
        partner=partner.name,
    )


def _check(slug: str, title: str) -> None:
    try:
        validate_slug(slug)
    except ValidationError as error:
        raise CannotArrange("The name in the address has letters, digits, hyphens and underscores.") from error
    if not title.strip() or len(title) > 200 or len(slug) > 60:
        raise CannotArrange("Give a title of at most 200 characters, and a name of at most 60.")
