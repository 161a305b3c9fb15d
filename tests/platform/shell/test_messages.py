"""Every text of the shell is there in Urdu and Pashto, and the tool that says so is right."""

import functools
import importlib.util
import sys
from pathlib import Path

import pytest

pytest.importorskip("babel", reason="babel is for development only")
SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "messages.py"


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("messages_tool", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    module.collect = functools.cache(module.collect)  # it reads every file: seconds, each time
    return module


@pytest.mark.parametrize("language", ["ur", "ps"])
def test_no_text_is_missing(tool, language):
    assert len(tool.collect()) > 1_500
    assert list(tool.faults(language)) == []


def test_templates_and_code_are_both_read(tool):
    catalog = tool.collect()
    assert "Skip to content" in catalog  # a template
    assert "usually reliable" in catalog  # gettext_lazy
    assert catalog.get("Jan", context="short month") is not None
    assert catalog.get("%(n)s day").pluralizable
    assert "No letters of redress are open." in catalog  # _("…") inside a tag of ours


def test_a_lost_placeholder_is_found(tool, tmp_path, monkeypatch):
    monkeypatch.setattr(tool, "LOCALE", tmp_path)
    path = tmp_path / "ur" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr ""\n\nmsgid "Printed by %(who)s."\nmsgstr "چھاپا"\n\n#, fuzzy\nmsgid "New"\nmsgstr "نیا"\n'
    )
    found = list(tool.faults("ur"))
    assert "ur: placeholders differ: Printed by %(who)s." in found
    assert "ur: fuzzy: New" in found
    assert "ur: missing: Home" in found


@pytest.mark.parametrize("language", ["ur", "ps"])
def test_the_compiled_texts_are_those_of_the_source(tool, language):
    import gettext
    from io import BytesIO

    text = (tool.LOCALE / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    compiled = gettext.GNUTranslations(BytesIO(tool._mo(text)))
    for message in tool._read(language):
        if not message.id or message.fuzzy or not all(tool._strings(message)):
            continue
        if message.pluralizable:
            assert compiled.ngettext(*message.id, 1) == message.string[0]
            assert compiled.ngettext(*message.id, 2) == message.string[1]
        elif message.context:
            assert compiled.pgettext(message.context, message.id) == message.string
        else:
            assert compiled.gettext(message.id) == message.string
