"""A ledger with something of every type of STIX that Baham writes; all invented."""

import json
from pathlib import Path
from typing import Any

from baham.kernel.handling import PAP, TLP
from baham.measures.sharing.taxii import arrange
from baham.measures.sharing.taxii.models import Collection
from baham.platform.ledger.models import Dataset, Entity
from tests.measures.sharing.taxii import world
from tests.support.lists import bring
from tests.support.people import actor

ENTITIES: list[tuple[str, str, dict[str, list[str]]]] = [
    ("p-1", "Person", {"name": ["Zarghun Talband"], "birthDate": ["1984"], "idNumber": ["61-0447-2215"]}),
    ("p-2", "Person", {"name": ["Mirwais Khorvash", "M. Khorvash"], "nationality": ["sv"]}),
    ("o-1", "Organization", {"name": ["The Nilgar Column"], "notes": ["an invented group"]}),
    ("a-1", "Address", {"full": ["4 Canal Road, Rudabar"], "country": ["sv"]}),
    ("a-2", "Address", {"full": ["9 Canal Road"], "city": ["Rudabar"]}),
    ("u-1", "UserAccount", {"username": ["zarghun84"], "service": ["orvane"]}),
    ("e-1", "Event", {"name": ["The fair at Rudabar"], "startDate": ["2025-04-01"]}),
    ("m-1", "Membership", {"member": ["p-1"], "organization": ["o-1"], "role": ["treasurer"]}),
    ("f-1", "Family", {"person": ["p-1"], "relative": ["p-2"], "relationship": ["brother"]}),
    ("l-1", "UnknownLink", {"subject": ["o-1"], "object": ["a-1"], "role": ["located-at"]}),
    ("s-1", "Sanction", {"entity": ["p-1"], "program": ["TEST"], "startDate": ["2024-02-01"]}),
    ("v-1", "Vessel", {"name": ["Orvane Star"]}),
]


def filled(folder: Path, name: str = "home-dept", entities: Any = ENTITIES, tlp: TLP = TLP.AMBER) -> dict[str, Entity]:
    """Load the entities as the next version of a list that is graded B2; its entities by their key."""
    path = folder / f"{name}-{len(list(folder.glob('*.jsonl')))}.jsonl"
    rows = [{"id": key, "schema": schema, "properties": values} for key, schema, values in entities]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    bring(path, name, actor(), about={"title": "Home Department list", "publisher": "Home Department, Kohsar"})
    Dataset.objects.filter(name=name).update(tlp=int(tlp), pap=int(PAP.GREEN), grade="B2", scheme="admiralty-6x6")
    return {entity.key: entity for entity in Entity.objects.filter(dataset__name=name)}


def shelf_of(*readers: world.Knocker, **more: Any) -> Collection:
    """A collection of the ledger that these may read."""
    root = world.collection(root="ours").root
    made = arrange.add_collection(actor(), root, "Ledger", shelf="ledger", **more)
    for reader in readers:
        arrange.give_access(actor(), made, reader.partner, can_read=True)
    return made
