"""What this room does as jobs: building the name index, screening a file."""

import csv
import json
import logging
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings

from baham.formats import BadInput
from baham.kernel.text import for_spreadsheet
from baham.platform.accounts.models import User
from baham.platform.audit.services import Actor
from baham.platform.jobs.running import Handle, JobError, Stopped
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.screening import index, processes, services
from baham.platform.screening.queries import Asked, BadRow, open_queries, read_queries
from baham.platform.screening.snapshot import CannotRun

log = logging.getLogger(__name__)
BATCH = 500
_Answers = Callable[[], list[list[services.Found]]]


def results_folder() -> Path:
    """Where the results of screened files lie until they are fetched."""
    path = Path(settings.HOME) / "results"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def build_index(handle: Handle, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """Bring the name index up to the ledger."""
    try:
        return {"generation": index.build(handle.report)}
    except (Stopped, JobError):
        raise
    except Exception as error:
        log.error("job %s: %s", handle.job.pk, traceback.format_exc())
        raise JobError(f"Not indexed: {error}") from error


def results_of(job: Any) -> tuple[Path, Path]:
    """Where the results of a screened file lie, and the rows of it that could not be read."""
    return results_folder() / f"{job.pk}.jsonl", results_folder() / f"{job.pk}.errors.jsonl"


def screen_file(handle: Handle, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """Screen an uploaded file of names into a file of JSON lines, and what could not be read into another.

    What was done before a stop is kept. A file of which no row can be read is refused.
    """
    source, title = Path(given["path"]), handle.job.title
    target, told = results_of(handle.job)
    counts = {"names": 0, "with_hits": 0, "hits": 0, "probable": 0, "errors": 0}
    handle.job.result = counts
    first: list[BadRow] = []
    try:
        with open_queries(source) as file:
            total = sum(1 for _ in read_queries(file, title))
        with (
            open_queries(source) as file,
            target.open("w", encoding="utf-8") as out,
            told.open("w", encoding="utf-8") as bad,
            ExitStack() as several,
        ):

            def note(row: BadRow) -> None:
                if not first:
                    first.append(row)
                bad.write(json.dumps(row.as_json(), ensure_ascii=False) + "\n")
                counts["errors"] += 1

            elsewhere: dict[str, Any] = {}
            if settings.SCREEN_JOBS > 1 and total >= processes.WORTH:
                running = several.enter_context(processes.workers(settings.SCREEN_JOBS))
                elsewhere = {"find": running.find, "ahead": running.ahead}
            for line, found in screened(
                read_queries(file, title),
                given["limit"],
                given.get("datasets", ()),
                bad=note,
                **_asking(actor),
                **elsewhere,
            ):
                out.write(line)
                counts["names"] += 1
                counts["hits"] += len(found)
                counts["with_hits"] += bool(found)
                counts["probable"] += any(one.hit.verdict == "probable" for one in found)
                handle.report(counts["names"] + counts["errors"], total)
        if first and not counts["names"]:
            raise JobError(f"{title}, {first[0]} (and no other row can be read)")
    except Stopped:
        raise
    except (BadInput, services.NoIndex, CannotRun) as error:
        raise JobError(str(error)) from error
    finally:
        source.unlink(missing_ok=True)
        services.log_screening(
            actor, f"job:{handle.job.pk}", title, names=counts["names"], hits=counts["hits"], errors=counts["errors"]
        )
    handle.job.total = counts["names"] + counts["errors"]
    return counts


def _asking(actor: Actor) -> dict[str, Any]:
    """For whom a file is screened: the organisation, for clearings that count for one office alone, and the reader."""
    user = User.objects.filter(username=actor.name).select_related("organisation").get()
    place = user.organisation.name if user.organisation is not None else ""
    return {"organisation": place, "reader": NeedToKnow(user, actor.purpose.code if actor.purpose else "")}


def screened(
    asked: Iterable[Asked | BadRow],
    limit: int,
    datasets: Iterable[str] = (),
    threshold: float | None = None,
    *,
    organisation: str = "",
    bad: Callable[[BadRow], None] = lambda row: None,
    size: int = BATCH,
    find: services.Find | None = None,
    ahead: int = 0,
    reader: NeedToKnow | None = None,
) -> Iterator[tuple[str, list[services.Found]]]:
    """The results of many queries, in their order: (the JSON line with its line end, the hits).

    Rows that could not be read go to `bad`, in their order, before the results of the batch they stand in.
    `size` names are asked at a time, and up to `ahead` further batches before the first is answered; `find` answers
    them from the index (see `services.screen`). All are held against the index that is in use at the first.
    """
    elsewhere: dict[str, Any] = {"find": find} if find else {}
    run: services.Run | None = None
    begun: deque[Iterator[tuple[str, list[services.Found]]]] = deque()
    stream = iter(asked)
    while taken := list(islice(stream, size)):
        readable = [row for row in taken if isinstance(row, Asked)]
        finish: _Answers = list
        if readable:
            run = run or services.Run(limit, threshold, tuple(datasets), organisation, reader=reader, **elsewhere)
            finish = run.begin([row.query for row in readable])
        begun.append(_lines(taken, readable, finish, bad))
        if len(begun) > ahead:
            yield from begun.popleft()
    for lines in begun:
        yield from lines


def _lines(
    taken: list[Asked | BadRow], readable: list[Asked], finish: _Answers, bad: Callable[[BadRow], None]
) -> Iterator[tuple[str, list[services.Found]]]:
    for row in taken:
        if isinstance(row, BadRow):
            bad(row)
    for row, found in zip(readable, finish(), strict=True):
        result = {"id": row.id, "name": row.query.name, "hits": [hit.as_json() for hit in found]}
        yield json.dumps(result, ensure_ascii=False) + "\n", found


_COLUMNS = (
    "id",
    "name",
    "hits",
    "entity",
    "caption",
    "dataset",
    "schema",
    "score",
    "verdict",
    "against",
    "for",
    "withheld",
)


def as_csv(results: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Rows of results as CSV lines: one row a hit, and one for each name without a hit.

    Texts are disarmed for spreadsheets; `against` and `for` count the pieces of evidence.
    """
    line = _Line()
    writer = csv.writer(line, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    yield "\ufeff" + line.taken()  # so that spreadsheets read it as UTF-8
    for row in results:
        name = [for_spreadsheet(row["id"]), for_spreadsheet(row["name"]), len(row["hits"])]
        for hit in row["hits"] or [{}]:
            said = [evidence["direction"] for evidence in hit.get("evidence", ())]
            told = [for_spreadsheet(str(hit.get(column, ""))) for column in _COLUMNS[3:9]]
            counts = [said.count("against"), said.count("for")] if hit else ["", ""]
            writer.writerow([*name, *told, *counts, for_spreadsheet(row.get("withheld", ""))])
        yield line.taken()


class _Line:
    """What csv writes to: keeps the text until it is taken."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, text: str) -> int:
        self.parts.append(text)
        return len(text)

    def taken(self) -> str:
        text, self.parts = "".join(self.parts), []
        return text
