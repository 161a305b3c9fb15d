"""The report as a picture (SVG): for each group the rate of false alarms in times the overall rate.

Black on white with shapes, so that it can be printed and read without colour; every mark stands beside its number.
"""

from xml.sax.saxutils import escape

from .report import AIM, DIMENSIONS, MOST, ONE_IN, Group, Report

_WIDTH, _ROW, _LEFT, _RIGHT, _TOP = 860, 22, 230, 520, 122
_SHOWN = 3.0
_COLUMNS, _HEADS = (24, 114, 184, 254), ("× overall", "FPR", "TPR", "PPV")


def draw(report: Report) -> str:
    """An SVG document of the report at the default threshold."""
    rows = len(report.groups) + 2 * len(DIMENSIONS)
    height = _TOP + rows * _ROW + 60
    everybody = report.everybody.operating(report.operating)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        'role="img" aria-labelledby="title what" font-family="Liberation Sans, Arial, sans-serif" font-size="13">',
        '<title id="title">False alarms of name screening by group</title>',
        f'<desc id="what">{escape(_in_words(report))}</desc>',
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        _text(20, 30, "False alarms of name screening, by group", size=18, weight="bold"),
        _text(
            20,
            52,
            f"At the default threshold, {report.operating:g}. Everybody: {everybody.false.value:.2%} of "
            f"{everybody.false.n:,} strangers alarm; {everybody.found.value:.1%} of the listed are found.",
        ),
        _text(
            20,
            70,
            "Mark: the group's rate of false alarms in times the overall rate; line: its 95 % interval. FPR: "
            "strangers with an alarm (nobody's namesake).",
        ),
        _text(
            20,
            88,
            f"TPR: listed persons found. PPV: alarms that are right if one in {ONE_IN:,} asked is listed "
            "(here namesakes are false alarms).",
        ),
        *(_text(_RIGHT + x, _TOP - 4, head, weight="bold") for x, head in zip(_COLUMNS, _HEADS, strict=True)),
    ]
    bottom = _TOP + rows * _ROW
    for at, label, dash in ((1.0, "1 ×", "1 3"), (AIM, f"{AIM:g} ×", "4 3"), (MOST, f"{MOST:g} ×, the limit", "none")):
        x = _place(at)
        out.append(f'<path d="M{x:.1f} {_TOP - 4}V{bottom}" stroke="#555" stroke-dasharray="{dash}" fill="none"/>')
        out.append(_text(x, bottom + (34 if at == AIM else 18), label, anchor="middle"))
    y = _TOP
    for dimension in DIMENSIONS:
        head = dimension.capitalize() + (" (1: the rarest tenth)" if dimension.startswith("how") else "")
        out.append(_text(20, y + 22, head, weight="bold"))
        y += round(1.4 * _ROW)
        for group in report.groups:
            if group.dimension == dimension:
                out += _row(report, group, y)
                y += _ROW
        y += round(0.4 * _ROW)
    return "\n".join([*out, "</svg>", ""])


def _row(report: Report, group: Group, y: int) -> list[str]:
    ratio, (low, high) = report.ratio(group), report.ratio_interval(group)
    at, middle = group.operating(report.operating), y + _ROW / 2
    x, over = _place(ratio), ratio > MOST
    mark = (
        f'<path d="M{x:.1f} {middle - 6}l6 6 -6 6 -6 -6z" fill="#fff" stroke="#000" stroke-width="2"/>'
        if over
        else f'<circle cx="{x:.1f}" cy="{middle}" r="4.5" fill="#000"/>'
    )
    cells = (
        f"{ratio:.2f}{' OVER' if over else ''}",
        f"{at.false.value:.2%}",
        f"{at.found.value:.1%}",
        f"{at.worth:.1%}",
    )
    return [
        _text(36, middle + 4.5, group.name),
        f'<path d="M{_place(low):.1f} {middle}H{_place(high):.1f}" stroke="#000" stroke-width="1.6"/>',
        mark,
        *(
            _text(_RIGHT + x, middle + 4.5, cell, weight="bold" if over else "normal")
            for x, cell in zip(_COLUMNS, cells, strict=True)
        ),
    ]


def _place(ratio: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * min(ratio, _SHOWN) / _SHOWN


def _text(x: float, y: float, text: str, size: int = 13, weight: str = "normal", anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )


def _in_words(report: Report) -> str:
    worst = max(report.groups, key=report.ratio)
    return (
        f"{len(report.groups)} groups in {len(DIMENSIONS)} dimensions. In proportion, most false alarms fall on "
        f"{worst.name} ({worst.dimension}): {report.ratio(worst):.2f} times the overall rate. "
        + (" ".join(f"{line}." for line in report.problems()) or f"No group is above {MOST:g} times.")
    )
