"""What was erased stays out: stones on entities and statements, asked of every batch that comes into the ledger.

A stone is a keyed hash (release/tombstones.py). On an entity it stands on the list and the entity's key there; what
partners give is asked by the key alone, whoever relays it.
"""

from collections.abc import Iterable

from baham.kernel.chunks import in_chunks
from baham.kernel.entity import Entity as Whole
from baham.platform.ledger.given import is_given
from baham.platform.ledger.models import Dataset
from baham.platform.places import Concerned
from baham.platform.release.tombstones import Said, stone_of
from baham.platform.rights.models import Erasure, Stone


def lay(erasure: Erasure, concerned: Concerned, said: Iterable[Said]) -> None:
    """Put stones on what is erased: on each entity that goes whole, and on each single statement that is `said`."""
    whole = {_of_entity(dataset, key) for dataset, key in concerned.keys} | {_of_key(key) for _, key in concerned.keys}
    single = {stone_of(one) for one in said}
    Stone.objects.bulk_create(
        [Stone(hash=stone, single=stone in single, erasure=erasure) for stone in sorted(whole | single)],
        ignore_conflicts=True,
        batch_size=1_000,
    )


def sieve(dataset: Dataset, batch: list[Whole]) -> tuple[list[Whole], int]:
    """What of a batch may come in, and how many entities and values stay out. One query where nothing was erased."""
    kinds = set(Stone.objects.values_list("single", flat=True).distinct())
    if not kinds:
        return batch, 0
    wanted = {said.id: [_of_entity(dataset.name, said.id)] for said in batch}
    if is_given(dataset.name):
        for key in wanted:
            wanted[key].append(_of_key(key))
    lying = _lying(stone for stones in wanted.values() for stone in stones)
    left = [said for said in batch if lying.isdisjoint(wanted[said.id])]
    return left, len(batch) - len(left) + (_sieve_values(left) if True in kinds else 0)


def _sieve_values(batch: list[Whole]) -> int:
    """Take single statements that were erased out of entities that stay; how many."""
    stones = {stone_of(Said(said.id, one.prop, one.value)): (said, one.id) for said in batch for one in said}
    lying = _lying(stones)
    for stone in lying:
        said, sid = stones[stone]
        del said.statements[sid]
    return len(lying)


def _lying(stones: Iterable[bytes]) -> set[bytes]:
    rows, found = list(stones), set()
    for some in in_chunks(rows):
        standing = Stone.objects.filter(hash__in=some).values_list("hash", flat=True)
        found |= {bytes(stone) for stone in standing}
    return found


def _of_entity(dataset: str, key: str) -> bytes:
    return stone_of(f"erased\0{dataset}\0{key}")


def _of_key(key: str) -> bytes:
    return stone_of(f"erased\0{key}")
