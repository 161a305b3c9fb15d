"""S-07: every statement says whether it is a fact or an assessment; an assessment has author, day and confidence."""

from datetime import date

import pytest

from baham.kernel.basis import BasisKind
from baham.platform.accounts.roles import Role
from baham.platform.ledger import annotate
from baham.platform.ledger.models import Statement
from baham.platform.ledger.record import read
from tests.support.people import actor, person, reader, signed_in

WHY = "Two sources of the desk say so; neither saw it."


def test_every_statement_has_a_basis(ledger):
    for entity in ledger.values():
        assert all(value.basis.kind in BasisKind for value in read(entity, reader()).values)


def test_an_assessment_is_marked_with_author_day_and_confidence(ledger):
    statement = Statement.objects.get(entity=ledger["k-1"], prop="nationality")
    annotate.assess(statement, date(2026, 11, 2), "low", actor("noor"), WHY)
    value = read(ledger["k-1"], reader()).properties["nationality"][0]
    assert (value.basis.kind, value.basis.author, value.basis.on) == (BasisKind.ASSESSMENT, "noor", date(2026, 11, 2))
    page = signed_in(person(Role.ANALYST)).get(f"/entity/{ledger['k-1'].pk}/").content.decode()
    assert "An assessment by noor on 2 Nov 2026, with low confidence; not a fact." in page
    assert page.count("A fact, as the source puts it") == Statement.objects.filter(entity=ledger["k-1"]).count() - 1


@pytest.mark.parametrize(("confidence", "by"), [("certain", "noor"), ("", "noor"), ("low", "")])
def test_an_assessment_without_them_is_refused(ledger, confidence, by):
    statement = Statement.objects.filter(entity=ledger["k-1"]).first()
    with pytest.raises(annotate.CannotAnnotate):
        annotate.assess(statement, date(2026, 11, 2), confidence, actor(by), WHY)
