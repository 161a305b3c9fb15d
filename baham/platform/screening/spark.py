"""Screening on a Spark cluster: `baham screen --engine spark`, for files that one machine is too slow for.

Spark only finds: each worker opens the index files memory-mapped and answers its part of the names with the engine's
own hits. Everything else, the check against the ledger above all, stays with the process that was started, so the
results are those of `--engine local` to the byte. A worker imports nothing of Django; it needs Baham installed.
"""

import re
import shutil
import socket
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baham.platform import environment
from baham.platform.screening.snapshot import CannotRun, open_snapshot, scratch, take

if TYPE_CHECKING:
    import numpy as np

    from baham.engines.names import Hit, LayeredIndex, NameIndex, Query
    from baham.platform.screening.index import Opened

LEAST_JAVA = 17
_MASTER_SECONDS = 10
_A_TASK = 2_000
"""Names a task: about a second's work, so that the cost of starting a task does not matter."""
_A_CORE = 5_000
_LARGEST = 500_000
_QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
_ON_THIS_MACHINE = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
# Where one of these is set, somebody has said which Spark to use and how.
_CONFIGURED = ("PYSPARK_GATEWAY_PORT", "PYSPARK_SUBMIT_ARGS", "SPARK_CONF_DIR", "SPARK_HOME")
_LOGGING = """rootLogger.level = error
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %c{1}: %m%n
"""


class Cluster:
    """A running Spark. `find` answers a batch; `batch` is how many names keep all of its cores busy."""

    def __init__(self, context: Any, scratch: Path) -> None:
        self._context, self._scratch = context, scratch
        self._folders: dict[str, str] = {}
        self._masks: dict[bytes, Any] = {}
        self.batch = min(max(_A_CORE * context.defaultParallelism, _A_CORE), _LARGEST)

    def find(
        self,
        opened: "Opened",
        queries: Sequence["Query"],
        limit: int,
        threshold: float | None,
        within: "np.ndarray | None",
    ) -> list[list["Hit"]]:
        """What `opened.names.screen` answers, worked out on the cluster. Raises CannotRun where Spark gives up."""
        slices = max(-(-len(queries) // _A_TASK), min(self._context.defaultParallelism, len(queries) // 100), 1)
        try:
            work = partial(_answer, self._shared(opened), limit, threshold, self._mask(within))
            return list(self._context.parallelize(queries, slices).mapPartitions(work).collect())
        except CannotRun:
            raise
        except Exception as error:
            raise CannotRun(f"Spark gave up: {_cause(error)}") from error

    def _shared(self, opened: "Opened") -> str:
        """By what name the workers know the index's files: a folder of this machine, or an archive that Spark unpacks
        once on every host. Either is a snapshot, since the index in use may be replaced while a long file is
        screened."""
        if opened.generation not in self._folders:
            name = f"index-{len(self._folders)}"
            target = self._scratch / name
            take(opened.generation, target)
            if re.match(r"local(\[|$)", self._context.master):
                self._folders[opened.generation] = str(target)
            else:
                self._context.addArchive(f"{_archive(target)}#{name}")
                self._folders[opened.generation] = name
        return self._folders[opened.generation]

    def _mask(self, within: "np.ndarray | None") -> Any:
        """The subjects that take part, sent to each worker once."""
        if within is None:
            return None
        key = within.tobytes()
        if key not in self._masks:
            self._masks = {key: self._context.broadcast(key)}
        return self._masks[key]


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Start Spark as it is configured on this machine (local on all cores, if nothing says otherwise) and stop it at
    the end. Raises CannotRun where pyspark or Java is missing, or the master does not answer."""
    check()
    look_for_master()
    environment.suggest("PYSPARK_PYTHON", sys.executable)
    with scratch("spark") as folder:
        context = None
        try:
            try:
                context = _start(folder)
            except Exception as error:
                cause = _cause(error)
                if "stopped SparkContext" in cause:  # it says so a minute after it asked, and why on stderr alone
                    cause = "the master took no notice, or ended the application at once"
                raise CannotRun(f"Spark does not start: {cause}") from error
            yield Cluster(context, folder)
        finally:
            if context is not None:
                context.stop()


def _start(folder: Path) -> Any:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("baham screen")
    for name, value in _QUIET.items():
        builder = builder.config(name, value)
    if not any(environment.text(name) for name in _CONFIGURED):
        # Nothing outside this machine is to reach it.
        environment.suggest("SPARK_LOCAL_IP", "127.0.0.1")
        (folder / "log4j2.properties").write_text(_LOGGING)
        environment.suggest("SPARK_SUBMIT_OPTS", f"-Dlog4j2.configurationFile={folder / 'log4j2.properties'}")
        builder = builder.master("local[*]")
        for name, value in _ON_THIS_MACHINE.items():
            builder = builder.config(name, value)
    return builder.getOrCreate().sparkContext


def check() -> None:
    """Raise CannotRun, with what to do, where pyspark or a Java that it runs on is missing."""
    from importlib.util import find_spec

    if find_spec("pyspark") is None:
        raise CannotRun("pyspark is not installed; install Baham with its extra: pip install 'baham[spark]'")
    home = environment.text("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None or not Path(java).exists():
        raise CannotRun(f"there is no Java here; Spark needs Java {LEAST_JAVA} or later on PATH or in JAVA_HOME")
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(?:1\.)?(\d+)', told.stderr + told.stdout)
    if version is None or int(version[1]) < LEAST_JAVA:
        raise CannotRun(f"{java} is Java {version[1] if version else '?'}; Spark needs {LEAST_JAVA} or later")


def look_for_master() -> None:
    """Raise CannotRun where the configuration names standalone masters and none of them takes a connection.

    Spark itself tries for more than a minute, and then says something else.
    """
    silent = []
    for address in _masters():
        host, _, port = address.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), _MASTER_SECONDS).close()
            return
        except (OSError, ValueError) as error:
            silent.append(f"{address} ({(getattr(error, 'strerror', None) or str(error)).lower()})")
    if silent:
        raise CannotRun(f"the Spark master does not answer: {', '.join(silent)}")


def _masters() -> list[str]:
    """The standalone masters that the configuration names, each as host:port. None where it names others, or nothing
    that can be seen from here, as under spark-submit."""
    if environment.text("PYSPARK_GATEWAY_PORT"):
        return []
    given = environment.text("PYSPARK_SUBMIT_ARGS")
    named = re.search(r"--master[\s=]+(\S+)", given) or re.search(r"\bspark\.master=(\S+)", given)
    folder = environment.text("SPARK_CONF_DIR") or str(Path(environment.text("SPARK_HOME"), "conf"))
    defaults = Path(folder, "spark-defaults.conf")
    if named is None and defaults.is_file():
        named = re.search(r"^\s*spark\.master[\s=:]+(\S+)", defaults.read_text(errors="replace"), re.MULTILINE)
    master = named[1].strip("'\"") if named else ""
    return master.removeprefix("spark://").split(",") if master.startswith("spark://") else []


def _archive(folder: Path) -> Path:
    """The folder as a tar file beside it, names without a leading dot (Spark refuses those)."""
    path = folder.with_suffix(".tar")
    with tarfile.open(path, "w") as archive:
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            archive.add(file, str(file.relative_to(folder)))
    return path


def _cause(error: Exception) -> str:
    """The line of a Java or Python error that says most: what a worker's Python said, else the first Java cause."""
    lines = [line.strip().removeprefix(": ") for line in str(error).splitlines()]
    told = [line for line in lines if re.match(r"[\w.$]+(?:Error|Exception|Damaged): ", line)]
    python = [line for line in told if not line.startswith(("java.", "org.", "py4j.", "scala."))]
    chosen = python[-1] if python else told[0] if told else next((line for line in lines if line), "")
    return re.sub(r"^[\w.$]+\.(?=\w+: )", "", chosen)[:300] or type(error).__name__


# From here on, what runs on the workers.
_opened: dict[str, "NameIndex | LayeredIndex"] = {}


def _answer(
    folder: str, limit: int, threshold: float | None, mask: Any, queries: Iterable["Query"]
) -> Iterator[list["Hit"]]:
    """The hits of a part of the names, in their order."""
    import numpy as np

    if folder not in _opened:
        from pyspark import SparkFiles

        _opened.clear()
        _opened[folder] = open_snapshot(Path(folder if Path(folder).is_absolute() else SparkFiles.get(folder)))
    within = None if mask is None else np.frombuffer(mask.value, dtype=np.bool_)
    return iter(_opened[folder].screen(queries, limit=limit, threshold=threshold, within=within))
