"""A counterpart that is not trusted, from the first field that it is given to the recall that it answers.

Four people in their browsers, and Varand's installation on the other end of the wire: its keys, its secret, its word.
"""

import base64
import json
from collections.abc import Iterator

import httpx
import pytest

from baham.demo.partners import TITLES
from baham.demo.staff import SECRETS
from baham.formats import dsse
from baham.formats.sealed import unseal
from baham.kernel.claim import Claim
from baham.kernel.grade import Grade
from baham.kernel.statement import Statement
from baham.platform.release.channel import payload_type
from baham.platform.world.elsewhere import AMBER, Elsewhere
from tests.journeys.house import ANALYST, REVIEWER, SECOND_REVIEWER
from tests.support.browser import TWO_WAYS, needs_browser

pytestmark = needs_browser
WHO = {"en": ("K-0397", "Daler Jalvash"), "ur": ("K-0402", "Mirwais Khorvash")}
"""One record for each way, so that neither stands in the other's."""
WHY = "Read with the legal adviser; it answers the question and no more."


class Varand:
    """Varand's installation, as it talks to the house."""

    def __init__(self, address: str) -> None:
        self._ask = httpx.Client(base_url=address, auth=("varand", SECRETS["varand"]), timeout=30)
        self.card = self._ask.get("/exchange/head").json()["card"]
        self.desk = Elsewhere(TITLES["varand"], to=self.card["party"])
        public = base64.b64decode(self.card["sign"])
        self._keys = {dsse.key_id(public): public}

    def heard(self) -> list[tuple[str, dict, list]]:
        """All that the house has said to it: kind, signed payload, parts."""
        found, start = [], 0
        while some := self._ask.get("/exchange/messages", params={"from": start}).json()["messages"]:
            found += [
                (one["kind"], dsse.verify(payload_type(one["kind"]), one["envelope"], self._keys).json(), one["parts"])
                for one in some
            ]
            start += len(some)
        return found

    def deliver(self, wire: dict) -> dict:
        """Bring a message, as the next one that the house has not heard yet."""
        heard = self._ask.get("/exchange/head").json()["in"]
        number = dsse.verify(payload_type("head"), heard, self._keys).json()["size"]
        answer = self._ask.post("/exchange/deliver", content=json.dumps({**wire, "number": number}))
        assert answer.status_code == 202, answer.text
        return answer.json()

    def close(self) -> None:
        self._ask.close()


@pytest.fixture
def varand(house) -> Iterator[Varand]:
    other = Varand(house.address)
    yield other
    other.close()


@TWO_WAYS
def test_a_counterpart_that_is_not_trusted(at_desk, house, varand, language):
    key, name = WHO[language]
    record = house.entity("kohsar-desk", key)

    # Step by step: the name alone leaves, what the agreement does not name stays.
    analyst = at_desk(ANALYST)
    analyst.open(record)
    analyst.follow("Release to a partner")
    analyst.find("#id_partner").select_option("varand")
    analyst.find("#id_purpose").select_option("analysis")
    analyst.labelled("Case or question that it answers").fill(f"question of Varand, {language}")
    analyst.press("Show what would leave")
    assert analyst.says("Not on the agreement’s list of fields")
    marked = analyst.find("input[name=statement]:checked")
    assert 0 < marked.count() < analyst.find("input[name=statement]").count()
    analyst.press("Propose this release")
    release = analyst.path
    assert analyst.find("form[data-decision]").count() == 0, "who proposed it does not sign it"

    # Nothing has left before a second person signs; then exactly what was shown has.
    before = len(varand.heard())
    officer = at_desk(REVIEWER)
    officer.open("/sharing/")
    assert officer.find(f'main a[href="{release}"]').count() == 1
    officer.open(release)
    assert name in officer.find("main").inner_text() and officer.says("Not in this step")
    officer.find("input[name=choice][value=send]").check()
    officer.labelled("Reason, in your own words").fill(WHY)
    officer.press("Record decision")
    kind, payload, parts = varand.heard()[before:][0]
    given = unseal(parts, payload["root"])
    assert kind == "release" and {claim.statement.prop for claim in given} == {"name"}
    assert name in {claim.statement.value for claim in given} and len(parts) > len(given), "the rest is sealed"

    # What it says in turn waits, and is nowhere until a person grades it.
    word = f"Sperghai Dorvan {language.upper()}"
    said = [
        Claim(Statement(f"VL-{language}", "Person", prop, value, "desk"), AMBER, Grade.parse("A1"))
        for prop, value in (("name", word), ("birthPlace", "Darvan"))
    ]
    assert varand.deliver(varand.desk.releases(*said, name=f"VL-{language}"))["quarantined"] == 2
    reader = at_desk(SECOND_REVIEWER)
    reader.open(f"/search/?q={word.replace(' ', '+')}")
    assert reader.find("main a[href^='/entity/']").count() == 0
    reader.open("/sharing/inbox/varand/")
    waits = reader.find("section", has=reader.find("h2", has_text=word))
    waits.locator("input[name=grade]").fill("D4")
    waits.locator("textarea[name=reason]").fill(WHY)
    reader.go(waits.get_by_role("button", name=reader.say("Accept with this grade")).click)
    reader.open("/sharing/inbox/varand/?show=accepted")
    stands = reader.find("section", has=reader.find("h2", has_text=word))
    stands.locator("details summary").click()
    stands.locator("select[name=kind]").select_option("contradicted")
    stands.locator("details textarea[name=reason]").fill(WHY)
    reader.go(stands.get_by_role("button", name=reader.say("Write it down")).click)
    assert reader.say("contradicted") in reader.find("section", has=reader.find("h2", has_text=word)).inner_text()
    assert reader.find("#record tbody tr", has_text="A").count() == 1, "its own A is what is counted"

    # What was wrong is taken back, from whoever holds it, and the answer is kept.
    officer.open(record)
    officer.follow("Take back what was said")
    row = officer.find("main tbody tr", has_text=name).filter(has_text=TITLES["varand"]).first
    row.locator("input[name=statement]").check()
    officer.labelled("Ground").select_option("identity")
    officer.labelled("Why, as every receiver will read it").fill("The name is that of another man; the desk erred.")
    officer.press("Recall what is marked")
    assert officer.find("main tbody tr", has_text=TITLES["varand"]).count() == 1
    recall = officer.path
    kind, payload, _parts = varand.heard()[-1]
    taken = {claim.id for claim in given if claim.statement.value == name}
    assert kind == "recall" and set(payload["statements"]) == taken
    assert not any(name in json.dumps(parts, ensure_ascii=False) for _kind, _payload, parts in varand.heard())
    answer = {"recall": payload["recall"], "answer": "done", "kept": [], "reason": "", "onward": []}
    varand.deliver(varand.desk.says("answer", answer))
    officer.open(recall)
    assert officer.heading == officer.say("Every receiver has answered")
    officer.open("/sharing/partners/varand/")
    assert officer.find("main tbody tr", has_text=name).filter(has_text=officer.say("Removed")).count() == 1
