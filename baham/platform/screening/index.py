"""The name index: a file derived from the ledger, rebuilt beside the old one and swapped in one step.

It is never the truth. What it finds is held against the ledger before anybody sees it, so an entry that is delisted
stops matching with the transaction that delists it, whatever the file still says.
"""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Max

from baham.kernel.schema import SCHEMATA, Kind, kind_of
from baham.platform.ledger.models import Dataset, Entity, Statement, Version

if TYPE_CHECKING:
    import numpy as np

    from baham.engines.names import NameIndex, Subject

_MATCHABLE = [name for name, schema in SCHEMATA.items() if schema.matchable]
_FIELD_OF = {
    "fatherName": "father_names",
    **dict.fromkeys(("nationality", "citizenship", "country", "jurisdiction", "flag"), "countries"),
    "birthDate": "birth_dates",
    "incorporationDate": "birth_dates",
}
_CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Opened:
    """An index in use: the engine's index, and which dataset each of its subjects belongs to (int64, by position)."""

    names: "NameIndex"
    datasets: "np.ndarray"
    generation: str


_open: dict[Path, Opened] = {}


def folder() -> Path:
    path = Path(settings.HOME) / "index"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def generation() -> str:
    """A word for the state of the ledger that an index is built from; it changes with every load."""
    last = Version.objects.aggregate(last=Max("pk"))["last"] or 0
    screened = Dataset.objects.filter(screened=True).order_by("pk").values_list("pk", flat=True)
    return f"v{last}-d{'.'.join(str(pk) for pk in screened)}"[:120]


def is_stale() -> bool:
    """Whether the ledger has moved on since the index in use was built, or there is none."""
    return _in_use() != generation()


def current() -> Opened | None:
    """The index in use, opened once a process; None if none was built yet."""
    from baham.engines.names import IndexDamaged

    for _attempt in range(3):
        name = _in_use()
        if name is None:
            return None
        opened = _open.get(folder() / name)
        if opened is not None:
            return opened
        # Another process may put a newer index in use, and remove this one, between looking and opening.
        try:
            return _opened(name)
        except (FileNotFoundError, IndexDamaged):
            if name == _in_use():
                raise
    raise OSError("the name index changes faster than it can be opened")


def _opened(name: str) -> Opened:
    import numpy as np

    from baham.engines.names import NameIndex

    path = folder() / name
    opened = Opened(NameIndex.open(path / "names"), np.fromfile(path / "datasets", dtype=np.int64), name)
    _open.clear()
    _open[path] = opened
    return opened


def _in_use() -> str | None:
    pointer = folder() / "current"
    with contextlib.suppress(FileNotFoundError):
        name = pointer.read_text().strip()
        if (folder() / name / "datasets").exists():
            return name
    return None


def build(progress: Callable[[int, int | None], None] = lambda done, total: None) -> str:
    """Build the index of the ledger as it is, put it in use, and remove older ones. A crash changes nothing."""
    import numpy as np

    from baham.engines.names import NameIndex

    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        name = generation()
        if name == _in_use():
            return name
        target = folder() / name
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        total = Entity.objects.filter(current=True, dataset__screened=True).count()
        owners: list[int] = []

        def stream() -> Iterator["Subject"]:
            for dataset, subject in subjects():
                owners.append(dataset)
                progress(len(owners), total)
                yield subject

        NameIndex.build(stream(), target / "names")
        with (target / "datasets").open("wb") as file:
            np.array(owners, dtype=np.int64).tofile(file)
            file.flush()
            os.fsync(file.fileno())
        pointer = folder() / "current.new"
        pointer.write_text(name)
        pointer.replace(folder() / "current")
        for old in folder().iterdir():
            if old.is_dir() and old.name != name:
                shutil.rmtree(old, ignore_errors=True)
    return name


def subjects(only: Collection[int] | None = None) -> Iterator[tuple[int, "Subject"]]:
    """What can be matched: (dataset, subject) for every entity in force, streamed in the order of their ids.

    With `only`, of these entities (their ids).
    """
    chosen = Statement.objects.filter(
        until=None, entity__current=True, entity__dataset__screened=True, entity__schema__in=_MATCHABLE
    )
    rows = (
        (chosen if only is None else chosen.filter(entity_id__in=only))
        .order_by("entity_id", "pk")
        .values_list("entity_id", "entity__dataset_id", "entity__schema", "prop", "value")
        .iterator(_CHUNK)
    )
    entity, dataset, schema = 0, 0, ""
    fields: dict[str, list[str]] = {}
    for pk, of_dataset, of_schema, prop, value in rows:
        if pk != entity:
            if fields:
                yield dataset, _subject(entity, schema, fields)
            entity, dataset, schema, fields = pk, of_dataset, of_schema, {}
        if field := field_of(prop):
            fields.setdefault(field, []).append(value)
    if fields:
        yield dataset, _subject(entity, schema, fields)


def subject_of(entity: int, schema: str, said: Iterable[tuple[str, str]]) -> "Subject":
    """The engine's subject made of (property, value): of an entity, or of that part of it that somebody may have."""
    fields: dict[str, list[str]] = {}
    for prop, value in said:
        if field := field_of(prop):
            fields.setdefault(field, []).append(value)
    return _subject(entity, schema, fields)


def field_of(prop: str) -> str | None:
    """The field of the engine's subject that a property goes into, None for one that is not matched on."""
    if prop in _FIELD_OF:
        return _FIELD_OF[prop]
    kind = kind_of(prop)
    return {
        Kind.NAME: "names", Kind.WEAK_NAME: "weak_names", Kind.IDENTIFIER: "identifiers", Kind.ADDRESS: "addresses",
    }.get(kind)  # fmt: skip


def _subject(entity: int, schema: str, fields: dict[str, list[str]]) -> "Subject":
    from baham.engines.names import Subject

    return Subject(
        id=str(entity), schema=schema, names=tuple(fields.pop("names", ())),
        **{name: tuple(values) for name, values in fields.items()},
    )  # fmt: skip
