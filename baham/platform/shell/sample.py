"""Fictional content for the page that shows every part once. No person, place or organisation in it exists."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext as _

from baham.kernel.grade import Grade
from baham.kernel.handling import PAP, TLP, Handling
from baham.platform.fields import may_choose

_B2, _A2, _C3 = Grade.parse("B2"), Grade.parse("A2"), Grade.parse("C3")


class SampleForm(forms.Form):
    """One field of each kind, one of them filled in too shortly."""

    reason = forms.CharField(min_length=20, widget=forms.Textarea(attrs={"rows": 3}))
    kind = forms.ChoiceField(choices=())
    kept = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Reason")
        self.fields["reason"].help_text = _("At least 20 characters; the person concerned may read this.")
        self.fields["kind"].label = _("Schema")
        may_choose(self, "kind", [("person", _("Person")), ("company", _("Company"))])
        self.fields["kept"].label = _("Keep a copy for the file")


def sample_chain() -> dict[str, Any]:
    """A chain with all six links, every kind of node and a quotation in another script."""
    said = [
        {"who": "Kohsar Provincial CTD", "text": _("in its desk statement of 3 September 2026")},
        {"muted": _("Entered here by S. Noor. A fact, as the source puts it; not an assessment of ours.")},
    ]
    document = [
        {
            "text": _("Interview summary 2026/118, page 4, lines 11 to 13"),
            "url": "#in",
            "quote": "اس نے بتایا کہ وہ ۱۳۶۳ میں تورسنگ میں پیدا ہوا اور بارہ برس کی عمر تک وہیں رہا۔",
            "quote_lang": "ur",
        },
        {"muted": _("“He said that he was born in 1363 in Torsang and lived there until he was twelve.”")},
    ]
    graded = [{"who": "N. Halim", "text": _("usually reliable source; probably true"), "grade": _B2}]
    against = [
        {"state": "for", "state_label": _("Supports"), "text": _("School register of Torsang, 1991"), "grade": _A2},
        {
            "state": "against",
            "state_label": _("Contradicts"),
            "text": _("National list: 12 March 1986"),
            "grade": _C3,
            "muted": _("the list names no source"),
        },
    ]
    handling = Handling(tlp=TLP.AMBER, pap=PAP.GREEN)
    allowed = [
        {"handling": handling, "text": _("for screening and border checks, until 3 March 2027")},
        {"muted": _("Kohsar Provincial CTD must agree to each further release.")},
    ]
    received = [
        {"who": "Torsang", "muted": _("receipt signed")},
        {"who": "Varand", "withheld": _("the originator refused")},
    ]
    return {
        "value": "1984-03/1985-03",
        "is_date": True,
        "lang": "",
        "said": "Kohsar CTD",
        "grade": _B2,
        "handling": handling,
        "count": 3,
        "open": True,
        "disputed": True,
        "links": [
            (_("Said by"), "done", said),
            (_("In"), "done", document),
            (_("Graded"), "done", graded),
            (_("For, against"), "disputed", against),
            (_("May have it"), "plain", allowed),
            (_("Received by"), "open", received),
        ],
    }


def sample() -> dict[str, Any]:
    """The whole context of `shell/components.html`."""
    now = timezone.now()
    return {
        "chain": sample_chain(),
        "grades": [Grade.parse(code) for code in ("A1", "B2", "C3", "D4", "F6")],
        "tlps": list(TLP),
        "paps": list(PAP),
        "soon": now + timedelta(minutes=19, seconds=30),
        "past": now - timedelta(days=2, hours=15),
        "hostile": "Talband\u202egnp.exe <script>alert(1)</script>",
        "form": SampleForm({"reason": "Too short", "kind": "person"}),
        "page": Paginator(range(60), 20).get_page(2),
        "handling": Handling(tlp=TLP.AMBER_STRICT),
    }
