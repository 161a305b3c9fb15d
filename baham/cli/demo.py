"""`baham demo`: a fictional world to look around in."""

import os
import sys
from typing import Annotated

import typer

from baham.platform.terminal import note, refuse

app = typer.Typer(rich_markup_mode=None)


@app.command()
def demo(
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it, or only prepare it.")] = True,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
) -> None:
    """Prepare the demonstration world in BAHAM_HOME, print who can sign in, and serve it on 127.0.0.1."""
    from baham.cli.serve import run
    from baham.demo import prepare
    from baham.platform import environment
    from baham.platform.terminal import check_port

    if serve:
        check_port("127.0.0.1", port)  # the world takes a while to prepare
    home = environment.home()
    os.environ["BAHAM_DEMO"] = "1"  # for this process and those it starts, before settings are read
    try:
        prepare.check(home)
    except prepare.NotOurs as problem:
        refuse(problem)
    from baham.demo.staff import CLERKS

    for clerk in CLERKS:
        typer.echo(f"{clerk.username}: {clerk.password}")
    from baham.demo.staff import SECRETS

    for name, secret in SECRETS.items():
        typer.echo(f"partner {name} signs in with {secret}")
    sys.stdout.flush()  # a pipe shows them now, not after the preparation
    try:
        if not prepare.is_whole(home):
            prepare.prepare(home, note)
    except prepare.NotOurs as problem:
        refuse(problem)
    if serve:
        from baham.platform.boot import boot

        boot()
        run("127.0.0.1", port, 1)
