"""Every tag escapes what it is given, writes hidden characters out, and says what it means in words."""

import re

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from baham.kernel.grade import Grade, Scheme
from baham.kernel.handling import PAP, TLP, Handling
from tests.support.browser import ROOT

from .conftest import needs_languages

HOSTILE = '<script>alert("1")</script>'
OVERRIDE = "invoice\u202egnp.exe"


def draw(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    "source",
    [
        "{% value v %}",
        "{% value v v %}",
        "{% ident v %}",
        "{% when v %}",
        "{% withheld v %}",
        "{% state 'waiting' v %}",
        "{% state v v %}",
        "{% grade v %}",
        "{% tlp v %}",
        "{% pap v %}",
        "{% digits v %}",
        "{{ v|shown }}",
        "{{ v|digits }}",
        "{% chain_mark 3 v %}",
        "{% progress 1 2 v %}",
        "{% empty v %}{{ v }}{% endempty %}",
        "{% problem v %}{{ v }}{% endproblem %}",
        "{% chain c %}",
    ],
)
def test_nothing_from_elsewhere_becomes_markup(source):
    row = dict.fromkeys(("who", "text", "muted", "quote", "state_label", "withheld"), HOSTILE)
    row |= {"quote_lang": '"><script>', "url": '"><script>', "state": "for"}
    chain = {"value": HOSTILE, "said": HOSTILE, "count": 1, "handling": None, "links": [(HOSTILE, "done", [row])]}
    try:
        drawn = draw(source, v=HOSTILE, c=chain)
    except ValueError as refused:
        assert "there is no mark" in str(refused)
        return
    assert "<script" not in drawn
    assert 'alert("1")' not in drawn


@pytest.mark.parametrize("source", ["{% value v %}", "{% ident v %}", "{% when v %}", "{{ v|shown }}"])
def test_direction_overrides_are_written_out(source):
    drawn = draw(source, v=OVERRIDE)
    assert "\u202e" not in drawn
    assert "⟨U+202E⟩" in drawn


def test_a_value_says_what_is_odd_about_it():
    assert "hidden marks that change the reading direction" in draw("{% value v %}", v=OVERRIDE)
    assert "spreadsheet formula" in draw("{% value v %}", v="=1+1")
    assert "odd" not in draw("{% value v %}", v="Zarghun Talband")


def test_a_value_carries_its_language_or_its_script():
    assert draw("{% value 'Zarghun' %}") == '<bdi dir="auto" lang="und-Latn">Zarghun</bdi>'
    assert draw("{% value 'زرغون' %}") == '<bdi dir="auto" class="ar" lang="und-Arab">زرغون</bdi>'
    assert 'lang="ps"' in draw("{% value 'زرغون' 'ps' %}")
    assert "lang" not in draw("{% value '1234' %}")


def test_joiners_that_urdu_needs_are_kept():
    assert "\u200c" in draw("{% value v %}", v="می\u200cروم")


def test_an_identifier_stays_as_issued_in_every_language():
    with translation.override("ur"):
        assert draw("{% ident '61-0447-2215' %}") == '<bdi dir="ltr" class="ident">61-0447-2215</bdi>'
    assert "long" in draw("{% ident v %}", v="9f31" * 16)


def test_numbers_are_grouped():
    assert draw("{% digits n %}", n=229000) == "229,000"
    assert draw("{% digits n %}", n=1.5) == "1.5"
    assert draw("{% digits n %}", n=None) == ""
    with translation.override("ps"):
        assert draw("{% digits n %}", n=2100) == "۲٬۱۰۰"
        assert draw("{% digits n %}", n=1.5) == "۱٫۵"
        assert draw("{% digits n %}", n="2026ء") == "۲۰۲۶ء"


def test_a_state_is_shape_word_and_class():
    drawn = draw("{% state 'overdue' %}")
    assert 'class="state state-overdue"' in drawn and "#m-overdue" in drawn and "Overdue" in drawn
    assert "<s>" in draw("{% state 'delisted' %}")
    assert "Co-sign" in draw("{% state 'waiting' 'Co-sign' %}")


def test_an_unknown_mark_is_refused():
    with pytest.raises(ValueError, match="there is no mark"):
        draw("{% mark 'skull' %}")
    with pytest.raises(TemplateSyntaxError):
        draw("{% mark %}")


def test_grades_keep_their_scheme_and_say_their_words():
    assert draw("{% grade g %}", g=Grade.parse("B2")) == (
        '<abbr class="grade" title="Source: usually reliable; probably true">B2</abbr>'
    )
    assert "mostly reliable" in draw("{% grade g %}", g=Grade.parse("B2", Scheme.EUROPOL))
    assert "grade-none" in draw("{% grade g %}", g=None) and "Not graded" in draw("{% grade g %}", g=None)
    assert "grade-none" in draw("{% grade 'Q9' %}")


def test_every_word_of_both_schemes_can_be_translated():
    from baham.platform.shell.parts.words import GRADES

    for scheme in Scheme:
        assert {*scheme.sources.values(), *scheme.information.values()} <= set(GRADES)


def test_handling_fails_closed():
    assert draw("{% tlp h %}", h=Handling(tlp=TLP.GREEN)) == '<span class="tlp tlp-green">TLP:GREEN</span>'
    assert 'tlp-amber tlp-strict">TLP:AMBER+STRICT' in draw("{% tlp h %}", h=None)
    assert "PAP:GREEN" in draw("{% pap p %}", p=PAP.GREEN)
    assert "PAP:RED" in draw("{% pap p %}", p="")


def test_withheld_says_why_and_not_how_long():
    assert draw("{% withheld 'originator refused' %}") == (
        '<span class="withheld"><span>withheld: originator refused</span></span>'
    )
    assert "withheld</span>" in draw("{% withheld '' %}")


def test_weight_is_a_word_with_three_bars():
    drawn = draw("{% weight 'moderate' %}")
    assert drawn.startswith("moderate") and drawn.count("<i") == 3 and drawn.count('class="on"') == 2
    with pytest.raises(ValueError, match="weak, moderate or strong"):
        draw("{% weight '87%' %}")


def test_a_chain_mark_is_a_link_where_there_is_an_address():
    assert 'href="/c/1" hx-get="/c/1"' in draw("{% chain_mark 3 '/c/1' %}")
    assert draw("{% chain_mark 3 %}").startswith("<span")


def test_progress_is_bounded_and_said():
    assert 'max="1" value="0"' in draw("{% progress 3 0 %}")
    assert "31,002 of 48,210" in draw("{% progress 31002 48210 'Screening' %}")


def test_the_pager_keeps_the_question():
    from django.core.paginator import Paginator

    from .conftest import ask

    drawn = draw("{% pager page %}", page=Paginator(range(60), 20).get_page(2), request=ask("/search/?q=a%26b&page=2"))
    assert "?q=a%26b&amp;page=1" in drawn and "?q=a%26b&amp;page=3" in drawn and "Page 2 of 3" in drawn
    assert draw("{% pager page %}", page=Paginator([1], 20).get_page(1)) == ""


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "data:text/html,x", "java\nscript:alert(1)"]
)
def test_a_link_runs_nothing(url):
    row = {"text": "page 4", "url": url}
    chain = {"value": "x", "count": 1, "links": [("In", "done", [row])]}
    assert "alert" not in draw("{% chain c %}{% chain_mark 1 u %}", c=chain, u=url)
    assert 'href="#"' in draw("{% chain c %}", c=chain)


@needs_languages
def test_words_follow_the_language():
    with translation.override("ur"):
        assert "مدت گزر چکی" in draw("{% state 'overdue' %}")
        assert "عموماً قابلِ اعتماد" in draw("{% grade g %}", g=Grade.parse("B2"))


def test_what_is_wrong_with_a_row_is_said_in_the_readers_language_and_its_value_left_as_it_is():
    from django.utils import translation

    from baham.platform.shell.parts.words import wrong

    assert wrong("the name is empty") == "the name is empty"
    with translation.override("ur"):
        assert wrong("the name is empty") == "نام خالی ہے"
        told = wrong("there is no such day: <b>1984-02-31")
        assert told.startswith("ایسا کوئی دن نہیں: ") and told.endswith('<bdi dir="ltr">&lt;b&gt;1984-02-31</bdi>')
        assert wrong("not CSV: a quote is not closed") == "CSV نہیں: اقتباس کا نشان بند نہیں ہوا"


def test_parts_of_a_name_are_escaped_and_what_differs_is_marked():
    from baham.platform.shell.parts.values import parted

    assert parted((("<i>", True), ("n", False))) == '<bdi dir="auto" lang="und-Latn"><mark>&lt;i&gt;</mark>n</bdi>'
    assert 'lang="und-Arab"' in parted((("تلبند", False),))
    assert "–" in parted(())


def test_a_comma_is_that_of_the_script():
    drawn = {}
    for language in ("en", "ur", "ps"):
        with translation.override(language):
            drawn[language] = draw("a{% comma %}b")
    assert drawn == {"en": "a, b", "ur": "a، b", "ps": "a، b"}


def test_no_template_writes_a_comma_of_one_script_between_two_things():
    """Inside a text that is translated the translation has its own."""
    for path in (ROOT / "baham").rglob("*.html"):
        bare = re.sub(r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}", "", path.read_text(), flags=re.S)
        assert not re.findall(r"[%}>][}>]?, (?:\{[%{]|<)", bare), path


def test_no_cell_turns_its_own_direction():
    """Its space to the next one would turn with it: what it says stands in a bdi."""
    for path in (ROOT / "baham").rglob("*.html"):
        assert not re.findall(r"<t[dh][^>]*dir=.auto", path.read_text()), path
