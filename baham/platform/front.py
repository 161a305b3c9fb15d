"""What stands between the network and the threads that answer: it takes a request's body in, and only then lets a
thread see the request.

A thread that reads from the network waits for whoever sends, and whoever sends one byte a second holds it. Here bodies
arrive in an event loop, into memory and then a file, within a deadline and not slower than a least rate; a body of
somebody unknown is passed over and never kept. Programs and people are answered by threads of their own, so that
neither has to wait for the other. Answers go out the same way: a thread is free once it has said all, however slowly it
is read. ASGI on the outside, WSGI (PEP 3333) on the inside.
"""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any

Environ = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PATIENCE = 10.0
"""Seconds that any body may take, and the longest silence between two parts of one."""
LEAST_RATE = 8 * 1024
"""Bytes a second that a body must come with on average, once the patience is over."""
_IN_MEMORY = 1 << 20
_PASSED_OVER = 64_000_000
_BLOCK = 1 << 16
_WAITING = 256
"""Requests that may wait for a thread of one room; the next is told to come again."""


class TooSlow(Exception):
    """The body came more slowly than is waited for."""


class Gone(Exception):
    """Whoever asked has hung up."""


@dataclass(frozen=True, slots=True)
class Room:
    """Those addresses that are answered by the same threads. `known` says, of a request without its body, whether its
    sender may have a body kept of up to `largest` bytes; of others `stranger` bytes are kept."""

    prefixes: tuple[str, ...]
    threads: int
    known: Callable[[Environ], bool]
    largest: int
    stranger: int = 0


class Front:
    """An ASGI application around a WSGI one. The last room is for every address that no other names."""

    def __init__(
        self,
        application: Callable[..., Iterable[bytes]],
        rooms: Sequence[Room],
        patience: float = PATIENCE,
        least_rate: int = LEAST_RATE,
    ) -> None:
        self.application, self.patience, self.least_rate = application, patience, least_rate
        self.rooms = [(room, ThreadPoolExecutor(room.threads, "answer"), [0]) for room in rooms]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        room, threads, waiting = self._room(scope["path"])
        if waiting[0] >= _WAITING:
            await _say(send, 503, "Too many requests at once; try again.")
            return
        environ = environ_of(scope)
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as body, tempfile.SpooledTemporaryFile(_IN_MEMORY) as answer:
            try:
                if not await self._take(environ, receive, body, room, threads, waiting):
                    await _say(send, 413, f"The request is larger than {room.largest:,} bytes; send it in parts.")
                    return
                environ["wsgi.input"] = body
                status, headers, sent = await _in(threads, waiting, _answer, self.application, environ, answer)
            except TooSlow:
                await _say(send, 408, "The content of the request came too slowly.")
                return
            except Gone:
                return
            await send({"type": "http.response.start", "status": status, "headers": headers})
            answer.seek(0)
            while block := answer.read(_BLOCK):
                await send({"type": "http.response.body", "body": block, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
            if sent:
                await _in(threads, waiting, sent)

    def _room(self, path: str) -> tuple[Room, ThreadPoolExecutor, list[int]]:
        return next((one for one in self.rooms if path.startswith(one[0].prefixes)), self.rooms[-1])

    async def _take(
        self,
        environ: Environ,
        receive: Receive,
        body: IO[bytes],
        room: Room,
        threads: ThreadPoolExecutor,
        waiting: list[int],
    ) -> bool:
        """The body, in `body`; nothing of it where its sender may not have one kept. False for one too large.

        It is read to its end in any case: the server drops a connection whose request was not read, and its sender
        would not hear why it was refused.
        """
        stated = environ.get("CONTENT_LENGTH", "")
        size = int(stated) if stated.isascii() and stated.isdecimal() and len(stated) < 19 else 0
        if not size and "HTTP_TRANSFER_ENCODING" not in environ:
            environ["CONTENT_LENGTH"] = ""
            return True
        most = room.stranger
        if (size > most or not size) and await _in(threads, waiting, room.known, environ):
            most = room.largest
        clock = asyncio.get_running_loop().time
        began, taken, more = clock(), 0, True
        while more:
            left = began + self.patience + taken / self.least_rate - clock()
            try:
                part = await asyncio.wait_for(receive(), min(max(left, 0), self.patience))
            except TimeoutError as error:
                raise TooSlow from error
            if part["type"] != "http.request":
                raise Gone
            block, more = part.get("body", b""), part.get("more_body", False)
            taken += len(block)
            if taken <= most:
                body.write(block)
            elif taken > max(most, _PASSED_OVER):
                return False
        if taken > most:
            body.seek(0)
            body.truncate()
            if most == room.largest:
                return False
        environ["CONTENT_LENGTH"] = str(body.tell())
        body.seek(0)
        return True


def environ_of(scope: Message) -> Environ:
    """PEP 3333's environment of an ASGI request, without its body."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 80),
        "REMOTE_ADDR": client[0],
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1")
        if "_" in name:  # it would be taken for the one that is written with hyphens
            continue
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        said = value.decode("latin-1")
        if key in environ:
            said = environ[key] + (";" if key == "HTTP_COOKIE" else ",") + said
        environ[key] = said
    return environ


async def _in(threads: ThreadPoolExecutor, waiting: list[int], work: Callable[..., Any], *words: Any) -> Any:
    waiting[0] += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(threads, work, *words)
    finally:
        waiting[0] -= 1


def _answer(
    application: Callable[..., Iterable[bytes]], environ: Environ, into: IO[bytes]
) -> tuple[int, list[tuple[bytes, bytes]], Callable[[], None] | None]:
    """Let the application answer, the whole of it, into a file. An answer's `sent`, where it has one, is to be called
    once all of it has gone out."""
    begun: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], Any]:
        begun[:] = [
            int(status[:3]),
            [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        ]
        return into.write

    parts = application(environ, start)
    try:
        for part in parts:
            into.write(part)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return begun[0], begun[1], getattr(parts, "sent", None)


async def _say(send: Send, status: int, detail: str) -> None:
    """A refusal in the doors' shape, after which the connection ends."""
    headers = [(b"content-type", b"application/json"), (b"connection", b"close"), (b"retry-after", b"5")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f'{{"detail": "{detail}"}}'.encode()})
