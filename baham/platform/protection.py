"""What is personal about a model's fields, said where the field is declared (safeguard S-06).

Every model either carries `personal_data` (a dict of field name to `PersonalData`) or says in `no_personal_data` why
there is none; `technical` names fields that hold codes and are about nobody. tests/safeguards fails for a model or a
text field that does none of it.
"""

from dataclasses import dataclass
from enum import Enum


class Sensitivity(Enum):
    """How much harm a disclosure may do."""

    ORDINARY = "ordinary"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Why a field is held, whose data it is, how long it is kept, and how much harm its disclosure may do."""

    purpose: str
    category: str
    retention: str
    sensitivity: Sensitivity = Sensitivity.ORDINARY


STAFF = PersonalData("accountability of those who use Baham", "staff", "as long as the records that name them")
LISTED = PersonalData(
    "screening and its review",
    "listed or otherwise recorded persons",
    "while a source lists it; afterwards for the record, without effect",
    Sensitivity.HIGH,
)
SUBJECT = PersonalData(
    "screening of a customer or traveller", "subjects of a check", "with the review it led to", Sensitivity.HIGH
)
