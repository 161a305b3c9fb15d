"""What a partner gives stands in a list that the operator keeps, and that nobody here names, fills or opens."""

import pytest

from baham.formats import BadInput
from baham.kernel.handling import TLP
from baham.measures.sharing import inbox
from baham.platform.ledger.datasets import CannotSet, set_handling, set_limit
from baham.platform.ledger.given import list_of
from baham.platform.ledger.load import load
from baham.platform.ledger.models import Dataset, Statement
from tests.measures.sharing.conftest import claim
from tests.support.lists import PEOPLE, write
from tests.support.people import actor

pytestmark = pytest.mark.django_db
WHY = "An invented reason that is long enough."


def test_a_partners_list_is_set_and_filled_by_nobody_here(other, nilgar, tmp_path):
    inbox.hear(nilgar, other.releases(claim()))
    name = list_of(nilgar.name)
    theirs = Dataset.objects.get(name=name)
    assert theirs.keeper is None and not theirs.screened and theirs.handling.tlp is TLP.AMBER_STRICT
    for act in (
        lambda: set_handling(name, TLP.CLEAR, None, actor(), WHY),
        lambda: set_limit(name, 100, actor(), WHY),
    ):
        with pytest.raises(CannotSet, match="partner marks it"):
            act()
    with pytest.raises(BadInput, match="the name of the list is taken"):
        load(write(tmp_path / "own.csv", PEOPLE), name, actor())
    theirs.refresh_from_db()
    assert theirs.handling.tlp is TLP.AMBER_STRICT
    assert Statement.objects.filter(entity__dataset=theirs, until=None).exists()
