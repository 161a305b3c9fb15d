"""The platform's own entries in the registry of what is held (`access.HELD`), in the order of the report."""

from django.utils.translation import gettext_lazy as _

from baham.platform.rights import held_cases, held_given, held_ledger, held_log, held_requests, held_work
from baham.platform.rights.access import Held

PLATFORM = [
    Held(
        "said",
        _("What is said about you, and by whom"),
        (
            "ledger.Statement",
            "ledger.GradeGiven",
            "ledger.HandlingGiven",
            "ledger.BasisGiven",
            "ledger.StanceTaken",
            "ledger.CameThrough",
            "ledger.SourceShown",
        ),
        held_ledger.said,
    ),
    Held(
        "kept",
        _("How your record is kept"),
        ("ledger.Entity", "ledger.StandingGiven", "ledger.Restriction", "ledger.Extension", "ledger.Judgement"),
        held_ledger.kept,
    ),
    Held(
        "matters",
        _("What was asked and decided about you"),
        ("review.Item", "review.Signature", "review.Passing", "review.Letter"),
        held_work.matters,
    ),
    Held("cases", _("Cases about you"), ("cases.Case", "cases.Step", "cases.Tell"), held_cases.cases),
    Held("cleared", _("That you are not somebody else"), ("screening.Clearing",), held_work.clearings),
    Held("checks", _("Checks in which your record was found"), ("jobs.Job",), held_work.checks),
    Held(
        "watched",
        _("Organisations that asked to be told of you"),
        ("clients.Watched", "clients.Alert"),
        held_work.watched,
    ),
    Held(
        "given",
        _("To whom it was given"),
        ("release.Release", "release.Holding", "release.OriginatorWord", "release.Message"),
        held_given.given,
    ),
    Held("recalled", _("What was taken back"), ("release.Recall", "release.RecallNotice"), held_given.recalled),
    Held(
        "requests",
        _("Your own requests"),
        ("rights.Request", "rights.Word", "rights.GivenOut", "rights.Examination"),
        held_requests.requests,
    ),
    Held("erasures", _("Erasures that were asked for"), ("rights.Erasure",), held_requests.erasures),
    Held("readers", _("Who read it"), ("audit.Entry",), held_log.readers),
]
