"""`baham sources`: the lists that are in force."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from baham.platform.boot import boot
from baham.platform.outputs import check_readable
from baham.platform.terminal import Progress, actor_name, note, refuse

if TYPE_CHECKING:
    from baham.kernel.handling import TLP

app = typer.Typer(
    help="Lists: load a file, fetch from the publisher, see what is in force.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_sources() -> None:
    """Every list with its version in force and the number of its entities."""
    boot()
    from baham.platform.ledger.datasets import overview

    datasets = overview()
    if not datasets:
        note("No list has been loaded yet. Load one: baham sources load FILE --name NAME")
    for dataset in datasets:
        last = dataset.last
        state = f"version {last.number} of {last.loaded_at:%Y-%m-%d}" if last else "nothing loaded yet"
        label = dataset.handling.tlp.label
        typer.echo(f"{dataset.name}\t{dataset.entities_now}\t{state}, {label}\t{dataset.title}")


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help="The file as its publisher issues it.")],
    name: Annotated[str, typer.Option(help="The list that it is a version of; made if it is new.")],
    format: Annotated[str, typer.Option(help="Its format, if it should not be recognised by its content.")] = "",
    mapping: Annotated[Path | None, typer.Option(help="For a plain CSV: which column is which property.")] = None,
    title: Annotated[str, typer.Option(help="What to call the list on pages.")] = "",
    review_by: Annotated[
        str,
        typer.Option(help="Last day on which a new list is screened against; BAHAM_REVIEW_DAYS from now if left out."),
    ] = "",
    tlp: Annotated[
        str,
        typer.Option(
            help="How a new list is handled: CLEAR (anybody may have it; so where nothing is said), GREEN, AMBER,"
            " AMBER+STRICT or RED."
        ),
    ] = "",
    preview: Annotated[bool, typer.Option(help="Say what the file would do, and change nothing.")] = False,
    confirm_delisting: Annotated[
        int | None, typer.Option(help="Where a load has stopped: the number of entries it said would end.")
    ] = None,
    confirm_changes: Annotated[
        int | None, typer.Option(help="Where a load has stopped: the number of entries it said would change.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why so many end or change; kept in the log.")] = "",
) -> None:
    """Load a file as the next version of a list. Loading the same file again changes nothing. A list keeps the mapping
    that it was loaded with. A version that would end more than the list's limit, or change most of it, stops before it
    is in force and says its numbers; it goes on when you name them."""
    check_readable("", file)
    check_readable("--mapping ", mapping)
    boot()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_slug

    from baham.formats import BadInput
    from baham.platform.accounts.purposes import Purpose
    from baham.platform.audit.services import Actor
    from baham.platform.ledger.guard import Confirmed, MassChange, examples
    from baham.platform.ledger.load import Looked
    from baham.platform.ledger.load import load as load_file

    try:
        validate_slug(name)
    except ValidationError:
        refuse(f"--name {name!r}: use letters, digits, hyphens and underscores")
    actor = Actor(actor_name(), Purpose("list-maintenance", file.name[:120]))
    about: dict[str, object] = {"title": title} if title else {}
    if review_by:
        about["review_by"] = _future_day(review_by)
    if tlp:
        about["tlp"] = _tlp(tlp)
    progress = Progress(f"Loading {file.name}, entities")
    options = {"mapping": mapping} if mapping else {}
    try:
        done = load_file(
            file,
            name,
            actor,
            about=about,
            format_name=format,
            options=options,
            progress=progress,
            look=preview,
            confirmed=Confirmed(confirm_delisting, confirm_changes, reason),
        )
    except (BadInput, KeyError) as error:
        refuse(f"{error} (the ledger is unchanged)")
    except MassChange as stopped:
        _say_how_to_go_on(stopped)
    except Looked as looked:
        progress.end()
        effect = looked.effect
        typer.echo(
            f"{name}: would add {effect.added}, change {effect.changed} and end {effect.silenced} of {effect.before} "
            "entries; nothing has changed"
        )
        _say_how_handled(name, effect.tlp)
        _say_unread(effect.unread)
        for prop, count in effect.lost.most_common(5):
            note(f"{count} entries would say no {prop} any more.")
        for caption in examples(effect.ending):
            note(f"would end: {caption}")
        for why in looked.stops.why:
            note(f"to be confirmed: {why}")
        return
    finally:
        progress.end()
    version = done.version
    if done.unchanged:
        typer.echo(f"{name}: this file is version {version.number} already; nothing changed")
        return
    typer.echo(
        f"{name}: version {version.number}, {version.entities} entities, {version.statements} statements; "
        f"{version.added} added, {version.changed} changed, {version.removed} delisted"
    )
    if version.number == 1:
        _say_how_handled(name, version.dataset.tlp)
    elif title or review_by:
        note(f"{name} was there already: --title and --review-by are for a new list, and changed nothing.")
    _say_unread(done.unread)
    if version.flagged:
        note(f"{version.flagged} entities have odd values; they are kept as they stood and marked on their pages.")
    if version.left_out:
        note(f"{version.left_out} values of special categories (religion, ethnicity and the like) were not stored.")
    for line in done.refused:
        note(f"not taken, and left as it was: {line}")
    if version.unfinished:
        note("The last line of the file has no end. If it was cut short, load the whole file.")
    if version.kept_out:
        note(f"{version.kept_out} entities or values that were erased here are still in the file; they stay out.")
    _build_index()


def _say_how_handled(name: str, tlp: int) -> None:
    from baham.kernel.handling import TLP

    far = {
        TLP.CLEAR: "anybody may have it",
        TLP.GREEN: "the community may have it",
        TLP.AMBER: "this organisation and whom it serves may have it",
        TLP.AMBER_STRICT: "this organisation alone may have it",
        TLP.RED: "only persons named for it may have it",
    }[TLP(tlp)]
    note(f"Handled {TLP(tlp).label}: {far}. To change that: baham sources handle {name} LABEL --reason 'why'.")


def _say_unread(columns: Sequence[str]) -> None:
    if columns:
        note(f"Columns that are not read: {', '.join(columns[:40])}. To have them read, say what they are: --mapping.")


def _tlp(written: str) -> "TLP":
    from baham.kernel.handling import TLP

    try:
        return TLP.named(written)
    except ValueError as error:
        refuse(error)


def _say_how_to_go_on(stopped: Any) -> None:
    words = [
        *([f"--confirm-delisting {stopped.effect.silenced}"] if stopped.stops.delisting else []),
        *([f"--confirm-changes {stopped.effect.changed}"] if stopped.stops.changing else []),
    ]
    note("baham: " + " ".join(str(stopped).split()))
    note(
        "Nothing has changed; the version in force stays in force. See --preview, and if it is meant, add "
        f"{' '.join(words)} --reason 'why'."
    )
    raise typer.Exit(1)


@app.command()
def limit(
    name: Annotated[str, typer.Argument(help="The list.")],
    percent: Annotated[int, typer.Argument(help="How many per cent of it a version may end before it stops.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the log.")],
) -> None:
    """How many per cent of a list a version may end before somebody has to confirm it (5 if unset)."""
    boot()
    from baham.platform.audit.services import Actor
    from baham.platform.ledger.datasets import CannotSet, set_limit

    try:
        set_limit(name, percent, Actor(actor_name()), reason)
    except CannotSet as error:
        refuse(error)
    typer.echo(f"{name}: a version that ends more than {percent} % of the list stops")


@app.command()
def handle(
    name: Annotated[str, typer.Argument(help="The list.")],
    tlp: Annotated[str, typer.Argument(help="CLEAR, GREEN, AMBER, AMBER+STRICT or RED.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the log.")],
) -> None:
    """Say who may have a list, as far as its statements are not marked by themselves (Traffic Light Protocol 2.0)."""
    boot()
    from baham.platform.audit.services import Actor
    from baham.platform.ledger.datasets import CannotSet, set_handling

    try:
        dataset = set_handling(name, _tlp(tlp), None, Actor(actor_name()), reason)
    except CannotSet as error:
        refuse(error)
    typer.echo(f"{name}: handled {dataset.handling.tlp.label}; what left before is taken back by: baham recall")


@app.command()
def update(name: Annotated[str, typer.Argument(help="un, eu or ofac.")]) -> None:
    """Fetch a list from its publisher and load it. Whatever goes wrong, the version in force stays in force."""
    boot()
    from baham.formats import BadInput
    from baham.platform.accounts.purposes import Purpose
    from baham.platform.audit.services import Actor
    from baham.platform.ledger.publishers import BY_NAME
    from baham.platform.ledger.update import CannotFetch, HeldBack
    from baham.platform.ledger.update import update as fetch_and_load

    if name not in BY_NAME:
        refuse(
            f"{name!r} is not one of {', '.join(BY_NAME)}; load another list with: baham sources load FILE --name NAME"
        )
    progress = Progress(f"Fetching {name}")
    try:
        done = fetch_and_load(BY_NAME[name], Actor(actor_name(), Purpose("list-maintenance", "update")), progress)
    except (CannotFetch, BadInput, HeldBack) as error:
        progress.end()
        note(f"baham: {error}; the version in force stays in force")
        raise typer.Exit(1) from error
    progress.end()
    if done is None or done.unchanged:
        typer.echo(f"{name}: nothing new at the publisher's")
        return
    version = done.version
    typer.echo(
        f"{name}: version {version.number}; {version.added} added, {version.changed} changed, "
        f"{version.removed} delisted"
    )
    _build_index()


def _future_day(written: str) -> date:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        refuse(f"--review-by {written!r}: write a day as 2027-05-31")
    if day <= date.today():
        refuse(f"--review-by {written!r}: the review date must lie in the future")
    return day


def _build_index() -> None:
    from baham.platform.screening import index

    progress = Progress("Building the name index, entities")
    try:
        index.build(progress)
    except Exception as error:
        note(f"baham: loaded, not indexed: {error}; the list is in force and is screened when the index is next built")
    finally:
        progress.end()
