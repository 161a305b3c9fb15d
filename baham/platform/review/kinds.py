"""The kinds of matters, as a plain list. A measure adds its own kind when its app is ready."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from baham.kernel.text import visible
from baham.platform.audit import quota
from baham.platform.audit.services import Actor
from baham.platform.jobs.services import start
from baham.platform.ledger import expiry, offered
from baham.platform.ledger.models import Entity, Offered
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.ledger.resolve import judge
from baham.platform.review.errors import CannotDecide
from baham.platform.review.models import Item
from baham.platform.screening import cleared
from baham.platform.screening.models import Clearing

ERASED = "erased"
"""How a matter ends whose record was erased while it was open (`erasing.py`)."""
READ_ON_HOURS = 8
"""How long a second person's word lets somebody read beyond the limit: a working day, not longer."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer, what it is called, what follows from it, and the letter that chooses it on the keyboard."""

    code: str
    label: str | Promise
    consequence: str | Promise
    key: str = ""


def _all(item: Item, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    return choices


def _nothing_more(item: Item, reader: NeedToKnow) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Kind:
    """What is asked, what may be answered, and what an answer does.

    `headline` names both sides, as %(subject)s and %(entry)s. `adverse` are the answers that take something from
    somebody; with `four_eyes` they need two people, and whoever proposed decides nothing. `within` is how many days an
    answer may take where whoever asks names no time. `apply` runs in the transaction of the deciding signature;
    `offered` narrows the choices down to those that a particular matter allows now. `act` is what a role must allow for
    somebody to sign it; `page` the address on which it is read in full, where that is another than the matter's own.
    With `holds`, what is asked about holds already, until somebody ends it.
    `part` is the template that shows what the matter is about, made of what `shows` gives whoever reads it; without
    one, the page holds both sides against each other.
    """

    code: str
    title: str | Promise
    question: str | Promise
    choices: tuple[Choice, ...]
    four_eyes: bool
    adverse: frozenset[str]
    apply: Callable[[Item, str, Actor, str], None]
    headline: str | Promise = "%(subject)s / %(entry)s"
    within: int = 7
    offered: Callable[[Item, tuple[Choice, ...]], tuple[Choice, ...]] = field(default=_all)
    act: str = "review.decide"
    page: Callable[[Item], str] | None = None
    part: str = ""
    holds: bool = False
    shows: Callable[[Item, NeedToKnow], dict[str, Any]] = field(default=_nothing_more)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(choice.code for choice in self.choices)

    def offers(self, item: Item) -> tuple[Choice, ...]:
        """The answers that this matter may be given now."""
        return self.offered(item, self.choices)

    def label_of(self, code: str) -> str | Promise:
        """What an answer is called; its code for one that the kind no longer has."""
        if code == ERASED:
            return _("Over: the record was erased")
        return next((choice.label for choice in self.choices if choice.code == code), code)


def heading_of(item: Item) -> SafeString:
    """The matter in one sentence of the reader's language, each name isolated in its own direction."""
    named = {side: _isolated(name) for side, name in (("subject", item.subject_name), ("entry", item.entry_name))}
    return mark_safe(conditional_escape(str(kind_of(item).headline)) % named)  # both sides are escaped above


def _isolated(name: str) -> SafeString:
    return format_html('<bdi dir="auto">{}</bdi>', visible(name))


def _nothing_further(item: Item, choice: str, actor: Actor, reason: str) -> None:
    """The answer itself is the outcome: whoever asked acts on it."""


def _judge_entities(item: Item, choice: str, actor: Actor, reason: str) -> None:
    assert item.entity is not None and item.other is not None
    judge(item.entity, item.other, choice, actor, reason)


def _clear(item: Item, choice: str, actor: Actor, reason: str) -> None:
    """Whoever is not the listed person is not asked about again on the same evidence (safeguard S-20).

    Where a second factor agreed, letting the person go takes one signature, and silence for the future takes two.
    Whoever is found to be the listed person after all is no longer cleared of it.
    """
    if choice == "same" and item.entity is not None and item.proposal.get("name"):
        cleared.overtake(item.entity, item.proposal, actor, reason)
    if choice != "different" or item.entity is None or not item.entity.current or not item.proposal.get("name"):
        return
    doubtful = item.verdict == "probable"
    made = cleared.remember(
        item.entity, item.proposal, actor, reason, matter=item.pk, organisation=item.asker, second_person=doubtful
    )
    if doubtful:
        from baham.platform.review.services import propose

        propose(
            "clearing",
            "",
            proposed_by=actor,
            proposal={**made.subject, "clearing": made.pk},
            evidence=item.evidence,
            entity=item.entity,
            asker=item.asker,
            follows=item,
            verdict=item.verdict,
        )


def _confirm_clearing(item: Item, choice: str, actor: Actor, reason: str) -> None:
    clearing = Clearing.objects.get(pk=item.proposal["clearing"])
    if choice == "silent":
        cleared.confirm(clearing, actor, reason)
    else:
        cleared.withdraw(clearing, actor, reason)


def _extend(item: Item, choice: str, actor: Actor, reason: str) -> None:
    if choice == "extend":
        dataset = item.dataset or (item.entity.dataset if item.entity else None)
        assert dataset is not None
        expiry.extend(dataset, actor, reason, entity=item.entity)


def _put_off_before(item: Item, reader: NeedToKnow) -> dict[str, Any]:
    return {"extensions": list(item.entity.extensions.all()) if item.entity is not None else []}


def _reader(item: Item, reader: NeedToKnow) -> dict[str, Any]:
    from baham.platform.review.bulk import purpose_of

    return {"reader_purpose": purpose_of(item)}


def _read_on(item: Item, choice: str, actor: Actor, reason: str) -> None:
    """Let somebody read on who has read very many records (safeguard S-05)."""
    if choice == "allow":
        quota.allow(item.proposal["reader"], actor.name, reason, READ_ON_HOURS)


def _apart(item: Item, choice: str, actor: Actor, reason: str) -> None:
    from baham.platform.review import apart

    apart.decided(item, choice, actor, reason)


def _set_apart(item: Item, reader: NeedToKnow) -> dict[str, Any]:
    from baham.platform.review import apart

    return apart.shown(item)


def _version(item: Item, choice: str, actor: Actor, reason: str) -> None:
    """Put a version in force that ends or changes very much, or let its file go."""
    one = Offered.objects.get(pk=item.proposal["offered"])
    if choice == "force":
        if not offered.is_here(one):
            raise CannotDecide("The file is no longer here; whoever brought it brings it again.")
        offered.agree(one, actor, reason)
        start("load", one.file_name, actor, offered=one.pk)
    elif one.state in ("asked", "agreed"):
        offered.drop(one)


def _what_it_does(item: Item, reader: NeedToKnow) -> dict[str, Any]:
    one = Offered.objects.get(pk=item.proposal["offered"])
    ending = Entity.objects.filter(pk__in=one.effect.get("ending", [])).select_related("dataset")
    return {"offered": one, "effect": one.effect, "ending": list(reader.shown(ending).values())}


def _while_listed(item: Item, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Who is no longer listed cannot be found to be the listed person; the matter is let go."""
    ended = item.listing_ended
    return tuple(choice for choice in choices if (choice.code == "ended") == ended or choice.code == "different")


KINDS = [
    Kind(
        "version",
        _("Version of a list"),
        _("Is it right that this version ends or changes so many entries?"),
        (
            Choice(
                "force", _("Put it in force"), _("At once, with exactly the numbers shown here. Say how you know."), "s"
            ),
            Choice("refuse", _("Keep the version in force"), _("The file is let go. Nothing changes."), "d"),
        ),
        four_eyes=True,
        adverse=frozenset(),
        apply=_version,
        within=1,
        headline=_("A file would end or change very much of %(entry)s: is it right?"),
        part="review/_version.html",
        shows=_what_it_does,
    ),
    Kind(
        "match",
        _("Screening hit"),
        _("Is this the person on the list?"),
        (
            Choice("same", _("Same person"), _("Confirms the hit. A second officer must agree before it stands."), "s"),
            Choice(
                "different",
                _("Not the same"),
                _(
                    "Ends the matter at once. The pair stays silent on this evidence, "
                    "and a letter can say so to the person."
                ),
                "d",
            ),
            Choice("unsure", _("Cannot tell yet"), _("Ends the matter without a finding and without effect."), "n"),
            Choice(
                "ended",
                _("Listing ended: let go"),
                _("The source no longer lists the entry. Whatever was held because of it is let go at once."),
                "s",
            ),
        ),
        four_eyes=True,
        adverse=frozenset({"same"}),
        apply=_clear,
        offered=_while_listed,
        headline=_("Is %(subject)s the listed %(entry)s?"),
    ),
    Kind(
        "same-entity",
        _("Two records"),
        _("Do these two records describe the same?"),
        (
            Choice("same", _("The same"), _("Shows both under one heading. It can be taken back."), "s"),
            Choice("different", _("Different"), _("Keeps them apart, and says so on both."), "d"),
            Choice("unsure", _("Cannot tell yet"), _("Leaves both as they are, with your reason beside them."), "n"),
        ),
        four_eyes=False,
        adverse=frozenset(),
        apply=_judge_entities,
        within=30,
        headline=_("One record or two: %(subject)s and %(entry)s"),
    ),
    Kind(
        "clearing",
        _("Clearing"),
        _("May this cleared pair stay silent from now on?"),
        (
            Choice(
                "silent",
                _("Yes, stay silent"),
                _("The pair raises no hit again on this evidence. It can be withdrawn."),
                "s",
            ),
            Choice(
                "alert",
                _("No, ask again"),
                _("The person stays let go; the next time, the question is asked anew."),
                "d",
            ),
        ),
        four_eyes=True,
        adverse=frozenset(),
        apply=_confirm_clearing,
        headline=_("May %(subject)s stay cleared of being the listed %(entry)s?"),
    ),
    Kind(
        "review-due",
        _("Review date"),
        _("Its review date has come: does it stay in screening?"),
        (
            Choice("extend", _("Extend"), _("It is matched until the next review date. Say on what grounds."), "s"),
            Choice("lapse", _("Let it lapse"), _("It matches nothing after its date and stays on record."), "d"),
        ),
        four_eyes=False,
        adverse=frozenset({"extend"}),
        apply=_extend,
        within=30,
        headline=_("Does %(entry)s stay in screening?"),
        part="review/_review_date.html",
        shows=_put_off_before,
    ),
    Kind(
        "release",
        _("Hold to let go"),
        _("What this hold rested on has ended. Is the hold lifted?"),
        (
            Choice("lifted", _("Lifted"), _("Whoever holds something because of this match is told to let go."), "s"),
            Choice(
                "kept", _("Kept, on other grounds"), _("Takes two people, and the other grounds in the reason."), "d"
            ),
        ),
        four_eyes=True,
        adverse=frozenset({"kept"}),
        apply=_nothing_further,
        within=1,
        headline=_("Let go: %(subject)s was held as the listed %(entry)s"),
    ),
    Kind(
        "bulk-read",
        _("Very many records read"),
        _("May this reader read on?"),
        (
            Choice(
                "allow",
                _("Read on for eight hours"),
                _("Records open again at once. Each reading stays in the log."),
                "s",
            ),
            Choice(
                "refuse",
                _("Not without more"),
                _("The limit stays. It opens by itself as the hour passes; the auditor sees what was read."),
                "d",
            ),
        ),
        four_eyes=True,
        adverse=frozenset(),
        apply=_read_on,
        within=1,
        headline=_("Somebody has read very many records within an hour: may it go on?"),
        part="review/_bulk_read.html",
        shows=_reader,
    ),
    Kind(
        "apart",
        _("Set apart"),
        _("Does this record stay out of screening?"),
        (
            Choice("stays", _("It stays out"), _("It goes on matching nothing, by the word of two people."), "s"),
            Choice("undo", _("It matches again"), _("At once. What was said before holds again."), "d"),
        ),
        four_eyes=True,
        adverse=frozenset(),
        apply=_apart,
        within=1,
        act="record.restrict",
        holds=True,
        headline=_("%(entry)s was set apart and matches nothing: does it stay so?"),
        part="review/_apart.html",
        shows=_set_apart,
    ),
]


def kind_of(item: Item) -> Kind:
    """The kind of a matter. KeyError for one that no installed part knows."""
    return {kind.code: kind for kind in KINDS}[item.kind]
