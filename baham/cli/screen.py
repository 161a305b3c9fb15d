"""`baham screen`: a file of names against the lists in force."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

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
    engine: Annotated[str, typer.Option(help="Where it runs: local, or spark (docs/spark.md).")] = "local",
    case: Annotated[str, typer.Option(help="The case or order it serves, for the log.")] = "",
) -> None:
    """Screen names; one JSON line a name, in the order of the file. A name alone is never more than `possible`."""
    if engine not in ("local", "spark"):
        refuse(f"--engine {engine!r}: only local and spark are there")
    boot()
    from baham.formats import BadInput
    from baham.platform.accounts.purposes import Purpose
    from baham.platform.audit.services import Actor
    from baham.platform.screening import index, services, spark
    from baham.platform.screening.queries import open_queries, read_queries
    from baham.platform.screening.work import screened

    actor = Actor(actor_name(), Purpose("screening", case[:120]))
    progress = Progress("Screening, names")
    names = hits = 0
    temporary = out.with_name(out.name + ".part") if out else None
    try:
        if engine == "spark":
            spark.check()
        if index.is_stale():
            index.build(Progress("Bringing the name index up to the ledger, entities"))
        with ExitStack() as files:
            source = sys.stdin if file == "-" else files.enter_context(open_queries(Path(file)))
            target = files.enter_context(temporary.open("w", encoding="utf-8")) if temporary else sys.stdout
            elsewhere: dict[str, Any] = {}
            if engine == "spark":
                running = files.enter_context(spark.cluster())
                elsewhere = {"size": running.batch, "find": running.find}
            for line, found in screened(read_queries(source, file), limit, dataset or (), threshold, **elsewhere):
                target.write(line)
                names, hits = names + 1, hits + len(found)
                progress(names)
        if out and temporary:
            temporary.replace(out)
    except (BadInput, services.NoIndex, spark.CannotRun) as error:
        problem: object = error
    except KeyError as error:
        problem = f"--dataset {error.args[0]!r}: there is no such list; see: baham sources list"
    except OSError as error:
        problem = f"{error.filename or out}: {(error.strerror or str(error)).lower()}"
    else:
        problem = ""
    finally:
        progress.end()
        if names:
            services.log_screening(actor, "screening:file", file, names=names, hits=hits)
    if problem:
        if temporary:
            temporary.unlink(missing_ok=True)
        refuse(problem)
