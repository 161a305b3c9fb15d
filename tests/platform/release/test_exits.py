"""One pipeline for every exit: whatever in the code writes outward is an exit that goes through the gate, carries what the
gate let out, or says here why nothing of a record leaves by it. New code that writes outward fails until it is one."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

from baham.platform.release.exits import EXITS
from tests.support.measures import said

ROOT = Path(__file__).resolve().parents[3]
_OUTWARD = {
    "HttpResponse",
    "JsonResponse",
    "StreamingHttpResponse",
    "FileResponse",
    "urlopen",
    "build_opener",
    "write_text",
    "write_bytes",
    "Popen",
    "HTTPSConnection",
    "HTTPConnection",
    "sendto",
    "send_mail",
}

CARRIES = {
    "baham/platform/outbound.py": "the one client for addresses outside: it carries what those who ask it hand it",
    **said("CARRIES"),
}
"""Takes what the gate let out from here to there."""
_TO_THE_PERSON = "what two people decided to tell the person it is about, by rights/telling.py; to nobody else"
STAYS = {
    "baham/cli/access.py": _TO_THE_PERSON,
    "baham/cli/screen.py": "answers whoever works at this terminal; for them is screening itself",
    "baham/cli/screening.py": "counts of an invented world",
    "baham/platform/jobs/worker.py": "starts our own worker",
    "baham/platform/jobs/alive.py": "an empty file that is locked",
    "baham/platform/audit/anchor.py": "hashes of the log",
    "baham/platform/audit/tree.py": "hashes of the log",
    "baham/platform/backup.py": "the operator's own copy of everything, to the folder that whoever has the machine named",
    "baham/platform/clients/door.py": "errors in words of ours, and what yente/release.py let out",
    "baham/platform/clients/yente/api.py": "what yente/release.py let out",
    "baham/platform/ledger/update.py": "fetches a published list; sends no data",
    "baham/platform/rights/views.py": _TO_THE_PERSON,
    "baham/platform/rights/views_oversight.py": _TO_THE_PERSON,
    "baham/platform/rights/erasure_work.py": "an empty file that is locked",
    "baham/platform/screening/erasing.py": "results of a person's own screening, written anew without somebody",
    "baham/platform/screening/index.py": "the index, inside BAHAM_HOME",
    "baham/platform/screening/processes.py": "our own processes on this machine",
    "baham/platform/screening/spark.py": "results of a person's own screening, to the file that they named",
    "baham/platform/screening/views.py": "results of a person's own screening, to that person",
    "baham/platform/screening/work.py": "results of a person's own screening, inside BAHAM_HOME",
    "baham/platform/shell/views.py": "that the process lives",
    **said("STAYS"),
}
"""Nothing of a record leaves by it but to the person who works here, under a purpose and with the log, or to the person
concerned, whose right it is."""


def sources():
    for folder in ("platform", "measures", "cli"):
        for path in sorted((ROOT / "baham" / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def called(node: ast.Call) -> str:
    return getattr(node.func, "id", None) or getattr(node.func, "attr", "")


def writes(node: ast.Call) -> bool:
    """Whether a call writes outward: one of the list, or `open` for writing."""
    if called(node) == "open":
        return any(
            isinstance(one, ast.Constant) and one.value in ("w", "wb", "a", "ab", "x", "xb") for one in node.args
        )
    return called(node) in _OUTWARD


def modules(code: str) -> str:
    return code.replace(".", "/") + ".py"


def test_whatever_writes_outward_is_an_exit_or_says_why_nothing_leaves_by_it():
    found = defaultdict(set)
    for name, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and writes(node):
                found[name].add(called(node))
    known = {modules(one.module) for one in EXITS} | set(CARRIES) | set(STAYS)
    strange = {name: sorted(ways) for name, ways in found.items() if name not in known}
    assert not strange, (
        "send this through release.gateway and add it to EXITS, or say in this test why nothing leaves by it"
    )
    gone = sorted(name for name in (*CARRIES, *STAYS) if name not in found)
    assert not gone, "these write outward no more; take them out of this test"


@pytest.mark.parametrize("one", EXITS, ids=lambda one: one.code)
def test_every_exit_asks_the_gate(one):
    path = ROOT / modules(one.module)
    if not path.exists():
        package = path.with_suffix("") / "__init__.py"
        assert package.exists(), f"the exit {one.code} names a module that is not there"
        path = package
    calls = {called(node) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)}
    opens = {"open"} & {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and getattr(node.func.value, "id", "") == "Gate"
    }
    assert opens or "ruled" in calls, f"{one.module} lets something out without asking the gate"


def test_claims_are_said_to_a_partner_only_while_the_gate_writes_down_that_they_leave():
    """Every message that carries claims is said inside `with gate.leaving(...)`."""
    said, outside = 0, []
    for name, tree in sources():
        inside = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.With)
            and any(
                called(item.context_expr) == "leaving" for item in node.items if isinstance(item.context_expr, ast.Call)
            )
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "channel.say":
                kind = node.args[1].value if isinstance(node.args[1], ast.Constant) else "?"
                said += 1
                if kind in ("release", "?") and id(node) not in inside:
                    outside.append(f"{name}:{node.lineno}")
    assert said >= 5 and not outside


def test_nothing_of_a_claim_is_written_but_by_the_formats_and_the_gates_exits():
    """`formats.claims.write` turns a claim into what leaves; who may call it is a list."""
    allowed = {
        "baham/measures/sharing/intake.py": "keeps what was received, as it came",
    }
    callers = set()
    for name, tree in sources():
        imports = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "baham.formats.claims"
        ]
        if any(alias.name == "write" for node in imports for alias in node.names):
            callers.add(name)
    assert callers == set(allowed)
