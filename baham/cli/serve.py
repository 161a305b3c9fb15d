"""`baham serve`: the console, the interfaces, and the worker that does long jobs."""

from typing import Annotated

import typer

from baham.platform.boot import boot
from baham.platform.terminal import check_port, note

app = typer.Typer(rich_markup_mode=None)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on. Behind a proxy leave it as it is.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 1,
) -> None:
    """Serve the console until Ctrl-C."""
    check_port(host, port)
    boot()
    run(host, port, workers)


def run(host: str, port: int, workers: int) -> None:
    """Serve until told to stop; the worker ends with it."""
    from granian import Granian
    from granian.constants import Interfaces

    from baham.platform.audit import anchor
    from baham.platform.jobs.worker import Kept

    check_port(host, port)
    anchor.check_now()
    worker = Kept()
    note(f"Baham is at http://{host}:{port}/ (Ctrl-C ends it)")
    try:
        Granian(
            "baham.platform.asgi:application",
            address=host,
            port=port,
            workers=workers,
            interface=Interfaces.ASGINL,
            websockets=False,
            log_enabled=False,
        ).serve()
    finally:
        worker.end()
