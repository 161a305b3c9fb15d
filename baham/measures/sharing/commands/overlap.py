"""`baham overlap`: do a partner and we hold the same identity, without showing each other whom we hold."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from baham.platform.outputs import check_file
from baham.platform.terminal import Progress, actor_name, check_port, note, refuse

if TYPE_CHECKING:
    pass

app = typer.Typer(
    help="Private overlap checks with partners (docs/overlap.md).", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def prepare(
    partner: Annotated[str, typer.Argument(help="The partner that may ask, as the agreement names it.")],
    purpose: Annotated[str, typer.Option(help="What it may ask for: a purpose of the agreement.")],
    mode: Annotated[str, typer.Option(help="keys: which of its keys we hold; count: only how many.")] = "keys",
    case: Annotated[str, typer.Option(help="The order or file that it serves, for the log.")] = "",
) -> None:
    """Hand the holder the keys that a partner may ask about in the coming week. Protected persons are left out here."""
    _needs_group()
    from baham.platform.boot import boot

    boot()
    from baham.engines.overlap.group import Missing
    from baham.measures.sharing.overlap.prepare import CannotPrepare
    from baham.measures.sharing.overlap.prepare import prepare as hand_over
    from baham.platform.release.terminal import partner_named

    progress = Progress("Choosing who may be asked about, persons")
    try:
        made = hand_over(_actor(purpose, case), partner_named(partner), mode, progress)
    except (CannotPrepare, Missing) as error:
        progress.end()
        refuse(error)
    progress.end()
    left = ", ".join(f"{count:,} {reason}" for reason, count in sorted((+made.left_out).items())) or "nobody"
    typer.echo(f"{partner}: {made.keys:,} keys of {made.persons:,} persons for the holder; left out: {left}")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on. Behind a proxy leave it as it is.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8011,
) -> None:
    """Be the holder until Ctrl-C: a process of its own that knows the epochs' keys and no ledger."""
    check_port(host, port)
    _needs_group()
    from granian import Granian
    from granian.constants import Interfaces

    from baham.measures.sharing.overlap.holder import PATH

    note(f"The holder answers at http://{host}:{port}{PATH} (Ctrl-C ends it)")
    Granian(
        "baham.measures.sharing.overlap.holder:application",
        factory=True,
        address=host,
        port=port,
        workers=1,
        interface=Interfaces.ASGINL,
        log_enabled=False,
    ).serve()


@app.command()
def ready(
    partner: Annotated[str, typer.Argument(help="Whom you will ask.")],
    keys: Annotated[int, typer.Option(help="How many keys the request may have: about three for each row.")] = 10_000,
    url: Annotated[str, typer.Option(help="The address of the partner's holder; the partner's own if left out.")] = "",
) -> None:
    """Compute ahead what hides the keys of a large request, so that `ask` takes less time. Nobody is asked about by it.

    Good until the partner's epoch ends; used once.
    """
    _needs_group()
    from baham.platform.boot import boot

    boot()
    from baham.measures.sharing.overlap import asking
    from baham.platform.audit.services import Actor
    from baham.platform.release.terminal import partner_named

    found, progress = partner_named(partner), Progress("Making pads")
    try:
        lie = asking.make_ready(Actor(actor_name()), found, url or found.url, keys, progress)
    except asking.CannotAsk as error:
        progress.end()
        refuse(error)
    progress.end()
    typer.echo(f"{partner}: {lie:,} pads lie ready")


@app.command()
def ask(
    file: Annotated[
        str, typer.Argument(help="CSV or JSON lines as for `baham screen`; birth_date or id_number needed.")
    ],
    partner: Annotated[str, typer.Option(help="Whom to ask.")],
    purpose: Annotated[str, typer.Option(help="What for: a purpose of the agreement.")],
    case: Annotated[
        str, typer.Option(help="The case it serves. The partner gets a hash of it, an auditor may see it.")
    ],
    url: Annotated[str, typer.Option(help="The address of the partner's holder; the partner's own if left out.")] = "",
    out: Annotated[Path | None, typer.Option(help="Where the leads go, as JSON lines; stdout if left out.")] = None,
) -> None:
    """Ask a partner's holder about persons; one JSON line for each lead. Nothing follows from a lead by itself; the
    console keeps it for two officers to look at.

    The exit code is 1 where some rows were not asked about; they are told. What was found before a failure is written.
    """
    check_file("--out", out)
    _needs_group()
    from baham.platform.boot import boot

    boot()
    from baham.formats import BadInput
    from baham.measures.sharing.overlap import asking, leads
    from baham.platform.release.terminal import partner_named
    from baham.platform.screening.queries import BadRow, open_queries, read_queries

    found = partner_named(partner)
    try:
        with open_queries(Path(file)) as source:
            rows = list(read_queries(source, file))
    except BadInput as error:
        refuse(error)
    bad = [row for row in rows if isinstance(row, BadRow)]
    outcome, problem, subjects, actor = asking.Outcome(), "", asking.subjects_of(rows), _actor(purpose, case)
    try:
        for outcome in asking.ask(actor, found, url or found.url, subjects):
            leads.keep(actor, found, outcome, subjects)
            note(f"baham: {outcome.places:,} places asked about, {len(outcome.leads):,} leads")
    except asking.CannotAsk as error:
        problem = str(error)
    lines = (
        "".join(json.dumps(asking.lead_as_json(one, partner), ensure_ascii=False) + "\n" for one in outcome.leads)
        if outcome.both is None
        else json.dumps({"both": outcome.both, "asked": outcome.asked, "partner": partner}) + "\n"
    )
    if out:
        out.write_text(lines, encoding="utf-8")
    else:
        typer.echo(lines, nl=False)
    if problem:
        refuse(problem)
    _tell_what_was_not_asked(outcome, bad)


def _tell_what_was_not_asked(outcome: Any, bad: list[Any]) -> None:
    if bad:
        note(f"baham: {bad[0]} ({len(bad)} rows could not be read)")
    if outcome.without_key:
        note(f"baham: no compound key, so not asked about: {_some(outcome.without_key)}")
    if outcome.beyond_quota:
        note(f"baham: beyond the quota, so not all asked about: {_some(outcome.beyond_quota)}")
    if outcome.left_out:
        note(f"baham: {outcome.left_out} rows were left out by policy (docs/overlap.md)")
    if bad or outcome.without_key or outcome.beyond_quota or outcome.left_out:
        raise typer.Exit(1)


@app.command("log")
def show_log() -> None:
    """What partners asked of our holder: when, who, how many places, what for, and what they committed to."""
    from baham.measures.sharing.overlap.book import Book
    from baham.measures.sharing.overlap.folder import folder

    path = folder() / "holder.sqlite3"
    if not path.exists():
        refuse("there is no holder here yet; see: baham overlap serve")
    for row in Book(path).requests():
        state = "answered" if row["answered"] else "not answered"
        both = "" if row["both"] is None else f"\tboth hold {row['both']}"
        typer.echo(
            f"{row['at']}\t{row['partner']}\t{row['places']} places\t{row['purpose']}\t{bytes(row['commitment']).hex()}"
            f"\t{bytes(row['digest']).hex()}\t{state}{both}"
        )


@app.command()
def stop(
    partner: Annotated[str, typer.Argument(help="The partner that may ask no more.")],
) -> None:
    """End a partner's epochs in our holder now, and destroy their keys. `prepare` begins another."""
    from baham.platform.boot import boot

    boot()
    from baham.measures.sharing.overlap import stopping
    from baham.measures.sharing.overlap.prepared import BadTerms

    try:
        ended = stopping.stop(partner)
    except (BadTerms, OSError) as error:
        refuse(error)
    typer.echo(f"{partner}: {ended} epochs ended, their keys are destroyed")


@app.command("open")
def open_one(
    commitment: Annotated[str, typer.Argument(help="The commitment of the request, or its first 16 digits.")],
    place: Annotated[int, typer.Option(min=0, help="Which place of it, from 0.")],
) -> None:
    """Open one place of a request that we sent, for an auditor, as JSON on stdout. It names what was asked about."""
    from baham.platform.boot import boot

    boot()
    from baham.measures.sharing.overlap import audits
    from baham.measures.sharing.overlap.folder import folder
    from baham.platform.audit.models import Event
    from baham.platform.audit.services import Actor, record

    try:
        opened = audits.opening(folder(), commitment, place)
    except audits.BadOpening as error:
        refuse(error)
    record(
        Actor(actor_name()),
        Event.DISCLOSURE,
        "opened a place",
        f"overlap:{commitment[:16]}",
        place=place,
        recipient="an auditor",
    )
    typer.echo(json.dumps(opened))


@app.command()
def examine(
    file: Annotated[Path, typer.Argument(help="An opening, as `baham overlap open` writes it.")],
) -> None:
    """For an auditor: whether an opened place is what was committed to and sent. Exit code 1 where it is not."""
    _needs_group()
    from baham.measures.sharing.overlap import audits

    try:
        found = audits.examine(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        refuse(f"{file}: {error}")
    typer.echo(
        f"{'holds' if found.checked.good else 'DOES NOT HOLD'}: place {found.index} of the request "
        f"{found.request}: {found.key or '(padding)'}: {found.checked.reason}"
    )
    raise typer.Exit(0 if found.checked.good else 1)


def _actor(purpose: str, case: str) -> Any:
    from baham.platform.accounts.purposes import BY_CODE, Purpose
    from baham.platform.audit.services import Actor

    if purpose not in BY_CODE:
        refuse(f"--purpose {purpose!r}: one of {', '.join(BY_CODE)}")
    return Actor(actor_name(), Purpose(purpose, case[:120]))


def _needs_group() -> None:
    from baham.engines.overlap import group

    try:
        group.random_scalars(1)
    except group.Missing as error:
        refuse(error)


def _some(ids: list[str]) -> str:
    return ", ".join(ids[:5]) + (f" and {len(ids) - 5:,} more" if len(ids) > 5 else "")
