"""Files of what may leave: the field's own tools take them, and nothing is in them that the policy holds back."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from baham.formats import ftm_statements, misp, stix
from baham.kernel.handling import PAP, TLP, Handling
from baham.kernel.standing import Protected, Standing
from baham.platform.audit.models import Entry
from baham.platform.ledger import annotate
from baham.platform.ledger.models import Dataset, Statement
from baham.platform.ledger.standing import give_standing
from baham.platform.release.export import FORMATS, export
from baham.platform.release.models import Holding
from baham.platform.release.partners import CannotChange
from tests.platform.release.conftest import WHY
from tests.platform.release.test_releases import propose, sign, statement
from tests.support.people import actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(partner, agree):
    made = partner("post")
    agree(made, standing=True)
    return made


def text(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))


@pytest.mark.parametrize("form", FORMATS)
def test_what_the_policy_holds_back_is_in_no_file(ledger, post, tmp_path, form):
    secret = statement(ledger["k-1"], "fatherName")
    annotate.handle(secret, Handling(TLP.RED, PAP.RED), actor(), WHY)
    done = export(actor(), tmp_path / form, form, partner=post)
    written = text(tmp_path / form)
    assert "Zarghun Talband" in written and "Tor Baz" not in written and secret.sid_hex not in written
    assert done.statements == Statement.objects.filter(until=None).count() - 1 == Holding.objects.count()
    assert Entry.objects.get(act="released").detail["format"] == form


@pytest.mark.parametrize("form", FORMATS)
def test_a_partner_without_a_standing_agreement_has_in_its_file_what_was_signed_for_it(
    ledger, liaison, officers, tmp_path, form
):
    with pytest.raises(CannotChange, match="Nothing may leave"):
        export(actor(), tmp_path / form, form, partner=liaison, purpose="analysis")
    assert not (tmp_path / form).exists()
    sign(propose(liaison, ledger["k-1"]), officers[1])
    export(actor(), tmp_path / form, form, partner=liaison, purpose="analysis")
    written = text(tmp_path / form)
    assert "Zarghun Talband" in written and "Mirwais" not in written and "61-0447-2215" not in written


def test_what_takes_two_signatures_is_in_no_file_for_everybody(ledger, tmp_path):
    """That a list is public says nothing of a child on it."""
    Dataset.objects.update(tlp=int(TLP.CLEAR), pap=int(PAP.CLEAR))
    give_standing(ledger["k-1"], Standing.SUSPECT, actor(), WHY, [Protected.MINOR])
    export(actor(), tmp_path / "out", "ftm")
    text = (tmp_path / "out" / "entities.ftm.json").read_text()
    assert "Zarghun" not in text and "Mirwais" in text


def test_without_a_partner_only_what_is_public(ledger, tmp_path):
    with pytest.raises(CannotChange, match="TLP:CLEAR"):
        export(actor(), tmp_path / "x", "statements")
    Dataset.objects.update(tlp=0, pap=0)
    annotate.handle(statement(ledger["k-1"], "fatherName"), Handling(TLP.GREEN, PAP.CLEAR), actor(), WHY)
    export(actor(), tmp_path / "x", "statements")
    assert "Zarghun Talband" in text(tmp_path / "x") and "Tor Baz" not in text(tmp_path / "x")


def test_stix_files_pass_the_validator_and_come_back(ledger, post, tmp_path):
    from stix2validator import ValidationOptions, validate_instance

    export(actor(), tmp_path, "stix", partner=post)
    bundle = json.loads((tmp_path / "bundle.json").read_text())
    result = validate_instance(bundle, ValidationOptions(version="2.1", strict=True))
    assert result.is_valid, [str(one) for one in result.errors][:5]
    back = {claim.id for claim in stix.claims(bundle["objects"], dataset="x")}
    assert back == {holding.sid_hex for holding in Holding.objects.all()}


def test_the_misp_feed_loads_in_pymisp_and_comes_back(ledger, post, tmp_path):
    from pymisp import MISPEvent

    export(actor(), tmp_path, "misp", partner=post)
    for name in json.loads((tmp_path / "manifest.json").read_text()):
        MISPEvent().load_file(str(tmp_path / f"{name}.json"))
    back = {claim.id for event in misp.feed.read(tmp_path) for claim in misp.claims(event, dataset="x")}
    assert back == {holding.sid_hex for holding in Holding.objects.all()}


def test_ftm_validates_the_entities_and_reads_the_statements(ledger, post, tmp_path):
    export(actor(), tmp_path, "ftm", partner=post)
    done = subprocess.run(
        [str(Path(sys.executable).parent / "ftm"), "validate", "-i", str(tmp_path / "entities.ftm.json")],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    export(actor(), tmp_path, "statements", partner=post)
    assert {one.caption for one in ftm_statements.FORMAT.read(tmp_path / "statements.csv", "x")} >= {"Zarghun Talband"}


def test_what_came_from_a_partner_is_not_said_back_to_it(post, tmp_path, partner):
    from baham.measures.sharing import inbox
    from tests.measures.sharing.conftest import Other, claim, known

    other = Other()
    inbox.hear(known(other, post), other.releases(claim()))
    with pytest.raises(CannotChange, match="Nothing may leave"):
        export(actor(), tmp_path / "x", "stix", partner=post)


def test_an_unknown_format_is_said(ledger, tmp_path):
    with pytest.raises(CannotChange, match="The formats are stix, misp, ftm, statements"):
        export(actor(), tmp_path, "csv")
