"""The style sheet: no side of the page is named, dark is dark twice, colours can be read, a first page is small."""

import gzip
import re

import pytest

from .conftest import STATIC, TEMPLATES, needs_assets

CSS = (STATIC / "baham.css").read_text()
LIMIT = 200 * 1024


def _block(opening: str) -> dict[str, str]:
    body = CSS.split(opening, 1)[1].split("{", 1)[1].split("}", 1)[0]
    pairs = (part.split(":", 1) for part in re.sub(r"/\*.*?\*/", "", body).split(";") if ":" in part)
    return {name.strip(): value.strip() for name, value in pairs}


LIGHT = _block("/* 1. Palette")
DARK = _block('\n[data-bs-theme="dark"]')


def test_both_dark_blocks_are_equal():
    assert _block(":root:not([data-bs-theme])") == DARK
    assert set(LIGHT) == set(DARK)


def test_no_side_of_the_page_is_named():
    bare = re.sub(r"/\*.*?\*/", "", CSS, flags=re.S)
    assert not re.findall(r"[\w-]*\b(?:left|right)\b", bare)
    sides = "|".join(f"{part}-{side}" for part in ("margin", "padding", "border") for side in ("top", "bottom"))
    physical = rf"(?<![\w-])(?:width|height|top|bottom|{sides})\s*:"
    assert not re.findall(physical, bare)


def _luminance(colour: str) -> float:
    if colour.startswith("#"):
        digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
        parts = [int(digits[i : i + 2], 16) for i in (0, 2, 4)]
    else:
        parts = [int(part) for part in colour.split(",")]
    linear = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_role_can_be_read_on_every_ground(palette):
    texts = "ink-rgb ink-2-rgb ink-3 accent-rgb waiting overdue withheld disputed delisted"
    for ground in ("--b-paper-rgb", "--b-sheet", "--b-sunk"):
        for role in texts.split():
            assert _contrast(palette[f"--b-{role}"], palette[ground]) >= 4.5, (role, ground)
        assert _contrast(palette["--b-edge"], palette[ground]) >= 3, ground
    assert _contrast(palette["--b-on-accent"], palette["--b-accent-rgb"]) >= 4.5
    for soft, roles in {
        "--b-accent-soft": ["--b-accent-rgb", "--b-waiting", "--b-disputed"],
        "--b-overdue-soft": ["--b-overdue"],
    }.items():
        for role in ["--b-ink-rgb", "--b-ink-2-rgb", *roles]:
            assert _contrast(palette[role], palette[soft]) >= 4.5, (role, soft)


def test_nothing_is_loaded_from_elsewhere():
    sources = [
        CSS,
        *(path.read_text() for path in TEMPLATES.rglob("*.html")),
        *(path.read_text() for path in STATIC.glob("*.js")),
    ]
    assert not [
        text for text in sources if re.search(r"""(?:src|href|url|fetch|import)\s*[=(]\s*["']?(?:https?:)?//""", text)
    ]


def test_the_script_is_small():
    assert (STATIC / "baham.js").stat().st_size <= 6 * 1024


@needs_assets
@pytest.mark.parametrize("bootstrap", ["bootstrap.min.css", "bootstrap.rtl.min.css"])
def test_a_first_page_weighs_at_most_200_kilobytes(bootstrap):
    from django.template.loader import render_to_string

    from baham.platform.shell.sample import sample

    from .conftest import ask

    page = render_to_string("shell/components.html", sample(), ask("/about/")).encode()
    texts = [
        page,
        CSS.encode(),
        *((STATIC / name).read_bytes() for name in ("baham.js", f"vendor/{bootstrap}", "vendor/htmx.min.js")),
    ]
    fonts = [(STATIC / "vendor" / name).stat().st_size for name in ("naskh-400.woff2", "naskh-700.woff2")]
    total = sum(len(gzip.compress(text, 6)) for text in texts) + sum(fonts)
    assert total <= LIMIT, f"{total / 1024:.0f} KB"


@needs_assets
def test_bootstrap_is_reduced_but_has_what_is_used():
    css = (STATIC / "vendor" / "bootstrap.min.css").read_text()
    used = ".btn-primary .btn-outline-secondary .form-control .form-select .form-check-input .table .row .col-md-6"
    for kept in [*used.split(), ".visually-hidden", ".mb-0", ".pe-2", ".list-unstyled", ".d-flex"]:
        assert kept in css, kept
    for dropped in (".carousel", ".modal", ".toast", ".navbar", ".btn-danger"):
        assert dropped not in css, dropped
    assert css.count("{") == css.count("}")
