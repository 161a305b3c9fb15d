"""An index directory: flat memory-mapped files in a generation folder, and `meta.json`, whose replacement is
the commit.

    path/meta.json            format, generation, counts, the shape of every array, the byte size of every file and the
                              CRC of each MiB of it, a digest over all of that
    path/g-<random>/*.arr     arrays, bytes alone;  *.bin  byte blobs

A build writes and syncs a new generation beside the live one and then replaces `meta.json` in one rename: a
process killed at any moment leaves the old index whole. Readers of a replaced generation keep their maps.
"""

import hashlib
import json
import os
import secrets
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from .table import TOKEN, frozen
from .types import IndexDamaged

FORMAT = 7
_META = "meta.json"
_BUILDING = ".building-"
_BLOCK = 1 << 20
_WHOLE = 64 * _BLOCK
"""An index of at most so many bytes is read whole each time it is opened; of a larger one as much, chosen by chance."""


class Builder:
    """Writes one generation; nothing is visible to readers before `commit`. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        self._name = secrets.token_hex(6)
        self.folder = path / f"{_BUILDING}{os.getpid()}-{self._name}"
        self.folder.mkdir()
        self._blobs: list[BinaryIO] = []
        self._arrays: dict[str, tuple[str, tuple[int, ...]]] = {}

    def __enter__(self) -> "Builder":
        return self

    def __exit__(self, *_: object) -> None:
        for blob in self._blobs:
            blob.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def array(self, name: str, values: NDArray[Any]) -> None:
        values = np.ascontiguousarray(values)
        self._arrays[name] = _kind(values.dtype), values.shape
        (self.folder / f"{name}.arr").write_bytes(values.view(np.uint8).data if values.size else b"")

    def blob(self, name: str) -> BinaryIO:
        handle = (self.folder / f"{name}.bin").open("wb")
        self._blobs.append(handle)
        return handle

    def commit(self, facts: dict[str, Any]) -> None:
        for blob in self._blobs:
            blob.close()
        files = {}
        for file in sorted(self.folder.iterdir()):
            files[file.name] = {"bytes": file.stat().st_size, "crc32": list(_crcs(file))}
            _sync(file)
        _sync(self.folder)
        name = f"g-{self._name}"
        self.folder.rename(self.path / name)
        meta: dict[str, Any] = {
            "format": FORMAT,
            "generation": name,
            **facts,
            "files": files,
            "arrays": {name: [kind, list(shape)] for name, (kind, shape) in self._arrays.items()},
        }
        meta["digest"] = _digest(meta)
        draft = self.path / f"{_META}.{self._name}"
        draft.write_text(json.dumps(meta, indent=1, sort_keys=True), encoding="utf-8")
        _sync(draft)
        draft.replace(self.path / _META)
        _sync(self.path)
        for old in self.path.glob("g-*"):
            # A builder that finished meanwhile owns its own generation; only what meta.json no longer names may go.
            if old.name != name and old.name != generation(self.path):
                shutil.rmtree(old, ignore_errors=True)


class Store:
    """A generation opened for reading. Raises IndexDamaged where the directory is not a whole index of this format."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for attempt in range(3):
            self.meta = _read_meta(path)
            self.folder = path / str(self.meta["generation"])
            if self.folder.is_dir() or attempt == 2:
                break  # else the index was replaced between the two reads: read the new one
        for name, facts in self.meta["files"].items():
            file = self.folder / name
            size = file.stat().st_size if file.is_file() else -1
            if size != facts["bytes"]:
                reason = "is missing" if size < 0 else f"has {size} bytes where {facts['bytes']} were written"
                raise IndexDamaged(file, reason)
        self._look()

    def _look(self) -> None:
        """Compare as many blocks with their checksums as are read quickly, before anything of them is used: compiled
        code trusts the numbers that it finds."""
        blocks = [(name, at) for name, facts in self.meta["files"].items() for at in range(len(facts["crc32"]))]
        if len(blocks) * _BLOCK > _WHOLE:
            blocks = sorted(secrets.SystemRandom().sample(blocks, min(len(blocks), _WHOLE // _BLOCK)))
        for name, at in blocks:
            with (self.folder / name).open("rb") as handle:
                handle.seek(at * _BLOCK)
                if zlib.crc32(handle.read(_BLOCK)) != self.meta["files"][name]["crc32"][at]:
                    raise IndexDamaged(self.folder / name, "was altered since it was written (checksum differs)")

    def array(self, name: str) -> NDArray[Any]:
        """The array, memory-mapped, as a plain read-only ndarray: one type for compiled code."""
        # Not numpy's own file format: reading its header parses Python text, which two threads cannot do safely at once
        # in Python 3.11, and is slower.
        described, shape = self.meta["arrays"][name]
        kind = TOKEN if described == "token" else np.dtype(described)
        if 0 in shape:
            return frozen(np.zeros(shape, dtype=kind))
        file = self.folder / f"{name}.arr"
        try:
            return np.asarray(np.memmap(file, dtype=kind, mode="r", shape=tuple(shape)))
        except (OSError, ValueError) as error:
            raise IndexDamaged(file, f"cannot be read as an array ({error})") from error

    def blob(self, name: str) -> NDArray[np.uint8]:
        file = self.folder / f"{name}.bin"
        if not file.exists() or file.stat().st_size == 0:
            return frozen(np.zeros(0, dtype=np.uint8))
        return np.asarray(np.memmap(file, dtype=np.uint8, mode="r"))

    def verify(self) -> None:
        """Read every byte and compare checksums; raises IndexDamaged at the first file that differs."""
        for name, facts in self.meta["files"].items():
            if list(_crcs(self.folder / name)) != facts["crc32"]:
                raise IndexDamaged(self.folder / name, "was altered since it was written (checksum differs)")


def _kind(dtype: np.dtype[Any]) -> str:
    return "token" if dtype == TOKEN else str(dtype.str)


def _read_meta(path: Path) -> dict[str, Any]:
    file = path / _META
    try:
        meta = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise IndexDamaged(path, "holds no index (meta.json is missing)") from error
    except (OSError, ValueError) as error:
        raise IndexDamaged(file, f"cannot be read ({error})") from error
    if not isinstance(meta, dict) or "format" not in meta:
        raise IndexDamaged(file, "is not the description of a name index")
    if meta["format"] != FORMAT:
        raise IndexDamaged(
            file, f"is of format {meta['format']}; this version reads format {FORMAT}: rebuild the index"
        )
    if meta.pop("digest", None) != _digest(meta):
        raise IndexDamaged(file, "was altered since it was written (digest differs)")
    return meta


def _digest(meta: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(meta, sort_keys=True).encode()).hexdigest()


def generation(path: Path) -> str:
    """The generation that `meta.json` names; "" where there is none."""
    try:
        return str(_read_meta(path)["generation"])
    except IndexDamaged:
        return ""


def _crcs(file: Path) -> Iterator[int]:
    with file.open("rb") as handle:
        while block := handle.read(_BLOCK):
            yield zlib.crc32(block)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(path: Path) -> None:
    """Remove what killed builds left behind; a build still running in a live process is left alone."""
    for folder in path.glob(f"{_BUILDING}*"):
        owner = folder.name.removeprefix(_BUILDING).split("-")[0]
        if not owner.isdigit() or not _alive(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
