"""Random policies against every exit, a few of them in the suite; and that whoever looks for leaks would find one."""

import os
import re

import pytest

pytest.importorskip("rbcl", reason="the extra psi is not installed")

from baham.kernel import release
from benchmarks.sharing.leaks.__main__ import run
from benchmarks.sharing.leaks.policies import load

pytestmark = pytest.mark.django_db
CHECKS = int(os.environ.get("BAHAM_TEST_LEAKS", "2000"))


@pytest.fixture
def lists(settings, monkeypatch):
    monkeypatch.setenv("BAHAM_HOME", str(settings.HOME))
    load(settings.HOME)
    return settings.HOME


@pytest.mark.long
def test_nothing_leaves_that_the_words_of_the_policy_keep(lists):
    found = run(lists, CHECKS)
    assert found.checks >= CHECKS and sum(found.left.values()) > 25, found.told()
    assert not found.leaks, found.told()


@pytest.mark.long
def test_a_rule_that_is_left_out_is_found(lists, monkeypatch):
    """The oracle asks nothing of the gate: without one of its questions, what leaves is told."""
    words = {
        "_agreement": "purpose",
        "_state": "restricted|recalled|came from them",
        "_person": "set apart|protected|source",
        "_marking": "reach|beyond|expired|others|purposes|originator|acted",
        "_agreed_fields": "field|ungraded",
    }
    for question, word in words.items():
        with monkeypatch.context() as without:
            without.setattr(release, question, lambda *_: None)
            told = (what for seed in range(16) for what in run(lists, 200, seed).leaks)
            assert any(re.search(word, what) for what in told), question
