"""`baham screen`: a file of names against the lists in force."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from baham.cli.say import Progress, actor_name, refuse
from baham.platform.boot import boot

app = typer.Typer(rich_markup_mode=None)


@app.command()
def screen(
    file: Annotated[str, typer.Argument(help="CSV or JSON lines with id,name and what else is known; - for stdin.")],
    out: Annotated[Path | None, typer.Option(help="Where the JSON lines go; stdout if left out.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Hits a name, at most.")] = 5,
    threshold: Annotated[float | None, typer.Option(min=0, max=1, help="Least score of a hit.")] = None,
    dataset: Annotated[
        list[str] | None, typer.Option("--dataset", "-d", help="Only this list; may be repeated.")
    ] = None,
    engine: Annotated[str, typer.Option(help="Where it runs: local.")] = "local",
    case: Annotated[str, typer.Option(help="The case or order it serves, for the log.")] = "",
) -> None:
    """Screen names; one JSON line a name, in the order of the file. A name alone is never more than `possible`."""
    if engine != "local":
        refuse(f"--engine {engine!r}: only local is there")
    boot()
    from baham.formats import BadInput
    from baham.platform.accounts.purposes import Purpose
    from baham.platform.audit.services import Actor
    from baham.platform.screening import index, services
    from baham.platform.screening.queries import open_queries, read_queries
    from baham.platform.screening.work import screened

    actor = Actor(actor_name(), Purpose("screening", case[:120]))
    progress = Progress("Screening, names")
    names = hits = 0
    temporary = out.with_name(out.name + ".part") if out else None
    try:
        if index.is_stale():
            index.build(Progress("Bringing the name index up to the ledger, entities"))
        source = sys.stdin if file == "-" else open_queries(Path(file))
        target = temporary.open("w", encoding="utf-8") if temporary else sys.stdout
        for line, found in screened(read_queries(source, file), limit, dataset or (), threshold):
            target.write(line)
            names, hits = names + 1, hits + len(found)
            progress(names)
        if temporary:
            target.close()
            temporary.replace(out)
    except BadInput as error:
        _drop(temporary)
        refuse(error)
    except KeyError as error:
        _drop(temporary)
        refuse(f"--dataset {error.args[0]!r}: there is no such list; see: baham sources list")
    except services.NoIndex as error:
        _drop(temporary)
        refuse(error)
    except OSError as error:
        _drop(temporary)
        refuse(f"{error.filename or out}: {(error.strerror or str(error)).lower()}")
    finally:
        progress.end()
        if names:
            services.log_screening(actor, "screening:file", file, names=names, hits=hits)


def _drop(path: Path | None) -> None:
    if path:
        path.unlink(missing_ok=True)
