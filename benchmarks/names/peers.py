"""The peers: rapidfuzz here; nomenklatura in its own environment (`make peers`), on the same core."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from baham.engines.names import Subject

from .engines import Ask
from .lists import same
from .measure import Ranked

PYTHON = Path(os.environ.get("BAHAM_PEERS", Path(__file__).resolve().parents[2] / ".venv-peers" / "bin" / "python"))
NOMENKLATURA_THRESHOLD = 0.70
TOKEN_SORT_THRESHOLD = 0.85


class Missing(Exception):
    """A peer is not installed or broke: one line that says what to do."""


class Nomenklatura:
    """A process of nomenklatura; `seconds` and `blocker_seconds` are of the last task."""

    def __init__(self) -> None:
        if not PYTHON.exists():
            raise Missing(f"nomenklatura is not installed at {PYTHON}: make peers (or --ours-only)")
        worker = Path(__file__).with_name("peer_worker.py")
        self.process = subprocess.Popen(
            [str(PYTHON), str(worker)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self.seconds = self.blocker_seconds = 0.0

    def __enter__(self) -> "Nomenklatura":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=60)

    def index(self, subjects: Sequence[Subject]) -> None:
        """Index the subjects, whatever they are (the peer looks at schemata itself)."""
        self._do({"index": [[s.id, s.schema, list(s.names), list(s.weak_names)] for s in subjects]})

    def screen(self, names: Sequence[str]) -> Ranked:
        """The best five of the blocker's 75 by logic-v2."""
        return [[(i, s) for i, s in found] for found in self._do({"screen": list(names), "limit": 5})["found"]]

    def pairs(self, rows: Sequence[tuple[str, str, str]]) -> list[float]:
        """logic-v2 on (name, name, schema)."""
        return [float(s) for s in self._do({"pairs": [list(row) for row in rows]})["scores"]]

    def _do(self, task: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps(task) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        line = self.process.stdout.readline()
        if not line:
            raise Missing("nomenklatura ended without an answer; what it said is above")
        answer: dict[str, Any] = json.loads(line)
        self.seconds, self.blocker_seconds = answer["seconds"], answer.get("blocker_seconds", 0.0)
        return answer


def token_sort(subjects: Sequence[Subject]) -> Ask:
    """Brute force: rapidfuzz token_sort_ratio of every query with every name of every person, one thread."""
    people = [s for s in subjects if s.schema == "Person"]
    owners = [s.id for s in people for _ in (*s.names, *s.weak_names)]
    texts = [" ".join(same(n)) for s in people for n in (*s.names, *s.weak_names)]

    def ask(names: Sequence[str]) -> Ranked:
        out: Ranked = []
        for i in range(0, len(names), 100):
            asked = [" ".join(same(n)) for n in names[i : i + 100]]
            for row in process.cdist(asked, texts, scorer=fuzz.ratio, dtype=np.float32, workers=1):
                best: dict[str, float] = {}
                near = np.argpartition(row, -60)[-60:]
                for k in near[np.argsort(-row[near], kind="stable")].tolist():
                    best.setdefault(owners[k], float(row[k]) / 100)
                out.append(list(best.items())[:5])
        return out

    return ask
