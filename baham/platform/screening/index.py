"""The name index: files derived from the ledger, made beside the old ones and swapped in one step.

A large index is built seldom; what a version of a list changed since is a small layer over it, built in the time that
the change takes, not the list. It is never the truth: what it finds is held against the ledger before anybody sees it,
so an entry that is delisted stops matching with the transaction that delists it, whatever the file still says.
"""

import contextlib
import fcntl
import hashlib
import logging
import os
import re
import shutil
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Max, QuerySet

from baham.formats.naming import NAME_PARTS, names_of_parts
from baham.kernel.chunks import in_chunks
from baham.kernel.dates import as_said
from baham.kernel.schema import SCHEMATA, Kind, kind_of
from baham.platform.ledger.models import Change, Dataset, Entity, Statement, Version

if TYPE_CHECKING:
    import numpy as np

    from baham.engines.names import LayeredIndex, NameIndex, Subject

log = logging.getLogger(__name__)
_MATCHABLE = [name for name, schema in SCHEMATA.items() if schema.matchable]
_FIELD_OF = {
    "fatherName": "father_names",
    **dict.fromkeys(("nationality", "citizenship", "country", "jurisdiction", "flag"), "countries"),
    "birthDate": "birth_dates",
    "incorporationDate": "birth_dates",
}
_CHUNK = 10_000
# A layer larger than this, and than this share of the base, is not worth keeping apart.
_LAYER = 5_000
_LAYER_SHARE = 0.1
_AT_ONCE = 500
_SMALL = ("datasets", "replaced", "base")


@dataclass(frozen=True, slots=True)
class Opened:
    """An index in use: the engine's index, and which dataset each of its subjects belongs to (int64, by position)."""

    names: "NameIndex | LayeredIndex"
    datasets: "np.ndarray"
    generation: str


_open: dict[Path, Opened] = {}


def folder() -> Path:
    path = Path(settings.HOME) / "index"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def generation() -> str:
    """A word for the state of the ledger that an index is built from: the format of its files, the last version loaded,
    and a digest of which lists are screened. It changes with every load, and is as short with a thousand lists as
    with one."""
    last = Version.objects.aggregate(last=Max("pk"))["last"] or 0
    screened = Dataset.objects.filter(screened=True).order_by("pk").values_list("pk", flat=True)
    return f"{_format()}v{last}-{hashlib.sha256('.'.join(map(str, screened)).encode()).hexdigest()[:16]}"


def _format() -> str:
    from baham.engines.names.storage import FORMAT

    return f"f{FORMAT}"


def is_stale() -> bool:
    """Whether the ledger has moved on since the index in use was built, or there is none."""
    used = _in_use()
    return used is None or used.removesuffix("-whole") != generation()


def indexed_up_to() -> int:
    """The last version that was loaded when the index in use was built; 0 where there is none, or one of an older
    format."""
    used = re.match(re.escape(_format()) + r"v(\d+)-", _in_use() or "")
    return int(used[1]) if used else 0


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
            opened = _opened(name)
        except (FileNotFoundError, IndexDamaged) as error:
            if name == _in_use():
                rebuild(name, error)
            continue
        # One that was being removed meanwhile may have been read in part: only what is still in use counts.
        if name == _in_use():
            return opened
    raise OSError("the name index changes faster than it can be opened")


def rebuild(name: str, why: object) -> None:
    """Put a damaged index out of use and build another from the ledger, which is the truth."""
    log.error("the name index is damaged and is built anew: %s", why)
    _open.clear()
    with contextlib.suppress(FileNotFoundError):
        if name == _in_use():
            (folder() / "current").unlink()
    build(whole=True)


def verify() -> str | None:
    """Read the index in use whole and compare every checksum. One that is damaged is built anew; what was wrong."""
    from baham.engines.names import IndexDamaged, NameIndex

    name = _in_use()
    if name is None:
        return None
    try:
        _check_small(folder() / name)
        for at in {name, _base_of(name)}:
            _check_small(folder() / at)
            NameIndex.open(folder() / at / "names").verify()
    except (OSError, IndexDamaged) as error:
        if name != _in_use():
            return None  # it was replaced meanwhile
        rebuild(name, error)
        return str(error)
    return None


def _check_small(path: Path) -> None:
    """The files beside the names, against what was written down of them. Raises IndexDamaged."""
    from baham.engines.names import IndexDamaged

    for file in (path / each for each in _SMALL):
        note = path / f"{file.name}.crc32"
        said = note.read_text() if note.exists() else ""
        if (file.exists() or said) and (not file.exists() or said != str(zlib.crc32(file.read_bytes()))):
            raise IndexDamaged(file, "was altered since it was written (checksum differs)")


def _opened(name: str) -> Opened:
    import numpy as np

    from baham.engines.names import LayeredIndex, NameIndex

    path = folder() / name
    _check_small(path)
    base = _base_of(name)
    if base != name:
        _check_small(folder() / base)
    if base == name:
        names: NameIndex | LayeredIndex = NameIndex.open(path / "names")
        datasets = np.fromfile(path / "datasets", dtype=np.int64)
    else:
        # The base is shared with the generation before, and mapped once.
        before = next((one for one in _open.values() if _base_of(one.generation) == base), None)
        below = before.names if before else NameIndex.open(folder() / base / "names")
        lower = below.base if isinstance(below, LayeredIndex) else below
        replaced = np.fromfile(path / "replaced", dtype=np.int64).tolist()
        names = LayeredIndex(lower, NameIndex.open(path / "names"), map(str, replaced))
        datasets = np.concatenate([np.fromfile(folder() / at / "datasets", dtype=np.int64) for at in (base, name)])
    opened = Opened(names, datasets, name)
    _open.clear()
    _open[path] = opened
    return opened


def _in_use() -> str | None:
    pointer = folder() / "current"
    with contextlib.suppress(FileNotFoundError):
        name = pointer.read_text(errors="replace").strip()
        # One of another format, of the version before an upgrade, is none: it is built anew.
        if name.startswith(f"{_format()}v") and (folder() / name / "datasets").exists():
            return name
    return None


def _base_of(name: str) -> str:
    """The generation that a layer lies on; a whole index is its own base."""
    with contextlib.suppress(FileNotFoundError):
        return (folder() / name / "base").read_text(errors="replace").strip()
    return name


def files_of(name: str) -> dict[str, Path]:
    """The files of a generation by what they are, for who opens them elsewhere: `base`, and over it `layer` and
    `replaced`."""
    path, base = folder() / name, _base_of(name)
    if base == name:
        return {"base": path / "names"}
    return {"base": folder() / base / "names", "layer": path / "names", "replaced": path / "replaced"}


def build(progress: Callable[[int, int | None], None] = lambda done, total: None, *, whole: bool = False) -> str:
    """Bring the index up to the ledger and put it in use; a crash changes nothing.

    A small change since the index in use becomes a layer over it; a large one, or `whole`, builds everything anew.
    """
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        name, used = generation(), _in_use()
        if used is not None and name == used.removesuffix("-whole") and not (whole and _base_of(used) != used):
            return used
        base = _base_of(used) if used else None
        if base is not None and not (folder() / base / "datasets").is_file():
            base = None
        changed = None if whole or base is None else _changed_since(base)
        target = folder() / (f"{name}-whole" if name == used else name)
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        if changed is None or base is None:
            _write(target, subjects(), Entity.objects.filter(current=True, dataset__screened=True).count(), progress)
        else:
            _write(target, subjects(changed), len(changed), progress)
            _save(target / "replaced", changed)
            _keep(target / "base", base.encode())
        name = target.name
        pointer = folder() / "current.new"
        pointer.write_text(name)
        pointer.replace(folder() / "current")
        for old in folder().iterdir():
            if old.is_dir() and old.name not in (name, _base_of(name)):
                shutil.rmtree(old, ignore_errors=True)
    return name


def _write(
    target: Path, found: Iterator[tuple[int, "Subject"]], total: int, progress: Callable[[int, int | None], None]
) -> None:
    from baham.engines.names import NameIndex

    owners: list[int] = []

    def stream() -> Iterator["Subject"]:
        for dataset, subject in found:
            owners.append(dataset)
            progress(len(owners), total)
            yield subject

    NameIndex.build(stream(), target / "names")
    _save(target / "datasets", owners)


def _save(path: Path, numbers: list[int]) -> None:
    import numpy as np

    _keep(path, np.array(numbers, dtype=np.int64).tobytes())


def _keep(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.with_name(f"{path.name}.crc32").write_text(str(zlib.crc32(content)))


def _changed_since(base: str) -> list[int] | None:
    """The entities added, changed or removed since a base was built; None where a layer of them is not worth it."""
    import numpy as np

    version, _, screened = base.removesuffix("-whole").partition("-")
    if screened != generation().partition("-")[2]:
        return None
    since = Change.objects.filter(version__gt=int(version.rpartition("v")[2]), version__dataset__screened=True)
    most = max(_LAYER, int(_LAYER_SHARE * (folder() / base / "datasets").stat().st_size / np.dtype(np.int64).itemsize))
    changed = sorted(set(since.values_list("entity_id", flat=True)[: most + 1]))
    return changed if len(changed) <= most else None


def subjects(only: Collection[int] | None = None) -> Iterator[tuple[int, "Subject"]]:
    """What can be matched: (dataset, subject) for every entity in force, or of `only` those, in the order of ids."""
    matched = Statement.objects.filter(
        until=None, entity__current=True, entity__dataset__screened=True, entity__schema__in=_MATCHABLE
    )
    if only is None:
        yield from _read(matched)
        return
    for some in in_chunks(sorted(only), _AT_ONCE):
        yield from _read(matched.filter(entity__in=some))


def _read(matched: QuerySet[Statement]) -> Iterator[tuple[int, "Subject"]]:
    rows = (
        matched.order_by("entity_id", "pk")
        .values_list("entity_id", "entity__dataset_id", "entity__schema", "prop", "value", "flags")
        .iterator(_CHUNK)
    )
    for (pk, dataset, schema), said in groupby(rows, key=lambda row: row[:3]):
        fields = _fields(row[3:] for row in said)
        if fields:
            yield dataset, _subject(pk, schema, fields)


def subject_of(entity: int, schema: str, said: Iterable[tuple[str, str, str]]) -> "Subject":
    """The engine's subject made of (property, value, flags): of an entity, or of that part of it that somebody may
    have."""
    return _subject(entity, schema, _fields(said))


def _fields(said: Iterable[tuple[str, str, str]]) -> dict[str, list[str]]:
    """What is matched on, by the fields of the engine's subject: dates as exact as their source says, and beside the
    names those that are given in parts."""
    fields: dict[str, list[str]] = {}
    parts: dict[str, list[str]] = {}
    for prop, value, flags in said:
        if prop in NAME_PARTS:
            parts.setdefault(prop, []).append(value)
        elif field := field_of(prop):
            found = as_said(value, flags.split()) if field == "birth_dates" else value
            if found:
                fields.setdefault(field, []).append(found)
    if made := names_of_parts(parts, fields.get("names", ())):
        fields.setdefault("names", []).extend(made)
    return fields


def field_of(prop: str) -> str | None:
    """The field of the engine's subject that a property goes into, None for one that is not matched on."""
    if prop in _FIELD_OF:
        return _FIELD_OF[prop]
    kind = kind_of(prop)
    return {
        Kind.NAME: "names",
        Kind.WEAK_NAME: "weak_names",
        Kind.IDENTIFIER: "identifiers",
        Kind.ADDRESS: "addresses",
    }.get(kind)


def _subject(entity: int, schema: str, fields: dict[str, list[str]]) -> "Subject":
    from baham.engines.names import Subject

    return Subject(
        id=str(entity),
        schema=schema,
        names=tuple(fields.pop("names", ())),
        **{name: tuple(values) for name, values in fields.items()},
    )
