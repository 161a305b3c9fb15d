"""The hooks: where rooms let those above them add something, by name. A measure adds to them in its manifest.

docs/measures.md lists them with what each is called with; a test compares the two.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class Hook:
    """One hook: its name, the list that it is, and when what was added is called."""

    name: str
    list_of: str
    when: str

    def add(self, what: Any) -> None:
        module, _, name = self.list_of.partition(":")
        getattr(import_module(module), name).append(what)


HOOKS = [
    Hook("version.loaded", "baham.platform.ledger.load:AFTER", "a version of a list stands, in that transaction"),
    Hook("load.sieve", "baham.platform.ledger.load:SIEVES", "a batch of entities is about to come in"),
    Hook("statement.graded", "baham.platform.ledger.annotate:GRADED", "a statement is graded, in that transaction"),
    Hook("statement.marked", "baham.platform.ledger.annotate:HANDLED", "a statement is marked, in that transaction"),
    Hook("record.touched", "baham.platform.ledger.touches:TOUCHED", "records have changed, after the commit"),
    Hook("record.last-change", "baham.platform.ledger.touches:LASTS", "the newest moment that was told is asked for"),
    Hook("record.receipts", "baham.platform.ledger.record:RECEIPTS", "a record's page says who was given statements"),
    Hook("record.cases", "baham.platform.ledger.views:MATTERS", "a record's page says what is open on it"),
    Hook("record.apart", "baham.platform.ledger.standing:APART", "one person's word sets a record apart"),
    Hook("reader.groups", "baham.platform.ledger.need_to_know:GROUPS", "a marking names sharing groups"),
    Hook("log.names", "baham.platform.audit.views:NAMES", "the log shows what a record is called"),
    Hook("case.told", "baham.platform.cases.outbox:DELIVERED", "a party is told of a step of a case, after the commit"),
    Hook("case.since", "baham.platform.review.history:SINCE", "a case says what changed since it was opened"),
    Hook("recall.derived", "baham.platform.release.recalls:DERIVED", "statements are recalled, in that transaction"),
    Hook("partner.page", "baham.platform.release.pages:OF_PARTNER", "a partner's page is made"),
    Hook("partner.terms-ended", "baham.platform.release.partners:TERMS_ENDED", "an agreement or partnership ends"),
]
BY_NAME = {hook.name: hook for hook in HOOKS}
