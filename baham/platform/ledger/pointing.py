"""Statements that point at another record of their list: their value is its key, which tells that it is there."""

from collections import defaultdict
from collections.abc import Collection

from baham.kernel.chunks import in_chunks
from baham.kernel.schema import Kind, props_of
from baham.platform.ledger.models import Entity, Statement

POINTING = props_of(Kind.ENTITY)


def ends_of(statements: Collection[int]) -> dict[int, Entity]:
    """The records at which these statements point, by the statement's number, with their lists. What does not point, or
    at nothing that is here, is left out."""
    at: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for some in in_chunks(statements):
        rows = Statement.objects.filter(pk__in=some, prop__in=POINTING)
        for pk, dataset, key in rows.values_list("pk", "entity__dataset_id", "value"):
            at[dataset][key].append(pk)
    found: dict[int, Entity] = {}
    for dataset, keys in at.items():
        for some_keys in in_chunks(keys):
            for end in Entity.objects.filter(dataset=dataset, key__in=some_keys).select_related("dataset"):
                found.update(dict.fromkeys(keys[end.key], end))
    return found
