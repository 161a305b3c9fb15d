"""What this room does as jobs."""

import logging
import traceback
from typing import Any

from django.urls import reverse

from baham.formats import BadInput
from baham.platform.audit.services import Actor
from baham.platform.jobs.running import Handle, JobError
from baham.platform.jobs.services import start
from baham.platform.ledger import offered as offering
from baham.platform.ledger.guard import MassChange
from baham.platform.ledger.models import Offered

log = logging.getLogger(__name__)


def look_at(handle: Handle, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """Find out what an offered file would do to its list; nothing changes."""
    one = Offered.objects.get(pk=given["offered"])
    try:
        offering.look(one, actor, handle.report)
    except BadInput as error:
        offering.drop(one)
        raise JobError(_named(error, one)) from error
    return {"preview": reverse("offered", args=[one.pk])}


def load_offered(handle: Handle, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """Put an offered file in force; afterwards the name index is built anew."""
    one = Offered.objects.get(pk=given["offered"])
    name = one.dataset_name
    try:
        done = offering.put_in_force(one, actor, handle.report)
    except BadInput as error:
        raise JobError(_named(error, one)) from error
    except MassChange as stopped:
        # The list has changed since somebody looked: what they agreed to is not what it would do now.
        one.effect = offering.told(stopped.effect, stopped.stops.why)
        one.state, one.agreed_by = Offered.State.LOOKED_AT, ""
        one.save(update_fields=["effect", "state", "agreed_by"])
        raise JobError(stopped.numbers) from stopped  # whose page it is may not read everybody of the list
    version = done.version
    return {
        **({} if done.unchanged else _indexed(name, actor)),
        "url": reverse("version", args=[name, version.number]),
        "unchanged": done.unchanged,
        "added": version.added,
        "changed": version.changed,
        "removed": version.removed,
        "entities": version.entities,
        "refused": list(done.refused[:20]),
    }


def _indexed(name: str, actor: Actor) -> dict[str, Any]:
    """The job that builds the index; the list is in force already, so that no fault in this undoes the load."""
    try:
        return {"then": str(start("index", name, actor).pk)}
    except Exception as error:
        log.error("index of %s: %s", name, traceback.format_exc())
        return {"not_begun": str(error)}


def _named(error: BadInput, one: Offered) -> str:
    return str(error).replace(one.path, one.file_name)
