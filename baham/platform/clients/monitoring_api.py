"""The addresses of monitoring: Baham's own, beside yente's, behind the same door. See docs/screening-service.md."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.params.functions import Query

import baham
from baham.platform.audit.models import Event
from baham.platform.audit.services import record
from baham.platform.clients import alerts as reading
from baham.platform.clients import monitoring
from baham.platform.clients.door import problem
from baham.platform.clients.keys import ClientRequest
from baham.platform.clients.models import Client, Watched
from baham.platform.clients.rate import take
from baham.platform.clients.yente.errors import Problem
from baham.platform.clients.yente.examples import clean
from baham.platform.clients.yente.shapes import moment
from baham.platform.opaque import hide, reveal

api = NinjaAPI(
    title="Baham's monitoring",
    version=baham.__version__,
    openapi_url=None,
    docs_url=None,
    urls_namespace="monitoring",
    description="Subjects that a client wants to hear of when a list changes, and its alerts.",
)
_MOST_PAGE = 500


@api.exception_handler(Problem)
def told(request: HttpRequest, error: Problem) -> HttpResponse:
    """A problem that the asker can mend."""
    return problem(error.status, error.detail)


@api.post("/subjects", summary="Watch subjects from now on")
def watch(request: ClientRequest) -> Any:
    """`{"subjects": [{"reference", "schema", "properties", …}]}`; each is answered under its place in the list."""
    client = _client(request)
    given = _subjects(request.body)
    take(client, len(given) - 1)
    answers: list[dict[str, Any]] = []
    good: dict[int, monitoring.Wanted] = {}
    for place, one in enumerate(given):
        try:
            good[place] = monitoring.read_wanted(client, one)
            answers.append({"status": 200, "reference": good[place].reference})
        except Problem as error:
            answers.append({"status": error.status, "detail": error.detail, "reference": _reference(one)})
    if not good:
        raise Problem(answers[0]["status"], answers[0]["detail"])
    made = monitoring.watch(client, list(good.values()))
    for place, wanted in good.items():
        answers[place]["expires_at"] = moment(made[wanted.reference].expires_at)
    return {"subjects": answers}


@api.get("/subjects", summary="Who is watched")
def subjects(request: ClientRequest, after: str = Query(""), limit: int = Query(100, ge=1, le=_MOST_PAGE)) -> Any:
    """A page of them, in the order in which they came; with `next` as `after` the following page is asked for."""
    client = _client(request)
    monitoring.expire(client)
    rows = list(client.watched.filter(pk__gt=_place(client, after)).order_by("pk")[:limit])
    record(
        client.actor, Event.CONSULTATION, "read subjects", f"client:{client.name}", title=client.name, names=len(rows)
    )
    following = hide([rows[-1].pk], _scope(client)) if len(rows) == limit else None
    return {"results": [_shape(one) for one in rows], "total": client.watched.count(), "next": following}


@api.delete("/subjects/{path:reference}", summary="Stop watching a subject, and forget it")
def withdraw(request: ClientRequest, reference: str) -> Any:
    """With its alerts. What went to review stays with its decision."""
    if not monitoring.withdraw(_client(request), reference):
        raise Problem(404, "No subject is watched under this reference.")
    return {"status": "ok"}


@api.get("/alerts", summary="What has happened")
def alerts(
    request: ClientRequest,
    after: int = Query(0, ge=0),
    limit: int = Query(reading.DEFAULT_PAGE, ge=1, le=reading.MOST_PAGE),
) -> Any:
    """The alerts after a number, oldest first. Keep `next`, and ask with it again: nothing is missed or told twice."""
    client = _client(request)
    monitoring.expire(client)
    body, shown = reading.alerts_since(client, after, limit)
    record(
        client.actor,
        Event.CONSULTATION,
        "read alerts",
        f"client:{client.name}",
        title=client.name,
        recipient=client.organisation.name,
        hits=len(shown),
        entities=shown,
    )
    return body


def _client(request: ClientRequest) -> Client:
    return request.client


def _scope(client: Client) -> str:
    return f"monitoring.subjects|{client.pk}"


def _place(client: Client, after: str) -> int:
    if after in ("", "0"):
        return 0
    try:
        return reveal(after, _scope(client), 1)[0]
    except ValueError as error:
        raise Problem(400, "after: the `next` of the page before, or nothing for the first.") from error


def _subjects(body: bytes) -> list[object]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "The body is not JSON.") from error
    several = given.get("subjects") if isinstance(given, dict) else None
    if not isinstance(several, list) or not several:
        raise Problem(
            422, "The body needs `subjects`: a list of subjects, each with `reference`, `schema`, `properties`."
        )
    if len(several) > monitoring.MOST_IN_A_CALL:
        raise Problem(400, f"Too many subjects in one call (limit: {monitoring.MOST_IN_A_CALL}).")
    return several


def _reference(given: object) -> str | None:
    found = given.get("reference") if isinstance(given, dict) else None
    return clean(found)[: monitoring.LONGEST_REFERENCE] if isinstance(found, str) else None


def _shape(one: Watched) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "schema": one.schema,
        "properties": one.properties,
        "datasets": one.datasets,
        "threshold": one.threshold,
        "made_at": moment(one.made_at),
        "expires_at": moment(one.expires_at),
    }
