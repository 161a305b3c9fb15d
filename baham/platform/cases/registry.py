"""The workflows that there are, as a plain list. Measures add theirs in their manifests (`workflows`)."""

from baham.platform.cases.workflow import Workflow

WORKFLOWS: list[Workflow] = []


def workflow_of(code: str) -> Workflow | None:
    """The workflow of a code; None for one whose measure is off or gone: its cases are shown and stand still."""
    return next((one for one in WORKFLOWS if one.code == code), None)
