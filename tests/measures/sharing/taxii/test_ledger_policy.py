"""Whatever is marked and agreed, the shelf of the ledger serves what the gate lets out and nothing else."""

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baham.formats import stix
from baham.kernel.handling import PAP, TLP, Handling
from baham.kernel.standing import Standing
from baham.measures.sharing.taxii.filters import Filters, Place
from baham.measures.sharing.taxii.ledger_shelf import LedgerShelf
from baham.measures.sharing.taxii.readers import Reading
from baham.platform.ledger import annotate, standing, touches
from baham.platform.ledger.models import Entity, Statement
from baham.platform.release.claims import dossiers
from baham.platform.release.gateway import Gate
from baham.platform.release.models import Agreement
from tests.measures.sharing.taxii import made_ledger, world
from tests.support.people import actor

WHY = "An invented reason that is long enough."
HANDLINGS = st.builds(
    Handling,
    st.sampled_from(TLP),
    st.sampled_from([PAP.CLEAR, PAP.GREEN, PAP.AMBER]),
    st.sampled_from([None, frozenset(), frozenset({"kohsar"}), frozenset({"other"})]),
    st.sampled_from([frozenset(), frozenset({"orvane"})]),
    st.sampled_from([None, frozenset({"screening"}), frozenset({"analysis"}), frozenset({"vetting"})]),
    st.sampled_from([None, -1, 1]).map(lambda days: days and timezone.now() + timedelta(days=days)),
)
MARKED = st.lists(st.tuples(st.integers(0, 10**6), HANDLINGS), max_size=6)
AGREED = st.fixed_dictionaries(
    {
        "tlp": st.sampled_from(TLP).map(int),
        "pap": st.sampled_from([PAP.CLEAR, PAP.GREEN, PAP.AMBER]).map(int),
        "fields": st.none()
        | st.lists(st.sampled_from(["name", "birthDate", "member", "organization", "country"]), unique=True),
        "datasets": st.sampled_from([[], ["home-dept"], ["other"], ["home-dept", "other"]]),
        "purposes": st.sampled_from([["screening"], ["analysis", "screening"]]),
        "watch_list": st.booleans(),
        "standing": st.sampled_from([True, True, True, False]),
    }
)


@pytest.fixture
def shelf(kohsar, tmp_path):
    made_ledger.filled(tmp_path)
    made_ledger.filled(tmp_path, "other", made_ledger.ENTITIES[:4], TLP.GREEN)
    return made_ledger.shelf_of(kohsar)


def walk(shelf, reader: world.Knocker, limit: int, between=lambda: None) -> dict[str, dict]:
    """What a walk over the pages gives, the last of each id; all of it handed over."""
    found: dict[str, dict] = {}
    after, more = None, True
    while more:
        one = LedgerShelf(shelf, Reading.of(reader.partner))
        rows, more = one.objects(after, Filters(limit=limit))
        one.handed_over()
        assert len(rows) <= limit and (rows or not more)
        found |= {item["id"]: item for item in (json.loads(row.raw) for row in rows)}
        if more:
            after = Place(rows[-1].added, rows[-1].seq)
            between()
    return found


def allowed(reader: world.Knocker) -> set[str]:
    """What the gate lets out to this partner by itself, for any purpose of its agreement."""
    agreement = Agreement.objects.get(partner=reader.partner)
    pks = list(Entity.objects.values_list("pk", flat=True))
    gates = [Gate.open(reader.partner, purpose, exit="taxii") for purpose in agreement.purposes]
    return {one.id for gate in gates for one in gate.judge(dossiers(pks)).claims}


def served(found: dict[str, dict]) -> set[str]:
    return {claim.id for claim in stix.claims(found.values(), dataset="x")}


@pytest.mark.django_db
@given(
    marked=MARKED,
    agreed=AGREED,
    later=MARKED,
    limit=st.integers(1, 9),
    kind=st.sampled_from(list(Standing)),
    pick=st.integers(0, 10**6),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_what_is_served_is_what_the_gate_lets_out(kohsar, shelf, marked, agreed, later, limit, kind, pick):
    with transaction.atomic():
        rows = list(Statement.objects.select_related("entity__dataset").order_by("pk"))
        mark(rows, marked)
        Agreement.objects.filter(partner=kohsar.partner).update(**agreed)
        first = walk(shelf, kohsar, 2_000)
        assert served(first) == (allowed(kohsar) if agreed["standing"] else set())
        mark(rows, later)
        standing.give_standing(rows[pick % len(rows)].entity, kind, actor(), WHY)
        touched = [rows[pick % len(rows)].entity_id, rows[-1].entity_id]
        pages = walk(shelf, kohsar, limit, once(lambda: touches.touch(touched)))
        whole = walk(shelf, kohsar, 2_000)
        assert pages == whole
        assert served(whole) == (allowed(kohsar) if agreed["standing"] else set())
        for number, one in whole.items():
            before = first.get(number, one)
            assert one.get("modified", "") >= before.get("modified", "") and one.get("created") == before.get("created")
            assert one == before or one.get("modified") != before.get("modified") or one["type"] == "user-account"
        transaction.set_rollback(True)


def mark(rows: list[Statement], marked: list[tuple[int, Handling]]) -> None:
    for number, handling in marked:
        annotate.handle(rows[number % len(rows)], handling, actor(), WHY)


def once(act):
    """Does it between the first two pages. (Whatever is touched between all pages comes again with each of them.)"""
    left = [act]
    return lambda: left and left.pop()()
