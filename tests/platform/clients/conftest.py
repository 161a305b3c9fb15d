"""A ledger of two invented lists, and a program with a key."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from baham.platform.clients.models import Client
from baham.platform.clients.services import add_client
from baham.platform.ledger.models import Entity
from baham.platform.screening import index
from tests.support.ftm import load_ftm
from tests.support.lists import load_rows
from tests.support.people import actor


class Program:
    """A program that asks over HTTP, as Django's test client sends it."""

    def __init__(self, client: Client, key: str) -> None:
        self.client, self.key, self._browser = client, key, Browser(raise_request_exception=False)

    def get(self, address: str, **parameters: Any) -> Any:
        return self._browser.get(address, parameters, headers={"Authorization": f"ApiKey {self.key}"})

    def post(self, address: str, body: Any = None, **more: Any) -> Any:
        return self._browser.post(
            address, body, content_type="application/json", headers={"Authorization": f"ApiKey {self.key}"}, **more
        )

    def put(self, address: str, body: Any = None) -> Any:
        headers = {"Authorization": f"ApiKey {self.key}"}
        return self._browser.put(address, body, content_type="application/json", headers=headers)

    def delete(self, address: str) -> Any:
        return self._browser.delete(address, headers={"Authorization": f"ApiKey {self.key}"})

    def match(self, dataset: str = "default", schema: str = "Person", query: str = "", **properties: Any) -> Any:
        """One query, answered alone: the status, or its results."""
        body = {"queries": {"q": {"schema": schema, "properties": properties}}}
        answer = self.post(f"/yente/match/{dataset}{query}", body)
        return answer.json()["responses"]["q"] if answer.status_code == 200 else answer

    def found(self, dataset: str = "default", **properties: Any) -> list[str]:
        return [result["id"] for result in self.match(dataset, **properties)["results"]]


@pytest.fixture
def ledger(db, tmp_path) -> dict[str, Entity]:
    """Two lists, loaded and indexed; their entities by their key."""
    load_rows(tmp_path)
    load_ftm(tmp_path)
    index.build()
    return {entity.key: entity for entity in Entity.objects.all()}


@pytest.fixture
def program(db) -> Callable[..., Program]:
    """Makes programs with keys."""

    def make(name: str = "bank", organisation: str = "Daryab Commercial Bank", **more: Any) -> Program:
        client, key = add_client(actor(), name, organisation, **more)
        return Program(client, key.text)

    return make


@pytest.fixture
def bank(ledger, program) -> Program:
    """A program that may ask about everything."""
    return program()
