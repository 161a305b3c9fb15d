"""Begin a measure: `make measure NAME=weather` writes a folder that passes every test of the house.

What it writes has one page and nothing else. What a measure may have besides is in `baham/platform/measure.py`; what
the house's tests ask it to say of itself, in `tests/support/measures.py`. Nothing outside its own folders is changed.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

FILES = {
    "baham/measures/{name}/__init__.py": '"""{title}: say in one sentence what this measure does."""\n',
    "baham/measures/{name}/measure.py": '''"""{title}: say in one sentence what this measure does."""

from baham.platform.measure import Entry, Group, Measure, gettext_noop

MEASURE = Measure(
    name="{name}",
    title=gettext_noop("{title}"),
    menu=(Entry(gettext_noop("{title}"), "{name}", "{name}.see", Group.UNDERSTAND),),
    addresses="urls",
    acts={{"{name}.see": ("analyst", "reviewer")}},
)
''',
    "baham/measures/{name}/urls.py": '''"""Addresses of the measure."""

from django.urls import path

from baham.measures.{name} import views

urlpatterns = [path("{name}/", views.overview, name="{name}")]
''',
    "baham/measures/{name}/views.py": '''"""Pages of the measure."""

from django.http import HttpResponse
from django.shortcuts import render

from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest


@needs("{name}.see")
def overview(request: ConsoleRequest) -> HttpResponse:
    """What is here, and how it gets here."""
    return render(request, "{name}/overview.html")
''',
    "baham/measures/{name}/templates/{name}/overview.html": """{{% extends "base.html" %}}
{{% block title %}}{{% translate "{title}" %}}{{% endblock %}}
{{% block heading %}}{{% translate "{title}" %}}{{% endblock %}}
{{% block content %}}<p class="lede">{{% translate "{title}" %}}</p>{{% endblock %}}
""",
    "baham/measures/{name}/README.md": """# {title}

What the paper asks for, in our words, and where in this folder it is. Begin here.
""",
    "tests/measures/{name}/__init__.py": "",
    "tests/measures/{name}/house.py": '''"""What the measure says of itself to the house's tests."""

from baham.platform.accounts.roles import Role

# S-09: page, method, who may. Written out here a second time on purpose.
PAGES = {{("{name}", "get"): frozenset({{Role.ANALYST, Role.REVIEWER}})}}
ADDRESSES = {{"{name}": "/{name}/"}}
''',
    "tests/measures/{name}/test_pages.py": '''"""The pages of the measure."""

import pytest

from baham.platform.accounts.roles import Role
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db


def test_the_overview_opens_from_the_menu():
    analyst = signed_in(person(Role.ANALYST))
    assert 'href="/{name}/"' in analyst.get("/").content.decode()
    assert "{title}" in analyst.get("/{name}/").content.decode()
''',
}


def write(name: str) -> list[Path]:
    """Write the files of a new measure. Raises SystemExit for a name that cannot be one, or is taken."""
    if not re.fullmatch(r"[a-z][a-z]+", name):
        raise SystemExit(f"NAME={name}: a measure is called by one word of small letters")
    if (ROOT / "baham" / "measures" / name).exists():
        raise SystemExit(f"baham/measures/{name} is there already")
    written = []
    for path, text in FILES.items():
        target = ROOT / path.format(name=name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.format(name=name, title=name.capitalize()), encoding="utf-8")
        written.append(target)
    for language in ("ur", "ps"):
        # Until somebody translates it, the name stands as it is.
        catalog = ROOT / "baham" / "measures" / name / "locale" / language / "LC_MESSAGES" / "django.po"
        catalog.parent.mkdir(parents=True, exist_ok=True)
        catalog.write_text(f'msgid ""\nmsgstr ""\n\nmsgid "{name.capitalize()}"\nmsgstr "{name.capitalize()}"\n')
        written.append(catalog)
    return written


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: make measure NAME=weather")
    for one in write(sys.argv[1]):
        print(one.relative_to(ROOT))
    for act in ("extract", "compile"):
        subprocess.run([sys.executable, "scripts/messages.py", act], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
