"""The answer to a person concerned, as a document: what is held and told, what is kept back and why, what they may do.

`content` is without language and is what people sign; `render` writes it as a page that needs nothing from outside and
prints well, as plain text, or as JSON, in the language of the reader. The letter of a refusal, and the one that neither
confirms nor denies, hold what is public and nothing that tells whether there is more (Directive (EU) 2016/680,
Article 15(3)); each letter names oversight and the courts (Articles 15(3) and 17).
"""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from baham.kernel.text import visible
from baham.platform.rights import words
from baham.platform.rights.access import HELD, Concerned, Held, gather
from baham.platform.rights.telling import Kept, Telling, Thing, Told, ToldLine, tell, tell_all

FORMS = ("html", "txt", "json")
ANSWERS = ("give", "part", "refuse", "neither")
_STYLE = Path(__file__).with_name("report.css")


def content(
    person: Concerned, telling: Telling, answer: str, made: datetime, things: list[Thing] | None = None
) -> tuple[dict[str, Any], Counter[Kept]]:
    """The answer in a form without language, and what was kept, also what it does not mention. `things` are what
    `gather` found, where that was done already."""
    told, kept = tell_all(gather(person) if things is None else things, telling)
    closed = answer in ("refuse", "neither")
    asked = dict(person.asked) or {"name": person.members[0].caption if person.members else ""}
    return {
        "version": 1,
        "answer": answer,
        "made": words.moment(made),
        "asked": asked,
        "ground": telling.ground(Kept.WHOLE).value if answer == "refuse" else "",
        "places": [_place(entry, told, closed) for entry in HELD if not closed or _told(entry, told)],
        "items": len(told),
        "kept": sum(_kept(one) for one in told),
    }, kept


def _told(entry: Held, told: list[Told]) -> list[Told]:
    return [one for one in told if one.place == entry.code]


def _place(entry: Held, told: list[Told], closed: bool) -> dict[str, Any]:
    """One place with its things; of a closed answer, what is public in it."""
    purposes, times = _declared(entry)
    return {
        "code": entry.code,
        "purposes": purposes,
        "kept_for": times,
        "things": [_thing(one) for one in _told(entry, told)],
    }


def _declared(entry: Held) -> tuple[list[str], list[str]]:
    """What the models of a place say of purpose and time (`personal_data`), each once, in their order."""
    declared = [
        said
        for name in entry.covers
        for said in getattr(apps.get_model(name), "personal_data", {}).values()
        if said.category != "staff"
    ]
    purposes, times = (
        list(dict.fromkeys(getattr(said, what) for said in declared)) for what in ("purpose", "retention")
    )
    return purposes, times


def _thing(one: Told) -> dict[str, Any]:
    if one.kept is not None and one.ground is not None:
        return {"kept": one.kept.value, "ground": one.ground.value}
    return {"lines": [_line(line) for line in one.lines if line.kept or line.value]}


def _line(line: ToldLine) -> dict[str, str]:
    if line.kept is None or line.ground is None:
        return {"label": line.label, "value": line.value, "kind": line.kind}
    return {"label": line.label, "kept": line.kept.value, "ground": line.ground.value, "instead": line.instead}


def _kept(one: Told) -> int:
    return 1 if one.kept is not None else sum(line.kept is not None for line in one.lines)


def render(made: Mapping[str, Any], language: str, form: str, frame: Mapping[str, Any] | None = None) -> str:
    """The document in a language (`en`, `ur`, `ps`) and form (`html`, `txt`, `json`). `frame` are the office, the
    number of the request and the day it arrived; without a number it is a draft, and says so."""
    around = dict(frame or {})
    with translation.override(language):
        if form == "json":
            return (
                json.dumps(
                    {**made, "language": language, **{name: str(one) for name, one in around.items()}},
                    ensure_ascii=False,
                    indent=1,
                )
                + "\n"
            )
        context = {
            **around,
            "answer": made["answer"],
            "asked": made["asked"],
            "places": shown(made),
            "empty": [_title(place["code"]) for place in made["places"] if not place["things"]],
            **page_around(language),
            "made": parse_datetime(made["made"]),
            "ground": words.ground(made["ground"]) if made["ground"] else "",
            "letter": made["ground"],
            "reasons": made.get("reasons", []),
            "items": made["items"],
            "kept": made["kept"],
            "draft": not around.get("number"),
            "grounds": [(one.value, said) for one, said in words.GROUNDS.items()],
        }
        if form == "html":
            return render_to_string("rights/report.html", context)
        parts = {name: _plain(render_to_string(f"rights/_{name}.html", context)) for name in ("opening", "closing")}
        text = render_to_string("rights/report.txt", {**context, **parts})
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def page_around(language: str) -> dict[str, Any]:
    """Language, direction and style of a page that needs nothing from outside."""
    style = f"<style>{_STYLE.read_text(encoding='utf-8')}</style>"
    return {
        "language": language,
        "dir": "rtl" if language in settings.LANGUAGES_BIDI else "ltr",
        "style": mark_safe(style),
    }


def _plain(page: str) -> str:
    """The text of a part of the page, one line for each paragraph; what is a point of a list begins with a dash."""
    lines = (line.strip() for line in strip_tags(page.replace("<li>", "- ")).splitlines())
    return unescape("\n".join(line for line in lines if line))


def shown(made: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The places of an answer in which there is something, in the words of the language in force: for pages."""
    return [_shown(place) for place in made["places"] if place["things"]]


def unredacted(things: list[Thing], telling: Telling) -> list[dict[str, Any]]:
    """The same of all that is held, each value as it is, with what of it was kept from the person: for oversight."""
    places = []
    for entry in HELD:
        found = [_whole(thing, telling) for thing in things if thing.place == entry.code]
        if found:
            places.append({"title": str(entry.title), "things": found})
    return places


def _whole(thing: Thing, telling: Telling) -> dict[str, Any]:
    told, kept = tell(thing, telling)
    lines = () if told is None else told.lines
    partly = 0 < len(lines) < len(thing.lines)  # its public lines alone
    left, rows = iter(lines), []
    for line in thing.lines:
        as_told = next(left, None) if line.public or not partly else None
        why = next(iter(kept)) if as_told is None and partly else as_told.kept if as_told is not None else None
        row = _row({"label": line.label, "value": line.value, "kind": line.kind})
        rows.append({**row, "was_kept": words.KEPT[why] if why else ""})
    whole = [str(words.KEPT[one]) for one in kept] if told is None or told.kept is not None else []
    return {"rows": rows, "whole": whole, "ref": thing.ref}


def _title(code: str) -> str:
    return next((str(entry.title) for entry in HELD if entry.code == code), code)


def _shown(place: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": _title(place["code"]),
        "purposes": [gettext(one) for one in place["purposes"]],
        "kept_for": [gettext(one) for one in place["kept_for"]],
        "things": [_rows(one) for one in place["things"]],
    }


def _rows(thing: Mapping[str, Any]) -> dict[str, Any]:
    if "kept" in thing:
        return {"kept": _why(thing)}
    return {"rows": [_row(line) for line in thing["lines"]]}


def _why(one: Mapping[str, str]) -> dict[str, str]:
    return {"what": str(words.KEPT[Kept(one["kept"])]), "ground": words.ground(one["ground"]), "letter": one["ground"]}


def _row(line: Mapping[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {"label": line["label"], "title": words.label(line["label"])}
    if "kept" in line:
        return {**row, "kept": _why(line), "instead": words.in_place(line["instead"])}
    value, kind = line["value"], line["kind"]
    return {
        **row,
        "kind": kind,
        "raw": value,
        "value": visible(words.text(value, kind)),
        "at": parse_datetime(value) if kind == "moment" else None,
    }
