"""The administrator gives a program a key, sees it once, and takes it back; and sees no data by it."""

import httpx

from tests.journeys.house import ADMINISTRATOR, ANALYST
from tests.support.browser import TWO_WAYS, needs_browser

pytestmark = needs_browser


@TWO_WAYS
def test_a_key_from_making_to_revoking(at_desk, house, language):
    name = f"onboarding-{language}"
    desk = at_desk(ADMINISTRATOR)
    desk.open("/")
    desk.follow("Programs")
    desk.labelled("Name of the program").fill("not a good name")
    desk.labelled("Organisation it belongs to").fill("Daryab Commercial Bank")
    desk.press("Make the key", status=400)
    assert desk.says("The name may have letters, digits, hyphens and underscores.")
    desk.labelled("Name of the program").fill(name)
    desk.find("input[name=scope][value=national]").check()
    desk.press("Make the key")
    assert desk.heading == desk.say("Copy the key now; it is not shown again.")
    key = desk.find("#key").inner_text()
    ask = {"headers": {"Authorization": f"ApiKey {key}"}, "timeout": 30}
    catalog = httpx.get(f"{house.address}/yente/catalog", **ask)
    assert [dataset["name"] for dataset in catalog.json()["datasets"]] == ["default", "national"]
    desk.follow("I have copied it")
    assert key not in desk.page.content()
    row = desk.find("main tbody tr", has_text=name)
    renew, revoke = row.locator("details").nth(0), row.locator("details").nth(1)
    renew.locator("summary").click()
    renew.locator("input[name=reason]").fill("The key was seen by somebody else.")
    desk.go(renew.locator("button").click)
    assert desk.says("The key before it opens nothing any more; what the program has watched stays.")
    assert httpx.get(f"{house.address}/yente/catalog", **ask).status_code == 401
    ask["headers"] = {"Authorization": f"ApiKey {desk.find('#key').inner_text()}"}
    assert httpx.get(f"{house.address}/yente/catalog", **ask).status_code == 200
    desk.follow("I have copied it")
    revoke.locator("summary").click()
    revoke.locator("input[name=reason]").fill("The key was seen by somebody else.")
    desk.go(revoke.locator("button").click)
    assert desk.say("Revoked") in desk.find("main tbody tr", has_text=name).inner_text()
    assert httpx.get(f"{house.address}/yente/catalog", **ask).status_code == 403


@TWO_WAYS
def test_what_one_has_read_within_the_hour(at_desk):
    desk = at_desk(ANALYST)
    desk.open("/reading/")
    assert desk.says("Opening the same record again counts once. What a screening finds does not count.")
    assert desk.link("Programs").count() == 0
    desk.open("/clients/", status=403)
