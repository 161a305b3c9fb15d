"""Screening's place in an erasure: cleared pairs, the name index, and the results of screened files."""

import json
from pathlib import Path
from typing import Any

from django.db.models import Q

from baham.platform.places import Concerned, texts_of
from baham.platform.screening import index, snapshot, work
from baham.platform.screening.models import Clearing


def holds(concerned: Concerned) -> int:
    """How many pairs were cleared of being the entry."""
    return Clearing.objects.filter(entity__in=concerned.entities).count()


def erase(concerned: Concerned) -> int:
    """Empty the listed side of the pairs. The other side is somebody else, who may hold a letter that names the
    reference: who was cleared, when and by whom stays. Inside the caller's transaction."""
    count = 0
    for one in Clearing.objects.filter(Q(entity__in=concerned.entities) | Q(entity__in=concerned.partly)):
        whole = one.entity_id in concerned.entities
        one.entry = (
            {} if whole else {field: [v for v in values if concerned.without(v)] for field, values in one.entry.items()}
        )
        one.digest = "" if whole else one.digest
        one.reason, one.withdrawal = concerned.without(one.reason), concerned.without(one.withdrawal)
        one.save(update_fields=["entry", "digest", "reason", "withdrawal"])
        count += whole
    return count


def known_as(concerned: Concerned) -> list[str]:
    """How the log calls the pairs."""
    rows = Clearing.objects.filter(entity__in=concerned.entities)
    return [f"clearing:{pk}" for pk in rows.values_list("pk", flat=True)]


def files(concerned: Concerned) -> int:
    """Build the name index anew from what is left, and take the person out of the results of screened files."""
    index.build(whole=True)
    for kind in ("spark", "cores"):  # what killed runs left of older indexes
        snapshot.sweep(index.folder().parent, kind)
    return sum(_rewrite(path, concerned) for path in sorted(work.results_folder().glob("*.jsonl")))


def _rewrite(path: Path, concerned: Concerned) -> int:
    """Write a file of results anew without the person; whether anything of it changed. What is no row, as the end of a
    file whose screening was killed, is dropped: nobody reads it, and it may have anybody's name."""
    new, changed = path.with_name(f"{path.name}.new"), False
    with path.open(encoding="utf-8") as file, new.open("w", encoding="utf-8") as out:
        for line in file:
            row = _row(line)
            if row is None:
                changed = True
                continue
            kept = _without(row, concerned)
            changed = changed or kept is not None
            out.write(line if kept is None else json.dumps(kept, ensure_ascii=False) + "\n")
    if changed:
        new.replace(path)
    else:
        new.unlink()
    return int(changed)


def _row(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


def _without(row: dict[str, Any], concerned: Concerned) -> dict[str, Any] | None:
    """The row without hits on the person; None where it is as it was. Who was asked about and was found to be the
    person, or bears the name, keeps the asker's own id and no name."""
    hits = row.get("hits", [])
    left = [hit for hit in hits if (hit.get("dataset"), hit.get("entity")) not in concerned.keys]
    found = len(left) < len(hits) or any(map(concerned.speaks_of, texts_of({**row, "hits": left})))
    if not found and not any(hit != concerned.without(hit) for hit in left if concerned.partly):
        return None
    kept = {name: concerned.without(value) for name, value in row.items() if name not in ("id", "hits")}
    if len(left) < len(hits):
        kept |= {name: "" for name in kept if isinstance(kept[name], str)}
    return {"id": row.get("id", ""), **kept, **({"hits": concerned.without(left)} if "hits" in row else {})}
