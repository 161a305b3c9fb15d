"""What may be asked about, and how it is compared: yente's catalog and algorithms, and whether the index is ready."""

import hashlib
from typing import Any

from baham.platform.clients.models import Client
from baham.platform.clients.yente.matching import ALGORITHM
from baham.platform.clients.yente.scope import COLLECTION, known_to
from baham.platform.clients.yente.shapes import moment
from baham.platform.ledger.datasets import overview
from baham.platform.screening import index

FEATURES = {
    "name.alike": "The names, part by part, whatever their script and spelling; common parts count less.",
    "name.parts_missing": "Against: parts that stand on one side only.",
    "name.common": "Against: the agreeing parts are borne by many people.",
    "name.single_part": "Against: one of the names has a single part.",
    "name.weak_alias": "Against: the list itself calls the alias weak.",
    "name.only": "Against: nothing but the name agrees; such a hit is never more than possible.",
    "schema.different": "Against: the two are different kinds of thing.",
    "identifier.same": "The identity number is the same.",
    "identifier.different": "Against, weakly: the number is none of those listed.",
    "birth_date.same_day": "The birth date is the same day.",
    "birth_date.same_month": "The birth month is the same, and one side gives no more.",
    "birth_date.same_year": "The birth year is the same, and one side gives no more.",
    "birth_date.within": "The birth date falls within a span of years.",
    "birth_date.swapped": "Day and month are exchanged.",
    "birth_date.same_year_only": "Against, weakly: the year agrees, the day does not.",
    "birth_date.near": "Against, weakly: about a year apart.",
    "birth_date.years_apart": "Against: two to four years apart.",
    "birth_date.far_apart": "Against, strongly: many years apart.",
    "birth_date.approximate": "A date is known approximately, and the two agree within what that leaves open.",
    "birth_date.open": "Neutral: a date is only before or after, and the other lies within what that leaves open.",
    "birth_date.beyond": "Against: a date is known approximately, and the other lies beyond what that leaves open.",
    "father_name.same": "The father's name agrees.",
    "father_name.same_common": "The father's name agrees and is common.",
    "father_name.partly": "The father's name agrees in part.",
    "father_name.different": "Against: the father's name is different.",
    "nationality.same": "The country agrees.",
    "nationality.different": "Against, weakly: the country is none of those listed.",
    "address.similar": "The addresses share their places.",
    "address.different": "The addresses differ; this speaks neither for nor against.",
}


def catalog(client: Client) -> dict[str, Any]:
    """The datasets of this client, and the collection of all of them."""
    known = {dataset.name for dataset in known_to(client)}
    datasets = [dataset for dataset in overview() if dataset.name in known]
    # Of each list by itself: that some other list was loaded is not told.
    last = index.indexed_up_to()
    entries = [_entry(dataset, dataset.last is None or dataset.last.pk <= last) for dataset in datasets]
    names, outdated = [entry["name"] for entry in entries], [one["name"] for one in entries if not one["index_current"]]
    current = not outdated
    whole = {
        "name": COLLECTION,
        "title": "Everything this key may ask about",
        "load": False,
        "children": names,
        "version": None,
        "index_version": None,
        "index_current": current,
        "entity_count": None,
        "resources": [],
        "tags": [],
    }
    return {
        "datasets": [whole, *entries],
        "current": [one for one in names if one not in outdated],
        "outdated": outdated,
        "index_stale": not current,
    }


def etag(body: dict[str, Any]) -> str:
    """A validator that changes when a list does."""
    told = "\n".join(f"{d['name']}:{d['version']}:{d['index_version']}" for d in body["datasets"])
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def _entry(dataset: Any, current: bool) -> dict[str, Any]:
    last = dataset.last
    version = f"{last.loaded_at:%Y%m%d%H%M%S}-{last.number}" if last else None
    return {
        "name": dataset.name,
        "title": dataset.title,
        "url": dataset.url or None,
        "version": version,
        "publisher": {"name": dataset.publisher} if dataset.publisher else None,
        # What the program may not know of is in every number that is quickly counted.
        "entity_count": None,
        "thing_count": None,
        "updated_at": moment(last.loaded_at) if last else None,
        "last_export": moment(last.loaded_at) if last else None,
        "load": True,
        "index_version": version if current else None,
        "index_current": current,
        "children": [],
        "resources": [],
        "tags": [],
        "licence": dataset.licence or None,
        "review_route": dataset.review_route or None,
        "tlp": dataset.handling.tlp.label,
    }


def algorithms() -> dict[str, Any]:
    """The one algorithm there is. It cannot be configured: what it weighs is measured, and the same for everybody."""
    from baham.engines.names import DEFAULT_THRESHOLD

    features = {code: {"description": text, "coefficient": 1.0, "url": None} for code, text in FEATURES.items()}
    return {
        "algorithms": [
            {
                "name": ALGORITHM,
                "description": "Names in Latin and Arabic script, part by part, moved by second factors. A name alone"
                f" is never more than possible. Default threshold {DEFAULT_THRESHOLD}.",
                "features": features,
                "docs": {"features": features, "config": {}},
            }
        ],
        "default": "best",
        "best": ALGORITHM,
    }


def is_ready() -> bool:
    """Whether names can be screened now."""
    opened = index.current()
    return opened is not None and len(opened.datasets) > 0
