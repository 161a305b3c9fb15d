"""The register of safeguards: what must never happen, and the test that shows that it does not.

`baham safeguards` prints it; the tests are in tests/safeguards, one file each. A safeguard without a test is *not yet*:
the part of Baham that it guards does not exist.
"""

from dataclasses import dataclass


def _(text: str) -> str:
    """Marks a sentence for translation, which happens where it is shown; the command line prints it as it stands."""
    return text


@dataclass(frozen=True, slots=True)
class Safeguard:
    """Its number, what it promises in one sentence, and its test's file in tests/safeguards (empty: not yet)."""

    number: str
    promise: str
    test: str = ""


REGISTER = [
    Safeguard("S-01", _("Nobody reads a personal record without a purpose open to their role."), "test_s01_purpose.py"),
    Safeguard(
        "S-02",
        _("Collection, change, reading, disclosure, combination and erasure each leave a log entry."),
        "test_s02_events.py",
    ),
    Safeguard("S-03", _("An altered, deleted or cut-off log entry is found and named."), "test_s03_audit_chain.py"),
    Safeguard("S-04", _("The log is open to auditors alone and feeds no search or graph."), "test_s04_log_access.py"),
    Safeguard(
        "S-05",
        _("Reading very many records in an hour raises an alert and needs a second approval."),
        "test_s05_bulk_reads.py",
    ),
    Safeguard(
        "S-06",
        _("No field with personal data exists without purpose, category, retention and sensitivity."),
        "test_s06_metadata.py",
    ),
    Safeguard(
        "S-07",
        _("Every statement says whether it is a fact or an assessment; an assessment has author, day and confidence."),
        "test_s07_basis.py",
    ),
    Safeguard(
        "S-08",
        _("Suspect, convicted, victim and witness are kept apart; a victim never leaves in a watch list."),
        "test_s08_standing.py",
    ),
    Safeguard(
        "S-09",
        _("Each page opens for exactly the roles it is declared for; an undeclared page opens for nobody."),
        "test_s09_permissions.py",
    ),
    Safeguard(
        "S-10",
        _("What is unverified or expired is not shared; a correction notifies every recipient at once."),
        "test_s10_verified.py",
    ),
    Safeguard(
        "S-11",
        _("A record past its review date leaves screening by itself and comes up for review."),
        "test_s11_review_dates.py",
    ),
    Safeguard(
        "S-12", _("A restricted record does not match; an erased one is gone from every file."), "test_s12_erasure.py"
    ),
    Safeguard(
        "S-13",
        _("One command gives a person all that is held on them, in Urdu, Pashto or English."),
        "test_s13_access.py",
    ),
    Safeguard("S-14", _("An oversight body can examine a refused request from end to end."), "test_s14_oversight.py"),
    Safeguard(
        "S-15",
        _("Nothing changes anybody's standing without a person's decision and reason; grave acts take two people."),
        "test_s15_decisions.py",
    ),
    Safeguard(
        "S-16",
        _("Every match shows what speaks against it; a name alone is never more than possible."),
        "test_s16_name_only.py",
    ),
    Safeguard("S-17", _("A tip, a support case or a campaign reply never makes or changes a person record.")),
    Safeguard(
        "S-18",
        _("False alarms are counted by group, and no group bears more than twice the overall rate."),
        "test_s18_fairness.py",
    ),
    Safeguard(
        "S-19",
        _("Religion, sect, ethnicity and ideology are never stored, matched or ranked on."),
        "test_s19_special_categories.py",
    ),
    Safeguard(
        "S-20",
        _("A cleared mistake stays cleared on the same evidence, comes back on new evidence, and a letter says so."),
        "test_s20_cleared.py",
    ),
    Safeguard("S-21", _("No page, file or answer ranks people by danger."), "test_s21_no_danger_score.py"),
    Safeguard("S-22", _("Nothing in support casework adds up to a number for a person.")),
    Safeguard("S-23", _("Support casework cannot be reached from anywhere else, not even by a query.")),
    Safeguard("S-24", _("Nobody holds a support role and an intelligence, screening or finance role together.")),
    Safeguard("S-25", _("Nothing of a support case is shared without consent that is alive for that recipient.")),
    Safeguard("S-26", _("A disclosure in imminent danger takes two officers, a legal basis, and a notice.")),
    Safeguard("S-27", _("Withdrawing from support takes one step, no reason, and has no consequence.")),
    Safeguard("S-28", _("A child's case has a guardian, a best-interest note and fewer readers.")),
    Safeguard("S-29", _("A referral that is not taken up is gone after thirty days, but for the count.")),
    Safeguard("S-30", _("Ended support cases are reviewed at six and twelve months and then made anonymous.")),
    Safeguard("S-31", _("A campaign's audience never comes from tips, cases or lists; who opts out is left alone.")),
    Safeguard("S-32", _("A campaign is published with a brief, two language reviews, a harm check and its sponsor.")),
    Safeguard("S-33", _("A campaign result without an interval or below its planned size says: not enough data.")),
    Safeguard("S-34", _("A referral to a platform states reason, law, exemptions examined and the content's hash.")),
    Safeguard("S-35", _("A removal notice names a government origin and can be appealed without an account.")),
    Safeguard("S-36", _("The transparency report can be computed again from the record, byte for byte.")),
    Safeguard("S-37", _("Every listing and freeze shows authority, legal basis, review date and the way out.")),
    Safeguard(
        "S-38",
        _("Who is delisted at the source causes no alert after the next load; open holds come up at once."),
        "test_s38_delisted.py",
    ),
    Safeguard("S-39", _("Basic needs and humanitarian exemptions can be asked for and stop the freeze's clock.")),
    Safeguard("S-40", _("After a tip, no address, receipt, text or file name remains anywhere in the clear.")),
    Safeguard("S-41", _("Guessing receipts is slow for the guesser and harmless to everybody else.")),
    Safeguard("S-42", _("A tip can be given without JavaScript, on a small screen, by keyboard, in Urdu and Pashto.")),
    Safeguard("S-43", _("Analysts see a cleaned copy of a tip's files; the original takes two people.")),
    Safeguard("S-44", _("An expired tip cannot be read by anybody, whatever keys they hold.")),
    Safeguard("S-45", _("Neither sizes nor times of stored tips tell one from another.")),
    Safeguard("S-46", _("No part is switched on without an approved assessment of its effect on people's data.")),
    Safeguard(
        "S-47",
        _("A partner who is not trusted receives the fields of the agreement, and no new ones."),
        "test_s47_fields.py",
    ),
    Safeguard("S-48", _("No interface takes or gives coordinates for a strike on a person.")),
    Safeguard(
        "S-49",
        _("Nobody reads what handling and organisation close to them, on any page, by any search or hit."),
        "test_s49_need_to_know.py",
    ),
]
