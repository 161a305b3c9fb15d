"""What this room does as jobs."""

from pathlib import Path
from typing import Any

from django.urls import reverse

from baham.formats import BadInput
from baham.platform.audit.services import Actor
from baham.platform.jobs.running import Handle, JobError
from baham.platform.jobs.services import start
from baham.platform.ledger.load import load


def load_upload(handle: Handle, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """Load an uploaded file as the next version of a list; afterwards the name index is built anew."""
    path = Path(given["path"])
    try:
        fields = {"title": given["title"]} if given.get("title") else {}
        done = load(path, given["name"], actor, about=fields, progress=handle.report)
    except BadInput as error:
        raise JobError(str(error).replace(str(path), handle.job.title)) from error
    finally:
        path.unlink(missing_ok=True)
    if not done.unchanged:
        start("index", given["name"], actor)
    version = done.version
    return {
        "url": reverse("version", args=[given["name"], version.number]), "unchanged": done.unchanged,
        "added": version.added, "changed": version.changed, "removed": version.removed, "entities": version.entities,
    }  # fmt: skip
