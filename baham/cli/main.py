"""`baham`: the root of the command line. Each group is imported when it is used, so that `baham --help` stays quick."""

import errno
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from baham.platform.environment import BadSetting
from baham.platform.measure import Measure, installed, switched_on

COMMANDS = {
    "demo": "A fictional world to look around in, then the console on 127.0.0.1.",
    "serve": "The console and its worker.",
    "sources": "Lists: load a file, fetch from the publisher, see what is in force.",
    "screen": "Screen a file of names against the lists in force.",
    "screening": "What screening does to whom: false alarms by group.",
    "people": "Accounts and roles.",
    "clients": "Programs that may ask, and their keys.",
    "partners": "Parties that receive from us and give to us.",
    "export": "Files in the field's formats, of what may leave.",
    "recall": "Take statements back, and see who has done so.",
    "erase": "Have records erased, everywhere.",
    "restrict": "A record that is not to be used for now.",
    "access": "Persons who ask what is held about them, and their answers.",
    "audit": "Examine the audit log.",
    "backup": "A whole copy of an installation, made while people work.",
    "restore": "An installation from its backup.",
    "safeguards": "The register of safeguards: each with its test, pass or fail.",
}


def _refused(error: BaseException) -> str | None:
    """What to say where disk, database or a setting refuses; None for a fault of ours, which keeps its traceback."""
    from baham.platform.boot import CannotStart

    if isinstance(error, BadSetting | CannotStart):
        return str(error)
    at: BaseException | None = error
    while at is not None:
        kind = type(at)
        if kind.__name__ in ("OperationalError", "DatabaseError") and not kind.__module__.startswith("baham"):
            return f"the database cannot be used now: {at}"
        if isinstance(at, OSError) and at.errno in _OF_THE_DISK:
            return f"{at.filename or 'a file'}: {(at.strerror or str(at)).lower()}"
        at = at.__cause__
    return None


_OF_THE_DISK = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ENOTDIR)


class _Lazy(TyperGroup):
    """A group that knows its commands by name and one line, and imports the one that is run."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            from baham.platform.terminal import refuse

            said = _refused(error)
            if said is None:
                raise
            refuse(said)

    def list_commands(self, ctx: Any) -> list[str]:
        return list(commands())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in COMMANDS:
            command = get_command(import_module(f"baham.cli.{cmd_name}").app)
        elif found := next((one for one in installed() if cmd_name in one.commands), None):
            _check_on(found)
            command = get_command(import_module(found.module(found.commands[cmd_name][0])).app)
        else:
            return None
        command.name = cmd_name
        for one in switched_on():
            _extend(command, cmd_name, one)
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(commands().items()))


def commands() -> dict[str, str]:
    """The groups of the platform and of the measures that are on, each with one line."""
    added = {name: line for one in switched_on() for name, (_module, line) in one.commands.items() if " " not in name}
    return {**COMMANDS, **added}


def _check_on(measure: Measure) -> None:
    if measure not in switched_on():
        raise BadSetting(f"the measure {measure.name} is switched off in this installation (BAHAM_MEASURES)")


def _extend(group: Any, name: str, measure: Measure) -> None:
    """Add what a measure adds to a group of the platform (`partners sync`)."""
    for added, (module, _line) in measure.commands.items():
        of, _, word = added.partition(" ")
        if word and of == name:
            made: Any = get_command(import_module(measure.module(module)).app)
            group.commands[word] = made.commands[word]


app = typer.Typer(
    cls=_Lazy, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
)


def _say_version(asked: bool) -> None:
    if asked:
        import baham

        typer.echo(baham.__version__)
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(
        False, "--version", help="Print the version and stop.", callback=_say_version, is_eager=True
    ),
) -> None:
    """Agencies, banks, platforms and civil society, acting together against terrorism with everyone's rights protected.

    Data lives under BAHAM_HOME. Exit codes: 0 done, 1 a check failed, 2 bad usage or bad input.
    """


if __name__ == "__main__":
    app()
