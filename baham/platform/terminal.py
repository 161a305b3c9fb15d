"""How commands speak: results on stdout, everything else on stderr, an error in one clear line."""

import getpass
import sys
from typing import NoReturn

import typer


def refuse(problem: object, code: int = 2) -> NoReturn:
    """End with exit code 2 (1 where the input was good and a check failed) and one line that says what to mend."""
    typer.echo("baham: " + " ".join(str(problem).split()), err=True)
    raise typer.Exit(code)


def note(line: str) -> None:
    """A line for whoever watches; not part of the result."""
    typer.echo(line, err=True)


class Progress:
    """A line that counts up on a terminal, and nothing where nobody watches."""

    def __init__(self, what: str) -> None:
        self.what, self.shown = what, sys.stderr.isatty()

    def __call__(self, done: int, total: int | None = None) -> None:
        if self.shown:
            of = f" of about {total:,}" if total else ""
            typer.echo(f"\r{self.what}: {done:,}{of}  ", err=True, nl=False)

    def end(self) -> None:
        if self.shown:
            typer.echo("\r\x1b[K", err=True, nl=False)


def actor_name() -> str:
    """Who works at this terminal, as the log names them."""
    return f"terminal:{getpass.getuser()}"


def check_port(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on."""
    import errno
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                refuse(f"port {port} on {host} is taken; choose another with --port")
            refuse(f"--host {host}, --port {port}: {(error.strerror or str(error)).lower()}")
