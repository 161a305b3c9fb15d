"""One side of the test with two installations, run as a program in a process of its own, over its own BAHAM_HOME.

python -m tests.measures.sharing.overlap.installation card               prints who we are, as JSON
python -m tests.measures.sharing.overlap.installation agree CARD_AS_JSON FILE...   pins the other, agrees, loads lists
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

from baham.platform.boot import boot

boot()

from django.utils import timezone  # noqa: E402

from baham.kernel.handling import TLP  # noqa: E402
from baham.platform.audit.services import Actor  # noqa: E402
from baham.platform.ledger.load import load  # noqa: E402
from baham.platform.ledger.models import Dataset, Entity  # noqa: E402
from baham.platform.ledger.standing import give_standing  # noqa: E402
from baham.platform.release import agreements  # noqa: E402
from baham.platform.release.identity import ours  # noqa: E402
from baham.platform.release.partners import add_key, add_partner  # noqa: E402
from baham.platform.review.services import decide  # noqa: E402

WHY = "An invented reason that is long enough."


def agree(card: dict[str, str], files: list[str]) -> None:
    from baham.kernel.standing import Standing
    from baham.platform.accounts.roles import Role
    from tests.support.people import person

    person(Role.RELEASE_OFFICER, "ulvand")
    reviewer = person(Role.REVIEWER, "noor")
    partner, _ = add_partner(Actor("ulvand"), "other", "The other side", "liaison", party=card["party"], reason=WHY)
    add_key(Actor("ulvand"), partner, "sign", card["sign"])
    made = agreements.put_forward(
        Actor("ulvand"),
        partner,
        purposes=["screening"],
        fields=["name", "alias", "birthDate", "nationality"],
        legal_basis="Public Safety Act 2009, s. 40",
        ends=timezone.now() + timedelta(days=90),
        overlap_daily=4096,
        overlap_share=1.0,
    )
    decide(made.matter, reviewer, Actor("noor"), "sign", WHY)
    for file in files:
        load(Path(file), "own", Actor("ulvand"))
    Dataset.objects.update(tlp=int(TLP.AMBER), grade="B2", scheme="admiralty-6x6")
    for victim in Entity.objects.filter(key__startswith="victim"):
        give_standing(victim, Standing.VICTIM, Actor("ulvand"), WHY)


if __name__ == "__main__":
    if sys.argv[1] == "card":
        sys.stdout.write(json.dumps(ours().card()))
    else:
        agree(json.loads(sys.argv[2]), sys.argv[3:])
