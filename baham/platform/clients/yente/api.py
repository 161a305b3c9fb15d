"""The addresses of yente's API (yente 5.x), behind the door for programs. Each call leaves an entry in the log.

What is done is in the modules beside this one; here are the parameters, with yente's names and limits.
"""

import re
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from ninja import NinjaAPI
from ninja.params.functions import Query

import baham
from baham.kernel.text import storable
from baham.platform.audit.models import Event
from baham.platform.audit.services import record
from baham.platform.clients.door import problem
from baham.platform.clients.keys import ClientRequest
from baham.platform.clients.models import Client
from baham.platform.clients.rate import take
from baham.platform.clients.yente import catalog as catalogue
from baham.platform.clients.yente import entities, matching, searching
from baham.platform.clients.yente import statements as lineage
from baham.platform.clients.yente.errors import Problem
from baham.platform.clients.yente.scope import asked_about
from baham.platform.clients.yente.shapes import entity_shape
from baham.platform.jobs import alive

api = NinjaAPI(
    title="Baham's screening, in yente's shapes",
    version=baham.__version__,
    openapi_url=None,
    docs_url=None,
    urls_namespace="yente",
    description="See docs/screening-service.md for what differs from yente.",
)
_SINCE = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}(:\d{2}(:\d{2})?)?)?")
_HIGHEST_OFFSET = 9_499


@api.exception_handler(Problem)
def told(request: HttpRequest, error: Problem) -> HttpResponse:
    """A problem that the asker can mend."""
    return problem(error.status, error.detail)


@api.get("/healthz", summary="Whether the process answers")
def healthz(request: ClientRequest) -> Any:
    """Needs no key, and says nothing else."""
    return {"status": "ok"}


@api.get("/readyz", summary="Whether names can be screened")
def readyz(request: ClientRequest) -> Any:
    """503 until a list has been loaded and indexed. Needs no key. `jobs` says whether a worker does what lasts long:
    loading a list waits for it, screening does not."""
    if not catalogue.is_ready():
        raise Problem(503, "Index not ready.")
    return {"status": "ok", "jobs": "ok" if alive.runs() else "no worker runs"}


@api.get("/catalog", summary="The datasets that this key may ask about")
@api.get("/manifest", include_in_schema=False)
def catalog(request: ClientRequest) -> Any:
    """With an ETag, so that asking again costs little."""
    body = catalogue.catalog(_client(request))
    tag = catalogue.etag(body)
    known = [one.strip() for one in request.headers.get("If-None-Match", "").split(",")]
    same = {tag, "*"} & set(known)
    answer = HttpResponse(status=304) if same else api.create_response(request, body, status=200)
    answer.headers["ETag"], answer.headers["Cache-Control"] = tag, "private, max-age=300"
    return answer


@api.get("/algorithms", summary="How names are compared")
def algorithms(request: ClientRequest) -> Any:
    """One algorithm: `baham`, which is also `best`."""
    return catalogue.algorithms()


@api.post("/match/{dataset}", summary="Match by example")
def match(
    request: ClientRequest,
    response: HttpResponse,
    dataset: str,
    limit: int = Query(5, ge=0, le=matching.MOST_RESULTS),
    threshold: float | None = Query(None, ge=0, le=1),
    cutoff: float | None = Query(None, ge=0, le=1),
    algorithm: str = "best",
    include_dataset: list[str] = Query([]),
    exclude_dataset: list[str] = Query([]),
    exclude_schema: list[str] = Query([]),
    topics: list[str] = Query([]),
    changed_since: str = "",
    exclude_entity_ids: list[str] = Query([], max_length=50),
) -> Any:
    """A batch of queries, each answered on its own. The names travel in the body, never in the address."""
    from baham.engines.names import DEFAULT_THRESHOLD

    client = _client(request)
    if algorithm.lower().strip() not in ("best", matching.ALGORITHM):
        raise Problem(400, f"Invalid algorithm: {storable(algorithm)[:60]}; there is {matching.ALGORITHM}, or best.")
    least = DEFAULT_THRESHOLD if threshold is None else threshold
    wishes = matching.Wishes(
        limit,
        least,
        max(matching.LEAST_CUTOFF, min(DEFAULT_THRESHOLD if cutoff is None else cutoff, least)),
        frozenset(exclude_entity_ids),
        frozenset(exclude_schema),
        frozenset(topics),
        _since(changed_since),
    )
    datasets = asked_about(client, dataset, include_dataset, exclude_dataset)
    queries, ignored = matching.read_batch(request.body)
    examples, broken = matching.read_examples(queries)
    names = sum(len(list(example.queries())) for example in examples.values())
    if names > client.rate:
        raise Problem(400, f"The batch asks about {names} names; this key may ask about {client.rate} in a minute.")
    take(client, names - 1)  # the door took one for the call
    answer = matching.match(client, queries, examples, broken, datasets, wishes)
    _log(client, "screened", f"client:{client.name}", answer.shown, names=answer.names)
    response.headers["x-batch-size"] = str(len(queries))
    return answer.body if not ignored else {**answer.body, "ignored": ignored}


@api.get("/search/{dataset}", summary="Search by words")
def search(
    request: ClientRequest,
    dataset: str,
    q: str = "",
    kind: str = Query("Thing", alias="schema"),
    include_dataset: list[str] = Query([]),
    exclude_dataset: list[str] = Query([]),
    exclude_schema: list[str] = Query([]),
    changed_since: str = "",
    countries: list[str] = Query([]),
    topics: list[str] = Query([]),
    datasets: list[str] = Query([]),
    filter: list[str] = Query([]),
    limit: int = Query(searching.DEFAULT_PAGE, ge=0, le=searching.MOST_PAGE),
    offset: int = Query(0, ge=0, le=_HIGHEST_OFFSET),
    sort: list[str] = Query([]),
    target: bool | None = None,
    fuzzy: bool = False,
    simple: bool = False,
    facets: list[str] = Query(["countries", "topics", "datasets"]),
    filter_op: str = "OR",
) -> Any:
    """All words must occur; the last may be a beginning. With `fuzzy` also names in other spellings and scripts."""
    client = _client(request)
    if filter_op not in ("AND", "OR"):
        raise Problem(422, "filter_op: AND or OR.")
    if unknown := [name for name in facets if name not in searching.FACETS]:
        raise Problem(422, f"facets: {storable(unknown[0])[:40]!r} is none of {', '.join(searching.FACETS)}.")
    filters = [("countries", value) for value in countries] + [("topics", value) for value in topics]
    filters += [("datasets", value) for value in datasets] + searching.read_filters(filter)
    asked = searching.Search(
        storable(q)[: matching.LONGEST_SEARCH],
        kind,
        tuple(filters),
        filter_op == "AND",
        frozenset(exclude_schema),
        _since(changed_since),
        fuzzy,
        tuple(sort),
    )
    scope = asked_about(client, dataset, include_dataset, exclude_dataset)
    body, shown = searching.search(client, asked, scope, limit, offset, facets)
    # The words are not written down: they came in an address, and the entities shown say what the log needs.
    _log(client, "searched", f"client:{client.name}", shown)
    return body


@api.get("/entities/{path:entity_id}/adjacent/{prop}", summary="What is beside an entity under one property")
def adjacent_by(
    request: ClientRequest,
    entity_id: str,
    prop: str,
    sort: list[str] = Query([]),
    limit: int = Query(searching.DEFAULT_PAGE, ge=0, le=searching.MOST_PAGE),
    offset: int = Query(0, ge=0, le=_HIGHEST_OFFSET),
) -> Any:
    """A page of neighbours, in the order in which they were loaded."""
    client = _client(request)
    one = entities.look_up(client, entity_id)
    if isinstance(one, entities.Redirect):
        return _elsewhere(request, entity_id, one)
    body, shown = entities.adjacent_by(client, one, prop, limit, offset)
    _log(client, "read", f"entity:{one.pk}", shown)
    return body


@api.get("/entities/{path:entity_id}/adjacent", summary="What is beside an entity")
def adjacent(
    request: ClientRequest,
    entity_id: str,
    sort: list[str] = Query([]),
    limit: int = Query(searching.DEFAULT_PAGE, ge=0, le=searching.MOST_PAGE),
    offset: int = Query(0, ge=0, le=_HIGHEST_OFFSET),
) -> Any:
    """The entity, and a page of its neighbours for each property."""
    client = _client(request)
    one = entities.look_up(client, entity_id)
    if isinstance(one, entities.Redirect):
        return _elsewhere(request, entity_id, one)
    body, shown = entities.adjacent(client, one, limit, offset)
    _log(client, "read", f"entity:{one.pk}", shown)
    return body


@api.get("/entities/{path:entity_id}", summary="One entity")
def entity(request: ClientRequest, entity_id: str, nested: bool = True) -> Any:
    """By its id; by the id of a source, it leads there with 308. With `nested`, its neighbours are inside it."""
    client = _client(request)
    one = entities.look_up(client, entity_id)
    if isinstance(one, entities.Redirect):
        return _elsewhere(request, entity_id, one)
    body, shown = entities.nested(client, one) if nested else (entity_shape(one), [one.pk])
    _log(client, "read", f"entity:{one.pk}", shown, title=one.caption)
    return body


@api.get("/statements", summary="Every value of an entity, with its chain")
def statements(
    request: ClientRequest,
    dataset: str = "",
    entity_id: str = "",
    canonical_id: str = "",
    prop: str = "",
    value: str = "",
    kind: str = Query("", alias="schema"),
    sort: list[str] = Query([]),
    limit: int = Query(lineage.DEFAULT_PAGE, ge=0, le=lineage.MOST_PAGE),
    offset: int = Query(0, ge=0),
) -> Any:
    """Of one entity at a time."""
    client = _client(request)
    wanted = lineage.Wanted(entity_id, canonical_id, dataset, prop, value, kind, tuple(sort))
    body, shown = lineage.statements(client, wanted, limit, offset)
    _log(client, "read statements", f"entity:{shown[0]}" if shown else f"client:{client.name}", shown)
    return body


@api.post("/updatez", summary="Not done by programs")
def updatez(request: ClientRequest) -> Any:
    """Lists are loaded by list officers; the index follows each load by itself."""
    raise Problem(403, "Lists are loaded by people here, and the index follows by itself; a key updates nothing.")


@api.get("/openapi.json", include_in_schema=False)
def description(request: ClientRequest) -> Any:
    """This interface as OpenAPI."""
    return api.get_openapi_schema(path_prefix="/yente/")


def _client(request: ClientRequest) -> Client:
    return request.client


def _since(given: str) -> str:
    if given and not _is_moment(given):
        raise Problem(422, "changed_since: a day or a time, such as 2026-11-22 or 2026-11-22T18:00:00.")
    return given


def _is_moment(given: str) -> bool:
    try:
        return _SINCE.fullmatch(given) is not None and bool(datetime.fromisoformat(given))
    except ValueError:  # a day that no month has
        return False


def _elsewhere(request: ClientRequest, asked: str, found: entities.Redirect) -> HttpResponse:
    """308 to the id under which the entity is kept, with the rest of the address as it was."""
    from urllib.parse import quote

    rest = request.path.rpartition("/entities/")[2].removeprefix(asked)
    query = request.META.get("QUERY_STRING", "")
    answer = HttpResponseRedirect(f"/yente/entities/{quote(found.id, safe='')}{rest}{'?' + query if query else ''}")
    answer.status_code = 308
    return answer


def _log(client: Client, act: str, subject: str, shown: list[int], *, title: str = "", **detail: Any) -> None:
    """Write down that a program read records, before it has them: the number of names it asked, and what it got."""
    record(
        client.actor,
        Event.CONSULTATION,
        act,
        subject,
        title=title or client.name,
        recipient=client.organisation.name,
        hits=len(shown),
        entities=shown,
        **detail,
    )
