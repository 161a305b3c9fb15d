"""nomenklatura, driven over JSON lines. Run by the interpreter of its own environment (`make peers`), never imported.

Each line of stdin is a task, each line of stdout its answer:
{"index": [[id, schema, names, weak names], ...]} -> {"seconds"}
{"screen": [name, ...], "limit": 5}               -> {"found": [[[id, score], ...], ...], "seconds", "blocker_seconds"}
{"pairs": [[name, name, schema], ...]}            -> {"scores": [...], "seconds"}

As a user of the library has it: the DuckDB blocker (75 candidates) over a store in memory, then logic-v2 on each
candidate; logic-v2 with its default configuration on pairs.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

os.environ.setdefault("NOMENKLATURA_DUCKDB_THREADS", "1")
os.environ["NOMENKLATURA_DB_URL"] = "sqlite:///:memory:"

from followthemoney import Dataset, StatementEntity, model
from nomenklatura.blocker import Index
from nomenklatura.matching.logic_v2.model import LogicV2
from nomenklatura.resolver import Linker
from nomenklatura.store import SimpleMemoryStore

DATASET = Dataset.make({"name": "listed", "title": "listed"})
CONFIG = LogicV2.default_config()


def _fresh() -> str:
    """An id never used before: the library keeps what it has read of an entity under its id."""
    return uuid4().hex


def _entity(id: str, schema: str, names: list[str], weak: list[str]) -> StatementEntity:
    entity = StatementEntity(DATASET, {"id": id, "schema": schema, "properties": {}})
    for number, name in enumerate(names):
        entity.add("alias" if number else "name", name)
    for name in weak:
        entity.add("weakAlias", name)
    return entity


class Peer:
    """The tasks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def index(self, rows: list[Any]) -> dict[str, Any]:
        """Make a store of the entities and the blocker's index over it."""
        begun = time.perf_counter()
        store = SimpleMemoryStore(DATASET, Linker({}))
        with store.writer() as writer:
            for row in rows:
                writer.add_entity(_entity(*row))
        self.view = store.default_view()
        self.blocker = Index(self.view, self.folder)
        self.blocker.build()
        return {"seconds": time.perf_counter() - begun}

    def screen(self, names: list[str], limit: int) -> dict[str, Any]:
        """The best `limit` of the blocker's candidates by logic-v2, for each name."""
        begun = time.perf_counter()
        entities = (_entity(_fresh(), "Person", [name], []) for name in names)
        asked = {str(entity.id): entity for entity in entities}
        close = {str(i): found for i, found in self.blocker.match_entities(asked.values())}
        blocked = time.perf_counter() - begun
        out: list[list[tuple[str, float]]] = []
        for i, entity in asked.items():
            scored = []
            for candidate, _ in close.get(i, []):
                listed = self.view.get_entity(candidate.id)
                if listed is not None and listed.schema.can_match(entity.schema):
                    scored.append((candidate.id, LogicV2.compare(entity, listed, CONFIG).score))
            out.append(sorted(scored, key=lambda pair: -pair[1])[:limit])
        return {"found": out, "seconds": time.perf_counter() - begun, "blocker_seconds": blocked}

    def pairs(self, rows: list[Any]) -> dict[str, Any]:
        """The score of logic-v2 for each pair of names."""
        begun, scores = time.perf_counter(), []
        for one, other, schema in rows:
            if model.get(schema) is None:
                scores.append(0.0)
                continue
            left, right = _entity(_fresh(), schema, [one], []), _entity(_fresh(), schema, [other], [])
            scores.append(float(LogicV2.compare(left, right, CONFIG).score))
        return {"scores": scores, "seconds": time.perf_counter() - begun}


def main() -> None:
    # Whatever the library prints goes to stderr, so that answers are alone on stdout.
    answers, sys.stdout = sys.stdout, sys.stderr
    with tempfile.TemporaryDirectory() as folder:
        peer = Peer(Path(folder))
        for line in sys.stdin:
            task = json.loads(line)
            if "index" in task:
                answer = peer.index(task["index"])
            elif "screen" in task:
                answer = peer.screen(task["screen"], task.get("limit", 5))
            else:
                answer = peer.pairs(task["pairs"])
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


if __name__ == "__main__":
    main()
