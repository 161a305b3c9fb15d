"""Two installations in two processes: they exchange, dispute, grade anew and recall, over HTTP on this machine."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.journeys.house import serving
from tests.support import commands
from tests.support.lists import write

WHY = "An invented reason that is long enough."
_BEGIN = """
from baham.platform.boot import boot
boot()
from datetime import timedelta
from pathlib import Path
from django.utils import timezone
from baham.kernel.basis import StanceKind
from baham.kernel.handling import PAP, TLP
from baham.platform.accounts.models import User
from baham.platform.accounts.services import add_person
from baham.platform.audit.services import Actor
from baham.platform.ledger import annotate
from baham.platform.ledger.load import load
from baham.platform.ledger.models import Dataset, Entity, GradeGiven, StanceTaken, Statement
from baham.platform.release import agreements, notices, recalls, releases
from baham.platform.release.models import Holding, Partner, RecallNotice
from baham.platform.review.services import decide
WHY = "An invented reason that is long enough."
"""


class Installation:
    """One installation: its folder, and code and commands run in it as processes of their own."""

    def __init__(self, home: Path, name: str) -> None:
        self.home, self.name = home, name

    def command(self, *words: str, code: int = 0) -> str:
        done = self._started("baham", *words)
        assert done.returncode == code, done.stderr
        return (done.stdout if code == 0 else done.stderr).strip()

    def run(self, text: str) -> object:
        """Run code there; what it leaves in `out` comes back."""
        done = self._started("tests.support.code", given=f"{_BEGIN}{text}\nimport json\nprint(json.dumps(out))")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def _started(self, *words: str, given: str = "") -> subprocess.CompletedProcess:
        return commands.run(self.home, *words, given=given, BAHAM_PARTY_NAME=self.name)

    def knows(self, other: "Installation", folder: Path) -> str:
        """Pin the other's card; the secret with which it signs in here."""
        card = folder / f"{other.name}.json"
        card.write_text(other.command("partners", "card"))
        return self.command(
            "partners",
            "add",
            other.name,
            "--title",
            other.name.title(),
            "--kind",
            "agency",
            "--trusted",
            "--card",
            str(card),
            "--reason",
            WHY,
        )

    def values(self, partner: str) -> list[str]:
        return self.run(f"""
rows = Statement.objects.filter(entity__dataset__name="from-{partner}", until=None)
out = sorted(rows.values_list("prop", "value"))""")  # type: ignore[return-value]


@pytest.fixture
def two(begin, tmp_path: Path):
    """Kohsar, which holds a list and gives; and Daryab, which receives. Each knows the other and is served."""
    for name in ("kohsar", "daryab"):
        begin(tmp_path / name)
    kohsar, daryab = Installation(tmp_path / "kohsar", "kohsar"), Installation(tmp_path / "daryab", "daryab")
    secrets = {"daryab": kohsar.knows(daryab, tmp_path), "kohsar": daryab.knows(kohsar, tmp_path)}
    write(tmp_path / "list.csv")
    kohsar.run(f"""
load(Path({str(tmp_path / "list.csv")!r}), "home-dept", Actor("t"), about={{"publisher": "Home Department"}})
Dataset.objects.update(tlp=2, pap=1, grade="B2", scheme="admiralty-6x6")
for name, role in (("ulvand", "release_officer"), ("noor", "reviewer")):
    add_person(Actor("t"), name, "a long enough password", name, [role])
made = agreements.put_forward(Actor("ulvand"), Partner.objects.get(name="daryab"), purposes=["analysis"], fields=None,
                              legal_basis="Public Safety Act 2009, s. 40", ends=timezone.now() + timedelta(days=9))
decide(made.matter, User.objects.get(username="noor"), Actor("noor"), "sign", WHY)
out = 0""")
    with serving(kohsar.home, {}) as at_kohsar, serving(daryab.home, {}) as at_daryab:
        for here, there, house in ((kohsar, daryab, at_daryab), (daryab, kohsar, at_kohsar)):
            secret = tmp_path / f"{here.name}.secret"
            secret.write_text(secrets[here.name])
            here.command(
                "partners",
                "link",
                there.name,
                "--url",
                house.address,
                "--login",
                here.name,
                "--secret-file",
                str(secret),
            )
        yield kohsar, daryab


def test_they_exchange_dispute_grade_anew_and_recall(two):
    kohsar, daryab = two
    assert daryab.command("partners", "sync", "kohsar") == "kohsar: nothing new"
    sids = kohsar.run("""
entity = Entity.objects.get(key="k-1")
made = releases.put_forward(Actor("noor"), Partner.objects.get(name="daryab"), [entity], purpose="analysis", case="c 1")
decide(made.matter, User.objects.get(username="ulvand"), Actor("ulvand"), "send", WHY)
out = {s.prop: s.sid_hex for s in Statement.objects.filter(entity=entity)}""")
    assert daryab.command("partners", "sync", "kohsar").startswith("kohsar: 1 messages")
    assert ["name", "Zarghun Talband"] in daryab.values("kohsar")

    daryab.run(f"""
held = Statement.objects.get(sid=bytes.fromhex("{sids["birthDate"]}"))
notices.stand(Actor("tirvash"), Partner.objects.get(name="kohsar"), held, StanceKind.CONTRADICTS, WHY, "case 12")
out = 0""")
    kohsar.command("partners", "sync", "daryab")
    assert kohsar.run("out = [[s.by, s.kind, s.sid] for s in StanceTaken.objects.all()]") == [
        ["partner:daryab", "contradicts", sids["birthDate"]]
    ]

    kohsar.run(f"""
held = Statement.objects.get(sid=bytes.fromhex("{sids["birthDate"]}"))
annotate.grade(held, "C3", Actor("noor"), WHY)
out = 0""")
    daryab.command("partners", "sync", "kohsar")
    assert daryab.run(f'out = [str(g) for g in GradeGiven.objects.filter(sid="{sids["birthDate"]}")]') == ["B2", "C3"]

    told = kohsar.command("recall", "make", sids["name"], "--ground", "identity", "--why", WHY)
    assert "told\tdaryab\t1 statements" in told
    daryab.command("partners", "sync", "kohsar")
    assert ["name", "Zarghun Talband"] not in daryab.values("kohsar") and daryab.values("kohsar")
    kohsar.command("partners", "sync", "daryab")
    assert "daryab\t1\tdone" in kohsar.command("recall", "list")
    assert kohsar.run('out = [h.state for h in Holding.objects.filter(state="removed")]') == ["removed"]

    kohsar.run("""
from baham.platform.release.models import Channel
said = Channel.objects.get(direction="out")
said.peaks = ["00" * 32 for peak in said.peaks]  # as if somebody had written another past
said.save()
out = 0""")
    kohsar.command("recall", "make", sids["fatherName"], "--ground", "error", "--why", WHY)
    assert "has altered it" in daryab.command("partners", "sync", "kohsar", code=1)
    assert ["fatherName", "Tor Baz"] in daryab.values("kohsar")
