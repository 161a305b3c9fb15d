"""`baham taxii`: collections that partners read and post to, who may use them, and what waits in them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from baham.platform.boot import boot
from baham.platform.terminal import Progress, actor_name, note, refuse

if TYPE_CHECKING:
    from baham.measures.sharing.taxii.models import Collection

app = typer.Typer(help="Collections that partners read and post to.", no_args_is_help=True, rich_markup_mode=None)
Which = Annotated[str, typer.Argument(help="The collection: its id or alias.")]
Reason = Annotated[str, typer.Option(help="Why, in at least 20 characters.")]


@app.command()
def add(
    title: Annotated[str, typer.Argument(help="What people call the collection.")],
    root: Annotated[str, typer.Option(help="API root: the first part of its address; made if it is not there.")],
    alias: Annotated[str, typer.Option(help="A name for its address, instead of the id.")] = "",
    description: Annotated[str, typer.Option(help="What is in it, and for whom.")] = "",
    owner: Annotated[str, typer.Option(help="A partner who may remove anything from it and never waits.")] = "",
    moderated: Annotated[bool, typer.Option(help="Whether a person accepts what partners post.")] = True,
    old: Annotated[bool, typer.Option("--stix-2.0", help="Take STIX 2.0 beside 2.1.")] = False,
    ledger: Annotated[
        bool, typer.Option("--ledger", help="Serve our own ledger, as each agreement lets it out.")
    ] = False,
    dataset: Annotated[list[str] | None, typer.Option(help="Of the ledger, only this list; may be repeated.")] = None,
) -> None:
    """Make a collection, and print its id. Nobody may use it before `baham taxii access`."""
    boot()
    from django.db import transaction

    from baham.measures.sharing.taxii import arrange
    from baham.measures.sharing.taxii.models import Root
    from baham.platform.audit.services import Actor
    from baham.platform.release.terminal import partner_named

    actor, whose = Actor(actor_name()), partner_named(owner) if owner else None
    try:
        with transaction.atomic():  # no API root for a collection that is refused
            found = Root.objects.filter(slug=root).first() or arrange.add_root(actor, root, root)
            made = arrange.add_collection(
                actor,
                found,
                title,
                alias=alias,
                description=description,
                owner=whose,
                moderated=moderated,
                specs=(20, 21) if old else (21,),
                shelf="ledger" if ledger else "stored",
                datasets=dataset or (),
            )
    except arrange.CannotArrange as error:
        refuse(error)
    typer.echo(str(made.pk))
    note(f"{title}: at /taxii2/{root}/collections/{made.pk}/")


@app.command("list")
def list_collections() -> None:
    """Every collection with what is in it and what waits, and below it who may do what."""
    boot()
    from django.db.models import Count, Q

    from baham.measures.sharing.taxii.models import Collection, State

    rows = (
        Collection.objects.select_related("root")
        .prefetch_related("access__partner")
        .annotate(
            there=Count("objects_stored", Q(objects_stored__state=State.ACCEPTED)),
            waits=Count("objects_stored", Q(objects_stored__state=State.WAITING)),
        )
    )
    for one in rows.order_by("root__slug", "title"):
        name = f"{one.pk}{f' ({one.alias})' if one.alias else ''}"
        if one.shelf != "stored":
            typer.echo(f"{one.root.slug}\t{name}\t{one.title}\t{one.shelf}\t{', '.join(one.datasets) or 'all lists'}")
            _rights(one)
            continue
        kind = "moderated" if one.moderated else "open"
        typer.echo(f"{one.root.slug}\t{name}\t{one.title}\t{kind}\t{one.there} objects\t{one.waits} wait")
        _rights(one)


def _rights(collection: "Collection") -> None:
    for access in collection.access.all():
        rights = [word for word, may in (("reads", access.can_read), ("posts", access.can_write)) if may]
        typer.echo(f"  {access.partner.name}\t{' and '.join(rights) or 'knows of it'}")


@app.command()
def access(
    collection: Which,
    partner: Annotated[str, typer.Argument(help="The partner.")],
    read: Annotated[bool, typer.Option(help="Whether it may read.")] = False,
    post: Annotated[bool, typer.Option(help="Whether it may post.")] = False,
    none: Annotated[bool, typer.Option("--none", help="It is not even to know of the collection.")] = False,
) -> None:
    """Say what a partner may do with a collection; this replaces what was said before."""
    boot()
    from baham.measures.sharing.taxii import arrange
    from baham.platform.audit.services import Actor
    from baham.platform.release.terminal import partner_named

    found, who = _collection(collection), partner_named(partner)
    if none:
        arrange.take_access(Actor(actor_name()), found, who)
        return
    try:
        arrange.give_access(Actor(actor_name()), found, who, can_read=read, can_write=post)
    except arrange.CannotArrange as error:
        refuse(error)


@app.command()
def waiting(collection: Which, limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100) -> None:
    """What partners posted and nobody has decided on: number, partner, object. The log says who looked."""
    boot()
    from django.db import transaction

    from baham.measures.sharing.taxii.models import State, Stored
    from baham.platform.audit.services import Actor, consulted

    found = _collection(collection)
    rows = Stored.objects.filter(collection=found, state=State.WAITING).select_related("owner").order_by("seq")[:limit]
    with transaction.atomic():
        shown = list(rows)
        if shown:
            consulted(Actor(actor_name()), f"collection:{found.pk}", found.title, objects=len(shown))
    for one in shown:
        typer.echo(f"{one.seq}\t{one.owner.name if one.owner else ''}\t{bytes(one.raw).decode()}")


@app.command()
def accept(
    collection: Which, numbers: Annotated[list[int], typer.Argument(help="As in `waiting`.")], reason: Reason
) -> None:
    """Let objects that wait be served to those who may have them."""
    _decide(collection, numbers, True, reason)


@app.command()
def reject(
    collection: Which, numbers: Annotated[list[int], typer.Argument(help="As in `waiting`.")], reason: Reason
) -> None:
    """Refuse objects that wait, for good."""
    _decide(collection, numbers, False, reason)


@app.command()
def link(
    partner: Annotated[str, typer.Argument(help="The partner whose server it is.")],
    url: Annotated[str, typer.Option(help="Its TAXII 2.1 server: discovery or an API root.")],
    collection: Annotated[str, typer.Option(help="The collection there: its id or title.")],
    login: Annotated[str, typer.Option(help="What it calls us.")],
    secret_file: Annotated[Path, typer.Option(help="A file with the secret that it gave us.")],
) -> None:
    """Say where a partner's own collection is and how we sign in there, for `baham taxii fetch`."""
    boot()
    from baham.measures.sharing.taxii import fetching
    from baham.platform.audit.services import Actor
    from baham.platform.release.terminal import partner_named

    try:
        secret = secret_file.read_text().strip()
        fetching.link(Actor(actor_name()), partner_named(partner), url, collection, login, secret)
    except (fetching.CannotFetch, OSError) as error:
        refuse(error)


@app.command()
def fetch(partner: Annotated[str, typer.Argument(help="The partner.")]) -> None:
    """Take in what came to the linked collections of a partner since the last time; it goes the way of the inbox."""
    boot()
    from baham.measures.sharing.taxii import fetching
    from baham.platform.audit.services import Actor
    from baham.platform.release.terminal import partner_named

    feeds = list(partner_named(partner).feeds.select_related("partner").order_by("pk"))
    if not feeds:
        refuse(f"no collection of {partner} is linked; see `baham taxii link`")
    for feed in feeds:
        progress = Progress(feed.collection)
        try:
            done = fetching.fetch(feed, Actor(actor_name()), progress)
        except fetching.CannotFetch as error:
            progress.end()
            refuse(error, code=1)
        progress.end()
        typer.echo(
            f"{feed.collection}: {done.objects} objects, {done.accepted} values accepted, {done.quarantined} in "
            f"quarantine, {done.closed} closed"
        )
        for why, count in sorted(done.refused.items()):
            note(f"{count} refused: {why}")


def _decide(collection: str, numbers: list[int], accepted: bool, reason: str) -> None:
    boot()
    from baham.measures.sharing.taxii import posting
    from baham.platform.audit.services import Actor

    try:
        done = posting.decide(
            Actor(actor_name()), _collection(collection), numbers, accept=accepted, reason=reason, all_or_none=True
        )
    except posting.NotWaiting:
        refuse("some of these numbers do not wait in this collection; nothing was decided", code=1)
    except posting.CannotDecide as error:
        refuse(error)
    typer.echo(f"{done} objects {'accepted' if accepted else 'refused'}")


def _collection(name: str) -> "Collection":
    from baham.measures.sharing.taxii.models import Collection

    try:
        found = Collection.objects.filter(pk=UUID(name)).first()
    except ValueError:
        several = list(Collection.objects.filter(alias=name)[:2])
        if len(several) > 1:
            refuse(f"several collections are called {name!r}; give the id")
        found = several[0] if several else None
    return found or refuse(f"there is no collection {name!r}; see `baham taxii list`")
