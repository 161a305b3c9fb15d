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
def test_no_text_is_missing_and_none_is_said_in_two_ways(tool, language):
    assert sum(len(catalog) for catalog in tool.collect().values()) > 1_500
    assert list(tool.faults(language)) == []


def test_templates_and_code_are_both_read_each_by_its_app(tool):
    by_app = {app.name: catalog for app, catalog in tool.collect().items()}
    assert "Skip to content" in by_app["shell"]  # a template
    assert by_app["shell"].get("Jan", context="short month") is not None
    assert by_app["shell"].get("%(n)s day").pluralizable
    assert any("usually reliable" in catalog for catalog in by_app.values())  # gettext_lazy
    assert any("No letters of redress are open." in one for one in by_app.values())  # _("…") inside a tag of ours


def test_a_lost_placeholder_is_found(tool, tmp_path, monkeypatch):
    monkeypatch.setattr(tool, "_path", lambda app, language, suffix="po": tmp_path / app.name / f"{language}.{suffix}")
    for app, said in (("shell", "نیا"), ("demo", "تازہ")):
        path = tmp_path / app / "ur.po"
        path.parent.mkdir(parents=True)
        path.write_text(
            'msgid ""\nmsgstr ""\n\nmsgid "Printed by %(who)s."\nmsgstr "چھاپا"\n\n#, fuzzy\nmsgid "New"\nmsgstr "نیا"\n\n'
            f'msgid "Recent"\nmsgstr "{said}"\n'
        )
    found = [fault.partition(": ur: ")[2] for fault in tool.faults("ur")]
    assert "placeholders differ: Printed by %(who)s." in found
    assert "fuzzy: New" in found
    assert "missing: Home" in found
    assert "said otherwise in another app: Recent" in found


@pytest.mark.parametrize("language", ["ur", "ps"])
def test_the_compiled_texts_are_those_of_the_source(tool, language):
    import gettext
    from io import BytesIO

    text = tool._path(tool.SHELL, language).read_text(encoding="utf-8")
    compiled = gettext.GNUTranslations(BytesIO(tool._mo(text)))
    for message in tool._read(tool.SHELL, language):
        if not message.id or message.fuzzy or not all(tool._strings(message)):
            continue
        if message.pluralizable:
            assert compiled.ngettext(*message.id, 1) == message.string[0]
            assert compiled.ngettext(*message.id, 2) == message.string[1]
        elif message.context:
            assert compiled.pgettext(message.context, message.id) == message.string
        else:
            assert compiled.gettext(message.id) == message.string
