"""The holder: a small WSGI application in a process of its own. It knows the secrets of epochs, and no ledger.

    POST /overlap   a letter (letters.py): a knock is answered by an offer, a request by an answer, a closing by nothing

Whatever is refused is answered by JSON of one `problem`, and costs nothing. What the holder learns of a request is who
asked, when, for what purpose, and how many places; never which keys, nor whether any of them was found.
"""

import base64
import json
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from baham.engines.overlap import batch, cardinality, group
from baham.engines.overlap.session import Answer, BadMessage, Closing, Knock, Offer, Request
from baham.formats.dsse import BadSignature
from baham.kernel.clock import Clock, SystemClock, utc_text
from baham.measures.sharing.overlap import epochs
from baham.measures.sharing.overlap.book import Beyond, Book, Quota, Replayed
from baham.measures.sharing.overlap.folder import folder, keep, shred, signing_key
from baham.measures.sharing.overlap.letters import Letter, opened, received, seal
from baham.platform import environment
from baham.platform.front import Environ, Front, Room

PATH = "/overlap"
KIND = "application/vnd.baham.overlap"
_SLACK = timedelta(minutes=10)
"""How far the clocks of two installations may be apart."""
_MOST = (batch.MOST + batch.CHECKS) * group.ELEMENT + 256 * 1024
_STATUS = {
    200: "200 OK",
    204: "204 No Content",
    400: "400 Bad Request",
    403: "403 Forbidden",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    409: "409 Conflict",
    410: "410 Gone",
    411: "411 Length Required",
    413: "413 Content Too Large",
    429: "429 Too Many Requests",
    500: "500 Internal Server Error",
}
_log = logging.getLogger("baham.overlap")


class Refused(Exception):
    """The letter is not answered. `status` is HTTP's; the text goes back to whoever sent it."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status = status


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back. `sent` is called when all of it has been handed to the network."""

    status: int
    content: bytes
    kind: str = KIND
    sent: Callable[[], None] = lambda: None


class Holder:
    """The holder over a folder. `threads` are those that compute one answer."""

    def __init__(self, at: Path, clock: Clock | None = None, threads: int = 1) -> None:
        self.at, self.clock, self.threads = at, clock or SystemClock(), threads
        self.book = Book(at / "holder.sqlite3")
        self.key = signing_key(at)

    def upkeep(self) -> None:
        """Make epochs of what was prepared, end those that are over, destroy their keys."""
        now = self.clock.now()
        epochs.tidy(self.book, self.at, now)
        self.book.forget_knocks(utc_text(now - 3 * _SLACK))
        for path in epochs.waiting(self.at):
            try:
                made = epochs.make(self.book, self.at, path, self.clock.now(), self.threads)
                _log.warning("the epoch %s has begun", made)
            except epochs.Withdrawn as error:
                _log.warning("%s", error)
            except ValueError as error:
                shred(path)  # the keys in it are in the clear; whoever prepared it does so again
                _log.error("%s; run `baham overlap prepare` again", error)

    def answer(self, content: bytes) -> Reply:
        """The reply to a letter. Whatever the letter is, the reply is one; faults of ours are told as such."""
        try:
            letter = received(content)
            for kind, act in ((Knock, self._offer), (Request, self._answer), (Closing, self._close)):
                if letter.kind == kind.kind:
                    return act(letter)
            raise Refused(400, "the letter is none that a holder answers")
        except Refused as refused:
            return _problem(refused.status, str(refused))
        except BadSignature as error:
            return _problem(403, str(error))
        except (BadMessage, group.BadElement, ValueError) as error:
            return _problem(400, str(error))

    def _opened(self, kind: Any, letter: Letter) -> tuple[Any, epochs.Epoch, datetime]:
        """A letter whose signature is good, of a partner with an open epoch, written now. Raises Refused."""
        now = self.clock.now()
        asker = _claimed(letter)
        found = epochs.find(self.book, self.at, asker, now)
        if found is None:
            # Who is no partner, and who is one without an open epoch, are told the same.
            raise Refused(403, "there is nothing here for this asker: no open epoch")
        message = opened(kind, letter, {name: bytes.fromhex(key) for name, key in found.terms.signers.items()})
        if message.asker != found.terms.asker or message.holder != found.terms.holder:
            raise Refused(403, "the letter is of another asker, or to another holder")
        written = datetime.fromisoformat(message.at)
        if abs(now - written) > _SLACK:
            raise Refused(403, f"the letter was written at {message.at}; here it is {utc_text(now)}")
        if kind is not Knock and message.epoch != found.id:
            raise Refused(410, "the epoch has ended; knock for another offer")
        return message, found, now

    def _offer(self, letter: Letter) -> Reply:
        knock, epoch, now = self._opened(Knock, letter)
        try:
            self.book.knock(knock.asker, knock.nonce, utc_text(now))
        except Replayed as error:
            raise Refused(409, "this letter came before") from error
        terms = epoch.terms
        offer = Offer(
            terms.holder,
            terms.asker,
            epoch.id,
            epoch.row["public"],
            epoch.row["begins"],
            epoch.row["ends"],
            terms.keys,
            terms.purpose,
            terms.mode,
            epoch.entries,
            self.book.quota(epoch.row, utc_text(now)[:10]).left,
            epoch.set if terms.mode == "keys" else b"",
        )
        return Reply(200, seal(offer, self.key, terms.delegation))

    def _answer(self, letter: Letter) -> Reply:
        request, epoch, now = self._opened(Request, letter)
        if request.purpose != epoch.terms.purpose:
            raise Refused(403, f"the offer is for the purpose {epoch.terms.purpose}, not {request.purpose[:60]!r}")
        if request.mode != epoch.terms.mode:
            raise Refused(403, f"the agreement is for the mode {epoch.terms.mode!r}")
        if not any(request.case) or not any(request.commitment):
            raise Refused(403, "the request names no case, or commits to nothing")
        self._admitted(request, epoch, now)  # what is refused anyway costs us nothing either
        group.check(request.body)  # before anything is charged
        left = self._taken(request, epoch, now, letter)
        if request.mode == "count":
            second, own = cardinality.respond_elements(
                epochs.elements_of(epoch), request.body, epoch.entries, self.threads
            )
            body, proof, many = second + own, b"", epoch.entries
            self._second(request.digest, second)
        else:
            body, proof = batch.answer(epoch.secret, epoch.row["public"], request.body, self.threads)
            many = 0
        moment = utc_text(self.clock.now())
        made = Answer(epoch.terms.holder, epoch.id, moment, request.digest, proof, many, left.left, body)
        return Reply(
            200,
            seal(made, self.key, epoch.terms.delegation),
            sent=lambda: self.book.answered(request.digest, utc_text(self.clock.now())),
        )

    def _admitted(self, request: Request, epoch: epochs.Epoch, now: datetime) -> None:
        with _refusals():
            self.book.look(epoch.row, request.digest, utc_text(now), len(request.body) // group.ELEMENT)

    def _taken(self, request: Request, epoch: epochs.Epoch, now: datetime, letter: Letter) -> Quota:
        places = len(request.body) // group.ELEMENT
        with _refusals():
            return self.book.take(
                epoch.row,
                request.digest,
                request.nonce,
                utc_text(now),
                places,
                request.purpose,
                request.case,
                request.commitment,
                json.dumps(letter.envelope),
            )

    def _second(self, digest: bytes, second: bytes) -> None:
        """Keep what a count needs until its closing comes: elements that both have hidden and nobody can read."""
        keep(self.at / "counting" / digest.hex(), second)

    def _close(self, letter: Letter) -> Reply:
        closing, _epoch, _now = self._opened(Closing, letter)
        path = self.at / "counting" / closing.request.hex()
        if self.book.request(closing.request) is None or not path.exists():
            raise Refused(404, "there is no count that waits for this closing")
        both = cardinality.check(path.read_bytes(), closing.body).both
        self.book.counted(closing.request, both)  # first: after a power cut in between, the closing may come again
        shred(path)
        return Reply(204, b"")


@contextmanager
def _refusals() -> Iterator[None]:
    """What the book does not take, as the asker is told."""
    try:
        yield
    except Replayed as error:
        raise Refused(409, "this request was answered before, or its nonce was used") from error
    except Beyond as error:
        raise Refused(429, str(error)) from error


def _claimed(letter: Letter) -> str:
    """Who says that it wrote the letter: only to know which keys to hold the signature against. Raises BadMessage."""
    try:
        header = json.loads(base64.b64decode(letter.envelope["payload"], validate=True))
        return str(header["asker"])[:80]
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise BadMessage("the letter does not say who asks") from error


def _problem(status: int, problem: str) -> Reply:
    return Reply(status, json.dumps({"problem": problem}).encode(), "application/json")


class _Body:
    """The bytes of a reply. Its `sent` is called by the server when all of them have gone out, and only then."""

    def __init__(self, reply: Reply) -> None:
        self.content, self.sent = reply.content, reply.sent

    def __iter__(self) -> Iterator[bytes]:
        yield self.content


def application_of(holder: Holder) -> Callable[..., Iterable[bytes]]:
    """The WSGI application of a holder."""

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        try:
            reply = _handle(holder, environ)
        except Exception:
            number = secrets.token_hex(4)
            _log.exception("a letter could not be answered (%s)", number)
            reply = _problem(500, f"something failed here; the holder's log has it under {number}")
        headers = {"Content-Type": reply.kind, "Content-Length": str(len(reply.content)), "Cache-Control": "no-store"}
        start(_STATUS[reply.status], list(headers.items()))
        return _Body(reply)

    return application


def _handle(holder: Holder, environ: dict[str, Any]) -> Reply:
    if environ.get("PATH_INFO") != PATH:
        return _problem(404, f"letters go to {PATH}")
    if environ.get("REQUEST_METHOD") != "POST":
        return _problem(405, "letters are sent by POST")
    length = str(environ.get("CONTENT_LENGTH") or "")
    if not length.isdecimal():
        return _problem(411, "the length of the letter is not given")
    if int(length) > _MOST:
        return _problem(413, f"a letter has at most {_MOST:,} bytes")
    content = environ["wsgi.input"].read(int(length))
    if len(content) < int(length):
        return _problem(400, "the letter was cut off")
    return holder.answer(content)


def application() -> Front:
    """The application over BAHAM_HOME/overlap, on all cores; its upkeep runs beside it once a minute. Who writes is
    known by the letter alone, so each may send one, within the front's deadline and rate."""
    from threading import Thread
    from time import sleep

    holder = Holder(folder(), threads=environment.cores())

    def upkeep() -> None:
        while True:
            try:
                holder.upkeep()
            except Exception:
                _log.exception("the upkeep of epochs failed; it is tried again")
            sleep(_EVERY)

    Thread(target=upkeep, daemon=True).start()
    return Front(application_of(holder), [Room((PATH,), 2, _anybody, _MOST), Room((), 1, _anybody, 0)])


def _anybody(_: Environ) -> bool:
    return True


_EVERY = 20
"""Seconds between two looks for what was prepared and what has ended."""
