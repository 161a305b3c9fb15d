"""The console's texts in its languages, without GNU gettext: extract, compile, check. Each app has its own.

`extract` collects what code and templates mark for translation and keeps what is translated already.
`compile` writes the .mo files that Django reads. `check` names what is missing, doubtful or broken, and exits with 1.
"""

from __future__ import annotations

import re
import sys
from ast import literal_eval
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from struct import pack

try:
    from babel.messages.catalog import Catalog, Message
    from babel.messages.extract import extract as babel_extract
    from babel.messages.pofile import read_po, write_po
except ImportError:  # where Baham only runs; `compile` does without
    Catalog = None

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "baham"
SHELL = SOURCES / "platform" / "shell"
"""What stands in no room's folder is the shell's."""
LANGUAGES = ("ur", "ps")
KEYWORDS: dict[str, tuple | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\([^)]+\)[sd]|%[sd]|(?<!\{)\{[^{}]*\}")
HEADER = """# Texts of the Baham console. Written with care, not yet read by a native reviewer (docs/design.md).
# Extract with scripts/messages.py; line numbers are left out so that a change shows what changed."""


def _python(path: Path) -> bytes:
    """Python to extract from: the file itself, or what a template marks, written as calls."""
    from django.utils.translation.template import templatize

    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text.encode()
    # What is not marked comes back as rows of X. Without indentation, and each on its own, they are harmless names.
    lines = (line.strip() for line in templatize(text, origin=str(path)).splitlines())
    return "\n".join(re.sub(r"\bX+\b", "", line).strip() for line in lines).encode()


def _files() -> Iterator[Path]:
    for path in sorted(SOURCES.rglob("*")):
        if path.suffix == ".py" or (path.suffix in (".html", ".txt") and "templates" in path.parts):
            yield path


def apps() -> list[Path]:
    """The folders that keep texts of their own: rooms of the platform, measures, the demonstration."""
    rooms = [path.parent for path in SOURCES.glob("p*/*/__init__.py")]
    measures = [path.parent for path in SOURCES.glob("m*/*/__init__.py")]
    return sorted([*rooms, *measures, SOURCES / "demo"])


def app_of(path: Path) -> Path:
    return next((app for app in apps() if app in path.parents), SHELL)


def collect() -> dict[Path, Catalog]:
    """Every text marked for translation, by app, with the files that use it."""
    found: dict[Path, Catalog] = {}
    for path in _files():
        where = path.relative_to(ROOT).as_posix()
        for _line, message, _comments, context in babel_extract("python", BytesIO(_python(path)), keywords=KEYWORDS):
            catalog = found.setdefault(app_of(path), Catalog(charset="utf-8", project="Baham", header_comment=HEADER))
            catalog.add(message, None, [(where, 0)], context=context)
    return found


def _path(app: Path, language: str, suffix: str = "po") -> Path:
    return app / "locale" / language / "LC_MESSAGES" / f"django.{suffix}"


def _read(app: Path, language: str) -> Catalog:
    path = _path(app, language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def extract() -> int:
    """Bring the .po files up to date. A text that nothing uses any more is dropped; one that another app has translated
    already is taken from there."""
    now = collect()
    for language in LANGUAGES:
        known = {app: _read(app, language) for app in apps()}
        written = 0
        for app in apps():
            if app in now:
                written += _write(app, language, now[app], [known[app], *known.values()])
            else:
                _path(app, language).unlink(missing_ok=True)
        print(f"{language}: {written} texts")
    return 0


def _write(app: Path, language: str, now: Catalog, known: list[Catalog]) -> int:
    new = Catalog(locale=language, charset="utf-8", project="Baham", version="1", header_comment=HEADER)
    for message in now:
        if message.id:
            found = (catalog.get(message.id, context=message.context) for catalog in known)
            kept = next((one for one in found if one and all(_strings(one))), None)
            fuzzy = {"fuzzy"} & set(kept.flags) if kept else set()
            flags = {"python-format"} & set(message.flags) | fuzzy
            where = sorted(set(message.locations))
            new.add(message.id, kept.string if kept else "", where, flags=flags, context=message.context)
    path = _path(app, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    out = BytesIO()
    write_po(out, new, width=110, sort_output=True, include_lineno=False, omit_header=False)
    # Dates of creation would make every run a change.
    dates = rb'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator)[^\n]*\n'
    path.write_bytes(re.sub(dates, b"", out.getvalue(), flags=re.M))
    return len(new)


def _entries(text: str) -> Iterator[dict[str, str]]:
    """The translated entries of a .po file, each as its keywords with their texts. A doubtful one is left out."""
    for part in re.split(r"\n\s*\n", text):
        entry: dict[str, str] = {}
        keyword, fuzzy = "", False
        for line in part.splitlines():
            if line.startswith("#"):
                fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
                continue
            match = re.match(r'(?:(msg\w+(?:\[\d\])?)\s+)?(".*")$', line)
            if match:
                keyword = match[1] or keyword
                entry[keyword] = entry.get(keyword, "") + literal_eval(match[2])
        if "msgid" in entry and (not fuzzy or not entry["msgid"]):
            yield entry


def _mo(text: str) -> bytes:
    """The machine form of a .po file (GNU gettext manual, “The Format of GNU MO Files”)."""
    table: dict[bytes, bytes] = {}
    for entry in _entries(text):
        key = entry["msgid"] + (f"\0{entry['msgid_plural']}" if "msgid_plural" in entry else "")
        if "msgctxt" in entry:
            key = f"{entry['msgctxt']}\x04{key}"
        strings = [entry[name] for name in sorted(entry) if name.startswith("msgstr")]
        if all(strings):
            table[key.encode()] = "\0".join(strings).encode()
    keys = sorted(table)
    count, head = len(keys), 28
    place = head + 16 * count
    index, bodies = b"", b""
    for column in (keys, [table[key] for key in keys]):
        for body in column:
            index += pack("<II", len(body), place + len(bodies))
            bodies += body + b"\0"
    return pack("<7I", 0x950412DE, 0, count, head, head + 8 * count, 0, place) + index + bodies


def compile_() -> int:
    """Write the .mo beside each .po. Needs nothing but Python, so that a machine without development tools can."""
    for path in SOURCES.glob("**/locale/*/LC_MESSAGES/django.po"):
        path.with_suffix(".mo").write_bytes(_mo(path.read_text(encoding="utf-8")))
    return 0


def faults(language: str) -> Iterator[str]:
    """What a reader of this language would miss or see broken."""
    said: dict[tuple[object, str | None], object] = {}
    for app, catalog in collect().items():
        there = _read(app, language)
        for fault in _faults_of(catalog, there):
            yield f"{app.relative_to(SOURCES)}: {language}: {fault}"
        for message in there:
            if said.setdefault((message.id, message.context), message.string) != message.string and message.id:
                yield f"{app.relative_to(SOURCES)}: {language}: said otherwise in another app: {message.id}"


def _faults_of(wanted: Catalog, there: Catalog) -> Iterator[str]:
    for message in wanted:
        if not message.id:
            continue
        kept = there.get(message.id, context=message.context)
        name = message.id if isinstance(message.id, str) else message.id[0]
        if kept is None or not all(_strings(kept)):
            yield f"missing: {name}"
        elif kept.fuzzy:
            yield f"fuzzy: {name}"
        else:
            asked = {p for text in _strings(message, of_id=True) for p in PLACEHOLDER.findall(text)}
            for text in _strings(kept):
                said = set(PLACEHOLDER.findall(text))
                if said - asked or (len(_strings(kept)) == 1 and asked - said):
                    yield f"placeholders differ: {name}"


def _strings(message: Message, of_id: bool = False) -> tuple[str, ...]:
    given = message.id if of_id else message.string
    return (given,) if isinstance(given, str) else tuple(given)


def check() -> int:
    """Print every fault of every language."""
    found = [fault for language in LANGUAGES for fault in faults(language)]
    print("\n".join(found) or "Every text is there in every language.")
    return bool(found)


def main() -> int:
    acts = {"extract": extract, "compile": compile_, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in acts:
        sys.exit(f"usage: messages.py {'|'.join(acts)}")
    if sys.argv[1] != "compile":
        if Catalog is None:
            sys.exit("Babel is missing: run `make venv` with the development requirements (.venv/.dev).")
        from django.conf import settings

        settings.configure(USE_I18N=False)
    return acts[sys.argv[1]]()


if __name__ == "__main__":
    sys.exit(main())
