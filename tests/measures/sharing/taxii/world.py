"""Partners, collections and STIX objects for tests of the TAXII door; all invented."""

import base64
import json
import uuid
from datetime import timedelta
from typing import Any

from django.test import Client as Browser
from django.utils import timezone

from baham.kernel.handling import TLP, Audience
from baham.measures.sharing.taxii import arrange
from baham.measures.sharing.taxii.models import Collection, Root
from baham.platform.release.models import Agreement, Partner
from baham.platform.release.partners import add_partner
from tests.support.people import actor

MEDIA = "application/taxii+json;version=2.1"
GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
CLEAR = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"
AMBER = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"


class Knocker:
    """A program of a partner that asks over HTTP, as Django's test client sends it."""

    def __init__(self, partner: Partner, secret: str) -> None:
        self.partner, self.secret = partner, secret
        self.basic = "Basic " + base64.b64encode(f"{partner.name}:{secret}".encode()).decode()
        self._browser = Browser(raise_request_exception=False)

    def get(self, address: str, /, accept: str = MEDIA, **query: Any) -> Any:
        return self._browser.get(f"/taxii2/{address}", query, headers={"Authorization": self.basic, "Accept": accept})

    def delete(self, address: str, /, query: str = "") -> Any:
        headers = {"Authorization": self.basic, "Accept": MEDIA}
        return self._browser.delete(f"/taxii2/{address}{query}", headers=headers)

    def send(self, address: str, body: bytes, content: str = MEDIA, **headers: str) -> Any:
        sent = {"Authorization": self.basic, "Accept": MEDIA, "Content-Type": content, **headers}
        return self._browser.post(f"/taxii2/{address}", body, content_type=content, headers=sent)

    def post(self, collection: Collection, *objects: Any) -> Any:
        return self.send(f"{objects_of(collection)}", json.dumps({"objects": list(objects)}).encode())

    def ids(self, collection: Collection, **query: Any) -> list[str]:
        """The ids of the objects that it is served, over all pages."""
        found: list[str] = []
        while True:
            answer = self.get(objects_of(collection), **query)
            assert answer.status_code == 200, answer.content
            page = answer.json()
            found += [one["id"] for one in page.get("objects", [])]
            if not page.get("more"):
                return found
            query["next"] = page["next"]


def objects_of(collection: Collection) -> str:
    return f"{collection.root.slug}/collections/{collection.pk}/objects/"


def partner(
    name: str,
    *,
    trusted: bool = True,
    agreed: bool = True,
    tlp: TLP = TLP.AMBER,
    standing: bool = True,
    audience: Audience = Audience.CLIENT,
    rate: int = 1_000_000,
) -> Knocker:
    """A partner with an agreement that two people have signed, or without."""
    made, secret = add_partner(
        actor(),
        name,
        f"{name.title()} bureau",
        "agency" if trusted else "liaison",
        trusted=trusted,
        audience=audience,
        rate=rate,
        reason="A partner in a test, with a reason long enough.",
    )
    if agreed:
        Agreement.objects.create(
            partner=made,
            purposes=["screening"],
            fields=None if trusted else ["name"],
            tlp=tlp,
            standing=standing,
            legal_basis="An invented act, section 1",
            made_by="barvand",
            approved_by="noor",
            approved_at=timezone.now(),
            begins=timezone.now() - timedelta(days=1),
            ends=timezone.now() + timedelta(days=9),
        )
    return Knocker(made, secret)


def collection(*members: Knocker, root: str = "exchange", title: str = "Networks", **more: Any) -> Collection:
    """A collection that its members may read and post to."""
    found = Root.objects.filter(slug=root).first() or arrange.add_root(actor(), root, root.title())
    made = arrange.add_collection(actor(), found, title, **{"moderated": False, **more})
    for member in members:
        arrange.give_access(actor(), made, member.partner, can_read=True, can_write=True)
    return made


def stix(
    kind: str = "identity",
    number: int | None = None,
    *marks: str,
    modified: str = "2026-05-01T00:00:00.000Z",
    created: str = "2026-05-01T00:00:00.000Z",
    **more: Any,
) -> dict[str, Any]:
    """An object of STIX 2.1, marked TLP:GREEN if nothing else is said."""
    key = uuid.uuid4() if number is None else uuid.UUID(int=number)
    return {
        "type": kind,
        "spec_version": "2.1",
        "id": f"{kind}--{key}",
        "created": created,
        "modified": modified,
        "name": f"Orvane works {number}",
        "object_marking_refs": list(marks or (GREEN,)),
        **more,
    }


def observable(number: int, value: str = "tarvok@example.org") -> dict[str, Any]:
    """An object without versions."""
    return {
        "type": "email-addr",
        "spec_version": "2.1",
        "id": f"email-addr--{uuid.UUID(int=number)}",
        "value": value,
        "object_marking_refs": [GREEN],
    }
