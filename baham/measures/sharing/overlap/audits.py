"""What an auditor asks of an overlap check: the asker opens places of a request, the auditor checks them.

The asker keeps, for every request, the letter and what each place of it stood for (private files; they name persons).
`opening` takes single places out of it for an auditor; `examine` is what the auditor runs, with the request as the
*holder* has it (its digest stands in both books) and with nobody's word for anything.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baham.engines.overlap.commitment import Checked, Opening, Place, case_digest, check, open_place
from baham.engines.overlap.session import BadMessage, Request
from baham.measures.sharing.overlap.folder import keep as keep_file
from baham.measures.sharing.overlap.folder import shred

KEPT_DAYS = 366
"""How long requests can be opened. They name persons, so they are not kept for ever."""


class BadOpening(ValueError):
    """A file that is no opening, or of which there is none. The text says why."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What an opening shows: of which request, which place, and whether it holds."""

    request: str
    index: int
    key: str
    checked: Checked


def keep(at: Path, partner: str, request: Request, places: Sequence[Place], case_salt: bytes) -> Path:
    """Keep a request and what its places stand for, before it is sent."""
    path = at / "asked" / f"{request.commitment.hex()[:16]}.json"
    keep_file(
        path,
        json.dumps(
            {
                "partner": partner,
                "request": request.header(),
                "elements": request.body.hex(),
                "case_salt": case_salt.hex(),
                "places": [[one.salt.hex(), one.key.decode(), one.case, one.blind.hex(), one.added] for one in places],
            }
        ).encode(),
    )
    return path


def forget(at: Path, now: float) -> int:
    """Overwrite and remove what was kept longer than KEPT_DAYS; how many requests. `now` is in seconds since 1970."""
    old = [path for path in (at / "asked").glob("*.json") if path.stat().st_mtime < now - KEPT_DAYS * 86_400]
    for path in old:
        shred(path)
    return len(old)


def opening(at: Path, commitment: str, index: int) -> dict[str, Any]:
    """One place of a request, opened for an auditor. Raises BadOpening."""
    if len(commitment) < 16 or not all(char in "0123456789abcdef" for char in commitment):
        raise BadOpening("name the commitment by at least its first 16 hexadecimal digits")
    path = at / "asked" / f"{commitment[:16]}.json"
    try:
        held = json.loads(path.read_bytes())
        places = [place_of(row) for row in held["places"]]
        opened = open_place(places, index)
        if opened.place.emptied:
            raise BadOpening("this place was emptied when the person was erased; it cannot be opened any more")
    except FileNotFoundError as error:
        raise BadOpening(f"there is no request with the commitment {commitment}") from error
    except IndexError as error:
        raise BadOpening(f"the request has places from 0 to {len(places) - 1}") from error
    return {
        **{name: held[name] for name in ("request", "elements", "case_salt")},
        "index": index,
        "size": opened.size,
        "place": held["places"][index],
        "way": [one.hex() for one in opened.way],
    }


def examine(given: Any) -> Examined:
    """Check an opening. Raises BadOpening for what is none."""
    try:
        request = Request.read(given["request"], bytes.fromhex(given["elements"]))
        place, salt = place_of(given["place"]), bytes.fromhex(given["case_salt"])
        opened = Opening(int(given["index"]), int(given["size"]), place, tuple(map(bytes.fromhex, given["way"])))
    except (KeyError, TypeError, ValueError, BadMessage) as error:
        raise BadOpening(f"it is no opening of an overlap check: {error}") from error
    checked = check(opened, request.commitment, request.body)
    if checked.good and place.key and case_digest(salt, place.case) != request.case:
        checked = Checked(False, "the request was signed for another case than the one that this place names")
    return Examined(request.digest.hex(), opened.index, place.key.decode(errors="replace"), checked)


def place_of(row: Any) -> Place:
    """A place as it is kept: all of it, or its leaf alone. Raises ValueError or TypeError for what is none."""
    if isinstance(row, list) and len(row) == 1:
        return Place(b"", emptied=bytes.fromhex(row[0]))
    salt, key, case, blind, added = row
    return Place(bytes.fromhex(salt), str(key).encode(), str(case), bytes.fromhex(blind), added is True)
