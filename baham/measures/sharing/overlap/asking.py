"""The asker's side: from a file of persons to leads, through keys, commitments and signed requests.

Nothing follows from a lead by itself: no record changes, nobody is held, nothing is sent on. Persons who must not
become known to a partner are left out before anything is encrypted. What each request stood for is kept in private
files under `overlap/asked`, so that an auditor can have it opened (`audits.py`).
"""

import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field

from django.utils import timezone

from baham.engines.overlap import batch, cardinality, group, keys, setup
from baham.engines.overlap.commitment import SALT, Place, case_digest
from baham.engines.overlap.oprf import BadProof
from baham.engines.overlap.session import Answer, BadMessage, Closing, Hit, Knock, Message, Offer, Request
from baham.formats.dsse import BadSignature
from baham.kernel.clock import utc_text
from baham.measures.sharing.overlap import audits, pads
from baham.measures.sharing.overlap.folder import folder
from baham.measures.sharing.overlap.holder import KIND, PATH
from baham.measures.sharing.overlap.letters import M, holders_key, opened, received, seal
from baham.measures.sharing.overlap.prepare import kept_back
from baham.platform import environment, outbound
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.release.agreements import current
from baham.platform.release.identity import ours
from baham.platform.release.models import Partner
from baham.platform.release.partners import signing_keys

_MOST_REPLY = 256 << 20
_TRIES, _WAIT, _SECONDS = 7, 0.5, 300
"""A holder that is being started anew is back within half a minute: .5, 1, 2 … 16 seconds between the tries."""


class CannotAsk(Exception):
    """Nothing more was asked. The text says what to mend; what was found before stands."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One row of the asker's file: its own reference, and what is known of the person."""

    id: str
    person: keys.Person


@dataclass(slots=True)
class Outcome:
    """What came of asking: leads, or a count; rows by why they were not asked; the commitments of the requests."""

    leads: list[Hit] = field(default_factory=list)
    both: int | None = None
    asked: int = 0
    places: int = 0
    without_key: list[str] = field(default_factory=list)
    left_out: int = 0
    beyond_quota: list[str] = field(default_factory=list)
    commitments: list[str] = field(default_factory=list)


class Counterpart:
    """A partner's holder at an address, as this installation talks to it."""

    def __init__(self, partner: Partner, url: str) -> None:
        try:
            outbound.check(url)
        except outbound.NotAllowed as error:
            raise CannotAsk(str(error)) from error
        if not (pinned := signing_keys(partner)):
            raise CannotAsk(f"no key of {partner.name} is pinned to check its signatures with")
        self.partner, self.url, self.pinned, self.identity = partner, url.rstrip("/") + PATH, pinned, ours()
        self.party = str(partner.party)

    def offer(self) -> Offer:
        """Ask for the holder's offer. Raises CannotAsk."""
        knock = Knock(self.identity.party, self.party, _now(), secrets.token_bytes(16))
        offer = self.say(knock, Offer)
        if offer.holder != self.party or offer.partner != self.identity.party:
            raise CannotAsk("the offer is of another holder, or for another asker")
        if offer.keys != keys.version():
            raise CannotAsk(
                f"{self.partner.name} makes keys in another way ({offer.keys}, here {keys.version()}): "
                "both sides need the same version of Baham"
            )
        return offer

    def say(self, message: Message, wanted: type[M]) -> M:
        """Send a letter and open the reply; the same letter again where the network failed. Raises CannotAsk."""
        letter = received(self._post(seal(message, self.identity.signing_key)))
        try:
            return opened(wanted, letter, holders_key(letter, self.party, self.pinned, _now()))
        except (BadSignature, BadMessage) as error:
            raise CannotAsk(f"the reply of {self.partner.name} is not to be trusted: {error}") from error

    def tell(self, message: Message) -> None:
        """Send a letter to which there is no reply. Raises CannotAsk."""
        self._post(seal(message, self.identity.signing_key))

    def _post(self, content: bytes) -> bytes:
        request = urllib.request.Request(self.url, content, {"Content-Type": KIND})
        for attempt in range(1, _TRIES + 1):
            try:
                with outbound.opener(self.url).open(request, timeout=_SECONDS) as reply:
                    got: bytes = reply.read(_MOST_REPLY + 1)
                if len(got) > _MOST_REPLY:
                    raise CannotAsk(f"{self.url}: the reply is too long")
                return got
            except urllib.error.HTTPError as error:
                if error.code < 500 or attempt == _TRIES:
                    raise CannotAsk(f"{self.partner.name} refuses: {_problem(error)}") from error
            except outbound.NotAllowed as error:
                raise CannotAsk(f"{self.url}: {error}") from error
            except (OSError, EOFError) as error:
                if attempt == _TRIES or isinstance(getattr(error, "reason", None), outbound.NotAllowed):
                    raise CannotAsk(f"{self.url}: {getattr(error, 'reason', None) or error}") from error
            time.sleep(_WAIT * 2 ** (attempt - 1))
        raise AssertionError("unreachable")


def check(partner: Partner, actor: Actor) -> None:
    """Whether we may ask this partner for this purpose at all. Raises CannotAsk."""
    agreement, purpose = current(partner), actor.purpose
    if purpose is None or not purpose.case.strip():
        raise CannotAsk("name the purpose and the case: nobody is asked about without both")
    if agreement is None or not agreement.overlap_daily:
        raise CannotAsk(f"no agreement in force with {partner.name} allows overlap checks")
    if purpose.code not in agreement.purposes:
        raise CannotAsk(f"the agreement with {partner.name} does not cover the purpose {purpose.code}")


def ask(actor: Actor, partner: Partner, url: str, subjects: Iterable[Subject]) -> Iterator[Outcome]:
    """Ask the partner's holder about these persons. After each request, the outcome so far (always the same object).

    Raises CannotAsk; what was asked before is logged and stands.
    """
    check(partner, actor)
    assert actor.purpose is not None
    audits.forget(folder(), time.time())
    outcome = Outcome()
    wanted = _keys_of(subjects, outcome)
    record(
        actor,
        Event.COMBINATION,
        "asked for overlaps",
        f"partner:{partner.name}",
        title=partner.title,
        recipient=partner.title,
        keys=len(wanted),
        left_out=outcome.left_out,
        without_key=len(outcome.without_key),
    )
    try:
        other = Counterpart(partner, url)
        offer = other.offer()
        if offer.purpose != actor.purpose.code:
            raise CannotAsk(f"{partner.name} offers overlap checks for {offer.purpose}, not {actor.purpose.code}")
        if offer.mode == "count":
            yield from _count(other, offer, wanted, actor, outcome)
        else:
            yield from _find(other, offer, wanted, actor, outcome)
    finally:
        record(
            actor,
            Event.COMBINATION,
            "overlaps found",
            f"partner:{partner.name}",
            title=partner.title,
            requests=len(outcome.commitments),
            places=outcome.places,
            leads=len(outcome.leads),
            both=outcome.both,
            commitments=outcome.commitments,
        )


def make_ready(
    actor: Actor, partner: Partner, url: str, keys: int, progress: Callable[[int, int | None], None] = lambda *_: None
) -> int:
    """Make pads for a request of so many keys to the partner's holder, before it is known whom to ask about; how many
    lie ready then. Nobody is asked about. Raises CannotAsk."""
    if not 0 < keys <= batch.MOST:
        raise CannotAsk(f"from 1 to {batch.MOST:,} keys")
    if not batch.is_large(keys):
        raise CannotAsk(f"a request of {batch.PROVEN:,} keys or fewer takes no pads")
    if (agreement := current(partner)) is None or not agreement.overlap_daily:
        raise CannotAsk(f"no agreement in force with {partner.name} allows overlap checks")
    offer = Counterpart(partner, url).offer()
    try:
        ready = pads.make(folder(), partner.name, offer.public, keys, environment.cores(), progress)
    except group.BadElement as error:
        raise CannotAsk(f"the offer of {partner.name} cannot be used: {error}") from error
    record(actor, Event.SYSTEM, "made pads ready", f"partner:{partner.name}", title=partner.title, pads=ready)
    return ready


def _keys_of(subjects: Iterable[Subject], outcome: Outcome) -> dict[bytes, list[str]]:
    """The keys to ask about, each with the rows it stands for; protected persons are left out here."""
    never, wanted = kept_back(), dict[bytes, list[str]]()
    for subject in subjects:
        mine = keys.asked(subject.person)
        if not mine:
            outcome.without_key.append(subject.id)
        elif not never.isdisjoint(map(keys.bare, mine)):
            outcome.left_out += 1
        else:
            outcome.asked += 1
            for key in mine:
                wanted.setdefault(key, []).append(subject.id)
    return wanted


def _find(
    other: Counterpart, offer: Offer, wanted: dict[bytes, list[str]], actor: Actor, outcome: Outcome
) -> Iterator[Outcome]:
    assert actor.purpose is not None
    case, left, rows = actor.purpose.case, offer.left, list(wanted)
    try:
        held = setup.read(offer.body, offer.entries)
        group.check(offer.public)
    except (setup.BadFilter, group.BadElement) as error:
        raise CannotAsk(f"the offer of {other.partner.name} cannot be used: {error}") from error
    while rows and (size := _fitting(len(rows), left)):
        some, rows = rows[:size], rows[size:]
        cores, large = environment.cores(), batch.is_large(size)
        ahead = pads.take(folder(), other.partner.name, offer.public, size, cores) if large else None
        asked = batch.ask([(key, case) for key in some], offer.public, cores, ahead)
        request = _request(other, offer, actor, asked.commitment, asked.elements, asked.places)
        answer = _answered(other, request)
        try:
            found = batch.finish(asked, offer.public, answer.body, answer.proof, environment.cores())
        except (BadProof, group.BadElement) as error:
            raise CannotAsk(f"{other.partner.name} answered wrongly: {error}. Keep {_named(request)}") from error
        hits = held.find([output for _, output in found])
        for (place, _), hit in zip(found, hits, strict=True):
            if hit:
                kind = "document" if place.key.startswith(b"d|") else "name and year of birth"
                outcome.leads += [Hit(one, kind) for one in wanted[place.key]]
        outcome.places += group.count(asked.elements)
        outcome.commitments.append(request.commitment.hex())
        left = answer.left
        yield outcome
    outcome.beyond_quota += sorted({one for key in rows for one in wanted[key]})
    yield outcome


def _fitting(many: int, left: int) -> int:
    """How many keys the next request may have: all, or as many as fit into what is left; 0 where nothing fits."""
    many = min(many, batch.MOST)
    while many and batch.elements_for(many) > left:
        many = batch.fewer(many)
    return many


def _count(
    other: Counterpart, offer: Offer, wanted: dict[bytes, list[str]], actor: Actor, outcome: Outcome
) -> Iterator[Outcome]:
    if not wanted:
        return
    size = batch.places_for(len(wanted))
    if size > offer.left:
        raise CannotAsk(f"{size:,} places are more than the {offer.left:,} left; a count asks about all at once")
    assert actor.purpose is not None
    begun, first = cardinality.begin([(key, actor.purpose.case) for key in wanted], environment.cores())
    request = _request(other, offer, actor, begun.commitment, first, begun.places)
    answer = _answered(other, request)
    many = len(answer.body) // group.ELEMENT - answer.own
    second, own = answer.body[: many * group.ELEMENT], answer.body[many * group.ELEMENT :]
    try:
        counted, third = cardinality.conclude(begun, second, own, environment.cores())
    except group.BadElement as error:
        raise CannotAsk(f"{other.partner.name} answered wrongly: {error}") from error
    other.tell(Closing(other.identity.party, other.party, offer.epoch, _now(), request.digest, third))
    outcome.both, outcome.places = counted.both, size
    outcome.commitments.append(request.commitment.hex())
    yield outcome


def _request(
    other: Counterpart, offer: Offer, actor: Actor, root: bytes, elements: bytes, places: Sequence[Place]
) -> Request:
    """A request; what its places stand for is kept before it is sent."""
    assert actor.purpose is not None
    salt = secrets.token_bytes(SALT)
    request = Request(
        other.identity.party,
        other.party,
        offer.epoch,
        _now(),
        secrets.token_bytes(16),
        actor.purpose.code,
        case_digest(salt, actor.purpose.case),
        root,
        offer.mode,
        elements,
    )
    audits.keep(folder(), other.partner.name, request, places, salt)
    return request


def _answered(other: Counterpart, request: Request) -> Answer:
    answer = other.say(request, Answer)
    if answer.request != request.digest or answer.epoch != request.epoch:
        raise CannotAsk(f"{other.partner.name} answered another request")
    return answer


def _named(request: Request) -> str:
    return f"overlap/asked/{request.commitment.hex()[:16]}.json and the log: they show it"


def _problem(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(error.read(10_000))["problem"])[:300]
    except (ValueError, KeyError, TypeError):
        return f"HTTP {error.code}"


def _now() -> str:
    return utc_text(timezone.now())


def lead_as_json(lead: Hit, partner: str) -> dict[str, str]:
    """The shape in which leads are written, one object a line."""
    return {**asdict(lead), "partner": partner}


def subjects_of(rows: Sequence[object]) -> list[Subject]:
    """The subjects of rows as `baham screen` reads them."""
    from baham.platform.screening.queries import Asked

    found = []
    for row in rows:
        if isinstance(row, Asked):
            query = row.query
            number = [keys.Document(query.id_number)] if query.id_number else []
            born = [query.birth_date] if query.birth_date else []
            lands = [query.nationality] if query.nationality else []
            found.append(Subject(row.id, keys.Person([query.name], born, number, lands)))
    return found
