"""Exchange formats out and in: `python -m benchmarks.sharing.formats [--entities N] [--bundle FILE]`.

Writes and reads the same claims as STIX, MISP and FollowTheMoney, and lets the field's own libraries (stix2, PyMISP,
followthemoney) parse and serialise the very same content in the same run. Theirs check shapes and know nothing of
claims; ours carry grades, handling and chains: the ratio says what a partner waits for, not who is quicker at the same.
`--bundle` also reads a bundle of others (ATT&CK Enterprise of mitre/cti) as a list.
Run it alone and pinned: `taskset -c 0 python -m benchmarks.sharing.formats`.
"""

import argparse
import io
import json
import resource
import tempfile
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from baham.formats import ftm_out, ftm_statements, misp, stix
from baham.kernel.claim import Claim, Hand
from baham.kernel.grade import Grade, Scheme
from baham.kernel.handling import PAP, TLP, Handling
from baham.kernel.statement import Place, Statement

US = stix.Producer("north-desk", "North Desk")
VALUES = {
    "name": "Zarghun {0} Talband",
    "alias": "{0} Zarghun",
    "birthDate": "1970-01-02",
    "nationality": "af",
    "fatherName": "Wali {0}",
    "idNumber": "61-{0}",
    "passportNumber": "QX{0}",
    "address": "{0} Canal Road, Rudabar",
    "notes": "An invented entry, number {0}",
    "position": "Ferryman",
}


def made(count: int) -> list[Claim]:
    """Claims of invented persons, ten each, graded and marked, with one hand."""
    grade = Grade(Scheme.ADMIRALTY, "B", "2", "desk", datetime(2031, 1, 1, tzinfo=UTC), "seen twice")
    handling = Handling(TLP.GREEN, PAP.AMBER, None, frozenset({"lantern-foundation"}))
    chain = (Hand("lantern-foundation", "Lantern Foundation", "2031-01-02T00:00:00Z"),)
    return [
        Claim(
            Statement(
                f"p-{number}",
                "Person",
                prop,
                form.format(number),
                "tl-one",
                first_seen="2031-01-01T00:00:00",
                last_seen="2031-02-01T00:00:00",
                place=Place(f"line {number}", prop),
            ),
            handling,
            grade,
            chain=chain,
        )
        for number in range(count)
        for prop, form in VALUES.items()
    ]


def timed(what: str, number: int, unit: str, act: Callable[[], Any], turns: int = 3) -> tuple[float, Any]:
    """Print the best of a few turns as a rate; give it back with what the act made."""
    best, result = float("inf"), None
    for _ in range(turns):
        start = time.perf_counter()
        result = act()
        best = min(best, time.perf_counter() - start)
    print(f"  {what:<44} {best:8.3f} s {number / best:12,.0f} {unit}/s")
    return best, result


def ratio(ours: float, theirs: float) -> None:
    print(f"  {'':<44} ours takes {ours / theirs:.2f} times theirs")


def in_stix(claims: list[Claim]) -> None:
    import stix2

    print(f"STIX 2.1, {len(claims):,} claims")

    def write() -> list[dict[str, Any]]:
        return list(stix.objects(claims, producer=US))

    _, objects = timed("claims to objects", len(claims), "claims", write)
    count = len(objects)
    dumped, text = timed("the same and JSON", count, "objects", lambda: json.dumps(write()))
    parsed, theirs = timed(
        "stix2: parse", count, "objects", lambda: [stix2.parse(one, version="2.1") for one in objects]
    )
    serialised, _ = timed("stix2: serialize", count, "objects", lambda: [one.serialize() for one in theirs])
    ratio(dumped, serialised)
    back, read = timed("JSON to claims", count, "objects", lambda: list(stix.claims(json.loads(text), dataset="x")))
    assert set(read) == set(claims)
    ratio(back, parsed)


def in_misp(claims: list[Claim], folder: Path) -> None:
    import pymisp

    print(f"MISP, {len(claims):,} claims")
    written, event = timed(
        "claims to an event, as JSON",
        len(claims),
        "claims",
        lambda: json.dumps(misp.event(claims, producer=US, key="bench", info="Bench")),
    )
    back, read = timed(
        "JSON to claims", len(claims), "claims", lambda: list(misp.claims(json.loads(event), dataset="x"))
    )
    assert set(read) == set(claims)

    def load() -> Any:
        theirs = pymisp.MISPEvent()
        theirs.load(event)
        return theirs

    loaded, theirs = timed("PyMISP: load", len(claims), "claims", load)
    dumped, _ = timed("PyMISP: to_json", len(claims), "claims", lambda: theirs.to_json())
    ratio(back, loaded)
    ratio(written, dumped)
    timed("a feed of one event", len(claims), "claims", lambda: misp.feed.write(folder, [json.loads(event)]))


def in_ftm(claims: list[Claim], folder: Path) -> None:
    from followthemoney.statement import read_statements, write_statements

    print(f"FollowTheMoney, {len(claims):,} claims")
    path = folder / "statements.csv"
    written, text = timed("statements.csv", len(claims), "claims", lambda: "".join(ftm_out.statements(claims)))
    path.write_text(text, encoding="utf-8", newline="")
    back, _ = timed("and back as claims", len(claims), "claims", lambda: list(ftm_statements.claims(path)))
    parsed, theirs = timed(
        "followthemoney: read",
        len(claims),
        "claims",
        lambda: list(read_statements(io.BytesIO(text.encode()), "csv")),
    )
    dumped, _ = timed(
        "followthemoney: write", len(claims), "claims", lambda: write_statements(io.BytesIO(), "csv", theirs)
    )
    ratio(back, parsed)
    ratio(written, dumped)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--entities", type=int, default=2000)
    words.add_argument("--bundle", type=Path)
    given = words.parse_args()
    warnings.simplefilter("ignore")
    claims = made(given.entities)
    with tempfile.TemporaryDirectory() as folder:
        in_stix(claims)
        in_misp(claims, Path(folder) / "feed")
        in_ftm(claims, Path(folder))
    if given.bundle:
        print(f"{given.bundle.name}, {given.bundle.stat().st_size / 1e6:.1f} MB")
        start = time.perf_counter()
        said = [len(entity) for entity in stix.FORMAT.read(given.bundle, "bench")]
        taken = time.perf_counter() - start
        print(f"  {len(said):,} entities, {sum(said):,} statements {taken:8.3f} s {len(said) / taken:12,.0f} objects/s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
