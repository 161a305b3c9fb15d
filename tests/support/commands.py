"""`python -m …` in a process of its own, forked from one that has imported already what commands import.

To start Python and import Django, numpy, numba and the models takes a command two seconds or more, and the tests start
hundreds. The process forked from (`python -m tests.support.commands FD`) asks no database, and the settings with which
it read the models are forgotten in every fork: the command reads its own, as it always does. What tests the start
itself, ends a process by force or needs it to run beside the test starts its own; and so does what runs on the
demonstration world, which has one app more.
"""

import atexit
import json
import os
import runpy
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_MOST = 1 << 20
_SETTINGS = "baham.platform.settings"
_LATER = (".__main__", ".jobs.queue", ".spark", ".wsgi")
"""What begins, reads settings or asks for a library in being imported."""


def run(home: Path, *words: str, given: str = "", cwd: Path = ROOT, **more: str) -> subprocess.CompletedProcess:
    """Run `python -m WORDS` on the data in `home`: a module and its arguments. `more` is added to the environment."""
    environment = {"PATH": os.environ["PATH"], "BAHAM_HOME": str(home), "PYTHONPATH": str(ROOT), **more}
    if "demo" in words or any((home / name).exists() for name in ("demo.json", "demo.partial")):
        return subprocess.run(
            [sys.executable, "-m", *words],
            env=environment,
            cwd=cwd,
            input=given,
            text=True,
            capture_output=True,
            check=False,
        )
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        stdin.write(given.encode())
        stdin.seek(0)
        code = _ask({"words": words, "environment": environment, "cwd": str(cwd)}, stdin, stdout, stderr)
        texts = []
        for file in (stdout, stderr):
            file.seek(0)
            texts.append(file.read().decode())
    return subprocess.CompletedProcess(words, code, *texts)


def _ask(asked: dict, *files) -> int:
    ours = _first()
    socket.send_fds(ours, [json.dumps(asked).encode()], [file.fileno() for file in files])
    return int(ours.recv(64))


@cache
def _first() -> socket.socket:
    """The end of a socket at whose other end the first process waits. It ends when this one does."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    home = tempfile.TemporaryDirectory(prefix="baham-test-")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "BAHAM_HOME": home.name,
    }
    first = subprocess.Popen(
        [sys.executable, "-m", "tests.support.commands", str(theirs.fileno())],
        cwd=ROOT,
        env=environment,
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
    )
    theirs.close()

    @atexit.register
    def end() -> None:
        ours.close()
        first.wait()
        home.cleanup()

    return ours


def _serve(ours: socket.socket) -> None:
    """Fork for each command that is asked for; it returns in the fork, which goes on as that command."""
    _import()
    while True:
        text, files, *_ = socket.recv_fds(ours, _MOST, 3)
        if not text:
            sys.exit()
        if not os.fork():
            _become(json.loads(text), files)
            return
        for file in files:
            os.close(file)
        _, status = os.wait()
        ours.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(asked: dict, files: list[int]) -> None:
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["cwd"])
    sys.argv = asked["words"]
    _forget()


def _forget() -> None:
    """The settings, and the databases of which they told: both are read anew when they are asked for."""
    from django.conf import empty, settings
    from django.db import connections

    settings._wrapped = empty
    del sys.modules[_SETTINGS]
    vars(connections).pop("settings", None)
    connections.__init__()


def _import() -> None:
    """Everything but the demonstration world and what comes later; and the steps that make the tables."""
    import gc
    from importlib import import_module
    from pkgutil import walk_packages

    import baham
    from baham.platform.boot import boot

    boot(migrate=False)
    from django.db.migrations.loader import MigrationLoader

    MigrationLoader(None)
    for found in walk_packages(baham.__path__, "baham."):
        if not found.name.startswith("baham.demo") and not found.name.endswith(_LATER):
            import_module(found.name)
    gc.freeze()


def _run() -> int:
    """Be the command; its exit code."""
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if not isinstance(ended.code, str):
            return ended.code or 0
        sys.stderr.write(f"{ended.code}\n")
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _end(code: int) -> None:
    """End, but do not take apart all that was imported: that takes longer than most commands."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as ours:
        _serve(ours)
    _end(_run())
