"""`baham access`: persons who ask what is held about them. Deciding is done in the console, by people with a role."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baham.platform.boot import boot
from baham.platform.outputs import check_file
from baham.platform.terminal import actor_name, note, refuse

if TYPE_CHECKING:
    from baham.platform.audit.services import Actor
    from baham.platform.rights.models import Request

app = typer.Typer(
    help="Persons who ask what is held about them, and their answers.", no_args_is_help=True, rich_markup_mode=None
)
Name = Annotated[str, typer.Option("--name", help="The person's name, as they give it.")]
Born = Annotated[str, typer.Option("--birth-date", help="Their birth date, 1984-03-02 or 1984.")]
Father = Annotated[str, typer.Option("--father-name", help="Their father's name.")]
Number = Annotated[str, typer.Option("--id-number", help="The number of an identity paper.")]


@app.command()
def ask(
    verified: Annotated[str, typer.Option(help="How their identity was established, in a few words.")],
    entities: Annotated[
        list[str] | None, typer.Argument(help="Records that are theirs: numbers, or LIST/KEY. May be left out.")
    ] = None,
    name: Name = "",
    birth_date: Born = "",
    father_name: Father = "",
    id_number: Number = "",
    received: Annotated[str, typer.Option(help="The day it arrived, 2026-11-02; today if left out.")] = "",
    reference: Annotated[str, typer.Option(help="Your office's own reference. No address is kept here.")] = "",
    language: Annotated[str, typer.Option(help="The language of their answer: en, ur or ps.")] = "en",
) -> None:
    """Write down that somebody asks what is held about them, and put it before those who decide."""
    boot()
    from baham.platform.rights import requests
    from baham.platform.rights.access import NotHeld

    asked = {"name": name, "birth_date": birth_date, "father_name": father_name, "id_number": id_number}
    try:
        day = date.fromisoformat(received) if received else None
    except ValueError:
        refuse(f"--received {received}: not a day; write it as 2026-11-02")
    try:
        made = requests.ask(
            _actor(),
            entities=entities or [],
            asked=asked,
            verified=verified,
            received_on=day,
            reference=reference,
            language=language,
        )
    except (NotHeld, requests.CannotAnswer) as error:
        refuse(error)
    typer.echo(f"{made.pk}\t{made.number}\tdue {made.due_on}\t{made.entities.count()} records")
    note("People decide it in the console, under Rights; then: baham access report --request " + str(made.pk))


@app.command()
def report(
    to: Annotated[Path, typer.Option(help="The file to write; - writes to stdout.")],
    entities: Annotated[list[str] | None, typer.Argument(help="Records: numbers, or LIST/KEY.")] = None,
    request: Annotated[int, typer.Option(help="The number of the request that is answered.")] = 0,
    language: Annotated[str, typer.Option(help="ur, ps or en.")] = "en",
    form: Annotated[str, typer.Option("--format", help="html, txt or json.")] = "html",
    name: Name = "",
    birth_date: Born = "",
    father_name: Father = "",
    id_number: Number = "",
) -> None:
    """Everything that is held on a person, with what must be withheld marked, as one document.

    With --request it is the answer that people signed, and giving it out is logged as a disclosure. Without, it is a
    draft by the rule alone, says so on its face, and is for officers.
    """
    boot()
    from baham.platform.rights import requests
    from baham.platform.rights.access import NotHeld

    if language not in ("en", "ur", "ps") or form not in ("html", "txt", "json"):
        refuse("--language is en, ur or ps, and --format html, txt or json")
    check_file("--to", to)  # before the log says that it was given out
    asked = {"name": name, "birth_date": birth_date, "father_name": father_name, "id_number": id_number}
    try:
        if request:
            text = requests.give_out(_named(request, entities or []), _actor(request), language, form)
        else:
            text = requests.draft(_actor(), entities or [], asked, language, form)
            note("A draft: nobody has decided on it. To answer a person: baham access ask, then report --request.")
    except (NotHeld, requests.CannotAnswer) as error:
        refuse(error)
    if str(to) == "-":
        typer.echo(text, nl=False)
        return
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        refuse(f"--to {to}: {(error.strerror or str(error)).lower()}")


@app.command("list")
def list_requests() -> None:
    """Every request: when it is due, or what was answered. No name is printed."""
    boot()
    from baham.platform.rights.models import Request

    for one in Request.objects.order_by("pk"):
        late = " (overdue)" if one.is_overdue else ""
        state = f"answered {one.answered_at:%Y-%m-%d}: {one.answer}" if one.answered_at else f"due {one.due_on}{late}"
        typer.echo(f"{one.pk}\t{one.number}\treceived {one.received_on}\t{state}")


@app.command()
def appeal(request: Annotated[int, typer.Argument(help="The number of the request, as the letter names it.")]) -> None:
    """Bring an answer before oversight, at the wish of the person who received it."""
    boot()
    from baham.platform.rights import oversight
    from baham.platform.rights.access import NotHeld
    from baham.platform.rights.requests import CannotAnswer

    try:
        made = oversight.bring(_named(request, []), _actor(request))
    except (CannotAnswer, NotHeld) as error:
        refuse(error)
    typer.echo(f"{made}\tdue {made.due_on}")


def _actor(request: int = 0) -> "Actor":
    from baham.platform.accounts.purposes import Purpose
    from baham.platform.audit.services import Actor

    return Actor(actor_name(), Purpose("redress", f"A-{request:06}" if request else ""))


def _named(number: int, entities: list[str]) -> "Request":
    """The request of a number. Refuses where there is none, or where it is about other records than are named."""
    from baham.platform.rights.access import concerned
    from baham.platform.rights.models import Request

    one = Request.objects.filter(pk=number).first()
    if one is None:
        refuse(f"there is no request {number}; see: baham access list")
    named = set(concerned(entities).pks) if entities else set()
    if named - set(one.entities.values_list("pk", flat=True)):
        refuse(f"request {number} is not about these records")
    return one
