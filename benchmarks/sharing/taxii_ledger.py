"""Reading a collection of the ledger over TAXII: `python -m benchmarks.sharing.taxii_ledger [--entities N]`.

A made-up list of so many persons with fifteen values each, marked TLP:AMBER, in SQLite; a partner with a standing
agreement walks all of it in pages of a thousand, twice (first told, then told again), in process, through the door, the
gate, the writer and the log. Then one object by its id, and who goes on where nothing is new. Run it alone and pinned.
"""

import argparse
import base64
import json
import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.ledger import VALUES, entities, timed

PAGE = 1_000


def prepare(folder: Path, count: int) -> tuple[str, dict[str, str]]:
    """The list, the partner and the collection; its address, and how the partner signs in."""
    from django.utils import timezone

    from baham.kernel.handling import PAP, TLP, Audience
    from baham.measures.sharing.taxii import arrange
    from baham.platform.audit.services import Actor
    from baham.platform.ledger.load import load
    from baham.platform.ledger.models import Dataset
    from baham.platform.release.models import Agreement
    from baham.platform.release.partners import add_partner

    actor, path = Actor("benchmark"), folder / "list.jsonl"
    with path.open("w") as file:
        file.writelines(entities(count))
    load(path, "synthetic", actor)
    Dataset.objects.update(tlp=int(TLP.AMBER), pap=int(PAP.GREEN), grade="B2", scheme="admiralty-6x6")
    partner, secret = add_partner(
        actor,
        "reader",
        "Reader",
        "agency",
        trusted=True,
        audience=Audience.CLIENT,
        rate=10_000_000,
        reason="A partner in a benchmark, with a reason.",
    )
    now = timezone.now()
    Agreement.objects.create(
        partner=partner,
        purposes=["screening"],
        fields=None,
        standing=True,
        legal_basis="An invented act, section 1",
        made_by="benchmark",
        approved_by="another",
        approved_at=now,
        begins=now - timedelta(days=1),
        ends=now + timedelta(days=9),
    )
    made = arrange.add_collection(actor, arrange.add_root(actor, "ours", "Ours"), "List", shelf="ledger")
    arrange.give_access(actor, made, partner, can_read=True)
    basic = base64.b64encode(f"reader:{secret}".encode()).decode()
    return f"/taxii2/ours/collections/{made.pk}/objects/", {"Authorization": f"Basic {basic}"}


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BAHAM_HOME"] = folder
        from baham.platform.boot import boot

        boot()
        from django.test import Client
        from django.test.utils import override_settings

        from baham.platform.ledger import touches

        with override_settings(ALLOWED_HOSTS=["testserver"]):
            address, headers = prepare(Path(folder), count)
            start = time.process_time()
            touches.entities_of([UUID(int=0)])
            print(f"{count:,} persons, {VALUES} values each; ids of all of them {time.process_time() - start:.2f} s")
            client = Client()
            number = ""
            for turn in ("first told", "told again"):
                start, seen, query = time.process_time(), 0, {"limit": str(PAGE)}
                while True:
                    page: dict[str, Any] = json.loads(client.get(address, query, headers=headers).content)
                    seen += len(page["objects"])
                    number = page["objects"][-1]["id"]
                    if not page.get("more"):
                        break
                    query["next"] = page["next"]
                taken = time.process_time() - start
                rate, values = seen / taken, seen * VALUES / taken
                print(f"pages of {PAGE:,}, {turn:12} {rate:8,.0f} objects/s {values:10,.0f} values/s")
            p50, p95 = timed(50, lambda turn: client.get(f"{address}{number}/", headers=headers))
            print(f"one object               p50 {p50:6.2f} ms, p95 {p95:6.2f} ms")
            last = client.get(f"{address}{number}/", headers=headers)["X-TAXII-Date-Added-Last"]
            p50, p95 = timed(50, lambda turn: client.get(address, {"added_after": last}, headers=headers))
            print(f"nothing new              p50 {p50:6.2f} ms, p95 {p95:6.2f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entities", type=int, default=10_000)
    sys.exit(main(parser.parse_args().entities))
