"""A small invented list in FollowTheMoney's JSON, with what a plain table cannot hold: topics, ties and sanctions."""

import json
from pathlib import Path

from baham.platform.ledger.load import Loaded
from tests.support.lists import bring
from tests.support.people import actor

ENTITIES = [
    {
        "id": "o-1",
        "schema": "Person",
        "properties": {
            "name": ["Tarvok Zelmani"],
            "alias": ["ترووک زلمانی"],
            "birthDate": ["1971-02-03"],
            "nationality": ["sv"],
            "topics": ["sanction"],
            "passportNumber": ["SV-889021"],
        },
    },
    {"id": "o-2", "schema": "Person", "properties": {"name": ["Livra Zelmani"], "topics": ["role.rca"]}},
    {
        "id": "o-3",
        "schema": "Company",
        "properties": {"name": ["Orvane Lantern Trading"], "jurisdiction": ["sv"], "registrationNumber": ["OLT-4471"]},
    },
    {
        "id": "s-1",
        "schema": "Sanction",
        "properties": {"entity": ["o-1"], "authority": ["Home Department, Kohsar"], "program": ["Lantern Regulations"]},
    },
    {"id": "f-1", "schema": "Family", "properties": {"person": ["o-1"], "relative": ["o-2"]}},
    {"id": "w-1", "schema": "Ownership", "properties": {"owner": ["o-1"], "asset": ["o-3"], "percentage": ["60"]}},
]


def load_ftm(tmp_path: Path, entities: list[dict] = ENTITIES, name: str = "open-list", **more: object) -> Loaded:
    """Load the entities as the next version of a list."""
    number = len(list(tmp_path.glob("*.json")))
    path = tmp_path / f"{name}-{number}.ftm.json"
    path.write_text("".join(json.dumps(entity, ensure_ascii=False) + "\n" for entity in entities), encoding="utf-8")
    return bring(path, name, actor(), about={"title": "Open list", "publisher": "Lantern Foundation"}, **more)
