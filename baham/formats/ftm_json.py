"""FollowTheMoney entities, one JSON object a line, as OpenSanctions publishes them in `entities.ftm.json`.

Documented at https://followthemoney.tech/docs/ and https://www.opensanctions.org/docs/bulk/json/. Ids, schemata,
properties and values are taken as they are; `datasets` becomes the statements' origin, `first_seen` and `last_seen`
theirs. The same id on a later line comes as a second entity under that id, which is FtM's own meaning of fragments.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from baham.formats import counted
from baham.formats.adding import add_date, add_value, stamp
from baham.formats.errors import BadInput, shown
from baham.formats.format import Format, ListInfo
from baham.formats.keys import KeyTwice, once
from baham.formats.marking_columns import add_labels, add_markings, marking_columns
from baham.formats.marking_words import texts_in
from baham.formats.reading import BOM, checked_time, checked_word, lines
from baham.kernel.entity import Entity

_DEPTH_CAP = 32
_KNOWN = frozenset(
    [
        "id",
        "schema",
        "properties",
        "caption",
        "datasets",
        "referents",
        "target",
        "first_seen",
        "last_seen",
        "last_change",
    ]
)
"""What stands beside the properties by the format; in anything else there a mark of handling may stand."""


class _Number(str):
    """A number as it was written: never turned into one, so no number is too long, and NaN is a word."""


def read(path: Path | str, dataset: str) -> Iterator[Entity]:
    """One entity for each line. BadInput names the line, and the field where it is a matter of types."""
    count, stated = 0, dict[int, int]()
    for line, text in lines(path):
        if text.strip():
            found = _parsed(path, line, text)
            if (number := counted.in_object(found)) is not None:
                stated[line] = number
                continue
            yield _entity(path, line, found, dataset)
            count += 1
    for line, number in stated.items():
        counted.check(path, number, count, line)
    if not count:
        raise BadInput(path, "holds no entities")


def _parsed(path: Path | str, line: int, text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, parse_int=_Number, parse_float=_Number, parse_constant=_Number, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise BadInput(path, f"is not JSON: {error.msg} at character {error.colno}", line=line) from None
    except KeyTwice as error:
        raise BadInput(path, "the key is there twice", line=line, field=str(error)) from None
    except RecursionError:
        raise BadInput(path, "is nested too deep", line=line) from None
    if not isinstance(found, dict):
        raise BadInput(path, "is not an object", line=line)
    _check_depth(path, line, found)
    return found


def _check_depth(path: Path | str, line: int, found: Any) -> None:
    """Level by level, not by recursion: what is deep must not exhaust the one who measures it."""
    level, depth = [found], 0
    while level := [inner for outer in level for inner in _inside(outer) if isinstance(inner, dict | list)]:
        depth += 1
        if depth >= _DEPTH_CAP:
            raise BadInput(path, f"is nested more than {_DEPTH_CAP} deep", line=line)


def _inside(outer: Any) -> Any:
    return outer.values() if isinstance(outer, dict) else outer


def _entity(path: Path | str, line: int, found: dict[str, Any], dataset: str) -> Entity:
    entity_id = checked_word(path, line, "id", _text(path, line, found, "id"))
    entity = Entity(entity_id, checked_word(path, line, "schema", _text(path, line, found, "schema")), dataset)
    properties = found.get("properties")
    if not isinstance(properties, dict):
        raise BadInput(path, f"is to be an object, and is {_kind(properties)}", line=line, field="properties")
    for prop, values in properties.items():
        at = f"properties.{prop}"
        if not prop.isidentifier() or len(prop) > 64:
            raise BadInput(path, "is not the name of a property", line=line, field=at)
        if isinstance(values, str) and not isinstance(values, _Number):
            add_value(entity, prop, str(values), record=f"line {line}", at=at)
            continue
        if not isinstance(values, list):
            raise BadInput(path, f"is to be a list of texts, and is {_kind(values)}", line=line, field=at)
        for position, value in enumerate(values, start=1):
            step = f"{at}[{position}]"
            if not isinstance(value, str):
                hint = " (nested entities: use the file entities.ftm.json)" if isinstance(value, dict) else ""
                raise BadInput(path, f"is to be a text, and is {_kind(value)}{hint}", line=line, field=step)
            add_value(entity, prop, str(value), record=f"line {line}", at=step)
    beside = {key: " ".join(texts_in(value)) for key, value in found.items() if key not in _KNOWN and value}
    add_markings(entity, beside, marking_columns(beside), line)
    add_labels(entity, beside, beside, line)
    if changed := _text(path, line, found, "last_change", ""):
        add_date(entity, "modifiedAt", changed, record=f"line {line}", at="last_change")
    seen = [checked_time(path, line, at, _text(path, line, found, at, "")) for at in ("first_seen", "last_seen")]
    stamp(entity, first_seen=seen[0], last_seen=seen[1], origin=_datasets(path, line, found))
    return entity


def _text(path: Path | str, line: int, found: dict[str, Any], name: str, default: str | None = None) -> str:
    value = found.get(name)
    if value is None and default is not None:
        return default
    if value is None:
        raise BadInput(path, "is missing", line=line, field=name)
    if not isinstance(value, str) or isinstance(value, _Number):
        raise BadInput(path, f"is to be a text, and is {_kind(value)}", line=line, field=name)
    return value


def _datasets(path: Path | str, line: int, found: dict[str, Any]) -> str:
    names = found.get("datasets") or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BadInput(path, f"is to be a list of texts, and is {_kind(names)}", line=line, field="datasets")
    return ",".join(names)


def _kind(value: Any) -> str:
    if isinstance(value, _Number):
        return f"the number {shown(value, 20)}"
    names = {dict: "an object", list: "a list", bool: "true or false", str: "a text", type(None): "nothing"}
    return names.get(type(value), "something else")


def info(path: Path | str) -> ListInfo:
    """The file carries no date of its own."""
    next(lines(path), None)
    return ListInfo()


def sniff(head: bytes, path: Path) -> bool:
    """The first line is an object that names a schema and properties."""
    text = head.removeprefix(BOM).lstrip()
    return text[:1] == b"{" and b'"schema"' in text and b'"properties"' in text


FORMAT = Format("ftm_json", "FollowTheMoney entities (JSON lines)", (".json", ".jsonl", ".ijson"), sniff, read, info)
