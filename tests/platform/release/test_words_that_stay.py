"""What no exit hands on, whatever the policy: which officer graded or assessed a value, in which words, and in which
other list the person stands."""

import json
from datetime import date

import pytest
from django.utils import timezone

from baham.formats.claims import write
from baham.kernel.basis import BasisKind, Confidence
from baham.kernel.grade import Scheme
from baham.kernel.handling import TLP
from baham.platform.ledger.models import BasisGiven, Dataset, Entity, GradeGiven, Statement
from baham.platform.ledger.outside import public_id
from baham.platform.ledger.resolve import judge
from baham.platform.release.claims import dossiers
from baham.platform.release.releases import preview
from tests.support.lists import load_rows
from tests.support.people import actor

pytestmark = pytest.mark.django_db
WHY = "An invented reason that is long enough."


def claims_of(entity) -> str:
    (dossier,) = dossiers([entity.pk], ["home-dept"])
    return json.dumps([write(claim) for claim in dossier.claims])


def test_a_grade_leaves_without_its_grader_and_reason(ledger):
    name = Statement.objects.get(entity=ledger["k-1"], prop="name")
    GradeGiven.objects.create(
        sid=name.sid_hex,
        scheme=Scheme.ADMIRALTY.value,
        reliability="B",
        credibility="2",
        by="noor",
        reason="Our informant in the shop told us so.",
        at=timezone.now(),
    )
    BasisGiven.objects.create(
        sid=name.sid_hex,
        kind=BasisKind.ASSESSMENT.value,
        on=date(2026, 3, 1),
        by="noor",
        confidence=Confidence.LOW.value,
        reason="Heard at the gate by noor.",
        at=timezone.now(),
    )
    said = claims_of(ledger["k-1"])
    assert '"code": "B2"' in said and '"kind": "assessment"' in said
    assert "noor" not in said and "informant" not in said and "gate" not in said


def test_the_id_outside_names_no_list_and_no_key(ledger, agency, tmp_path):
    """A record of the open list is judged the same as one of a list that the receiver may not know of. Who may have both
    has them under one id; who may not has its own under the id that it had."""
    load_rows(tmp_path, [{"id": "o-7", "name": "Zarghun Talband"}], name="home-dept-2")
    Dataset.objects.filter(name="home-dept-2").update(grade="B2", scheme="admiralty-6x6")
    twin = Entity.objects.get(key="o-7")
    judge(twin, ledger["k-1"], "same", actor(), WHY)
    (dossier,) = dossiers([twin.pk])
    said = json.dumps([write(claim) for claim in dossier.claims])
    assert "k-1" not in said and '"home-dept"' not in said and "home-dept:" not in said

    def ids() -> dict[int, str]:
        _gate, outgoing = preview(agency, [twin, ledger["k-1"]], "analysis")
        return {one.dossier.entity.pk: one.claim.statement.canonical_id for one in outgoing.leaves}

    assert ids() == {twin.pk: public_id(ledger["k-1"]), ledger["k-1"].pk: public_id(ledger["k-1"])}
    Dataset.objects.filter(name="home-dept").update(tlp=int(TLP.RED))
    agency.agreements.update(tlp=int(TLP.AMBER))
    assert ids() == {twin.pk: public_id(twin)}
