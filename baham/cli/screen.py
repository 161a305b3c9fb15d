"""`baham screen`: a file of names against the lists in force."""

import json
import sys
from contextlib import ExitStack
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from baham.platform.boot import boot
from baham.platform.outputs import check_file, check_readable
from baham.platform.terminal import Progress, actor_name, note, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from baham.platform.screening.queries import Asked, BadRow

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
    jobs: Annotated[
        int | None,
        typer.Option(min=1, max=256, help="Processes; if left out, one a core where the file is long, else one."),
    ] = None,
    case: Annotated[str, typer.Option(help="The case or order it serves, for the log.")] = "",
    errors: Annotated[
        Path | None, typer.Option(help="Where rows go that cannot be read; beside --out if left out.")
    ] = None,
    organisation: Annotated[
        str, typer.Option(help="Who asks; pairs cleared for this organisation alone stay silent.")
    ] = "",
) -> None:
    """Screen names; one JSON line a name, in the order of the file. A name alone is never more than `possible`.

    Rows that cannot be read are told as JSON lines of id, line, field and error, and the exit code is 1; the others are
    screened. It is 2, and nothing is written, where the file itself or every row of it cannot be read.
    """
    if engine not in ("local", "spark"):
        refuse(f"--engine {engine!r}: only local and spark are there")
    if engine == "spark" and jobs:
        refuse("--jobs is for --engine local; Spark knows its own cores")
    beside = errors or (out.with_name(f"{out.name}.errors.jsonl") if out else None)
    check_readable("", None if file == "-" else Path(file))
    check_file("--out", out)
    check_file("--errors", beside)
    boot()
    from baham.engines.names import IndexDamaged
    from baham.formats import BadInput
    from baham.platform import environment
    from baham.platform.accounts.purposes import Purpose
    from baham.platform.audit.services import Actor
    from baham.platform.screening import index, processes, services, spark
    from baham.platform.screening.queries import open_queries, read_queries
    from baham.platform.screening.snapshot import CannotRun
    from baham.platform.screening.work import screened

    actor = Actor(actor_name(), Purpose("screening", case[:120]))
    progress = Progress("Screening, names")
    names = hits = 0
    bad: list[BadRow] = []
    temporary = out.with_name(out.name + ".part") if out else None
    try:
        if engine == "spark":
            spark.check()
        services.check_lists(dataset or ())
        for past in services.lapsed_lists():
            note(f"baham: {past.name} is past its review date ({past.review_by}) and not screened against")
        if index.is_stale():
            index.build(Progress("Bringing the name index up to the ledger, entities"))
        with ExitStack() as files:
            if file == "-" and isinstance(sys.stdin, TextIOWrapper):
                sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
            source = sys.stdin if file == "-" else files.enter_context(open_queries(Path(file)))
            target = files.enter_context(temporary.open("w", encoding="utf-8")) if temporary else sys.stdout
            rows: Iterator[Asked | BadRow] = read_queries(source, file)
            elsewhere: dict[str, Any] = {}
            if engine == "spark":
                cluster = files.enter_context(spark.cluster())
                elsewhere = {"size": cluster.batch, "find": cluster.find}
            elif jobs is None and (cores := environment.cores()) > 1:
                is_long, rows = processes.is_long(rows)
                jobs = cores if is_long else 1
            if jobs and jobs > 1:
                workers = files.enter_context(processes.workers(jobs))
                elsewhere = {"find": workers.find, "ahead": workers.ahead}
            for line, found in screened(
                rows, limit, dataset or (), threshold, organisation=organisation, bad=bad.append, **elsewhere
            ):
                target.write(line)
                names, hits = names + 1, hits + len(found)
                progress(names)
        if bad and not names:
            raise BadInput(Path(file), bad[0].error, line=bad[0].line, field=bad[0].field or None)
        if out and temporary:
            temporary.replace(out)
        _write_errors(bad, beside)
    except (BadInput, services.NoIndex, CannotRun) as error:
        problem: object = error
    except IndexDamaged as error:
        problem = f"{error}. Remove the folder {index.folder()}; it is made anew from the ledger"
    except KeyError as error:
        problem = f"--dataset {error.args[0]!r}: there is no such list; see: baham sources list"
    except OSError as error:
        problem = f"{error.filename or out}: {(error.strerror or str(error)).lower()}"
    else:
        problem = ""
    finally:
        progress.end()
        if temporary:
            temporary.unlink(missing_ok=True)  # also after Ctrl-C
        if names:
            services.log_screening(actor, "screening:file", file, names=names, hits=hits, errors=len(bad))
    if problem:
        refuse(problem)
    if bad:
        where = f"; all of them in {beside}" if beside else "; --errors FILE keeps all of them"
        note(f"baham: {file}, {bad[0]} ({len(bad)} of {names + len(bad)} rows were not screened{where})")
        raise typer.Exit(1)


def _write_errors(bad: "list[BadRow]", path: Path | None) -> None:
    """The rows that could not be read, as JSON lines. Without any, what an earlier run left there is removed."""
    if path is None:
        return
    path.unlink(missing_ok=True)
    if bad:
        lines = (json.dumps(row.as_json(), ensure_ascii=False) + "\n" for row in bad)
        path.write_text("".join(lines), encoding="utf-8")
