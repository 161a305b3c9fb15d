"""What this room does as jobs: building the name index, screening a file."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings

from baham.formats import BadInput
from baham.platform.audit.services import Actor
from baham.platform.jobs.running import Handle, JobError, Stopped
from baham.platform.screening import index, services
from baham.platform.screening.queries import Asked, open_queries, read_queries

BATCH = 500


def results_folder() -> Path:
    """Where the results of screened files lie until they are fetched."""
    path = Path(settings.HOME) / "results"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def build_index(handle: Handle, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """Bring the name index up to the ledger."""
    return {"generation": index.build(handle.report)}


def screen_file(handle: Handle, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """Screen an uploaded file of names into a file of JSON lines. What was done before a stop is kept."""
    source = Path(given["path"])
    target = results_folder() / f"{handle.job.pk}.jsonl"
    counts = {"names": 0, "with_hits": 0, "hits": 0, "probable": 0}
    handle.job.result = counts
    try:
        with open_queries(source) as file:
            total = sum(1 for _ in read_queries(file, handle.job.title))
        with open_queries(source) as file, target.open("w", encoding="utf-8") as out:
            for line, found in screened(
                read_queries(file, handle.job.title), given["limit"], given.get("datasets", ())
            ):
                out.write(line)
                counts["names"] += 1
                counts["hits"] += len(found)
                counts["with_hits"] += bool(found)
                counts["probable"] += any(one.hit.verdict == "probable" for one in found)
                handle.report(counts["names"], total)
    except Stopped:
        raise
    except BadInput as error:
        raise JobError(str(error)) from error
    except services.NoIndex as error:
        raise JobError(str(error)) from error
    finally:
        source.unlink(missing_ok=True)
        services.log_screening(
            actor, f"job:{handle.job.pk}", handle.job.title, names=counts["names"], hits=counts["hits"]
        )
    handle.job.total = counts["names"]
    return counts


def screened(
    asked: Iterable[Asked], limit: int, datasets: Iterable[str] = (), threshold: float | None = None, *,
    size: int = BATCH, find: services.Find | None = None,
) -> Iterator[tuple[str, list[services.Found]]]:  # fmt: skip
    """The results of many queries, in their order: (the JSON line with its line end, the hits).

    `size` names are asked at a time; `find` answers them from the index (see `services.screen`).
    """
    stream = iter(asked)
    elsewhere = {"find": find} if find else {}
    while batch := list(islice(stream, size)):
        results = services.screen(
            [one.query for one in batch], limit=limit, threshold=threshold, datasets=tuple(datasets), **elsewhere
        )
        for one, found in zip(batch, results, strict=True):
            row = {"id": one.id, "name": one.query.name, "hits": [hit.as_json() for hit in found]}
            yield json.dumps(row, ensure_ascii=False) + "\n", found
