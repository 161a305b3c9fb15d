"""`python -m …` in a process of its own, forked from one that has imported already what every command imports.

To start Python and import Django, numpy and numba takes a command a second or more, and the tests start hundreds. The
process forked from (`python -m tests.support.commands FD`) knows no settings and no data folder: those the command
reads in its own process, as it always does. What tests the start itself, ends a process by force or needs it to run
beside the test starts its own.
"""

import atexit
import json
import os
import runpy
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_MOST = 1 << 20


def run(home: Path, *words: str, given: str = "", cwd: Path = ROOT, **more: str) -> subprocess.CompletedProcess:
    """Run `python -m WORDS` on the data in `home`: a module and its arguments. `more` is added to the environment."""
    environment = {"PATH": os.environ["PATH"], "BAHAM_HOME": str(home), "PYTHONPATH": str(ROOT), **more}
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
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    first = subprocess.Popen([sys.executable, "-m", "tests.support.commands", str(theirs.fileno())], cwd=ROOT,
                             env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)  # fmt: skip
    theirs.close()

    @atexit.register
    def end() -> None:
        ours.close()
        first.wait()

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


def _import() -> None:
    """What reads no settings."""
    import gc
    from importlib import import_module

    for name in (
        "baham.cli.main", "baham.engines.names.index", "baham.formats", "cryptography.fernet", "django.contrib.auth.hashers", "django.contrib.staticfiles",
        "django.core.management", "django.db.backends.sqlite3.base",
        "django.db.migrations.executor", "django.db.models", "django.forms", "django.http",
        "django.template", "django.urls", "django.views", "typer._adapters",
    ):  # fmt: skip
        import_module(name)
    gc.freeze()


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as ours:
        _serve(ours)
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
