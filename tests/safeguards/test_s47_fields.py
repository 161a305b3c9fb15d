"""S-47: a partner who is not trusted receives the fields of the agreement, and no new ones."""

import pytest

from baham.platform.ledger.models import Statement
from baham.platform.release.models import Holding
from baham.platform.release.partners import CannotChange
from baham.platform.release.releases import preview
from tests.platform.release.conftest import *  # noqa: F403
from tests.platform.release.test_releases import propose, said, sign
from tests.support.lists import PEOPLE, load_rows

pytestmark = pytest.mark.django_db


def test_only_what_is_named_leaves(ledger, liaison, officers):
    _payload, claims = said(sign(propose(liaison, *ledger.values()), officers[1]))
    assert {claim.statement.prop for claim in claims} == {"name", "birthDate"}
    given = Statement.objects.filter(sid__in=[bytes(one.sid) for one in Holding.objects.all()])
    assert {one.prop for one in given} == {"name", "birthDate"}


@pytest.mark.parametrize("field", ["phone", "address", "position", "email", "notes", "somethingNew"])
def test_a_new_field_is_denied_until_an_agreement_names_it(ledger, liaison, tmp_path, field):
    column = {"phone": "phone", "address": "address", "notes": "notes"}.get(field, field)
    load_rows(tmp_path, [{**PEOPLE[0], column: "something that nobody agreed on"}, *PEOPLE[1:]])
    _gate, outgoing = preview(liaison, [ledger["k-1"]], "analysis")
    assert {one.claim.statement.prop for one in outgoing.leaves} <= {"name", "birthDate"}


def test_there_is_no_agreement_on_everything(ledger, partner, agree):
    with pytest.raises(CannotChange, match="Name the fields"):
        agree(partner("varand", "liaison"), fields=None)


def test_an_empty_agreement_gives_nothing(ledger, partner, agree):
    made = partner("varand", "liaison")
    agree(made, fields=[])
    with pytest.raises(CannotChange, match="Nothing of this may leave"):
        propose(made, ledger["k-1"])


def test_what_was_agreed_before_does_not_add_to_what_is_agreed_now(ledger, liaison, agree):
    agree(liaison, fields=["fatherName"])
    _gate, outgoing = preview(liaison, [ledger["k-1"]], "analysis")
    assert {one.claim.statement.prop for one in outgoing.leaves} == {"fatherName"}


def test_its_programs_have_no_more_than_it_has(ledger, liaison):
    """A key for the screening interface is no way around the agreement."""
    from baham.kernel.handling import PAP, TLP
    from baham.platform.clients.models import Client
    from baham.platform.clients.yente.release import allowed_statements
    from baham.platform.ledger.models import Dataset, Entity

    Dataset.objects.update(tlp=int(TLP.CLEAR), pap=int(PAP.CLEAR))
    entities = {one.pk: one for one in Entity.objects.select_related("dataset")}
    said = list(Statement.objects.filter(until=None))
    assert allowed_statements(Client(organisation=liaison.organisation, purpose="screening"), said, entities) == set()
